"""Score experience measures (PREMs): Friends and Family Test, CollaboRATE, PPE-15.

- Friends and Family Test (FFT), NHS England, wording of 2020: one answer from very good to very poor, or
  don't know. Per cent positive (negative) is of ALL answers, don't know included.
- CollaboRATE: Elwyn 2013, Patient Educ Couns 93:102-7; scored as glynelwyn.com says: records with a missing
  item are left out; the top score is the share with the highest answer to all three items.
- PPE-15: Jenkinson 2002, Int J Qual Health Care 14:353-8: each of 15 answers is a problem (1) or none (0).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.instrument import LOWER, Instrument, Scale
from vbhc.instruments.shares import percent
from vbhc.problems import did_you_mean

FFT_ANSWERS = ("very_good", "good", "neither", "poor", "very_poor", "dont_know")  # coded 1 to 6
COLLABORATE_ITEMS = ("1", "2", "3")
COLLABORATE_LEAST = 25  # records under which a unit's score should not be reported
PPE15_ITEMS = tuple(str(number) for number in range(1, 16))


def fft_answers(items: pd.DataFrame) -> pd.DataFrame:
    """Return the answer: 1 very good, 2 good, 3 neither, 4 poor, 5 very poor, 6 don't know."""
    return read_answers(items, ("fft",), ((1, 6),), "Friends and Family Test", noun="answer")


def fft_score(items: pd.DataFrame) -> pd.DataFrame:
    """Return `fft_positive` and `fft_negative` per respondent, 1 or 0 ("don't know" is 0 in both)."""
    read = fft_answers(items)["fft"]
    missing = read.isna()
    positive = read.isin([1, 2]).astype(float).mask(missing)
    negative = read.isin([4, 5]).astype(float).mask(missing)
    return pd.DataFrame({"fft_positive": positive, "fft_negative": negative})


