"""The value by group, shown: every level with its range, and whether levels can be told apart."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.chapters.value.costs.perimeter import UNBOUNDED
from vbhc.chapters.value.group_value import noun, who_counts
from vbhc.chapters.value.groups import FEWEST, counted_outcome
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import Claim
from vbhc.publish.results import Result, Table

SHOWN = ["split", "group", "n", "estimate", "low", "high"]


def value_by_group(
    vq: Definition, patients: pd.DataFrame, table: pd.DataFrame, ci_level: float = 0.95
) -> Result | None:
    """Show the value of every level of every declared group; nothing where none is large enough.

    Parameters
    ----------
    table : DataFrame
        From `by_groups`.

    Notes
    -----
    Two levels are compared by their difference with its interval, more of them by Cochran's Q; intervals of
    single levels may overlap although the levels differ. No level's number of patients is said in words.
    """
    table = table.dropna(subset=["estimate"]) if len(table) else table
    if table.empty:
        return None
    shown, splits = table[SHOWN].copy(), [part for _, part in table.groupby("split", sort=False)]
    bounded = table["ci_kind"] == "bounded"
    shown[["low", "high"]] = shown[["low", "high"]].where(bounded)
    small = f"Levels of fewer than {FEWEST} patients with outcome and cost are left out."
    return Result(
        "by-group",
        says=[_compared(part, vq, ci_level) for part in splits if len(part) > 1],
        table=Table(
            shown,
            f"The value by group, {vq.unit}",
            by="split",
            notes=[small, *([] if bounded.all() else [UNBOUNDED])],
        ),
        counted=who_counts(patients, counted_outcome(vq)),
        counts=list(table["n"]),
    )


def _compared(levels: pd.DataFrame, vq: Definition, ci_level: float) -> Claim | str:
    return _difference(levels, vq, ci_level) if len(levels) == 2 else _heterogeneity(levels, vq)


def _difference(pair: pd.DataFrame, vq: Definition, ci_level: float) -> Claim:
    gap = pair["estimate"].iloc[0] - pair["estimate"].iloc[1]
    half = stats.norm.ppf((1 + ci_level) / 2) * pair["gap_error"].iloc[1]
    first, second = pair["group"]
    what = f"{noun(vq)} per {vq.currency} {vq.per:,.0f}"
    lead = f"By {wording.inside_sentence(pair['split'].iloc[0])}"
    ends = {"estimate": gap, "low": gap - half, "high": gap + half}
    return Claim("difference", what, first=str(first), second=str(second), lead=lead, **ends)


def _heterogeneity(levels: pd.DataFrame, vq: Definition) -> str:
    """The span of three levels or more, and whether chance alone could make it."""
    known = levels.dropna(subset=["estimate"])
    least, most = (known.loc[known["estimate"].agg(at)] for at in ("idxmin", "idxmax"))
    q, freedom = levels["q"].iloc[0], len(levels) - 1
    ends = [f"{wording.significant(row['estimate'])} ({row['group']})" for row in (least, most)]
    start = (
        f"By {wording.inside_sentence(levels['split'].iloc[0])} it runs from {ends[0]} to {ends[1]} {vq.unit}"
    )
    p = stats.chi2.sf(q, freedom)
    if p != p:  # an interval of one level has no error
        return f"{start}."
    test = f"Cochran's Q = {wording.number(q, 1)} on {freedom} degrees of freedom, {wording.p_value(p)}"
    chance = (
        "more than chance alone would make them differ" if p < 0.05 else "as much as chance alone could make"
    )
    return f"{start}, {chance} ({test})."
