"""All counts of a report as one set of cells: equal ones merged, with the lines that they form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vbhc.publish.disclosure.outside import Reading, about
from vbhc.publish.disclosure.rows import Place, Row


@dataclass
class Cell:
    """A count under its labels, and all places where it stands."""

    value: float
    labels: tuple[str, ...]
    column: str
    places: list[Place] = field(default_factory=list)
    hidden: bool = True  # while every place hides it
    near: bool = False  # given nearly where it is hidden
    people: bool = True  # a count that is written; a share gives one too
    most: float = np.inf  # of how many people it counts some, where that is said
    within: float = np.inf  # of which count beside it it is a part: "~20" of 19 would say no more than a mark
    drawn: bool = False
    total: bool = False


@dataclass
class Findings:
    """All counts of a report: the cells, and how they hang together."""

    cells: list[Cell] = field(default_factory=list)
    # The lines, and whether other labels cross those of all rows, as in a two-way table.
    lines: dict[tuple[int, ...], bool] = field(default_factory=dict)
    # Per table, or part of a figure's data, the cell by column and labels.
    tables: list[dict[tuple[str, tuple[str, ...]], int]] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)  # have to go since a reader would work with them
    at: dict[Place, int] = field(default_factory=dict)
    # Whether one is hidden stands here: in the structure of its part of a finding, at a row and a column.
    inside: dict[Place, tuple[Any, int, int]] = field(default_factory=dict)
    rows: list[list[Row]] = field(default_factory=list)  # of each published table
    statistics: list[Place] = field(default_factory=list)  # the other numbers of these rows
    drawings: set[int] = field(default_factory=set)  # which findings are figures
    left: list[tuple[int, int]] = field(default_factory=list)  # whole and part that leaves too few of it


def gather(structures: Sequence[Sequence[Mapping]], drawn: Sequence[bool]) -> Findings:
    """Return the counts of all findings as one set of cells.

    `structures` holds per finding the private structure of its table, or of each part of a figure's data
    (`Disclosed.counts`); `drawn` says whether it is a figure: a cell in it costs more to hide.
    """
    found = Findings(drawings={number for number, one in enumerate(drawn) if one})
    known: dict[tuple, int] = {}
    for number, parts in enumerate(structures):
        start = 0
        for data in parts:
            by_place = _add_cells(found, known, (number, start), data, drawn[number])
            _add_lines(found, data, by_place)
            ends = ((by_place[tuple(whole)], by_place[tuple(part)]) for whole, part in data.get("left", ()))
            found.left += [(whole, part) for whole, part in ends if whole != part]
            start += len(data["values"])
    for whole, part in found.left:
        found.cells[part].within = min(found.cells[part].within, found.cells[whole].value)
    return found


def _add_cells(
    found: Findings, known: dict[tuple, int], at: tuple[int, int], data: Mapping, drawn: bool
) -> dict[tuple[int, int], int]:
    """Add (in place) the cells of one table; return them by their row and column.

    `known` holds the cell of each column, labels and value; `at` is the finding, and the row of the published
    table with which these begin.
    """
    by_place: dict[tuple[int, int], int] = {}
    found.tables.append({})
    for row, values in enumerate(data["values"]):
        labels = tuple(map(about, data["labels"][row]))
        for column, value in enumerate(values):
            if value is None:
                continue
            name, hidden = data["columns"][column], bool(data["hidden"][row][column])
            cell = known.setdefault((name, labels, value), len(found.cells))
            if cell == len(found.cells):
                found.cells.append(Cell(value, labels, name))
            one = found.cells[cell]
            place = Place(at[0], at[1] + row, name)
            one.places.append(place)
            one.hidden &= hidden
            one.people &= name not in data.get("implied", ())
            most = data.get("most", {}).get(name, np.inf)
            one.most = min(one.most, most) if value <= most else one.most
            one.drawn |= drawn and name not in data["base"] and not hidden
            one.total |= bool(data["totals"][row])
            by_place[row, column] = cell
            found.tables[-1][name, labels] = cell
            found.at[place], found.inside[place] = cell, (data, row, column)
    return by_place


def _add_lines(found: Findings, data: Mapping, by_place: Mapping[tuple[int, int], int]) -> None:
    """Add (in place) the lines of one table.

    One is crossed where the labels in which its rows differ stand in rows of the table outside it too.
    """
    table = [frozenset(map(about, row)) for row in data["labels"]]
    for places in data["lines"]:
        line = tuple(by_place[tuple(at)] for at in places if tuple(at) in by_place)
        if len(set(line)) == len(line) > 1:
            rows = [frozenset(found.cells[cell].labels) for cell in line]
            shared = rows[0].intersection(*rows[1:])
            own = {row - shared for row in rows if row > shared}
            outside = [row for row in table if not shared <= row] if shared else []
            crossed = any(varying <= row for varying in own for row in outside)
            found.lines[line] = crossed and found.lines.get(line, True)


def see(found: Findings, read: Reading) -> None:
    """Add (in place) what the published tables, one per finding, show to those who read nothing else.

    The counts that shares give stand in their rows like others.
    """
    cells = [found.at.get(place) for place in read.cells]
    found.statistics = read.statistics
    given: dict[tuple[int, int], dict[str, int]] = {}
    for place, cell in found.at.items():
        if not found.cells[cell].people:
            given.setdefault((place.finding, place.row), {})[place.column] = cell
    for number, table in enumerate(read.rows):
        found.rows.append([])
        for at, row in enumerate(table):
            counts = {name: cell for name, one in row.counts.items() if (cell := cells[one]) is not None}
            found.rows[-1].append(row._replace(counts=counts | given.get((number, at), {})))
    for cell, (low, high) in zip(cells, read.range, strict=True):
        if cell is not None:
            found.cells[cell].near |= low < high < np.inf
