"""Score the Oxford Hip Score and Oxford Knee Score: 12 items, 0 (worst) to 4 (best), sum 0-48.

Rules: Murray 2007, J Bone Joint Surg Br 89:1010-4 (scoring 0-48, missing answers: up to two take the mean of
the person's other answers). Knee subscales: Harris 2013, Qual Life Res 22:2561-8.
"""

from functools import partial

import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.described import described, offered
from vbhc.instruments.instrument import Description
from vbhc.instruments.means import mean_of_answered, to_100

HIP, KNEE = described("ohs"), described("oks")
CODINGS = {"0-4": (0, 4), "1-5": (1, 5)}


def answers(form: Description, items: pd.DataFrame, coding: str = "0-4") -> pd.DataFrame:
    """Return the 12 answers as 0 (worst) to 4 (best).

    Raises ValueError for an unknown coding, and for answers outside it.

    >>> answers(HIP, pd.DataFrame([[1] * 11 + [None]]), "1-5").iloc[0, -2:].tolist()
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


def score(form: Description, items: pd.DataFrame, coding: str = "0-4") -> pd.DataFrame:
    """Score the Oxford Hip Score or the Oxford Knee Score.

    Parameters
    ----------
    form : Description
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

    >>> score(HIP, pd.DataFrame([[None, None, 4, 4, 3, 3, 2, 2, 2, 1, 1, 1]]))["ohs"].round(1).tolist()
    [27.6]
    >>> score(KNEE, pd.DataFrame([[2] * 12, [2] * 11 + [None]])).to_numpy().tolist()
    [[24.0, 50.0, 50.0], [24.0, 50.0, nan]]
    """
    read = answers(form, items, coding)
    scores = {}
    for scale in form.scales:
        mean = mean_of_answered(read, scale.items, scale.needs)
        scores[scale.column] = 12 * mean if scale.column == form.name else to_100(mean, 0, 4)
    return pd.DataFrame(scores, index=read.index)


OHS, OKS = (
    offered(form, answers=partial(answers, form), score=partial(score, form), options=("coding",))
    for form in (HIP, KNEE)
)
