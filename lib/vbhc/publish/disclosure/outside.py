"""Published tables as an outsider reads them, and the withheld counts that he works out from them.

What he believes (`facts`) has to be seen twice, or said by a name.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from vbhc.publish.disclosure import facts
from vbhc.publish.disclosure.counts import NONE, close_pairs, matrix_of, parts_of
from vbhc.publish.disclosure.layout import TOTALS, counts_people
from vbhc.publish.disclosure.policies import MARK, NEAR, Policy
from vbhc.publish.disclosure.rows import Place, Row, Statistic, base_of
from vbhc.vocabulary import by_role

Table = list[list[str]]
WHOLE = r"\d+(\.0+)?"  # a count as it is written
TWICE = re.compile(r"(^|_)(mean|sum|total|average)(_|$)")


class Given(NamedTuple):
    """A withheld count, the numbers that it can be, and the published numbers that leave no others."""

    place: Place
    low: float
    high: float
    by: list[Place]


def about(label: str) -> str:
    """Return whom a label is about: of "B against A" beside a difference and its p B is counted."""
    return label.partition(" against ")[0].strip().lower()


def read_table(text: str) -> Table:
    """Return the rows of a published CSV, the header first."""
    return list(csv.reader(io.StringIO(text)))


class Reading:
    """Tables as they are printed: rows, the range that each count is shown to have, and where all stands."""

    def __init__(
        self,
        tables: Sequence[Table],
        things: Sequence[Collection[str]],
        policy: Policy,
        people: float | None = None,
        known: Collection[Place] = (),
    ) -> None:
        """Read tables, each with its columns that count things or describe rows, and what else is known."""
        self.policy, self.people, self.known = policy, people, known
        self.range: list[tuple[float, float]] = []
        self.cells: list[Place] = []
        self.statistics: list[Place] = []
        self.headers = [rows[0] if rows else [] for rows in tables]
        self.rows = [
            [self._row(number, at, row, declared) for at, row in enumerate(rows[1:])]
            for number, (rows, declared) in enumerate(zip(tables, things, strict=True))
        ]

    def _row(self, number: int, at: int, row: list[str], things: Collection[str]) -> Row:
        header = self.headers[number]
        counted = [name for name in header if self._counts(Place(number, at, name), things)]
        cells = list(zip(header, row, strict=False))
        named = bool(row) and not _written(row[0], 0)  # whom it is about stands before its first number
        plain = {c for c, text in cells if named and c not in things and _written(text, 0)}
        first = next((at for at, (c, _) in enumerate(cells) if c in counted or c in plain), 0)
        counts, statistics = {}, {}
        for place, (column, text) in enumerate(cells):
            around = self._around(text) if column in counted else None
            money = bool(by_role([column], "money"))
            shown = _written(text, len(self.statistics), money) if place >= first else None
            if around:
                counts[column] = len(self.cells)
                self.cells.append(Place(number, at, column))
                self.range.append(around)
            elif shown and column not in things and column not in counted:
                statistics[column] = shown
                self.statistics.append(Place(number, at, column))
        total = any(cell.strip().lower() in TOTALS for cell in row[:first])
        # "KCCQ total, at admission" is two names; those of a total are none.
        names = {part.strip() for label in row[:first] for part in about(label).split(",")}
        return Row(frozenset(names - {"", *TOTALS}), total, counts, statistics)

    def _counts(self, place: Place, things: Collection[str]) -> bool:
        return (counts_people(place.column) and place.column not in things) or place in self.known

    def _around(self, text: str) -> tuple[float, float] | None:
        """The lowest and the highest that a count can be, as it is written."""
        if text == MARK:
            return (0.0 if self.policy.hides_zero else 1.0), np.inf
        if text.startswith(NEAR):
            return self.policy.about(float(text[1:].replace(",", "")), self.people)
        return (float(text), float(text)) if re.fullmatch(WHOLE, text) else None

    def shown(self) -> list[float]:
        """Return by cell the count where it is shown as it is, else NaN."""
        return [low if low == high else np.nan for low, high in self.range]


def _written(cell: str, number: int, money: bool = False) -> Statistic | None:
    """Return what a written number can be, "0.55" is 0.545 to 0.555, else None.

    Amounts of money have three digits: "5780" is 5775 to 5785.
    """
    if not re.fullmatch(r"-?\d*\.?\d+", cell):
        return None
    places = len(cell.partition(".")[2])
    if money and len(cell) > 3 and cell.endswith("0" * (len(cell) - 3)):
        places = 3 - len(cell)
    half = 0.5 * 10.0**-places
    return Statistic(float(cell) - half, float(cell) + half, number)


def most_people(counts: Iterable[float], people: float | None) -> float:
    """Return the largest count that can be one of people, as far as it is known how many there are."""
    counts = list(counts)
    possible = [count for count in counts if people is None or count <= people]
    return max(possible or counts, default=0)


def given_back(read: Reading) -> list[Given]:
    """Return withheld counts that the tables leave fewer values than the policy promises.

    Told are those of too few people, and those that differ by too few from another count of nearly everybody.
    """
    policy, people = read.policy, read.people
    told = facts.facts(read.rows, read.shown(), people, least=2)
    large = [low for low, high in read.range if low == high and people and people / 2 < low <= people]
    found = []
    for cell, low, high, signs in _worked_out(told, read):
        small = any(policy.hides(n) for n in (low, high))
        near = any(0 < abs(one - n) <= policy.hides_up_to for one in large for n in (low, high))
        if high - low < policy.bound and (small or near):
            by = {c for one in signs for c in one.signs if c != cell and read.range[c][1] < np.inf}
            numbers = {one.statistic for one in signs} - {NONE}
            places = [read.cells[c] for c in sorted(by)] + [read.statistics[n] for n in sorted(numbers)]
            found.append(Given(read.cells[cell], low, high, places))
    return found


Pair = tuple[Place, Place]  # the smaller group first


def close_counts(read: Reading) -> Iterator[Pair]:
    """Yield counts of one group in two tables, by the names of row and column, that differ by too few."""
    groups: dict[tuple, list[tuple[float, Place]]] = {}
    counts = read.shown()
    for row in (row for table in read.rows for row in table):
        for column, cell in row.counts.items():
            if counts[cell] == counts[cell] and (row.labels or row.total):
                group = groups.setdefault((row.labels, row.total, column), [])
                group.append((counts[cell], read.cells[cell]))
    for group in groups.values():
        yield from _near(group, read.policy)


def told_twice(read: Reading, counts: Sequence[float]) -> Iterator[Pair]:
    """Yield means and sums that two tables give of a group and of nearly the same group.

    The mean of 43 patients and the mean of 40 of them give the mean of the other three. Compared are columns
    of one name for groups of one name, and for groups that both hold more than half of the study. Two rows of
    one table that rest on equally many people, more than half of the study, are two quantities (an age, a
    score); of two tables that list quantities those of different names are not compared. `counts` are by cell
    of the reading; NaN where one is not known.
    """
    half = most_people([n for n in counts if n == n], read.people) / 2
    groups: dict[tuple, list[tuple[float, Place]]] = {}
    names: dict[Place, frozenset[str]] = {}
    listed: set[Place] = set()  # in tables whose rows are quantities rather than groups
    for table in read.rows:
        told = [
            (counts[row.counts[base]], column, shown, row)
            for row in table
            for column, shown in row.statistics.items()
            if TWICE.search(column) and (base := base_of(row, column))
        ]
        bases = {(column, row.labels, row.total): n for n, column, _, row in told if n > half}
        lists = len({(column, n) for (column, *_), n in bases.items()}) < len(bases)
        for n, column, shown, row in told:
            if n == n and not read.policy.hides(n):
                place = read.statistics[shown.number]
                names[place] = row.labels
                listed |= {place} if lists else set()
                groups.setdefault((column, row.labels, row.total), []).append((n, place))
                if n > half:
                    groups.setdefault((column,), []).append((n, place))
    for key, group in groups.items():
        for one, other in _near(group, read.policy):
            if len(key) > 1 or not {one, other} <= listed or names[one] & names[other]:
                yield one, other


def _near(group: list[tuple[float, Place]], policy: Policy) -> Iterator[Pair]:
    """Yield what rests, in different tables, on numbers that differ by too few, the smaller first."""
    counts, places = zip(*sorted(group), strict=True)
    pairs = ((places[less], places[more]) for less, more in close_pairs(counts, policy.hides_up_to))
    yield from ((one, other) for one, other in pairs if one.finding != other.finding)


def _worked_out(
    told: Sequence[facts.Told], read: Reading
) -> Iterator[tuple[int, float, float, list[facts.Told]]]:
    """Yield cells that are not shown as they are, with their range and the statements about them."""
    low, high = np.array(read.range or np.zeros((0, 2))).T
    matrix = matrix_of([one.signs for one in told], len(low))
    unknown = abs(matrix).multiply(low < high).tocsr()
    group = parts_of(unknown)
    for cell in np.flatnonzero((high == np.inf) & (unknown.getnnz(axis=0) > 0)).tolist():
        own = np.flatnonzero(group == group[cell])
        rows = np.flatnonzero(unknown[:, own].getnnz(axis=1)).tolist()
        between = _range(matrix[rows], [told[row] for row in rows], (low, high), own, cell)
        if between:
            here = unknown[:, [cell]].nonzero()[0].tolist()
            yield cell, between[0], between[1], [told[row] for row in here]


def _range(
    matrix: Any, told: Sequence[facts.Told], sides: tuple, own: np.ndarray, cell: int
) -> list[float] | None:
    """Return the lowest and the highest whole number that a cell can be; None where nothing fits."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    low, high = sides
    given = matrix @ np.where(low == high, low, 0.0)
    within = LinearConstraint(
        matrix[:, own].tocsc(), [one.low for one in told] - given, [one.high for one in told] - given
    )
    box, aim, ends = Bounds(low[own], high[own]), (own == cell).astype(float), []
    for sign in (1, -1):
        best = milp(sign * aim, constraints=within, bounds=box, integrality=np.ones(len(own)))
        if best.x is None and best.status not in (3, 4):
            return None
        ends.append(np.inf if best.x is None else float(round(best.x @ aim)))
    return ends
