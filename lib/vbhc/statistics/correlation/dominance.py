"""How each pair stands to all others, in O(n log n): the base of exact leave-one-out rank correlations."""

from typing import NamedTuple

import numpy as np

from vbhc.statistics.samples import tie_groups


class Standing(NamedTuple):
    """Per pair, how many other pairs agree with it in direction, disagree, or are tied with it in x or in y.

    Tie counts leave out the pair itself.
    """

    concordant: np.ndarray
    discordant: np.ndarray
    tied_x: np.ndarray
    tied_y: np.ndarray


def standing(x: np.ndarray, y: np.ndarray) -> Standing:
    """Return the standing of every pair (x, y) among all pairs.

    >>> standing(np.array([1, 2, 2]), np.array([1, 2, 3])).concordant.tolist()
    [2, 1, 1]
    """
    code_x, code_y = tie_groups(x), tie_groups(y)
    size_x, size_y = np.bincount(code_x), np.bincount(code_y)
    both = code_x.astype(np.int64) * (code_y.max() + 1) + code_y
    _, code_both, size_both = np.unique(both, return_inverse=True, return_counts=True)
    above = _above_in_both(code_x, code_y)
    below = _above_in_both(code_x.max() - code_x, code_y.max() - code_y)
    equal_x, equal_y, equal = size_x[code_x], size_y[code_y], size_both[code_both]
    untied = len(x) - equal_x - equal_y + equal
    concordant = above + below
    return Standing(concordant, untied - concordant, equal_x - 1, equal_y - 1)


def _above_in_both(code_x: np.ndarray, code_y: np.ndarray) -> np.ndarray:
    """Return, per pair, the number of pairs strictly above it in x and in y."""
    order = np.lexsort((-code_y, code_x))  # equal x: higher y first, so that it never counts as later
    above = np.empty(len(order), dtype=np.int64)
    above[order] = _later_and_greater(code_y[order])
    return above


def _later_and_greater(codes: np.ndarray) -> np.ndarray:
    """Return, per element of a sequence of integers >= 0, how many later elements are greater.

    Goes through the bits from the top. Two numbers compare by the first bit in which they differ, so per bit
    each element with a 0 counts the later 1s among those that share all its higher bits.
    """
    found = np.zeros(len(codes), dtype=np.int64)
    order = np.arange(len(codes))
    for bit in range(int(codes.max()).bit_length() - 1, -1, -1):
        ordered = codes[order]
        ones = (ordered >> bit) & 1
        prefix = ordered >> (bit + 1)
        from_here = np.append(np.cumsum(ones[::-1])[::-1], 0)
        next_prefix = np.searchsorted(prefix, prefix, side="right")
        zeros = ones == 0
        found[order[zeros]] += (from_here[:-1] - from_here[next_prefix])[zeros]
        order = order[np.argsort(ordered >> bit, kind="stable")]
    return found


def twice_mid_ranks(values: np.ndarray) -> np.ndarray:
    """Return twice the mid-rank of every value: whole numbers, whatever the ties.

    >>> twice_mid_ranks(np.array([10, 20, 20])).tolist()
    [2, 5, 5]
    """
    group = tie_groups(values)
    size = np.bincount(group)
    return (2 * np.cumsum(size) - size + 1)[group]


def spearman_leave_one_out(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return Spearman's rho without each pair in turn, exactly, in O(n log n); NaN where that is constant.

    Without pair i, twice the mid-rank of pair j falls by 1 + sign(x_j - x_i): the sum of products then
    changes by sums over x groups, over y groups, and by concordant minus discordant pairs.

    >>> spearman_leave_one_out(np.array([1, 2, 3, 9]), np.array([1, 2, 3, 0])).round(3).tolist()[-1]
    1.0
    """
    n = len(x)
    rank_x, rank_y = twice_mid_ranks(x), twice_mid_ranks(y)
    others = standing(x, y)
    balance = others.concordant - others.discordant
    both_fall = (n - 1) + (n + 1 - rank_x) + (n + 1 - rank_y) + balance
    fall = _sum_of_falls(rank_x, rank_y) + _sum_of_falls(rank_y, rank_x)
    together = (rank_x * rank_y).sum() - rank_x * rank_y - fall + both_fall - (n - 1) * n**2
    return quotient(together, _spread_without_each(others.tied_x), _spread_without_each(others.tied_y))


def kendall_leave_one_out(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return Kendall's tau-b without each pair in turn, exactly; NaN where that is constant.

    >>> kendall_leave_one_out(np.array([1, 2, 3, 9]), np.array([1, 2, 3, 0])).round(3).tolist()[-1]
    1.0
    """
    n = len(x)
    others = standing(x, y)
    balance = others.concordant - others.discordant
    pairs = (n - 1) * (n - 2) // 2
    untied_x = pairs - (others.tied_x.sum() // 2 - others.tied_x)
    untied_y = pairs - (others.tied_y.sum() // 2 - others.tied_y)
    return quotient(balance.sum() // 2 - balance, untied_x, untied_y)


def _sum_of_falls(rank: np.ndarray, other_rank: np.ndarray) -> np.ndarray:
    """Return, per pair i, the sum over j of (1 + sign(rank_j - rank_i)) times the other rank of j."""
    _, group = np.unique(rank, return_inverse=True)
    sums = np.bincount(group, weights=other_rank).astype(np.int64)
    higher = sums.sum() - np.cumsum(sums)
    return (2 * higher + sums)[group] - other_rank


def _spread_without_each(tied: np.ndarray) -> np.ndarray:
    """Return the centred sum of squares of twice the mid-ranks when each value in turn is left out."""
    n, size = len(tied) - 1, tied + 1
    all_ties = (size**2 - 1).sum()  # sum over groups of t^3 - t
    without = all_ties - (size**3 - size) + ((size - 1) ** 3 - (size - 1))
    return (n**3 - n - without) / 3


def quotient(together: np.ndarray, spread_x: np.ndarray, spread_y: np.ndarray) -> np.ndarray:
    """Return sums of products over the root of both sums of squares; NaN where a side does not vary.

    >>> quotient(np.array([2.0, 0.0]), np.array([4.0, 0.0]), np.array([4.0, 1.0])).tolist()
    [0.5, nan]
    """
    usable = (spread_x > 0) & (spread_y > 0)
    scale = np.sqrt(np.where(usable, spread_x, 1.0)) * np.sqrt(np.where(usable, spread_y, 1.0))
    return np.where(usable, together / scale, np.nan)
