"""Put a mark in the place of single numbers of a text, where the rest of it may be said.

"162 of 166 patients answered" tells of four. With the first number gone the sentence still stands. What would
give the number back goes with it: the percentages of its clause, and the number of pairs of so many people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from vbhc.disclosure.counting import counts_said
from vbhc.disclosure.policies import MARK, Policy

# The interval of a correlation, with two decimals, leaves 4 people open from n = 85 on.
FEWEST_BESIDE_STATISTICS = 100
_CLAUSE = re.compile(r"(?<=;)\s|(?<=[.:?!])\s")
_PERCENT = re.compile(r"(?<![\d.*])\d+(?:\.\d+)?\s?%(?!\s*CI\b)")
_SPREAD = re.compile(r"\b(?:SD|SE|standard\s+(?:deviation|error))\b", re.IGNORECASE)


def masked(text: str, numbers: Iterable[float]) -> str | None:
    """Return a text without some of its numbers; None where they could not be kept out of it.

    Parameters
    ----------
    numbers : iterable
        Whole numbers of people, each large enough to be shown by itself.
    """
    secret = {int(number) for number in numbers}
    named = {number for number in numbers_in(text) if number in secret}
    if min(named, default=FEWEST_BESIDE_STATISTICS) < FEWEST_BESIDE_STATISTICS and re.search(r"\d\.\d", text):
        return None
    if named and _SPREAD.search(text):
        return None
    told = {*secret, *(one * (one - 1) // 2 for one in secret), *(one * (one - 1) for one in secret)}
    clauses = _CLAUSE.split(text)
    gaps = [match[0] for match in _CLAUSE.finditer(text)] + [""]
    new = "".join(_without(clause, told) + gap for clause, gap in zip(clauses, gaps, strict=True))
    return None if secret & numbers_in(new) or _adds_up(new, named) else new


def _adds_up(text: str, secret: set[float]) -> bool:
    """Whether the whole numbers left in a text give a secret one: as a sum in a row, or as a difference."""
    found = re.findall(r"(?<![\d.,*])\d[\d,]*(?!\d|\.\d|,\d|\s?%)", text)
    left = [int(number.replace(",", "")) for number in found]
    runs = {sum(left[start:end]) for start in range(len(left)) for end in range(start + 2, len(left) + 1)}
    apart = {abs(one - other) for one in left for other in left}
    return not secret.isdisjoint(runs | apart)


def _without(clause: str, told: set[int]) -> str:
    digits = "|".join(rf"{one:,}|{one}" for one in sorted(told, reverse=True))
    new = re.sub(rf"(?<![\d.,])(?:{digits})(?![\d%]|\.\d|,\d)", MARK, clause) if digits else clause
    return clause if new == clause else _PERCENT.sub(f"{MARK}%", new)


def numbers_in(text: str, *, typed: bool = False) -> set[float]:
    """Return every count of people that a text gives, parts and wholes alike (`typed`: see `counts_said`)."""
    said = counts_said(text, typed=typed)
    return {float(n) for one in said for n in (one if isinstance(one, tuple) else (one,))}


def without_parts(text: str, counts: Iterable, policy: Policy) -> str | None:
    """Return a text without the parts that leave too few people out of a whole; None where that is not all.

    Parameters
    ----------
    counts : iterable of numbers or of (part, whole)
        What the text gives. A count that is itself too small cannot be mended: what the text says of it rests
        on too few people.
    """
    counts = list(counts)
    alone = [number for one in counts for number in (one if isinstance(one, tuple) else (one,))]
    if any(policy.hides(number) for number in alone):
        return None
    pairs = [one for one in counts if isinstance(one, tuple)]
    parts = {part for part, whole in pairs if policy.hides(whole - part) and part != whole}
    return masked(text, parts) if parts else None
