"""Put a mark in the place of single numbers of a text, where the rest of it may be said.

"162 of 166 patients answered" tells of four. With the first number gone the sentence still stands. What would
give the number back goes with it: percentages of its clause, and the number of pairs of so many people.
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from vbhc.publish.disclosure.counting import FORMS, counts_said, flat, whole
from vbhc.publish.disclosure.policies import MARK

Given = Callable[[float], str]
# The interval of a correlation, with two decimals, leaves 4 people open from n = 85 on.
FEWEST_BESIDE_STATISTICS = 100
MOST_CLOSED = 10  # a number that is one of fewer is told: as many as the widest mark, 0 to 9, leaves open


def masked(
    text: str, numbers: Collection[float], known: Iterable[float] = (), given: Given = lambda number: MARK
) -> str | None:
    """Return a text without some of its numbers; None where they could not be kept out of it.

    Parameters
    ----------
    numbers : collection
        Whole numbers of people, each large enough to be shown by itself.
    known : iterable
        Whole numbers of people that stand elsewhere: a percentage may be one of these.
    given : callable
        What stands in the place of a number (`Policy.given`); by default the mark.
    """
    named = {int(number) for number in numbers_in(text) if number in numbers}
    if not named:  # as good as every text of a large report
        return text
    return _masked(text, {int(number) for number in numbers}, named, known, given)


def taken_out(text: str, number: float, known: Iterable[float], given: Given) -> str | None:
    """Return a text without a number, whatever it says that the number counts; None as `masked`."""
    one = {int(number)}
    return _masked(text, one, one, known, given) if int(number) in _left(text) else text


def _masked(text: str, secret: set[int], named: set[int], known: Iterable[float], given: Given) -> str | None:
    if min(named) < FEWEST_BESIDE_STATISTICS and re.search(r"\d\.\d", text):
        return None
    if FORMS["spread"].search(text) or FORMS["exact"].search(text):
        return None
    wholes = {*_left(text), *(int(number) for number in known)} - secret
    clauses = FORMS["clause"].split(text)
    gaps = [match[0] for match in FORMS["clause"].finditer(text)] + [""]
    new = "".join(
        _without(clause, secret, wholes, given) + gap for clause, gap in zip(clauses, gaps, strict=True)
    )
    return None if secret & numbers_in(new) or _adds_up(new, named) else new


def _left(text: str) -> list[int]:
    """Return the whole numbers of a text that are no percentages, in its order."""
    return [whole(number) for number in FORMS["whole"].findall(text)]


def _adds_up(text: str, secret: set[int]) -> bool:
    """Whether the whole numbers left in a text give a secret one: as a sum in a row, or as a difference."""
    left = _left(text)
    runs = {sum(left[start:end]) for start in range(len(left)) for end in range(start + 2, len(left) + 1)}
    apart = {abs(one - other) for one in left for other in left}
    return not secret.isdisjoint(runs | apart)


def _without(clause: str, secret: set[int], wholes: set[int], given: Given) -> str:
    """Return a clause without numbers, the pairs of so many people, and percentages that lead to one.

    A number goes whatever stands behind it, since what a sentence counts it often does not say again ("of
    them 167 with outcome"); an amount of money stays.
    """
    told = {*secret, *(one * (one - 1) // 2 for one in secret), *(one * (one - 1) for one in secret)}
    digits = "|".join(rf"{one:,}|{one}" for one in sorted(told, reverse=True))
    number = re.compile(rf"(?<![\d.,~€£$−-])(?<!\b[A-Z]{{3}} )(?:{digits})(?![\d%]|\.\d|,\d)")
    gone = {whole(match) for match in number.findall(clause)} & secret
    if not gone:
        return number.sub(MARK, clause)

    def instead(match: re.Match) -> str:
        told = whole(match[0])
        return given(told) if told in secret else MARK

    # A share and its interval, however rounded, now and then leave one number of people only.
    every = bool(FORMS["interval"].search(clause)) or min(gone) < FEWEST_BESIDE_STATISTICS

    clause = FORMS["apart"].sub(f"{MARK} percentage points apart", clause)

    def kept(match: re.Match) -> str:
        return f"{MARK}%" if every or _leads_to(match[1], gone, wholes) else match[0]

    return FORMS["percentage"].sub(kept, number.sub(instead, clause))


def _leads_to(percent: str, named: set[int], wholes: set[int]) -> bool:
    """Whether a percentage gives one of some numbers: it is a share of a known one, or that is one of it."""
    if "." in percent:
        return True
    low, high = (int(percent) - 0.5) / 100, (int(percent) + 0.5) / 100
    pairs = [(one, other) for one in named for other in wholes]
    parts = [whole for one, whole in pairs if one < whole and low <= one / whole <= high]
    bases = [part for one, part in pairs if 0 < part < one and low <= part / one <= high]
    return any(whole * (high - low) < MOST_CLOSED for whole in parts) or any(
        low > 0 and part / low - part / high < MOST_CLOSED for part in bases
    )


@lru_cache(20_000)
def numbers_in(text: str, *, typed: bool = False) -> frozenset[float]:
    """Return every count of people that a text gives, parts and wholes alike (`typed`: see `counts_said`)."""
    return frozenset(map(float, flat(counts_said(text, typed=typed))))
