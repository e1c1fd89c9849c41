"""A series of months on an XmR chart: which points are more than the usual coming and going.

Rule sets differ between tools (six points in a row or seven, screened moving ranges or not), and so do their
verdicts on one series: `RULES` names them, and a page prints which it took.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

SIGMAS, SCREEN = 2.66, 3.267  # Wheeler: 3 / d2 and D4 of two points, d2 = 1.128
FEWEST = 12  # points below which limits are trial limits


@dataclass(frozen=True)
class Rules:
    """How a series is read: points in a row on one side (`run`) or in one direction (`trend`)."""

    run: int
    trend: int
    screened: bool
    words: str


RULES = {
    "seven points": Rules(7, 7, False, "7 on one side, 7 rising or falling, moving ranges as they are"),
    "seven points, screened": Rules(7, 7, True, "the same, without moving ranges beyond their own limit"),
    "six points, screened": Rules(6, 6, True, "6 on one side, 6 rising or falling, screened"),
}


def xmr_limits(values: np.ndarray, screened: bool = False) -> tuple[float, float, float]:
    """Return mean, lower and upper limit: mean -+ 2.66 x the mean moving range.

    Screened, moving ranges beyond 3.267 times their mean are left out first. A series that never moves has
    its limits at its mean (not NaN).

    >>> [round(x, 2) for x in xmr_limits(np.arange(1.0, 11))]
    [5.5, 2.84, 8.16]
    """
    moves = np.abs(np.diff(values))
    if screened:
        moves = moves[moves <= SCREEN * moves.mean()] if len(moves) else moves
    reach = SIGMAS * float(moves.mean()) if len(moves) else np.nan
    middle = float(np.mean(values))
    return middle, middle - reach, middle + reach


def xmr(values: pd.Series, rules: Rules, starts: Sequence[int] = ()) -> pd.DataFrame:
    """Return a series with its limits and what each point tells: `value, mean, low, high, signal, trial`.

    Parameters
    ----------
    values : Series
        In the order of time, none missing.
    starts : sequence of int
        Places at which limits are worked out anew, because something is known to have changed there.

    Returns
    -------
    DataFrame
        On the index of `values`. `signal` is "", "beyond a limit", "run", "trend" or "two of three" (all
        three on one side of the mean, two of them in the outer third). `trial` where the limits rest on
        fewer than 12 points.
    """
    edges = pairwise([0, *sorted(starts), len(values)])
    return pd.concat([_part(values.iloc[a:b], rules) for a, b in edges if b > a])


def _part(values: pd.Series, rules: Rules) -> pd.DataFrame:
    numbers = values.to_numpy(dtype=float)
    middle, low, high = xmr_limits(numbers, rules.screened)
    third = (high - middle) * 2 / 3
    marks = {
        "two of three": _two_of_three(numbers - middle, third),
        "trend": _runs(np.sign(np.diff(numbers, prepend=np.nan)), rules.trend - 1, back=1),
        "run": _runs(np.sign(numbers - middle), rules.run),
        "beyond a limit": (numbers < low) | (numbers > high),
    }
    signal = np.full(len(numbers), "", dtype=object)
    for name, where in marks.items():
        signal[where] = name
    row = {"value": numbers, "mean": middle, "low": low, "high": high, "signal": signal}
    return pd.DataFrame({**row, "trial": len(numbers) < FEWEST}, index=values.index)


def _runs(signs: np.ndarray, length: int, back: int = 0) -> np.ndarray:
    """Mark the points of every run of one sign that is long enough; `back` more before it."""
    marked = np.zeros(len(signs), dtype=bool)
    for run in np.split(np.arange(len(signs)), np.flatnonzero(signs[1:] != signs[:-1]) + 1):
        if len(run) >= length and abs(signs[run[0]]) == 1:
            marked[max(run[0] - back, 0) : run[-1] + 1] = True
    return marked


def _two_of_three(apart: np.ndarray, third: float) -> np.ndarray:
    marked = np.zeros(len(apart), dtype=bool)
    for place in range(2, len(apart)):
        last = apart[place - 2 : place + 1]
        far = np.abs(last) > third
        if abs(np.sign(last).sum()) == 3 and far.sum() >= 2:
            marked[place - 2 : place + 1] |= far
    return marked


def assurance(low: float, high: float, target: float, higher_is_better: bool = True) -> str:
    """Return what limits say of a target: "will be met", "will not be met" or "met or missed by chance".

    >>> assurance(2, 8, 1), assurance(2, 8, 5), assurance(2, 8, 9)
    ('will be met', 'met or missed by chance', 'will not be met')
    """
    if low <= target <= high:
        return "met or missed by chance"
    return "will be met" if (target < low) == higher_is_better else "will not be met"
