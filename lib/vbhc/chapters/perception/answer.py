"""The answers of chapter 03: is the tie poor, and where does it go?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.frames import names, rating
from vbhc.chapters.perception.smallness import poor
from vbhc.chapters.perception.ties import tie
from vbhc.chapters.perception.where import largest_step
from vbhc.chapters.value.group_value import noun
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import Claim, smallness
from vbhc.publish.results import Result
from vbhc.study import Study


def perception_answer(
    study: Study,
    vq: Definition,
    ties: pd.DataFrame,
    tested: pd.DataFrame,
    alone: pd.DataFrame,
) -> Result:
    """Return the answer of 03: whether the tie with the quota is poor, then the ties with outcome and cost.

    Parameters
    ----------
    ties : DataFrame
        From `three_ties`, deaths counted.
    tested, alone : DataFrame
        From `is_it_poor`, deaths counted and of survivors alone; these are told where they differ.
    """
    reason = ties.set_index("with").loc["VQ", "reason"]
    if pd.isna(tested["low"].iloc[0]):
        return Result("answer", says=[reason or tested["reason"].iloc[0] or UNKNOWN], role="answer")
    differ = tested["n"].iloc[0] != alone["n"].iloc[0]
    says: list[Claim | str] = [poor(study, vq, tested, lead=DEATHS if differ else "")]
    if differ:
        says.append(_of_survivors(alone.iloc[0]))
    in_full = noun(vq).replace("the mean ", "the ", 1)
    says += [
        replace(tie(study, vq, ties, "outcome"), first=in_full),
        replace(tie(study, vq, ties, "cost"), what="it"),
    ]
    return Result("answer", says=says, role="answer")


def _of_survivors(row: pd.Series) -> str:
    """The same verdict of survivors alone, in short."""
    if pd.isna(row["low"]):
        return ""
    said = SHORT[smallness(row["low"], row["high"], row["margin"])]
    level, (rho, low, high) = (
        wording.level_name(row["ci_level"]),
        (wording.number(row[name]) for name in ("estimate", "low", "high")),
    )
    return (
        f"Among survivors alone {said} (ρ = {rho}, {level} interval {low} to {high}, n = {int(row['n']):,})."
    )


SHORT = {
    "small": "it is poor",
    "beyond": "it is not poor",
    "against": "it is not poor but goes the other way",
    "undecided": "that is undecided",
}
DEATHS = "With deaths counted at the worst score"
UNKNOWN = "Whether the tie is poor cannot be said from these data."


def why_answer(
    study: Study, vq: Definition, steps: pd.DataFrame, limits: pd.DataFrame, ties: pd.DataFrame
) -> Result:
    """Return the answer of 03a: from which tie to which, the largest step, and the most that could be."""
    if steps.empty or limits["reason"].iloc[0]:
        reason = steps.attrs.get("reason", "") or limits["reason"].iloc[0] or UNKNOWN
        return Result("answer", says=[reason], role="answer")
    seen, called = ties.set_index("with"), names(vq)
    first, last = (wording.number(seen.loc[name, "estimate"]) for name in ("outcome", "VQ"))
    most, n = wording.number(limits["estimate"].iloc[-1]), int(seen.loc["VQ", "n"])
    said = (
        f"Among those whose outcome was measured {rating(study)} correlates {first} with "
        f"{called['outcome']} and {last} with {called['VQ']}; a judgement by {called['outcome']} alone would "
        f"reach {most} (n = {n:,})."
    )
    return Result("answer", says=[said, f"{largest_step(steps)}."], role="answer", counts=[n])
