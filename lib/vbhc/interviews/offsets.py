"""Find out how a tool counted positions, and turn them into positions in plain Python text.

The standard says Unicode characters, yet exports count line ends as one or two, a byte-order mark or none,
UTF-16 units or UTF-8 bytes. No file says which. The wrong guess cuts quotations in the middle of words, so
every convention is tried and scored by the share of selections that begin and end at the border of a word.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from vbhc.interviews.tables import Report

# code points from which a character takes one unit more
WIDER_FROM = {"characters": (0x110000,), "UTF-16 units": (0x10000,), "UTF-8 bytes": (0x80, 0x800, 0x10000)}
NEWLINES = ("as in the file", "one", "two")
POOR_FIT = 0.75  # below this score of ends the positions are in doubt
GOOD_FIT = 0.9  # below this score a document may count in another way than the others
FEW = 3  # places from which the way of counting of one document can be told
SLOPPY = 0.8  # the score of an end that takes a blank along: untidy, but no word is cut
_LINE_END = re.compile("\r\n|\r|\n")
# Thai, Lao, Burmese, Khmer, Japanese, Chinese: no blanks between words, so that no position can cut one
_NO_BLANKS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class Convention(NamedTuple):
    """One way of counting positions in a text."""

    unit: str = "characters"
    newline: str = "as in the file"
    bom: bool = False
    inclusive: bool = False  # the end names the last character, not the place after it

    def __str__(self) -> str:
        ends = {"one": ", line ends count one", "two": ", line ends count two"}.get(self.newline, "")
        mark = ", byte-order mark counted" if self.bom else ""
        return f"{self.unit}{ends}{mark}{', the end is the last character' if self.inclusive else ''}"


CONVENTIONS = tuple(Convention(*c) for c in itertools.product(WIDER_FROM, NEWLINES, (False, True)))


class Text(NamedTuple):
    """A source: plain text (`\\n` line ends, no byte-order mark), the line ends it had, if it had a mark."""

    plain: str
    ends: tuple[str, ...]
    bom: bool


def plain_text(raw: str) -> Text:
    """Split a decoded source into plain text and what was taken off it."""
    bom = raw.startswith("\ufeff")
    body = raw[1:] if bom else raw
    return Text(_LINE_END.sub("\n", body), tuple(_LINE_END.findall(body)), bom)


class Ruler(NamedTuple):
    """Positions of one text as one convention counts them: before each plain character, and at the end."""

    before: np.ndarray

    @property
    def length(self) -> int:
        """Number of plain characters."""
        return len(self.before) - 1

    def counted(self, index: np.ndarray | Sequence[int] | int) -> np.ndarray:
        """Return the position counted before a plain character."""
        return self.before[index]

    def plain(self, position: np.ndarray | Sequence[int] | int) -> np.ndarray:
        """Return the index in the plain text (inside a wide character: its beginning)."""
        return np.clip(np.searchsorted(self.before, position, side="right") - 1, 0, self.length)


def ruler(text: Text, convention: Convention) -> Ruler:
    """Return the ruler of a text under a convention."""
    points = np.frombuffer(text.plain.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    before = np.zeros(len(points) + 1, dtype=np.int32)
    widths = before[1:]
    widths += 1
    for step in WIDER_FROM[convention.unit]:
        widths += points >= step
    alike = {"one": 1, "two": 2}.get(convention.newline)
    widths[points == ord("\n")] = alike or list(map(len, text.ends))
    if text.bom and convention.bom:
        before[0] = 3 if convention.unit == "UTF-8 bytes" else 1
    return Ruler(np.cumsum(before, dtype=np.int32))


def _end_score(text: str, at: int, inner: int) -> float:
    """Score one end of a selection: inside a word 0, with a blank taken along `SLOPPY`, else 1."""
    if 0 < at < len(text) and _in_word(text[at - 1]) and _in_word(text[at]):
        return 0.0
    return SLOPPY if text[inner].isspace() else 1.0


def _in_word(letter: str) -> bool:
    return letter.isalnum() and (letter < "\u0e00" or not _NO_BLANKS.match(letter))


class Fit(NamedTuple):
    """The convention that fits best, its mean score, and the others that fit exactly as well."""

    best: Convention
    score: float
    equal: tuple[Convention, ...]


class Marked(NamedTuple):
    """A text, its marked places as (start, end) that the tool counted, and the words of each.

    Where the file quotes the words ("" where not), the score of a place is whether these words stand there.
    """

    text: Text
    places: list[tuple[int, int]]
    words: list[str]


def detect(scores: Iterable[Mapping[Convention, float]], n: int) -> Fit:
    """Return which convention fits `n` places best, by their scores (`score`) in each text.

    Between equals the order of `CONVENTIONS` decides, which begins with what the standard says.
    """
    totals: dict[Convention, float] = {}
    for found in scores:
        for convention, total in found.items():
            totals[convention] = totals.get(convention, 0.0) + total
    rounded = {convention: round(total, 6) for convention, total in totals.items()}
    best = max(rounded, key=lambda convention: rounded[convention])  # the first of equals
    equal = tuple(c for c in rounded if c != best and rounded[c] == rounded[best])
    return Fit(best, totals[best] / n, equal)


def score(marked: Marked, inclusive: bool = False) -> dict[Convention, float]:
    """Return the sum of scores of a text's places under every convention."""
    cache: dict[tuple[int, int], float] = {}
    tried = (convention._replace(inclusive=inclusive) for convention in CONVENTIONS)
    return {convention: _total(marked, convention, cache) for convention in tried}


