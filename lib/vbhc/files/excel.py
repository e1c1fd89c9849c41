"""Read a workbook of any kind (.xls .xlsx .xlsm .ods) through calamine, trusting nothing.

Formulas give their stored value; macros and links are not followed. A merged cell has its text in its first
cell, the others are empty. What calamine does not tell (errors in cells, a file cut short) the marks tell.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from vbhc.files.cells import cell_text
from vbhc.files.kinds import SAVE_AS
from vbhc.files.marks import Locked, Marks
from vbhc.files.old_excel import xls_marks
from vbhc.files.safe_zip import Limits
from vbhc.files.shape import Form, Grid, shaped
from vbhc.files.table import OtherSheet, Table
from vbhc.files.zip_excel import zip_marks
from vbhc.problems import StudyError, fault

KINDS = {".xls": "binary workbook (.xls)", ".xlsx": ".xlsx workbook", ".ods": ".ods sheet"}


class Workbook(NamedTuple):
    """An open workbook: calamine's, its sheets with cells as (index, name, hidden), their marks."""

    book: Any
    sheets: list[tuple[int, str, bool]]
    marks: list[Marks]


def read_sheet(raw: bytes, kind: str, form: Form, limits: Limits, shown: str) -> Table:
    """Read one sheet: the one named, else the first that is visible.

    Raises
    ------
    StudyError
        Damaged, cut short, dangerous, with a password, no such sheet, too many cells, or of no table's shape.
    """
    with _named_faults(shown, kind):
        workbook = _open(raw, kind, limits, shown)
        chosen = _choose(workbook, form.sheet, shown)
        grid = _grid(workbook, chosen[0], limits, shown)
    table = shaped(grid, form, shown)
    others = tuple(OtherSheet(name, hidden) for at, name, hidden in workbook.sheets if at != chosen[0])
    guessed = () if form.sheet else ("sheet",)
    return table._replace(sheet=chosen[1], hidden=chosen[2], others=others, guessed=guessed)


def read_all_sheets(raw: bytes, kind: str, form: Form, limits: Limits, shown: str) -> list[Table]:
    """Read every sheet of a workbook, hidden ones too; `form.sheet` is not looked at.

    Raises
    ------
    StudyError
        As `read_sheet`; the sheets together may have as many cells as the limits allow.
    """
    with _named_faults(shown, kind):
        workbook = _open(raw, kind, limits, shown)
        grids = []
        for at, _, _ in workbook.sheets:
            grids.append(_grid(workbook, at, limits, shown))
            limits = limits._replace(cells=limits.cells - sum(map(len, grids[-1].rows)))
    return [
        shaped(grid, form, shown)._replace(sheet=name, hidden=hidden)
        for grid, (_, name, hidden) in zip(grids, workbook.sheets, strict=True)
    ]


@contextmanager
def _named_faults(shown: str, kind: str) -> Iterator[None]:
    """Turn what a reader of damaged content raises into one line; calamine panics with a BaseException."""
    try:
        yield
    except (StudyError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        if isinstance(error, Locked) or type(error).__name__ == "PasswordError":
            raise fault(shown, "a workbook with a password", "save it without one") from error
        raise fault(shown, f"not a readable {KINDS[kind]}", SAVE_AS) from error


def _open(raw: bytes, kind: str, limits: Limits, shown: str) -> Workbook:
    marks = xls_marks(raw) if kind == ".xls" else zip_marks(raw, kind, limits, shown)
    if kind == ".ods":  # calamine lays out all its sheets at once
        for one in marks:
            _check_size(one, limits, shown)
    import python_calamine as calamine

    book = calamine.load_workbook(io.BytesIO(raw))
    found = list(enumerate(book.sheets_metadata))
    if len(found) != len(marks):
        raise ValueError("another number of sheets than the workbook lists")
    visible, cells = calamine.SheetVisibleEnum.Visible, calamine.SheetTypeEnum.WorkSheet
    sheets = [(at, one.name, one.visible != visible) for at, one in found if one.typ == cells]
    return Workbook(book, sheets, marks)


def _choose(workbook: Workbook, wanted: str, shown: str) -> tuple[int, str, bool]:
    names = [name for _, name, _ in workbook.sheets]
    if wanted and wanted not in names:
        raise fault(shown, f"no sheet {wanted!r}", f"one of: {', '.join(names)}")
    for sheet in workbook.sheets:
        if sheet[1] == wanted or not (wanted or sheet[2]):
            return sheet
    raise fault(shown, "no visible sheet with cells", f"name one under `sheet`: {', '.join(names) or 'none'}")


def _grid(workbook: Workbook, at: int, limits: Limits, shown: str) -> Grid:
    _check_size(workbook.marks[at], limits, shown)
    sheet = workbook.book.get_sheet_by_index(at)
    rows = [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in workbook.marks[at].errors.items():
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend("" for _ in range(column + 1 - len(rows[row])))
        rows[row][column] = text
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    return Grid(rows, range(1, len(rows) + 1), len(rows))


def _check_size(marks: Marks, limits: Limits, shown: str) -> None:
    if marks.height * marks.width > limits.cells:
        found = f"a sheet of {marks.height:,} rows and {marks.width:,} columns"
        raise fault(shown, found, f"at most {limits.cells:,} cells")
