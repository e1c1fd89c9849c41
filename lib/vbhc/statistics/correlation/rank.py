"""Spearman's rho and Kendall's tau-b with intervals that hold for ordinal answers with many ties."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.problems import did_you_mean
from vbhc.statistics import resampling
from vbhc.statistics.correlation.dominance import (
    kendall_leave_one_out,
    spearman_leave_one_out,
    twice_mid_ranks,
)
from vbhc.statistics.correlation.fisher_z import fisher_interval, jackknife_interval, standard_error_of_z
from vbhc.statistics.correlation.p_values import spearman_p
from vbhc.statistics.correlation.replicates import spearman_replicates
from vbhc.statistics.samples import Pairs, complete_pairs, tie_share, why_no_answer
from vbhc.statistics.words import readable

SPEARMAN_METHODS = ("bonett-wright", "fisher", "fieller", "bootstrap", "bca")
NOTHING = (np.nan,) * 4


def spearman(
    x: pd.Series,
    y: pd.Series,
    ci_level: float = 0.95,
    method: str = "bonett-wright",
    n_resamples: int = 10_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Return Spearman's rank correlation of two columns with its interval, as one row.

    Parameters
    ----------
    x, y : Series
        Numbers or ordered categories on one index. Rows in which either is missing are left out and counted.
    ci_level : float
        Confidence level of the interval.
    method : str
        "bonett-wright" (Bonett & Wright 2000, doi 10.1007/BF02294183: variance (1 + r^2/2)/(n - 3) of
        Fisher's z), "fisher" (variance 1/(n - 3)), "fieller" (1.06/(n - 3)), "bootstrap" (percentile) or
        "bca".
    n_resamples, seed : int
        Of the bootstrap only.

    Returns
    -------
    DataFrame
        One row: `x, y, coefficient, estimate, low, high, ci_level, p, p_method, n, n_missing,
        ties_x, ties_y, method, reason`. When there is no answer (a constant column, fewer than four pairs)
        the numbers are NaN and `reason` says why; where only the interval does not exist, its ends are NaN
        and `reason` says why.

    Raises
    ------
    ValueError
        If the indexes differ, a value is infinite, or the method is unknown.

    Notes
    -----
    `p` is two-sided: exact for up to nine pairs without ties, the Edgeworth series of Best & Roberts
    (1975, AS 89) up to 1,290 without ties, otherwise Student's t. It answers "is there any monotone
    relation", never "is there none": see `equivalence` for that.

    Examples
    --------
    By hand, 1 - 6 x 4 / (5 x 24); p as R's cor.test.

    >>> row = spearman(pd.Series([1, 2, 3, 4, 5]), pd.Series([2, 1, 4, 3, 5]))
    >>> row[["estimate", "p", "p_method"]].round(4).to_numpy().tolist()
    [[0.8, 0.1333, 'exact']]
    >>> spearman(pd.Series([1, 1, 1, 1]), pd.Series([1, 2, 3, 4])).loc[0, "reason"][:38]
    'All 4 patients have the same x, so it '
    """
    if method not in SPEARMAN_METHODS:
        raise ValueError(f"unknown method {method!r}; {did_you_mean(method, SPEARMAN_METHODS)}")
    pairs = complete_pairs(x, y)
    reason = why_no_answer(pairs)
    if reason:
        return correlation_row(pairs, "spearman", method, ci_level, reason=reason)
    estimate = spearman_rho(pairs.x, pairs.y)
    low, high = _spearman_interval(pairs, estimate, ci_level, method, n_resamples, seed)
    p, p_method = spearman_p(pairs, estimate)
    numbers = (estimate, low, high, p)
    reason = _why_no_interval(pairs, low, method)
    return correlation_row(pairs, "spearman", method, ci_level, numbers, p_method, reason)


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
    reason = why_no_answer(pairs)
    if reason:
        return correlation_row(pairs, "kendall", "jackknife", ci_level, reason=reason)
    estimate = float(np.clip(stats.kendalltau(pairs.x, pairs.y, method="asymptotic").statistic, -1, 1))
    low, high = jackknife_interval(estimate, kendall_leave_one_out(pairs.x, pairs.y), ci_level)
    untied = tie_share(pairs.x) == 0 and tie_share(pairs.y) == 0
    p_method = "exact" if untied and pairs.n < 50 else "asymptotic"
    result = stats.kendalltau(pairs.x, pairs.y, method=p_method)
    shown = "exact" if p_method == "exact" else "normal, corrected for ties"
    numbers = (float(np.clip(result.statistic, -1, 1)), low, high, float(result.pvalue))
    reason = _why_no_interval(pairs, low, "jackknife")
    return correlation_row(pairs, "kendall", "jackknife", ci_level, numbers, shown, reason)


def _why_no_interval(pairs: Pairs, low: float, method: str) -> str:
    """Return why a correlation that exists has no interval, or "" where it has one."""
    if not np.isnan(low):
        return ""
    for values, name in ((pairs.x, pairs.x_name), (pairs.y, pairs.y_name)):
        if np.unique(values, return_counts=True)[1].max() == pairs.n - 1:
            same = f"All patients but one have the same {readable(name)}"
            return f"{same}, so that the correlation hangs on one patient and has no interval."
    return f"The {method} method gives no interval for these {pairs.n:,} patients."


def spearman_rho(x: np.ndarray, y: np.ndarray) -> float:
    """Return Spearman's rho of two complete arrays, from whole-number ranks.

    >>> round(spearman_rho(np.array([1, 2, 3, 4, 5]), np.array([2, 1, 4, 3, 5])), 6)
    0.8
    """
    rank_x, rank_y = (twice_mid_ranks(v).astype(float) - (len(v) + 1) for v in (x, y))
    scale = np.sqrt((rank_x**2).sum()) * np.sqrt((rank_y**2).sum())
    return float(np.clip((rank_x * rank_y).sum() / scale, -1, 1))


def _spearman_interval(
    pairs: Pairs, estimate: float, level: float, method: str, n_resamples: int, seed: int
) -> tuple[float, float]:
    if method not in ("bootstrap", "bca"):
        return fisher_interval(estimate, standard_error_of_z(estimate, pairs.n, method), level)
    replicates = spearman_replicates(pairs.x, pairs.y, n_resamples, seed)
    if method == "bootstrap":
        return resampling.percentile_interval(replicates, level)
    return resampling.bca_interval(replicates, estimate, spearman_leave_one_out(pairs.x, pairs.y), level)


def correlation_row(
    pairs: Pairs,
    coefficient: str,
    method: str,
    ci_level: float,
    numbers: tuple[float, float, float, float] = NOTHING,
    p_method: str = "",
    reason: str = "",
) -> pd.DataFrame:
    """Return the one row that every coefficient of two columns gives; `numbers`: estimate, ends, p."""
    row: dict[str, Any] = {"x": pairs.x_name, "y": pairs.y_name, "coefficient": coefficient}
    estimate, low, high, p = numbers
    row |= {"estimate": estimate, "low": low, "high": high, "ci_level": ci_level}
    row |= {"p": p, "p_method": p_method, "n": pairs.n, "n_missing": pairs.n_missing}
    row |= {"ties_x": tie_share(pairs.x), "ties_y": tie_share(pairs.y), "method": method, "reason": reason}
    return pd.DataFrame([row])
