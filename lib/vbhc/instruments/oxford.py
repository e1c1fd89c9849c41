"""Score the Oxford Hip Score and Oxford Knee Score: 12 items, 0 (worst) to 4 (best), sum 0-48.

Rules: Murray 2007, J Bone Joint Surg Br 89:1010-4 (scoring 0-48, missing answers: up to two take the mean of
the person's other answers). Knee subscales: Harris 2013, Qual Life Res 22:2561-8.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.instrument import BETWEEN, GROUP, INDIVIDUAL, Instrument, Mcid, Scale
from vbhc.instruments.means import mean_of_answered, to_100

ITEMS = tuple(str(number) for number in range(1, 13))
PAIN = ("1", "4", "5", "6", "8", "9", "10")
FUNCTION = ("2", "3", "7", "11", "12")
CODINGS = {"0-4": (0, 4), "1-5": (1, 5)}
LICENCE = "licence from Oxford University Innovation, free for publicly funded care; no item text here"


def _answers(items: pd.DataFrame, coding: str, label: str) -> pd.DataFrame:
    if coding not in CODINGS:
        raise ValueError(f"coding must be one of {', '.join(map(repr, CODINGS))}; found {coding!r}")
    read = read_answers(items, ITEMS, [CODINGS[coding]] * 12, label, _guess)
    return read if coding == "0-4" else 5 - read


def _guess(found: set[float], low: int, high: int) -> str:
    if found == {5.0}:
        return "is this the old coding, 1 (best) to 5 (worst)? Pass coding='1-5'"
    return "9 is how NHS PROMs code a missing answer; turn it into NaN first" if found == {9.0} else ""


def answers_hip(items: pd.DataFrame, coding: str = "0-4") -> pd.DataFrame:
    """Return the 12 answers as 0 (worst) to 4 (best)."""
    return _answers(items, coding, "Oxford Hip Score")


def answers_knee(items: pd.DataFrame, coding: str = "0-4") -> pd.DataFrame:
    """Return the 12 answers as 0 (worst) to 4 (best)."""
    return _answers(items, coding, "Oxford Knee Score")


def score_hip(items: pd.DataFrame, coding: str = "0-4") -> pd.DataFrame:
    """Score the Oxford Hip Score.

    Parameters
    ----------
    items : DataFrame
        12 columns, 0 (worst) to 4 (best). Where two boxes were ticked, enter the worse one.
    coding : str
        "0-4", or "1-5" for the old forms with 1 = best.

    Returns
    -------
    DataFrame
        `ohs`, 0-48, higher is better, unrounded. One or two missing answers take the mean of the others;
        three or more leave the score missing.
    """
    return pd.DataFrame({"ohs": _total(answers_hip(items, coding))}, index=_index(items))


def score_knee(items: pd.DataFrame, coding: str = "0-4") -> pd.DataFrame:
    """Score the Oxford Knee Score: `oks` as `score_hip`; `oks_pain`, `oks_function` 0-100.

    The subscales are given for complete answers only: no published rule fills them in.
    """
    read = answers_knee(items, coding)
    scores = {"oks": _total(read)}
    for name, codes in (("oks_pain", PAIN), ("oks_function", FUNCTION)):
        scores[name] = to_100(mean_of_answered(read, codes, len(codes)), 0, 4)
    return pd.DataFrame(scores, index=read.index)


def _index(items: pd.DataFrame) -> pd.Index:
    return items.index if isinstance(items, pd.DataFrame) else pd.RangeIndex(len(items))


def _total(read: pd.DataFrame) -> np.ndarray:
    return 12 * mean_of_answered(read, ITEMS, 10)


def from_12_60(total: pd.Series) -> pd.Series:
    """Turn a total of the old 12-60 scale (60 worst) into 0-48 (48 best): 60 minus it (Murray 2007)."""
    wrong = total[(total < 12) | (total > 60)]
    if len(wrong):
        raise ValueError(f"old Oxford totals are 12-60; found {', '.join(f'{v:g}' for v in wrong[:5])}")
    return 60 - total


def _mcids(stem: str, individual: float, group: float) -> tuple[Mcid, ...]:
    beard = "Beard 2015, J Clin Epidemiol 68:73-9, doi 10.1016/j.jclinepi.2014.08.009"
    return (
        Mcid(stem, individual, INDIVIDUAL, beard),
        Mcid(stem, group, GROUP, beard),
        Mcid(stem, 5, BETWEEN, beard, label="minimal important difference"),
    )


_HIP = (Scale("ohs", "Oxford Hip Score", 0, 48, unit="points (0-48)", items=ITEMS, needs=10),)
_KNEE = (
    Scale("oks", "Oxford Knee Score", 0, 48, unit="points (0-48)", items=ITEMS, needs=10),
    Scale("oks_pain", "Oxford Knee Score pain", 0, 100, unit="points (0-100)", items=PAIN, needs=7),
    Scale(
        "oks_function", "Oxford Knee Score function", 0, 100, unit="points (0-100)", items=FUNCTION, needs=5
    ),
)
OHS = Instrument(
    "ohs", "Oxford Hip Score", "12 items, 0-48", ITEMS, ((0, 4),) * 12, _HIP, licence=LICENCE,
    source="Murray 2007, J Bone Joint Surg Br 89:1010-4", answers=answers_hip, score=score_hip,
    options=("coding",), mcids=_mcids("ohs", 8, 11),
)  # fmt: skip
OKS = Instrument(
    "oks", "Oxford Knee Score", "12 items, 0-48", ITEMS, ((0, 4),) * 12, _KNEE, licence=LICENCE,
    source="Murray 2007, J Bone Joint Surg Br 89:1010-4; Harris 2013, Qual Life Res 22:2561-8",
    answers=answers_knee, score=score_knee, options=("coding",), mcids=_mcids("oks", 7, 9),
)  # fmt: skip
