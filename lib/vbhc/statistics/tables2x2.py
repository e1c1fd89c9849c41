"""Exact comparison of two small groups: k of n interviewees here against k of n there."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

_SAME = 1e-7  # relative: two tables that differ by less are equally likely (R's fisher.test uses it too)


def _check(k1: int, n1: int, k2: int, n2: int) -> None:
    if not (0 <= k1 <= n1 and 0 <= k2 <= n2 and n1 > 0 and n2 > 0):
        raise ValueError(f"need 0 <= k <= n and n > 0 in both groups; found {k1} of {n1} and {k2} of {n2}")


@lru_cache(maxsize=4096)
def _probabilities(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float]:
    """Return P(tables less likely than the observed) and P(tables equally likely), margins fixed."""
    total = k1 + k2
    possible = np.arange(max(0, total - n2), min(n1, total) + 1)
    likely = stats.hypergeom.pmf(possible, n1 + n2, total, n1)
    observed = likely[possible == k1][0]
    same = np.abs(likely / observed - 1) <= _SAME
    return float(likely[(likely < observed) & ~same].sum()), float(likely[same].sum())


def fisher_p(k1: int, n1: int, k2: int, n2: int) -> float:
    """Return Fisher's two-sided exact p: all tables no more likely than the observed one.

    Fisher's tea: 3 of 4 against 1 of 4; as R's fisher.test.

    >>> round(fisher_p(3, 4, 1, 4), 4)
    0.4857
    """
    _check(k1, n1, k2, n2)
    return min(1.0, sum(_probabilities(k1, n1, k2, n2)))


def mid_p(k1: int, n1: int, k2: int, n2: int) -> float:
    """Return the two-sided mid-p: P(less likely) + half of P(equally likely), the observed table among them.

    Less conservative than Fisher at small n; its true size can pass alpha a little (Lancaster 1961). Another
    definition halves the observed table only and differs when a second table is equally likely. Where nobody
    or everybody raised the code there is one possible table, nothing to compare, and p is 1, not half.

    By hand: tables less likely 2/70, equally likely 32/70, of which half.

    >>> round(mid_p(3, 4, 1, 4), 6) == round((2 + 16) / 70, 6)
    True
    """
    _check(k1, n1, k2, n2)
    if k1 + k2 in (0, n1 + n2):
        return 1.0
    less, same = _probabilities(k1, n1, k2, n2)
    return less + same / 2


def wilson(k: float, n: float, ci_level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's interval of a proportion (no continuity correction); NaN without observations.

    As R's prop.test(8, 10, correct = FALSE).

    >>> [round(end, 3) for end in wilson(8, 10)]
    [0.49, 0.943]
    """
    if n == 0:
        return math.nan, math.nan
    low, high = proportion_confint(k, n, alpha=1 - ci_level, method="wilson")
    return (0.0 if k == 0 else float(low)), (1.0 if k == n else float(high))


def newcombe(k1: int, n1: int, k2: int, n2: int, ci_level: float = 0.95) -> tuple[float, float]:
    """Return the interval of a difference of proportions, Newcombe 1998 method 10 (from Wilson limits).

    Newcombe 1998, table II, example (a), method 10: 0.0524 to 0.3339.

    >>> [round(end, 4) for end in newcombe(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    _check(k1, n1, k2, n2)
    low, high = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", alpha=1 - ci_level)
    return float(low), float(high)


def reachability(n1: int, n2: int, alpha: float = 0.05) -> pd.DataFrame:
    """Return what a sample of this size could have shown at all.

    Returns
    -------
    DataFrame
        One row per count `k_second` of group 2: `k_first_fisher`, the smallest larger count of group 1 whose
        two-sided p is at most alpha, missing where no count reaches it.

    Examples
    --------
    >>> reachability(4, 4)["k_first_fisher"].tolist()  # only 4 against 0 reaches p = .03
    [4, <NA>, <NA>, <NA>, <NA>]
    """
    rows = []
    for k2 in range(n2 + 1):
        more = range(k2 * n1 // n2 + 1, n1 + 1)
        rows.append((k2, next((k1 for k1 in more if fisher_p(k1, n1, k2, n2) <= alpha), None)))
    return pd.DataFrame(rows, columns=["k_second", "k_first_fisher"]).astype("Int64")


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
