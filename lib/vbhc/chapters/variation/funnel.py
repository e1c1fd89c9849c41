"""What was expected of each provider, who lies outside what chance explains, and what ranks are worth."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.chapters.variation import layout
from vbhc.chapters.variation.frames import Score, many, may_be_named, one
from vbhc.chapters.variation.sentences import say
from vbhc.publish.figure_style import DOWN, LINE, QUIET, UP, finish, is_narrow
from vbhc.publish.results import Result
from vbhc.statistics.variation.funnel import limits, share_outside, z_scores
from vbhc.statistics.variation.reliability import rank_intervals, rankability, records_for
from vbhc.study import Study

STEPS = 60  # points along a line of limits
LEVEL, RELIABLE, WIDE = 0.9, 0.7, 0.25  # of all places: an interval of a rank so wide says little
LOOKS = {"lower": (DOWN, "v"), "inside": (QUIET, "o"), "higher": (UP, "^")}


def what_was_expected(study: Study, score: Score) -> Result:
    """Say where expectations come from, what they explain, and by how much they were off on the whole."""
    known = int(score.patients["residual"].notna().sum())
    if not known:
        return Result("expected", says=["Nobody has both a result and what was expected of it."])
    says = [say(f"expected-{score.source}")]
    if np.isfinite(score.explained):
        says[0] += " " + say("expected-explains", share=score.explained, label=score.label, n=known)
    if abs(score.shift) >= 0.05:
        side = "above" if score.shift > 0 else "below"
        says.append(say("expected-shift", size=abs(score.shift), side=side))
    return Result("expected", says=says, counts=[known])


def funnel(study: Study, score: Score) -> Result:
    """Show each provider against its limits; say how many lie outside by chance's rule and with tau."""
    if score.few:
        return Result("funnel", says=[score.few])
    data = {"units": _points(study, score), "limits": limit_lines(study, score)}
    draw, alt = partial(draw_funnel, label=score.label), partial(_alt, study=study, score=score)
    title, words = _title(study, score), {"one": one(study), "score": score}
    drawn = layout.drawing("funnel", data, draw, title, words, alt=alt)
    return Result("funnel", says=[_outside(study, score)], drawing=drawn)


def _outside(study: Study, score: Score) -> str:
    """How many have records enough, how far they truly differ, and the shares outside with and without."""
    plan, units = study.config.variation, score.providers
    level, sd = plan.alert.watch, units.attrs["sd"]
    by_chance, with_tau = (share_outside(units, level, tau) for tau in (0.0, score.tau))
    shares = {"level": level, "by_chance": by_chance, "with_tau": with_tau, "left": 1 - level}
    spread = say("spread-true" if score.tau else "spread-none", tau=score.tau, sd=sd, **score.tau_ends)
    told = {"n": len(units), "many": many(study), "fewest": plan.fewest, "label": score.label}
    return say("funnel", **told, spread=spread, **shares)


def _title(study: Study, score: Score) -> str:
    out = int((place_of(study, score, study.config.variation.alert.act) != "inside").sum())
    told = {"out": out, "n": len(score.providers), "fewest": study.config.variation.fewest}
    return say("funnel-title", many=many(study), **told)


def place_of(study: Study, score: Score, level: float) -> pd.Series:
    """Return where each provider lies at a level, true spread allowed for: lower, inside or higher."""
    reach = limits(score.providers["n"].to_numpy(), score.providers.attrs["sd"], level, score.tau)
    away = score.providers["estimate"].to_numpy()
    return pd.Series(np.where(away < -reach, "lower", np.where(away > reach, "higher", "inside")))


def _points(study: Study, score: Score) -> pd.DataFrame:
    status = place_of(study, score, study.config.variation.alert.watch)
    shown = score.providers.rename(columns={"unit": "provider"})[["provider", "n", "estimate"]]
    order = shown if may_be_named(study) else shown.drop(columns="provider").sort_values(["n", "estimate"])
    return order.assign(status=status).reset_index(drop=True)


