"""Which numbers a report may not give, since a table withholds them, they lead to one, or lie near one.

Of two groups that both hold more than half of the study most people are in both, so that the difference of
their counts tells of those few who are in one of them alone.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations, pairwise

from vbhc.publish.disclosure.across import nested
from vbhc.publish.disclosure.counting import FORMS, numbers_in, whole
from vbhc.publish.disclosure.gathered import Findings
from vbhc.publish.disclosure.outside import most_people
from vbhc.publish.disclosure.policies import Policy

_PARTS = (2, 3, 4)


def secret_numbers(found: Findings, new: Collection[int], policy: Policy) -> set[float]:
    """Return hidden counts that are too large to be withheld in a text for their size alone.

    Those of figures alone are none, unless they are `new` ones: among the bars of a histogram some number of
    a text would be found by chance.
    """
    hidden = {
        cell.value
        for number, cell in enumerate(found.cells)
        if number in new or (cell.hidden and {place.finding for place in cell.places} - found.drawings)
    }
    return {value for value in hidden - shown_numbers(found) if value > policy.hides_up_to}


def left_over(
    found: Findings, secret: Collection[float], policy: Policy, everybody: Collection[float] = ()
) -> set[float]:
    """Return what secret counts leave of a larger one that is known: it gives them back.

    Larger ones are `everybody` in the study, as it is or as its title says; for a count in a table the sum
    of its line and the count that it is nested in.
    """
    large = max(secret, default=0) / 2
    rests = {total - one for total in everybody for one in secret if one > large and total > one}
    value = [cell.value for cell in found.cells]
    wholes = [(sum(value[cell] for cell in line), line) for line in found.lines]
    for total, parts in [*wholes, *((value[most], (part,)) for most, part in nested(found))]:
        here = {value[part] for part in parts if found.cells[part].hidden}
        rests |= {total - one for one in here & set(secret)}
    return {rest for rest in rests if rest > policy.hides_up_to} - shown_numbers(found)


def shown_numbers(found: Findings) -> set[float]:
    """Return the counts that the report's tables and figures show."""
    return {cell.value for cell in found.cells if not cell.hidden}


def parts_of_everybody(
    texts: Iterable[str], people: float | None, policy: Policy, wholes: Collection[float] = ()
) -> set[float]:
    """Return counts that a text gives as two to four parts of everybody: "167 answered, 55 not, 26 died".

    Such a count stays, and whatever lies near it has to go; so does what each leaves, told or not: the others
    make it. Of two that differ by too few people the one that is told first; none so near one of the
    `wholes`, which follow from other counts, but of three parts: two of them make the third.
    """
    found = set(wholes)
    told = [(numbers_in(text) - {0, people}, FORMS["whole"].findall(text)) for text in texts if people]
    # As often as they are said: 11 silent and 11 dead are two parts.
    every = [[n for n in map(whole, said) if n in counts] for counts, said in told]
    listed = (parts for said in every for size in _PARTS for parts in combinations(sorted(said), size))

    def apart(counts: Collection[float], others: Collection[float] = found) -> bool:
        large = sorted(n for n in {*others, *counts} if n > (people or 0) / 2)
        near = ({*pair} for pair in pairwise(large) if policy.hides(pair[1] - pair[0]))
        return all(pair.isdisjoint(counts) for pair in near)

    for parts in (parts for parts in listed if sum(parts) == people):
        if apart(parts, found if len(parts) == 2 else found - {*wholes}):
            found.update(parts)
            found |= {people - part for part in parts if apart({people - part})}
    return found - {*wholes}


def too_alike(
    weights: Mapping[float, float],
    policy: Policy,
    people: float | None = None,
    fixed: Collection[float] = (),
    sums: Collection[float] = (),
) -> set[float]:
    """Return counts that have to go since another, of nearly everybody too, differs by too few people.

    Parameters
    ----------
    weights : mapping
        Every count that the report gives, and what would be lost without it.
    people : number, optional
        How many the study has. Counts of other things (rows of a cost file) are larger.
    fixed : collection of numbers
        Counts that pages give besides their findings: these stay.
    sums : collection of numbers
        Those of the weights that stand nowhere by themselves: nobody takes the largest of them for everybody.
    """
    if policy.rounds_to:  # what two rounded counts leave is no count; an exact whole may cut one off
        cut = ((n, policy.rounded(n) + policy.slack) for n in weights)
        near = range(int(people or 0) - policy.rounds_to, int(people or 0))
        alike = near if any(policy.rounded(n) + policy.slack > near.stop for n in near) else ()
        # Of 79 a mark for 78 alone would name it.
        return {n for n, most in cut if n in alike or any(n < one < most for one in fixed)}
    half = most_people([count for count in (*weights, *fixed) if count not in sums], people) / 2
    stay = {count for count in fixed if count > half}
    large = sorted(count for count in weights if count > half and count not in stay)
    free = [count for count in large if not any(abs(count - one) <= policy.hides_up_to for one in stay)]
    return set(large) - _heaviest(free, weights, policy.hides_up_to)


def no_room(
    gone: set[float], silent: set[float], shown: set[float], policy: Policy, people: float
) -> dict[float, float]:
    """Return counts for which a mark has to stand, with the number that each is a part of, 0 for none.

    192 of 193 that are `shown` elsewhere, "~200", would be 190 at least; 57 missing, where 55 are known to
    be, "~40", would be 59 at most. Beside which numbers, and not which count, decides: a mark says no more.
    """
    most, few = policy.hides_up_to, range(policy.hides_up_to, 0, -1)  # the nearest last
    below = {n for n in shown if n - (policy.about(n - 1) or (0, 0))[0] < most}
    above = {n for n in shown if (policy.about(n + 1) or (0, n + most))[1] - n < most}
    parts = {n: n + more for n in gone | silent for more in few if n + more in below}
    cut = (n for n in silent if policy.cut_off(n, people) or any(n - less in above for less in few))
    return parts | dict.fromkeys(cut, 0)


def _heaviest(counts: list[float], weights: Mapping[float, float], limit: float) -> set[float]:
    """Return those of some counts, in rising order, that lie further apart than the limit and weigh most.

    One look at each: the best of the first counts is the best without the last of them, or the last of them
    and the best of those that lie far enough below it. Of equal weights the larger count stays.
    """
    best: list[tuple[float, frozenset[float]]] = [(0.0, frozenset())]
    for place, count in enumerate(counts):
        weight, below = best[bisect_left(counts, count - limit, 0, place)]
        taken = weight + weights[count]
        best.append((taken, below | {count}) if taken >= best[place][0] else best[place])
    return set(best[-1][1])
