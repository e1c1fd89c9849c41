"""Rank correlations of thousands of resamples at once, each given as how often every kind of row was drawn.

Rows are sorted once, and rows that are alike are one kind; in a resample the mid-rank of a tie group is a
running sum of counts, so that a replicate costs O(n) and no sort. Ranks are centred integers: every sum is
exact below 2^53.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vbhc.statistics.correlation.dominance import quotient
from vbhc.statistics.resampling import resample_counts
from vbhc.statistics.samples import kinds_of_rows, tie_groups


def spearman_replicates(
    x: np.ndarray, columns: Sequence[np.ndarray], n_resamples: int, seed: int = 1, batch: int | None = None
) -> np.ndarray:
    """Return `n_resamples` bootstrap replicates of Spearman's rho of `x` with each column, a row each.

    All are of the same resamples. NaN where a resample is constant.

    >>> draws = spearman_replicates(np.arange(5), [np.arange(5)], 20)[0]  # a line stays one in every resample
    >>> draws[np.isfinite(draws)].round(6).min().item()
    1.0
    """
    groups = [tie_groups(values) for values in (x, *columns)]
    first, kind = kinds_of_rows(*groups)
    sides = [_side(group[first]) for group in groups]
    batches = resample_counts(len(x), n_resamples, seed, batch, kind)
    return np.concatenate([_rho_of_each(counts, sides) for counts in batches], axis=1)


class Side(NamedTuple):
    """The order of the kinds by a column, where its tie groups end in it, and the tie group of each kind.

    None where it would leave everything in its place.
    """

    order: np.ndarray | None
    ends: np.ndarray | None
    group: np.ndarray | None


def _side(group: np.ndarray) -> Side:
    places = np.argsort(group, kind="stable"), np.cumsum(np.bincount(group)) - 1, group
    return Side(*(None if np.array_equal(one, np.arange(len(group))) else one for one in places))


def _at(values: np.ndarray, places: np.ndarray | None) -> np.ndarray:
    return values if places is None else values.take(places, axis=1)


def _rho_of_each(counts: np.ndarray, sides: list[Side]) -> np.ndarray:
    """Return Spearman's rho of the first side with each other, per resample; NaN where one is constant."""
    (x, spread), *others = (_centred_ranks(counts, side) for side in sides)
    x *= counts
    return np.array([quotient(np.einsum("ij,ij->i", x, y), spread, own) for y, own in others])


def _centred_ranks(counts: np.ndarray, side: Side) -> tuple[np.ndarray, np.ndarray]:
    """Return twice the mid-rank of each kind in each resample, centred, and the sum of their squares.

    Of n values in tie groups of t the latter is a third of n^3 less the sum of t^3.
    """
    upto = _at(np.cumsum(_at(counts, side.order), axis=1), side.ends).astype(float)
    size, n = upto.copy(), upto[:, -1:].copy()
    size[:, 1:] -= upto[:, :-1]
    spread = (n[:, 0] ** 3 - np.einsum("ij,ij,ij->i", size, size, size)) / 3
    upto *= 2  # in place: a new array of a large sample costs more than what is done with it
    upto -= size
    upto -= n
    return _at(upto, side.group), spread
