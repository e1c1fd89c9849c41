"""Counts that cannot be kept out of a report, since it says them as parts of everybody.

"167 patients answered, 55 gave no answer and 26 died", of 248: without 167 the sentence still gives it.
"""

from collections.abc import Iterable
from itertools import combinations, pairwise

from vbhc.publish.disclosure.masking import numbers_in
from vbhc.publish.disclosure.policies import Policy

_PARTS = (3, 4)  # of two parts one goes with the other (`telling.left_over`)


def parts_of_everybody(texts: Iterable[str], people: float | None, policy: Policy) -> set[float]:
    """Return counts that a text gives as three parts, or four, of everybody in the study.

    Such a count stays, and whatever lies near it has to go.

    Parameters
    ----------
    texts : iterable of str
        What the findings of a report say, as the door let them out.
    people : number, optional
        How many people the study has; without it nobody knows what everybody is.

    Returns
    -------
    set of numbers
        These parts, and what each leaves where that is told too; of two that differ by too few people the
        one that is told first.
    """
    found: set[float] = set()
    every = [numbers_in(text) - {0, people} for text in texts] if people else []
    told = set().union(*every)
    for said in every:
        for size in _PARTS:
            for parts in combinations(sorted(said), size):
                if sum(parts) == people:
                    _add_far(found, parts, policy)
                    _add_far(found, sorted({people - part for part in parts} & told), policy)
    return found


def _add_far(found: set[float], counts: Iterable[float], policy: Policy) -> None:
    """Add (in place) counts unless one of them lies too near to another."""
    every = sorted({*found, *counts})
    if not any(policy.hides(more - less) for less, more in pairwise(every)):
        found.update(counts)
