"""Read the small tables of a study folder (dictionary, unit costs) as spreadsheet programs save them.

Imports no pandas: the dictionary is read before it is known whether anything has to run.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import NamedTuple

from vbhc.problems import Problem, StudyError

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and its kin; .xls


class OwnTable(NamedTuple):
    """Header and rows of a table, and whether its numbers may have a decimal comma (fields end with `;`)."""

    header: list[str]
    rows: list[dict[str | None, str | None]]
    comma: bool


def read_table(path: Path, shown: str) -> OwnTable:
    """Read a CSV whose fields end with a comma or a semicolon, in UTF-8 or Windows-1252.

    Raises
    ------
    StudyError
        For an Excel file that is only called .csv, and for what is no CSV.
    """
    raw = path.read_bytes()
    if is_workbook(raw):
        raise StudyError([excel_problem(shown)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    comma = first.count(";") > first.count(",")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if comma else ",")
    try:
        reader.fieldnames = header = [name.strip() for name in reader.fieldnames or []]
        rows = list(reader)
    except csv.Error as error:
        raise StudyError([Problem(shown, f"not readable as CSV: {error}", "export it again")]) from error
    while rows and not any(rows[-1].values()):
        rows.pop()  # spreadsheet programs leave rows of separators at the end
    return OwnTable(header, rows, comma)


def is_workbook(raw: bytes) -> bool:
    """Whether the bytes are those of an Excel workbook, whatever the file is called."""
    return raw.startswith(WORKBOOKS)


def excel_problem(shown: str) -> Problem:
    """Return the problem of an Excel workbook that is called .csv."""
    return Problem(shown, "is an Excel workbook, not a CSV", "save it as CSV UTF-8, or call it .xlsx")


def plain_number(text: str, comma: bool) -> str:
    """Return a number with a decimal point; a decimal comma is read where fields end with `;`."""
    return text.replace(",", ".") if comma and "." not in text else text
