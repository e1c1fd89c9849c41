"""The value by group, shown: every level with its range, and whether levels can be told apart."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.chapters.value.costs.perimeter import UNBOUNDED
from vbhc.chapters.value.group_value import noun, who_counts
from vbhc.chapters.value.groups import FEWEST, counted_outcome
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import Claim
from vbhc.publish.results import Result, Table
from vbhc.statistics.groups import holm

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
    single levels may overlap although the levels differ. p-values carry Holm's correction over the splits.
    No level's number of patients is said in words.
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
        says=_compared(splits, vq, ci_level),
        table=Table(
            shown,
            f"The value by group, {vq.unit}",
            by="split",
            notes=[small, *([] if bounded.all() else [UNBOUNDED])],
        ),
        counted=who_counts(patients, counted_outcome(vq)),
        counts=list(table["n"]),
    )


def _compared(splits: list[pd.DataFrame], vq: Definition, ci_level: float) -> list[Claim | str]:
    """A sentence for each split of two levels or more, corrected for looking at all of them."""
    wide = [part for part in splits if len(part) > 1]
    alone = pd.Series([_p(part) for part in wide], dtype=float)
    says = _difference, _heterogeneity
    return [
        says[len(part) > 2](part, vq, ci_level, Looks(p, float(alone[at]), int(alone.notna().sum())))
        for at, (part, p) in enumerate(zip(wide, holm(alone), strict=True))
    ]


class Looks(NamedTuple):
    """The p-value of a split with Holm's correction and by itself, and over how many splits."""

    p: float
    alone: float
    splits: int

    @property
    def lost(self) -> bool:
        """Whether the split would stand by itself, and does not among so many."""
        return self.alone < ALPHA <= self.p

    def words(self) -> str:
        """Return the p-value, and what it is corrected for."""
        over = f" after Holm's correction over {self.splits} splits" if self.splits > 1 else ""
        return f"{wording.p_value(self.p)}{over}"


def _p(levels: pd.DataFrame) -> float:
    """The p-value of a split by itself: of the difference of two levels, of Q for more; NaN without error."""
    if len(levels) == 2:
        gap, error = levels["estimate"].diff().iloc[1], levels["gap_error"].iloc[1]
        return float(2 * stats.norm.sf(abs(gap) / error)) if error > 0 else float("nan")
    return float(stats.chi2.sf(levels["q"].iloc[0], len(levels) - 1))


def _difference(pair: pd.DataFrame, vq: Definition, ci_level: float, looks: Looks) -> Claim:
    gap = pair["estimate"].iloc[0] - pair["estimate"].iloc[1]
    half = stats.norm.ppf((1 + ci_level) / 2) * pair["gap_error"].iloc[1]
    first, second = map(str, pair["group"])
    what = f"{noun(vq)} per {vq.currency} {vq.per:,.0f}"
    lead = f"By {wording.inside_sentence(pair['split'].iloc[0])}"
    ends = {"estimate": gap, "low": gap - half, "high": gap + half}
    numbers = [wording.number(end, wording.decimals_for(gap - half, gap + half)) for end in ends.values()]
    reason = (
        f"{lead}, whether {what} differs between {first} and {second} is undecided: difference {numbers[0]} "
        f"({numbers[1]} to {numbers[2]} by itself; {looks.words()})."
    )
    undecided = reason if looks.lost else ""
    return Claim("difference", what, first=first, second=second, lead=lead, reason=undecided, **ends)


def _heterogeneity(levels: pd.DataFrame, vq: Definition, ci_level: float, looks: Looks) -> str:
    """The span of three levels or more, and whether chance alone could make it."""
    known = levels.dropna(subset=["estimate"])
    least, most = (known.loc[known["estimate"].agg(at)] for at in ("idxmin", "idxmax"))
    q, freedom = levels["q"].iloc[0], len(levels) - 1
    ends = [f"{wording.significant(row['estimate'])} ({row['group']})" for row in (least, most)]
    start = (
        f"By {wording.inside_sentence(levels['split'].iloc[0])} it runs from {ends[0]} to {ends[1]} {vq.unit}"
    )
    if looks.alone != looks.alone:  # an interval of one level has no error
        return f"{start}."
    test = f"Cochran's Q = {wording.number(q, 1)} on {freedom} degrees of freedom, {looks.words()}"
    return f"{start}, {_chance(looks)} ({test})."


def _chance(looks: Looks) -> str:
    if looks.p < ALPHA:
        return "more than chance alone would make them differ"
    if looks.lost:
        return "undecided after correction, since chance makes some split stand out among several"
    return "as much as chance alone could make"


ALPHA = 0.05
