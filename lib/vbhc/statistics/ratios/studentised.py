"""The bootstrap-t interval of a ratio of means: how far resamples stray in units of their own standard error.

The percentile interval takes the spread of one sample for the truth. Where costs are skewed, samples without
a dear patient show too high a ratio and too small an error at once; studentised, the two are seen together.
"""

import numpy as np

from vbhc.statistics.resampling import percentile_interval

DRAWS_PER_BATCH = 65_536
NOTHING = 1e-12  # relative to the outcome's size: a spread of less is rounding


def studentised_interval(
    outcome: np.ndarray, cost: np.ndarray, n_resamples: int, seed: int, level: float = 0.95
) -> tuple[float, float]:
    """Return the bootstrap-t interval of mean outcome over mean cost (Efron & Tibshirani 1993, ch. 12.5).

    The standard error is the delta method's: that of the mean of outcome - ratio x cost, over the mean cost.
    NaN, NaN where more than a tail of the resamples have no ratio or no error. Where every patient has the
    same ratio, both ends are that ratio.

    >>> studentised_interval(np.array([1.0, 2, 3, 4]), np.array([2.0, 4, 6, 8]), 100, seed=1)
    (0.5, 0.5)
    """
    ratio = outcome.mean() / cost.mean()
    error = np.std(outcome - ratio * cost, ddof=1) / np.sqrt(len(outcome)) / cost.mean()
    if error * cost.mean() <= NOTHING * np.abs(outcome).max():
        return float(ratio), float(ratio)
    low, high = percentile_interval(studentised_replicates(outcome, cost, n_resamples, seed), level)
    return float(ratio - high * error), float(ratio - low * error)


def studentised_replicates(outcome: np.ndarray, cost: np.ndarray, n_resamples: int, seed: int) -> np.ndarray:
    """Return per resample (its ratio - the sample's) / its own standard error; NaN without cost or error.

    Each replicate sums its own rows, so that the size of a batch changes nothing.

    >>> studentised_replicates(np.array([2.0, 2.0]), np.array([4.0, 4.0]), 2, seed=1).tolist()
    [nan, nan]
    """
    rng = np.random.default_rng(seed)
    n = len(outcome)
    rest = outcome - outcome.mean() / cost.mean() * cost
    least = NOTHING * np.abs(outcome).max() * np.sqrt(n)
    size = max(1, DRAWS_PER_BATCH // n)
    parts = []
    for start in range(0, n_resamples, size):
        drawn = rng.integers(0, n, size=(min(size, n_resamples - start), n))
        costs, away = cost.take(drawn), rest.take(drawn)
        total = costs.sum(axis=1)
        off = away.sum(axis=1)
        away -= (off / np.where(total > 0, total, np.nan))[:, None] * costs
        error = np.sqrt((away**2).sum(axis=1) / (n - 1) * n)
        parts.append(off / np.where(error > least, error, np.nan))
    return np.concatenate(parts)
