"""Open a project that is an SQLite database, read-only and trusting nothing in it.

The file is opened without a lock and without the right to write; views and triggers are not run, only tables
are read; a query that takes too long is stopped.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from vbhc.files import Limits
from vbhc.interviews.tables import Report
from vbhc.problems import fault

MAGIC = b"SQLite format 3\x00"
MOST_ROWS = 1_000_000
MOST_SECONDS = 60


class Database:
    """Tables of an open database, read as rows of `{column: value}` with the columns that exist."""

    def __init__(self, connection: sqlite3.Connection, shown: str) -> None:
        self._connection = connection
        self.shown = shown
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self.tables = {str(name) for (name,) in names}

    def rows(self, table: str, *wanted: str) -> list[dict]:
        """Return the wanted columns of all rows in the order stored; None for a column that does not exist.

        A table that does not exist has no rows: tools add tables from version to version.
        """
        there = [c[1] for c in self._connection.execute(f"PRAGMA table_info({_name(table)})")]
        known = {c.casefold(): _name(c) for c in there}
        found = [w for w in wanted if w.casefold() in known]
        if table not in self.tables or not found:
            return []
        select = ", ".join(known[w.casefold()] for w in found)
        cursor = self._connection.execute(f"SELECT {select} FROM {_name(table)} LIMIT {MOST_ROWS + 1}")
        rows = [dict.fromkeys(wanted) | dict(zip(found, row, strict=True)) for row in cursor]
        if len(rows) > MOST_ROWS:
            raise fault(self.shown, f"more than {MOST_ROWS:,} rows in {table!r}", "split the project")
        return rows


def _name(name: str) -> str:
    """Return the name of a table or column as a query takes it, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def is_database(path: Path) -> bool:
    """Tell an SQLite file by its first bytes."""
    with path.open("rb") as handle:
        return handle.read(len(MAGIC)) == MAGIC


@contextmanager
def open_database(path: Path, report: Report, limits: Limits) -> Iterator[Database]:
    """Open an SQLite file for reading.

    Raises
    ------
    StudyError
        Not an SQLite file, damaged, too large, or a query that does not end.
    """
    if not is_database(path):
        raise fault(path.name, "not an SQLite database", "export the project again")
    if path.stat().st_size > limits.all_texts_bytes:
        raise fault(path.name, f"larger than {limits.all_texts_bytes:,} bytes", "split the project")
    waiting = path.with_name(path.name + "-wal")
    if waiting.is_file() and waiting.stat().st_size:
        detail = "the program that wrote the file is open: close it and read again"
        report.add("warning", "changes not yet saved in the file", 1, detail)
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            _guard(connection, limits)
            yield Database(connection, path.name)
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        raise fault(path.name, f"not a readable database: {error}", "export the project again") from error


def _guard(connection: sqlite3.Connection, limits: Limits) -> None:
    until = time.monotonic() + MOST_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > until, 100_000)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.text_bytes)
    connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
