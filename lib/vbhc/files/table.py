"""One table as it was read: cells, where each row stands in the file, and how the file was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from vbhc.files.cells import tidy

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class Span(NamedTuple):
    """A row whose quoted cells run over line ends.

    line : where it begins
    lines : how many lines of the file it takes
    like_rows : how many of them have as many fields as a row: more than 0 is the sign of a stray quotation
        mark that swallowed rows
    """

    line: int
    lines: int
    like_rows: int


class OtherSheet(NamedTuple):
    """A sheet of the same workbook that was not read."""

    name: str
    hidden: bool


class Table(NamedTuple):
    """A table as text cells ("" = empty); blank rows are left out and counted.

    file, sheet, hidden : the name in messages; the sheet ("" where the kind of file has none) and whether it
        is hidden
    header : column names; empty where the table was read without a header
    header_row : its row in the file, 0 = none
    rows, numbers, lines : the cells of each row; its number in a spreadsheet (a quoted cell of two lines is
        one row, a first line `sep=;` none); the line where it begins in an editor
    n_lines : lines of the file (rows of a sheet), all of which are header, rows, blank, skipped or within a
        row: see `lines_accounted`
    blank, skipped : how many blank rows there were, how many lines stood above the header or were skipped
    spanning : rows that take more than one line
    header_lines : lines that the header takes
    encoding, delimiter : of a text file, else ""
    guessed : which of "encoding", "delimiter", "sheet", "kind" nobody stated
    others : the sheets that were not read
    labels : of SPSS, Stata, SAS: "columns" `{name: label}`, "values" `{name: {value: label}}`, "missing"
    columns : the cells, in place of `rows`, where they were asked for by column
    """

    file: str
    header: list[str]
    rows: list[list[str]]
    numbers: Sequence[int]
    lines: Sequence[int]
    n_lines: int
    sheet: str = ""
    hidden: bool = False
    header_row: int = 1
    blank: int = 0
    skipped: int = 0
    spanning: Sequence[Span] = ()
    header_lines: int = 1
    encoding: str = ""
    delimiter: str = ""
    guessed: tuple[str, ...] = ()
    others: tuple[OtherSheet, ...] = ()
    labels: Mapping[str, Mapping] = {}
    columns: pa.Table | None = None


def lines_accounted(table: Table) -> int:
    """Return how many lines the header, the rows, blank and skipped lines take; all, if none was lost."""
    continued = sum(span.lines - 1 for span in table.spanning)
    return table.header_lines + len(table.numbers) + table.blank + table.skipped + continued


def notes(table: Table, settled_in: str = "") -> list[str]:
    """Say what was guessed, one line each, and which setting would settle it.

    Parameters
    ----------
    table : Table
    settled_in : str
        Where the setting stands, e.g. " in study.yml".
    """
    said = []
    if "kind" in table.guessed:
        said.append(f"{table.file}: holds plain text, whatever its name says; read as a CSV")
    if "encoding" in table.guessed and table.encoding != "utf-8-sig":
        said.append(f"{table.file}: read as {table.encoding} (guessed; `encoding`{settled_in} settles it)")
    if "delimiter" in table.guessed and table.delimiter != ",":
        name = DELIMITER_NAMES[table.delimiter]
        said.append(f"{table.file}: fields end with a {name} (guessed; `delimiter`{settled_in} settles it)")
    if "sheet" in table.guessed and table.others:
        said.append(f"{table.file}: {_which_sheet(table)} (`sheet`{settled_in} settles it)")
    return said


def _which_sheet(table: Table) -> str:
    others = ", ".join(f"{name!r}{' (hidden)' * hidden}" for name, hidden in table.others)
    which = "first visible" if any(hidden for _, hidden in table.others) else "first"
    return f"{which} of {len(table.others) + 1} sheets read, {table.sheet!r}; not read: {others}"


def records(table: Table) -> list[dict[Any, Any]]:
    """Return each row as `{header: cell}`; cells beyond the header stand under None, absent ones are "".

    For small tables that are checked row by row (`row numbers` are in `table.numbers`).
    """
    width = len(table.header)
    rows = [[*row, *[""] * (width - len(row))] for row in table.rows]
    beyond = [{None: row[width:]} if len(row) > width else {} for row in table.rows]
    return [dict(zip(table.header, row, strict=False)) | more for row, more in zip(rows, beyond, strict=True)]


def plain_number(text: str, table: Table) -> str:
    """Return a number of a table with a decimal point: a decimal comma is read where fields end with `;`."""
    return text.replace(",", ".") if table.delimiter == ";" and "." not in text else text


def grid(table: Table) -> list[list[str]]:
    """Return all rows from row 1 on, blank ones too, all of one width: for files whose header must be found.

    The table must have been read with `header_row=0`. Cells have no blanks around them and one kind of line
    ends; empty columns and rows at the end are left out.
    """
    rows: list[list[str]] = [[] for _ in range(max(table.numbers, default=0))]
    for number, row in zip(table.numbers, table.rows, strict=True):
        rows[number - 1] = [tidy(cell).strip() for cell in row]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((at for row in rows for at, cell in enumerate(row, 1) if cell), default=0)
    return [(row + [""] * width)[:width] for row in rows]


def frame(table: Table) -> pd.DataFrame:
    """Return the table as text cells with missing for empty; the index "row" is the row in the file.

    A column whose texts repeat themselves holds them as categories.
    """
    import pandas as pd
    import pyarrow as pa

    from vbhc.files.texts import as_text, read_texts

    columns = {}
    for n in range(len(table.header)):
        by_row = pa.array([row[n] for row in table.rows], pa.large_string()).dictionary_encode()
        texts = read_texts(table.columns[n] if table.columns else pa.chunked_array([by_row]))
        columns[n] = as_text(texts._replace(distinct=texts.distinct.mask(texts.distinct == "")))
    found = pd.DataFrame(columns, copy=False).set_axis(pd.Index(table.numbers, dtype="int64", name="row"))
    found.columns = pd.Index(table.header, dtype="str")
    return found
