"""What published tables say of the people that they count: linear statements about unknown whole numbers.

Who builds a report knows all counts; who reads it knows those that are shown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import Any, NamedTuple

import numpy as np

from vbhc.publish.disclosure.counts import Told
from vbhc.publish.disclosure.layout import SHARE_NAME, counts_missing

_MEAN = re.compile(r"^(mean|average)(?:_|$)(.*)")
_TOTAL = re.compile(r"^(total|sum)(?:_|$)(.*)|^(.*)_(total|sum)$")
THERE = " there"  # behind the name of a count of another table
_WHOLE = re.compile(r"(^|_)(all|total)(_|$)")


class Statistic(NamedTuple):
    """A number as it is written: what it can be at least and at most, and which one of the report it is."""

    low: float
    high: float
    number: int


class Place(NamedTuple):
    """Where a statistic stands: its finding, the row of its published table (0 is the first), its column."""

    finding: int
    row: int
    column: str


class Row(NamedTuple):
    """A row of a table: whom it is about, its counts (cells) and its other numbers, by column."""

    labels: frozenset[str]
    total: bool
    counts: Mapping[str, int]
    statistics: Mapping[str, Statistic]


Table = Sequence[Row]


def facts(tables: Sequence[Table], known: Sequence[float], people: float | None, least: int) -> list[Told]:
    """Return all that tables say of their cells, of which the `known` are no NaN.

    A pattern is believed where it is seen in the `least` number of rows, and in every row that is all known.
    """
    values = np.asarray(known, dtype=float)
    found: list[Told] = []
    for table in tables:
        found += _columns(table, values, people, least)
        found += _totals(table, values)
        found += _shares(table, values, least)
    for own, table in _beside(tables):
        found += _shares(table, values, least)
        found += _equal(own, table, values, least)
    found += _across(tables, values, people, least)
    return found + list(_mixtures(tables, values)) + list(_wholes(tables, values))


def _sums(signs: Sequence[Mapping[int, float]], at: float, values: np.ndarray, least: int) -> list[Told]:
    """Return that sums of signed cells are at a level, if they are where all is known, and often enough."""
    sums = np.array([sum(sign * values[cell] for cell, sign in one.items()) for one in signs])
    seen = ~np.isnan(sums)
    holds = seen.sum() >= least and (abs(sums[seen] - at) < 1e-6).all()
    return [Told(dict(one), at, at) for one in signs] if holds else []


def _columns(table: Table, values: np.ndarray, people: float | None, least: int) -> Iterator[Told]:
    """Yield columns that are everybody together, and two that make a third, or are said to."""
    names = list(dict.fromkeys(column for row in table for column in row.counts))
    for one, other in combinations(names, 2):
        both = [row.counts for row in table if {one, other} <= row.counts.keys()]
        pairs = [{row[one]: 1.0, row[other]: 1.0} for row in both if row[one] != row[other]]
        missing = counts_missing(one) or counts_missing(other)
        if people:
            yield from _sums(pairs, people, values, 1 if missing else max(least, 2))
        for third in names:
            if third not in (one, other):
                named = len(names) == 3 and _WHOLE.search(third)
                three = [{row[one]: 1.0, row[other]: 1.0, row[third]: -1.0} for row in both if third in row]
                three = [signs for signs in three if len(signs) == 3]
                yield from _sums(three, 0, values, 0 if named else max(least, 2))


def _totals(table: Table, values: np.ndarray) -> Iterator[Told]:
    """Yield the rows that are called a total, with the rows that make it."""
    for whole in (row for row in table if row.total):
        parts = [row for row in table if not row.total and whole.labels <= row.labels]
        for column, cell in whole.counts.items():
            cells = [row.counts[column] for row in parts if column in row.counts]
            signs = {**dict.fromkeys(cells, 1.0), cell: -1.0}
            if len(cells) > 1 and cell not in cells:
                yield from _sums([signs], 0, values, 0)


def _shares(table: Table, values: np.ndarray, least: int) -> Iterator[Told]:
    """Yield what shares of two counts of their row say, found by their numbers."""
    for column in dict.fromkeys(name for row in table for name in row.statistics):
        rows = [row for row in table if column in row.statistics]
        names = dict.fromkeys(name for row in rows for name in row.counts)
        enough = 1 if SHARE_NAME.search(column) else max(least, 2)
        for part, whole in permutations((name for name in names if name != column), 2):
            here = [row for row in rows if {part, whole} <= row.counts.keys()]
            for scale in (1, 100):
                told = [_share(row, column, part, whole, scale) for row in here]
                if _fits(told, values, enough):
                    yield from (one for pair in told for one in pair)


def _beside(tables: Sequence[Table]) -> Iterator[tuple[Table, Table]]:
    """Yield the rows of a table, and with what another one counts of the same groups beside their base."""
    named = [{row.labels: row for row in table if row.labels and row.counts} for table in tables]
    pairs = {pair for numbers in holding(named).values() for pair in permutations(numbers, 2)}
    for one, other in ((named[a], named[b]) for a, b in sorted(pairs)):
        here = [row for labels, row in one.items() if labels in other and row.statistics]
        yield here, [row._replace(counts=_with(row, other[row.labels])) for row in here]


def holding(tables: Iterable[Mapping]) -> dict[Any, list[int]]:
    """Return by key the numbers of the tables that hold it."""
    found: dict[Any, list[int]] = {}
    for number, table in enumerate(tables):
        for key in table:
            found.setdefault(key, []).append(number)
    return found


def _with(row: Row, there: Row) -> dict[str, int]:
    base, own = base_of(row, ""), set(row.counts.values())
    theirs = {f"{name}{THERE}": cell for name, cell in there.counts.items() if cell not in own}
    return theirs | ({base: row.counts[base]} if base else {})


def _equal(own: Table, there: Table, values: np.ndarray, least: int) -> Iterator[Told]:
    """Yield columns of two tables, of two names, of which one counts those of the other or some of them."""
    mine, theirs = (dict.fromkeys(name for row in table for name in row.counts) for table in (own, there))
    rows = list(zip(own, there, strict=True))
    for one, other in ((a, b) for a in mine for b in theirs if b.removesuffix(THERE) not in (a, b)):
        both = [(a.counts[one], b.counts[other]) for a, b in rows if one in a.counts and other in b.counts]
        signs = [{a: 1.0, b: -1.0} for a, b in both if a != b]
        more = np.array([values[a] - values[b] for a, b in both if a != b])
        seen = more[~np.isnan(more)]
        if len(seen) >= max(least, 2) and not ((seen < 0).any() and (seen > 0).any()):
            low, high = (0.0 if (seen >= 0).all() else -np.inf, 0.0 if (seen <= 0).all() else np.inf)
            yield from (Told(one, low, high) for one in signs)


def _share(row: Row, column: str, part: str, whole: str, scale: int) -> list[Told]:
    shown, k, n = row.statistics[column], row.counts[part], row.counts[whole]
    return [
        Told({k: 1.0, n: -shown.low / scale}, 0, np.inf, shown.number),
        Told({k: 1.0, n: -shown.high / scale}, -np.inf, 0, shown.number),
    ]


def _fits(told: Sequence[Sequence[Told]], values: np.ndarray, least: int) -> bool:
    """Whether each of some sets of statements holds as far as it is known, and is known often enough."""
    seen = 0
    for statements in told:
        sums = [sum(sign * values[cell] for cell, sign in one.signs.items()) for one in statements]
        if np.isnan(sums).any() or not any(values[cell] for one in statements for cell in one.signs):
            continue
        inside = (one.low - 1e-6 <= s <= one.high + 1e-6 for one, s in zip(statements, sums, strict=True))
        if not all(inside):
            return False
        seen += 1
    return seen >= least


def _across(tables: Sequence[Table], values: np.ndarray, people: float | None, least: int) -> list[Told]:
    """Return rows of one table that are made of rows of another, or are everybody together with these."""
    owners: dict[frozenset[str], dict[int, list[Row]]] = {}
    for number, table in enumerate(tables):
        for row in table:
            owners.setdefault(row.labels, {}).setdefault(number, []).append(row)
    pairs: dict[tuple[int, int], list[tuple[Row, list[Row]]]] = {}
    for other, table in enumerate(tables):
        parts: dict[frozenset[str], list[Row]] = {}
        for row in table:
            for labels in _parts_of(row):
                parts.setdefault(labels, []).append(row)
        for labels, rows in parts.items():
            for one, whole in owners.get(labels, {}).items():
                if len(whole) == 1 and one != other:
                    pairs.setdefault((one, other), []).append((whole[0], rows))
    found: list[Told] = []
    for made in pairs.values():
        names = dict.fromkeys(name for whole, _ in made for name in whole.counts)
        others = dict.fromkeys(name for _, rows in made for row in rows for name in row.counts)
        for mine, theirs in ((a, b) for a in names for b in others):
            for sign, level in ((-1.0, 0.0), *(((1.0, people),) if people else ())):
                signs = list(_made_of(made, mine, theirs, sign))
                found += _sums(signs, level, values, max(least, 1))
    return found


def _parts_of(row: Row) -> Iterator[frozenset[str]]:
    """Yield the names under which the groups of a row may stand together elsewhere."""
    names = sorted(row.labels) if not row.total and len(row.labels) < 6 else []
    yield from (frozenset(some) for size in range(1, len(names)) for some in combinations(names, size))


def _made_of(
    made: Iterable[tuple[Row, list[Row]]], mine: str, theirs: str, sign: float
) -> Iterator[dict[int, float]]:
    for whole, rows in made:
        cell, cells = whole.counts.get(mine), [row.counts[theirs] for row in rows if theirs in row.counts]
        if cell is not None and len(cells) == len(rows) and cell not in cells:
            yield {**dict.fromkeys(cells, 1.0), cell: sign}


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
            match, base = _MEAN.match(column), base_of(row, column)
            if match and base:
                quantity = match[2].removesuffix(base[2:]).strip("_")
                found.setdefault((row.labels, quantity), []).append(_Mean(row.counts[base], shown, number))
    return found


def base_of(row: Row, column: str) -> str | None:
    """Return the count that a mean of a row rests on: `n_x` for `mean_x`, else `n`, else the only one."""
    own = [name for name in row.counts if name.startswith("n_") and column.endswith(name[1:])]
    known = [*own, *(name for name in row.counts if name == "n")]
    return next(iter(known), next(iter(row.counts), None) if len(row.counts) == 1 else None)


def _mixtures(tables: Sequence[Table], values: np.ndarray) -> Iterator[Told]:
    """Yield what the means of two groups of a row and of both say: n_a m_a + n_b m_b = n_c m_c."""
    for means in _means(tables).values():
        by_row: dict[int, list[_Mean]] = {}
        for mean in means:
            by_row.setdefault(mean.row, []).append(mean)
        for a, b in (pair for own in by_row.values() for pair in combinations(own, 2)):
            for c in means:
                counts = {a.cell: 1.0, b.cell: 1.0, c.cell: -1.0}
                told = _mixed(a, b, c)
                both = _sums([counts], 0, values, 0) if len(counts) == 3 else []
                if both and _fits([told], values, 0):
                    yield from (*both, *told)


def _mixed(a: _Mean, b: _Mean, c: _Mean) -> list[Told]:
    low = {a.cell: a.shown.low, b.cell: b.shown.low, c.cell: -c.shown.high}
    high = {a.cell: a.shown.high, b.cell: b.shown.high, c.cell: -c.shown.low}
    return [Told(low, -np.inf, 0, c.shown.number), Told(high, 0, np.inf, c.shown.number)]


def _wholes(tables: Sequence[Table], values: np.ndarray) -> Iterator[Told]:
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
                if _fits([told], values, 0):
                    yield from told
