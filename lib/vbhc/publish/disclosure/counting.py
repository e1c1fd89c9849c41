"""Find the counts of people that a text gives, in figures, in words, as ranges and as percentages.

A reader of English prose by its forms, made to see too much rather than too little. "6 of 17 codes" counts
things (`nouns` lists them) and "1 to 5 people" names the rule of a policy; both are left out.
"""

import math
import re
from collections.abc import Iterator

from vbhc.publish.disclosure.nouns import (
    AS_A_RULE,
    NOT_THINGS,
    OF_A_SCALE,
    PAIRS_OF_THINGS,
    PEOPLE,
    THINGS,
    WHOSE,
)
from vbhc.publish.disclosure.policies import POLICIES

NUMBER = r"(?<![\w.,~–-])(\d[\d,]*)(?!\d|\.\d|,\d)"
# One or two words may stand between a count and its noun ("1 complete pair"), but none of a measure.
NO_GAP = (
    "after|and|at|before|between|by|days?|euros?|for|from|hours?|in|is|items?|minutes?|months?|of|on|or|per|"
    "percent|points?|pounds?|that|times?|to|visits?|weeks?|which|with|without|years?"
)
_GAP = rf"(?:(?!(?:{NO_GAP}|{PEOPLE})\b)[a-z-]+\s+){{0,2}}"
_NOUN = rf"\s+{_GAP}(?:{PEOPLE})\b"
_SOME = r"\s+(?:(?:all|the|these|those)\s+)*"
_DID = (
    "agreed|answered|declined|did\\s+not|died|dropped|gained|gave\\s+no|got|had\\s+died|improved|lived|raised|"
    "recovered|refused|relapsed|said|withdrew|worsened"
)

_N_IS = re.compile(rf"\b[nN]\s*[=:]\s*{NUMBER}{NOT_THINGS}")
_PART_OF = re.compile(rf"{NUMBER}\s+(?:(?!(?:{NO_GAP})\b)[a-z]+\s+)?(?:out\s+)?of{_SOME}{NUMBER}{NOT_THINGS}")
_SLASH = re.compile(rf"{NUMBER}\s?/\s?(\d[\d,]*)(?=\s+(?:{PEOPLE})\b|\s+\(\d+(?:\.\d+)?%)")
_BEFORE_NOUN = re.compile(rf"{NUMBER}{_NOUN}", re.IGNORECASE)
_DOING = re.compile(
    rf"{NUMBER}(?=\s+\(\d+(?:\.\d+)?%(?!\)\s+(?:of{_SOME}(?:\d+\s+)?)?{THINGS})|\s+(?:{_DID}|is\s+(?:missing|lost))\b)"
)
_ALL_BUT = re.compile(
    rf"\b(?:all|none|nobody|everybody|everyone|every\s+\w+)(?:\s+of\s+\w+)?\s+but\s+{NUMBER}", re.IGNORECASE
)
_OF_THEM = re.compile(
    rf"\b(?:of|among)\s+(?:them|whom|these|those),?\s+{NUMBER}(?!\s?%){NOT_THINGS}", re.IGNORECASE
)
_RANGE = re.compile(
    rf"{NUMBER}\s*(?:to|or|(?<=\bbetween \d )and|(?<=\bbetween \d\d )and|[–-])\s*(\d[\d,]*){_NOUN}",
    re.IGNORECASE,
)
_BELOW = re.compile(rf"\b(?:fewer|less)\s+than\s+{NUMBER}{_NOUN}|\bunder\s+{NUMBER}{_NOUN}", re.IGNORECASE)
_UP_TO = re.compile(rf"\b(?:at\s+most|up\s+to|no\s+more\s+than)\s+{NUMBER}{_NOUN}", re.IGNORECASE)

# A part that was taken out leaves the whole: "* of 11 (*%) got better".
_MARK_OF = re.compile(rf"\*\s+of{_SOME}{NUMBER}{NOT_THINGS}")
# "Not counted: 55 without an answer, 3 who died and 2 without a known cost."
_NOT_COUNTED = re.compile(r"\bNot counted: [^.;]*")
_LISTED = re.compile(r"(?:(?<=: )|(?<=, )|(?<=\band ))(\d[\d,]*)(?=\s[a-z])")

