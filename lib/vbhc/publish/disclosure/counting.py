"""Find the counts of people that a text gives, in figures, in words, as ranges and as percentages.

A reader of English prose by its forms, made to see too much rather than too little. "6 of 17 codes" counts
things (`words.yml` lists them) and "1 to 5 people" names the rule of a policy; both are left out.
"""

import math
import re
from collections.abc import Iterable, Iterator

from vbhc import shipped
from vbhc.publish.disclosure.policies import POLICIES

_LISTED_WORDS = shipped.tree(__file__, "words.yml")
WORDS = {kind: "|".join(words.split()) for kind, words in _LISTED_WORDS.items()}  # as patterns
PEOPLE, _KINDS, _BETWEEN, _WHOSE = (WORDS[kind] for kind in ("people", "things", "between", "whose"))
NO_GAP, _DID, _WORD = (WORDS[kind] for kind in ("no_gap", "did", "numbers"))
_THINGS = rf"(?:(?:{_BETWEEN}|{_WHOSE})\s+){{0,2}}(?:pairs\s+of\s+)?(?:{_KINDS})\b"
NOT_THINGS = rf"(?!\s+{_THINGS})"
# Choices on a scale, pairs of things, and a rule that says of nobody in particular how many there are.
_OF_NOBODY = re.compile(
    r"\b\d+\s+(?:highest|lowest|possible|allowed|top|bottom)\s+answers\b"
    rf"|\b\d+\s+pairs\s+of\s+(?:{_KINDS})\b"
    r"|\b(?:shared\s+by|rests?\s+on|based\s+on)\s+at\s+least\s+\d+\b|\bneeds?\s+n\s*=\s*\d[\d,]*"
    r"|\b\d[\d,]*\s+\w+\s+give\s+\d+%",
    re.IGNORECASE,
)
NUMBER = r"(?<![\w.,~–-])(\d[\d,]*)(?!\d|\.\d|,\d)"
_GAP = rf"(?:(?!(?:{NO_GAP}|{PEOPLE})\b)[a-z-]+\s+){{0,2}}"
_NOUN = rf"\s+{_GAP}(?:{PEOPLE})\b"
_SOME = r"\s+(?:(?:all|the|these|those)\s+)*"

