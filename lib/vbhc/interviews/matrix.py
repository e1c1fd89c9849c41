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
from vbhc.interviews.cells import levels, number, yes
from vbhc.interviews.columns import Sheet, aliases, plain
from vbhc.interviews.marked import Export, Passage
from vbhc.interviews.tables import Report
from vbhc.problems import fault

PEOPLE_HEADERS = frozenset({*aliases("matrix")["people"], ""})
TOTALS = frozenset(aliases("matrix")["totals"])
_NUMBERED = re.compile(r"^\s*(\d+|[A-Z]{1,3})\s*:\s+(?=\S)")
_FOLDERS = re.compile(r"^(cases|nodes|codes|files|internals|themes|sentiment)\\+", re.IGNORECASE)
FRAMEWORK = "NVivo framework matrix"
CODE_SYSTEM = {"code system", "codesystem", "codesysteem", "system kodow", "sistema de codigos"}
MOST_REFERENCES = 200_000


class Grid(NamedTuple):
    """A rectangle of numbers with the names of its rows and columns, as in the file; totals are taken off.

    totals : how many rows and how many columns of totals there were.
    """

    corner: str
    rows: list[str]
    columns: list[str]
    cells: list[list[str]]
    totals: tuple[int, int]


def read(sheets: list[Sheet], report: Report, people: Collection[str] = ()) -> Export | None:
    """Return who raised what, or None if no sheet is such a table; `people` are names known already."""
    for sheet in sheets:
        if (grid := _grid(sheet)) is None:
            continue
        if tool := _tool(grid):
            return _counts(grid, tool, people, report)
        found = _presence(grid, report) if plain(grid.corner) in PEOPLE_HEADERS else None
        if found:
            return found
    return None


def _grid(sheet: Sheet) -> Grid | None:
    """A header with names, and a first column with names under it."""
    for at, header in enumerate(sheet.rows[:10]):
        below = [row for row in sheet.rows[at + 1 :] if any(row)]
        named = [n for n, name in enumerate(header) if n and name]
        if named and below and all(row[0] for row in below):
            rows = [row for row in below if plain(row[0]) not in TOTALS]
            columns = [n for n in named if plain(header[n]) not in TOTALS]
            cells = [[row[n] for n in columns] for row in rows]
            totals = (len(below) - len(rows), len(named) - len(columns))
            return Grid(header[0], [row[0] for row in rows], [header[n] for n in columns], cells, totals)
    return None


def _tool(grid: Grid) -> str:
    """Name the tool by its marks on rows and columns; "" without any. Cells are numbers (NVivo: or words)."""
    both = [*grid.rows, *grid.columns]
    if any(number(c) is None for row in grid.cells for c in row if c):
        return FRAMEWORK if all(map(_NUMBERED.match, both)) else ""
    if all(map(_NUMBERED.match, both)) or any(map(_FOLDERS.match, both)):
        return "NVivo matrix or crosstab"
    if sum("Gr=" in name for name in both) * 2 > len(both):
        return "ATLAS.ti code-document table"
    if plain(grid.corner) in CODE_SYSTEM:
        return "MAXQDA code matrix"
    return "table of codes and documents with totals" if all(grid.totals) else ""


def name_of(label: str) -> str:
    """Return a row's or column's name without number, folder and counts."""
    return clean_code(_FOLDERS.sub("", _NUMBERED.sub("", label)))


