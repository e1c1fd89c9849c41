"""Find out how a tool counted positions, and turn them into positions in plain Python text.

The standard says Unicode characters, yet exports count line ends as one or two, a byte-order mark or none,
UTF-16 units or UTF-8 bytes. No file says which. The wrong guess cuts quotations in the middle of words, so
every convention is tried and scored by the share of selections that begin and end at the border of a word.

Plain text and counted positions differ only at a few characters (line ends, wide characters). A `Ruler` keeps
just these, so that memory and time grow with them and not with the text.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

# code points from which a character takes one unit more
WIDER_FROM = {"characters": (0x110000,), "UTF-16 units": (0x10000,), "UTF-8 bytes": (0x80, 0x800, 0x10000)}
NEWLINES = ("as in the file", "one", "two")
POOR_FIT = 0.75  # below this score of ends the positions are in doubt
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
    """Positions of one text as one convention counts them.

    first : position counted before the first character.
    at : indexes of the plain characters that take more (or less) than one unit.
    extra : what these add, summed up from the beginning; one longer than `at`.
    length : number of plain characters.
    """

    first: int
    at: np.ndarray
    extra: np.ndarray
    length: int

    @property
    def last(self) -> int:
        """Position counted at the end of the text."""
        return self.first + self.length + int(self.extra[-1])

    def counted(self, index: np.ndarray | Sequence[int] | int) -> np.ndarray:
        """Return the position counted before a plain character."""
        place = np.asarray(index, dtype=np.int64)
        return self.first + place + self.extra[np.searchsorted(self.at, place, side="left")]

    def plain(self, position: np.ndarray | Sequence[int] | int) -> np.ndarray:
        """Return the index in the plain text (inside a wide character: its beginning)."""
        counted = np.asarray(position, dtype=np.int64)
        after = self.first + self.at + 1 + self.extra[1:]
        passed = np.searchsorted(after, counted, side="right")
        index = counted - self.first - self.extra[passed]
        if len(self.at):
            inside = self.at[np.minimum(passed, len(self.at) - 1)]
            index = np.where((passed < len(self.at)) & (index > inside), inside, index)
        return np.clip(index, 0, self.length)


def ruler(text: Text, convention: Convention) -> Ruler:
    """Return the ruler of a text under a convention."""
    return _ruler(text, _points(text), convention)


def _points(text: Text) -> np.ndarray:
    return np.frombuffer(text.plain.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _ruler(text: Text, points: np.ndarray, convention: Convention) -> Ruler:
    lines = np.flatnonzero(points == ord("\n"))
    if convention.newline == "as in the file":
        added = np.fromiter(map(len, text.ends), dtype=np.int64, count=len(text.ends)) - 1
    else:
        added = np.full(len(lines), 0 if convention.newline == "one" else 1, dtype=np.int64)
    steps = WIDER_FROM[convention.unit]
    wide = np.flatnonzero(points >= steps[0])
    widths = sum((points[wide] >= step).astype(np.int64) for step in steps)
    at, more = np.concatenate([lines[added != 0], wide]), np.concatenate([added[added != 0], widths])
    order = np.argsort(at, kind="stable")
    extra = np.concatenate([[0], np.cumsum(more[order])]).astype(np.int64)
    first = 0
    if text.bom and convention.bom:
        first = 3 if convention.unit == "UTF-8 bytes" else 1
    return Ruler(first, at[order].astype(np.int64), extra, len(points))


def _end_score(text: str, at: int, inner: int) -> float:
    """Score one end of a selection: inside a word 0, with a blank taken along `SLOPPY`, else 1."""
    if 0 < at < len(text) and _in_word(text[at - 1]) and _in_word(text[at]):
        return 0.0
    return SLOPPY if text[inner].isspace() else 1.0


def _in_word(letter: str) -> bool:
    return letter.isalnum() and (letter < "\u0e00" or not _NO_BLANKS.match(letter))


def detect(
    texts: Mapping[str, Text],
    selections: Mapping[str, Sequence[tuple[int, int]]],
    quoted: Mapping[str, Sequence[str]] | None = None,
    candidates: Sequence[Convention] = CONVENTIONS,
) -> tuple[Convention, float, tuple[Convention, ...]]:
    """Return the convention that fits best, its mean score, and the others that fit exactly as well.

    Parameters
    ----------
    texts : mapping of document to Text
    selections : mapping of document to (start, end) as the tool counted
    quoted : mapping of document to the words of each selection, "" where the file does not quote them
        Where it does, the score of a selection is whether these words stand there.
    candidates : sequence of Convention
        What is tried.

    Notes
    -----
    One tool counts in one way: the choice is made for the whole project. Between equals the order of
    `CONVENTIONS` decides, which begins with what the standard says. Ends that name the last character are
    considered only where nothing else fits.
    """
    n = sum(len(places) for places in selections.values())
    best, top, equal = _best(candidates, texts, selections, quoted)
    if n and top / n < POOR_FIT and candidates is CONVENTIONS:
        other = tuple(c._replace(inclusive=True) for c in CONVENTIONS)
        found = _best(other, texts, selections, quoted)
        if found[1] / n > top / n + 0.1:
            best, top, equal = found
    return best, top / n if n else float("nan"), equal


def _best(
    candidates: Sequence[Convention],
    texts: Mapping[str, Text],
    selections: Mapping[str, Sequence[tuple[int, int]]],
    quoted: Mapping[str, Sequence[str]] | None,
) -> tuple[Convention, float, tuple[Convention, ...]]:
    totals = dict.fromkeys(candidates, 0.0)
    for doc, places in selections.items():
        words = quoted[doc] if quoted else [""] * len(places)
        for convention, total in _totals(candidates, texts[doc], places, words).items():
            totals[convention] += total
    rounded = {c: round(total, 6) for c, total in totals.items()}
    best = max(candidates, key=lambda c: rounded[c])  # the first of equals
    equal = tuple(c for c in candidates if c != best and rounded[c] == rounded[best])
    return best, totals[best], equal


def _totals(
    candidates: Sequence[Convention], text: Text, places: Sequence[tuple[int, int]], words: Sequence[str]
) -> dict[Convention, float]:
    """Return the sum of scores of one document's places under every convention."""
    points, known = _points(text), {}
    scores: dict[tuple[int, int], float] = {}
    totals = {}
    for convention in candidates:
        found = _ruler(text, points, convention)
        key = (found.first, found.at.tobytes(), found.extra.tobytes(), convention.inclusive)
        if key not in known:
            known[key] = _total(text.plain, found, convention.inclusive, places, words, scores)
        totals[convention] = known[key]
    return totals


def _total(plain: str, found: Ruler, inclusive: bool, places, words: Sequence[str], scores: dict) -> float:
    """Sum up the scores; an end that lies inside a wide character or a line end can not be meant."""
    table = np.array(places, dtype=np.int64).reshape(-1, 2)
    table[:, 1] += inclusive
    index = found.plain(table)
    exact = (found.counted(index) == table).tolist()
    inside = (found.first <= table[:, 0]) & (table[:, 0] < table[:, 1]) & (table[:, 1] <= found.last)
    inside &= index[:, 0] < index[:, 1]
    total, index = 0.0, index.tolist()
    for n in np.flatnonzero(inside).tolist():
        start, end = index[n]
        if words[n]:
            total += plain[start:end] == words[n]
            continue
        for place, inner, fits in ((start, start, exact[n][0]), (end, end - 1, exact[n][1])):
            key = (place, inner)
            if key not in scores:
                scores[key] = _end_score(plain, place, inner) / 2
            total += scores[key] if fits else 0.0
    return total
