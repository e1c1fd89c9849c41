"""Counts across all tables of a report: what differences and margins between them would reveal.

Within one table the door has hidden what is too small. Two tables together can still tell: 559 patients with
an outcome in one, 556 of the same group with an answer as well in another, make 3 without. Here all counts
of a report become one set of cells, equal ones merged, and further cells are hidden until no small count
and no small difference follows from what is left.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from vbhc.disclosure.policies import Policy
from vbhc.disclosure.recovery import Counts, Target
from vbhc.disclosure.second import hide_second


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
    """All counts of a report: the cells, the lines they form and the cells by table."""

    cells: list[Cell] = field(default_factory=list)
    lines: list[list[int]] = field(default_factory=list)
    shared: list[frozenset[str]] = field(default_factory=list)  # the labels that the cells of a line share
    crossed: list[bool] = field(
        default_factory=list
    )  # whether other labels cross them, as in a two-way table
    tables: list[dict[tuple[str, tuple[str, ...]], int]] = field(default_factory=list)


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
    found, known = Findings(), {}
    for number, parts in enumerate(structures):
        for part, data in enumerate(parts):
            found.tables.append({})
            by_place = {}
            for row, values in enumerate(data["values"]):
                labels = tuple(label.strip().lower() for label in data["labels"][row])
                for column, value in enumerate(values):
                    if value is None:
                        continue
                    name = data["columns"][column]
                    key = (name, labels, value)
                    cell = known.setdefault(key, len(found.cells))
                    if cell == len(found.cells):
                        found.cells.append(Cell(value, labels, name))
                    one = found.cells[cell]
                    one.places.append(Place(number, part, row, column))
                    one.hidden &= bool(data["hidden"][row][column])
                    drawn_here = drawn[number] and name not in data["base"]
                    one.drawn |= drawn_here and not data["hidden"][row][column]
                    one.total |= bool(data["totals"][row])
                    by_place[row, column] = cell
                    found.tables[-1][name, labels] = cell
            for places in data["lines"]:
                line = [by_place[tuple(at)] for at in places if tuple(at) in by_place]
                if len(set(line)) == len(line) > 1:
                    found.lines.append(line)
                    rows = [found.cells[cell].labels for cell in line]
                    found.shared.append(frozenset(rows[0]).intersection(*rows[1:]))
                    found.crossed.append(_crossed(rows, data["labels"]))
    return found


def _crossed(rows: Sequence[tuple[str, ...]], labels: Sequence[Sequence[str]]) -> bool:
    """Whether the labels in which a line's rows differ stand in rows of the table outside the line too."""
    shared = frozenset(rows[0]).intersection(*rows[1:])
    own = {frozenset(row) - shared for row in rows}
    table = [frozenset(label.strip().lower() for label in row) for row in labels]
    outside = [row for row in table if not shared <= row]
    return bool(shared) and any(varying <= row for varying in own for row in outside if varying)


def hide_across(
    found: Findings, policy: Policy, said: Container[float] = (), people: float | None = None
) -> list[int]:
    """Return the cells that have to be hidden besides those that are.

    Parameters
    ----------
    said : container of numbers
        Counts that sentences give; they are hidden last.
    people : number, optional
        How many people the study has. Counts of other things (rows of a cost file) are larger, and would
        else be taken for everybody.
    """
    if not found.cells:
        return []
    values = np.array([cell.value for cell in found.cells])
    hidden = np.array([cell.hidden for cell in found.cells])
    small = [{cell: 1} for cell in range(len(values)) if hidden[cell] and policy.hides(values[cell])]
    alike = [] if policy.rounds_to else nearly_all(found, policy, said, people)
    hidden[alike] = True
    close = [] if policy.rounds_to else [*_same_group(found, policy), *({cell: 1} for cell in alike)]
    sums = margins(found)
    # A sum that the report itself gives is known as far as it is shown, one across a table in two directions
    # that it gives nowhere is not. Every other sum is taken to be known: it is that of the study.
    given = {tuple(parts) for _, parts in sums}
    lines = [
        line
        for line, crossed in zip(found.lines, found.crossed, strict=True)
        if tuple(line) not in given and not crossed
    ]
    counts = Counts(values, hidden, lines, nested(found), sums)

    def cost(number: int) -> float:
        cell = found.cells[number]
        return 0.5 * cell.total + cell.drawn + 2 * (cell.value in said)

    after = hide_second(counts, policy, [*small, *close], cost)
    before = np.array([cell.hidden for cell in found.cells])
    return [int(cell) for cell in np.flatnonzero(after & ~before)]


