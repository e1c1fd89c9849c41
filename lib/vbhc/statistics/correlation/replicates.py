"""Rank correlations of thousands of resamples at once, each given as how often every row was drawn.

The rows are sorted once; in a resample the mid-rank of a tie group is a running sum of counts, so that a
replicate costs O(n) and no sort. Ranks are centred integers: every sum is exact below 2^53.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from vbhc.statistics.correlation.dominance import quotient, tie_groups

CELLS_PER_BATCH = 65_536  # counts held at once; fits a core's cache, and results do not depend on it


def resample_counts(n: int, n_resamples: int, seed: int, batch: int | None = None) -> Iterator[np.ndarray]:
    """Yield arrays (resamples in the batch, n): how often each row is drawn in each bootstrap resample.

    >>> [counts.sum(axis=1).tolist() for counts in resample_counts(3, 2, seed=1)]  # three rows, drawn thrice
    [[3, 3]]
    """
    rng = np.random.default_rng(seed)
    size = batch or max(1, CELLS_PER_BATCH // n)
    for start in range(0, n_resamples, size):
        rows = min(size, n_resamples - start)
        drawn = rng.integers(0, n, size=(rows, n)) + np.arange(rows)[:, None] * n
        yield np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n)


def spearman_replicates(
    x: np.ndarray, y: np.ndarray, n_resamples: int = 10_000, seed: int = 1, batch: int | None = None
) -> np.ndarray:
    """Return `n_resamples` bootstrap replicates of Spearman's rho (NaN where a resample is constant).

    >>> draws = spearman_replicates(np.arange(5), np.arange(5), 20)  # a line stays a line in every resample
    >>> draws[np.isfinite(draws)].round(6).min().item()
    1.0
    """
    sides = [_sorted(values) for values in (x, y)]
    batches = resample_counts(len(x), n_resamples, seed, batch)
    return np.concatenate([_rho_of_each(counts, sides) for counts in batches])


class Sorted(NamedTuple):
    """The order of the rows by a column, where its tie groups end in it, and the tie group of each row."""

    order: np.ndarray
    ends: np.ndarray
    group: np.ndarray


def _sorted(values: np.ndarray) -> Sorted:
    group = tie_groups(values)
    return Sorted(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group)) - 1, group)


def _rho_of_each(counts: np.ndarray, sides: list[Sorted]) -> np.ndarray:
    """Return Spearman's rho of each resample (counts per row); NaN where a side is constant."""
    x, y = (_centred_ranks(counts, side) for side in sides)
    weights = counts.astype(float)
    return quotient(*(np.einsum("ij,ij,ij->i", weights, a, b) for a, b in ((x, y), (x, x), (y, y))))


def _centred_ranks(counts: np.ndarray, side: Sorted) -> np.ndarray:
    """Return twice the mid-rank of each row in each resample, centred: running sums of its tie group."""
    upto = np.cumsum(counts.take(side.order, axis=1), axis=1).take(side.ends, axis=1)
    twice = upto + np.pad(upto[:, :-1], ((0, 0), (1, 0))) - counts.sum(axis=1, keepdims=True)
    return twice.astype(float).take(side.group, axis=1)
