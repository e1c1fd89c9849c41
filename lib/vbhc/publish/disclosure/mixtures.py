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
        for a, b in (pair for own in by_row.values() for pair in combinations(own, 2)):
            for c in means:
                counts = {a.cell: 1.0, b.cell: 1.0, c.cell: -1.0}
                told = _mixed(a, b, c)
                both = sums_at([counts], 0, values, 0) if len(counts) == 3 else []
                if both and fits([told], values, 0):
                    yield from (*both, *told)


def _mixed(a: _Mean, b: _Mean, c: _Mean) -> list[Told]:
    low = {a.cell: a.shown.low, b.cell: b.shown.low, c.cell: -c.shown.high}
    high = {a.cell: a.shown.high, b.cell: b.shown.high, c.cell: -c.shown.low}
    return [Told(low, -np.inf, 0, c.shown.number), Told(high, 0, np.inf, c.shown.number)]


def mixed_rows(made: Sequence[tuple[Row, Sequence[Row]]], values: np.ndarray) -> Iterator[Told]:
    """Yield what the means of rows and of the row that they make say: the sum of n_i m_i is n m."""
    for whole, rows in made:
        for column, shown in whole.statistics.items():
            if not MEAN.match(column) or not all(column in row.statistics for row in rows):
                continue
            bases = [row.counts.get(base_of(row, column) or "", -1) for row in (whole, *rows)]
            parts = list(zip(bases[1:], (row.statistics[column] for row in rows), strict=True))
            counts = dict.fromkeys(bases[1:], 1.0) | {bases[0]: -1.0}
            if len(parts) > 1 and len(counts) == len(bases) and -1 not in counts:
                low = {cell: mean.low for cell, mean in parts} | {bases[0]: -shown.high}
                high = {cell: mean.high for cell, mean in parts} | {bases[0]: -shown.low}
                told = [Told(low, -np.inf, 0, shown.number), Told(high, 0, np.inf, shown.number)]
                if sums_at([counts], 0, values, 0) and fits([told], values, 0):
                    yield from told


def of_everybody(tables: Sequence[Table], values: np.ndarray, people: float) -> Iterator[Told]:
    """Yield what means of groups that make everybody say beside a mean of all, by whatever name it goes."""
    means = (mean for named in _means(tables).values() for mean in named)
    every = [mean for mean in means if values[mean.cell] == people]
    for table in tables:
        groups: dict[str, list[Row]] = {}
        for row in (row for row in table if "n" in row.counts and not row.total):
            for label in ("", *row.labels):
                groups.setdefault(label, []).append(row)
        for rows in groups.values():
            columns = [column for column in rows[0].statistics if MEAN.match(column)]
            if columns and sum(values[row.counts["n"]] for row in rows) == people:
                for one in every:
                    whole = Row(frozenset(), True, {"n": one.cell}, dict.fromkeys(columns, one.shown))
                    yield from mixed_rows([(whole, rows)], values)


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
