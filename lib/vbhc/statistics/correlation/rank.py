"""Spearman's rho and Kendall's tau-b, with p-values and intervals that hold with many ties."""

from collections.abc import Iterable
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.statistics.correlation.dominance import kendall_leave_one_out, twice_mid_ranks
from vbhc.statistics.samples import Pairs, complete_pairs, readable, tie_share, why_no_answer

NOTHING = (np.nan,) * 4


def spearman(x: pd.Series, y: pd.Series, ci_level: float = 0.95) -> pd.DataFrame:
    """Return Spearman's rank correlation of two columns with its interval, as one row.

    Parameters
    ----------
    x, y : Series
        Numbers or ordered categories on one index. Rows in which either is missing are left out and counted.
    ci_level : float
        Confidence level of the interval (Bonett & Wright 2000, doi 10.1007/BF02294183: variance
        (1 + r^2/2)/(n - 3) of Fisher's z).

    Returns
    -------
    DataFrame
        One row: `x, y, coefficient, estimate, low, high, ci_level, p, n, n_missing,
        ties_x, ties_y, method, reason`. When there is no answer (a constant column, fewer than four pairs)
        the numbers are NaN and `reason` says why; where only the interval does not exist, its ends are NaN
        and `reason` says why.

    Raises
    ------
    ValueError
        If the indexes differ, or a value is infinite.

    Notes
    -----
    `p` is two-sided: exact for up to nine pairs without ties, the Edgeworth series of Best & Roberts
    (1975, AS 89) up to 1,290 without ties, otherwise Student's t. It answers "is there any monotone
    relation", never "is there none": see `equivalence` for that.

    Examples
    --------
    By hand, 1 - 6 x 4 / (5 x 24); p as R's cor.test.

    >>> row = spearman(pd.Series([1, 2, 3, 4, 5]), pd.Series([2, 1, 4, 3, 5]))
    >>> row[["estimate", "p"]].round(4).to_numpy().tolist()
    [[0.8, 0.1333]]
    >>> spearman(pd.Series([1, 1, 1, 1]), pd.Series([1, 2, 3, 4])).loc[0, "reason"][:38]
    'All 4 patients have the same x, so it '
    """
    pairs = complete_pairs(x, y)
    reason, numbers = why_no_answer(pairs), NOTHING
    if not reason:
        estimate = spearman_rho(pairs.x, pairs.y)
        ends = fisher_interval(estimate, standard_error_of_z(estimate, pairs.n), ci_level)
        numbers = (estimate, *ends, spearman_p(pairs, estimate))
    return correlation_row(pairs, "spearman", "bonett-wright", ci_level, numbers, reason)


def kendall(x: pd.Series, y: pd.Series, ci_level: float = 0.95) -> pd.DataFrame:
    """Return Kendall's tau-b of two columns with an interval that is right with ties, as one row.

    Rows in which either side is missing are left out and counted.

    Parameters
    ----------
    x, y, ci_level
        As in `spearman`.

    Returns
    -------
    DataFrame
        One row, as `spearman`; `method` is "jackknife".

    Notes
    -----
    The interval comes from exact leave-one-out values: standard error on Fisher's z scale, Student's t.
    Intervals made for Pearson's r are about 1.5 times too wide for tau. `p` is exact without ties for up
    to 49 pairs, otherwise the normal approximation with the variance corrected for ties.

    Examples
    --------
    By hand, (8 - 2) / 10; p as R's cor.test.

    >>> row = kendall(pd.Series([1, 2, 3, 4, 5]), pd.Series([2, 1, 4, 3, 5]))
    >>> row[["estimate", "p"]].round(4).to_numpy().tolist()
    [[0.6, 0.2333]]
    """
    pairs = complete_pairs(x, y)
    if reason := why_no_answer(pairs):
        return correlation_row(pairs, "kendall", "jackknife", ci_level, reason=reason)
    untied = tie_share(pairs.x) == 0 and tie_share(pairs.y) == 0
    result = stats.kendalltau(pairs.x, pairs.y, method="exact" if untied and pairs.n < 50 else "asymptotic")
    estimate = float(np.clip(result.statistic, -1, 1))
    low, high = jackknife_interval(estimate, kendall_leave_one_out(pairs.x, pairs.y), ci_level)
    numbers = (estimate, low, high, float(result.pvalue))
    reason = _why_no_interval(pairs, low)
    return correlation_row(pairs, "kendall", "jackknife", ci_level, numbers, reason)


def _why_no_interval(pairs: Pairs, low: float) -> str:
    """Return why a correlation that exists has no interval, or "" where it has one."""
    if not np.isnan(low):
        return ""
    for values, name in ((pairs.x, pairs.x_name), (pairs.y, pairs.y_name)):
        if np.unique(values, return_counts=True)[1].max() == pairs.n - 1:
            same = f"All patients but one have the same {readable(name)}"
            return f"{same}, so that the correlation hangs on one patient and has no interval."
    return f"The jackknife method gives no interval for these {pairs.n:,} patients."


