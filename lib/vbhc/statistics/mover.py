"""The interval of a difference from the intervals of its two parts."""

from collections.abc import Sequence

import numpy as np


def mover(first: Sequence[float], second: Sequence[float]) -> tuple[float, float, float]:
    """Return the difference of two independent estimates with its interval, from each one's own.

    Parameters
    ----------
    first, second : (estimate, low, high)
        NaN in any of them gives NaN.

    Notes
    -----
    Zou and Donner 2008 (Stat Med 27:1693-702), the method of variance estimates recovery: the distances to
    the ends are added as squares. Of two shares with Wilson's intervals it is Newcombe's interval.

    >>> [round(end, 2) for end in mover((10, 7, 13), (5, 1, 9))]
    [5, 0.0, 10.0]
    """
    (a, a_low, a_high), (b, b_low, b_high) = first, second
    below, above = np.hypot(a - a_low, b_high - b), np.hypot(a_high - a, b - b_low)
    return a - b, float(a - b - below), float(a - b + above)
