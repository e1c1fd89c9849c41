"""Coefficients of many columns against one, without the overhead of a call to a library for each."""

from typing import TypeVar

import numpy as np
from scipy import stats

MOST_CELLS = 20_000_000  # tie groups x answers of one table of counts
Counts = TypeVar("Counts", float, np.ndarray)


def ranked(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mid-ranks and the number (0 = lowest) of each value's tie group."""
    order = np.argsort(values)
    ascending = values[order]
    starts = np.concatenate([[True], ascending[1:] != ascending[:-1]])
    group = np.cumsum(starts) - 1
    first = np.flatnonzero(starts)
    sizes = np.diff(np.append(first, len(values)))
    ranks, codes = np.empty(len(values)), np.empty(len(values), dtype=np.int64)
    ranks[order] = (first + (sizes + 1) / 2)[group]
    codes[order] = group
    return ranks, codes


def unit(values: np.ndarray) -> np.ndarray:
    """Return the values centred and scaled to length one; a constant becomes NaN."""
    centred = values - values.mean()
    length = np.sqrt(centred @ centred)
    if length <= 1e-12 * np.abs(values).max(initial=0.0):
        return np.full(len(values), np.nan)
    return centred / length


def kendall_tau(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return Kendall's tau-b of two columns of tie groups (0, 1, ...) and its variance under no association.

    Pairs are counted from the table of tie groups: with few different answers, many patients cost little.
    The variance is corrected for ties (Kendall 1970, Rank Correlation Methods, ch. 4). A constant gives NaN.
    """
    n, rows, columns = len(x), int(x.max()) + 1, int(y.max()) + 1
    if min(rows, columns) < 2:
        return np.nan, np.nan
    ties_x, ties_y = (np.bincount(side).astype(float) for side in (x, y))
    scale = np.sqrt(_pairs(n) - _pairs(ties_x).sum()) * np.sqrt(_pairs(n) - _pairs(ties_y).sum())
    variance = _variance(n, ties_x, ties_y) / scale**2
    if rows * columns > MOST_CELLS:
        return float(stats.kendalltau(x, y, method="asymptotic").statistic), variance
    counts = np.bincount(x * columns + y, minlength=rows * columns).reshape(rows, columns).astype(float)
    lower = np.cumsum(counts, axis=0) - counts  # patients lower on x, by answer
    upto = np.cumsum(lower, axis=1)
    concordant = (counts[:, 1:] * upto[:, :-1]).sum()
    discordant = (counts * (upto[:, -1:] - upto)).sum()
    return float((concordant - discordant) / scale), variance


def _pairs(n: Counts) -> Counts:
    return n * (n - 1) / 2


def _variance(n: int, ties_x: np.ndarray, ties_y: np.ndarray) -> float:
    """Return the variance of concordant minus discordant pairs."""
    if n < 3:
        return np.nan
    both = [[(t * (t - 1)).sum(), (t * (t - 1) * (t - 2)).sum(), (t * (t - 1) * (2 * t + 5)).sum()]
            for t in (ties_x, ties_y)]  # fmt: skip
    (pairs_x, triples_x, x), (pairs_y, triples_y, y) = both
    m = n * (n - 1)
    plain = (m * (2 * n + 5) - x - y) / 18
    return plain + pairs_x * pairs_y / (2 * m) + triples_x * triples_y / (9 * m * (n - 2))
