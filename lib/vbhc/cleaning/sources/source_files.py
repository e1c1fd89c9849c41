"""Read one file of any kind an analyst holds into text cells, with the row numbers of the file itself.

Every cell stays as it was written: what "007", "1,5" and "9" mean, the dictionary says and no parser guesses.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.problems import Problem, StudyError
from vbhc.study.config import Source
from vbhc.study.own_tables import excel_problem, is_workbook

DELIMITERS = (",", ";", "\t", "|")
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
STATISTICS_READERS = {
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".por": "read_por",
    ".dta": "read_dta",
    ".sas7bdat": "read_sas7bdat",
    ".xpt": "read_xport",
}
SINGLY = 3  # so many rows of a wrong width are told one by one, more in one line
THREE_DECIMALS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")


class Reading(NamedTuple):
    """A file's cells as text (empty = missing; index "row": the header is row 1) and how it was read."""

    cells: pd.DataFrame
    notes: list[str]


def read_cells(path: Path, source: Source, known: Collection[str], shown: str) -> Reading:
    """Read a file into text cells.

    Parameters
    ----------
    path : Path
        `.csv .tsv .txt .xlsx .xls .parquet .sav .zsav .por .dta .sas7bdat .xpt`, or a `.zip` with one of the
        first three in it.
    source : Source
        Its `delimiter`, `encoding` and `sheet` are used where given; the rest is guessed and said in `notes`.
    known : collection of str
        Header names that may occur; the delimiter that finds most of them is taken.
    shown : str
        How messages name the file.

    Raises
    ------
    StudyError
        For a file that cannot be read, headers that stand twice, rows with too many or too few fields.
    """
    suffix = path.suffix.lower()
    if suffix == ".zip":
        return _text_cells(_unzip(path, source, shown), source, known, shown)
    if suffix in TEXT_SUFFIXES:
        return _text_cells(path.read_bytes(), source, known, shown)
    if suffix in (".xlsx", ".xls", ".xlsm"):
        return _excel_cells(path, source, shown)
    if suffix == ".parquet":
        return _typed_cells(pd.read_parquet(path), [])
    if suffix in STATISTICS_READERS:
        import pyreadstat

        frame, _ = getattr(pyreadstat, STATISTICS_READERS[suffix])(path)
        return _typed_cells(frame, [])
    kinds = ", ".join((*TEXT_SUFFIXES, ".zip", ".xlsx", ".parquet", *STATISTICS_READERS))
    raise StudyError([Problem(shown, f"files of kind {suffix!r} cannot be read", f"one of {kinds}")])


def decode(raw: bytes, encoding: str, shown: str) -> tuple[str, str]:
    """Return the text and the encoding used: the one given, else UTF-8 (with or without BOM), else Latin-1.

    Latin-1 is read as Windows-1252, its superset that spreadsheet programs write.
    """
    guesses = [encoding] if encoding else ["utf-8-sig", "cp1252", "latin-1"]
    if not encoding and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        guesses = ["utf-16"]
    for guess in guesses:
        try:
            return raw.decode(guess), guess
        except LookupError:
            found, fix = f"unknown encoding {encoding!r}", "utf-8, latin-1, cp1252, utf-16 or leave it out"
        except UnicodeDecodeError as error:
            row = raw[: error.start].count(b"\n") + 1
            found, fix = f"not {guess} (byte {raw[error.start]:#x} in line {row})", "another `encoding`"
    raise StudyError([Problem(shown, found, fix)])


def _unzip(path: Path, source: Source, shown: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if Path(n).suffix.lower() in TEXT_SUFFIXES]
        wanted = [n for n in names if Path(n).name == source.publisher.member] or names
        if len(wanted) != 1:
            found = f"{len(wanted)} text files in the zip: {', '.join(wanted[:5])}"
            raise StudyError([Problem(shown, found, "one, or its name under `publisher.member`")])
        return archive.read(wanted[0])


