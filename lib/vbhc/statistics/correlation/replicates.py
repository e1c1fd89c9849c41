"""Resamples of patients as counts, and rank correlations of thousands of them at once."""

from collections.abc import Iterator

import numpy as np

from vbhc.statistics.correlation.counting import rank_plan, scratch, spearman_of_counts

CELLS_PER_BATCH = 65_536  # counts held at once; fits a core's cache, and results do not depend on it


def resample_counts(
    n: int, n_resamples: int, seed: int, batch: int | None = None, labels: np.ndarray | None = None
) -> Iterator[np.ndarray]:
    """Yield arrays (resamples in the batch, n): how often each row is drawn in each bootstrap resample.

    With `labels` (an integer 0..k-1 per row) the counts are per label instead, of the very same resamples.

    >>> [counts.sum(axis=1).tolist() for counts in resample_counts(3, 2, seed=1)]  # three rows, drawn thrice
    [[3, 3]]
    """
    rng = np.random.default_rng(seed)
    k = n if labels is None else int(labels.max()) + 1
    size = batch or _batch(n)
    for start in range(0, n_resamples, size):
        rows = min(size, n_resamples - start)
        drawn = rng.integers(0, n, size=(rows, n))
        if labels is not None:
            drawn = labels.take(drawn)
        if rows > 1:
            drawn += np.arange(rows)[:, None] * k
        yield np.bincount(drawn.ravel(), minlength=rows * k).reshape(rows, k)


def _batch(n: int) -> int:
    """Return how many resamples to count at once: at least two, which share their pass."""
    return max(2, CELLS_PER_BATCH // n)


def spearman_replicates(
    x: np.ndarray, y: np.ndarray, n_resamples: int = 10_000, seed: int = 1, batch: int | None = None
) -> np.ndarray:
    """Return `n_resamples` bootstrap replicates of Spearman's rho (NaN where a resample is constant).

    >>> draws = spearman_replicates(np.arange(5), np.arange(5), 20)  # a line stays a line in every resample
    >>> draws[np.isfinite(draws)].round(6).min().item()
    1.0
    """
    plan = rank_plan(x, y)
    work = scratch(batch or _batch(len(x)), len(plan.group_x))
    batches = resample_counts(len(x), n_resamples, seed, batch, plan.pair_of_row)
    return np.concatenate([spearman_of_counts(plan, counts, work) for counts in batches])