_PERCENT = r"(\d+(?:\.\d+)?)\s?%"
PERCENT_OF = re.compile(rf"(?<![\d.]){_PERCENT}(\s+\(?of{_SOME}){NUMBER}{NOT_THINGS}")
OF_PERCENT = re.compile(
    rf"\b([Oo]f{_SOME}){NUMBER}((?:\s+[a-z-]+){{0,3}},?\s+(?:[a-z]+\s+){{0,2}}){_PERCENT}"
)
WHOM_PERCENT = re.compile(rf"{NUMBER}(\s+{_GAP}(?:{PEOPLE}),\s+(?:of\s+whom\s+)?(?:only\s+)?){_PERCENT}")

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty")
_WORDS = (*_ONES, *_TEENS)
_VALUE = {word: str(number) for number, word in enumerate(_WORDS, start=1)}
_WORD = "|".join(_WORDS)
_RATE = re.compile(rf"\b(?:one|two|\d+)\s+in\s+(?:every\s+)?(?:(?:{_WORD})\b|\d[\d,]*)", re.IGNORECASE)
_OF_TEXT = (
    rf"\s+(?:out\s+)?of{_SOME}(?:\d[\d,]*{NOT_THINGS}"
    rf"|(?:{_WORD})\s+{_GAP}(?:{PEOPLE})\b)"
)
_SPELLED = re.compile(
    rf"\b({_WORD})\b(?=\s+{_GAP}(?:{PEOPLE})\b(?![’'][a-z])(?!\s+(?:per|each)\b)|{_OF_TEXT}|\s+(?:{_DID})\b"
    rf"|\s+\(\d+(?:\.\d+)?%|\s*(?:or|to|and|–|-)\s*(?:(?:{_WORD})|\d+)\s+{_GAP}(?:{PEOPLE})\b)",
    re.IGNORECASE,
)
_AFTER_OF = re.compile(rf"(?<=\bof )(?:the |all |these )*({_WORD})\b", re.IGNORECASE)
_BUT_WORD = re.compile(rf"(\bbut\s+)({_WORD})\b", re.IGNORECASE)
_SINGLE = re.compile(
    rf"\b(?:a|the)\s+(?:single|lone|sole)\s+(?={_GAP}(?:{PEOPLE})\b(?![’']))|\bthe\s+only\s+(?=(?:{PEOPLE})\b)",
    re.IGNORECASE,
)
_COUPLE = re.compile(rf"\ba\s+couple\s+of\s+(?=(?:{PEOPLE})\b)", re.IGNORECASE)
# Words for small numbers also speak of people in general: "for one patient", "of a single person".
_GENERAL = re.compile(
    r"\b(about|any|as|do|does|every|for|from|if|in|into|like|need|needs|of|on|per|still|than|that|to|when|whether)\s+$",
    re.IGNORECASE,
)
# "Back to mark 1 of 3" numbers a place.
_PLACE = re.compile(
    r"\b(?:figure|mark|note|page|part|round|slide|step|table)\s+\d+\s+of\s+\d+", re.IGNORECASE
)
_OF_NOBODY = re.compile(rf"{OF_A_SCALE}|{PAIRS_OF_THINGS}|{AS_A_RULE}", re.IGNORECASE)
# People who only say which things: three nurse visits. "1 patient visits" may be a verb, so one stays one.
_WHOSE_THINGS = re.compile(rf"(?<![\d.,])(?!1\s)\d[\d,]*\s+(?=(?:{WHOSE})\s+{THINGS})", re.IGNORECASE)
_OWN_LIMITS = frozenset(policy.hides_up_to for policy in POLICIES.values())
_RULES = tuple(policy.rule for policy in POLICIES.values())


