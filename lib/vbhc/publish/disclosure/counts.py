"""Counts of people, what is known of them, and the parts into which they fall.

Part by part the work grows with the report, and not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

Target = Mapping[int, int]  # cell -> its sign: one count, or the difference of two
NONE = -1  # what a statement that no statistic makes has in its place


class Told(NamedTuple):
    """What is known of some cells: `low <= sum of sign * cell <= high`."""

    signs: Mapping[int, float]
    low: float
    high: float
    statistic: int = NONE  # two statements may be the two sides of one statistic, which goes whole


@dataclass
class Counts:
    """Counts of people, which of them are hidden, and how they hang together."""

    values: np.ndarray  # the true counts, one per cell
    hidden: np.ndarray
    lines: list[list[int]]  # cells whose sum is known
    told: list[Told] = field(default_factory=list)  # what else is known
    near: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))  # hidden, and given nearly
    people: float | None = None  # how many the study has: no count of them is larger
    # The least and the most that each can be where it is given nearly; NaN where it cannot be.
    around: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))
    most: np.ndarray = field(default_factory=lambda: np.zeros(0))  # of how many people each counts some

    def __post_init__(self) -> None:
        if len(self.near) != len(self.values):
            self.near = np.zeros(len(self.values), dtype=bool)
        if len(self.around) != len(self.values):
            self.around = np.full((len(self.values), 2), np.nan)
        if len(self.most) != len(self.values):
            self.most = np.where(self.values <= (self.people or 0), self.people or np.inf, np.inf)
        self.near = self.near & self.nearly

    @property
    def nearly(self) -> np.ndarray:
        """Which of them, once they have to go, may be given nearly."""
        return ~np.isnan(self.around[:, 0])

    def only(self, cells: np.ndarray) -> Counts:
        """Return some cells, without what is known of how they hang together."""
        values, hidden, near = self.values[cells], self.hidden[cells], self.near[cells]
        return Counts(values, hidden, [], [], near, self.people, self.around[cells], self.most[cells])


def close_pairs(numbers: Iterable[float], limit: float) -> Iterator[tuple[int, int]]:
    """Yield the places (less, more) of numbers that differ, and by no more than a limit.

    >>> list(close_pairs([7, 40, 3, 5], limit=2))
    [(2, 3), (3, 0)]
    """
    ordered = sorted((number, place) for place, number in enumerate(numbers))
    for at, (less, one) in enumerate(ordered):
        for more, other in ordered[at + 1 :]:
            if more - less > limit:
                break
            if more > less:
                yield one, other


def matrix_of(rows: Sequence[Mapping[int, float]], size: int) -> Any:
    """Return signed cells, a set of them per row, as a sparse matrix of `size` columns."""
    from scipy.sparse import csr_matrix  # imported late: most tables withhold nothing

    ends = np.cumsum([0, *map(len, rows)])
    cells = np.array([cell for row in rows for cell in row], dtype=int)
    signs = np.array([sign for row in rows for sign in row.values()], dtype=float)
    return csr_matrix((signs, cells, ends), shape=(len(rows), size))


def parts_of(matrix: Any) -> np.ndarray:
    """Return the part of each cell: cells that stand in one row of a matrix are in one part."""
    from scipy.sparse.csgraph import connected_components

    return connected_components(matrix.T @ matrix, directed=False)[1]


def apart(counts: Counts, targets: Sequence[Target]) -> Iterator[tuple[np.ndarray, Counts, list[Target]]]:
    """Yield the parts into which counts fall: their cells, these as counts of their own, and their targets.

    Two cells are in one part if a line, a statement or a target holds both. In a part cells are numbered
    anew, in their old order; lines and targets keep theirs.
    """
    together = [*(dict.fromkeys(line, 1.0) for line in counts.lines), *(one.signs for one in counts.told)]
    part = parts_of(abs(matrix_of([*together, *targets], len(counts.values))))
    order = np.argsort(part, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(part[order])) + 1) if len(order) else []
    number = np.empty(len(part), dtype=int)
    for cells in groups:
        number[cells] = np.arange(len(cells))
    lines: dict[int, list] = defaultdict(list)
    told: dict[int, list] = defaultdict(list)
    goals: dict[int, list] = defaultdict(list)
    for line in counts.lines:
        lines[part[line[0]]].append(number[line].tolist())
    for one in counts.told:
        signs = {int(number[cell]): sign for cell, sign in one.signs.items()}
        told[part[next(iter(one.signs))]].append(one._replace(signs=signs))
    for target in targets:
        goals[part[next(iter(target))]].append({int(number[cell]): sign for cell, sign in target.items()})
    for cells in groups:
        at = part[cells[0]]
        yield cells, replace(counts.only(cells), lines=lines[at], told=told[at]), goals[at]
