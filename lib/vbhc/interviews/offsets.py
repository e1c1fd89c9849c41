"""Find out how a tool counted positions, and turn them into positions in plain Python text.

The standard says Unicode characters, yet exports count line ends as one or two, a byte-order mark or none,
UTF-16 units or UTF-8 bytes. No file says which. The wrong guess cuts quotations in the middle of words, so
every convention is tried and scored by the share of selections that begin and end at the border of a word.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

# code points from which a character takes one unit more
WIDER_FROM = {"characters": (0x110000,), "UTF-16 units": (0x10000,), "UTF-8 bytes": (0x80, 0x800, 0x10000)}
NEWLINES = ("as in the file", "one", "two")
_LINE_END = re.compile("\r\n|\r|\n")


class Convention(NamedTuple):
    """One way of counting positions in a text."""

    unit: str = "characters"
    newline: str = "as in the file"
    bom: bool = False

    def __str__(self) -> str:
        ends = {"one": ", line ends count one", "two": ", line ends count two"}.get(self.newline, "")
        return f"{self.unit}{ends}{', byte-order mark counted' if self.bom else ''}"


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


def borders(text: Text, convention: Convention) -> np.ndarray:
    """Return the position that the convention counts before each plain character, and at the end."""
    points = np.frombuffer(text.plain.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    widths = 1 + sum((points >= step).astype(np.int64) for step in WIDER_FROM[convention.unit])
    at = np.flatnonzero(points == ord("\n"))
    if convention.newline == "as in the file":
        widths[at] = [len(end) for end in text.ends]
    else:
        widths[at] = 1 if convention.newline == "one" else 2
    first = 0
    if text.bom and convention.bom:
        first = 3 if convention.unit == "UTF-8 bytes" else 1
    return first + np.concatenate([[0], np.cumsum(widths)])


def to_plain(positions: Sequence[int], limits: np.ndarray) -> np.ndarray:
    """Turn counted positions into indexes of the plain text (inside a wide character: its beginning)."""
    return np.clip(np.searchsorted(limits, positions, side="right") - 1, 0, len(limits) - 1)


def score(text: str, start: int, end: int) -> float:
    """Return 1 where both ends of a selection stand at the border of a word, .5 for one, 0 for none."""
    if not 0 <= start < end <= len(text):
        return 0.0
    first = not text[start].isspace() and (
        start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    )
    last = not text[end - 1].isspace() and (
        end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum())
    )
    return (first + last) / 2


def detect(
    texts: Mapping[str, Text],
    selections: Mapping[str, Sequence[tuple[int, int]]],
    quoted: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Convention, float, tuple[Convention, ...]]:
    """Return the convention that fits best, its mean score, and the others that fit exactly as well.

    Parameters
    ----------
    texts : mapping of document to Text
    selections : mapping of document to (start, end) as the tool counted
    quoted : mapping of document to the words of each selection, "" where the file does not quote them
        Where it does, the score of a selection is whether these words stand there.

    Notes
    -----
    One tool counts in one way: the choice is made for the whole project. Between equals the order of
    `CONVENTIONS` decides, which begins with what the standard says.
    """
    totals = dict.fromkeys(CONVENTIONS, 0.0)
    n = sum(len(places) for places in selections.values())
    for doc, places in selections.items():
        text, known = texts[doc], {}
        for convention in CONVENTIONS:
            limits = borders(text, convention)
            key = limits.tobytes()
            if key not in known:
                known[key] = _score_all(text.plain, limits, places, quoted[doc] if quoted else None)
            totals[convention] += known[key]
    best = max(CONVENTIONS, key=lambda c: (round(totals[c], 6), -CONVENTIONS.index(c)))
    equal = tuple(c for c in CONVENTIONS if c != best and round(totals[c] - totals[best], 6) == 0)
    return best, totals[best] / n if n else float("nan"), equal


def _score_all(
    plain: str, limits: np.ndarray, places: Sequence[tuple[int, int]], quoted: Sequence[str] | None
) -> float:
    inside = [n for n, (s, e) in enumerate(places) if limits[0] <= s < e <= limits[-1]]
    starts = to_plain([places[n][0] for n in inside], limits)
    ends = to_plain([places[n][1] for n in inside], limits)
    total = 0.0
    for n, start, end in zip(inside, starts, ends, strict=True):
        words = quoted[n] if quoted else ""
        total += plain[start:end] == words if words else score(plain, int(start), int(end))
    return total
