"""Score experience measures (PREMs): Friends and Family Test, CollaboRATE, PPE-15.

- Friends and Family Test (FFT), NHS England, wording of 2020: one answer from very good to very poor, or
  don't know. Per cent positive (negative) is of ALL answers, don't know included.
- CollaboRATE: Elwyn 2013, Patient Educ Couns 93:102-7; scored as glynelwyn.com says: records with a missing
  item are left out; the top score is the share with the highest answer to all three items.
- PPE-15: Jenkinson 2002, Int J Qual Health Care 14:353-8: each of 15 answers is a problem (1) or none (0).
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.described import described, offered
from vbhc.instruments.instrument import Scale

FFT_FORM, COLLABORATE_FORM, PPE15_FORM = map(described, ("fft", "collaborate", "ppe15"))


def fft_answers(items: pd.DataFrame) -> pd.DataFrame:
    """Return the answer: 1 very good, 2 good, 3 neither, 4 poor, 5 very poor, 6 don't know.

    >>> fft_answers(pd.DataFrame({"fft": ["1", None]}))["fft"].tolist()
    [1.0, nan]
    """
    return FFT_FORM.read(items, noun="answer")


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
    return read_answers(items, COLLABORATE_FORM.items, [(0, high)] * 3, COLLABORATE_FORM.label)


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
    mean, top = COLLABORATE_FORM.scales
    return replace(mean, max=high, unit=f"points (0-{high})"), top


def ppe15_answers(items: pd.DataFrame) -> pd.DataFrame:
    """Return the 15 answers as problem (1) or none (0).

    >>> ppe15_answers(pd.DataFrame([[1] * 15])).sum(axis=1).tolist()
    [15.0]
    """
    return PPE15_FORM.read(items, _ppe15_guess)


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


FFT = offered(FFT_FORM, answers=fft_answers, score=fft_score)
COLLABORATE = offered(
    COLLABORATE_FORM, answers=collaborate_answers, score=collaborate_score, options=("high",),
    scales_for=collaborate_scales,
)  # fmt: skip
PPE_15 = offered(PPE15_FORM, answers=ppe15_answers, score=ppe15_score)
