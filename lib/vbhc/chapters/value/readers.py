"""What the group's value means to a clinician, a manager and a patient, from the results themselves."""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.chapters.value.soundness import ALARM
from vbhc.publish.answer import READERS

WORSE = 0.05  # a share of patients who got worse that a patient should hear of


def value_for_readers(
    ratio: pd.DataFrame,
    reciprocal: pd.DataFrame,
    paradox: pd.DataFrame,
    outcome_unit: str,
    currency: str,
    perimeter: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what the group's value means to each reader.

    Parameters
    ----------
    ratio, reciprocal, paradox : DataFrame
        From `ratio_of_means`, `reciprocal_cost` and `sign_paradox`.
    perimeter : DataFrame, optional
        From `costs.perimeter_sensitivity`.

    Returns
    -------
    DataFrame
        `reader, sentence, n`: clinician, manager, patient. Where there is no answer every sentence is the
        reason.
    """
    row = ratio[ratio["method"] == "fieller"].iloc[0]
    n = int(row["n"])
    if row["reason"]:
        return pd.DataFrame({"reader": READERS, "sentence": row["reason"], "n": n})
    manager = _manager(row, outcome_unit, currency, perimeter)
    sentences = [_clinician(reciprocal.iloc[0], paradox, n), manager, _patient(paradox, n)]
    return pd.DataFrame({"reader": READERS, "sentence": sentences, "n": n})


def _count(paradox: pd.DataFrame, part: str) -> int:
    return int(paradox.loc[paradox["part"] == part, "n"].sum())


def _clinician(reciprocal: pd.Series, paradox: pd.DataFrame, n: int) -> str:
    if reciprocal["reason"]:
        return reciprocal["reason"]
    cost, outcome = reciprocal["pearson_reciprocal"], reciprocal["pearson_outcome"]
    numbers = f"r = {wording.number(outcome)} with outcome, {wording.number(cost)} with 1/cost, n = {n:,}"
    told = "mixes how well they did with how little they cost"
    if abs(cost) >= ALARM and abs(cost) > abs(outcome):
        told = "tells you mainly how little their care cost, not how well they did"
    elif abs(outcome) >= ALARM and abs(outcome) > abs(cost):
        told = "tells you mainly how well they did; look at the outcome itself"
    worse = _count(paradox, "worsened")
    tail = f"; for the {worse:,} who got worse it means nothing" if worse else ""
    return f"One patient's VQ {told} ({numbers}){tail}."


def _manager(row: pd.Series, unit: str, currency: str, perimeter: pd.DataFrame | None) -> str:
    per = f"{currency} {wording.number(row['per'], 0)}"
    if row["ci_kind"] != "bounded":
        return f"Costs vary too much against their mean to say what {per} buys; do not budget by this figure."
    decimals = wording.decimals_for(row["low"], row["high"])
    low, high = (wording.number(row[end], decimals) for end in ("low", "high"))
    level = f"{wording.level_name(row['ci_level'])} CI, n = {int(row['n']):,}"
    text = f"Plan with the range, not the point: {per} buys {low} to {high} {unit} for the group ({level})"
    if row["low"] <= 0 <= row["high"]:
        text += "; the range includes nothing at all"
    if perimeter is None or len(perimeter) < 3 or perimeter["reason"].iloc[0]:
        return f"{text}."
    rest = perimeter.iloc[1:].dropna(subset=["share_of_cost"])
    top = rest.loc[rest["share_of_cost"].idxmax()]
    part = str(top["perimeter"]).removeprefix("without ")
    return f"{text}; {part} makes up {wording.percent(top['share_of_cost'])} of the cost behind it."


def _patient(paradox: pd.DataFrame, n: int) -> str:
    worse, better = (_count(paradox, part) for part in ("worsened", "improved"))
    text = f"On what was measured {wording.count(better, n)} patients got better"
    if n and worse / n >= WORSE:
        text += f" and {wording.count(worse, n)} got worse"
    return f"{text}; the value figure is about all of them together and says nothing about you alone."
