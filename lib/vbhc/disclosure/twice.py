"""Means and sums that are told twice, of a group and of nearly the same group.

The mean of 43 patients and the mean of 40 of them give the mean of the other three, whether their number is
shown or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from vbhc.disclosure.alike import most_people
from vbhc.disclosure.policies import Policy


class Row(NamedTuple):
    """A row of a finding's data whose statistics are not to be shown."""

    finding: int
    part: int
    row: int


class _Told(NamedTuple):
    where: Row
    labels: tuple[str, ...]
    column: str
    count: float
    drawn: bool


def rows_told_twice(
    structures: Sequence[Sequence[Mapping]],
    drawn: Sequence[bool],
    policy: Policy,
    people: float | None = None,
) -> list[Row]:
    """Return the rows whose statistics have to go, since nearly the same group stands elsewhere.

    Compared are means and sums of one name for groups of one name, and for groups that both hold more than
    half of the study. A figure stays where a table can give way. Under a policy that rounds, how many people
    lie between two groups is not known.
    """
    if not policy.protects or policy.rounds_to:
        return []
    told = sorted(_told(structures, drawn, policy), key=lambda one: not one.drawn)
    most = most_people((one.count for one in told), people)
    kept: list[_Told] = []
    gone: dict[Row, None] = {}
    for one in told:
        if any(_close(one, other, most, policy) for other in kept):
            gone[one.where] = None
        else:
            kept.append(one)
    return list(gone)


def _told(structures: Sequence[Sequence[Mapping]], drawn: Sequence[bool], policy: Policy) -> Iterator[_Told]:
    for number, parts in enumerate(structures):
        for part, data in enumerate(parts):
            for column, count in data.get("told_twice", {}).items():
                place = data["columns"].index(count)
                for row, values in enumerate(data["values"]):
                    if values[place] is not None and not policy.hides(values[place]):
                        labels = tuple(label.strip().lower() for label in data["labels"][row])
                        yield _Told(Row(number, part, row), labels, column, values[place], drawn[number])


def _close(one: _Told, other: _Told, most: float, policy: Policy) -> bool:
    same = one.labels == other.labels or min(one.count, other.count) > most / 2
    elsewhere = one.where[:2] != other.where[:2]
    return (
        one.column == other.column
        and same
        and elsewhere
        and 0 < abs(one.count - other.count) <= policy.hides_up_to
    )
