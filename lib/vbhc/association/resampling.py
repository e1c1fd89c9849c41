"""Bootstrap of rank correlations by counting: sort once, then resample how often each pair is drawn.

A bootstrap resample is the original pairs with multinomial counts. The pairs are sorted once; in a resample
the mid-rank of a tie group is a running sum of counts, so a replicate costs O(n) and no sort. Ranks are
centred integers, so every sum is exact below 2^53 and no result depends on the size of a batch. Draws come
from one stream in order of replicates: the first 500 of 1,000 replicates are those of a run of 500.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy import stats

CELLS_PER_BATCH = 65_536  # counts held at once; fits a core's cache, and results do not depend on it
MOST_PAIRS_FOR_KENDALL = 2_000  # the bootstrap of tau-b compares all distinct pairs with each other


class RankPlan(NamedTuple):
    """The distinct pairs in order of x then y, and where their tie groups lie."""

    pair_of_row: np.ndarray
    group_x: np.ndarray
    ends_x: np.ndarray
    order_y: np.ndarray
    group_y: np.ndarray
    ends_y: np.ndarray


def rank_plan(x: np.ndarray, y: np.ndarray) -> RankPlan:
    """Sort the pairs once and note their tie groups."""
    pairs, pair_of_row = np.unique(np.column_stack([x, y]), axis=0, return_inverse=True)
    group_x = np.unique(pairs[:, 0], return_inverse=True)[1]
    group_y = np.unique(pairs[:, 1], return_inverse=True)[1]
    order_y = np.argsort(group_y, kind="stable")
    return RankPlan(
        pair_of_row.ravel(), group_x, _group_ends(group_x), order_y, group_y, _group_ends(group_y[order_y])
    )


def _group_ends(sorted_codes: np.ndarray) -> np.ndarray:
    return np.append(np.flatnonzero(np.diff(sorted_codes)), len(sorted_codes) - 1)


def resample_counts(
    n: int, n_resamples: int, seed: int, batch: int | None = None, labels: np.ndarray | None = None
) -> Iterator[np.ndarray]:
    """Yield arrays (resamples in the batch, n): how often each row is drawn in each bootstrap resample.

    With `labels` (an integer 0..k-1 per row) the counts are per label instead, of the very same resamples.
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


class Scratch(NamedTuple):
    """Arrays used again in every batch: fetching fresh memory would cost as much as the arithmetic."""

    packed: np.ndarray
    ranks_x: np.ndarray
    ranks_y: np.ndarray
    spare: np.ndarray
    weights: np.ndarray
    x: np.ndarray
    y: np.ndarray


