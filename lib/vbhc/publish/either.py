"""What is said or shown in two ways: in full, and as it may stand where people are protected.

A chapter gives both and knows no policy; the door picks one. Words can stand inside of other words: the two
wordings travel in the text, between characters that no text holds.
"""

import re
from dataclasses import dataclass
from typing import Any

from vbhc.publish.disclosure.policies import Policy
from vbhc.wording import rough_p

_START, _INSTEAD, _END = MARKS = "\ufdd0\ufdd1\ufdd2"
_PAIR = re.compile(f"{_START}([^{MARKS}]*){_INSTEAD}([^{MARKS}]*){_END}")
_EXACT_P = re.compile(r"\bp (?:= (\.\d{2,})|> \.999)")


@dataclass(frozen=True)
class Either:
    """Two claims, tables, figures, frames or whole results, one of which is shown; None shows nothing."""

    full: Any
    protected: Any


def either(full: Any, protected: Any = "") -> Any:
    """Return what the door takes for both: an `Either`, or of two texts one text with two wordings."""
    if isinstance(full, str) and isinstance(protected, str):
        return f"{_START}{full}{_INSTEAD}{protected}{_END}" if full != protected else full
    return Either(full, protected)


def picked(one: Any, policy: Policy) -> Any:
    """Return the one of two that a policy wants; what there is but one of stays as it is.

    >>> from vbhc.publish.disclosure.policies import get_policy
    >>> told = f"A survey{either(' of 120')}."
    >>> picked(told, get_policy("none")), picked(told, get_policy("nhs-proms"))
    ('A survey of 120.', 'A survey.')
    """
    if isinstance(one, Either):
        return picked(one.protected if policy.protects else one.full, policy)
    while isinstance(one, str) and _PAIR.search(one):  # a pair inside a pair goes first
        one = _PAIR.sub(r"\2" if policy.protects else r"\1", one)
    if isinstance(one, str) and policy.protects:  # of how many people a p-value is, a text does not tell
        return _EXACT_P.sub(lambda match: rough_p(float(match[1] or 1)), one)
    return one
