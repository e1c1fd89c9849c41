"""Two tables beside each other: counts whose difference is a count of too few people."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from vbhc.problems import Problem
from vbhc.publish.disclosure.policies import Policy
from vbhc.report.audit.tables import COUNT_NAME, Table, is_whole

_STATISTIC = re.compile(r"(^|_)(mean|sum|total|average)(_|$)")


def between(
    tables: Mapping[str, Table],
    pages: Mapping[str, set[float]],
    things: Mapping[str, Collection[str]],
    policy: Policy,
    people: int | None = None,
) -> Iterator[Problem]:
    """Yield pairs of counts in different places whose difference is a count of too few people.

    Compared are the rows of one name in two tables, and counts that both hold more than half of the study,
    in tables and in the text of pages. `people` says how many there are, where it is known: a count of cost
    lines is no half of a study.
    """
    groups: dict[tuple, list[tuple[float, str]]] = {}
    for name, rows in tables.items():
        mine = things.get(name.rpartition("/")[2].removesuffix(".csv"), ())
        for labels, column, count in counts_of(rows, mine):
            groups.setdefault((labels, column), []).append((count, name))
    every = [one for found in groups.values() for one in found]
    every += [(count, page) for page, said in pages.items() for count in said]
    possible = [count for count, _ in every if people is None or count <= people]
    most = max(possible or [count for count, _ in every], default=0)
    groups["", "all"] = [(count, name) for count, name in every if count > most / 2]
    told = set()
    for (labels, _), found in groups.items():
        for one, other in _too_near(found, policy):
            pair = frozenset((one, other))
            if pair not in told:
                told.add(pair)
                what = f"a count that differs by too few people from one in {other}"
                place = f"row {' '.join(labels)!r}: hide one of the two" if labels else "hide one"
                yield Problem(one, what, place)


def _too_near(found: Collection[tuple[float, str]], policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield pairs of files with neighbouring counts, the smaller first, whose difference is too small."""
    files: dict[float, set[str]] = {}
    for count, name in found:
        files.setdefault(count, set()).add(name)
    for less, more in pairwise(sorted(files)):
        if more - less <= policy.hides_up_to:
            yield from ((one, other) for one in sorted(files[less]) for other in sorted(files[more] - {one}))


def differences(tables: Mapping[str, Table], policy: Policy) -> Iterator[Problem]:
    """Yield pairs of rows of one name whose means or sums and counts tell those of a few people apart.

    A mean of 43 patients and one of 40 of them give the mean of the other three.
    """
    rows_of: dict[tuple, list[tuple[str, float, dict[str, str]]]] = {}
    for name, rows in tables.items():
        header = rows[0] if rows else []
        if "n" not in header:
            continue
        for row in rows[1:]:
            cells = dict(zip(header, row, strict=False))
            if is_whole(cells.get("n", "")) and row[0] and not is_whole(row[0]):
                statistics = {c: v for c, v in cells.items() if _STATISTIC.search(c) and v not in ("", "*")}
                texts = tuple(v.strip().lower() for v in row[: header.index("n")] if not _is_number(v))
                rows_of.setdefault(texts, []).append((name, float(cells["n"]), statistics))
    for labels, found in rows_of.items():
        for one, other, name in _told_twice(found, policy):
            what = f"{name} of a group and, in {other}, of nearly the same group"
            yield Problem(one, what, f"row {' '.join(labels)!r}: their difference tells of a few")


def _told_twice(
    found: Collection[tuple[str, float, dict[str, str]]], policy: Policy
) -> Iterator[tuple[str, str, str]]:
    """Yield pairs of files, and a statistic that both give, of groups that differ by too few people."""
    by_size: dict[float, dict[str, set[str]]] = {}
    for file, n, statistics in found:
        for name in statistics:
            by_size.setdefault(n, {}).setdefault(name, set()).add(file)
    sizes = sorted(by_size)
    for place, less in enumerate(sizes):
        near = [
            more
            for more in sizes[place + 1 : place + 1 + policy.hides_up_to]
            if more - less <= policy.hides_up_to
        ]
        for more in near:
            told: dict[tuple[str, str], str] = {}
            for name in sorted(by_size[less].keys() & by_size[more].keys()):
                files = ((one, other) for one in by_size[less][name] for other in by_size[more][name])
                for pair in sorted(pair for pair in files if pair[0] != pair[1]):
                    told.setdefault(pair, name)
            yield from ((*pair, name) for pair, name in told.items())


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?[\d.]+", cell))


def counts_of(rows: Table, things: Collection[str] = ()) -> Iterator[tuple[tuple[str, ...], str, float]]:
    """Yield every count of a table that is shown, with the texts before the first count of its row."""
    header = rows[0] if rows else []
    places = [p for p, name in enumerate(header) if COUNT_NAME.search(name) and name not in things]
    for row in rows[1:]:
        labels = tuple(cell.strip().lower() for cell in row[: min(places, default=0)])
        for place in places:
            if place < len(row) and is_whole(row[place]):
                yield labels, header[place], float(row[place])
