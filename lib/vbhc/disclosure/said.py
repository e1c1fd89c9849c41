"""Counts of people that a text gives: find them, judge them, round them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

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
# One or two words may stand between a count and its noun ("1 complete pair"), but none of a measure.
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
    rf"(?<!\b[01] to ){_NUMBER}\s+(?:(?!(?:{_NO_GAP}|{_PEOPLE})\b)[a-z-]+\s+){{0,2}}(?:{_PEOPLE})\b",
    re.IGNORECASE,
)

_DOING = re.compile(rf"{_NUMBER}(?=\s+\(\d+(?:\.\d+)?%|\s+(?:died|gained|got|improved|lived|worsened)\b)")

_SHARE = re.compile(
    rf"{_NUMBER}(\s+(?:(?!(?:{_NO_GAP})\b)[a-z]+\s+)?of\s+(?:(?:all|the|these)\s+)*){_NUMBER}([^.;()%]*\()(\d+)%"
)
_SHARE_INTERVAL = re.compile(r"[,;]?\s*\d+% CI [−-]?[\d.]+%? to [−-]?[\d.]+%")


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
        Counts of people in the sentence. Of a pair, the part, the whole and what is left over count (the
        last not where the policy rounds: what is left of two rounded counts is no count).
    """
    return not any(policy.hides(number) for number in _all_numbers(counts, policy))


def may_show(text: str, policy: Policy, counts: Iterable = ()) -> str | None:
    """Return a text as the policy lets it out, or None where it would give a count of too few people.

    Parameters
    ----------
    counts : iterable of numbers or of (part, whole)
        Counts that the text gives besides those that `counts_said` finds. A policy that rounds has each
        of them rounded wherever it stands in the text, and percentages of two counts computed again.
    """
    counts = list(counts)
    if not policy.rounds_to:
        return text if may_say([*counts, *counts_said(text)], policy) else None
    named = [number for one in (*counts, *counts_said(text)) for number in _each(one)]
    if any(policy.hides(number) for number in named):
        return None

    def rounded(number: float) -> str:
        return f"{policy.rounded(number):,.0f}"

    text = _SHARE.sub(_share_again(policy, rounded), text)
    if not policy.keeps_intervals and _SHARE.search(text):
        text = _SHARE_INTERVAL.sub("", text)
    for number in sorted({int(number) for number in named if number == int(number)}, reverse=True):
        text = re.sub(rf"(?<![\d.,])(?:{number:,}|{number})(?![\d%]|\.\d|,\d)", rounded(number), text)
    return text


def _share_again(policy: Policy, rounded: Callable[[float], str]) -> Callable[[re.Match], str]:
    def again(match: re.Match) -> str:
        part, whole = policy.rounded(_whole(match[1])), policy.rounded(_whole(match[3]))
        percent = f"{part / whole:.0%}" if whole else "–"
        return f"{rounded(part)}{match[2]}{rounded(whole)}{match[4]}{percent}"

    return again


def withheld_text(policy: Policy, what: str = "This sentence") -> str:
    """Return the words that stand where a text is withheld."""
    few = f"a count of {policy.few()} people"
    return f"{what} is withheld: it would give {few} (policy {policy.name})."


def _all_numbers(counts: Iterable, policy: Policy) -> Iterator[float]:
    for count in counts:
        yield from _each(count)
        if not np.isscalar(count) and not policy.rounds_to:
            yield count[1] - count[0]


def _each(count) -> tuple:
    return (count,) if np.isscalar(count) else tuple(count)


def _whole(digits: str) -> int:
    return int(digits.replace(",", ""))
