"""What resamples and permutations say: p-values, ends of intervals, and all ways labels could have fallen."""

import itertools
import math
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
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
    ordered, ends = np.sort(replicates), len(replicates) + 1
    position = round(ends * probability, 9)  # a whole one is a replicate itself, whatever its last digits say
    normal = stats.norm.ppf(np.append(np.arange(1, ends), position) / ends)
    return float(np.interp(normal[-1], normal[:-1], ordered))


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


CELLS_PER_BATCH = 65_536  # draws held at once; fits a core's cache, and results do not depend on it


def resample_counts(
    n: int, n_resamples: int, seed: int, batch: int | None = None, kind: np.ndarray | None = None
) -> Iterator[np.ndarray]:
    """Yield arrays (resamples in the batch, n): how often each row is drawn in each bootstrap resample.

    With `kind` (of each row, from 0) they tell how often each kind of row is drawn, in the same resamples.

    >>> [counts.sum(axis=1).tolist() for counts in resample_counts(3, 2, seed=1)]  # three rows, drawn thrice
    [[3, 3]]
    """
    rng = np.random.default_rng(seed)
    size, kinds = batch or max(1, CELLS_PER_BATCH // n), n if kind is None else int(kind.max()) + 1
    few_bytes = None if kind is None else kind.astype(np.min_scalar_type(kinds))  # looked up fastest
    for start in range(0, n_resamples, size):
        rows = min(size, n_resamples - start)
        drawn = rng.integers(0, n, size=(rows, n))
        own = drawn if few_bytes is None else few_bytes.take(drawn)
        np.add(own, np.arange(rows)[:, None] * kinds, out=drawn)
        yield np.bincount(drawn.ravel(), minlength=rows * kinds).reshape(rows, kinds)


MOST_EXACT = 200_000  # splits; 11 against 8 have 75,582, 12 against 14 have 9,657,700
DRAWS = 9_999


class Splits(NamedTuple):
    """Who is in the first group: splits x people; `exact` if these are all; the observed one is row 0."""

    first: np.ndarray
    exact: bool


def two_groups(groups: pd.Series) -> pd.Series:
    """Return True for members of the group that stands first of two; missing groups are left out.

    >>> two_groups(pd.Series(["a", "b", "a", None])).tolist()
    [True, False, True]
    """
    known = groups.dropna()
    return known == known.iloc[0]


def all_splits(
    member: Sequence[bool],
    blocks: Sequence[Hashable] | None = None,
    seed: int = 0,
    most_exact: int = MOST_EXACT,
    draws: int = DRAWS,
) -> Splits:
    """Return every split that keeps the group sizes (within each block), or a sample if there are too many.

    Parameters
    ----------
    member : sequence of bool
        Who is in the first group.
    blocks : sequence, optional
        Labels may only change places within a block, such as a site.
    seed, most_exact, draws : int
        More than `most_exact` splits: `draws` random ones after the observed.

    Examples
    --------
    >>> all_splits([True, True, False, False]).first.sum(axis=1).tolist()  # 6 ways to choose 2 of 4
    [2, 2, 2, 2, 2, 2]
    """
    inside = np.asarray(member, dtype=bool)
    parts = _parts(len(inside), blocks)
    count = math.prod(math.comb(len(p), int(inside[p].sum())) for p in parts)
    if count > most_exact:
        return Splits(shuffled(inside, blocks, seed, draws), exact=False)
    table = np.zeros((1, len(inside)), dtype=bool)
    for part in parts:
        own = _combinations(len(part), int(inside[part].sum()))
        table = np.repeat(table, len(own), axis=0)
        table[:, part] = np.tile(own, (len(table) // len(own), 1))
    observed = int(np.flatnonzero((table == inside).all(axis=1))[0])
    table[[0, observed]] = table[[observed, 0]]
    return Splits(table, exact=True)


def _combinations(n: int, k: int) -> np.ndarray:
    chosen = np.fromiter(
        itertools.chain.from_iterable(itertools.combinations(range(n), k)),
        dtype=np.intp,
        count=math.comb(n, k) * k,
    ).reshape(math.comb(n, k), k)
    table = np.zeros((len(chosen), n), dtype=bool)
    np.put_along_axis(table, chosen, True, axis=1)
    return table


def shuffled(labels: np.ndarray, blocks: Sequence[Hashable] | None, seed: int, draws: int) -> np.ndarray:
    """Return the labels as observed (row 0) and `draws` times at random, each within its block.

    >>> shuffled(np.array([1, 0, 0]), [1, 1, 2], seed=0, draws=4)[:, 2].tolist()  # alone in its block
    [0, 0, 0, 0, 0]
    """
    rng = np.random.default_rng(seed)
    table = np.tile(labels, (draws + 1, 1))
    for part in _parts(len(labels), blocks):
        table[1:, part] = labels[part][rng.random((draws, len(part))).argsort(axis=1)]
    return table


def _parts(n: int, blocks: Sequence[Hashable] | None) -> list[np.ndarray]:
    """Who may change places with one another: the places of each block."""
    block = np.zeros(n, dtype=int) if blocks is None else pd.factorize(pd.Series(list(blocks)))[0]
    return [np.flatnonzero(block == b) for b in np.unique(block)]
