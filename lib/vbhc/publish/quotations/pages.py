"""Read a finished report and name every place where an interview speaks that should not.

The door lets quotations out one by one; this looks at what came out of it. Any text of a page, a table, a
drawing or a workbook that is taken from the interviews and is no listed quotation is a fault, and so is a
name that the study lists. It needs no mark and no column name, so that a passage that slipped into a caption
or a code's comment is found too.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import pandas as pd

from vbhc.cleaning.coded_interviews import read_interviews
from vbhc.interviews.tables import Interviews
from vbhc.problems import Problem, StudyError
from vbhc.publish.quotations import published
from vbhc.publish.quotations.listed import QuotationList, read_list
from vbhc.publish.quotations.scan import named
from vbhc.study import Study

Heard = Callable[[str], list[tuple[str, str]]]  # what is wrong with a text, and what to do about it
STRETCH = 8  # words in a row that are taken for a quotation
SHORTEST = 3  # words of a passage that is looked for as a whole


@dataclass(frozen=True)
class Spoken:
    """What the interviews say and no published quotation does: stretches, and short passages as a whole."""

    stretches: frozenset[str]
    passages: frozenset[str]

    def found_in(self, text: str) -> list[str]:
        """Return what of a text is taken from the interviews, in lower case; neighbours are joined."""
        words = words_of(text)
        if " ".join(words) in self.passages:
            return [" ".join(words)]
        starts = [n for n, piece in enumerate(stretches_of(text)) if piece in self.stretches]
        runs = groupby(enumerate(starts), lambda start: start[1] - start[0])
        met = [[n for _, n in run] for _, run in runs]
        return [" ".join(words[run[0] : run[-1] + STRETCH]) for run in met]


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
    segments = map(words_of, coded.segments["text"].dropna())
    short = {" ".join(words) for words in segments if SHORTEST <= len(words) < STRETCH}
    return Spoken(frozenset(heard - may), frozenset(short - known))


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation."""
    return re.findall(r"[\w'’]+", str(text).casefold().replace("’", "'"))


def stretches_of(text: str) -> list[str]:
    """Return every run of `STRETCH` words."""
    words = words_of(text)
    return [" ".join(words[n : n + STRETCH]) for n in range(len(words) - STRETCH + 1)]


LETTER = re.compile(r"[^\W\d_]")  # neither a name nor a passage is without one
SHOWN = 12  # words of a find that a message gives


def listener(study: Study) -> tuple[list[Problem], Heard]:
    """Return why listed quotations may not be shown, and what hears the stray ones in a text of a report."""
    plan = study.config.interviews
    if plan is None or not (study.folder / plan.file).exists():
        return [], lambda text: []
    coded = read_interviews(study)
    try:
        allowed, problems = published(study, coded), []
    except StudyError as error:
        allowed, problems = pd.DataFrame({"said": []}), list(error.problems)
    spoken, listed = spoken_of(coded, allowed), read_list(study).plan
    # Most texts stand on several pages.
    return problems, cache(lambda text: list(_wrong(text, spoken, listed)))


def _wrong(text: str, spoken: Spoken, listed: QuotationList) -> Iterator[tuple[str, str]]:
    """Yield what of the interviews a text says, and what to do about it."""
    if not LETTER.search(text):
        return
    for words in spoken.found_in(text):
        start = " ".join(words.split()[:SHOWN])
        yield f"words of an interview {start!r}", "list the passage in quotations.yml, or take it out"
    for suspect in named(text, listed.names, listed.places):
        yield f"{suspect.kind} {suspect.text!r}", "quotations.yml says that it must never stand on a page"
