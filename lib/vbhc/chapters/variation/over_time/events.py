"""Events patient after patient against each one's own risk: VLAD, CUSUM, and who sounded an alarm."""

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.variation import layout
from vbhc.chapters.variation.frames import column_of, label_of, many, may_be_named, named, one
from vbhc.chapters.variation.over_time.months import month_of
from vbhc.chapters.variation.sentences import say
from vbhc.publish.figure_style import DOWN, LINE, QUIET, finish
from vbhc.publish.results import Result
from vbhc.statistics.variation.alarms import chance_peaks, cusum, event_tails, vlad
from vbhc.statistics.variation.reliability import beta_binomial
from vbhc.study import Study


def event_runs(study: Study, patients: pd.DataFrame, seed: int) -> pd.DataFrame | None:
    """Return how each provider's events ran, a row per provider and month; None without events.

    Returns
    -------
    DataFrame
        `provider, time, n` (patients so far), `observed, expected` (events so far), `vlad` (expected minus
        observed), `cusum` (highest of the month over the provider's own limit: 1 is an alarm) and `alarm`
        (whether the provider ever sounded one). Each limit is passed by chance as often as declared over
        these very patients. Providers with too few patients are left out.
    """
    plan = study.config.variation
    if plan.series is None or not plan.series.event:
        return None
    columns = {"provider": column_of(study), "event": plan.series.event, "risk": plan.series.risk}
    frame = pd.DataFrame({name: patients[column] for name, column in columns.items()})
    frame = frame.assign(time=month_of(plan.series, patients)).dropna().sort_values("time", kind="stable")
    frame = frame.astype({"event": float, "risk": float, "provider": object})
    runs = [
        _run(own, plan.series.odds_ratio, plan.series.false_alarm, seed).assign(provider=name)
        for name, own in frame.groupby("provider")
        if len(own) >= plan.fewest
    ]
    return pd.concat(runs, ignore_index=True) if runs else None


def _run(own: pd.DataFrame, odds_ratio: float, false_alarm: float, seed: int) -> pd.DataFrame:
    event, risk = own["event"].to_numpy(), own["risk"].to_numpy()
    limit = np.quantile(chance_peaks(risk, odds_ratio, seed=seed), 1 - false_alarm)
    limit = max(limit, np.log(odds_ratio) / 2)  # where no event is expected of anybody the first one sounds
    sums = {"n": np.arange(1, len(own) + 1), "observed": event.cumsum(), "expected": risk.cumsum()}
    made = own.assign(**sums, vlad=vlad(event, risk), cusum=cusum(event, risk, odds_ratio) / limit)
    last = dict.fromkeys(("n", "observed", "expected", "vlad"), "last")
    by_month = made.groupby("time").agg({**last, "cusum": "max"}).reset_index()
    return by_month.assign(alarm=bool((by_month["cusum"] > 1).any()))


def alarms(study: Study, runs: pd.DataFrame | None) -> Result | None:
    """Draw every provider's course, those that sounded an alarm in colour, and say when they did.

    A course tells patient after patient who had an event: where the policy protects, it is only said.
    """
    if runs is None:
        return None
    series = study.config.variation.series
    first = runs[runs["cusum"] > 1].groupby("provider")["time"].min()
    told = {"k": len(first), "n": runs["provider"].nunique(), "one": one(study), "many": many(study)}
    words = {
        "months": runs["time"].nunique(),
        "label": wording.inside_sentence(label_of(study, series.event)),
        "names": f": {named(study, first.index.tolist())}" if len(first) and may_be_named(study) else "",
        "when": f" (first in {wording.listing(sorted(set(first)))})" if 0 < len(first) <= 3 else "",
        "in_one": f"{1 / series.false_alarm:.0f}",
        "chance": series.false_alarm * told["n"],
        "odds": f"{series.odds_ratio:g}",
    }
    shown = runs.astype({"alarm": str})[["provider", "time", "n", "vlad", "cusum", "alarm"]]
    drawn = layout.drawing("alarms", shown, draw_runs, say("alarms-title", **told), told)
    return Result("alarms", says=[say("alarms", **told, **words), _whole_time(study, runs)], drawing=drawn)


def _whole_time(study: Study, runs: pd.DataFrame) -> str:
    """Who had more events over the whole time than exact limits allow; how reliable shares are."""
    last, level = runs.groupby("provider").last(), study.config.variation.alert.act
    _, more = event_tails(last["observed"].to_numpy(), last["expected"].to_numpy())
    out = last.index[more < (1 - level) / 2].tolist()
    middle = beta_binomial(last["observed"].to_numpy(), last["n"].to_numpy())["reliability"].median()
    who = named(study, out) if out else "none"
    return say("alarms-whole", who=who, level=level, one=one(study), reliable=middle)


def draw_runs(data: pd.DataFrame, panels: np.ndarray) -> np.ndarray:
    """Draw VLAD and CUSUM of every provider."""
    months, parts = sorted(data["time"].unique()), {"vlad": "Events spared", "cusum": "CUSUM / limit"}
    at = data["time"].map({month: place for place, month in enumerate(months)})
    for ax, (column, label) in zip(panels.flat, parts.items(), strict=True):
        for sounded, color, width in (("False", QUIET, 0.5), ("True", DOWN, 1.8)):
            for name, own in data[data["alarm"] == sounded].groupby("provider"):
                ax.plot(at[own.index], own[column], color=color, linewidth=width)
                if sounded == "True":
                    end = (at[own.index[-1]], own[column].iloc[-1])
                    ax.text(*end, str(name), color=color, va="bottom", ha="left")
        ax.axhline(0 if column == "vlad" else 1, color=LINE, linewidth=0.8)
        ax.set_xlim(-0.5, 1.15 * len(months))
        ax.set_xticks([0, len(months) - 1], [months[0], months[-1]])
        finish(ax, ylabel=label)
    return panels
