"""What the value of a group may be used for by a clinician, a manager and a patient."""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.chapters.value.better import BETTER, DIED, UNKNOWN, WORSE
from vbhc.chapters.value.costs.prices import largest_items
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.soundness import ALARM
from vbhc.publish.results import Result


def value_for_readers(
    vq: Definition,
    patients: pd.DataFrame,
    ratio: pd.DataFrame,
    reciprocal: pd.DataFrame,
    items: pd.DataFrame,
    course: pd.Series,
) -> list[Result]:
    """Return one line for each reader, from the results themselves.

    Parameters
    ----------
    ratio, reciprocal : DataFrame
        From `ratio_of_means` (deaths counted) and `reciprocal_cost`.
    items : DataFrame
        From `costs.prices.cost_items`.
    course : Series
        From `better.courses`.
    """
    row = ratio.iloc[0]
    if row["reason"]:
        return []
    counts = course.value_counts()
    return [
        Result("for-the-clinician", says=[_clinician(reciprocal.iloc[0], int(counts.get(WORSE, 0)))]),
        Result("for-the-manager", says=[_manager(vq, row, items)]),
        Result("for-the-patient", says=[_patient(counts)], counts=_counted(counts)),
    ]


def _clinician(reciprocal: pd.Series, worse: int) -> str:
    cheap = not reciprocal["reason"] and abs(reciprocal["pearson_reciprocal"]) >= ALARM
    start = "Look at the outcome itself; the quotient says little of one patient"
    start += ", and here mostly how little the care cost" if cheap else ""
    return f"{start}." if not worse else f"{start}, least of all of one who got worse."


def _manager(vq: Definition, row: pd.Series, items: pd.DataFrame) -> str:
    per = f"{vq.outcome_unit} per {vq.currency} {vq.per:,.0f}"
    if row["ci_kind"] != "bounded":
        return f"Do not plan with this figure: cost varies too much against its mean to say how many {per}."
    places = wording.decimals_for(row["low"], row["high"])
    low, high = (wording.number(row[end], places) for end in ("low", "high"))
    text = f"Plan with the range, {low} to {high} {per}, not with one figure"
    text += "; it holds nothing at all." if row["low"] <= 0 <= row["high"] else "."
    top = largest_items(items).iloc[0] if items.shape[1] > 1 else None
    if top is None or not top["share"] > 0:
        return text
    return (
        f"{text} Check what stands behind {top['item']} first: {wording.percent(top['share'])} of the bill."
    )


def _counted(counts: pd.Series) -> list[tuple[int, int]]:
    known = int(counts.sum() - counts.get(UNKNOWN, 0))
    return [(int(counts.get(BETTER, 0)), known)]


def _patient(counts: pd.Series) -> str:
    (better, known), dead = _counted(counts)[0], int(counts.get(DIED, 0))
    start = f"{wording.count(better, known)} whose course is known got better"
    start += ", the dead counted among the others" if dead else ""
    return f"{start}. The value is about all of them together: ask what to expect for somebody like you."
