"""Counts across all tables of a report: what differences and margins between them would reveal.

559 patients with an outcome in one table, 556 of the same group with an answer as well in another, make 3
without.
"""

import re
from collections.abc import Container, Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from vbhc.publish.disclosure import facts
from vbhc.publish.disclosure.counts import NONE, Counts, Target, Told, close_pairs
from vbhc.publish.disclosure.gathered import Cell, Findings
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.second import choose

STATISTIC, FIGURE = 3.0, 30.0  # what is lost with a statistic, in a table and in a drawing


class Hide(NamedTuple):
    """Cells to withhold, cells to give nearly, and statistics to withhold."""

    stars: list[int]
    about: list[int]
    statistics: list[facts.Place]


def hide_across(
    found: Findings,
    policy: Policy,
    gone: Container[float] = (),
    said: Container[float] = (),
    again: bool = False,
    left: Container[float] = (),
    people: float | None = None,
) -> Hide:
    """Return what has to be hidden besides what is.

    Parameters
    ----------
    gone : container of numbers
        Counts that are not to be shown anywhere (`telling.too_alike`), nor as the sum of a line.
    said : container of numbers
        Counts that sentences give; they are hidden last.
    again : bool
        Whether the report was gone through before.
    left : container of numbers
        Counts of who is missing that leave one of `gone`.
    people : number, optional
        How many the study has.
    """
    if not found.cells:
        return Hide([], [], [])
    cells = found.cells
    before = np.array([cell.hidden for cell in cells])
    apart = _apart(found, gone, left, said)
    hidden = before.copy()
    hidden[apart] = True
    values = _values(found)
    nearly = np.array([one.people and not policy.hides(one.value) for one in cells])
    around = [policy.about(one.value, people) if one.people else one.around for one in cells]
    nearly = nearly | np.array([one.near and not one.people for one in cells])
    near = hidden & np.array([cell.near or not (again and cell.hidden) for cell in cells]) & nearly
    stated = [] if policy.rounds_to else facts.facts(found.rows, values.tolist(), people, least=1)
    # What makes one cell, or everybody with it, is known as far as that cell is.
    tied = {frozenset(one.signs) - {c} for one in stated if one.statistic == NONE for c in one.signs}
    bases = list(_bases(found, hidden, policy))
    tied.update(map(frozenset, bases))  # one number, and no parts of a sum
    known = [line for line in _known_lines(found) if frozenset(line) not in tied]
    stated += [Told({one: 1.0, other: -1.0}, 0, 0) for cells in bases for one, other in pairwise(cells)]
    stated += [Told({part: 1.0, whole: -1.0}, -np.inf, 0) for whole, part in nested(found)]
    stated += [Told({**dict.fromkeys(parts, 1.0), whole: -1.0}, 0, 0) for whole, parts in margins(found)]
    ends = np.array([one or (np.nan, np.nan) for one in around])
    counts = Counts(values, hidden, known, stated, near & ~np.isnan(ends[:, 0]), people, ends)

    def cost(number: int) -> float:
        cell = cells[number]
        return 0.5 * cell.total + cell.drawn + 2 * (cell.value in said)

    new = set(apart) if again else None
    prices = [FIGURE if place.finding in found.drawings else STATISTIC for place in found.statistics]
    made = choose(counts, policy, _targets(found, policy, before, apart), cost, prices, nearly, new)
    changed = made.hidden & (~before | (made.near != np.array([cell.near for cell in cells])))
    stars, about = np.flatnonzero(changed & ~made.near), np.flatnonzero(changed & made.near)
    return Hide(stars.tolist(), about.tolist(), [found.statistics[one] for one in sorted(made.silent)])


def _apart(
    found: Findings, gone: Container[float], left: Container[float], said: Container[float]
) -> list[int]:
    """Return the shown cells that have to go beside others, one of each line too that would add up to one."""
    cells = found.cells
    apart = [
        number
        for number, cell in enumerate(cells)
        if not cell.hidden and (cell.value in gone or (cell.value in left and is_missing(cell)))
    ]
    for total, line in line_sums(found):
        if total in gone and not set(line) & set(apart):
            apart.append(min(line, key=lambda cell: _worth(cells[cell], said)))
    return list(dict.fromkeys([*apart, *found.alone]))


def is_missing(cell: Cell) -> bool:
    """Whether a count is one of those who are missing, as its column or its row says."""
    return any(map(says_missing, (cell.column.replace("_", " "), *cell.labels)))


def says_missing(name: str) -> bool:
    """Whether a name is one of those who are missing."""
    return bool(re.search(r"\b(missing|lost|unknown|without|not? answer)\b", name))


