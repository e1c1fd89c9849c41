"""What was expected of each provider, and who lies outside what chance and true spread explain."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.chapters.variation.frames import Score, many, may_be_named, one
from vbhc.publish.figure_style import DOWN, LINE, QUIET, UP, is_narrow
from vbhc.publish.results import Drawing, Result
from vbhc.statistics.variation.funnel import limits, share_outside, z_scores
from vbhc.study import Study

STEPS = 60  # points along a line of limits
LOOKS = {"lower": (DOWN, "v"), "inside": (QUIET, "o"), "higher": (UP, "^")}


def what_was_expected(study: Study, score: Score) -> Result:
    """Say where expectations come from, what they explain, and by how much they were off on the whole."""
    whose = {
        "declared": "Expectations come with the data",
        "modelled": "Expectations are modelled here from the declared covariates and the start; with a "
        "home-made model a fifth of providers can land in another class than with the official one",
    }[score.source]
    known = int(score.patients["residual"].notna().sum())
    if not known:
        return Result("expected", says=["Nobody has both a result and what was expected of it."])
    says = [f"{whose}."]
    if np.isfinite(score.explained):
        says[0] += (
            f" They take away {wording.percent(score.explained)} of the differences between patients in "
            f"{score.label} (n = {known:,})."
        )
    side = "above" if score.shift > 0 else "below"
    if abs(score.shift) >= 0.05:
        says.append(
            f"On the whole patients ended {wording.number(abs(score.shift), 1)} points {side} what was "
            "expected; that is taken from every provider alike."
        )
    return Result("expected", says=says, counts=[known])


def funnel(study: Study, score: Score) -> Result:
    """Show each provider against its limits; say how many lie outside by chance's rule and with tau."""
    if score.few:
        return Result("funnel", says=[score.few])
    drawing = Drawing(
        {"units": _points(study, score), "limits": _lines(study, score)},
        partial(draw_funnel, xlabel=f"{score.label} records of a {one(study)}", label=score.label),
        title=_title(study, score),
        caption=f"Each mark is a {one(study)}. Dashed: limits of chance "
        "alone; full lines: with the true spread.",
        alt=partial(_alt, study=study, score=score),
        height=4.0,
        narrow_height=3.8,
        key=True,
        rules={"not_people": ["records"], "keep": ["records", "ci_level"]},
    )
    return Result("funnel", says=_says(study, score), drawing=drawing)


def _says(study: Study, score: Score) -> list[str]:
    alert, units, n = study.config.variation.alert, score.providers, len(score.providers)
    by_chance, with_tau = (
        wording.percent(share_outside(units, alert.watch, tau)) for tau in (0.0, score.tau)
    )
    sd = wording.number(units.attrs["sd"], 1)
    spread = (
        f"Their true results differ by {wording.number(score.tau)} points (tau, a standard deviation), "
        f"patients of one of them by {sd}."
        if score.tau
        else f"They differ by no more than chance explains, patients of one of them by {sd} points."
    )
    return [
        f"{n:,} {many(study)} have {study.config.variation.fewest} records of {score.label} or more. "
        f"{spread} Outside the {wording.level_name(alert.watch)} limits lie {by_chance} by the rule of "
        f"chance alone and {with_tau} with the true spread, where {wording.percent(1 - alert.watch)} would.",
    ]


def _title(study: Study, score: Score) -> str:
    alert = study.config.variation.alert
    n, out = len(score.providers), (place_of(study, score, alert.act) != "inside").sum()
    return (
        f"{out} of {n} {many(study)} {'lies' if out == 1 else 'lie'} beyond the "
        f"{wording.level_name(alert.act)} limits once true spread is allowed for"
    )


def place_of(study: Study, score: Score, level: float) -> pd.Series:
    """Return where each provider lies at a level, true spread allowed for: lower, inside or higher."""
    reach = limits(score.providers["n"].to_numpy(), score.providers.attrs["sd"], level, score.tau)
    away = score.providers["estimate"].to_numpy()
    return pd.Series(np.where(away < -reach, "lower", np.where(away > reach, "higher", "inside")))


def _points(study: Study, score: Score) -> pd.DataFrame:
    shown = score.providers.rename(columns={"unit": "provider"})[["provider", "n", "estimate"]].assign(
        status=place_of(study, score, study.config.variation.alert.watch)
    )
    order = shown if may_be_named(study) else shown.drop(columns="provider").sort_values(["n", "estimate"])
    return order.reset_index(drop=True)


def _lines(study: Study, score: Score) -> pd.DataFrame:
    n = score.providers["n"]
    records = np.unique(np.geomspace(n.min(), n.max(), STEPS).round())
    alert, sd = study.config.variation.alert, score.providers.attrs["sd"]
    parts = [
        pd.DataFrame({"records": records, "high": limits(records, sd, level, tau)}).assign(
            kind="with tau" if tau == score.tau else "chance", ci_level=level
        )
        for level in (alert.watch, alert.act)
        for tau in dict.fromkeys((0.0, score.tau))
    ]
    return pd.concat(parts, ignore_index=True)[["kind", "ci_level", "records", "high"]]


def draw_funnel(data: dict[str, pd.DataFrame], ax: Axes, *, xlabel: str, label: str) -> Axes:
    """Draw providers by size and difference; the outer lines are the outer level."""
    lines, points = data["limits"], data["units"]
    for (kind, level), line in lines.groupby(["kind", "ci_level"]):
        outer = level == lines["ci_level"].max()
        look: dict[str, Any] = {
            "color": LINE,
            "linewidth": 1.2 if outer else 0.7,
            "linestyle": "--" if kind == "chance" else "-",
        }
        for side in (-1, 1):
            if kind == "with tau" or not outer:
                ax.plot(line["records"], side * line["high"], **look)
    for status, (color, marker) in LOOKS.items():
        own = points[points["status"] == status]
        ax.scatter(own["n"], own["estimate"], s=22, marker=marker, facecolor="none", edgecolor=color)
    ax.axhline(0, color=LINE, linewidth=0.6)
    ax.set_xlabel(xlabel)
    ax.set_ylabel("Points above expected" if is_narrow(ax) else f"{label}: points above expected")
    for (kind, level), line in lines.groupby(["kind", "ci_level"]):
        if kind == "with tau" or level < lines["ci_level"].max():
            end = line.iloc[-1]
            text = wording.level_name(level) if kind == "with tau" else "chance alone"
            ax.text(end["records"], end["high"], text, ha="right", va="bottom")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _alt(data: dict[str, pd.DataFrame], *, study: Study, score: Score) -> str:
    counts = data["units"]["status"].value_counts()
    out = z_scores(score.providers, score.tau).abs().max()
    return (
        f"Funnel: {len(data['units'])} {many(study)} by number of records, with limits that narrow to the "
        f"right. {counts.get('lower', 0)} lie below and {counts.get('higher', 0)} above the inner limits; "
        f"the farthest lies {wording.number(out, 1)} standard errors from what was expected."
    )
