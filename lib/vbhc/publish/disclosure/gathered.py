"""All counts of a report as one set of cells: equal ones merged, with the lines that they form.

A cell is a count under its labels. It stands in one table or in several, and is hidden while each hides it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.seen import Table, counts_seen, given_away


@dataclass(frozen=True)
class Place:
    """Where a count stands: which finding, which part of its data, row and column of counts."""

    finding: int
    part: int
    row: int
    column: int


@dataclass
class Cell:
    """One count of the report and all places where it stands."""

    value: float
    labels: tuple[str, ...]
    column: str
    places: list[Place] = field(default_factory=list)
    hidden: bool = True  # while every place hides it
    drawn: bool = False
    total: bool = False


@dataclass
class Findings:
    """All counts of a report: the cells, the lines they form, and the cells by table.

    Attributes
    ----------
    shared : list
        The labels that the cells of a line share.
    crossed : list
        Whether other labels cross those of a line, as in a two-way table.
    tables : list
        Per table, or part of a figure's data, the cell by column and labels.
    seen : dict
        By the labels and the column that the published tables show: cells, each with its finding.
    alone : list
        Shown cells that have to go since a star beside them seems to follow from a total.
    known : dict
        The cell of each column, labels and value.
    starts : dict
        By finding and part the row of the published table with which the part begins.
    """

    cells: list[Cell] = field(default_factory=list)
    lines: list[list[int]] = field(default_factory=list)
    shared: list[frozenset[str]] = field(default_factory=list)
    crossed: list[bool] = field(default_factory=list)
    tables: list[dict[tuple[str, tuple[str, ...]], int]] = field(default_factory=list)
    seen: dict[tuple, list[tuple[int, int]]] = field(default_factory=dict)
    alone: list[int] = field(default_factory=list)
    known: dict[tuple, int] = field(default_factory=dict)
    starts: dict[tuple[int, int], int] = field(default_factory=dict)


def gather(structures: Sequence[Sequence[Mapping]], drawn: Sequence[bool]) -> Findings:
    """Return the counts of all findings as one set of cells.

    Parameters
    ----------
    structures : sequence
        Per finding the private structure of its table, or of each part of a figure's data
        (`Disclosed.counts`).
    drawn : sequence of bool
        Whether the finding is a figure: a cell in it costs more to hide.
    """
    found = Findings()
    for number, parts in enumerate(structures):
        start = 0
        for part, data in enumerate(parts):
            found.starts[number, part] = start
            start += len(data["values"])
            by_place = _add_cells(found, number, part, data, drawn[number])
            _add_lines(found, data, by_place)
    return found


def _add_cells(
    found: Findings, number: int, part: int, data: Mapping, drawn: bool
) -> dict[tuple[int, int], int]:
    """Add (in place) the cells of one table; return them by their row and column."""
    by_place: dict[tuple[int, int], int] = {}
    found.tables.append({})
    for row, values in enumerate(data["values"]):
        labels = tuple(label.strip().lower() for label in data["labels"][row])
        for column, value in enumerate(values):
            if value is None:
                continue
            name, hidden = data["columns"][column], bool(data["hidden"][row][column])
            cell = found.known.setdefault((name, labels, value), len(found.cells))
            if cell == len(found.cells):
                found.cells.append(Cell(value, labels, name))
            one = found.cells[cell]
            one.places.append(Place(number, part, row, column))
            one.hidden &= hidden
            one.drawn |= drawn and name not in data["base"] and not hidden
            one.total |= bool(data["totals"][row])
            by_place[row, column] = cell
            found.tables[-1][name, labels] = cell
    return by_place


def _add_lines(found: Findings, data: Mapping, by_place: Mapping[tuple[int, int], int]) -> None:
    """Add (in place) the lines of one table, with what their cells share."""
    for places in data["lines"]:
        line = [by_place[tuple(at)] for at in places if tuple(at) in by_place]
        if len(set(line)) == len(line) > 1:
            rows = [found.cells[cell].labels for cell in line]
            found.lines.append(line)
            found.shared.append(frozenset(rows[0]).intersection(*rows[1:]))
            found.crossed.append(_crossed(rows, data["labels"]))


def see(found: Findings, tables: Sequence[Table], things: Sequence[Collection[str]], policy: Policy) -> None:
    """Add (in place) what the published tables, one per finding, show to those who read nothing else."""
    at: dict[tuple[int, int, str], int] = {}
    for number, cell in enumerate(found.cells):
        for place in cell.places:
            at[place.finding, found.starts[place.finding, place.part] + place.row, cell.column] = number
    for finding, (rows, uncounted) in enumerate(zip(tables, things, strict=True)):
        for one in counts_seen(rows, uncounted):
            if (finding, one.row, one.column) in at:
                number = at[finding, one.row, one.column]
                found.seen.setdefault((one.labels, one.column), []).append((number, finding))
        beside = given_away(rows, uncounted, policy) if not policy.rounds_to else ()
        found.alone += [at[finding, *one] for one in beside if (finding, *one) in at]


def _crossed(rows: Sequence[tuple[str, ...]], labels: Sequence[Sequence[str]]) -> bool:
    """Whether the labels in which a line's rows differ stand in rows of the table outside the line too."""
    shared = frozenset(rows[0]).intersection(*rows[1:])
    own = {frozenset(row) - shared for row in rows}
    table = [frozenset(label.strip().lower() for label in row) for row in labels]
    outside = [row for row in table if not shared <= row]
    return bool(shared) and any(varying <= row for varying in own for row in outside if varying)