_N_IS = re.compile(rf"\b[nN]\s*[=:]\s*{NUMBER}{NOT_THINGS}")
_PART_OF = re.compile(rf"{NUMBER}\s+(?:(?!(?:{NO_GAP})\b)[a-z]+\s+)?(?:out\s+)?of{_SOME}{NUMBER}{NOT_THINGS}")
_SLASH = re.compile(rf"{NUMBER}\s?/\s?(\d[\d,]*)(?=\s+(?:{PEOPLE})\b|\s+\(\d+(?:\.\d+)?%)")
_BEFORE_NOUN = re.compile(rf"{NUMBER}{_NOUN}", re.IGNORECASE)
_DOING = re.compile(
    rf"{NUMBER}(?=\s+\(\d+(?:\.\d+)?%(?!\)\s+(?:of{_SOME}(?:\d+\s+)?)?{_THINGS})|\s+(?:{_DID}|is\s+(?:missing|lost))\b)"
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
# Percentages of a known whole, with the places of the percentage and of the whole in each form.
PERCENTAGES = (
    (re.compile(rf"(?<![\d.]){_PERCENT}\s+\(?of{_SOME}{NUMBER}{NOT_THINGS}"), 1, 2),
    (re.compile(rf"\b[Oo]f{_SOME}{NUMBER}(?:\s+[a-z-]+){{0,3}},?\s+(?:[a-z]+\s+){{0,2}}{_PERCENT}"), 2, 1),
    (re.compile(rf"{NUMBER}\s+{_GAP}(?:{PEOPLE}),\s+(?:of\s+whom\s+)?(?:only\s+)?{_PERCENT}"), 2, 1),
)
_VALUE = {word: str(number) for number, word in enumerate(_WORD.split("|"), start=1)}
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
_GENERAL = re.compile(rf"\b(?:{WORDS['general']})\s+$", re.IGNORECASE)
# "Back to mark 1 of 3" numbers a place.
_PLACE = re.compile(rf"\b(?:{WORDS['places']})\s+\d+\s+of\s+\d+", re.IGNORECASE)
# People who only say which things: three nurse visits. "1 patient visits" may be a verb, so one stays one.
_WHOSE_THINGS = re.compile(rf"(?<![\d.,])(?!1\s)\d[\d,]*\s+(?=(?:{_WHOSE})\s+{_THINGS})", re.IGNORECASE)
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
    found += [whole(match[1]) for match in _N_IS.finditer(text)]
    found += [(whole(match[1]), whole(match[2])) for match in _PART_OF.finditer(text)]
    found += [(whole(match[1]), whole(match[2])) for match in _SLASH.finditer(text)]
    found += dict.fromkeys(pair for pair in _percentages(text) if pair not in found)
    known = set(flat(found))
    forms = (_BEFORE_NOUN, _DOING, _ALL_BUT, _OF_THEM, _MARK_OF)
    alone = [whole(match[1]) for form in forms for match in form.finditer(text)]
    alone += [one for listed in left_out(text) for one in listed]
    return found + [count for count in dict.fromkeys(alone) if count not in known]


def flat(counts: Iterable) -> list[float]:
    """Return counts as numbers, of a pair the part and the whole."""
    return [number for one in counts for number in (one if isinstance(one, Iterable) else (one,))]


def left_out(text: str) -> list[list[int]]:
    """Return the numbers of each list of who is not counted, which leave those who are.

    >>> left_out("193 patients. Not counted: 55 without an answer and 3 who died.")
    [[55, 3]]
    """
    return [[whole(one) for one in _LISTED.findall(said)] for said in _NOT_COUNTED.findall(text)]


def numerals(text: str, *, typed: bool = False) -> str:
    """Return a text with the words that count people as figures: "three patients" becomes "3 patients"."""

    def in_general(match: re.Match) -> bool:
        before = text[: match.start()]
        first = match[0].lower().strip().startswith(("one", "a ", "the "))
        counted = re.search(r"\d\s+(?:out\s+)?of\s+$", before)  # "1 of two patients" counts
        return bool((typed or first) and _GENERAL.search(before) and not counted)

    text = _BUT_WORD.sub(lambda match: match[1] + _VALUE[match[2].lower()], text)
    text = _SINGLE.sub(lambda match: match[0] if in_general(match) else "1 ", text)
    text = _COUPLE.sub("2 ", text)
    text = _SPELLED.sub(lambda match: match[0] if in_general(match) else _VALUE[match[1].lower()], text)
    if re.search(r"\d\s+(?:out\s+)?of\s", text):
        text = _AFTER_OF.sub(lambda match: match[0].replace(match[1], _VALUE[match[1].lower()]), text)
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
    for form, percent, people in PERCENTAGES:
        for match in form.finditer(text):
            count = implied(match[percent], whole(match[people]))
            if count is not None:
                yield count, whole(match[people])


def _ranges(text: str) -> tuple[list, str]:
    """Return the counts that ranges give, and the text without them; a policy's own range gives none."""
    found: list[int] = []
    for match in _RANGE.finditer(text):
        low, high = whole(match[1]), whole(match[2])
        if not (low <= 1 and high in _OWN_LIMITS):
            found += [low, high]
    text = _RANGE.sub(" ", text)
    below = [(whole(match[1] or match[2]) - 1) for match in _BELOW.finditer(text)]
    below = [most for most in below if most <= max(_OWN_LIMITS)]  # "fewer than 20" bounds and counts nobody
    below += [whole(match[1]) for match in _UP_TO.finditer(text)]
    found += [most for most in below if most not in _OWN_LIMITS]
    return found, _UP_TO.sub(" ", _BELOW.sub(" ", text))


def whole(digits: str) -> int:
    """Return a count as it is written, commas and all, as a number."""
    return int(digits.replace(",", ""))
