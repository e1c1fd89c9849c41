"""Read a finished report and name every place where an interview speaks that should not.

The door lets quotations out one by one; this looks at what came out of it. Any text of a page, a table, a
drawing or a workbook that is taken from the interviews and is no listed quotation is a fault, and so is a
name that the study lists. It needs no mark and no column name, so that a passage that slipped into a caption
or a code's comment is found too.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from vbhc import files
from vbhc.cleaning.coded_interviews import read_interviews
from vbhc.problems import Problem, StudyError
from vbhc.publish.disclosure.outside import read_table
from vbhc.publish.pages.reader import read
from vbhc.publish.pages.styles import decoded, texts
from vbhc.publish.quotations import published
from vbhc.publish.quotations.listed import QuotationList, read_list
from vbhc.publish.quotations.scan import named
from vbhc.publish.quotations.stretches import Spoken, spoken_of
from vbhc.study import Study

TEXT = (".html", ".svg", ".csv", ".json", ".txt")
LETTER = re.compile(r"[^\W\d_]")  # neither a name nor a passage is without one
SHOWN = 12  # words of a find that a message gives


class Piece(NamedTuple):
    """A stretch of text of a report: where it stands, and what it says."""

    column: str
    row: int | None
    text: str


def stray(study: Study, folder: Path) -> list[Problem]:
    """Return every place of a report where the interviews speak and no listed quotation does.

    Parameters
    ----------
    study : Study
        With `interviews`; a study without any, or whose file of interviews is not here, has nothing to find.
    folder : Path
        The finished report.

    Returns
    -------
    list of Problem
        File, finding or column and row, and the words. First of all why a listed quotation may not be shown
        (no consent, a name in it, its text changed).
    """
    problems, in_file = listener(study)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return problems + [one for path in paths for one in in_file(path, folder)]


def listener(study: Study) -> tuple[list[Problem], Callable[[Path, Path], list[Problem]]]:
    """Return why listed quotations may not be shown, and what finds the stray ones in a file of a folder."""
    plan = study.config.interviews
    if plan is None or not (study.folder / plan.file).exists():
        return [], lambda path, folder: []
    coded = read_interviews(study)
    try:
        allowed, problems = published(study, coded), []
    except StudyError as error:
        allowed, problems = pd.DataFrame({"said": []}), list(error.problems)
    spoken, listed = spoken_of(coded, allowed), read_list(study)
    wrong = cache(lambda text: list(_wrong(text, spoken, listed)))  # most texts stand on several pages
    return problems, lambda path, folder: list(_in_file(path, folder, wrong))


def _in_file(
    path: Path, folder: Path, wrong: Callable[[str], list[tuple[str, str, str]]]
) -> Iterator[Problem]:
    shown = path.relative_to(folder).as_posix()
    for piece in pieces(path):
        for kind, words, fix in wrong(piece.text) if LETTER.search(piece.text) else ():
            yield Problem(shown, f"{kind} {words!r}", fix, piece.column, piece.row)


def _wrong(text: str, spoken: Spoken, listed: QuotationList) -> Iterator[tuple[str, str, str]]:
    for words in spoken.found_in(text):
        start = " ".join(words.split()[:SHOWN])
        yield "words of an interview", start, "list the passage in quotations.yml, or take it out"
    for suspect in named(text, listed.names, listed.places):
        yield suspect.kind, suspect.text, "quotations.yml says that it must never stand on a page"


def pieces(path: Path) -> Iterator[Piece]:
    """Return the texts of a file of a report, each with its place; nothing for a kind that holds no text."""
    if path.suffix == ".xlsx":
        for table in files.read_sheets(path):
            yield from _cells(files.grid(table), table.sheet)
    elif path.suffix == ".csv":
        yield from _cells(read_table(path.read_text(encoding="utf-8")))
    elif path.suffix in (".html", ".svg"):
        yield from _of_page(path)
    elif path.suffix in TEXT:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield Piece("", number, line)


def _cells(rows: list[list[str]], sheet: str = "") -> Iterator[Piece]:
    header = rows[0] if rows and not sheet else []
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            column = header[place] if number > 1 and place < len(header) else ""
            yield Piece(" ".join(filter(None, (sheet and f"sheet {sheet}", column))), number, cell)


def _of_page(path: Path) -> Iterator[Piece]:
    """The texts of a page as a browser shows them, each with the finding that it stands in or follows.

    Its listings, what its styles write and its comments count too.
    """
    content = read(path.read_text(encoding="utf-8"), path.suffix)
    for passage in (*content.passages, *content.listings):
        yield Piece(passage.place, None, passage.text)
    written = (text for style, line in content.styles for text in texts(decoded(style)))
    for text in (*written, *(words for words, _ in content.comments)):
        yield Piece("", None, text)
