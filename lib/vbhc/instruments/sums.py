"""Scores that are a sum, a mean or a count: Oxford, PHQ-9, MLHFQ, EQ VAS; FFT, CollaboRATE, PPE-15.

- Oxford: 12 items, 0 (worst) to 4 (best), sum 0-48. Murray 2007, J Bone Joint Surg Br 89:1010-4 (up to two
  missing answers take the mean of the person's others); knee subscales: Harris 2013, Qual Life Res 22:2561-8.
- PHQ-9: nine items 0-3, sum 0-27, higher is worse. Kroenke 2001, J Gen Intern Med 16:606-13. Up to two
  missing answers are replaced by the mean of the others (instruction manual). Item 9 (thoughts of death or
  self-harm) is always shown apart: it needs a person, not a sum.
- MLHFQ (Minnesota Living with Heart Failure): 21 items 0-5, sum 0-105, HIGHER IS WORSE. Rector 1987, Heart
  Failure 3:198-209. Physical: items 2-7, 12, 13 (0-40); emotional: 17-21 (0-25). No rule for missing answers
  is published, so a score needs all its answers.
- EQ VAS: the respondent's own rating of health today, a whole number from 0 to 100, taken as it is.
- Friends and Family Test (FFT), NHS England, wording of 2020: one answer from very good to very poor, or
  don't know. Per cent positive (negative) is of ALL answers, don't know included.
- CollaboRATE: Elwyn 2013, Patient Educ Couns 93:102-7; scored as glynelwyn.com says: records with a missing
  item are left out; the top score is the share with the highest answer to all three items.
- PPE-15: Jenkinson 2002, Int J Qual Health Care 14:353-8: each of 15 answers is a problem (1) or none (0).
"""

from functools import partial

import numpy as np
import pandas as pd

from vbhc.instruments.answers import mean_of_answered, read_answers, to_100
from vbhc.instruments.instrument import Instrument, Scale, described

HIP, KNEE, PHQ, MINNESOTA, VAS = map(described, ("ohs", "oks", "phq9", "mlhfq", "eq-vas"))
CODINGS = {"0-4": (0, 4), "1-5": (1, 5)}
BANDS = {"none or minimal": 0, "mild": 5, "moderate": 10, "moderately severe": 15, "severe": 20}


def oxford_answers(form: Instrument, items: pd.DataFrame, coding: str = "0-4") -> pd.DataFrame:
    """Return the 12 answers as 0 (worst) to 4 (best).

    Raises ValueError for an unknown coding, and for answers outside it.

    >>> oxford_answers(HIP, pd.DataFrame([[1] * 11 + [None]]), "1-5").iloc[0, -2:].tolist()
    [4.0, nan]
    """
    if coding not in CODINGS:
        raise ValueError(f"coding must be one of {', '.join(map(repr, CODINGS))}; found {coding!r}")
    read = read_answers(items, form.items, [CODINGS[coding]] * 12, form.label, _guess)
    return read if coding == "0-4" else 5 - read


def _guess(found: set[float], low: int, high: int) -> str:
    if found == {5.0}:
        return "is this the old coding, 1 (best) to 5 (worst)? Pass coding='1-5'"
    return "9 is how NHS PROMs code a missing answer; turn it into NaN first" if found == {9.0} else ""


def oxford_score(form: Instrument, items: pd.DataFrame, coding: str = "0-4") -> pd.DataFrame:
    """Score the Oxford Hip Score or the Oxford Knee Score.

    Parameters
    ----------
    form : Instrument
        `HIP` or `KNEE`.
    items : DataFrame
        12 columns, 0 (worst) to 4 (best). Where two boxes were ticked, enter the worse one.
    coding : str
        "0-4", or "1-5" for the old forms with 1 = best.

    Returns
    -------
    DataFrame
        `ohs` or `oks`, 0-48, higher is better, unrounded. One or two missing answers take the mean of the
        others; three or more leave the score missing. For the knee also `oks_pain` and `oks_function`, 0-100,
        for complete answers only: no published rule fills them in.

    Examples
    --------
    By hand: ten answers with a sum of 23, so 12 x 2.3.

    >>> oxford_score(HIP, pd.DataFrame([[None, None, 4, 4, 3, 3, 2, 2, 2, 1, 1, 1]]))["ohs"].round(1).tolist()
    [27.6]
    >>> oxford_score(KNEE, pd.DataFrame([[2] * 12, [2] * 11 + [None]])).to_numpy().tolist()
    [[24.0, 50.0, 50.0], [24.0, 50.0, nan]]
    """
    read = oxford_answers(form, items, coding)
    scores = {}
    for scale in form.scales:
        mean = mean_of_answered(read, scale.items, scale.needs)
        scores[scale.column] = 12 * mean if scale.column == form.name else to_100(mean, 0, 4)
    return pd.DataFrame(scores, index=read.index)