def _total(marked: Marked, convention: Convention, cache: dict) -> float:
    """Sum up the scores; an end that lies inside a wide character or a line end can not be meant."""
    found = ruler(marked.text, convention)
    table = np.array(marked.places, dtype=np.int64) + np.array([0, convention.inclusive])
    index = found.plain(table)
    exact = (found.counted(index) == table).tolist()
    inside = (found.before[0] <= table[:, 0]) & (table[:, 1] <= found.before[-1])
    inside &= (table[:, 0] < table[:, 1]) & (index[:, 0] < index[:, 1])
    total, plain, ends = 0.0, marked.text.plain, index.tolist()
    for n in np.flatnonzero(inside).tolist():
        start, end = ends[n]
        if marked.words[n]:
            total += plain[start:end] == marked.words[n]
            continue
        for place, inner, fits in ((start, start, exact[n][0]), (end, end - 1, exact[n][1])):
            if (place, inner) not in cache:
                cache[place, inner] = _end_score(plain, place, inner) / 2
            total += cache[place, inner] if fits else 0.0
    return total


def conventions(marked: Mapping[str, Marked], report: Report) -> dict[str, Convention]:
    """Return how the tool counted in each document, and say what was taken and how well it fits.

    One tool counts in one way: the choice is made for the whole project, but for documents that clearly count
    in another way. Ends that name the last character are considered only where nothing else fits.
    """
    if not (n := sum(len(own.places) for own in marked.values())):
        return {}
    scores = {doc: score(own) for doc, own in marked.items()}
    fit = detect(scores.values(), n)
    if fit.score < POOR_FIT:
        ends = {doc: score(own, inclusive=True) for doc, own in marked.items()}
        other = detect(ends.values(), n)
        fit = other if other.score > fit.score + 0.1 else fit
        scores = {doc: own | ends[doc] for doc, own in scores.items()}
    quoted = any(any(own.words) for own in marked.values())
    of_what = "have the words that the file quotes" if quoted else "of the ends stand at the border of a word"
    status = "read" if len(fit.equal) == len(CONVENTIONS) - 1 else "guessed"
    report.add(status, "how positions are counted", n, f"{fit.best}; {fit.score:.0%} {of_what}")
    found = dict.fromkeys(marked, fit.best)
    for doc, own in marked.items() if fit.score < GOOD_FIT else ():
        single = detect([scores[doc]], len(own.places))
        poor = scores[doc][fit.best] / len(own.places) < POOR_FIT
        if len(own.places) >= FEW and single.score >= GOOD_FIT and poor:
            found[doc] = single.best
            detail = f"{doc}: {single.best}; {single.score:.0%}"
            report.add("guessed", "documents that count in another way", 1, detail)
    if fit.score < POOR_FIT:
        report.add("warning", "positions that cut words", n, f"only {fit.score:.0%} of the ends fit")
    return found
