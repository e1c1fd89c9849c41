"""One table as an outsider reads it: counts, shares that give counts, extremes, formulas, quotations."""

import math
import re
from collections.abc import Collection, Iterator

from vbhc.publish.disclosure.counting import counts_said
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.said import may_say, tells_of_one
from vbhc.report.audit.known import Known, plain

COUNT_NAME = re.compile(r"(^n$)|(^n_)|(_n$)|(^|_)count$|^(patients|people|records|deaths|died)$")
_QUOTED = re.compile(r"(^|_)(quote|quotation|verbatim)s?$")
_EXTREME = re.compile(r"(^|_)(min|max|minimum|maximum|lowest|highest|range|youngest|oldest)(_|$)")
_SHARE = re.compile(r"(^|_)(share|percent|percentage|pct|proportion|prevalence)(_|$)")
Table = list[list[str]]


def in_table(rows: Table, known: Known, things: Collection[str] = ()) -> Iterator[tuple]:
    """Yield (what, expected, column, row) for everything that a table should not hold.

    Parameters
    ----------
    things : collection of str
        Columns that the report declares to count things or to describe rows.
    """
    header = rows[0] if rows else []
    policy = known.policy
    for number, row in enumerate(rows[1:], start=2):
        for column, cell in zip(header, row, strict=False):
            for what, expected in _in_cell(column, cell, known, column in things):
                yield what, expected, column, number
        yield from _shares(header, row, number, policy, things)
    people = [p for p, name in enumerate(header) if COUNT_NAME.search(name) and name not in things]
    yield from _behind_ratios(header, rows[1:], people, policy, things)
    for column in header:
        if runs(column):
            yield "a column name that a spreadsheet would run", "it gets an apostrophe", column, 1


def _in_cell(column: str, cell: str, known: Known, thing: bool) -> Iterator[tuple[str, str]]:
    policy = known.policy
    if runs(cell):
        yield "a cell that a spreadsheet would run", "text that begins like a formula gets an apostrophe"
    if policy.protects and (tells_of_one(cell) or not may_say(counts_said(cell), policy)):
        yield "a text that counts too few people", policy.rule
    if not thing and COUNT_NAME.search(column) and is_whole(cell) and policy.hides(float(cell)):
        yield f"a count of {policy.few()}", policy.rule
    if policy.protects and not thing and _EXTREME.search(column) and _number(cell) is not None:
        yield "a lowest or highest value", "it is the answer of a single person"
    if known.allowed is not None and _QUOTED.search(column) and cell and plain(cell) not in known.allowed:
        yield "a quotation that is not on the list", "see quotations.yml"


def runs(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula (CWE-1236)."""
    first = cell.lstrip(" \u00a0\ufeff")[:1]
    signed = bool(re.fullmatch(r"[+-]?(\d[\d.,]*|\.\d+)(e[+-]?\d+)?%?", cell.strip(), re.IGNORECASE))
    return bool(first) and (first in "=@|\t\r＝＠＋－" or (first in "+-" and not signed))


def _shares(
    header: list[str], row: list[str], number: int, policy: Policy, things: Collection[str]
) -> Iterator[tuple]:
    """Shares that give a count of too few people, together with the one count of their row."""
    wholes = {float(cell) for name, cell in zip(header, row, strict=False) if name == "n" and is_whole(cell)}
    # Beside further counts ("patients with any") nobody can tell what a share is a share of.
    others = [name for name in header if COUNT_NAME.search(name) and name not in (*things, "n", "n_missing")]
    if not policy.protects or policy.rounds_to or len(wholes) != 1 or others:
        return
    whole = wholes.pop()
    for column, cell in zip(header, row, strict=False):
        value = _number(cell)
        if value is None or column in things or not _SHARE.search(column):
            continue
        if tells_few(value, len(cell.partition(".")[2]), whole, column, policy):
            yield "a share that gives a count of too few people", policy.rule, column, number


def tells_few(value: float, digits: int, whole: float, name: str, policy: Policy) -> bool:
    """Whether a share, as it is written, leaves nothing but too small counts (or too small rests)."""
    scale = 100 if value > 1 or re.search(r"(^|_)(percent|percentage|pct)(_|$)", name) else 1
    half = 0.5 * 10.0**-digits
    low = max(math.ceil((value - half) * whole / scale - 1e-9), 0)
    high = min(math.floor((value + half) * whole / scale + 1e-9), int(whole))
    counts = range(low, high + 1)
    few = [any(policy.hides(side) for side in (count, whole - count)) for count in counts]
    return bool(few) and all(few) and high - low < policy.bound


def _behind_ratios(
    header: list[str], rows: Table, people: list[int], policy: Policy, things: Collection[str]
) -> Iterator[tuple]:
    """Columns of whole numbers that count people by another name: a share of them stands beside them."""
    for place, column in enumerate(header):
        cells = [row[place] if place < len(row) else "" for row in rows]
        if place in people or column in things or not any(map(is_whole, cells)):
            continue
        if any(_is_ratio(rows, place, whole, share) for whole in people for share in range(len(header))):
            for number, cell in enumerate(cells, start=2):
                if is_whole(cell) and policy.hides(float(cell)):
                    yield f"a count of {policy.few()}", policy.rule, column, number


def _is_ratio(rows: Table, part: int, whole: int, share: int) -> bool:
    """Whether a column is the part as a share of the whole in every row that has the three."""
    if share in (part, whole):
        return False
    fits = 0
    for row in rows:
        if max(part, whole, share) >= len(row) or not is_whole(row[part]) or not is_whole(row[whole]):
            continue
        value, total = _number(row[share]), float(row[whole])
        if value is None or not total or "." not in row[share]:
            continue
        half = 0.51 * 10.0 ** -len(row[share].partition(".")[2])
        ratio = float(row[part]) / total
        if not 0 < ratio <= 1 or min(abs(value - ratio), abs(value - 100 * ratio)) > half:
            return False
        fits += 1
    return fits > 1


def is_whole(cell: str) -> bool:
    """Whether a cell holds a whole number, as counts are written."""
    return bool(re.fullmatch(r"\d+(\.0+)?", cell))


def _number(cell: str) -> float | None:
    return float(cell) if re.fullmatch(r"-?\d+(\.\d+)?", cell) else None