def phq9_score(items: pd.DataFrame) -> pd.DataFrame:
    """Score PHQ-9: nine answers, 0 (not at all) to 3.

    Parameters
    ----------
    items : DataFrame
        Nine columns, answers 0-3.

    Returns
    -------
    DataFrame
        `phq9` (0-27, unrounded), `phq9_severity` (ordered category; a total between two bands belongs to the
        lower one) and `phq9_item9` (0-3, whether or not there is a total).

    Examples
    --------
    >>> phq9_score(pd.DataFrame([[1] * 9, [1] * 7 + [None] * 2])).iloc[:, :2].to_numpy().tolist()
    [[9.0, 'mild'], [9.0, 'mild']]
    """
    read = PHQ.read(items)
    total = 9 * mean_of_answered(read, PHQ.items, PHQ.scales[0].needs)
    frame = {"phq9": total, "phq9_severity": severity(total), "phq9_item9": read["9"].to_numpy()}
    return pd.DataFrame(frame, index=read.index)


def severity(total: np.ndarray) -> pd.Categorical:
    """Band of a total (Kroenke 2001, table 3): 5 mild, 10 moderate, 15 moderately severe, 20 severe.

    >>> severity(np.array([4, 5, 20])).tolist()
    ['none or minimal', 'mild', 'severe']
    """
    total = np.asarray(total, dtype=float).round(9)
    codes = np.searchsorted(list(BANDS.values()), total, side="right") - 1
    return pd.Categorical.from_codes(np.where(np.isnan(total), -1, codes), list(BANDS), ordered=True)


def mlhfq_score(items: pd.DataFrame) -> pd.DataFrame:
    """Return `mlhfq` (0-105), `mlhfq_physical` (0-40), `mlhfq_emotional` (0-25): lower is better.

    NaN where an item of the scale is missing.

    >>> mlhfq_score(pd.DataFrame([[1] * 21, [1] * 20 + [None]])).T.to_numpy().tolist()
    [[21.0, nan], [8.0, 8.0], [5.0, nan]]
    """
    read = MINNESOTA.read(items)
    sums = {one.column: read[list(one.items)].sum(axis=1, skipna=False) for one in MINNESOTA.scales}
    return pd.DataFrame(sums)


def vas_score(items: pd.DataFrame) -> pd.DataFrame:
    """Return `eq_vas` (0-100, higher is better); missing stays missing, other numbers are refused.

    >>> vas_score(pd.DataFrame({"vas": ["75", ""]}))["eq_vas"].tolist()
    [75.0, nan]
    """
    return VAS.read(items, noun="rating").set_axis(["eq_vas"], axis=1)


OHS, OKS = (
    one._replace(answers=partial(oxford_answers, one), score=partial(oxford_score, one), options=("coding",))
    for one in (HIP, KNEE)
)
PHQ_9 = PHQ._replace(answers=PHQ.read, score=phq9_score)
MLHFQ = MINNESOTA._replace(answers=MINNESOTA.read, score=mlhfq_score)
EQ_VAS = VAS._replace(answers=partial(VAS.read, noun="rating"), score=vas_score)


FFT_FORM, COLLABORATE_FORM, PPE15_FORM = map(described, ("fft", "collaborate", "ppe15"))


def fft_score(items: pd.DataFrame) -> pd.DataFrame:
    """Return `fft_positive` and `fft_negative` per respondent, 1 or 0 ("don't know" is 0 in both).

    Answers: 1 very good, 2 good, 3 neither, 4 poor, 5 very poor, 6 don't know.

    >>> fft_score(pd.DataFrame({"fft": [2, 5, 6]})).to_numpy().tolist()
    [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    """
    read = FFT_FORM.read(items, noun="answer")["fft"]
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
    return mean._replace(max=high, unit=f"points (0-{high})"), top


def ppe15_answers(items: pd.DataFrame) -> pd.DataFrame:
    """Return the 15 answers as problem (1) or none (0).

    >>> ppe15_answers(pd.DataFrame([[1] * 15])).sum(axis=1).tolist()
    [15.0]
    """
    hint = "code each answer as problem (1) or none (0) first, as the paper's table says"
    return PPE15_FORM.read(items, lambda found, low, high: hint)


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


FFT = FFT_FORM._replace(answers=partial(FFT_FORM.read, noun="answer"), score=fft_score)
COLLABORATE = COLLABORATE_FORM._replace(
    answers=collaborate_answers, score=collaborate_score, options=("high",),
    scales_for=collaborate_scales,
)  # fmt: skip
PPE_15 = PPE15_FORM._replace(answers=ppe15_answers, score=ppe15_score)