def scratch(rows: int, k: int) -> Scratch:
    """Return working arrays for batches of up to `rows` resamples of k distinct pairs."""
    shape = ((rows + 1) // 2, k)
    return Scratch(*(np.empty(shape, np.int64) for _ in range(4)), *(np.empty(shape) for _ in range(3)))


def spearman_of_counts(plan: RankPlan, counts: np.ndarray, work: Scratch | None = None) -> np.ndarray:
    """Return Spearman's rho of each resample (counts per distinct pair); NaN where a side is constant.

    Two resamples share one pass: the counts of the second stand in the upper 32 bits. Neither half of a
    running sum exceeds 2n, so the halves never meet.
    """
    n, rows = int(counts[0].sum()), len(counts)
    work = work or scratch(rows, counts.shape[1])
    packed, ranks_x, ranks_y, spare, weights, x, y = (array[: (rows + 1) // 2] for array in work)
    packed[rows // 2 :] = 0
    np.left_shift(counts[1::2], 32, out=packed[: rows // 2])
    packed += counts[0::2]
    _twice_mid_ranks(packed, None, plan.ends_x, plan.group_x, ranks_x, spare)
    _twice_mid_ranks(packed, plan.order_y, plan.ends_y, plan.group_y, ranks_y, spare)
    results = np.empty(2 * len(packed))
    for half, unpack in enumerate((_lower, _upper)):
        for part, values, centre in ((packed, weights, 0), (ranks_x, x, n + 1), (ranks_y, y, n + 1)):
            np.subtract(unpack(part, spare), centre, out=values)
        sums = [np.einsum("ij,ij,ij->i", weights, a, b) for a, b in ((x, y), (x, x), (y, y))]
        results[half::2] = _quotient(*sums)
    return results[:rows]


def _lower(packed: np.ndarray, out: np.ndarray) -> np.ndarray:
    return np.bitwise_and(packed, 0xFFFFFFFF, out=out)


def _upper(packed: np.ndarray, out: np.ndarray) -> np.ndarray:
    return np.right_shift(packed, 32, out=out)


def _twice_mid_ranks(
    packed: np.ndarray,
    order: np.ndarray | None,
    ends: np.ndarray,
    group: np.ndarray,
    out: np.ndarray,
    spare: np.ndarray,
) -> None:
    """Write twice the mid-rank of each pair in each resample: 2 x running sum - its tie group + 1."""
    if order is not None:
        packed = np.take(packed, order, axis=1, out=spare, mode="clip")
    if len(ends) == len(group):
        running = np.cumsum(packed, axis=1, out=out)
        running *= 2
        running -= packed
        if order is not None:
            running = np.take(running, group, axis=1, out=spare, mode="clip")
    else:
        upto = np.cumsum(packed, axis=1, out=out).take(ends, axis=1)
        upto[:, 1:] += upto[:, :-1].copy()
        running = np.take(upto, group, axis=1, out=spare, mode="clip")
    np.add(running, 1 | (1 << 32), out=out)


def _quotient(together: np.ndarray, spread_x: np.ndarray, spread_y: np.ndarray) -> np.ndarray:
    usable = (spread_x > 0) & (spread_y > 0)
    scale = np.sqrt(np.where(usable, spread_x, 1.0)) * np.sqrt(np.where(usable, spread_y, 1.0))
    return np.where(usable, together / scale, np.nan)


def spearman_replicates(
    x: np.ndarray, y: np.ndarray, n_resamples: int = 10_000, seed: int = 1, batch: int | None = None
) -> np.ndarray:
    """Return `n_resamples` bootstrap replicates of Spearman's rho (NaN where a resample is constant)."""
    plan = rank_plan(x, y)
    work = scratch(batch or _batch(len(x)), len(plan.group_x))
    batches = resample_counts(len(x), n_resamples, seed, batch, plan.pair_of_row)
    return np.concatenate([spearman_of_counts(plan, counts, work) for counts in batches])


def kendall_replicates(
    x: np.ndarray, y: np.ndarray, n_resamples: int = 10_000, seed: int = 1, batch: int | None = None
) -> np.ndarray:
    """Return bootstrap replicates of Kendall's tau-b, for up to 2,000 distinct pairs.

    Raises
    ------
    ValueError
        With more distinct pairs: every one is compared with every other; use the jackknife interval there.
    """
    plan = rank_plan(x, y)
    k = len(plan.group_x)
    if k > MOST_PAIRS_FOR_KENDALL:
        raise ValueError(
            f"{k:,} distinct pairs are too many to bootstrap tau-b (at most {MOST_PAIRS_FOR_KENDALL:,}); "
            "use method='jackknife'"
        )
    concordance = _signs(plan.group_x) * _signs(plan.group_y)
    batches = resample_counts(
        len(x), n_resamples, seed, batch or max(1, CELLS_PER_BATCH // k), plan.pair_of_row
    )
    return np.concatenate([_kendall_of_counts(plan, concordance, counts) for counts in batches])


def _signs(codes: np.ndarray) -> np.ndarray:
    return np.sign(codes[:, None] - codes[None, :]).astype(float)


def _kendall_of_counts(plan: RankPlan, concordance: np.ndarray, counts: np.ndarray) -> np.ndarray:
    weights = counts.astype(float)
    together = np.einsum("ij,ij->i", weights @ concordance, weights)
    untied_x = _untied(weights, None, plan.ends_x)
    untied_y = _untied(weights, plan.order_y, plan.ends_y)
    return _quotient(together, untied_x, untied_y)


def _untied(weights: np.ndarray, order: np.ndarray | None, ends: np.ndarray) -> np.ndarray:
    """Return the number of ordered pairs of patients that differ in this variable."""
    running = np.cumsum(weights if order is None else weights.take(order, axis=1), axis=1).take(ends, axis=1)
    sizes = np.diff(running, axis=1, prepend=0.0)
    return running[:, -1] ** 2 - np.einsum("ij,ij->i", sizes, sizes)


def interpolated_quantile(replicates: np.ndarray, probability: float) -> float:
    """Return a bootstrap quantile, interpolated between order statistics on the normal-quantile scale.

    Davison & Hinkley 1997, Bootstrap Methods and their Application, eq. 5.8; R's `boot.ci` uses the same.
    Beyond the outermost replicates the outermost one is returned.
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
    """Return the percentile interval of the finite replicates; NaN, NaN where more than a tail are not."""
    finite = replicates[np.isfinite(replicates)]
    tail = (1 - level) / 2
    if len(finite) < (1 - tail) * len(replicates):
        return float("nan"), float("nan")
    return interpolated_quantile(finite, tail), interpolated_quantile(finite, 1 - tail)


def basic_interval(replicates: np.ndarray, estimate: float, level: float) -> tuple[float, float]:
    """Return the basic interval: the percentile interval mirrored about the estimate."""
    low, high = percentile_interval(replicates, level)
    return 2 * estimate - high, 2 * estimate - low


def normal_interval(replicates: np.ndarray, estimate: float, level: float) -> tuple[float, float]:
    """Return the bias-corrected normal interval."""
    finite = replicates[np.isfinite(replicates)]
    centre = 2 * estimate - finite.mean()
    half = stats.norm.ppf((1 + level) / 2) * finite.std(ddof=1)
    return float(centre - half), float(centre + half)


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
    """Return the acceleration from leave-one-out estimates about the estimate, as R's `empinf` does."""
    influence = estimate - leave_one_out
    spread = (influence**2).sum()
    return float((influence**3).sum() / (6 * spread**1.5)) if spread > 0 else 0.0
