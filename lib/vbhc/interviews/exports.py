"""Read a table export: find out which tool wrote it by what is in it, then let that tool's module read it."""

from collections.abc import Collection, Mapping
from pathlib import Path

from vbhc.files import Limits
from vbhc.interviews import atlasti, coding_reports, dedoose, matrix, maxqda, plain_table, taguette
from vbhc.interviews.columns import HEADER_WITHIN, aliases
from vbhc.interviews.marked import Export, interviews_of
from vbhc.interviews.tables import Interviews, Report
from vbhc.interviews.workbook import Book, read_book
from vbhc.problems import did_you_mean, fault


def read_export(
    path: Path, limits: Limits, people: Collection[str] = (), columns: Mapping[str, str] | None = None
) -> Interviews:
    """Read a table of coded passages that ATLAS.ti, MAXQDA, NVivo, Dedoose, Taguette or a person wrote.

    Parameters
    ----------
    path : Path
        `.xlsx`, `.xls`, `.csv`, `.tsv`, `.txt` or `.docx`.
    people : names of interviewees known from elsewhere; they tell rows from columns in a matrix.
    columns : mapping, optional
        Header in the file to meaning (`participant, document, code, text, coder, start, end, ...`), where a
        header is in no list of known ones. The file is then read as a plain table.

    Raises
    ------
    StudyError
        Not a table, dangerous to open, or without a column for the code and for interviewee or document.
    """
    report = Report()
    if path.suffix.lower() in coding_reports.SUFFIXES and not columns:
        found = coding_reports.read(path, report, limits)
        if found is not None:
            return interviews_of(found, report)
        if path.suffix.lower() == ".docx":
            raise fault(path.name, "a Word document without codings", coding_reports.EXPECTED)
    book = read_book(path, limits)
    for note in book.notes:
        report.add("guessed", note, 1, path.name)
    if columns:
        book = _renamed(book, columns)
        return interviews_of(plain_table.read(book, report), report)
    return interviews_of(_understood(book, report, people), report)


def _understood(book: Book, report: Report, people: Collection[str]) -> Export:
    for module in (dedoose, taguette, maxqda, atlasti):
        export = module.read(book, report)
        if export is not None:
            return export
    export = plain_table.read(book, report, required=False) or matrix.read(book, report, people)
    return export or plain_table.read(book, report)


def _renamed(book: Book, columns: Mapping[str, str]) -> Book:
    """Put meanings in place of the headers that the caller names."""
    meanings = aliases("plain")
    for meaning in columns.values():
        if meaning not in meanings:
            raise fault(book.name, f"no meaning {meaning!r} of a column", did_you_mean(meaning, meanings))
    heads = [row for sheet in book.sheets for row in sheet.rows[:HEADER_WITHIN]]
    found = {cell for row in heads for cell in row}
    for header in columns:
        if header not in found:
            raise fault(book.name, f"no column {header!r}", did_you_mean(header, found - {""}))
    for row in heads:
        if any(cell in columns for cell in row):
            row[:] = [columns.get(cell, cell) for cell in row]
    return book
