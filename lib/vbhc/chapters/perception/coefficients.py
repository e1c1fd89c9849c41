"""The three ties in other coefficients, and without any: means of what patients say by fifths."""

from __future__ import annotations

from functools import partial

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.figures.association import (
    alt_perception_by_quantile,
    perception_by_quantile,
    plot_perception_by_quantile,
)
from vbhc.chapters.perception.frames import names
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Drawing, Result, Table
from vbhc.statistics.correlation.compare import side_by_side
from vbhc.study import Study

CALLED = {
    "spearman": "Spearman's ρ (Bonett-Wright interval)",
    "kendall": "Kendall's τ-b (jackknife interval)",
    "polychoric": "Polychoric r (likelihood interval)",
}


def by_coefficient(frame: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the three ties in Spearman's, Kendall's and the polychoric coefficient: see `side_by_side`."""
    return side_by_side(frame["answer"], frame["outcome"], frame["cost"], frame["VQ"], ci_level)


def coefficients_shown(study: Study, vq: Definition, table: pd.DataFrame) -> Result:
    """Show the ties in all three coefficients, and what traits behind the answers would correlate."""
    called = names(vq)
    shown = table.assign(
        coefficient=table["coefficient"].map(CALLED), **{"with": table["with"].map(called)}
    ).dropna(subset="estimate")
    reasons = [text for text in dict.fromkeys(table["reason"]) if text]
    if shown.empty:
        return Result("coefficients", says=reasons[:1])
    columns = ["coefficient", "with", "estimate", "low", "high", "p", "n"]
    made = Table(
        shown[columns],
        f"{study.config.perception.label} with outcome, cost and quota, in three coefficients",
        by="coefficient",
        notes=["p tests zero, not smallness. For the polychoric correlation a measure of more than ten "
               "different values is cut into fifths of patients."],
        rules={"shares": {}},
    )  # fmt: skip
    return Result("coefficients", says=[_latent(table, called), *reasons[:1]], table=made)


def _latent(table: pd.DataFrame, called: dict[str, str]) -> str:
    both = table.set_index(["coefficient", "with"])["estimate"].dropna()
    known = [name for name in called if ("polychoric", name) in both and ("spearman", name) in both]
    parts = [
        f"{wording.number(both['polychoric', name])} with {called[name]} "
        f"(ranks: {wording.number(both['spearman', name])})"
        for name in known
    ]
    if not parts:
        return ""
    start = "Traits behind the answers, if there are such and they are normal, would correlate"
    return f"{start} {wording.listing(parts)}."


def fifths(frame: pd.DataFrame, vq: Definition, ci_level: float = 0.95) -> pd.DataFrame:
    """Return what patients say on average, from the lowest to the highest fifth by outcome and by quota."""
    called = names(vq)
    sides = {called[name].removeprefix("the "): frame[name] for name in ("outcome", "VQ")}
    return perception_by_quantile(frame["answer"], sides, ci_level=ci_level)


def fifths_drawn(study: Study, table: pd.DataFrame) -> Result | None:
    """Draw the means by fifth; nothing where there are too few patients."""
    if table.empty:
        return None
    label = study.config.perception.label
    drawing = Drawing(
        table[["measure", "group", "estimate", "low", "high", "n"]],
        partial(plot_perception_by_quantile, ylabel=f"Mean: {label}"),
        title=_from_to(table),
        caption="Fifths of patients, lowest to highest, with intervals. A flat line: it does not follow.",
        alt=partial(alt_perception_by_quantile, what=label),
        height=3.4,
        rules={"counts": ["n"], "base": "n", "keep": ["group"]},
    )
    return Result("perception-by-fifth", drawing=drawing)


def _from_to(table: pd.DataFrame) -> str:
    parts = []
    for measure, rows in table.groupby("measure", sort=False):
        first, last = (wording.number(rows["estimate"].iloc[at], 1) for at in (0, -1))
        parts.append(f"by {measure} from {first} to {last}")
    return f"Means from the lowest to the highest fifth: {wording.listing(parts)}"