def spearman_rho(x: np.ndarray, y: np.ndarray) -> float:
    """Return Spearman's rho of two complete arrays, from whole-number ranks.

    >>> round(spearman_rho(np.array([1, 2, 3, 4, 5]), np.array([2, 1, 4, 3, 5])), 6)
    0.8
    """
    rank_x, rank_y = (twice_mid_ranks(v).astype(float) - (len(v) + 1) for v in (x, y))
    scale = np.sqrt((rank_x**2).sum()) * np.sqrt((rank_y**2).sum())
    return float(np.clip((rank_x * rank_y).sum() / scale, -1, 1))


def spearman_of_each(fixed: np.ndarray, columns: Iterable[np.ndarray]) -> np.ndarray:
    """Return Spearman's rho of a fixed column with each of many, all complete; 0 where one is constant.

    >>> spearman_of_each(np.array([1, 2, 3]), [np.array([1, 2, 3]), np.array([2, 2, 2])]).round(6).tolist()
    [1.0, 0.0]
    """
    middle = len(fixed) + 1
    rank = twice_mid_ranks(fixed).astype(float) - middle
    scale, found = np.sqrt((rank**2).sum()), []
    for column in columns:
        other = twice_mid_ranks(column).astype(float) - middle
        both = scale * np.sqrt((other**2).sum())
        found.append((rank * other).sum() / both if both > 0 else 0.0)
    return np.array(found)


def correlation_row(
    pairs: Pairs, coefficient: str, method: str, ci_level: float, numbers: tuple = NOTHING, reason: str = ""
) -> pd.DataFrame:
    """Return the one row that every coefficient of two columns gives; `numbers`: estimate, ends, p."""
    row: dict[str, Any] = {"x": pairs.x_name, "y": pairs.y_name, "coefficient": coefficient}
    estimate, low, high, p = numbers
    row |= {"estimate": estimate, "low": low, "high": high, "ci_level": ci_level}
    row |= {"p": p, "n": pairs.n, "n_missing": pairs.n_missing}
    row |= {"ties_x": tie_share(pairs.x), "ties_y": tie_share(pairs.y), "method": method, "reason": reason}
    return pd.DataFrame([row])


MOST_EXACT = 9  # 9! = 362,880 orders are enumerated
MOST_EDGEWORTH = 1290


def spearman_p(pairs: Pairs, rho: float) -> float:
    """Return the two-sided p of Spearman's rho.

    As R's cor.test(1:5, c(2, 1, 4, 3, 5), method = "spearman"): 0.1333.

    >>> round(spearman_p(Pairs(np.arange(5), np.array([2, 1, 4, 3, 5]), 0, "x", "y"), 0.8), 4)
    0.1333
    """
    n = pairs.n
    if n <= MOST_EDGEWORTH and tie_share(pairs.x) == 0 and tie_share(pairs.y) == 0:
        return _exact_spearman_p(rho, n) if n <= MOST_EXACT else _edgeworth_p(rho, n)
    if abs(rho) >= 1:
        return 0.0
    t = rho * np.sqrt((n - 2) / (1 - rho**2))
    return float(2 * stats.t.sf(abs(t), n - 2))


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


def around_z(r: float, half: float) -> tuple[float, float]:
    """Return the interval that reaches `half` to both sides of r on Fisher's z scale.

    >>> around_z(0.0, 0.0), [round(end, 4) for end in around_z(0.0, 1.0)]  # the tanh of 1
    ((0.0, 0.0), [-0.7616, 0.7616])
    """
    return float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half))


def fisher_interval(r: float, standard_error: float, ci_level: float) -> tuple[float, float]:
    """Return the interval that is symmetric on Fisher's z scale; at r = 1 or -1 it is that point.

    >>> [round(end, 3) for end in fisher_interval(0.0, 0.5, 0.95)]  # the tanh of 0.98
    [-0.753, 0.753]
    """
    return (r, r) if abs(r) >= 1 else around_z(r, stats.norm.ppf((1 + ci_level) / 2) * standard_error)


def standard_error_of_z(r: float, n: float) -> float:
    """Return the standard error of Fisher's z for a rank correlation of n pairs (Bonett & Wright 2000).

    >>> standard_error_of_z(0.0, 28)  # 1 / root of 25
    0.2
    """
    return float(np.sqrt((1 + r**2 / 2) / (n - 3)))


def jackknife_interval(estimate: float, without_each: np.ndarray, level: float) -> tuple[float, float]:
    """Return the jackknife interval of a correlation on Fisher's z scale, with n - 1 degrees of freedom.

    >>> jackknife_interval(1.0, np.array([1.0, 1.0, 1.0]), 0.95)
    (1.0, 1.0)
    """
    n = len(without_each)
    if abs(estimate) >= 1 or np.isnan(without_each).any():
        return (estimate, estimate) if abs(estimate) >= 1 else (float("nan"), float("nan"))
    error = np.sqrt((n - 1) / n * ((without_each - without_each.mean()) ** 2).sum()) / (1 - estimate**2)
    return around_z(estimate, stats.t.ppf((1 + level) / 2, n - 1) * error)