def _text_cells(raw: bytes, source: Source, known: Collection[str], shown: str) -> Reading:
    if is_workbook(raw):
        raise StudyError([excel_problem(shown)])
    text, encoding = decode(raw, source.encoding, shown)
    if "\0" in text:
        raise StudyError([Problem(shown, "holds zero bytes, so it is no text file", "export it as CSV")])
    delimiter = source.delimiter or guess_delimiter(text, known)
    notes = []
    if not source.encoding and encoding not in ("utf-8-sig",):
        notes.append(f"{shown}: read as {encoding} (guessed; `encoding` in study.yml settles it)")
    if not source.delimiter and delimiter != ",":
        name = DELIMITER_NAMES[delimiter]
        notes.append(f"{shown}: fields end with a {name} (guessed; `delimiter` in study.yml settles it)")
    header, full = _shape(text, delimiter, shown)
    cells = pd.read_csv(
        io.StringIO(text),
        sep=delimiter,
        header=0,
        names=range(len(header)),
        index_col=False,
        dtype=str,
        na_filter=False,
        skip_blank_lines=False,
    )
    cells.columns = header
    cells.index = pd.RangeIndex(2, len(cells) + 2, name="row")
    return Reading(_blank_to_missing(cells[np.array(full[1:], dtype=bool)]), notes)


def _shape(text: str, delimiter: str, shown: str) -> tuple[list[str], list[bool]]:
    """Return the header and which rows are not blank; rows of another width than the header are an error."""
    try:
        widths = [(len(row), any(row)) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
        header = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    except csv.Error as error:
        raise StudyError([Problem(shown, f"not readable as CSV: {error}", "export it again")]) from error
    header = [name.strip() for name in header]
    if not any(header):
        raise StudyError([Problem(shown, "has no header", "column names in the first row", row=1)])
    twice = sorted({name for name in header if header.count(name) > 1})
    problems = [Problem(shown, f"header {name!r} stands twice", "names that differ", row=1) for name in twice]
    expected = f"{len(header)} fields as in the header; quote fields that hold {delimiter!r}"
    ragged = {
        number: width
        for number, (width, filled) in enumerate(widths, start=1)
        if filled and width != len(header)
    }
    if len(ragged) > SINGLY:
        first, sizes = ", ".join(map(str, list(ragged)[:SINGLY])), sorted(set(ragged.values()))
        found = f"{len(ragged):,} rows, first {first}: {' or '.join(map(str, sizes[:SINGLY]))} fields"
        problems.append(Problem(shown, found, f"{expected}; is it another `delimiter`, or a decimal comma?"))
    else:
        problems += [Problem(shown, f"{width} fields", expected, row=row) for row, width in ragged.items()]
    if problems:
        raise StudyError(problems)
    return header, [filled for _, filled in widths]


def guess_delimiter(text: str, known: Collection[str]) -> str:
    """Return the delimiter under which the header holds most known names (then: most fields)."""

    def fit(delimiter: str) -> tuple[int, int]:
        header = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
        return sum(name.strip() in known for name in header), len(header)

    return max(DELIMITERS, key=fit)


def _excel_cells(path: Path, source: Source, shown: str) -> Reading:
    with pd.ExcelFile(path) as book:
        sheet = source.sheet or book.sheet_names[0]
        if sheet not in book.sheet_names:
            sheets = ", ".join(map(str, book.sheet_names))
            raise StudyError([Problem(shown, f"no sheet {sheet!r}", f"one of: {sheets}")])
        frame = pd.read_excel(book, sheet_name=sheet, dtype=object, na_filter=False)
        notes = []
        if not source.sheet and len(book.sheet_names) > 1:
            notes.append(
                f"{shown}: first of {len(book.sheet_names)} sheets read, {sheet!r} (`sheet` settles it)"
            )
    blank = [name for name in frame.columns if str(name).startswith("Unnamed:") and (frame[name] == "").all()]
    return _typed_cells(frame.drop(columns=blank), notes)


def _typed_cells(frame: pd.DataFrame, notes: list[str]) -> Reading:
    """Write typed values as text: 3.0 as "3", dates as 2023-05-31, missing as missing."""
    cells = pd.DataFrame(
        {str(name).strip(): [cell_text(value) for value in frame[name]] for name in frame.columns},
        dtype="str",
    )
    cells.index = pd.RangeIndex(2, len(cells) + 2, name="row")
    filled = cells.notna().any(axis=1)
    return Reading(_blank_to_missing(cells[filled]), notes)


def cell_text(value: object) -> str | None:
    """Return one typed value as the text that a CSV would hold (None stays None).

    A number with three decimals gets a fourth ("1.600" in a text could be thousands; a typed 1.625 cannot).
    """
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("T00:00:00", "")
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if hasattr(value, "is_integer") and value.is_integer():
        return str(int(value))
    if hasattr(value, "is_integer") and THREE_DECIMALS.fullmatch(str(value)):
        return f"{value}0"
    return str(value)


def _blank_to_missing(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.mask(cells == "")
