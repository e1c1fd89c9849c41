"""Events patient after patient against each one's own risk: VLAD, CUSUM, and who sounded an alarm."""

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.variation.comparable import named
from vbhc.chapters.variation.frames import column_of, many, may_be_named, one
from vbhc.chapters.variation.over_time.months import label_of, month_of
from vbhc.publish.figure_style import DOWN, LINE, QUIET
from vbhc.publish.results import Drawing, Result
from vbhc.statistics.variation.cusum import chance_peaks, cusum, vlad
from vbhc.statistics.variation.funnel import event_tails
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
    made = own.assign(
        n=np.arange(1, len(own) + 1),
        observed=event.cumsum(),
        expected=risk.cumsum(),
        vlad=vlad(event, risk),
        cusum=cusum(event, risk, odds_ratio) / limit,
    )
    last = dict.fromkeys(("n", "observed", "expected", "vlad"), "last")
    by_month = made.groupby("time").agg({**last, "cusum": "max"}).reset_index()
    return by_month.assign(alarm=bool((by_month["cusum"] > 1).any()))


def alarms(study: Study, runs: pd.DataFrame | None) -> Result | None:
    """Draw every provider's course, those that sounded an alarm in colour, and say when they did."""
    if runs is None:
        return None
    series, n = study.config.variation.series, runs["provider"].nunique()
    first = runs[runs["cusum"] > 1].groupby("provider")["time"].min()
    label = wording.inside_sentence(label_of(study, series.event))
    when = f" (first in {wording.listing(sorted(set(first)))})" if 0 < len(first) <= 3 else ""
    names = f": {named(study, first.index.tolist())}" if len(first) and may_be_named(study) else ""
    who = f"{names}{when}"
    says = [
        f"Over {runs['time'].nunique()} months {len(first)} of {n} {many(study)} sounded an alarm on "
        f"'{label}'{who}. Each limit is set so that one {one(study)} in {1 / series.false_alarm:.0f} would "
        f"pass it by chance, {wording.number(series.false_alarm * n, 1)} of these {many(study)}; the alarm "
        f"asks for odds {series.odds_ratio:g} times those expected.",
    ]
    says.append(_whole_time(study, runs))
    shown = runs.drop(columns=["observed", "expected"]).astype({"alarm": str})
    if not may_be_named(study):
        shown = shown.assign(provider=[f"{place}" for place in pd.factorize(shown["provider"])[0]])
    drawing = Drawing(
        shown[["provider", "time", "n", "vlad", "cusum", "alarm"]],
        draw_runs,
        title=f"{len(first)} of {n} {many(study)} sounded an alarm",
        caption=f"Each line is a {one(study)}, month by month. Left: expected minus observed, below 0 more "
        "happened than expected. Right: the CUSUM over its limit, an alarm at 1.",
        alt=f"Courses of {n} {many(study)}: {len(first)} pass the limit of their CUSUM.",
        panels=(1, 2),
        narrow_panels=(2, 1),
        narrow_height=5.0,
        rules={"not_people": ["vlad"], "keep": ["provider", "time"]},
    )
    return Result("alarms", says=says, drawing=drawing)


def _whole_time(study: Study, runs: pd.DataFrame) -> str:
    """Who had more events over the whole time than exact limits allow; how reliable shares are."""
    last, level = runs.groupby("provider").last(), study.config.variation.alert.act
    _, more = event_tails(last["observed"].to_numpy(), last["expected"].to_numpy())
    out = last.index[more < (1 - level) / 2].tolist()
    middle = beta_binomial(last["observed"].to_numpy(), last["n"].to_numpy())["reliability"].median()
    return (
        f"Over the whole time {named(study, out) if out else 'none'} had more events than the exact "
        f"{wording.level_name(level)} limits allow; in the middle the share of events of a {one(study)} is "
        f"{wording.percent(middle)} its own (reliability)."
    )


def draw_runs(data: pd.DataFrame, panels: np.ndarray) -> np.ndarray:
    """Draw VLAD and CUSUM of every provider."""
    months = sorted(data["time"].unique())
    at = data["time"].map({month: place for place, month in enumerate(months)})
    for ax, column, label in zip(
        panels.flat, ("vlad", "cusum"), ("Events spared", "CUSUM / limit"), strict=True
    ):
        for sounded, color, width in (("False", QUIET, 0.5), ("True", DOWN, 1.8)):
            for name, own in data[data["alarm"] == sounded].groupby("provider"):
                ax.plot(at[own.index], own[column], color=color, linewidth=width)
                if sounded == "True" and not str(name).isdigit():
                    ax.text(
                        at[own.index[-1]],
                        own[column].iloc[-1],
                        str(name),
                        color=color,
                        va="bottom",
                        ha="left",
                    )
        ax.axhline(0 if column == "vlad" else 1, color=LINE, linewidth=0.8)
        ax.set_ylabel(label)
        ax.set_xlim(-0.5, 1.15 * len(months))
        ax.set_xticks([0, len(months) - 1], [months[0], months[-1]])
        ax.spines[["top", "right"]].set_visible(False)
    return panels
