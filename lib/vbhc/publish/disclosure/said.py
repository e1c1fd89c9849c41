"""What a text may say of people under a policy: judge the counts it gives, round, mask or withhold them.

"162 of 166 patients answered" tells of four. With the first number gone the sentence still stands. What would
give the number back goes with it: percentages of its clause, and the number of pairs of so many people.
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache, partial

from vbhc.publish.disclosure import counting
from vbhc.publish.disclosure.counting import FORMS, PERCENTAGES, counts_said, flat, numbers_in, whole
from vbhc.publish.disclosure.policies import FEW, MARK, Policy

Given = Callable[[float], str]
MOST_CLOSED = 10  # a number that is one of fewer is told: as many as the widest mark, 0 to 9, leaves open

LEVELS = (0.95, 0.9, 0.99)  # of the intervals that are computed again


def may_say(counts: Iterable, policy: Policy) -> bool:
    """Whether a sentence that gives these counts, numbers or pairs (part, whole), may be published.

    What is left over of a pair counts too, but not of two rounded numbers.
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

    `counts`, numbers or pairs (part, whole), are those that it gives besides what `counts_said` finds.
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
    parts = {part: whole for part, whole in pairs if policy.hides(whole - part) and part != whole}
    if any(whole <= 2 * policy.hides_up_to + policy.hides_zero for whole in parts.values()):
        return None  # "* of 8" would be 6 or 7
    again = masked(text, parts) if parts else None
    return again if again is not None and may_say(counts_said(again), policy) else None


def _rounded_text(text: str, counts: set[float], policy: Policy) -> str:
    text = FORMS["share"].sub(partial(_share_again, policy), text)
    text = FORMS["shares_apart"].sub(partial(_apart_again, policy), text)
    for form in PERCENTAGES:
        text = FORMS[form].sub(partial(_percent_again, policy), text)
    if not policy.keeps_intervals and FORMS["share"].search(text):
        text = FORMS["share_interval"].sub("", text)

    def rounded(number: str) -> str:
        return f"{policy.rounded(whole(number)):,.0f}" if whole(number) in counts else number

    return _but_amounts(FORMS["to_round"].pattern, text, rounded)


def _but_amounts(number: str, text: str, new: Callable[[str], str]) -> str:
    """Return a text with `new` in the place of its numbers of a form, but of amounts: "EUR 222 to 480"."""
    every = f"{FORMS['amount'].pattern}|({number})"
    return re.sub(every, lambda match: new(match[1]) if match[1] else match[0], text)


def _share_again(policy: Policy, match: re.Match) -> str:
    """Return "12 of 248 (5%, 3% to 8%)" of rounded counts; an interval that is not Wilson's stays."""
    k, n = counting.whole(match[1]), counting.whole(match[3])
    part, people = policy.rounded(k), policy.rounded(n)
    percent, interval = f"{part / people:.0%}" if people else "–", match["interval"] or ""
    for level in LEVELS if interval and people else ():
        if _ends(k, n, level) == interval:
            interval = _ends(min(part, people), people, level)
            break
    return f"{part:,.0f}{match[2]}{people:,.0f}{match[4]}{percent}{interval}"


def _ends(part: float, people: float, level: float) -> str:
    from vbhc.statistics.tables2x2 import wilson  # here alone: what it needs is slow to load

    low, high = wilson(part, people, level)
    return f", {low:.0%} to {high:.0%}"


def _apart_again(policy: Policy, match: re.Match) -> str:
    """Return how far two rounded shares lie apart, with its interval where the policy keeps those."""
    interval = match[5] or "" if policy.keeps_intervals else ""
    return f"{match[1]}{int(match[2]) - int(match[3])}{match[4]}{interval}"


def _percent_again(policy: Policy, match: re.Match) -> str:
    """Return a percentage of a known whole, with the words around it, of rounded counts."""
    n, (start, end) = whole(match["people"]), (at - match.start() for at in match.span("percent"))
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


def masked(
    text: str, numbers: Collection[float], known: Iterable[float] = (), given: Given = lambda number: MARK
) -> str | None:
    """Return a text without some of its numbers; None where they could not be kept out of it.

    `known` numbers stand elsewhere: a percentage may be one of these. `given` says what stands instead.
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
    if min(named) < FEW and re.search(r"\d\.\d", text):
        return None
    if FORMS["spread"].search(text) or FORMS["exact"].search(text):
        return None
    wholes = {*_left(text), *(int(number) for number in known)} - secret
    # The gaps between clauses stand among these.
    new = "".join(_without(clause, secret, wholes, given) for clause in FORMS["clause"].split(text))
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

    A number goes whatever stands behind it but the name of a thing, since what a sentence counts it often
    does not say again ("of them 167 with outcome"); an amount stays.
    """
    pairs = {one * (one - 1) // half for one in secret for half in (1, 2)} - secret
    digits = "|".join(rf"{one:,}|{one}" for one in sorted(secret, reverse=True))
    digits += "".join(rf"|(?:{one:,}|{one})(?=\s+pairs\b)" for one in sorted(pairs, reverse=True))
    before = rf"(?<![\d.,~−-])(?<!\b[A-Z]{{3}} )(?!{FORMS['ends'].pattern})"
    secretly = rf"{before}(?:{digits})(?![\d%]|\.\d|,\d|{FORMS['thing'].pattern})"
    gone: set[int] = set()

    def instead(number: str) -> str:
        gone.update({whole(number)} & secret)
        return given(whole(number)) if whole(number) in secret else MARK

    shown = _but_amounts(secretly, clause, instead)
    if not gone:
        return shown
    # A share and its interval, however rounded, now and then leave one number of people only.
    every = bool(FORMS["interval"].search(clause)) or min(gone) < FEW
    clause = FORMS["apart"].sub(lambda match: f"{MARK} percentage points{match[1] or ''}", clause)

    def kept(match: re.Match) -> str:
        return f"{MARK}%" if every or _leads_to(match[1], gone, wholes) else match[0]

    return FORMS["percentage"].sub(kept, _but_amounts(secretly, clause, instead))


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
