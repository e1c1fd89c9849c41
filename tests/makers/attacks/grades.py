"""An outsider who tries every set of graded answers against the statistics that a report prints of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product

import numpy as np


def rank_statistic(groups: Sequence[Sequence[int]]) -> float:
    """Return Kruskal and Wallis' H, corrected for ties, from the answers' counts per grade and group."""
    counts = np.array(groups, dtype=float)
    grades, sizes = counts.sum(axis=0), counts.sum(axis=1)
    n = sizes.sum()
    ranks = np.cumsum(grades) - grades / 2 + 0.5
    raw = 12 / (n * (n + 1)) * ((counts @ ranks) ** 2 / sizes).sum() - 3 * (n + 1)
    return float(raw / (1 - (grades**3 - grades).sum() / (n**3 - n)))


def difference(first: Sequence[int], second: Sequence[int]) -> float:
    """Return Cliff's delta: how much more often the first group's answer is the higher one of a pair."""
    higher = np.sign(np.subtract.outer(np.arange(len(first)), np.arange(len(second))))
    return float(np.array(first) @ higher @ np.array(second) / (sum(first) * sum(second)))


def answers_that_fit(
    sizes: Sequence[int],
    grades: int,
    statistic: float | None,
    differences: Mapping[tuple[int, int], float],
    places: int = 2,
) -> list[tuple[tuple[int, ...], ...]]:
    """Return every set of answers, by group and grade, with these statistics as printed.

    Parameters
    ----------
    sizes : sequence of int
        How many people of each group answered.
    statistic : float, optional
        H as printed; None where it is withheld.
    differences : mapping
        (group, group) -> Cliff's delta as printed, of the pairs that are.
    places : int
        Decimals that are printed.
    """
    half = 0.5 * 10.0**-places + 1e-9
    ways = [[w for w in product(range(n + 1), repeat=grades) if sum(w) == n] for n in sizes]
    found: list[tuple] = [(way,) for way in ways[0]]
    for group in range(1, len(sizes)):
        near = [(one, group) for one in range(group) if (one, group) in differences]
        found = [
            (*had, way)
            for had in found
            for way in ways[group]
            if all(abs(difference(had[a], way) - differences[a, b]) <= half for a, b in near)
        ]
    return [one for one in found if statistic is None or abs(rank_statistic(one) - statistic) <= half]


def printed(groups: Sequence[Sequence[int]], places: int = 2) -> tuple[float, dict[tuple[int, int], float]]:
    """Return H and the difference of every pair of groups, as a report prints them."""
    pairs = combinations(range(len(groups)), 2)
    return round(rank_statistic(groups), places), {
        (a, b): round(difference(groups[a], groups[b]), places) for a, b in pairs
    }
