"""A published table as an outsider reads it: its counts, and the texts that stand before them in a row.

The audit of a finished report reads like this too, in its own words. What either would compare is decided by
the published cells alone, stars included, and not by what the author knows of the columns.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from vbhc.publish.disclosure.layout import COUNT_NAME
from vbhc.publish.disclosure.policies import MARK, Policy

Table = list[list[str]]


class Seen(NamedTuple):
    """A count that a published table shows: its row (0 is the first), its column, the texts before it."""

    row: int
    column: str
    labels: tuple[str, ...]


def read_table(text: str) -> Table:
    """Return the rows of a published CSV, the header first."""
    return list(csv.reader(io.StringIO(text)))


def count_places(header: list[str], things: Collection[str] = ()) -> list[int]:
    """Return the columns that are called like counts of people, `things` left out."""
    return [place for place, name in enumerate(header) if COUNT_NAME.search(name) and name not in things]


def counts_seen(rows: Table, things: Collection[str] = ()) -> Iterator[Seen]:
    """Yield every count that is shown, with the cells before the first count of its row.

    Parameters
    ----------
    things : collection of str
        Columns that the report declares to count things or to describe rows.
    """
    header = rows[0] if rows else []
    places = count_places(header, things)
    for number, row in enumerate(rows[1:]):
        labels = tuple(cell.strip().lower() for cell in row[: min(places, default=0)])
        for place in places:
            if place < len(row) and is_count(row[place]):
                yield Seen(number, header[place], labels)


def texts_before(rows: Table, row: int) -> tuple[str, ...]:
    """Return the cells of a row before its `n`, without numbers: how a reader would name the group."""
    header = rows[0]
    cells = rows[row + 1][: header.index("n")] if "n" in header else ()
    return tuple(cell.strip().lower() for cell in cells if not re.fullmatch(r"-?[\d.]+", cell))


def given_away(rows: Table, things: Collection[str], policy: Policy) -> Iterator[tuple[int, str]]:
    """Yield a shown count (row, column) to hide beside each star that seems to follow from a total.

    A star that stands alone in its column or row, beside a number that is the sum of the others and of too
    few people more, looks like that small count: whether the number is a total or is so by chance, no reader
    can tell. The smallest count that is shown gives way.
    """
    header = rows[0] if rows else []
    places = count_places(header, things)
    lines = [[(row, place) for row in range(1, len(rows))] for place in places]
    lines += [[(row, place) for place in places] for row in range(1, len(rows))]
    for line in lines:
        cells = {at: rows[at[0]][at[1]] for at in line if at[1] < len(rows[at[0]])}
        shown = {at: float(cell) for at, cell in cells.items() if is_count(cell)}
        total = sum(shown.values())
        alone = list(cells.values()).count(MARK) == 1
        if alone and any(policy.hides(2 * one - total) for one in shown.values() if one):
            row, place = min(shown, key=lambda at: (shown[at] == 0, shown[at], at))
            yield row - 1, header[place]


def is_count(cell: str) -> bool:
    """Whether a cell holds a whole number, as counts are written."""
    return bool(re.fullmatch(r"\d+(\.0+)?", cell))
