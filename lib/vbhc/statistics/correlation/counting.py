"""Rank correlations of resamples that are given as counts: how often each distinct pair was drawn.

The pairs are sorted once; in a resample the mid-rank of a tie group is a running sum of counts, so that a
replicate costs O(n) and no sort. Ranks are centred integers: every sum is exact below 2^53.
"""

from typing import NamedTuple

import numpy as np


class RankPlan(NamedTuple):
    """The distinct pairs in order of x then y, and where their tie groups lie."""

    pair_of_row: np.ndarray
    group_x: np.ndarray
    ends_x: np.ndarray
    order_y: np.ndarray
    group_y: np.ndarray
    ends_y: np.ndarray


def rank_plan(x: np.ndarray, y: np.ndarray) -> RankPlan:
    """Sort the pairs once and note their tie groups.

    >>> rank_plan(np.array([1, 2, 2]), np.array([5, 5, 5])).group_x.tolist()  # two distinct pairs
    [0, 1]
    """
    pairs, pair_of_row = np.unique(np.column_stack([x, y]), axis=0, return_inverse=True)
    group_x = np.unique(pairs[:, 0], return_inverse=True)[1]
    group_y = np.unique(pairs[:, 1], return_inverse=True)[1]
    order_y = np.argsort(group_y, kind="stable")
    return RankPlan(
        pair_of_row.ravel(), group_x, _group_ends(group_x), order_y, group_y, _group_ends(group_y[order_y])
    )


def _group_ends(sorted_codes: np.ndarray) -> np.ndarray:
    return np.append(np.flatnonzero(np.diff(sorted_codes)), len(sorted_codes) - 1)


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

    Each pair drawn once: the rho of the sample, 1 - 6 x 4 / (5 x 24).

    >>> plan = rank_plan(np.arange(5), np.array([1, 0, 3, 2, 4]))
    >>> spearman_of_counts(plan, np.ones((1, 5), dtype=int)).round(6).tolist()
    [0.8]
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
        results[half::2] = quotient(*sums)
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


def quotient(together: np.ndarray, spread_x: np.ndarray, spread_y: np.ndarray) -> np.ndarray:
    """Return sums of products over the root of both sums of squares; NaN where a side does not vary.

    >>> quotient(np.array([2.0, 0.0]), np.array([4.0, 0.0]), np.array([4.0, 1.0])).tolist()
    [0.5, nan]
    """
    usable = (spread_x > 0) & (spread_y > 0)
    scale = np.sqrt(np.where(usable, spread_x, 1.0)) * np.sqrt(np.where(usable, spread_y, 1.0))
    return np.where(usable, together / scale, np.nan)