def counts_said(text: str, *, typed: bool = False) -> list:
    """Return the counts of people that a text gives.

    Found are "n = 12", "12 of 248", "12/248 patients" and "2.5% of 40" (as pairs), and a number before a noun
    for people or their answers, such as "44 patients", "1 patient(s)" and "3 complete pairs", before a
    percentage ("3 (1%)") or before what people do ("3 died"); "none but 2", both ends of "2 to 4 patients",
    and the most that "fewer than 3 patients" can be. Numbers may be words ("three patients", "a single
    patient").

    Parameters
    ----------
    typed : bool
        Whether the text was typed for any study: words after "of", "for", "any" ... then speak of people in
        general ("of two patients who lost the same, ..."). A computed sentence gets no such leave but for
        "one".
    """
    for rule in _RULES:
        text = text.replace(rule, " ")
    text = numerals(_RATE.sub(" ", _PLACE.sub(" ", text)), typed=typed)
    found, text = _ranges(_WHOSE_THINGS.sub(" ", _OF_NOBODY.sub(" ", text)))
    found += [_whole(match[1]) for match in _N_IS.finditer(text)]
    found += [(_whole(match[1]), _whole(match[2])) for match in _PART_OF.finditer(text)]
    found += [(_whole(match[1]), _whole(match[2])) for match in _SLASH.finditer(text)]
    found += dict.fromkeys(pair for pair in _percentages(text) if pair not in found)
    known = {count for one in found for count in (one if isinstance(one, tuple) else (one,))}
    forms = (_BEFORE_NOUN, _DOING, _ALL_BUT, _OF_THEM, _MARK_OF)
    alone = [_whole(match[1]) for form in forms for match in form.finditer(text)]
    alone += [one for listed in left_out(text) for one in listed]
    return found + [count for count in dict.fromkeys(alone) if count not in known]


def left_out(text: str) -> list[list[int]]:
    """Return the numbers of each list of who is not counted, which leave those who are.

    >>> left_out("193 patients. Not counted: 55 without an answer and 3 who died.")
    [[55, 3]]
    """
    return [[_whole(one) for one in _LISTED.findall(said)] for said in _NOT_COUNTED.findall(text)]


def numerals(text: str, *, typed: bool = False) -> str:
    """Return a text with the words that count people as figures: "three patients" becomes "3 patients"."""

    def in_general(match: re.Match) -> bool:
        before = text[: match.start()]
        first = match[0].lower().strip().startswith(("one", "a ", "the "))
        return bool((typed or first) and _GENERAL.search(before) and not _counted_before(before))

    text = _BUT_WORD.sub(lambda match: match[1] + _VALUE[match[2].lower()], text)
    text = _SINGLE.sub(lambda match: match[0] if in_general(match) else "1 ", text)
    text = _COUPLE.sub("2 ", text)
    text = _SPELLED.sub(lambda match: match[0] if in_general(match) else _VALUE[match[1].lower()], text)
    if re.search(r"\d\s+(?:out\s+)?of\s", text):
        text = _AFTER_OF.sub(lambda match: match[0].replace(match[1], _VALUE[match[1].lower()]), text)
    return text


def _counted_before(before: str) -> bool:
    """Whether a number stands right before the "of": "1 of two patients" counts."""
    return bool(re.search(r"\d\s+(?:out\s+)?of\s+$", before))


def implied(percent: str, whole: int) -> int | None:
    """Return the count behind a percentage of a known whole, None where it could be one of several.

    "2.5% of 40" is 1; "3% of 400" is anything from 10 to 14, no closer than a policy's own mark.
    """
    half = 0.5 * 10.0 ** -len(percent.partition(".")[2])
    value = float(percent)
    low = math.ceil((value - half) * whole / 100 - 1e-9)
    high = math.floor((value + half) * whole / 100 + 1e-9)
    return round(value * whole / 100) if value <= 100 and high - low < 4 else None


def _percentages(text: str) -> Iterator[tuple[int, int]]:
    found = [(match[1], match[3]) for match in PERCENT_OF.finditer(text)]
    found += [(match[4], match[2]) for match in OF_PERCENT.finditer(text)]
    found += [(match[3], match[1]) for match in WHOM_PERCENT.finditer(text)]
    for percent, whole in found:
        count = implied(percent, _whole(whole))
        if count is not None:
            yield count, _whole(whole)


def _ranges(text: str) -> tuple[list, str]:
    """Return the counts that ranges give, and the text without them; a policy's own range gives none."""
    found: list[int] = []
    for match in _RANGE.finditer(text):
        low, high = _whole(match[1]), _whole(match[2])
        if not (low <= 1 and high in _OWN_LIMITS):
            found += [low, high]
    text = _RANGE.sub(" ", text)
    below = [(_whole(match[1] or match[2]) - 1) for match in _BELOW.finditer(text)]
    below = [most for most in below if most <= max(_OWN_LIMITS)]  # "fewer than 20" bounds and counts nobody
    below += [_whole(match[1]) for match in _UP_TO.finditer(text)]
    found += [most for most in below if most not in _OWN_LIMITS]
    return found, _UP_TO.sub(" ", _BELOW.sub(" ", text))


def _whole(digits: str) -> int:
    return int(digits.replace(",", ""))
