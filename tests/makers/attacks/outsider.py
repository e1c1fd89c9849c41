"""An outsider with a solver: what all count tables of a published report together leave open.

Every count of every table and of every figure's data is an unknown, equal groups being one. What is
published fixes some of them; sums, margins, nestings and complements tie the others together. Each withheld
count is then minimised and maximised over the whole numbers.

The outsider is made as strong as can be: the ties come from the tables' labels and from how their authors
said that they hang together, and each is held against the true counts, so that none of the beliefs is wrong.
The true counts serve for that and for telling which withheld counts to attack, and for nothing else.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, diags
from scipy.sparse.csgraph import connected_components

from vbhc.publish.disclosure.policies import MARK, Policy
from vbhc.publish.findings.marks import marked_outputs

TOTALS = frozenset(("all", "total", "overall", "sum"))
NEAREST = 20  # "~160" is 150 to 170 under nhs-proms, as the note below each such table says


class Table(NamedTuple):
    """A table, or one part of a figure's data: true counts by row and column, what is published."""

    name: str
    columns: list[str]
    labels: list[tuple[str, ...]]
    values: list[list[float | None]]
    cells: list[list[str]]
    lines: list[list[tuple[int, int]]]


class Tie(NamedTuple):
    """What is known of some counts: `low <= sum of sign * count <= high`, and why."""

    why: str
    signs: dict[int, float]
    low: float
    high: float


class Range(NamedTuple):
    """The lowest and the highest that a count, or a sum of signed counts, can be."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How far apart they are."""
        return self.high - self.low


@dataclass
class Known:
    """All counts of a report as an outsider sees them."""

    truth: list[float] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)
    places: list[list[str]] = field(default_factory=list)
    groups: list[tuple] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    near: dict[int, Range] = field(default_factory=dict)


def read_tables(report: Path, runs: Path) -> Iterator[Table]:
    """Yield the tables and figures' data of a published folder, with the true counts of its private runs."""
    for path in sorted(runs.glob("[0-9][0-9]*-*.ipynb")):
        for output, finding in _counted(json.loads(path.read_text(encoding="utf-8"))):
            name = f"{path.stem}-{finding['id']}"
            file = report / f"{finding['kind']}s" / f"{name}.csv"
            yield from _parts(name, file.read_text(encoding="utf-8") if file.is_file() else "", output)


def tables_in(notebooks: Mapping[str, dict]) -> Iterator[Table]:
    """Yield the same of notebooks in memory, as a report would publish them."""
    for page, notebook in notebooks.items():
        for output, finding in _counted(notebook):
            yield from _parts(f"{page}-{finding['id']}", finding.get("csv", ""), output)


def _counted(notebook: dict) -> Iterator[tuple[dict, dict]]:
    for _, output, finding in marked_outputs(notebook):
        if output["metadata"]["vbhc"].get("counts"):
            yield output, finding


def _parts(name: str, published: str, output: dict) -> Iterator[Table]:
    """Yield the parts of one finding; a figure that is withheld publishes nothing."""
    parts = output["metadata"]["vbhc"]["counts"]
    height = sum(len(part["values"]) for part in parts)
    rows = list(csv.DictReader(io.StringIO(published))) if published else [{}] * height
    assert len(rows) == height, f"{name}: {len(rows)} rows published, {height} made"
    start = 0
    for number, part in enumerate(parts):
        own = rows[start : start + len(part["values"])]
        start += len(own)
        labels = [tuple(one.strip().lower() for one in row) for row in part["labels"]]
        cells = [[row.get(column, MARK) for column in part["columns"]] for row in own]
        lines = [[tuple(at) for at in line] for line in part["lines"]]
        where = name if len(parts) == 1 else f"{name}/{number}"
        yield Table(where, part["columns"], labels, part["values"], cells, lines)


def link(tables: Iterable[Table], people: float) -> Known:
    """Return the counts of all tables as one set of unknowns, and every tie between them that is true."""
    tables, known, same = list(tables), Known(), {}
    cells = [_cells(table, known, same) for table in tables]
    by_labels: dict[frozenset[str], dict[int, None]] = defaultdict(dict)
    for table, own in zip(tables, cells, strict=True):
        for (row, _), cell in own.items():
            by_labels[frozenset(table.labels[row]) - TOTALS][cell] = None
    for table, own in zip(tables, cells, strict=True):
        known.ties += _sums(table, own, known.truth, by_labels)
        known.ties += _rows(table, own, known.truth, people)
    known.ties += _nestings(tables, cells, known.truth)
    return known


