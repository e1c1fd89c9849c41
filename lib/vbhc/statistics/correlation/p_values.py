"""The p-value of a rank correlation: exact for few pairs, a series for more, Student's t with ties."""

from itertools import permutations

import numpy as np
from scipy import stats

from vbhc.statistics.samples import Pairs, tie_share

MOST_EXACT = 9  # 9! = 362,880 orders are enumerated
MOST_EDGEWORTH = 1290


def spearman_p(pairs: Pairs, rho: float) -> tuple[float, str]:
    """Return the two-sided p of Spearman's rho and how it was found.

    As R's cor.test(1:5, c(2, 1, 4, 3, 5), method = "spearman"): 0.1333.

    >>> p, how = spearman_p(Pairs(np.arange(5), np.array([2, 1, 4, 3, 5]), 0, "x", "y"), 0.8)
    >>> round(p, 4), how
    (0.1333, 'exact')
    """
    n = pairs.n
    if n <= MOST_EDGEWORTH and tie_share(pairs.x) == 0 and tie_share(pairs.y) == 0:
        if n <= MOST_EXACT:
            return _exact_spearman_p(rho, n), "exact"
        return _edgeworth_p(rho, n), "Edgeworth series"
    if abs(rho) >= 1:
        return 0.0, "Student's t"
    t = rho * np.sqrt((n - 2) / (1 - rho**2))
    return float(2 * stats.t.sf(abs(t), n - 2)), "Student's t"


def _exact_spearman_p(rho: float, n: int) -> float:
    """Return the two-sided p of all n! orders, as twice the smaller tail."""
    orders = np.array(list(permutations(range(n))), dtype=np.int16)
    distances = ((orders - np.arange(n)) ** 2).sum(axis=1)
    observed = round((1 - rho) * (n**3 - n) / 6)
    tail = (distances <= observed).mean() if rho >= 0 else (distances >= observed).mean()
    return float(min(1.0, 2 * tail))


def _edgeworth_p(rho: float, n: int) -> float:
    """Return the two-sided p from the Edgeworth series of Spearman's statistic (Best & Roberts 1975, AS 89).

    By symmetry the upper tail is worked out for |rho|.
    """
    distance = round((1 - abs(rho)) * (n**3 - n) / 6)
    b = 1 / n
    x = (6 * (distance + 2 - 1) * b / (n**2 - 1) - 1) * np.sqrt(1 / b - 1)
    y = x**2
    high = 0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-4 * y)
    series = 0.2274 + b * (0.2531 + 0.1745 * b)
    series += y * (-0.0758 + b * (0.1033 + 0.3932 * b) - y * b * (0.0879 + 0.0151 * b - y * high))
    tail = stats.norm.cdf(x) - x * b * series / np.exp(y / 2)
    return float(min(1.0, 2 * np.clip(tail, 0, 1)))
