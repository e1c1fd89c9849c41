"""One table as an outsider reads it: counts, shares that give counts, extremes, formulas."""

import re
from collections.abc import Collection, Iterator, Mapping

from vbhc.problems import Problem
from vbhc.publish.disclosure import outside
from vbhc.publish.disclosure.counting import fitting
from vbhc.publish.disclosure.counts import close_pairs
from vbhc.publish.disclosure.layout import PERCENT_NAME, SHARE_NAME, counts_people
from vbhc.publish.disclosure.outside import WHOLE, Table
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.resting import EXTREME_NAME
from vbhc.publish.disclosure.said import tells_few
from vbhc.report.audit.traces import Known

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SIGNED = re.compile(r"[+-]?(\d[\d.,]*|\.\d+)(e[+-]?\d+)?%?", re.IGNORECASE)


def in_table(rows: Table, known: Known, things: Collection[str] = ()) -> Iterator[tuple]:
    """Yield (what, expected, column, row) for what a table, but for declared `things`, should not hold."""
    header = rows[0] if rows else []
    for column in header:
        if runs(column):
            yield "a column name that a spreadsheet would run", "it gets an apostrophe", column, 1
        yield from ((*one, column, 1) for one in known.heard(column))
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(header, row, strict=False))
        for column, cell in cells.items():
            found = [*_in_text(cell, known.policy), *known.heard(cell)]
            found += [] if column in things else _in_number(column, cell, known.policy)
            yield from ((*one, column, number) for one in found)
        open_cells = {column: cell for column, cell in cells.items() if column not in things}
        yield from ((*one, number) for one in _shares(open_cells, known.policy))


def _in_text(cell: str, policy: Policy) -> Iterator[tuple[str, str]]:
    if runs(cell):
        yield "a cell that a spreadsheet would run", "text that begins like a formula gets an apostrophe"
    if tells_few(cell, policy):
        yield "a text that counts too few people", policy.rule


def _in_number(column: str, cell: str, policy: Policy) -> Iterator[tuple[str, str]]:
    if counts_people(column) and re.fullmatch(WHOLE, cell) and policy.hides(float(cell)):
        yield f"a count of {policy.few()}", policy.rule
    if policy.protects and EXTREME_NAME.search(column) and _NUMBER.fullmatch(cell):
        yield "a lowest or highest value", "it is the answer of a single person"


def runs(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula (CWE-1236)."""
    first = cell.lstrip(" \u00a0\ufeff")[:1]
    signed = bool(_SIGNED.fullmatch(cell.strip()))
    return bool(first) and (first in "=@|\t\r＝＠＋－" or (first in "+-" and not signed))


def _shares(row: dict[str, str], policy: Policy) -> Iterator[tuple[str, str, str]]:
    """Shares that give a count of too few people, together with the one count of their row."""
    # Beside further counts ("patients with any") nobody can tell what a share is a share of.
    counts = [name for name in row if counts_people(name) and name != "n_missing"]
    if not policy.protects or policy.rounds_to or counts != ["n"] or not re.fullmatch(WHOLE, row["n"]):
        return
    for column, cell in row.items():
        share = SHARE_NAME.search(column) and _NUMBER.fullmatch(cell)
        if share and _tells_few(column, cell, float(row["n"]), policy):
            yield "a share that gives a count of too few people", policy.rule, column


def _tells_few(column: str, cell: str, whole: float, policy: Policy) -> bool:
    """Whether a share, as it is written, leaves nothing but too small counts (or too small rests)."""
    value = float(cell)
    scale = 100 if value > 1 or PERCENT_NAME.search(column) else 1
    half = 0.5 * 10.0 ** -len(cell.partition(".")[2])
    few = [policy.hides(k) or policy.hides(whole - k) for k in fitting(value / scale, half / scale, whole)]
    return bool(few) and all(few) and len(few) <= policy.bound


def together(
    tables: Mapping[str, Table],
    pages: Mapping[str, set[float]],
    things: Mapping[str, Collection[str]],
    known: Known,
) -> Iterator[Problem]:
    """Yield what the tables of a report, and what its pages say, tell together."""
    names = list(tables)
    declared = [things.get(stem(name), ()) for name in names]
    read = outside.Reading(list(tables.values()), declared, known.policy, known.people)
    counts = read.shown()
    pairs = [(names[less.finding], names[more.finding]) for less, more in outside.close_counts(read)]
    every = [(n, names[place.finding]) for n, place in zip(counts, read.cells, strict=True) if n == n]
    every += [(count, page) for page, said in pages.items() for count in said]
    half = outside.most_people([count for count, _ in every], known.people) / 2
    large = sorted({one for one in every if one[0] > half})
    near = close_pairs((count for count, _ in large), known.policy.hides_up_to)
    pairs += [(large[less][1], large[more][1]) for less, more in near]
    for one, other in {frozenset(pair): pair for pair in pairs if len({*pair}) > 1}.values():
        what = f"a count that differs by too few people from one in {other}"
        yield Problem(one, what, "hide one of the two")
    for less, more in outside.told_twice(read, counts):
        what = f"{less.column} of a group and, in {names[more.finding]}, of nearly the same group"
        yield Problem(names[less.finding], what, "their difference tells of a few", less.column, less.row + 2)
    yield from (_problem(names, given) for given in outside.given_back(read))


def stem(name: str) -> str:
    """Return the name of a table or figure: tables/02-value-quota-cost.csv is 02-value-quota-cost."""
    return name.rpartition("/")[2].rpartition(", sheet ")[2].removesuffix(".csv")


def _problem(names: list[str], given: outside.Given) -> Problem:
    can_be = f"{given.low:.0f}" if given.low == given.high else f"{given.low:.0f} to {given.high:.0f}"
    shown = "; ".join(f"{names[one.finding]}, {one.column}, row {one.row + 2}" for one in given.by[:4])
    what = f"a hidden count that other numbers give away: it is {can_be}"
    place = given.place
    return Problem(names[place.finding], what, f"hide one of {shown}", place.column, place.row + 2)