def _cells(table: Table, known: Known, same: dict[tuple, int]) -> dict[tuple[int, int], int]:
    """Return the unknown behind each count of a table; one group under one name and number is one unknown."""
    own = {}
    for row, values in enumerate(table.values):
        for column, value in enumerate(values):
            if value is None:
                continue
            name = table.columns[column]
            cell = same.setdefault((name, table.labels[row], value), len(known.truth))
            if cell == len(known.truth):
                known.truth.append(value)
                known.shown.append(False)
                known.places.append([])
                known.groups.append((name, table.labels[row]))
            text = table.cells[row][column]
            known.shown[cell] |= text != MARK and not text.startswith("~")
            if text.startswith("~"):
                known.near[cell] = _near(text[1:], dict(zip(table.columns, values, strict=True)))
            known.places[cell].append(f"{table.name}, {' / '.join(table.labels[row])}: {name}")
            own[row, column] = cell
    return own


def _near(text: str, row: Mapping[str, float | None]) -> Range:
    """Return the counts that "~160" leaves open, or a share such as "~0.05" of those in its row."""
    middle, places = float(text.replace(",", "")), len(text.partition(".")[2])
    if not places:
        return Range(middle - NEAREST / 2, middle + NEAREST / 2)
    whole = row.get("n") or max(filter(None, row.values()))
    half = 0.025 * (3 - places)  # two decimals are steps of 0.05, one of 0.1
    return Range(max(np.ceil((middle - half) * whole), 0), min(np.floor((middle + half) * whole), whole))


def _sums(table: Table, own: Mapping, truth: Sequence[float], by_labels: Mapping) -> Iterator[Tie]:
    """Yield the lines of a table: the sum is a count that stands somewhere under the labels they share.

    Where it stands nowhere it is taken to be known all the same, unless the line is one of those across a
    table in two directions, whose sums nobody gives.
    """
    for line in table.lines:
        if len({row for row, _ in line}) == 1:
            continue  # what counts of one row add up to (people asked + people missing) is asked in `_rows`
        parts = [own[at] for at in line if at in own]
        if len(set(parts)) != len(parts) or len(parts) < 2:
            continue
        labels = [frozenset(table.labels[row]) for row, _ in line]
        shared = frozenset.intersection(*labels)
        total = sum(truth[part] for part in parts)
        wholes = [c for c in by_labels.get(shared - TOTALS, ()) if truth[c] == total and c not in parts]
        for whole in wholes if shared else ():
            yield Tie("margin", {**dict.fromkeys(parts, 1.0), whole: -1.0}, 0, 0)
        varying = {label - shared for label in labels} - {frozenset()}
        outside = [frozenset(row) for row in table.labels if not shared <= frozenset(row)]
        crossed = bool(shared) and any(one <= row for one in varying for row in outside)
        if not (wholes and shared) and not crossed:
            yield Tie("sum", dict.fromkeys(parts, 1.0), total, total)


def _rows(table: Table, own: Mapping, truth: Sequence[float], people: float) -> Iterator[Tie]:
    """Yield what holds in every row of a table: two counts make everybody, or two make a third."""
    width = len(table.columns)
    rows = [
        {column: own[row, column] for column in range(width) if (row, column) in own}
        for row in range(len(table.values))
    ]
    for one, other in combinations(range(width), 2):
        both = [row for row in rows if one in row and other in row]
        if both and all(truth[row[one]] + truth[row[other]] == people for row in both):
            yield from (Tie("all", {row[one]: 1, row[other]: 1}, people, people) for row in both)
        for third in set(range(width)) - {one, other}:
            three = [row for row in both if third in row and len({row[one], row[other], row[third]}) == 3]
            if len(three) > 2 and all(truth[r[one]] + truth[r[other]] == truth[r[third]] for r in three):
                yield from (Tie("parts", {r[one]: 1, r[other]: 1, r[third]: -1}, 0, 0) for r in three)


