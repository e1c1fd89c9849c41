"""A table export as rows of text cells: every sheet of a workbook, or the one table of a text file."""

from pathlib import Path
from typing import NamedTuple

from vbhc.files import Limits, check_whole, grid, read_sheets


class Sheet(NamedTuple):
    """A sheet: its name and its rows of text cells ("" = empty), all of the same width."""

    name: str
    rows: list[list[str]]


class Book(NamedTuple):
    """A table file: its name, its sheets, and how it was read where that was a guess."""

    name: str
    sheets: list[Sheet]
    notes: list[str]


def read_book(path: Path, limits: Limits | None = None, rows_only: bool = False) -> Book:
    """Read a table file, header and all; hidden sheets come last.

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
    sheets = [Sheet(table.sheet, grid(table)) for table in tables]
    encodings = [table.encoding for table in tables if table.encoding not in ("", "utf-8-sig")]
    return Book(path.name, sheets, [f"text is not UTF-8: read as {encoding}" for encoding in encodings])
