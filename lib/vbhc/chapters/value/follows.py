"""What a patient's own quota follows, outcome or cheapness, and what it does to those who lost."""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.soundness import ALARM
from vbhc.publish.claims import Claim
from vbhc.publish.results import Result

CLEAR = 0.15  # by which one correlation has to lead for the quotient to follow it mainly


def follows(reciprocal: pd.DataFrame, paradox: pd.DataFrame, vq: Definition) -> Result:
    """Say whether ranking patients by their quota ranks outcomes or cheapness, and whom it must not rank.

    Parameters
    ----------
    reciprocal, paradox : DataFrame
        From `reciprocal_cost` and `sign_paradox`.
    """
    row = reciprocal.iloc[0]
    says: list[Claim | str] = [row["reason"] or _what_it_follows(row)]
    says += [] if row["reason"] else _worse(paradox)
    worse, whole = int(paradox.loc[paradox["part"] == "worsened", "n"].iloc[0]), int(paradox["n"].sum())
    return Result("what-it-follows", says=says, counts=[(worse, whole)] if worse else [])


def _what_it_follows(row: pd.Series) -> str:
    cost, outcome = abs(row["pearson_reciprocal"]), abs(row["pearson_outcome"])
    numbers = (
        f"correlation {wording.number(outcome)} with the outcome, {wording.number(cost)} with one over cost"
    )
    if cost >= ALARM and cost - outcome > CLEAR:
        return f"A patient's own quotient is mostly one over the cost ({numbers}): it ranks cheapness."
    if outcome >= ALARM and outcome - cost > CLEAR:
        return f"A patient's own quotient follows mainly the outcome ({numbers}): look at the outcome itself."
    return f"A patient's own quotient mixes outcome and cheapness ({numbers}): a rank by it can be either."


def _worse(paradox: pd.DataFrame) -> list[Claim | str]:
    """Whom the quota must not rank: those who lost, among whom a dearer loss looks smaller."""
    worse, n = paradox[paradox["part"] == "worsened"].iloc[0], int(paradox["n"].sum())
    if not worse["n"]:
        return []
    told = wording.count(int(worse["n"]), n).replace(" (", ", ").removesuffix(")")
    start = f"Do not rank those who lost, by however little ({told})"
    return [f"{start}: a loss over a larger bill looks smaller.", *_reward(worse)]


def _reward(worse: pd.Series) -> list[Claim]:
    if worse["reason"]:
        return []
    tie = worse[["estimate", "low", "high"]].astype(float).to_dict()
    return [Claim("tie", "the quotient", first="cost", n=int(worse["n"]), lead="Among them", **tie)]
