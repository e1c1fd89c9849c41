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
    return f"{start}." if not worse else f"{start}, least of all of one who lost."


def _manager(vq: Definition, row: pd.Series, items: pd.DataFrame) -> str:
    per = f"{vq.outcome_unit} per {vq.currency} {vq.per:,.0f}"
    if row["ci_kind"] != "bounded":
        return f"Do not plan with this figure: cost varies too much against its mean to say how many {per}."
    places = wording.decimals_for(row["low"], row["high"])
    low, high = (wording.number(row[end], places) for end in ("low", "high"))
    text = f"Quote it with its range, {low} to {high} {per}, and do not budget with it: it says what was, "
    text += "not what more money would bring."
    top = largest_items(items).iloc[0] if items.shape[1] > 1 else None
    if top is None or not top["share"] > 0:
        return text
    share = wording.percent(top["share"])
    return f"{text} Check the counts and the price of {top['item']} first: {share} of the bill."


def _counted(counts: pd.Series) -> list[tuple[int, int]]:
    known = int(counts.sum() - counts.get(UNKNOWN, 0))
    worse = int(counts.get(WORSE, 0) + counts.get(DIED, 0))
    return [(int(counts.get(BETTER, 0)), known), (worse, known)]


def _patient(counts: pd.Series) -> str:
    (better, known), (worse, _) = _counted(counts)
    ended = "got worse or died" if counts.get(DIED, 0) else "got worse"
    start = f"{wording.count(better, known)} whose course is known got better, {worse:,} {ended}"
    return f"{start}. The value is about all of them together: ask what to expect for somebody like you."
