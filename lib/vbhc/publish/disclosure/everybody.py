"""Counts that cannot be kept out of a report, since it says them as parts of everybody.

"167 patients answered, 55 gave no answer and 26 died", of 248: without 167 the sentence still gives it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

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
        Of two that differ by too few people the one that is told first.
    """
    found: set[float] = set()
    for text in texts if people else ():
        said = sorted(numbers_in(text) - {0, people})
        for size in _PARTS:
            for parts in combinations(said, size):
                near = any(policy.hides(abs(one - other)) for one in parts for other in found)
                if sum(parts) == people and not near:
                    found.update(parts)
    return found
