"""What means of groups say of how many these are: of two groups and of both, and of a sum and its mean."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from vbhc.publish.disclosure.counts import Told
from vbhc.publish.disclosure.rows import Row, Statistic, Table, base_of, fits, sums_at

MEAN = re.compile(r"^(mean|average)(?:_|$)(.*)")
_TOTAL = re.compile(r"^(total|sum)(?:_|$)(.*)|^(.*)_(total|sum)$")


class _Mean(NamedTuple):
    """A mean of a group: its count, the number itself, and the row that it stands in."""

    cell: int
    shown: Statistic
    row: int


def _means(tables: Sequence[Table]) -> dict[tuple, list[_Mean]]:
    """Return the means of a quantity in groups of one name; `mean_x_first` rests on `n_first`, else `n`."""
    found: dict[tuple, list[_Mean]] = {}
    for number, row in enumerate(row for table in tables for row in table):
        for column, shown in row.statistics.items():
            match, base = MEAN.match(column), base_of(row, column)
            if match and base:
                quantity = match[2].removesuffix(base[2:]).strip("_")
                found.setdefault((row.labels, quantity), []).append(_Mean(row.counts[base], shown, number))
    return found


def mixtures(tables: Sequence[Table], values: np.ndarray) -> Iterator[Told]:
    """Yield what the means of two groups of a row and of both say: n_a m_a + n_b m_b = n_c m_c."""
    for means in _means(tables).values():
        by_row: dict[int, list[_Mean]] = {}
        for mean in means:
            by_row.setdefault(mean.row, []).append(mean)
        for two in (two for own in by_row.values() for two in combinations(own, 2)):
            yield from (told for whole in means for told in _mixed(two, whole, values))


def mixed_rows(made: Sequence[tuple[Row, Sequence[Row]]], values: np.ndarray) -> Iterator[Told]:
    """Yield what the means of rows and of the row that they make say: the sum of n_i m_i is n m."""
    for whole, rows in made:
        for column in filter(MEAN.match, whole.statistics):
            mean, *parts = (_mean(row, column) for row in (whole, *rows))
            if mean and len(parts) > 1 and all(parts):
                yield from _mixed([part for part in parts if part], mean, values)


def of_everybody(tables: Sequence[Table], values: np.ndarray, people: float) -> Iterator[Told]:
    """Yield what means of groups that make everybody say beside a mean of all, by whatever name it goes."""
    every = [mean for means in _means(tables).values() for mean in means if values[mean.cell] == people]
    for table in tables if every else ():
        groups: dict[str, list[Row]] = {}
        for row in (row for row in table if not row.total):
            for label in ("", *row.labels):
                groups.setdefault(label, []).append(row)
        for rows in groups.values():
            for column in filter(MEAN.match, rows[0].statistics):
                parts = [part for row in rows if (part := _mean(row, column))]
                if len(parts) > 1 and sum(values[part.cell] for part in parts) == people:
                    yield from (told for mean in every for told in _mixed(parts, mean, values))


def _mean(row: Row, column: str) -> _Mean | None:
    base = base_of(row, column)
    return _Mean(row.counts[base], row.statistics[column], 0) if base and column in row.statistics else None


def _mixed(parts: Sequence[_Mean], whole: _Mean, values: np.ndarray) -> list[Told]:
    """Return what parts and a whole say, if they are that."""
    counts = {**{part.cell: 1.0 for part in parts}, whole.cell: -1.0}
    both = sums_at([counts], 0, values, 0) if len(counts) == len(parts) + 1 else []
    low = {part.cell: part.shown.low for part in parts} | {whole.cell: -whole.shown.high}
    high = {part.cell: part.shown.high for part in parts} | {whole.cell: -whole.shown.low}
    told = [Told(low, -np.inf, 0, whole.shown.number), Told(high, 0, np.inf, whole.shown.number)]
    return [*both, *told] if both and fits([told], values, 0) else []


def wholes(tables: Sequence[Table], values: np.ndarray) -> Iterator[Told]:
    """Yield what a sum and a mean of one quantity in one group say of how many these are."""
    totals: dict[tuple, list[Statistic]] = {}
    for row in (row for table in tables for row in table):
        for column, shown in row.statistics.items():
            match = _TOTAL.match(column)
            if match:
                totals.setdefault((row.labels, match[2] or match[3] or ""), []).append(shown)
    for key, means in _means(tables).items():
        for mean in means:
            for total in totals.get(key, ()):
                told = [
                    Told({mean.cell: mean.shown.low}, -np.inf, total.high, mean.shown.number),
                    Told({mean.cell: mean.shown.high}, total.low, np.inf, mean.shown.number),
                ]
                if fits([told], values, 0):
                    yield from told
