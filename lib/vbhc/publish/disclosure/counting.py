"""Find the counts of people that a text gives, in figures, in words, as ranges and as percentages.

A reader of English prose by its forms (`forms.yml`), made to see too much rather than too little. "6 of 17
codes" counts things (`words.yml` lists them), "1 to 5 people" names the rule of a policy: both are left out.
"""

import math
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from vbhc import shipped
from vbhc.publish.disclosure.policies import POLICIES

WORDS = {kind: "|".join(words.split()) for kind, words in shipped.tree(__file__, "words.yml").items()}


def _patterns(written: dict[str, Any]) -> dict[str, re.Pattern[str]]:
    """Return the written forms as patterns, by name; what a part needs stands before it."""
    known, parts = dict(WORDS), written.pop("parts")
    for name, form in (parts | written).items():
        joined = form if isinstance(form, str) else "|".join(form)
        known[name] = re.sub(r"\{([a-z_]+)\}", lambda match: known[match[1]], joined)
    return {name: re.compile(known[name]) for name in written}


FORMS = _patterns(shipped.tree(__file__, "forms.yml"))
_VALUE = {word: str(number) for number, word in enumerate(WORDS["numbers"].split("|"), start=1)}
_ALONE = ("before_noun", "doing", "all_but", "of_them", "mark_of")
PERCENTAGES = ("percent_of", "of_percent", "people_percent")
_OWN_LIMITS = frozenset(policy.hides_up_to for policy in POLICIES.values())
_RULES = tuple(policy.rule for policy in POLICIES.values())


def counts_said(text: str, *, typed: bool = False) -> list:
    """Return the counts of people that a text gives by the `FORMS`; of "12 of 248" and "2.5% of 40" pairs.

    In a text that was `typed` for any study words after "of", "for", "any" ... speak of people in general:
    "of two patients who lost the same". A computed sentence gets no such leave but for "one".
    """
    for rule in _RULES:
        text = text.replace(rule, " ")
    text = numerals(FORMS["rate"].sub(" ", FORMS["place"].sub(" ", text)), typed=typed)
    found, text = _ranges(FORMS["whose_things"].sub(" ", FORMS["of_nobody"].sub(" ", text)))
    found += [whole(match[1]) for match in FORMS["n_is"].finditer(text)]
    pairs = (match for form in ("part_of", "slash") for match in FORMS[form].finditer(text))
    found += [(whole(match[1]), whole(match[2])) for match in pairs]
    found += dict.fromkeys(pair for pair in _percentages(text) if pair not in found)
    known = set(flat(found))
    alone = [whole(match[1]) for form in _ALONE for match in FORMS[form].finditer(text)]
    alone += [one for listed in left_out(text) for one in listed]
    return found + [count for count in dict.fromkeys(alone) if count not in known]


def flat(counts: Iterable) -> list[float]:
    """Return counts as numbers, of a pair the part and the whole."""
    return [number for one in counts for number in (one if isinstance(one, Iterable) else (one,))]


@lru_cache(20_000)
def numbers_in(text: str, *, typed: bool = False) -> frozenset[float]:
    """Return every count of people that a text gives, parts and wholes alike (`typed`: see `counts_said`)."""
    return frozenset(map(float, flat(counts_said(text, typed=typed))))


def left_out(text: str) -> list[list[int]]:
    """Return the numbers of each list of who is not counted, which leave those who are.

    >>> left_out("193 patients. Not counted: 55 without an answer and 3 who died.")
    [[55, 3]]
    """
    return [[*map(whole, FORMS["listed"].findall(said))] for said in FORMS["not_counted"].findall(text)]


def numerals(text: str, *, typed: bool = False) -> str:
    """Return a text with the words that count people as figures: "three patients" becomes "3 patients"."""

    def in_general(match: re.Match) -> bool:
        before = text[: match.start()]
        first = match[0].lower().strip().startswith(("one", "a ", "the "))
        counted = re.search(r"\d\s+(?:out\s+)?of\s+$", before)  # "1 of two patients" counts
        return bool((typed or first) and FORMS["general"].search(before) and not counted)

    text = FORMS["after_but"].sub(lambda match: match[1] + _VALUE[match[2].lower()], text)
    text = FORMS["single"].sub(lambda match: match[0] if in_general(match) else "1 ", text)
    text = FORMS["couple"].sub("2 ", text)
    text = FORMS["spelled"].sub(lambda one: one[0] if in_general(one) else _VALUE[one[1].lower()], text)
    if re.search(r"\d\s+(?:out\s+)?of\s", text):
        text = FORMS["after_of"].sub(lambda match: match[0].replace(match[1], _VALUE[match[1].lower()]), text)
    return text


def fitting(share: float, half: float, whole: float) -> range:
    """Return the counts of a whole of which a share (0-1) can be one that is written to within `half`.

    >>> list(fitting(0.55, 0.005, 20)), len(fitting(0.03, 0.005, 400))
    ([11], 5)
    """
    low = max(math.ceil((share - half) * whole - 1e-9), 0)
    return range(low, min(math.floor((share + half) * whole + 1e-9), int(whole)) + 1)


def implied(percent: str, people: int) -> int | None:
    """Return the count behind a percentage of a known whole, None where it could be one of several.

    "2.5% of 40" is 1; "3% of 400" is anything from 10 to 14, no closer than a policy's own mark.
    """
    half, value = 0.005 * 10.0 ** -len(percent.partition(".")[2]), float(percent) / 100
    return round(value * people) if value <= 1 and len(fitting(value, half, people)) < 5 else None


def _percentages(text: str) -> Iterator[tuple[int, int]]:
    for match in (match for form in PERCENTAGES for match in FORMS[form].finditer(text)):
        people = whole(match["people"])
        count = implied(match["percent"], people)
        if count is not None:
            yield count, people


def _ranges(text: str) -> tuple[list, str]:
    """Return the counts that ranges give, and the text without them; a policy's own range gives none."""
    ranges = [(whole(match[1]), whole(match[2])) for match in FORMS["range"].finditer(text)]
    found = [end for one in ranges if one[0] > 1 or one[1] not in _OWN_LIMITS for end in one]
    text = FORMS["range"].sub(" ", text)
    below = [whole(match[1]) - 1 for match in FORMS["below"].finditer(text)]
    below = [most for most in below if most <= max(_OWN_LIMITS)]  # "fewer than 20" bounds and counts nobody
    below += [whole(match[1]) for match in FORMS["up_to"].finditer(text)]
    found += [most for most in below if most not in _OWN_LIMITS]
    return found, FORMS["up_to"].sub(" ", FORMS["below"].sub(" ", text))


def whole(digits: str) -> int:
    """Return a count as it is written, commas and all, as a number."""
    return int(digits.replace(",", ""))
