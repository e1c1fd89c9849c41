"""Counts of people that a text gives: find them and judge them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from vbhc.disclosure.policies import Policy

_NUMBER = r"(?<![\d.,–-])(\d[\d,]*)(?!\d|\.\d|,\d)"
_THINGS = (
    "checks|codes|components|definitions|events|instruments|interviews|items|notebooks|pages|"
    "passages|questions|themes"
)
_PEOPLE = (
    "adults|answers|carers?|cases|children|clinicians?|deaths|employees|interviewees?|managers?|men|missing|"
    "non-clinicians?|nurses?|pairs?|participants?|patients?|people|persons?|physicians?|professionals?|"
    "records?|respondents?|responders?|rows|staff|students?|users?|women"
)
# One or two words may stand between a count and its noun ("1 complete pair"), but none that makes it a measure.
_NO_GAP = (
    "after|and|at|before|between|by|days?|euros?|for|from|hours?|in|items?|minutes?|months?|of|on|or|per|"
    "percent|points?|pounds?|that|times?|to|visits?|weeks?|which|with|without|years?"
)
_N_IS = re.compile(rf"\b[nN]\s*=\s*{_NUMBER}")
_PART_OF = re.compile(
    rf"{_NUMBER}\s+(?:(?!(?:{_NO_GAP})\b)[a-z]+\s+)?of\s+(?:(?:all|the|these)\s+)*{_NUMBER}"
    rf"(?!\s+(?:[\w-]+\s+)?(?:{_THINGS})\b)"
)
_BEFORE_NOUN = re.compile(
    rf"(?<!\b1 to ){_NUMBER}\s+(?:(?!(?:{_NO_GAP}|{_PEOPLE})\b)[a-z-]+\s+){{0,2}}(?:{_PEOPLE})\b",
    re.IGNORECASE,
)

_DOING = re.compile(rf"{_NUMBER}(?=\s+\(\d+(?:\.\d+)?%|\s+(?:died|gained|got|improved|lived|worsened)\b)")


def counts_said(text: str) -> list:
    """Return the counts of people that a text gives.

    Found are "n = 12", "12 of 248" (as a pair), and a number before a noun for people or their answers, such
    as "44 patients", "1 patient(s)" and "3 complete pairs", before a percentage ("3 (1%)") or before what
    people do ("3 died"). "6 of 17 codes" counts things, and "1 to 5 people" names a range; both are left out.
    """
    found: list = [_whole(match[1]) for match in _N_IS.finditer(text)]
    found += [(_whole(match[1]), _whole(match[2])) for match in _PART_OF.finditer(text)]
    known = {count for one in found for count in (one if isinstance(one, tuple) else (one,))}
    alone = [_whole(match[1]) for match in (*_BEFORE_NOUN.finditer(text), *_DOING.finditer(text))]
    return found + [count for count in alone if count not in known]


def may_say(counts: Iterable, policy: Policy) -> bool:
    """Whether a sentence that gives these counts may be published.

    Parameters
    ----------
    counts : iterable of numbers or of (part, whole)
        Counts of people in the sentence. Of a pair, the part, the whole and what is left over count.
    """
    return not any(policy.hides(number) for number in _all_numbers(counts))


def withheld_text(policy: Policy, what: str = "This sentence") -> str:
    """Return the words that stand where a text is withheld."""
    few = f"a count of 1 to {policy.hides_up_to} people"
    return f"{what} is withheld: it would give {few} (policy {policy.name})."


def _all_numbers(counts: Iterable) -> Iterator[float]:
    for count in counts:
        yield from [count] if np.isscalar(count) else (count[0], count[1], count[1] - count[0])


def _whole(digits: str) -> int:
    return int(digits.replace(",", ""))
