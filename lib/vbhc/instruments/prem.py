"""Score experience measures (PREMs): Friends and Family Test, CollaboRATE, PPE-15.

- Friends and Family Test (FFT), NHS England, wording of 2020: one answer from very good to very poor, or
  don't know. Per cent positive (negative) is of ALL answers, don't know included.
- CollaboRATE: Elwyn 2013, Patient Educ Couns 93:102-7; scored as glynelwyn.com says: records with a missing
  item are left out; the top score is the share with the highest answer to all three items.
- PPE-15: Jenkinson 2002, Int J Qual Health Care 14:353-8: each of 15 answers is a problem (1) or none (0).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.instrument import LOWER, Instrument, Scale

COLLABORATE_ITEMS = ("1", "2", "3")
PPE15_ITEMS = tuple(str(number) for number in range(1, 16))


def fft_answers(items: pd.DataFrame) -> pd.DataFrame:
    """Return the answer: 1 very good, 2 good, 3 neither, 4 poor, 5 very poor, 6 don't know.

    >>> fft_answers(pd.DataFrame({"fft": ["1", None]}))["fft"].tolist()
    [1.0, nan]
    """
    return read_answers(items, ("fft",), ((1, 6),), "Friends and Family Test", noun="answer")


def fft_score(items: pd.DataFrame) -> pd.DataFrame:
    """Return `fft_positive` and `fft_negative` per respondent, 1 or 0 ("don't know" is 0 in both).

    >>> fft_score(pd.DataFrame({"fft": [2, 5, 6]})).to_numpy().tolist()
    [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    """
    read = fft_answers(items)["fft"]
    missing = read.isna()
    positive = read.isin([1, 2]).astype(float).mask(missing)
    negative = read.isin([4, 5]).astype(float).mask(missing)
    return pd.DataFrame({"fft_positive": positive, "fft_negative": negative})


def collaborate_answers(items: pd.DataFrame, high: int = 9) -> pd.DataFrame:
    """Return the three answers, 0 to `high` (9, or 4 for the five-point form).

    Raises ValueError if `high` is another number, or an answer is over it.

    >>> collaborate_answers(pd.DataFrame([[4, 3, 0]]), high=4).iloc[0].tolist()
    [4.0, 3.0, 0.0]
    """
    if high not in (9, 4):
        raise ValueError(f"high must be 9 or 4; found {high}")
    return read_answers(items, COLLABORATE_ITEMS, [(0, high)] * 3, "CollaboRATE")


def collaborate_score(items: pd.DataFrame, high: int = 9) -> pd.DataFrame:
    """Return `collaborate` (mean of the three, 0 to `high`) and `collaborate_top` (1 where all are `high`).

    NaN where one of the three is missing.

    >>> collaborate_score(pd.DataFrame([[9, 9, 9], [9, 9, 6]])).to_numpy().tolist()
    [[9.0, 1.0], [8.0, 0.0]]
    """
    read = collaborate_answers(items, high)
    mean = read.mean(axis=1, skipna=False)
    top = (read == high).all(axis=1).astype(float).mask(mean.isna())
    return pd.DataFrame({"collaborate": mean, "collaborate_top": top})


def collaborate_scales(high: int = 9) -> tuple[Scale, ...]:
    """Scales of CollaboRATE for the form in use.

    >>> [scale.max for scale in collaborate_scales(high=4)]
    [4, 1]
    """
    rule: dict[str, Any] = {"items": COLLABORATE_ITEMS, "needs": 3}
    return (
        Scale("collaborate", "CollaboRATE mean", 0, high, unit=f"points (0-{high})", **rule),
        Scale("collaborate_top", "CollaboRATE top score", 0, 1, unit="1 = yes", **rule),
    )


def ppe15_answers(items: pd.DataFrame) -> pd.DataFrame:
    """Return the 15 answers as problem (1) or none (0).

    >>> ppe15_answers(pd.DataFrame([[1] * 15])).sum(axis=1).tolist()
    [15.0]
    """
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

    Examples
    --------
    Three problems in twelve answers: no sum, but 25 per 100.

    >>> ppe15_score(pd.DataFrame([[1] * 3 + [0] * 9 + [None] * 3])).iloc[0].tolist()
    [nan, 12.0, 25.0]
    """
    read = ppe15_answers(items)
    answered = read.notna().sum(axis=1).astype(float)
    problems = read.sum(axis=1, skipna=False)
    share = 100 * read.sum(axis=1) / answered.replace(0, np.nan)
    return pd.DataFrame({"ppe15_problems": problems, "ppe15_answered": answered, "ppe15_pct": share})


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
