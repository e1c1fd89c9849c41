"""The sheets of a table export, and what their columns mean: headers differ by tool, version and language."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from vbhc import shipped
from vbhc.files import Limits, check_whole, grid, read_sheets

PERSONS = frozenset({"participant", "interviewee", "respondent", "informant", "pid", "coder", "rater"})
HEADER_WITHIN = 20  # rows above the header (a title, the date of the export) are skipped

Aliases = Mapping[str, tuple[str, ...]]


class Sheet(NamedTuple):
    """A sheet: its name, its rows of text cells ("" = empty) of one width, and a guessed encoding or ""."""

    name: str
    rows: list[list[str]]
    encoding: str = ""


def sheets_of(path: Path, limits: Limits | None = None, rows_only: bool = False) -> list[Sheet]:
    """Read a table file, header and all: every sheet of a workbook, hidden ones last, or the one table.

    With `rows_only` a cell that holds lines like rows is an error; passages of interviews may look like that.

    Raises
    ------
    StudyError
        A workbook with a password, a web page named as a table, a damaged or dangerous file, a text file that
        is none, too many cells, nothing in it.
    """
    tables = sorted(read_sheets(path, limits=limits), key=lambda table: table.hidden)
    for table in tables if rows_only else ():
        check_whole(table)
    return [Sheet(t.sheet, grid(t), "" if t.encoding == "utf-8-sig" else t.encoding) for t in tables]


class Table(NamedTuple):
    """A sheet whose header was found.

    fields : `{meaning: index of the column}`
    other : `{header: index}` of the columns without a known meaning
    rows : the filled rows under the header
    above : the cells above the header
    """

    sheet: str
    header: list[str]
    fields: dict[str, int]
    other: dict[str, int]
    rows: list[list[str]]
    above: list[str]

    def cell(self, row: list[str], field: str) -> str:
        """Return a cell by its meaning, "" where the table has no such column."""
        at = self.fields.get(field)
        return row[at] if at is not None else ""

    def column(self, field: str) -> list[str]:
        """Return the cells of a meaning, row by row."""
        return [self.cell(row, field) for row in self.rows]


@cache
def aliases(tool: str) -> Aliases:
    """Return what a tool may call the column of each meaning, from `headers.csv`, likeliest name first."""
    found: dict[str, tuple[str, ...]] = {}
    for row in shipped.rows(__file__, "headers.csv"):
        if row["tool"] == tool:
            found[row["meaning"]] = (*found.get(row["meaning"], ()), row["header"])
    return found


def plain(header: str) -> str:
    """Return a header without case, accents, punctuation and doubled blanks: "Début :" is "debut"."""
    text = unicodedata.normalize("NFKD", header.replace("ł", "l").replace("ø", "o")).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w%]+|_", " ", text).split())


def _meanings(header: list[str], aliases: Aliases) -> dict[str, int]:
    """Return `{meaning: index}`; the first alias of a meaning that occurs wins, the first such column too."""
    names = [plain(name) for name in header]
    found: dict[str, int] = {}
    for meaning, words in aliases.items():
        for word in map(plain, words):
            if word in names and names.index(word) not in found.values():
                found[meaning] = names.index(word)
                break
    return found


def find_table(sheet: Sheet, aliases: Aliases, needed: Iterable[Iterable[str]]) -> Table | None:
    """Return the sheet from its header row on, or None if no row has the needed columns.

    Parameters
    ----------
    sheet : Sheet
    aliases : mapping of meaning to headers
    needed : groups of meanings
        Of each group the header must have at least one.
    """
    groups = [set(group) for group in needed]
    for at, header in enumerate(sheet.rows[:HEADER_WITHIN]):
        fields = _meanings(header, aliases)
        if all(group & fields.keys() for group in groups):
            rows = [row for row in sheet.rows[at + 1 :] if any(row)]
            other = {name: n for n, name in enumerate(header) if name and n not in fields.values()}
            above = [cell for row in sheet.rows[:at] for cell in row if cell]
            return Table(sheet.name, header, fields, other, rows, above)
    return None


def has_own_words(table: Table) -> bool:
    """Whether the header names interviewee or coder as a person would: no coding tool's own export does."""
    return any(plain(name) in PERSONS for name in table.header)
