"""A series of months on an XmR chart: which points are more than the usual coming and going.

Rule sets differ between tools (six points in a row or seven, screened moving ranges or not), and so do their
verdicts on one series: `RULES` names them, and a page prints which it took.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

SIGMAS, SCREEN = 2.66, 3.267  # Wheeler: 3 / d2 and D4 of two points, d2 = 1.128
FEWEST = 12  # points below which limits are trial limits


class Rules(NamedTuple):
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

    Screened, moving ranges beyond 3.267 times their mean are left out first, unless no move would be left. A
    series that never moves has its limits at its mean (not NaN).

    >>> [round(x, 2) for x in xmr_limits(np.arange(1.0, 11))]
    [5.5, 2.84, 8.16]
    """
    moves = np.abs(np.diff(values))
    if screened and len(moves):
        kept = moves[moves <= SCREEN * moves.mean()]
        moves = kept if kept.any() else moves
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
        On the index of `values`. `signal` is "", "beyond a limit", "trend", "two of three" (all three on one
        side of the mean, two of them in the outer third within the limits) or "run"; where a point gives
        several, the first of these. `trial` where the limits rest on fewer than 12 points.
    """
    edges = pairwise([0, *sorted(starts), len(values)])
    return pd.concat([_part(values.iloc[a:b], rules) for a, b in edges if b > a])


def _part(values: pd.Series, rules: Rules) -> pd.DataFrame:
    numbers, middle, low, high = _limited(values.to_numpy(dtype=float), rules.screened)
    signs, outside = np.sign(numbers - middle), (numbers < low) | (numbers > high)
    far = (np.abs(numbers - middle) > (high - middle) * 2 / 3) & ~outside
    marks = {
        "run": _runs(signs, rules.run),
        "two of three": _two_of_three(signs, far),
        "trend": _runs(np.sign(np.diff(numbers, prepend=np.nan)), rules.trend - 1, back=1),
        "beyond a limit": outside,
    }
    signal = np.full(len(numbers), "", dtype=object)
    for name, where in marks.items():
        signal[where] = name
    row = {"value": numbers, "mean": middle, "low": low, "high": high, "signal": signal}
    return pd.DataFrame({**row, "trial": len(numbers) < FEWEST}, index=values.index)


def _limited(values: np.ndarray, screened: bool) -> tuple[np.ndarray, float, float, float]:
    """Values with their limits to ten digits: means of the same number differ in the last ones."""
    places = 10 - int(np.ceil(np.log10(np.abs(values).max() or 1)))
    numbers = np.round(values, places)
    middle, low, high = (round(end, places) for end in xmr_limits(numbers, screened))
    return numbers, middle, low, high


def _runs(signs: np.ndarray, length: int, back: int = 0) -> np.ndarray:
    """Mark the points of every run of one sign that is long enough; `back` more before it."""
    marked = np.zeros(len(signs), dtype=bool)
    for run in np.split(np.arange(len(signs)), np.flatnonzero(signs[1:] != signs[:-1]) + 1):
        if len(run) >= length and abs(signs[run[0]]) == 1:
            marked[max(run[0] - back, 0) : run[-1] + 1] = True
    return marked


def _two_of_three(signs: np.ndarray, far: np.ndarray) -> np.ndarray:
    marked = np.zeros(len(signs), dtype=bool)
    for place in range(len(signs) - 2):
        three = slice(place, place + 3)
        if abs(signs[three].sum()) == 3 and far[three].sum() >= 2:
            marked[three] |= far[three]
    return marked


def assurance(low: float, high: float, target: float, higher_is_better: bool = True) -> str:
    """Return what limits say of a target: "will be met", "will not be met" or "met or missed by chance".

    >>> assurance(2, 8, 1), assurance(2, 8, 5), assurance(2, 8, 9)
    ('will be met', 'met or missed by chance', 'will not be met')
    """
    if low <= target <= high:
        return "met or missed by chance"
    return "will be met" if (target < low) == higher_is_better else "will not be met"
