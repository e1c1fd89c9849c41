"""Refuse a table of which a part was lost: rows that a stray quotation mark swallowed, lines left over."""

from pathlib import Path
from typing import Any

from vbhc.files.reading import read_table
from vbhc.files.table import Table, lines_accounted
from vbhc.problems import fault


def read_whole(path: Path, shown: str = "", **form: Any) -> Table:
    """Read one table from a file, as `read_table` with the same arguments; one that lost rows is an error."""
    table = read_table(path, shown, **form)
    check_whole(table)
    return table


def check_whole(table: Table) -> None:
    """Raise StudyError unless every line of the file became header, row, blank, skipped or part of a row.

    A quoted cell may run over several lines. If lines within it have as many fields as a row, they are rows
    rather than words: a quotation mark too many opened there, and the next one closed it.
    """
    swallowing = [span for span in table.spanning if span.like_rows]
    if swallowing:
        first = swallowing[0]
        row = table.numbers[list(table.lines).index(first.line)]
        lines = f"line {first.line} swallows the lines up to {first.line + first.lines - 1}"
        more = f" (and {len(swallowing) - 1:,} more such rows)" if len(swallowing) > 1 else ""
        found = f"a quotation mark opened in {lines}, which look like rows{more}"
        raise fault(table.file, found, 'close it, or write "" for a mark within a text', row=row)
    if (read := lines_accounted(table)) != table.n_lines:
        found = f"{read:,} of {table.n_lines:,} lines were understood"
        raise fault(table.file, found, "export it again, as .xlsx if it can be")