def nested(found: Findings) -> list[tuple[int, int]]:
    """Return pairs (whole, part) of cells: one group in two tables, where one table never counts more."""
    pairs: dict[tuple[int, int], None] = {}
    for one, other in combinations(found.tables, 2):
        common = [(one[key], other[key]) for key in one.keys() & other.keys() if key[1]]
        differ = [(a, b) for a, b in common if a != b]
        up = all(found.cells[a].value >= found.cells[b].value for a, b in differ)
        down = all(found.cells[a].value <= found.cells[b].value for a, b in differ)
        if up or down:
            pairs.update(dict.fromkeys(sorted(differ if up else [(b, a) for a, b in differ])))
    return list(pairs)


def margins(found: Findings) -> list[tuple[int, list[int]]]:
    """Return counts that are the sum of a line in another table; they carry the labels that it shares."""
    by_labels: dict[tuple[frozenset[str], float], list[int]] = {}
    for number, cell in enumerate(found.cells):
        by_labels.setdefault((frozenset(cell.labels), cell.value), []).append(number)
    sums = [sum(found.cells[cell].value for cell in line) for line in found.lines]
    return [
        (whole, line)
        for line, shared, total in zip(found.lines, found.shared, sums, strict=True)
        if shared
        for whole in by_labels.get((shared, total), ())
        if whole not in line
    ]


def _same_group(found: Findings, policy: Policy) -> Iterable[Target]:
    """Differences of too few people between two counts of one group in different tables."""
    groups: dict[tuple, set[int]] = {}
    for table in found.tables:
        for (name, labels), cell in table.items():
            if labels:
                groups.setdefault((name, labels), set()).add(cell)
    for cells in groups.values():
        yield from _close(sorted(cells), lambda cell: found.cells[cell].value, policy)


def nearly_all(
    found: Findings, policy: Policy, said: Container[float] = (), people: float | None = None
) -> list[int]:
    """Return counts that have to go since another, of nearly everybody too, differs by too few people.

    Of the numbers that hold more than half of the study those stay that stand in most places, drawings and
    sentences before tables.
    """
    shown = [(number, cell) for number, cell in enumerate(found.cells) if not cell.hidden]
    half = most_people([cell.value for _, cell in shown], people) / 2
    weight: dict[float, float] = {}
    for _, cell in shown:
        if cell.value > half:
            more = len(cell.places) + 5 * cell.drawn + 5 * (cell.value in said)
            weight[cell.value] = weight.get(cell.value, 0) + more
    kept: list[float] = []
    for value in sorted(weight, key=lambda one: (-weight[one], -one)):
        if all(abs(value - other) > policy.hides_up_to for other in kept):
            kept.append(value)
    return [number for number, cell in shown if cell.value in weight and cell.value not in kept]


def most_people(counts: Iterable[float], people: float | None) -> float:
    """Return the largest count that can be one of people, as far as it is known how many there are."""
    counts = list(counts)
    possible = [count for count in counts if people is None or count <= people]
    return max(possible or counts, default=0)


def _close(cells: Sequence[int], value, policy: Policy) -> Iterable[Target]:
    ordered = sorted(cells, key=value, reverse=True)
    for place, larger in enumerate(ordered):
        for smaller in ordered[place + 1 :]:
            difference = value(larger) - value(smaller)
            if difference > policy.hides_up_to:
                break
            if difference > 0:
                yield {larger: 1, smaller: -1}
