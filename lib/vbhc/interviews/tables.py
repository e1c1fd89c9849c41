"""The five tables that every import of interviews ends in, and the report of what happened on the way."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from vbhc.files.cells import NO_CHARACTERS

COLUMNS = {
    "documents": ["doc", "participant", "kind", "n_chars", "text"],
    "codes": ["code", "parent", "label", "path", "theme", "definition", "sets", "codable", "colour", "guid"],
    "segments": ["seg", "doc", "participant", "start", "end", "text", "comment", "guid"],
    "codings": ["seg", "code", "coder", "when"],
    "report": ["status", "item", "n", "detail"],
}
NAMED = "not shown: it names people"
EXPORT = "export"  # kind of a document of which only the marked places are known
STATUSES = ("read", "guessed", "dropped", "warning")


class Interviews(NamedTuple):
    """Coded interviews.

    participants : one row per interviewee: `participant`, then attributes.
    documents : one row per source in interview order: `doc, participant, kind, n_chars, text`.
    codes : one row per code or category: `code, parent, label, path, theme, definition, sets, codable,
        colour, guid`. `code` is unique; `theme` is the topmost ancestor.
    segments : one row per marked place: `seg, doc, participant, start, end, text, comment, guid`. Positions
        count Unicode characters of `documents.text` (line ends are one character, no byte-order mark); of
        a document whose text the export lacks (`kind` "export") they are the tool's own.
        `seg` numbers the marked places in file order.
    codings : one row per segment, code and coder: `seg, code, coder, when`. Many codes per segment.
    report : what was read, guessed, dropped or looks odd: `status, item, n, detail`.
    left_out : people of the table or of cases who were not interviewed: like `participants`.
    """

    participants: pd.DataFrame
    documents: pd.DataFrame
    codes: pd.DataFrame
    segments: pd.DataFrame
    codings: pd.DataFrame
    report: pd.DataFrame
    left_out: pd.DataFrame = pd.DataFrame(columns=["participant"])

    @property
    def lists_sources(self) -> bool:
        """Whether the file names every interview, also one without a code; a table of passages does not."""
        return bool((self.documents["kind"] != EXPORT).any())


class Report:
    """Collects lines of the import report while a file is read; what is noted again is counted together."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], int] = {}

    def add(self, status: str, item: str, n: int = 1, detail: str = "") -> None:
        """Note one line; a count of nothing is only worth saying for what was read."""
        if n or status == "read":
            line = (status, item, detail)
            self._counts[line] = self._counts.get(line, 0) + int(n)

    def frame(self) -> pd.DataFrame:
        """Return the report, read before guessed before dropped before odd."""
        lines = sorted(self._counts.items(), key=lambda line: STATUSES.index(line[0][0]))
        rows = [(status, item, n, detail) for (status, item, detail), n in lines]
        return pd.DataFrame(rows, columns=COLUMNS["report"])


def frame(table: str, rows: Iterable[dict] = ()) -> pd.DataFrame:
    """Return rows as one of the tables, which has its columns even when it has no rows."""
    return pd.DataFrame(list(rows), columns=COLUMNS[table])


def legible(interviews: Interviews) -> Interviews:
    """Return texts with U+FFFD for codes of no character (`files.cells.NO_CHARACTERS`): positions stay."""
    named = (table.rename(columns=lambda name: str(name).translate(NO_CHARACTERS)) for table in interviews)
    codes = f"[{''.join(map(chr, NO_CHARACTERS))}]"
    return Interviews(*(table.replace(codes, "\ufffd", regex=True) for table in named))


LOST = (
    "codings with a code that is not in the code book",
    "codings of a source that is not there",
    "references of cases to sources that are not there",
)


def lost_codings(interviews: Interviews) -> list[str]:
    """Return what the file names and does not hold: "457 codings of a source that is not there"."""
    sums = interviews.report[interviews.report["status"] == "dropped"].groupby("item", sort=False)["n"].sum()
    return [f"{n:,} {item}" for item, n in sums.items() if item in LOST and n]


def report_without_names(interviews: Interviews) -> pd.DataFrame:
    """Return the report for readers: a detail that holds an interviewee's or document's name is left out."""
    named = {*interviews.participants["participant"], *interviews.documents["doc"]}
    names = "|".join(re.escape(str(name)) for name in named if str(name))
    report = interviews.report.copy()
    if names:  # as a word or words of its own
        report.loc[report["detail"].str.contains(rf"(?<!\w)(?:{names})(?!\w)"), "detail"] = NAMED
    return report
