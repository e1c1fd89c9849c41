"""What a text may say of people under a policy: judge the counts it gives, round them, or withhold it."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np

from vbhc.publish.disclosure.counting import (
    NO_GAP,
    NUMBER,
    OF_PERCENT,
    PERCENT_OF,
    WHOM_PERCENT,
    counts_said,
    implied,
    numerals,
)
from vbhc.publish.disclosure.masking import without_parts
from vbhc.publish.disclosure.policies import Policy

__all__ = ["counts_said", "may_say", "may_show", "withheld_text"]

_SHARE = re.compile(
    rf"{NUMBER}(\s+(?:(?!(?:{NO_GAP})\b)[a-z]+\s+)?of\s+(?:(?:all|the|these)\s+)*){NUMBER}([^.;()%]*\()(\d+)%"
)
_SHARE_INTERVAL = re.compile(r"[,;]?\s*(?:\d+% (?:CI|interval) )?[−<>-]*[\d.]+%? to [−<>-]*[\d.]+%")
_APART = re.compile(
    r"(\((\d+)%\)[^.;]*\((\d+)%\)[^.;]*\()[-−]?\d+( percentage points apart)(, [^,)]* to [-−]?\d+)?"
)
# The lowest and the highest of some people are the answers of single ones.
_EXTREME = re.compile(
    r"\b(?:youngest|oldest|eldest|cheapest|costliest|dearest|tallest|heaviest|longest-staying)\s+"
    r"(?:\w+\s+)?(?:patient|person|participant|respondent|interviewee|man|woman|child|clinician|nurse|physician)\b"
    r"[^.;]*\d",
    re.IGNORECASE,
)


def may_say(counts: Iterable, policy: Policy) -> bool:
    """Whether a sentence that gives these counts may be published.

    Parameters
    ----------
    counts : iterable of numbers or of (part, whole)
        Counts of people in the sentence. Of a pair, the part, the whole and what is left over count (the
        last not where the policy rounds: what is left of two rounded counts is no count).
    """
    return not any(policy.hides(number) for number in _all_numbers(counts, policy))


def tells_of_one(text: str) -> bool:
    """Whether a text tells the value of a single person: "the oldest patient was 99"."""
    return bool(_EXTREME.search(text))


def may_show(text: str, policy: Policy, counts: Iterable = ()) -> str | None:
    """Return a text as the policy lets it out, or None where it would give a count of too few people.

    Parameters
    ----------
    counts : iterable of numbers or of (part, whole)
        Counts that the text gives besides those that `counts_said` finds. A policy that rounds has each
        of them rounded wherever it stands in the text, and percentages of two counts computed again.
    """
    if not policy.protects:
        return text
    counts = list(counts)
    if tells_of_one(text):
        return None
    if not policy.rounds_to:
        found = [*counts, *counts_said(text)]
        if may_say(found, policy):
            return text
        again = without_parts(text, found, policy)
        return again if again is not None and may_say(counts_said(again), policy) else None
    named = [number for one in (*counts, *counts_said(text)) for number in _each(one)]
    if any(policy.hides(number) for number in named):
        return None
    return _rounded_text(numerals(text) if named else text, named, policy)


def _rounded_text(text: str, named: Iterable[float], policy: Policy) -> str:
    def rounded(number: float) -> str:
        return f"{policy.rounded(number):,.0f}"

    text = _SHARE.sub(_share_again(policy, rounded), text)
    text = _APART.sub(partial(_apart_again, policy), text)
    text = _percents_again(text, policy)
    if not policy.keeps_intervals and _SHARE.search(text):
        text = _SHARE_INTERVAL.sub("", text)
    for number in sorted({int(number) for number in named if number == int(number)}, reverse=True):
        text = re.sub(rf"(?<![\d.,])(?:{number:,}|{number})(?![\d%]|\.\d|,\d)", rounded(number), text)
    return text


def _apart_again(policy: Policy, match: re.Match) -> str:
    """Return how far two rounded shares lie apart, with its interval where the policy keeps those."""
    interval = match[5] or "" if policy.keeps_intervals else ""
    return f"{match[1]}{int(match[2]) - int(match[3])}{match[4]}{interval}"


def _share_again(policy: Policy, rounded: Callable[[float], str]) -> Callable[[re.Match], str]:
    def again(match: re.Match) -> str:
        part, whole = policy.rounded(_whole(match[1])), policy.rounded(_whole(match[3]))
        percent = f"{part / whole:.0%}" if whole else "–"
        return f"{rounded(part)}{match[2]}{rounded(whole)}{match[4]}{percent}"

    return again


def _percents_again(text: str, policy: Policy) -> str:
    """Return a text whose percentages of a known whole come from rounded counts."""

    def percent(old: str, whole: int) -> str:
        count = implied(old, whole)
        if count is None or not policy.rounded(whole):
            return old
        return f"{100 * policy.rounded(count) / policy.rounded(whole):.{len(old.partition('.')[2])}f}"

    text = PERCENT_OF.sub(lambda m: f"{percent(m[1], _whole(m[3]))}%{m[2]}{m[3]}", text)
    text = OF_PERCENT.sub(lambda m: f"{m[1]}{m[2]}{m[3]}{percent(m[4], _whole(m[2]))}%", text)
    return WHOM_PERCENT.sub(lambda m: f"{m[1]}{m[2]}{percent(m[3], _whole(m[1]))}%", text)


def withheld_text(policy: Policy, what: str = "This sentence") -> str:
    """Return the words that stand where a text is withheld."""
    few = f"a count of {policy.few()} people"
    return f"{what} is withheld: it would give {few} (policy {policy.name})."


def _all_numbers(counts: Iterable, policy: Policy) -> Iterator[float]:
    for count in counts:
        yield from _each(count)
        if not np.isscalar(count) and not policy.rounds_to:
            yield count[1] - count[0]


def _each(count: float | Iterable[float]) -> tuple[float, ...]:
    return tuple(count) if isinstance(count, Iterable) else (count,)


def _whole(digits: str) -> int:
    return int(digits.replace(",", ""))
