"""Counts that hold nearly the same people: which of them may stand beside each other.

Of two groups that both hold more than half of the study most people are in both, so that the difference of
their counts tells of those few who are in one of them alone. Only one of two such counts is shown.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping

from vbhc.publish.disclosure.policies import Policy


def too_alike(
    weights: Mapping[float, float], policy: Policy, people: float | None = None, fixed: Collection[float] = ()
) -> set[float]:
    """Return counts that have to go since another, of nearly everybody too, differs by too few people.

    Parameters
    ----------
    weights : mapping
        Every count that the report gives, in tables, drawings and texts, and what would be lost without it.
        Those stay that are worth most together.
    people : number, optional
        How many people the study has. Counts of other things (rows of a cost file) are larger, and would
        else be taken for everybody.
    fixed : collection of numbers
        Counts that pages give besides their findings (the study's title says how many took part): these
        stay, whatever stands near them goes.

    Returns
    -------
    set of numbers
        None of them in `fixed`. Under a policy that rounds there are none: what two rounded counts leave is
        no count.
    """
    if policy.rounds_to:
        return set()
    half = most_people([*weights, *fixed], people) / 2
    stay = {count for count in fixed if count > half}
    large = sorted(count for count in weights if count > half and count not in stay)
    free = [count for count in large if not _near(count, stay, policy.hides_up_to)]
    return set(large) - _heaviest(free, weights, policy.hides_up_to)


def most_people(counts: Iterable[float], people: float | None) -> float:
    """Return the largest count that can be one of people, as far as it is known how many there are."""
    counts = list(counts)
    possible = [count for count in counts if people is None or count <= people]
    return max(possible or counts, default=0)


def _near(count: float, others: Iterable[float], limit: float) -> bool:
    return any(abs(count - other) <= limit for other in others)


def _heaviest(counts: list[float], weights: Mapping[float, float], limit: float) -> set[float]:
    """Return those of some counts, in rising order, that lie further apart than the limit and weigh most.

    One look at each: the best of the first counts is the best without the last of them, or the last of them
    and the best of those that lie far enough below it. Of equal weights the larger count stays.
    """
    best: list[tuple[float, int]] = [
        (0.0, 0)
    ]  # weight, and how many counts were left when the last was taken
    for place, count in enumerate(counts):
        below = bisect_left(counts, count - limit, 0, place)
        taken = best[below][0] + weights[count]
        best.append((taken, place + 1) if taken >= best[place][0] else best[place])
    kept, place = set(), len(counts)
    while place and best[place][1]:
        last = best[place][1] - 1
        kept.add(counts[last])
        place = bisect_left(counts, counts[last] - limit, 0, last)
    return kept
