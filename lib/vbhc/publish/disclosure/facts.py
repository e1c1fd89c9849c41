"""What published tables say of the people that they count: linear statements about unknown whole numbers.

Who builds a report knows all counts; who reads it knows those that are shown.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, permutations, product

import numpy as np

from vbhc.publish.disclosure.counts import Told
from vbhc.publish.disclosure.layout import SHARE_NAME, counts_missing
from vbhc.publish.disclosure.mixtures import mixed_rows, mixtures, of_everybody, wholes
from vbhc.publish.disclosure.rows import Row, Table, base_of, fits, holding, never_less, sums_at

THERE = " there"  # behind the name of a count of another table
_WHOLE = re.compile(r"(^|_)(all|total)(_|$)")


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
    for table in _beside(tables):
        found += _shares(table, values, least)
    for table, pairs, threes in _joined(tables):
        found += [told for pair in pairs for told in _within(table, pair, values, least)]
        for three in threes:
            missing = any(counts_missing(name.removesuffix(THERE)) for name in three[:2])
            enough = max(least, 1 if missing else 2)
            found += [*_third(table, three, values, enough), *_apart(table, three, values)]
    every = made_of_others(tables)
    found += [told for made in every for told in _across(made, values, people, least)]
    made = [(whole, parts) for table in tables for whole, parts in _with_totals(table)]
    found += mixed_rows([*made, *(one for pairs in every for one in pairs)], values)
    found += of_everybody(tables, values, people) if people else []
    return found + list(mixtures(tables, values)) + list(wholes(tables, values))


def _columns(table: Table, values: np.ndarray, people: float | None, least: int) -> Iterator[Told]:
    """Yield columns that are everybody together, and two that make a third, or are said to."""
    names = list(dict.fromkeys(column for row in table for column in row.counts))
    for one, other in combinations(names, 2):
        both = [row.counts for row in table if {one, other} <= row.counts.keys()]
        pairs = [{row[one]: 1.0, row[other]: 1.0} for row in both if row[one] != row[other]]
        missing = counts_missing(one) or counts_missing(other)
        if people:
            yield from sums_at(pairs, people, values, 1 if missing else max(least, 2))
        yield from _within(table, (one, other), values, least) if "n" in (one, other) else ()
        for third in (name for name in names if name not in (one, other)):
            named = len(names) == 3 and _WHOLE.search(third)
            yield from _third(table, (one, other, third), values, 0 if named else max(least, 2))
            yield from _apart(table, (one, other, third), values)


def _third(table: Table, names: Sequence[str], values: np.ndarray, least: int) -> list[Told]:
    """Return that two counts of a row make a third."""
    one, other, third = names
    rows = [row.counts for row in table if {*names} <= row.counts.keys()]
    signs = [{row[one]: 1.0, row[other]: 1.0, row[third]: -1.0} for row in rows]
    # Where a group has none of one, the other is the third: one cell, and the pattern holds there too.
    same = sum(len(three) == 2 and not values[next(iter(three))] for three in signs)
    return sums_at([three for three in signs if len(three) == 3], 0, values, max(least - same, min(least, 1)))


def _within(table: Table, names: Sequence[str], values: np.ndarray, least: int) -> list[Told]:
    """Return that of two counts of a row one counts some of the other, if it never is the larger."""
    rows = [tuple(row.counts[name] for name in names) for row in table if {*names} <= row.counts.keys()]
    return never_less([{a: 1.0, b: -1.0} for a, b in rows if a != b], values, max(least, 2))


def _apart(table: Table, names: Sequence[str], values: np.ndarray) -> list[Told]:
    """Return that two counts of a row lie apart in its n, if they never are too many: dead and answered."""
    one, other, whole = names
    if whole.removesuffix(THERE) != "n":
        return []
    rows = [row.counts for row in table if {*names} <= row.counts.keys()]
    signs = [{row[one]: 1.0, row[other]: 1.0, row[whole]: -1.0} for row in rows]
    return [told for told in never_less([s for s in signs if len(s) == 3], values, 2) if told.high == 0]


def _joined(tables: Sequence[Table]) -> Iterator[tuple[Table, list[tuple[str, str]], list[tuple[str, ...]]]]:
    """Yield the rows of two tables about the same groups as one table, and two and three columns of both."""
    named = [{(row.labels, row.total): row for row in table if row.counts} for table in tables]
    pairs = {pair for numbers in holding(named).values() for pair in combinations(numbers, 2)}
    for one, other in ((named[a], named[b]) for a, b in sorted(pairs)):
        both = [(one[key], other[key]) for key in one if key in other]
        theirs = ({f"{name}{THERE}": cell for name, cell in b.counts.items()} for _, b in both)
        rows = [a._replace(counts={**a.counts, **more}) for (a, _), more in zip(both, theirs, strict=True)]
        names = dict.fromkeys(name for row in rows for name in row.counts)
        twos = [(a, b) for a, b in combinations(names, 2) if b.removesuffix(THERE) not in (a, b)]
        threes = [(a, b, c) for a, b in combinations(names, 2) for c in names if c not in (a, b)]
        yield rows, twos, [three for three in threes if len({name.endswith(THERE) for name in three}) == 2]


def _with_totals(table: Table) -> Iterator[tuple[Row, list[Row]]]:
    for whole in (row for row in table if row.total):
        yield whole, [row for row in table if not row.total and whole.labels <= row.labels]


def _totals(table: Table, values: np.ndarray) -> Iterator[Told]:
    """Yield the rows that are called a total, with the rows that make it."""
    for whole, parts in _with_totals(table):
        for column, cell in whole.counts.items():
            cells = [row.counts[column] for row in parts if column in row.counts]
            signs = {**dict.fromkeys(cells, 1.0), cell: -1.0}
            if len(cells) > 1 and cell not in cells:
                yield from sums_at([signs], 0, values, 0)


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
                if fits(told, values, enough):
                    yield from (one for pair in told for one in pair)


def _beside(tables: Sequence[Table]) -> Iterator[Table]:
    """Yield the rows of a table with what another one counts of the same groups beside their base."""
    named = [{row.labels: row for row in table if row.labels and row.counts} for table in tables]
    pairs = {pair for numbers in holding(named).values() for pair in permutations(numbers, 2)}
    for one, other in ((named[a], named[b]) for a, b in sorted(pairs)):
        here = [row for labels, row in one.items() if labels in other and row.statistics]
        yield [row._replace(counts=_with(row, other[row.labels])) for row in here]


def _with(row: Row, there: Row) -> dict[str, int]:
    own, base = set(row.counts.values()), base_of(row, "")
    theirs = {f"{name}{THERE}": cell for name, cell in there.counts.items() if cell not in own}
    return theirs | ({base: row.counts[base]} if base else {})


def _share(row: Row, column: str, part: str, whole: str, scale: int) -> list[Told]:
    shown, k, n = row.statistics[column], row.counts[part], row.counts[whole]
    return [
        Told({k: 1.0, n: -shown.low / scale}, 0, np.inf, shown.number),
        Told({k: 1.0, n: -shown.high / scale}, -np.inf, 0, shown.number),
    ]


def lattices(tables: Sequence[Table]) -> Iterator[tuple[int, list[Told]]]:
    """Yield what no other column counts and a share gives, a whole number of its base: its cell and that."""
    for table in tables:
        for row in table:
            for column in (name for name in row.statistics if name in row.counts):
                base = base_of(row, column)
                every = [other.statistics[column].low for other in table if column in other.statistics]
                if base not in (None, column):
                    yield row.counts[column], _share(row, column, column, base, 100 if max(every) > 1 else 1)


def made_of_others(tables: Sequence[Table]) -> list[list[tuple[Row, list[Row]]]]:
    """Return by two tables the rows of one of which rows of the other may be the parts."""
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
    return list(pairs.values())


def _across(
    made: Sequence[tuple[Row, list[Row]]], values: np.ndarray, people: float | None, least: int
) -> Iterator[Told]:
    """Yield rows of one table that are made of rows of another, or are everybody together with these."""
    names = dict.fromkeys(name for whole, _ in made for name in whole.counts)
    others = dict.fromkeys(name for _, rows in made for row in rows for name in row.counts)
    for mine, theirs in product([*((name,) for name in names), *permutations(names, 2)], others):
        for sign, level in ((-1.0, 0.0), *(((1.0, people),) if people else ())):
            signs = list(_made_of(made, mine, theirs, sign))
            if len(mine) == 1 or counts_missing(mine[1]):
                yield from sums_at(signs, level, values, max(least, 1))
            # some of those whom the parts count, or they some of these, or of these less the dead
            yield from never_less(signs, values, max(least, 2)) if sign < 0 else ()


def _parts_of(row: Row) -> Iterator[frozenset[str]]:
    """Yield the names under which the groups of a row may stand together elsewhere."""
    names = sorted(row.labels) if not row.total and len(row.labels) < 6 else []
    yield from (frozenset(some) for size in range(1, len(names)) for some in combinations(names, size))


def _made_of(
    made: Iterable[tuple[Row, list[Row]]], mine: Sequence[str], theirs: str, sign: float
) -> Iterator[dict[int, float]]:
    """Yield the counts of rows with that of their whole, or with it less those who are missing from it."""
    for whole, rows in made:
        own = [whole.counts[name] for name in mine if name in whole.counts]
        cells = [row.counts[theirs] for row in rows if theirs in row.counts]
        if len(own) == len(mine) and len(cells) == len(rows) and not {*own} & {*cells}:
            yield {**dict.fromkeys(cells, 1.0), **dict(zip(own, (sign, -sign), strict=False))}
