"""Means and sums that are told twice, of a group and of nearly the same group.

The mean of 43 patients and the mean of 40 of them give the mean of the other three, whether their number is
shown or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from vbhc.publish.disclosure.alike import most_people
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.seen import Table, texts_before


class Row(NamedTuple):
    """A row of a finding's data whose statistics are not to be shown."""

    finding: int
    part: int
    row: int


class _Told(NamedTuple):
    where: Row
    labels: tuple[str, ...]
    texts: tuple[str, ...]  # what names the row in the published table
    column: str
    counted: float
    drawn: bool
    lists: bool  # whether the rows of its table are quantities rather than groups


def rows_told_twice(
    structures: Sequence[Sequence[Mapping]],
    drawn: Sequence[bool],
    policy: Policy,
    people: float | None = None,
    tables: Sequence[Table] = (),
) -> list[Row]:
    """Return the rows whose statistics have to go, since nearly the same group stands elsewhere.

    Compared are means and sums of one name for groups of one name, and for groups that both hold more than
    half of the study. A figure stays where a table can give way. Under a policy that rounds, how many people
    lie between two groups is not known.

    Parameters
    ----------
    tables : sequence
        The published tables, one per structure: rows that read the same there are one group as well.

    Notes
    -----
    Two rows of one table that rest on equally many people, more than half of the study, are two quantities
    (an age, a score) and no two groups. Of two tables that list quantities those of different names are not
    compared: the mean age of 167 people and the mean score of 166 tell of nobody.
    """
    if not policy.protects or policy.rounds_to:
        return []
    counts = [one.counted for one in _told(structures, drawn, policy, tables, 0)]
    half = most_people(counts, people) / 2
    kept: dict[tuple, set[tuple[int, int]]] = {}  # by what could be the same group, where it stands
    gone: dict[Row, None] = {}
    for one in sorted(_told(structures, drawn, policy, tables, half), key=lambda one: not one.drawn):
        here = one.where[:2]
        steps = range(1, policy.hides_up_to + 1)
        near = [one.counted + sign * step for step in steps for sign in (1, -1)]
        alike = (kept.get((one.column, count, *name), ()) for count in near for name in _asked(one, half))
        if any(set(places) - {here} for places in alike):
            gone[one.where] = None
            continue
        for name in _names(one, half):
            kept.setdefault((one.column, one.counted, *name), set()).add(here)
    return list(gone)


def _told(
    structures: Sequence[Sequence[Mapping]],
    drawn: Sequence[bool],
    policy: Policy,
    tables: Sequence[Table],
    half: float,
) -> Iterator[_Told]:
    for number, parts in enumerate(structures):
        start = 0
        for part, data in enumerate(parts):
            for column, count in data.get("told_twice", {}).items():
                lists = _lists_quantities(data, count, half)
                for row, value, name in _counts_behind(data, count):
                    if not policy.hides(value):
                        labels = tuple(label.strip().lower() for label in data["labels"][row])
                        texts = texts_before(tables[number], start + row) if tables and name == "n" else ()
                        where = Row(number, part, row)
                        yield _Told(where, labels, texts, column, value, drawn[number], lists)
            start += len(data["values"])


def _counts_behind(data: Mapping, count: str) -> Iterator[tuple[int, float, str]]:
    """Yield row, count and name of the count that a statistic rests on, and of `n` where there is one."""
    for name in dict.fromkeys((count, "n")):
        place = data["columns"].index(name) if name in data["columns"] else None
        for row, values in enumerate(data["values"] if place is not None else ()):
            if values[place] is not None:
                yield row, values[place], name


def _lists_quantities(data: Mapping, count: str, half: float) -> bool:
    """Whether two rows of a table rest on equally many people, more than half of the study."""
    large = [value for _, value, name in _counts_behind(data, count) if name == count and value > half]
    return len(set(large)) < len(large)


def _names(one: _Told, half: float) -> Iterator[tuple]:
    """Yield everything under which a group can be found again."""
    yield "labels", one.labels
    if one.texts:
        yield "texts", one.texts
    if one.counted > half:
        yield ("most",)
        yield from ((("most", part) for part in _parts(one.labels)) if one.lists else [("most", None)])


def _asked(one: _Told, half: float) -> Iterator[tuple]:
    """Yield the names under which the same group may stand elsewhere."""
    yield "labels", one.labels
    if one.texts:
        yield "texts", one.texts
    if one.counted > half and one.lists:
        yield "most", None
        yield from (("most", part) for part in _parts(one.labels))
    elif one.counted > half:
        yield ("most",)


def _parts(labels: Sequence[str]) -> set[str]:
    """Return the names in labels: "KCCQ total, at admission" is two."""
    return {part.strip() for label in labels for part in label.split(",")}