def limit_lines(study: Study, score: Score) -> pd.DataFrame:
    """Return the limits by number of records: `kind` (chance, with tau), `ci_level, records, high`."""
    n = score.providers["n"]
    records = np.unique(np.geomspace(n.min(), n.max(), STEPS).round())
    alert, sd = study.config.variation.alert, score.providers.attrs["sd"]
    parts = []
    for level in (alert.watch, alert.act):
        for tau in dict.fromkeys((0.0, score.tau)):
            line: dict[str, Any] = {"kind": "with tau" if tau == score.tau else "chance", "ci_level": level}
            line |= {"records": records, "high": limits(records, sd, level, tau)}
            parts.append(pd.DataFrame(line))
    return pd.concat(parts, ignore_index=True)


def draw_funnel(data: dict[str, pd.DataFrame], ax: Axes, *, xlabel: str, label: str) -> Axes:
    """Draw providers by size and difference; the outer lines are the outer level, chance has the inner."""
    lines, points = data["limits"], data["units"]
    for (kind, level), line in lines.groupby(["kind", "ci_level"]):
        chance, outer = kind == "chance", level == lines["ci_level"].max()
        if chance and outer:
            continue
        for side in (-1, 1):
            look: dict[str, Any] = {"color": LINE, "linewidth": 1.2 if outer else 0.7}
            ax.plot(line["records"], side * line["high"], "--" if chance else "-", **look)
        end = line.iloc[-1]
        text = "chance alone" if chance else wording.level_name(level)
        ax.text(end["records"], end["high"], text, ha="right", va="bottom")
    for status, (color, marker) in LOOKS.items():
        own = points[points["status"] == status]
        ax.scatter(own["n"], own["estimate"], s=22, marker=marker, facecolor="none", edgecolor=color)
    ax.axhline(0, color=LINE, linewidth=0.6)
    above = "Points above expected"
    return finish(ax, xlabel, above if is_narrow(ax) else f"{label}: {wording.inside_sentence(above)}")


def _alt(data: dict[str, pd.DataFrame], *, study: Study, score: Score) -> str:
    counts = data["units"]["status"].value_counts()
    out = z_scores(score.providers, score.tau).abs().max()
    told = {side: counts.get(side, 0) for side in ("lower", "higher")}
    told["fewest"] = study.config.variation.fewest
    return say("funnel-alt", n=len(data["units"]), many=many(study), **told, farthest=out)


def ranks(scores: Sequence[Score], seed: int) -> pd.DataFrame:
    """Return what is real of each measure's differences, a row each.

    Returns
    -------
    DataFrame
        `measure, things` (providers), `n` (records), `tau, sd, outside_chance, outside_tau` (shares beyond
        the 95% limits), `rankability` (0-1), `places` (median width of the 90% interval of a rank), `records`
        that a provider needs for a reliability of 0.7. Measures with too few providers are left out.
    """
    return pd.DataFrame([_worth(score, seed) for score in scores if not score.few])


def _worth(score: Score, seed: int) -> dict:
    units, sd = score.providers, score.providers.attrs["sd"]
    error = units["standard_error"]
    places = rank_intervals(units["estimate"], error, score.tau, LEVEL, seed)
    own = score.patients["provider"].isin(units["unit"])  # their sum, not that of rounded ones
    return {
        "measure": score.label,
        "things": len(units),
        "n": int(score.patients.loc[own, "residual"].notna().sum()),
        "tau": score.tau,
        "sd": sd,
        "outside_chance": share_outside(units, 0.95),
        "outside_tau": share_outside(units, 0.95, score.tau),
        "rankability": rankability(error, score.tau),
        "places": int(np.median(places["high"] - places["low"] + 1)),
        "records": round(need) if np.isfinite(need := records_for(RELIABLE, sd, score.tau)) else np.nan,
    }


def league_table(study: Study, table: pd.DataFrame) -> Result | None:
    """Say what ranks of the leading measure are worth, and show every measure."""
    if table.empty:
        return None
    row = table.iloc[0]
    start = "Ranks mean little" if row["places"] > WIDE * row["things"] else "Ranks tell the ends apart"
    says = [say("ranks", start=start, many=many(study), level=LEVEL, **row)]
    if np.isfinite(row["records"]):
        says.append(say("ranks-records", reliable=RELIABLE, one=one(study), n=int(row["records"])))
    made = layout.table("ranks", table.drop(columns=["things", "records"]))
    return Result("ranks", says=says, table=made, counts=table["n"].tolist())
