"""Differences between two correlations or two values, with intervals: of other patients, or of the same."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.statistics.correlation.fisher_z import standard_error_of_z


class Gap(NamedTuple):
    """A difference with its interval and the p of no difference."""

    difference: float
    difference_low: float
    difference_high: float
    p_unc: float


def around(difference: float, error: float, ci_level: float = 0.95) -> Gap:
    """Return the normal interval around a difference, and its p.

    >>> [round(float(x), 3) for x in around(1.96, 1.0)]
    [1.96, 0.0, 3.92, 0.05]
    """
    half = stats.norm.ppf((1 + ci_level) / 2) * error
    p = 2 * stats.norm.sf(abs(difference) / error) if error > 0 else np.nan
    return Gap(difference, difference - half, difference + half, float(p))


def of_others(r: tuple[float, float], n: tuple[int, int], ci_level: float = 0.95) -> Gap:
    """Return the difference of two rank correlations of different patients on Fisher's z scale.

    z1 - z2, with the variances of Bonett and Wright (2000) added. A correlation of 1 or -1 has no z: NaN.
    """
    if max(map(abs, r)) >= 1 or min(n) <= 3:
        return Gap(*[np.nan] * 4)
    first, second = (standard_error_of_z(one, size) for one, size in zip(r, n, strict=True))
    return around(float(np.arctanh(r[0]) - np.arctanh(r[1])), float(np.hypot(first, second)), ci_level)


def of_the_same(r: tuple[float, float], between: float, n: int, ci_level: float = 0.95) -> Gap:
    """Return the difference of the correlations of one measure with two others, in the same patients.

    On Fisher's z scale; Meng, Rosenthal & Rubin 1992, Psychol Bull 111:172, equations 1-3. `between` is the
    correlation of the two others.
    """
    if max(map(abs, r)) >= 1 or n <= 3:
        return Gap(*[np.nan] * 4)
    square = (r[0] ** 2 + r[1] ** 2) / 2
    f = min((1 - between) / (2 * (1 - square)), 1.0)
    h = (1 - f * square) / (1 - square)
    error = np.sqrt(2 * (1 - between) * h / (n - 3))
    return around(float(np.arctanh(r[0]) - np.arctanh(r[1])), float(error), ci_level)


def ratio_and_error(outcome: pd.Series, cost: pd.Series, per: float) -> tuple[float, float, int]:
    """Return the ratio of means, its standard error (delta method) and n; patients with both alone count.

    >>> ratio_and_error(pd.Series([1.0, 3.0]), pd.Series([2.0, 2.0]), 1)  # 2 / 2; root 2 / 2 / root 2
    (1.0, 0.5, 2)
    """
    known = outcome.notna() & cost.notna()
    y, x = outcome[known].to_numpy(float), cost[known].to_numpy(float)
    if len(y) < 2 or not x.mean() > 0:
        return np.nan, np.nan, len(y)
    ratio = y.mean() / x.mean()
    error = (y - ratio * x).std(ddof=1) / x.mean() / np.sqrt(len(y))
    return float(per * ratio), float(per * error), len(y)
