"""Score the Oxford Hip Score and Oxford Knee Score: 12 items, 0 (worst) to 4 (best), sum 0-48.

Rules: Murray 2007, J Bone Joint Surg Br 89:1010-4 (scoring 0-48, missing answers: up to two take the mean of
the person's other answers). Knee subscales: Harris 2013, Qual Life Res 22:2561-8.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.instrument import BETWEEN, GROUP, INDIVIDUAL, Instrument, Mcid, Scale
from vbhc.instruments.means import mean_of_answered, to_100

HIP, KNEE = "Oxford Hip Score", "Oxford Knee Score"
ITEMS = tuple(str(number) for number in range(1, 13))
PAIN = ("1", "4", "5", "6", "8", "9", "10")
FUNCTION = ("2", "3", "7", "11", "12")
CODINGS = {"0-4": (0, 4), "1-5": (1, 5)}
LICENCE = "licence from Oxford University Innovation, free for publicly funded care; no item text here"


def answers(label: str, items: pd.DataFrame, coding: str = "0-4") -> pd.DataFrame:
    """Return the 12 answers as 0 (worst) to 4 (best); `label` names the score in messages.

    Raises ValueError for an unknown coding, and for answers outside it.

    >>> answers("Oxford Hip Score", pd.DataFrame([[1] * 11 + [None]]), "1-5").iloc[0, -2:].tolist()
    [4.0, nan]
    """
    if coding not in CODINGS:
        raise ValueError(f"coding must be one of {', '.join(map(repr, CODINGS))}; found {coding!r}")
    read = read_answers(items, ITEMS, [CODINGS[coding]] * 12, label, _guess)
    return read if coding == "0-4" else 5 - read


def _guess(found: set[float], low: int, high: int) -> str:
    if found == {5.0}:
        return "is this the old coding, 1 (best) to 5 (worst)? Pass coding='1-5'"
    return "9 is how NHS PROMs code a missing answer; turn it into NaN first" if found == {9.0} else ""


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

    Examples
    --------
    By hand: ten answers with a sum of 23, so 12 x 2.3.

    >>> score_hip(pd.DataFrame([[None, None, 4, 4, 3, 3, 2, 2, 2, 1, 1, 1]]))["ohs"].round(1).tolist()
    [27.6]
    """
    read = answers(HIP, items, coding)
    return pd.DataFrame({"ohs": _total(read)}, index=read.index)


def score_knee(items: pd.DataFrame, coding: str = "0-4") -> pd.DataFrame:
    """Score the Oxford Knee Score: `oks` as `score_hip`; `oks_pain`, `oks_function` 0-100.

    The subscales are given for complete answers only: no published rule fills them in.

    >>> score_knee(pd.DataFrame([[2] * 12, [2] * 11 + [None]])).to_numpy().tolist()
    [[24.0, 50.0, 50.0], [24.0, 50.0, nan]]
    """
    read = answers(KNEE, items, coding)
    scores = {"oks": _total(read)}
    for name, codes in (("oks_pain", PAIN), ("oks_function", FUNCTION)):
        scores[name] = to_100(mean_of_answered(read, codes, len(codes)), 0, 4)
    return pd.DataFrame(scores, index=read.index)


def _total(read: pd.DataFrame) -> np.ndarray:
    return 12 * mean_of_answered(read, ITEMS, 10)


def _mcids(stem: str, individual: float, group: float) -> tuple[Mcid, ...]:
    beard = "Beard 2015, J Clin Epidemiol 68:73-9, doi 10.1016/j.jclinepi.2014.08.009"
    return (
        Mcid(stem, individual, INDIVIDUAL, beard),
        Mcid(stem, group, GROUP, beard),
        Mcid(stem, 5, BETWEEN, beard, label="minimal important difference"),
    )


def _share(column: str, name: str, codes: tuple[str, ...]) -> Scale:
    return Scale(column, name, 0, 100, unit="points (0-100)", items=codes, needs=len(codes))


def _sum(column: str, name: str) -> Scale:
    return Scale(column, name, 0, 48, unit="points (0-48)", items=ITEMS, needs=10)


OHS = Instrument(
    "ohs", HIP, "12 items, 0-48", ITEMS, ((0, 4),) * 12, (_sum("ohs", HIP),), licence=LICENCE,
    source="Murray 2007, J Bone Joint Surg Br 89:1010-4", answers=partial(answers, HIP), score=score_hip,
    options=("coding",), mcids=_mcids("ohs", 8, 11),
)  # fmt: skip
OKS = Instrument(
    "oks", KNEE, "12 items, 0-48", ITEMS, ((0, 4),) * 12,
    (_sum("oks", KNEE), _share("oks_pain", f"{KNEE} pain", PAIN),
     _share("oks_function", f"{KNEE} function", FUNCTION)),
    licence=LICENCE,
    source="Murray 2007, J Bone Joint Surg Br 89:1010-4; Harris 2013, Qual Life Res 22:2561-8",
    answers=partial(answers, KNEE), score=score_knee, options=("coding",), mcids=_mcids("oks", 7, 9),
)  # fmt: skip
