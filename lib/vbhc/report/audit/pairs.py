"""Published numbers beside each other: what their differences, sums and shares tell of too few people."""

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from vbhc.problems import Problem
from vbhc.publish.disclosure.alike import most_people
from vbhc.publish.disclosure.outside import Given, Reading, close_counts, given_back, told_twice
from vbhc.report.audit.known import Known
from vbhc.report.audit.tables import Table


def together(
    tables: Mapping[str, Table],
    pages: Mapping[str, set[float]],
    things: Mapping[str, Collection[str]],
    known: Known,
) -> Iterator[Problem]:
    """Yield what the tables of a report, and what its pages say, tell together.

    Counts of one group, or of more than half of the study, that differ by too few people; means of a group
    and of nearly the same group; withheld counts that the published numbers leave too few values.
    """
    names = list(tables)
    declared = [things.get(name.rpartition("/")[2].removesuffix(".csv"), ()) for name in names]
    read = Reading(list(tables.values()), declared, known.policy, known.people)
    counts = read.shown()
    pairs = [(names[less.finding], names[more.finding]) for less, more in close_counts(read)]
    every = [(n, names[place.finding]) for n, place in zip(counts, read.cells, strict=True) if n == n]
    every += [(count, page) for page, said in pages.items() for count in said]
    half = most_people([count for count, _ in every], known.people) / 2
    pairs += _too_near([one for one in every if one[0] > half], known)
    for one, other in {frozenset(pair): pair for pair in pairs}.values():
        what = f"a count that differs by too few people from one in {other}"
        yield Problem(one, what, "hide one of the two")
    for less, more in told_twice(read, counts):
        what = f"{less.column} of a group and, in {names[more.finding]}, of nearly the same group"
        yield Problem(names[less.finding], what, "their difference tells of a few", less.column, less.row + 2)
    yield from (_problem(names, given) for given in given_back(read))


def _problem(names: list[str], given: Given) -> Problem:
    can_be = f"{given.low:.0f}" if given.low == given.high else f"{given.low:.0f} to {given.high:.0f}"
    shown = "; ".join(f"{names[one.finding]}, {one.column}, row {one.row + 2}" for one in given.by[:4])
    what = f"a hidden count that other numbers give away: it is {can_be}"
    place = given.place
    return Problem(names[place.finding], what, f"hide one of {shown}", place.column, place.row + 2)


def _too_near(found: Collection[tuple[float, str]], known: Known) -> Iterator[tuple[str, str]]:
    """Yield pairs of files with neighbouring counts, the smaller first, whose difference is too small."""
    files: dict[float, set[str]] = {}
    for count, name in found:
        files.setdefault(count, set()).add(name)
    for less, more in pairwise(sorted(files)):
        if more - less <= known.policy.hides_up_to:
            yield from ((one, other) for one in sorted(files[less]) for other in sorted(files[more] - {one}))
