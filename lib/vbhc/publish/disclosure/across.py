"""Counts across all tables of a report: what differences and margins between them would reveal.

559 patients with an outcome in one table, 556 of the same group with an answer as well in another, make 3
without.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, permutations
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from vbhc.publish.disclosure import facts
from vbhc.publish.disclosure.counts import NONE, Counts, Target, Told, close_pairs
from vbhc.publish.disclosure.gathered import Cell, Findings
from vbhc.publish.disclosure.mixtures import MEAN
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.rows import Place, holding
from vbhc.publish.disclosure.second import Choice, choose

STATISTIC, FIGURE = 3.0, 30.0  # what is lost with a statistic, in a table and in a drawing


class Hide(NamedTuple):
    """Cells to withhold, cells to give nearly, and statistics to withhold."""

    stars: list[int]
    about: list[int]
    statistics: list[Place]


def hide_across(
    found: Findings,
    policy: Policy,
    gone: Container[float] = (),
    said: Container[float] = (),
    again: bool = False,
    left: Container[float] = (),
    people: float | None = None,
) -> Hide:
    """Return what has to be hidden besides what is, `again` if the report was gone through before.

    Counts that are `gone` (`telling.too_alike`) are shown nowhere, nor as the sum of a line; `left` are those
    of who is missing that leave one of them, and `said` those that sentences give: they are hidden last.
    """
    if not found.cells:
        return Hide([], [], [])
    cells, apart = found.cells, _apart(found, gone, left, said, policy)
    before, near = (np.array([*map(attrgetter(name), cells)]) for name in ("hidden", "near"))
    hidden = before.copy()
    hidden[apart] = True
    counts, inside = _counts(found, hidden, policy, again, people)
    rank = np.array([0.5 * cell.total + cell.drawn + 2 * (cell.value in said) for cell in cells])
    prices = [FIGURE if place.finding in found.drawings else STATISTIC for place in found.statistics]
    targets = [*_targets(found, counts, before, apart, policy)]
    made = _chosen(counts, policy, targets, rank, prices, set(apart) if again else None)
    changed = made.hidden & ~inside & (~before | (made.near != near))
    stars, about = np.flatnonzero(changed & ~made.near), np.flatnonzero(changed & made.near)
    return Hide(stars.tolist(), about.tolist(), [found.statistics[one] for one in sorted(made.silent)])


def _guessed(one: Told) -> bool:
    """Whether a statement says no more than that two counts never were too many for a third."""
    return one.statistic == NONE and len(one.signs) > 2 and one.low < one.high


def _counts(
    found: Findings, hidden: np.ndarray, policy: Policy, again: bool, people: float | None
) -> tuple[Counts, np.ndarray]:
    """Return the counts with all that is known of them, and mark those that their shares alone tell."""
    values, cells = np.array([cell.value for cell in found.cells]), found.cells
    everybody = np.where(values <= (people or 0), people or np.inf, np.inf)
    most = np.minimum(everybody, [cell.most for cell in cells])
    ends = [min(n, cell.within) for n, cell in zip(most.tolist(), cells, strict=True)]
    given = [policy.about(c.value, n) if c.people else None for c, n in zip(cells, ends, strict=True)]
    around = np.array([ends or (np.nan, np.nan) for ends in given])
    # A star stays one: a bar that is not drawn cannot be given nearly.
    bars = [again or found.drawings.issuperset(place.finding for place in cell.places) for cell in cells]
    near = hidden & np.array([one.near or not (one.hidden and bars[at]) for at, one in enumerate(cells)])
    stated, inside = _stated(found, hidden, policy, people)
    bases = list(_bases(found, hidden | inside, policy))
    known = _sums_known(found, stated, bases)
    stated += [Told({one: 1.0, other: -1.0}, 0, 0) for cells in bases for one, other in pairwise(cells)]
    stated += _made_arms(found)
    pairs = dict.fromkeys((*nested(found), *found.left))
    stated += [Told({part: 1.0, whole: -1.0}, -np.inf, 0) for whole, part in pairs]
    return Counts(values, hidden | inside, known, stated, near, people, around, most), inside


def _targets(
    found: Findings, counts: Counts, before: np.ndarray, apart: Iterable[int], policy: Policy
) -> Iterator[Target]:
    """Yield what has to stay open: small counts, those that had to go, differences by too few people."""
    left = [cell.most - cell.value for cell in found.cells]  # too few do not: 13 of 14 do
    few = policy.few_of(counts.values) | (policy.few_of(np.array(left)) & (not policy.rounds_to))
    yield from ({cell: 1} for cell in np.flatnonzero(before & few).tolist())
    yield from ({cell: 1} for cell in apart if not policy.rounds_to)
    yield from _same_group(found, policy)
    yield from () if policy.rounds_to else _rare_levels(found, policy)
    yield from _left_over(counts.told, counts.values, policy)


def _chosen(
    counts: Counts, policy: Policy, targets: list[Target], rank: np.ndarray, prices: list, new: set | None
) -> Choice:
    """Return what has to be hidden; guessed sums and parts go where they are in the way."""
    made = choose(counts, policy, targets, rank, prices, new)
    if not made.short:
        return made
    told = [one for one in counts.told if one.statistic not in made.silent and not _guessed(one)]
    now = replace(counts, hidden=made.hidden, near=made.near & made.hidden, lines=[], told=told)
    more = choose(now, policy, made.short, rank, prices, set().union(*made.short))
    return more._replace(silent=made.silent | more.silent)


def _stated(
    found: Findings, hidden: np.ndarray, policy: Policy, people: float | None
) -> tuple[list[Told], np.ndarray]:
    """Return what tables tell, and mark what is shown only as far as a share and its base tell it."""
    values, inside = [cell.value for cell in found.cells], np.zeros_like(hidden)
    stated = facts.facts(found.rows, values, people, least=1)
    for at, cell in enumerate(found.cells):
        if cell.value == people:
            stated.append(Told({at: 1.0}, people, people))
    if policy.rounds_to:  # its shares are of rounded counts
        names = [place.column for place in found.statistics]
        return [one for one in stated if one.statistic == NONE or MEAN.match(names[one.statistic])], inside
    for at, told in facts.lattices(found.rows):
        inside[at] = not hidden[at]
        stated += told
    return stated, inside


def _sums_known(found: Findings, stated: Sequence[Told], bases: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the lines whose sum is taken to be known, as that of the study, though nothing tells it.

    What makes one cell, or everybody with it, is known as far as that cell is, with it or without; of cells
    that are one number nobody asks for the sum, nor of a line across a table in two directions.
    """
    tied = {frozenset(one.signs) - {c} for one in stated if one.statistic == NONE for c in (*one.signs, NONE)}
    tied.update(map(frozenset, bases))
    return [[*line] for line, crossed in found.lines.items() if not crossed and frozenset(line) not in tied]