def _counts(grid: Grid, tool: str, people: Collection[str], report: Report) -> Export:
    report.add("dropped", "rows and columns of totals", sum(grid.totals))
    by_rows, why = _people_in_rows(grid, tool, people)
    report.add("guessed", "who is in the rows", 1, f"{'interviewees' if by_rows else 'codes'}: {why}")
    rows, columns = [name_of(n) for n in grid.rows], [name_of(n) for n in grid.columns]
    if groups := [name for name in (*rows, *columns) if " = " in name]:
        found = f"columns or rows are groups, not interviewees: {groups[0]!r}"
        raise fault("NVivo table", found, "run the query with the cases themselves, without attribute values")
    cells = grid.cells if by_rows else [list(c) for c in zip(*grid.cells, strict=True)]
    who, codes = (rows, columns) if by_rows else (columns, rows)
    separator = " > "
    if tool.startswith("NVivo") and any("\\" in code for code in codes):
        separator, who = "\\", [name.split("\\")[-1] for name in who]
    paths = [levels(code, separator) for code in codes]
    passages: list[Passage] = []
    for person, row in zip(who, cells, strict=True):
        for path, cell in zip(paths, row, strict=True):
            passages += _passages(person, path, cell, tool, report)
            if len(passages) > MOST_REFERENCES:
                found = f"cells that add up to more than {MOST_REFERENCES:,}"
                raise fault("interviews", found, "counts of passages")
    detail = "no words; a passage with two codes is counted once for each"
    report.add("warning", "passages known by their number only", sum(not p.text for p in passages), detail)
    return Export(tool, passages, dict.fromkeys(paths, ""), people={name: {} for name in who})


def _passages(person: str, path: tuple[str, ...], cell: str, tool: str, report: Report) -> list[Passage]:
    """Return the passages of one cell: as many as it counts, or one for its words or its share."""
    value = number(cell)
    if tool == FRAMEWORK and cell and value is None:
        report.add("guessed", "cells with words", 1, "a summary or passages: taken as one passage each")
        return [Passage("", person, (path,), cell, place=f"{path}")]
    n = min(value or 0, MOST_REFERENCES + 1)
    if n != int(n):
        report.add("guessed", "cells with a share instead of a count", 1, "taken as one passage each")
        n = 1
    return [Passage("", person, (path,), place=f"{path}|{i}") for i in range(int(n))]


def _folder(label: str) -> int:
    """Tell from the folder of a name what it is: 1 = a person, -1 = a code, 0 = it names no folder."""
    if (match := _FOLDERS.match(_NUMBERED.sub("", label))) is None:
        return 0
    return 1 if match[1].casefold() in ("cases", "files", "internals") else -1


def _people_in_rows(grid: Grid, tool: str, people: Collection[str]) -> tuple[bool, str]:
    known = set(people)

    def is_known(label: str) -> bool:
        return bool(known & {name_of(label), *re.split(r"[\s_.,()\\-]+", name_of(label))})

    evidence = {is_known: "names of the table of interviewees", _folder: "folders of the names"}
    for tells, why in evidence.items():
        rows, columns = (sum(map(tells, names)) for names in (grid.rows, grid.columns))
        if rows != columns:
            return rows > columns, why
    if not tool.startswith("NVivo"):
        return False, "as this tool lays it out"
    return True, "cases in the rows, as usual; name the interviewees in a participants table to be sure"


def _presence(grid: Grid, report: Report) -> Export | None:
    """A plain table of 0 and 1, or x and nothing; other columns are attributes of the interviewees."""
    columns = dict(zip(grid.columns, zip(*grid.cells, strict=True), strict=True))
    codes = {name: levels(name) for name, cells in columns.items() if _marks(cells)}
    if not codes or len(set(grid.rows)) < len(grid.rows):
        return None
    passages = [
        Passage("", person, (path,), place=name)
        for n, person in enumerate(grid.rows)
        for name, path in codes.items()
        if yes(columns[name][n])
    ]
    about = {
        person: {name: cells[n] for name, cells in columns.items() if name not in codes}
        for n, person in enumerate(grid.rows)
    }
    report.add("warning", "passages known by their number only", len(passages), "0/1: at least one each")
    own = {path: name for name, path in codes.items()}
    return Export("0/1 table of interviewees and codes", passages, dict.fromkeys(own, ""), own, about)


def _marks(cells: Collection[str]) -> bool:
    """Whether a column says yes or no of everybody, or puts an x where something was raised."""
    found = {cell.casefold() for cell in cells}
    return found <= {"0", "1", "true", "false"} or "x" in found <= {"x", ""}
