"""Tables of interviewees by codes: NVivo's matrix, crosstab and framework matrix, ATLAS.ti's code-document
table, MAXQDA's code matrix, or a plain 0/1 table. They tell who raised what and how often, seldom in which
words.

NVivo numbers rows and columns ("1 : Ann", "A : worry"); ATLAS.ti adds counts ("worry Gr=3"); all but NVivo
add totals.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from vbhc.interviews.atlasti import clean_code
from vbhc.interviews.columns import aliases, plain
from vbhc.interviews.marked import Export, Passage
from vbhc.interviews.separators import levels
from vbhc.interviews.tables import Report
from vbhc.interviews.values import number, yes
from vbhc.interviews.workbook import Book, Sheet
from vbhc.problems import fault

PEOPLE_HEADERS = frozenset({*aliases("matrix")["people"], ""})
TOTALS = frozenset(aliases("matrix")["totals"])
_NUMBERED = re.compile(r"^\s*(\d+|[A-Z]{1,3})\s*:\s+(?=\S)")
_FOLDERS = re.compile(r"^(cases|nodes|codes|files|internals|themes|sentiment)\\+", re.IGNORECASE)
PEOPLE_FOLDERS = ("cases", "files", "internals")
FRAMEWORK = "NVivo framework matrix"
MOST_REFERENCES = 200_000


class Grid(NamedTuple):
    """A rectangle of numbers with the names of its rows and columns, as in the file."""

    corner: str
    rows: list[str]
    columns: list[str]
    cells: list[list[str]]


def read(book: Book, report: Report, people: Collection[str] = ()) -> Export | None:
    """Return who raised what, or None if no sheet is such a table; `people` are names known already."""
    for sheet in book.sheets:
        grid = _grid(sheet)
        if grid is None:
            continue
        tool = _tool(grid)
        if tool:
            return _counts(_without_totals(grid, report), tool, people, report)
        if plain(grid.corner) in PEOPLE_HEADERS:
            found = _presence(grid, report)
            if found:
                return found
    return None


def _grid(sheet: Sheet) -> Grid | None:
    """A header with names, a first column with names, and cells under most of which stands a number."""
    for at, header in enumerate(sheet.rows[:10]):
        below = [row for row in sheet.rows[at + 1 :] if any(row)]
        if len([h for h in header[1:] if h]) < 1 or not below or not all(row[0] for row in below):
            continue
        columns = [n for n, name in enumerate(header) if n and name]
        return Grid(
            header[0], [row[0] for row in below], [header[n] for n in columns],
            [[row[n] for n in columns] for row in below],
        )  # fmt: skip
    return None


def _tool(grid: Grid) -> str:
    """Name the tool by its marks on rows and columns; "" without any. Cells are numbers (NVivo: or words)."""
    both = [*grid.rows, *grid.columns]
    if any(number(c) is None for row in grid.cells for c in row if c):
        return FRAMEWORK if all(map(_NUMBERED.match, both)) else ""
    numbered = all(_NUMBERED.match(name) for name in both if plain(name) not in TOTALS)
    if numbered or any(map(_FOLDERS.match, both)):
        return "NVivo matrix or crosstab"
    if sum("Gr=" in name for name in both) * 2 > len(both):
        return "ATLAS.ti code-document table"
    corner = plain(grid.corner)
    if corner in {"code system", "codesystem", "codesysteem", "system kodow", "sistema de codigos"}:
        return "MAXQDA code matrix"
    if any(plain(name) in TOTALS for name in grid.rows) and any(plain(n) in TOTALS for n in grid.columns):
        return "table of codes and documents with totals"
    return ""


def _without_totals(grid: Grid, report: Report) -> Grid:
    rows = [n for n, name in enumerate(grid.rows) if plain(name) not in TOTALS]
    columns = [n for n, name in enumerate(grid.columns) if plain(name) not in TOTALS]
    left = len(grid.rows) - len(rows) + len(grid.columns) - len(columns)
    report.add("dropped", "rows and columns of totals", left)
    return Grid(
        grid.corner, [grid.rows[n] for n in rows], [grid.columns[n] for n in columns],
        [[grid.cells[r][c] for c in columns] for r in rows],
    )  # fmt: skip


def name_of(label: str) -> str:
    """Return a row's or column's name without number, folder and counts."""
    return clean_code(_FOLDERS.sub("", _NUMBERED.sub("", label)))


def _counts(grid: Grid, tool: str, people: Collection[str], report: Report) -> Export:
    by_rows, why = _people_in_rows(grid, tool, people)
    rows, columns = [name_of(n) for n in grid.rows], [name_of(n) for n in grid.columns]
    report.add("guessed", "who is in the rows", 1, f"{'interviewees' if by_rows else 'codes'}: {why}")
    who, codes = (rows, columns) if by_rows else (columns, rows)
    groups = [name for name in (*rows, *columns) if " = " in name]
    if groups:
        found = f"columns or rows are groups, not interviewees: {groups[0]!r}"
        raise fault("NVivo table", found, "run the query with the cases themselves, without attribute values")
    cells = grid.cells if by_rows else [list(c) for c in zip(*grid.cells, strict=True)]
    separator = "\\" if tool.startswith("NVivo") and any("\\" in c for c in codes) else " > "
    if separator == "\\":
        who = [name.split("\\")[-1] for name in who]
    paths = [levels(code, separator) for code in codes]
    passages, fractions, total, summaries = [], 0, 0, 0
    for person, row in zip(who, cells, strict=True):
        for path, cell in zip(paths, row, strict=True):
            value = number(cell) or 0
            if tool == FRAMEWORK and cell and number(cell) is None:
                summaries += 1
                passages.append(Passage("", person, (path,), cell, place=f"{path}"))
                continue
            fractions += value != int(value)
            n = int(value) if value == int(value) else 1
            total += max(n, 0)
            if total > MOST_REFERENCES:
                found = f"cells that add up to more than {MOST_REFERENCES:,}"
                raise fault("interviews", found, "counts of passages")
            passages += [Passage("", person, (path,), place=f"{path}|{i}") for i in range(n)]
    report.add("guessed", "cells with a share instead of a count", fractions, "taken as one passage each")
    report.add("guessed", "cells with words", summaries, "a summary or passages: taken as one passage each")
    detail = "no words; a passage with two codes is counted once for each"
    report.add("warning", "passages known by their number only", len(passages) - summaries, detail)
    return Export(tool, passages, codes=dict.fromkeys(paths, ""), people=tuple(dict.fromkeys(who)))


def _folder(label: str) -> int:
    """Tell from the folder of a name what it is: 1 = a person, -1 = a code, 0 = it names no folder."""
    match = _FOLDERS.match(_NUMBERED.sub("", label))
    if match is None:
        return 0
    return 1 if match[1].casefold() in PEOPLE_FOLDERS else -1


def _people_in_rows(grid: Grid, tool: str, people: Collection[str]) -> tuple[bool, str]:
    known = set(people)

    def is_known(label: str) -> bool:
        name = name_of(label)
        return bool(known & {name, *re.split(r"[\s_.,()\\-]+", name)})

    evidence = {is_known: "names of the table of interviewees", _folder: "folders of the names"}
    for tells, why in evidence.items():
        rows, columns = (sum(map(tells, names)) for names in (grid.rows, grid.columns))
        if rows != columns:
            return rows > columns, why
    if not tool.startswith("NVivo"):
        return False, "as this tool lays it out"
    return True, "cases in the rows, as usual; name the interviewees in a participants table to be sure"


def _marks(cells: list[str]) -> bool:
    """Whether a column says yes or no of everybody, or puts an x where something was raised."""
    words = {cell.casefold() for cell in cells}
    return words <= {"0", "1", "true", "false"} or "x" in words <= {"x", ""}


def _presence(grid: Grid, report: Report) -> Export | None:
    """A plain table of 0 and 1, or x and nothing; other columns are attributes of the interviewees."""
    columns = {name: [row[n] for row in grid.cells] for n, name in enumerate(grid.columns)}
    codes = {name: [yes(c) for c in cells] for name, cells in columns.items() if _marks(cells)}
    if not codes or len(set(grid.rows)) < len(grid.rows):
        return None
    paths = {name: levels(name) for name in codes}
    passages = [
        Passage("", person, (paths[name],), place=name)
        for n, person in enumerate(grid.rows)
        for name in codes
        if codes[name][n]
    ]
    attributes = [
        (person, name, cells[n])
        for name, cells in columns.items()
        if name not in codes
        for n, person in enumerate(grid.rows)
    ]
    report.add("warning", "passages known by their number only", len(passages), "0/1: at least one each")
    own = {path: name for name, path in paths.items()}
    return Export(
        "0/1 table of interviewees and codes", passages, attributes,
        dict.fromkeys(paths.values(), ""), own, tuple(grid.rows),
    )  # fmt: skip
