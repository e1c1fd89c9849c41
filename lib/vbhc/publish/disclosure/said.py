"""What a text may say of people under a policy: judge the counts it gives, round them, or withhold it."""

import re
from collections.abc import Iterable
from functools import lru_cache, partial

from vbhc.publish.disclosure import counting
from vbhc.publish.disclosure.counting import FORMS, PERCENTAGES, counts_said, flat
from vbhc.publish.disclosure.masking import masked
from vbhc.publish.disclosure.policies import Policy


def may_say(counts: Iterable, policy: Policy) -> bool:
    """Whether a sentence that gives these counts may be published.

    Parameters
    ----------
    counts : iterable of numbers or of (part, whole)
        Counts of people in the sentence. Of a pair, the part, the whole and what is left over count (the
        last not where the policy rounds: what is left of two rounded counts is no count).
    """
    counts = list(counts)
    pairs = [] if policy.rounds_to else [one for one in counts if isinstance(one, Iterable)]
    rests = [people - part for part, people in pairs]
    return not any(policy.hides(number) for number in (*flat(counts), *rests))


def tells_of_one(text: str) -> bool:
    """Whether a text tells the value of a single person: "the oldest patient was 99"."""
    return bool(FORMS["extreme"].search(text))


@lru_cache(maxsize=10_000)  # a number or label stands in page, CSV and workbook
def tells_few(text: str, policy: Policy, *, typed: bool = False) -> bool:
    """Whether a text that stands published tells of too few people (`typed`: see `counts_said`)."""
    return policy.protects and (tells_of_one(text) or not may_say(counts_said(text, typed=typed), policy))


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
    found = [*counts, *counts_said(text)]
    named = flat(found)
    # A count that is itself too small cannot be mended: what the text says of it rests on too few people.
    if tells_of_one(text) or any(policy.hides(number) for number in named):
        return None
    if policy.rounds_to:
        return _rounded_text(counting.numerals(text) if named else text, set(named), policy)
    return text if may_say(found, policy) else _without_parts(text, found, policy)


def _without_parts(text: str, counts: Iterable, policy: Policy) -> str | None:
    """Return a text without parts that leave too few people out of a whole; None where that is not all."""
    pairs = [one for one in counts if isinstance(one, tuple)]
    parts = {part for part, whole in pairs if policy.hides(whole - part) and part != whole}
    again = masked(text, parts) if parts else None
    return again if again is not None and may_say(counts_said(again), policy) else None


def _rounded_text(text: str, counts: set[float], policy: Policy) -> str:
    text = FORMS["share"].sub(partial(_share_again, policy), text)
    text = FORMS["shares_apart"].sub(partial(_apart_again, policy), text)
    for form in PERCENTAGES:
        text = FORMS[form].sub(partial(_percent_again, policy), text)
    if not policy.keeps_intervals and FORMS["share"].search(text):
        text = FORMS["share_interval"].sub("", text)

    def rounded(match: re.Match) -> str:
        number = counting.whole(match[0])
        return f"{policy.rounded(number):,.0f}" if number in counts else match[0]

    return FORMS["to_round"].sub(rounded, text)


def _share_again(policy: Policy, match: re.Match) -> str:
    """Return "12 of 248 (5%)" of rounded counts."""
    part, people = policy.rounded(counting.whole(match[1])), policy.rounded(counting.whole(match[3]))
    percent = f"{part / people:.0%}" if people else "–"
    return f"{part:,.0f}{match[2]}{people:,.0f}{match[4]}{percent}"


def _apart_again(policy: Policy, match: re.Match) -> str:
    """Return how far two rounded shares lie apart, with its interval where the policy keeps those."""
    interval = match[5] or "" if policy.keeps_intervals else ""
    return f"{match[1]}{int(match[2]) - int(match[3])}{match[4]}{interval}"


def _percent_again(policy: Policy, match: re.Match) -> str:
    """Return a percentage of a known whole, with the words around it, of rounded counts."""
    n, (start, end) = counting.whole(match["people"]), (at - match.start() for at in match.span("percent"))
    count = counting.implied(match["percent"], n)
    if count is None or not policy.rounded(n):
        return match[0]
    again = 100 * policy.rounded(count) / policy.rounded(n)
    places = len(match["percent"].partition(".")[2])
    return f"{match[0][:start]}{again:.{places}f}{match[0][end:]}"


def withheld_text(policy: Policy, what: str = "This sentence") -> str:
    """Return the words that stand where a text is withheld."""
    few = f"a count of {policy.few()} people"
    return f"{what} is withheld: it would give {few} (policy {policy.name})."
