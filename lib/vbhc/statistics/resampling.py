"""What resamples say: the p-value of a permutation test, and the ends of a bootstrap interval."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


def resampled_p(as_extreme: ArrayLike, others: int) -> np.ndarray:
    """Return p from how many of the `others` are at least as extreme as what was observed: (b + 1) / (B + 1).

    What was observed is one of the ways in which chance could have dealt, so that a sample of permutations
    never gives 0 (Davison & Hinkley 1997, eq. 4.11; Phipson & Smyth 2010, doi 10.2202/1544-6115.1585). Where
    all permutations are listed, the others are all but the observed one, and p is the exact share.

    >>> resampled_p([0, 4, 499], 499).tolist()
    [0.002, 0.01, 1.0]
    """
    return (np.asarray(as_extreme) + 1) / (others + 1)


def least_p(ways: int, exact: bool = False) -> float:
    """Return the smallest p that a sample of `ways` can show, the observed one among them.

    No draw as extreme means "p <= 1 / ways" (`wording.p_value`). NaN where all ways were listed (`exact`):
    then the share is p itself.

    >>> least_p(500), least_p(75_582, exact=True)
    (0.002, nan)
    """
    return float("nan") if exact else 1 / ways


def interpolated_quantile(replicates: np.ndarray, probability: float) -> float:
    """Return a bootstrap quantile, interpolated between order statistics on the normal-quantile scale.

    Davison & Hinkley 1997, Bootstrap Methods and their Application, eq. 5.8; R's `boot.ci` uses the same.
    Beyond the outermost replicates the outermost one is returned.

    >>> interpolated_quantile(np.arange(1, 100), 0.5), interpolated_quantile(np.arange(1, 100), 0.025 + 0.005)
    (50.0, 3.0)
    """
    ordered = np.sort(replicates)
    position = (len(ordered) + 1) * probability
    whole = abs(position - round(position)) < 1e-9
    below = round(position) if whole else int(position)
    if below < 1:
        return float(ordered[0])
    if below >= len(ordered):
        return float(ordered[-1])
    if whole:
        return float(ordered[below - 1])
    target, left, right = stats.norm.ppf(
        [probability, below / (len(ordered) + 1), (below + 1) / (len(ordered) + 1)]
    )
    return float(
        ordered[below - 1] + (target - left) / (right - left) * (ordered[below] - ordered[below - 1])
    )


def percentile_interval(replicates: np.ndarray, level: float) -> tuple[float, float]:
    """Return the percentile interval of the finite replicates; NaN, NaN where more than a tail are not.

    >>> percentile_interval(np.arange(1, 40), 0.95)  # of 39 replicates the first and the last
    (1.0, 39.0)
    """
    finite = replicates[np.isfinite(replicates)]
    tail = (1 - level) / 2
    if len(finite) < (1 - tail) * len(replicates):
        return float("nan"), float("nan")
    return interpolated_quantile(finite, tail), interpolated_quantile(finite, 1 - tail)


def bca_interval(
    replicates: np.ndarray, estimate: float, leave_one_out: np.ndarray, level: float
) -> tuple[float, float]:
    """Return the bias-corrected and accelerated interval (Efron 1987), equal to R's `boot.ci` to rounding.

    Parameters
    ----------
    replicates, estimate : array, float
        Bootstrap replicates and the estimate of the sample itself.
    leave_one_out : array
        The estimate without each row in turn; gives the acceleration.
    level : float
        Confidence level. NaN, NaN when every replicate lies on one side of the estimate, or an estimate
        without one row does not exist, for then there is no acceleration.

    Examples
    --------
    Half of the replicates on each side and no skewness: the percentile interval.

    >>> draws = np.arange(1, 41)
    >>> bca = bca_interval(draws, 20.5, np.array([20.0, 21.0]), 0.5)
    >>> np.allclose(bca, percentile_interval(draws, 0.5))
    True
    """
    finite = replicates[np.isfinite(replicates)]
    if not np.isfinite(leave_one_out).all() or not len(finite):
        return float("nan"), float("nan")
    below = (finite < estimate).mean()
    if not 0 < below < 1:
        return float("nan"), float("nan")
    shift = stats.norm.ppf(below)
    accelerate = acceleration(leave_one_out, estimate)
    z = shift + stats.norm.ppf([(1 - level) / 2, (1 + level) / 2])
    low, high = stats.norm.cdf(shift + z / (1 - accelerate * z))
    return interpolated_quantile(finite, low), interpolated_quantile(finite, high)


def acceleration(leave_one_out: np.ndarray, estimate: float) -> float:
    """Return the acceleration from leave-one-out estimates about the estimate, as R's `empinf` does.

    >>> acceleration(np.array([1.0, 3.0]), 2.0)  # as much above as below
    0.0
    """
    influence = estimate - leave_one_out
    spread = (influence**2).sum()
    return float((influence**3).sum() / (6 * spread**1.5)) if spread > 0 else 0.0