def line_sums(found: Findings, crossed: bool = True) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Yield what lines of tables, or bars, add up to where all are shown; at will no crossed lines."""
    pairs = zip(found.lines, found.crossed, strict=True)
    for line in sorted({tuple(line) for line, across in pairs if crossed or not across}):
        if not any(found.cells[cell].hidden for cell in line):
            yield _sum(found, line), line


def _worth(cell: Cell, said: Container[float]) -> tuple[bool, bool, float]:
    return cell.drawn, cell.value in said, cell.value


def _sum(found: Findings, line: Sequence[int]) -> float:
    return sum(found.cells[cell].value for cell in line)


def _values(found: Findings) -> np.ndarray:
    return np.array([cell.value for cell in found.cells])


def _targets(found: Findings, policy: Policy, hidden: np.ndarray, apart: Sequence[int]) -> list[Target]:
    """Return what must not be worked out: small counts, those that went, small differences of one group."""
    values = _values(found)
    small: list[Target] = [{int(cell): 1} for cell in np.flatnonzero(hidden) if policy.hides(values[cell])]
    if policy.rounds_to:
        return small
    same = [{larger: 1, smaller: -1} for larger, smaller in _same_group(found, policy)]
    return [*small, *same, *({cell: 1} for cell in apart)]


def _same_group(found: Findings, policy: Policy) -> Iterator[tuple[int, int]]:
    """Yield pairs (larger, smaller) of counts of one group, in different tables, that differ by too few."""
    groups: dict[tuple, set[int]] = {}
    for table in found.tables:
        for (name, labels), cell in table.items():
            if labels:
                groups.setdefault((name, labels), set()).add(cell)
    for cells in groups.values():
        ordered = sorted(cells)
        falling = (-found.cells[cell].value for cell in ordered)  # the larger first
        yield from ((ordered[a], ordered[b]) for a, b in close_pairs(falling, policy.hides_up_to))


def _bases(found: Findings, hidden: np.ndarray, policy: Policy) -> Iterator[list[int]]:
    """Yield large counts that are one number in all rows of a table and shown in none: what shares are of."""
    for table in found.rows:
        for column in dict.fromkeys(name for row in table for name in row.counts):
            cells = list(dict.fromkeys(row.counts[column] for row in table if column in row.counts))
            values = [found.cells[cell].value for cell in cells]
            if len(cells) > 2 and policy.hides_up_to < min(values) == max(values) and hidden[cells].all():
                yield cells


def _known_lines(found: Findings) -> list[list[int]]:
    """Return the lines whose sum is taken to be known: that of the study.

    One that the report itself gives is known as far as it is shown, one across a table in two directions not.
    """
    given = {tuple(parts) for _, parts in margins(found)}
    pairs = zip(found.lines, found.crossed, strict=True)
    return [line for line, crossed in pairs if tuple(line) not in given and not crossed]


def nested(found: Findings) -> list[tuple[int, int]]:
    """Return pairs (whole, part) of cells: one group in two tables, where one table never counts more.

    What follows from other pairs is left out: of 40 tables of ever fewer people, 39 pairs of each group.
    """
    pairs: dict[tuple, dict[int, set[int]]] = {}
    for one, other in _sharing(found.tables):
        differ = [
            (key, one[key], other[key]) for key in one if key[1] and other.get(key, one[key]) != one[key]
        ]
        up = all(found.cells[a].value >= found.cells[b].value for _, a, b in differ)
        down = all(found.cells[a].value <= found.cells[b].value for _, a, b in differ)
        for key, a, b in differ if up or down else ():
            whole, part = (a, b) if up else (b, a)
            pairs.setdefault(key, {}).setdefault(whole, set()).add(part)
    return [pair for parts_of in pairs.values() for pair in _next_ones(found, parts_of)]


def _sharing(tables: Sequence[dict]) -> Iterator[tuple[dict, dict]]:
    """Yield pairs of tables that count a group of one name."""
    by_key: dict[tuple, list[int]] = {}
    for number, table in enumerate(tables):
        for key in table:
            if key[1]:
                by_key.setdefault(key, []).append(number)
    alike = dict.fromkeys(tuple(numbers) for numbers in by_key.values())
    pairs = dict.fromkeys(pair for numbers in alike for pair in combinations(numbers, 2))
    yield from ((tables[one], tables[other]) for one, other in sorted(pairs))


def _next_ones(found: Findings, parts_of: dict[int, set[int]]) -> Iterator[tuple[int, int]]:
    """Yield each whole with those of its parts that are no parts of another part of it."""
    for whole, parts in sorted(parts_of.items()):
        kept: list[int] = []
        for part in sorted(parts, key=lambda cell: (-found.cells[cell].value, cell)):
            if not any(part in parts_of.get(one, ()) for one in kept):
                kept.append(part)
                yield whole, part


def margins(found: Findings) -> list[tuple[int, list[int]]]:
    """Return counts that are the sum of a line in another table; they carry the labels that it shares."""
    by_labels: dict[tuple[frozenset[str], float], list[int]] = {}
    for number, cell in enumerate(found.cells):
        by_labels.setdefault((frozenset(cell.labels), cell.value), []).append(number)
    sums = [_sum(found, line) for line in found.lines]
    return [
        (whole, line)
        for line, shared, total in zip(found.lines, found.shared, sums, strict=True)
        if shared
        for whole in by_labels.get((shared, total), ())
        if whole not in line
    ]
