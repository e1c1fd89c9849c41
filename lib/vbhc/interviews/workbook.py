"""Read a table export (.xlsx, .xls, .csv, .tsv) into text cells, trusting nothing.

A spreadsheet is a zip with XML: the limits of `archive` hold here too. Formulas are not computed, macros and
links not followed. Every cell becomes the text a CSV would hold.
"""

from __future__ import annotations

import csv
import io
import struct
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

import openpyxl

from vbhc.interviews import compound
from vbhc.interviews.archive import Limits, check_members, read_member
from vbhc.interviews.binary_workbook import Locked, read_cells
from vbhc.interviews.tables import fault
from vbhc.problems import StudyError

DELIMITERS = (",", ";", "\t", "|")
SAVE_AS = "open it in a spreadsheet program and save it as .xlsx (Excel workbook) or as .csv"
MAX_CELLS = 5_000_000


class Sheet(NamedTuple):
    """A sheet: its name and its rows of text cells ("" = empty), all of the same width."""

    name: str
    rows: list[list[str]]


class Book(NamedTuple):
    """A table file: its name, its sheets, and how it was read where that was a guess."""

    name: str
    sheets: list[Sheet]
    notes: list[str]


def read_book(path: Path, limits: Limits | None = None) -> Book:
    """Read a table file; what it is, its first bytes say, not its name.

    Raises
    ------
    StudyError
        A workbook with a password, a web page or OpenDocument sheet named as a table, a damaged or dangerous
        file, a text file that is none, too many cells, nothing in it.
    """
    limits = limits or Limits()
    if path.stat().st_size > limits.text_bytes:
        raise fault(path.name, f"larger than {limits.text_bytes:,} bytes", "split the export")
    raw = path.read_bytes()
    if raw.startswith(compound.MAGIC):
        book = _binary(path.name, raw)
    else:
        book = _workbook(path, raw, limits) if raw.startswith(b"PK") else _text(path.name, raw)
    if not any(sheet.rows for sheet in book.sheets):
        raise fault(path.name, "empty", "a header and a row per coded passage")
    return book


def _workbook(path: Path, raw: bytes, limits: Limits) -> Book:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check_xml(path.name, archive, limits)
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        left = MAX_CELLS
        sheets = []
        for sheet in book.worksheets:
            if hasattr(sheet, "reset_dimensions"):
                sheet.reset_dimensions()  # the size a file states may be wrong, or a trap
            rows = []
            for row in sheet.iter_rows(values_only=True):
                left -= len(row)
                if left < 0:
                    raise fault(path.name, f"more than {MAX_CELLS:,} cells", "split the export")
                rows.append([cell_text(value) for value in row])
            sheets.append(Sheet(sheet.title, _even(rows)))
        book.close()
    except StudyError:
        raise
    except Exception as error:  # a broken part makes the library raise almost anything
        raise fault(path.name, "not a readable .xlsx workbook", SAVE_AS) from error
    return Book(path.name, sheets, [])


def _binary(shown: str, raw: bytes) -> Book:
    """Read an old binary workbook; a new one with a password has the same first bytes."""
    try:
        container = compound.open_container(raw)
        if "encryptedpackage" in container.streams:
            raise Locked
        found = [
            Sheet(name, _even([[cell_text(value) for value in row] for row in rows]))
            for name, rows in read_cells(container, MAX_CELLS)
        ]
    except Locked as error:
        raise fault(shown, "a workbook with a password", "save it without one") from error
    except (ValueError, LookupError, struct.error) as error:
        raise fault(shown, "not a readable binary workbook (.xls)", SAVE_AS) from error
    sheets = [
        Sheet(name, _even([[cell_text(value) for value in row] for row in rows])) for name, rows in found
    ]
    return Book(shown, sheets, [])


def _check_xml(shown: str, archive: zipfile.ZipFile, limits: Limits) -> None:
    members = [m for m in archive.infolist() if not m.is_dir()]
    check_members(shown, members, limits)
    names = {m.filename for m in members}
    if "xl/workbook.xml" not in names:
        kind = "an OpenDocument file" if "mimetype" in names else "a zip file, but no .xlsx workbook"
        raise fault(shown, kind, SAVE_AS)
    left = limits.all_texts_bytes
    for member in members:
        if member.filename.lower().endswith((".xml", ".rels")):
            content = read_member(shown, archive, member, min(limits.project_bytes, left))
            left -= len(content)
            _no_doctype(shown, content)


def _no_doctype(shown: str, content: bytes) -> None:
    def refuse(*_) -> None:
        raise fault(shown, "declares a DOCTYPE or entities", "a workbook needs none; not opened")

    guard = expat.ParserCreate()
    guard.StartDoctypeDeclHandler = guard.EntityDeclHandler = refuse
    guard.Parse(content, True)


def cell_text(value: object) -> str:
    """Return a cell as text: 3.0 as "3", dates as 2023-05-31, None as "", line ends as one character."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    text = str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return text if text.isprintable() else "".join(c for c in text if c >= " " or c in "\n\t")


def _text(shown: str, raw: bytes) -> Book:
    text, notes = decode_text(shown, raw)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise fault(shown, "a web page or XML, no table", SAVE_AS)
    first = text.partition("\n")[0].strip().lower()
    if first.startswith("sep=") and len(first) == 5:  # Excel's own way to name the delimiter
        delimiter, text = text.lstrip()[4], text.partition("\n")[2]
    else:
        delimiter = max(DELIMITERS, key=lambda d: _width(text, d))
    try:
        csv.field_size_limit(max(csv.field_size_limit(), min(len(text) + 1, sys.maxsize)))
        rows = [[cell_text(c) for c in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise fault(shown, f"not readable as CSV: {error}", "export it again") from error
    return Book(shown, [Sheet("", _even(rows))], notes)


def decode_text(shown: str, raw: bytes) -> tuple[str, list[str]]:
    """Return the text and what was guessed: UTF-8, UTF-16 where a mark says so, else Windows-1252."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace"), ["text in UTF-16"]
    if b"\0" in raw:
        raise fault(shown, "holds zero bytes, so it is no text file", "export it as .xlsx or .csv")
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), ["text is not UTF-8: read as Windows-1252"]


def _width(text: str, delimiter: str) -> tuple[int, int]:
    """How well a delimiter fits: the most frequent width above one among the first rows, and its width."""
    try:
        rows = csv.reader(io.StringIO(text), delimiter=delimiter)
        widths = [len(row) for row, _ in zip((r for r in rows if r), range(50), strict=False)]
    except csv.Error:
        return 0, 0
    wide = [w for w in widths if w > 1]
    return (wide.count(widths[0]), widths[0]) if wide and widths[0] > 1 else (0, 0)


def _even(rows: list[list[str]]) -> list[list[str]]:
    """Rows of one width, without empty rows and columns at the end."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((n for row in rows for n, cell in enumerate(row, 1) if cell), default=0)
    return [(row + [""] * width)[:width] for row in rows]