def fft_summary(items: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Per cent positive and negative of all answers (see `fft_from_counts`)."""
    read = fft_answers(items)["fft"]
    counts = {name: int((read == code).sum()) for code, name in enumerate(FFT_ANSWERS, start=1)}
    return fft_from_counts(counts, ci_level, int(read.isna().sum()))


def fft_from_counts(counts: Mapping[str, int], ci_level: float = 0.95, n_missing: int = 0) -> pd.DataFrame:
    """Per cent positive and negative from the number of each answer (`FFT_ANSWERS`).

    Returns
    -------
    DataFrame
        Rows positive and negative: measure, estimate (0-100), ci_low, ci_high (Wilson), n, n_missing, method.
    """
    for name, number in counts.items():
        if name not in FFT_ANSWERS:
            raise ValueError(f"no answer {name!r}; {did_you_mean(name, FFT_ANSWERS)}")
        if number < 0 or number != round(number):
            raise ValueError(f"{name}: a count is a whole number from 0; found {number}")
    n = int(sum(counts.values()))
    rows = []
    for measure, names in (("positive", ("very_good", "good")), ("negative", ("poor", "very_poor"))):
        count = int(sum(counts.get(name, 0) for name in names))
        rows.append({"measure": measure, **percent(count, n, ci_level), "n": n, "n_missing": n_missing,
                     "method": "per cent of all answers, Wilson interval"})  # fmt: skip
    return pd.DataFrame(rows)


def collaborate_answers(items: pd.DataFrame, high: int = 9) -> pd.DataFrame:
    """Return the three answers, 0 to `high` (9, or 4 for the five-point form)."""
    if high not in (9, 4):
        raise ValueError(f"high must be 9 or 4; found {high}")
    return read_answers(items, COLLABORATE_ITEMS, [(0, high)] * 3, "CollaboRATE")


def collaborate_score(items: pd.DataFrame, high: int = 9) -> pd.DataFrame:
    """Return `collaborate` (mean of the three, 0 to `high`) and `collaborate_top` (1 where all are `high`).

    NaN where one of the three is missing.
    """
    read = collaborate_answers(items, high)
    mean = read.mean(axis=1, skipna=False)
    top = (read == high).all(axis=1).astype(float).mask(mean.isna())
    return pd.DataFrame({"collaborate": mean, "collaborate_top": top})


def collaborate_summary(items: pd.DataFrame, high: int = 9, ci_level: float = 0.95) -> pd.DataFrame:
    """Summarise CollaboRATE for one unit.

    Returns
    -------
    DataFrame
        Rows "top score" (per cent, Wilson interval) and "mean score" (t interval): measure, estimate, ci_low,
        ci_high, n (complete records), n_missing, reportable (25 records or more), method.
    """
    scores = collaborate_score(items, high)
    complete = scores.dropna()
    n = len(complete)
    shared = {"n": n, "n_missing": len(scores) - n, "reportable": n >= COLLABORATE_LEAST}
    top = percent(int(complete["collaborate_top"].sum()), n, ci_level)
    mean = _mean(complete["collaborate"], ci_level)
    return pd.DataFrame([
        {"measure": "top score", **top, **shared, "method": "per cent, Wilson interval"},
        {"measure": "mean score", **mean, **shared, "method": "mean, t interval"},
    ])  # fmt: skip


def _mean(values: pd.Series, ci_level: float) -> dict[str, float]:
    from scipy.stats import t

    mean = float(values.mean()) if len(values) else float("nan")
    if len(values) < 2:
        return {"estimate": mean, "ci_low": float("nan"), "ci_high": float("nan")}
    half = float(t.ppf((1 + ci_level) / 2, len(values) - 1) * values.sem())
    return {"estimate": mean, "ci_low": mean - half, "ci_high": mean + half}


def collaborate_scales(high: int = 9) -> tuple[Scale, ...]:
    """Scales of CollaboRATE for the form in use."""
    rule = {"items": COLLABORATE_ITEMS, "needs": 3}
    return (
        Scale("collaborate", "CollaboRATE mean", 0, high, unit=f"points (0-{high})", **rule),
        Scale("collaborate_top", "CollaboRATE top score", 0, 1, unit="1 = yes", **rule),
    )


def ppe15_answers(items: pd.DataFrame) -> pd.DataFrame:
    """Return the 15 answers as problem (1) or none (0)."""
    return read_answers(items, PPE15_ITEMS, [(0, 1)] * 15, "PPE-15", _ppe15_guess)


def _ppe15_guess(found: set[float], low: int, high: int) -> str:
    return "code each answer as problem (1) or none (0) first, as the paper's table says"


def ppe15_score(items: pd.DataFrame) -> pd.DataFrame:
    """Score PPE-15: lower is better.

    Returns
    -------
    DataFrame
        `ppe15_problems` (0-15; needs all answers), `ppe15_answered` (0-15) and `ppe15_pct` (problems per 100
        given answers; needs one).
    """
    read = ppe15_answers(items)
    answered = read.notna().sum(axis=1).astype(float)
    problems = read.sum(axis=1, skipna=False)
    share = 100 * read.sum(axis=1) / answered.replace(0, np.nan)
    return pd.DataFrame({"ppe15_problems": problems, "ppe15_answered": answered, "ppe15_pct": share})


def ppe15_by_item(items: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Per cent of patients with a problem, item by item (Wilson interval)."""
    read = ppe15_answers(items)
    rows = []
    for code in PPE15_ITEMS:
        given = read[code].dropna()
        rows.append({"item": code, **percent(int(given.sum()), len(given), ci_level), "n": len(given),
                     "n_missing": len(read) - len(given), "method": "per cent, Wilson interval"})  # fmt: skip
    return pd.DataFrame(rows)


FFT = Instrument(
    "fft", "Friends and Family Test", "wording of 2020", ("fft",), ((1, 6),),
    (
        Scale("fft_positive", "FFT positive", 0, 1, unit="1 = yes", items=("fft",), needs=1),
        Scale("fft_negative", "FFT negative", 0, 1, LOWER, unit="1 = yes", items=("fft",), needs=1),
    ),
    source="NHS England, Friends and Family Test guidance 2020", licence="NHS England",
    answers=fft_answers, score=fft_score,
)  # fmt: skip
COLLABORATE = Instrument(
    "collaborate", "CollaboRATE", "3 items", COLLABORATE_ITEMS, ((0, 9),) * 3, collaborate_scales(),
    source="Elwyn 2013, Patient Educ Couns 93:102-7", licence="free, no permission required (PhenX)",
    answers=collaborate_answers, score=collaborate_score, options=("high",), scales_for=collaborate_scales,
)  # fmt: skip
PPE_15 = Instrument(
    "ppe15", "PPE-15", "15 items", PPE15_ITEMS, ((0, 1),) * 15,
    (
        Scale("ppe15_problems", "PPE-15 problems", 0, 15, LOWER, "problems (0-15)", PPE15_ITEMS, 15),
        Scale("ppe15_answered", "PPE-15 items answered", 0, 15, "", "items", PPE15_ITEMS, 0),
        Scale("ppe15_pct", "PPE-15 problems per 100 answers", 0, 100, LOWER, "per cent", PPE15_ITEMS, 1),
    ),
    source="Jenkinson 2002, Int J Qual Health Care 14:353-8", licence="free to use",
    answers=ppe15_answers, score=ppe15_score,
)  # fmt: skip
