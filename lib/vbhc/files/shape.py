"""Give rows of cells the shape of a table: one header, columns that differ, rows as wide as the header."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from vbhc.files.table import Span, Table
from vbhc.problems import Problem, StudyError, fault, refuse

BREAK = re.compile(r"\r\n|[\r\n]")
FEW, MANY = 3, 5  # lines that are rows whatever the first and last hold; delimiters that are no words
SINGLY = 3  # so many rows of a wrong width are told one by one, more in one line


class Form(NamedTuple):
    """How a file is to be read, as far as somebody said it.

    sheet : of a workbook; the first visible one if empty
    header_row, skip_rows : the row of the header (0: there is none, all rows are rows) and how many rows
        below it are no data (units, a second header); of text files and sheets only: the others name their
        columns apart
    encoding, delimiter : of a text file; guessed if empty
    known : header names that may occur: the delimiter that finds most of them is taken
    ragged : keep rows of another width than the header as they are; else they are an error
    by_column : where a text file has a row a line, leave `rows` empty and hold its cells in `columns`, for
        `frame`: a quarter of the memory
    """

    sheet: str = ""
    header_row: int = 1
    skip_rows: int = 0
    encoding: str = ""
    delimiter: str = ""
    known: Collection[str] = ()
    ragged: bool = False
    by_column: bool = False


GUESS = Form()


class Grid(NamedTuple):
    """All rows of a file, the line where each begins, and how many lines there are."""

    rows: list[list[str]]
    lines: Sequence[int]
    n_lines: int


def shaped(grid: Grid, form: Form, shown: str, delimiter: str = "") -> Table:
    """Return the table under the header row of a grid.

    Raises
    ------
    StudyError
        No header, headers that stand twice, columns with cells but without a header, rows of another width
        than the header (unless `form.ragged`).
    """
    at, first = form.header_row, form.header_row + form.skip_rows
    header = _header(grid, at, shown) if at else []
    filled = [n for n in range(first, len(grid.rows)) if any(grid.rows[n])]
    rows = [grid.rows[n] for n in filled]
    if at and not form.ragged:
        header, rows = _without_empty_ends(header, rows)
        _check_widths(header, rows, filled, shown, delimiter)
    if at:
        header, rows = _without_empty_columns(header, rows)
        _check_header(header, shown, at)
    ends = [*grid.lines[1:], grid.n_lines + 1]
    begin = grid.lines[first] if len(grid.rows) > first else grid.n_lines + 1
    above = grid.lines[at - 1] - 1 + begin - ends[at - 1] if at else begin - 1
    return Table(
        file=shown,
        header=header,
        rows=rows,
        numbers=[n + 1 for n in filled],
        lines=[grid.lines[n] for n in filled],
        n_lines=grid.n_lines,
        header_row=at,
        header_lines=ends[at - 1] - grid.lines[at - 1] if at else 0,
        blank=max(len(grid.rows) - first, 0) - len(filled),
        skipped=above,
        spanning=_spanning(grid, filled, at, delimiter),
        delimiter=delimiter,
    )


def _header(grid: Grid, at: int, shown: str) -> list[str]:
    header = [name.strip() for name in grid.rows[at - 1]] if len(grid.rows) >= at else []
    if not any(header):
        place = "the first row" if at == 1 else f"row {at}"
        raise fault(shown, "has no header", f"column names in {place}", row=at)
    return header


def _check_widths(
    header: list[str], rows: list[list[str]], filled: list[int], shown: str, delimiter: str
) -> None:
    ragged = {n + 1: len(row) for n, row in zip(filled, rows, strict=True) if len(row) != len(header)}
    if not ragged:
        return
    expected = f"{len(header)} fields as in the header; quote fields that hold {delimiter!r}"
    if len(ragged) <= SINGLY:
        wrong = [Problem(shown, f"{width} fields", expected, row=row) for row, width in ragged.items()]
        raise StudyError(_twice(header, shown, 1) + wrong)
    first, sizes = ", ".join(map(str, list(ragged)[:SINGLY])), sorted(set(ragged.values()))
    found = f"{len(ragged):,} rows, first {first}: {' or '.join(map(str, sizes[:SINGLY]))} fields"
    fix = f"{expected}; is it another `delimiter`, or a decimal comma?"
    raise StudyError([*_twice(header, shown, 1), Problem(shown, found, fix)])


def _without_empty_ends(header: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Cut empty fields at the end where the header, or rows, have them and the others have not."""
    named = max((n for n, name in enumerate(header, 1) if name), default=0)
    if all(len(row) == len(header) for row in rows) or any(any(row[named:]) for row in rows):
        return header, rows
    return header[:named], [row[:named] for row in rows]


def _without_empty_columns(header: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Leave out columns without a header and cells: delimiters at the end of every line, a blank column."""
    unnamed = [n for n, name in enumerate(header) if not name]
    if not (empty := {n for n in unnamed if not any(row[n] for row in rows if len(row) > n)}):
        return header, rows
    kept = [n for n in range(len(header)) if n not in empty]
    return [header[n] for n in kept], [_kept(row, kept, len(header)) for row in rows]


def _kept(row: list[str], kept: list[int], width: int) -> list[str]:
    return [row[n] for n in kept if n < len(row)] + row[width:]


def _check_header(header: list[str], shown: str, row: int) -> None:
    problems = _twice(header, shown, row)
    unnamed = [n for n, name in enumerate(header, 1) if not name]
    if len(unnamed) > 1:  # a single one may be the row names of R
        found = f"columns {', '.join(map(str, unnamed))} have cells and no header"
        problems.append(Problem(shown, found, "a name for each; is it another `header_row`?", row=row))
    refuse(problems)


def _twice(header: list[str], shown: str, row: int) -> list[Problem]:
    twice = sorted(name for name, n in Counter(header).items() if name and n > 1)
    return [Problem(shown, f"header {name!r} stands twice", "names that differ", row=row) for name in twice]


def _spanning(grid: Grid, filled: list[int], at: int, delimiter: str) -> list[Span]:
    """Return the rows that take several lines, each with how many lines of its cells look like rows.

    A row has as many fields as the header; without one, as many as most rows have.
    """
    ends = [*grid.lines[1:], grid.n_lines + 1]
    if not (taken := {n: ends[n] - grid.lines[n] for n in filled if ends[n] - grid.lines[n] > 1}):
        return []
    width = len(grid.rows[at - 1]) if at else Counter(map(len, grid.rows)).most_common(1)[0][0]
    cells = {n: grid.rows[n] if width > 1 else [] for n in taken}
    like = {n: sum(_rows_within(BREAK.split(one), width - 1, delimiter) for one in cells[n]) for n in taken}
    return [Span(grid.lines[n], taken[n], like[n]) for n in taken]


def _rows_within(lines: list[str], n: int, delimiter: str) -> int:
    """Return how many lines of a cell have as many delimiters as a row has.

    What a stray quotation mark swallowed ends in the column where it began, or the row would be too long or
    too short: the pieces on the first and the last line make one row, every line between them is one. Words
    with a comma here and there do not fit so well, unless the table is narrow and there are two lines only.
    """
    inside = [line.count(delimiter) for line in lines[1:-1] if line]
    whole, pieces = inside.count(n), lines[0].count(delimiter) + lines[-1].count(delimiter)
    if whole * 2 > len(inside) and (whole >= FEW or pieces == n):
        return whole
    return int(len(lines) == 2 and n >= MANY and pieces == n)