def _nestings(tables: Sequence[Table], cells: Sequence[Mapping], truth: Sequence[float]) -> Iterator[Tie]:
    """Yield which counts are among which: one group in two tables, where one table never counts more."""
    named = [
        {(t.columns[column], t.labels[row]): cell for (row, column), cell in own.items() if t.labels[row]}
        for t, own in zip(tables, cells, strict=True)
    ]
    for one, other in combinations(named, 2):
        pairs = [(one[key], other[key]) for key in one.keys() & other.keys() if one[key] != other[key]]
        if pairs and all(truth[a] >= truth[b] for a, b in pairs):
            yield from (Tie("among", {b: 1, a: -1}, -np.inf, 0) for a, b in pairs)
        elif pairs and all(truth[a] <= truth[b] for a, b in pairs):
            yield from (Tie("among", {a: 1, b: -1}, -np.inf, 0) for a, b in pairs)


def attack(
    known: Known,
    goals: Iterable[Mapping[int, float]],
    shown: Sequence[bool] | None = None,
    policy: Policy | None = None,
) -> list[Range]:
    """Return what each goal (a count, or a sum of signed counts) can be, by integer programming.

    `shown` stands in for what is published. Of a withheld count that is not zero the outsider knows as much;
    with a policy he knows of every one whether it is too small itself or a second cell, as where a mean that
    rests on it stands beside it.
    """
    truth = np.array(known.truth)
    hidden = ~np.array(known.shown if shown is None else shown)
    ends = np.cumsum([0, *(len(tie.signs) for tie in known.ties)])
    columns = np.array([cell for tie in known.ties for cell in tie.signs], dtype=int)
    signs = np.array([sign for tie in known.ties for sign in tie.signs.values()], dtype=float)
    matrix = csr_matrix((signs, columns, ends), shape=(len(known.ties), len(truth)))
    given = matrix @ np.where(hidden, 0, truth)
    low = np.array([tie.low for tie in known.ties]) - given
    high = np.array([tie.high for tie in known.ties]) - given
    open_part = abs(matrix @ diags(hidden.astype(float))).tocsr()
    group = connected_components(open_part.T @ open_part, directed=False)[1]
    few = policy.hides_up_to if policy else 0
    small = (truth <= few) & (truth > 0)
    box = np.where(truth == 0, 0.0, np.where(small, 1.0, few + 1.0)), np.where(small, few, np.inf)
    for cell, one in known.near.items():
        assert one.low <= truth[cell] <= one.high
        box[0][cell], box[1][cell] = one
    return [_range(truth, hidden, matrix, (low, high), box, group, goal) for goal in goals]


def _range(truth, hidden, matrix, sides, box, group, goal: Mapping[int, float]) -> Range:
    fixed = sum(sign * truth[cell] for cell, sign in goal.items() if not hidden[cell])
    wanted = {cell: sign for cell, sign in goal.items() if hidden[cell]}
    if not wanted:
        return Range(fixed, fixed)
    cells = np.flatnonzero(hidden & np.isin(group, group[list(wanted)]))
    own = matrix[:, cells]
    rows = np.flatnonzero(np.diff(own.indptr))
    rules = [LinearConstraint(own[rows], *(side[rows] for side in sides))] if len(rows) else []
    bounds = Bounds(*(side[cells] for side in box))
    costs = np.zeros(len(cells))
    costs[np.searchsorted(cells, list(wanted))] = list(wanted.values())
    ends = []
    for sign in (1, -1):
        best = milp(sign * costs, constraints=rules, bounds=bounds, integrality=np.ones(len(cells)))
        ends.append(sign * round(best.fun) + fixed if best.x is not None else -sign * np.inf)
    return Range(*ends)


def small_targets(known: Known, policy: Policy) -> list[int]:
    """Return the counts of too few people, which have to be withheld and to stay unknown."""
    return [cell for cell, value in enumerate(known.truth) if policy.hides(value)]


def close_targets(known: Known, policy: Policy) -> list[dict[int, int]]:
    """Return differences of too few people between two counts of one group under one name."""
    alike = defaultdict(list)
    for cell, (name, labels) in enumerate(known.groups):
        if labels:
            alike[name, labels].append(cell)
    return [
        {one: 1, other: -1}
        for cells in alike.values()
        for one in cells
        for other in cells
        if policy.hides(known.truth[one] - known.truth[other])
    ]


def numbers_of_most(known: Known, people: float) -> list[float]:
    """Return the numbers of more than half of the study that can be worked out."""
    large = [cell for cell, value in enumerate(known.truth) if people / 2 < value <= people]
    found = attack(known, [{cell: 1} for cell in large])
    return sorted({known.truth[cell] for cell, one in zip(large, found, strict=True) if one.width == 0})