def _apart(
    found: Findings, gone: Container[float], left: Container[float], said: Container[float], policy: Policy
) -> list[int]:
    """Return the shown cells that have to go beside others, one of each line too that would add up to one."""
    cells = found.cells
    apart = [
        number
        for number, cell in enumerate(cells)
        if not cell.hidden and (cell.value in gone or (cell.value in left and is_missing(cell)))
    ]
    for total, line in () if policy.rounds_to else line_sums(found):  # rounded ones add up to no count
        if total in gone and not set(line) & set(apart):
            rank = {cell: (cells[cell].drawn, cells[cell].value in said, cells[cell].value) for cell in line}
            apart.append(min(line, key=lambda cell: rank[cell]))
    return list(dict.fromkeys([*apart, *found.alone]))


def is_missing(cell: Cell) -> bool:
    """Whether a count is one of those who are missing, as its column or its row says."""
    return any(map(says_missing, (cell.column.replace("_", " "), *cell.labels)))


def says_missing(name: str) -> bool:
    """Whether a name is one of those who are missing."""
    return bool(re.search(r"\b(missing|lost|unknown|without|not? answer)\b", name))


def line_sums(found: Findings, crossed: bool = True) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Yield what lines of tables, or bars, add up to where all are shown; at will no crossed lines."""
    for line, across in sorted(found.lines.items()):
        if crossed >= across and not any(found.cells[cell].hidden for cell in line):
            yield sum(found.cells[cell].value for cell in line), line


def _left_over(stated: Sequence[Told], values: np.ndarray, policy: Policy) -> Iterator[Target]:
    """Yield what one count leaves of another one that it lies within, by what tables tell: too few people."""
    for one in stated:
        if one.statistic == NONE and sorted(one.signs.values()) == [-1, 1] and one.low < one.high:
            more, less = sorted(one.signs, key=lambda cell: -values[cell])
            if policy.hides(values[more] - values[less]) and values[more] > values[less]:
                yield {more: 1, less: -1}


def _same_group(found: Findings, policy: Policy) -> Iterator[Target]:
    """Yield the differences by too few of counts of one group in two tables, and of parts and wholes."""
    yield from ({whole: 1, part: -1} for whole, part in dict.fromkeys(found.left))
    held = holding(found.tables).items()
    groups = ({found.tables[number][key] for number in numbers} for key, numbers in held if key[1])
    for cells in map(sorted, (*groups, *_arms(found))):
        falling = (-found.cells[cell].value for cell in cells)  # the larger first
        for more, less in close_pairs(falling, policy.hides_up_to):
            yield {cells[more]: 1, cells[less]: -1}


def _rare_levels(found: Findings, policy: Policy) -> Iterator[Target]:
    """Yield by how many people too few the levels without a row differ between tables.

    They are what one split has more than another: 40,100 by sex and 40,040 by age leave 60 of rare ages, and
    39,300 and 39,242 with an outcome 58, so that 2 have none.
    """
    rests: dict[tuple[str, str], list[dict[int, int]]] = {}
    for table in found.tables:
        splits: dict[str, set[int]] = {}
        for (name, labels), cell in table.items():
            if name == "n" and len(labels) == 2:
                splits.setdefault(labels[0], set()).add(cell)
        for one, other in combinations(sorted(splits), 2):
            more, less = splits[one], splits[other]
            rest = {cell: (cell in more) - (cell in less) for cell in more | less}
            rests.setdefault((one, other), []).append(rest)
    for some in rests.values():
        left = [sum(sign * found.cells[cell].value for cell, sign in one.items()) for one in some]
        for low, high in close_pairs(left, policy.hides_up_to):
            signs = {c: some[high].get(c, 0) - some[low].get(c, 0) for c in {**some[low], **some[high]}}
            yield {cell: sign for cell, sign in signs.items() if sign}


def _columns_of_arms(found: Findings) -> dict[str, set[int]]:
    """Return by group x the counts of columns `n_x`."""
    every = [(name.lower(), cell) for table in found.tables for (name, _), cell in table.items()]
    own = [(name.removeprefix("n_"), cell) for name, cell in every if name.startswith("n_")]
    return {arm: {cell for name, cell in own if name == arm} for arm in dict(own)}


def _arms(found: Findings) -> Iterator[set[int]]:
    """Yield counts of most of a group x: each of a column `n_x` with those of rows that are about x.

    A resource that as many used as x has is taken for what x got: a programme, by whose arm it stands.
    """
    counted = [(labels, c) for table in found.tables for (name, labels), c in table.items() if name == "n"]
    for arm, own in _columns_of_arms(found).items():
        rows = {cell for labels, cell in counted if arm in labels}
        most = max(found.cells[cell].value for cell in own)  # rows may set it beside the others
        near = {c for c in own | rows if most / 2 < found.cells[c].value <= most}
        used = {c for c, one in enumerate(found.cells) if (one.column, one.value) == ("n_users", most)}
        yield from ({cell, *near & rows} for cell in near & own | used if rows)


def _made_arms(found: Findings) -> Iterator[Told]:
    """Yield that the rows about a group x in a table make the most of a column `n_x`, where they do."""
    for arm, own in _columns_of_arms(found).items():
        whole = max(own, key=lambda cell: found.cells[cell].value)
        for table in found.tables:
            rows = [c for (name, at), c in table.items() if (name, *at[:1]) == ("n", arm) and at[1:]]
            if sum(found.cells[cell].value for cell in rows) == found.cells[whole].value:
                yield Told({**dict.fromkeys(rows, 1.0), whole: -1.0}, 0, 0)


def _bases(found: Findings, hidden: np.ndarray, policy: Policy) -> Iterator[list[int]]:
    """Yield large counts that are one number in all rows of a table and shown in none: what shares are of."""
    for table in found.rows:
        for column in dict.fromkeys(name for row in table for name in row.counts):
            cells = list(dict.fromkeys(row.counts[column] for row in table if column in row.counts))
            values = [found.cells[cell].value for cell in cells]
            if len(cells) > 2 and policy.hides_up_to < min(values) == max(values) and hidden[cells].all():
                yield cells


def nested(found: Findings) -> Iterator[tuple[int, int]]:
    """Yield pairs (whole, part) of cells: one group in two tables, where one table never counts more.

    What follows from other pairs is left out: of 40 tables of ever fewer people, 39 pairs of each group.
    """
    tables = [{key: cell for key, cell in table.items() if key[1]} for table in found.tables]
    value = [cell.value for cell in found.cells]
    held = holding(tables)

    def never_more(one: int, other: int) -> bool:
        both = tables[one].keys() & tables[other].keys()
        return all(value[tables[one][key]] >= value[tables[other][key]] for key in both)

    sharing = {pair for numbers in held.values() for pair in permutations(numbers, 2)}
    ordered = {pair for pair in sharing if never_more(*pair)}
    for key, numbers in held.items():
        below: dict[int, set[int]] = {}
        for one, other in permutations(numbers, 2):
            if (one, other) in ordered and tables[one][key] != tables[other][key]:
                below.setdefault(tables[one][key], set()).add(tables[other][key])
        for whole, parts in below.items():
            further = set().union(*(below.get(part, ()) for part in parts))
            yield from ((whole, part) for part in sorted(parts - further))
