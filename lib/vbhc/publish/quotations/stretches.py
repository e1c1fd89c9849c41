"""Tell whether a text is taken from the interviews: runs of words, and whole short passages."""

import re
from dataclasses import dataclass

import pandas as pd

from vbhc.interviews.tables import Interviews

STRETCH = 8  # words in a row that are taken for a quotation
SHORTEST = 3  # words of a passage that is looked for as a whole


@dataclass(frozen=True)
class Spoken:
    """What the interviews say and no published quotation does: stretches, and short passages as a whole."""

    stretches: frozenset[str]
    passages: frozenset[str]

    def found_in(self, text: str) -> list[str]:
        """Return what of a text is taken from the interviews, in lower case; neighbours are joined."""
        whole = " ".join(words_of(text))
        if whole in self.passages:
            return [whole]
        found: list[str] = []
        last = -2
        for n, piece in enumerate(stretches_of(text)):
            if piece not in self.stretches:
                continue
            if n == last + 1:
                found[-1] += " " + piece.rsplit(" ", 1)[-1]
            else:
                found.append(piece)
            last = n
        return found


def spoken_of(coded: Interviews, allowed: pd.DataFrame) -> Spoken:
    """Return what may not stand on a page.

    Parameters
    ----------
    coded : Interviews
        Documents for the stretches, segments for whole short passages. A label of the code book is no
        passage, though somebody may have said the very same.
    allowed : DataFrame
        Published quotations, in `said`.
    """
    may = {piece for said in allowed["said"] for piece in stretches_of(said)}
    heard = {piece for text in coded.documents["text"].dropna() for piece in stretches_of(text)}
    known = {" ".join(words_of(text)) for text in (*allowed["said"], *coded.codes["label"].dropna())}
    short = {" ".join(words) for words in map(words_of, coded.segments["text"].dropna()) if _short(words)}
    return Spoken(frozenset(heard - may), frozenset(short - known))


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation."""
    return re.findall(r"[\w'’]+", str(text).casefold().replace("’", "'"))


def stretches_of(text: str) -> list[str]:
    """Return every run of `STRETCH` words."""
    words = words_of(text)
    return [" ".join(words[n : n + STRETCH]) for n in range(len(words) - STRETCH + 1)]


def _short(words: list[str]) -> bool:
    return SHORTEST <= len(words) < STRETCH
