"""Dates as people and spreadsheets write them, turned into ISO where only one reading is possible."""

from collections.abc import Sequence
from datetime import datetime

from vbhc.interviews.tables import Report

_DAYS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d", "%d.%m.%y", "%m/%d/%y", "%d/%m/%y")
_TIMES = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", ", %H:%M:%S", ", %H:%M")


def iso_dates(cells: Sequence[str], report: Report) -> list[str]:
    """Return the dates of one column as ISO text; "" for an empty cell and for what cannot be told.

    ISO dates stay. Of the other formats one is taken if it alone reads every cell: 3/4/2024 in a column where
    no day is above 12 may be March or April, so such a column is dropped, and the report says so.
    """
    other = sorted({cell for cell in cells if cell and not _is_iso(cell)})
    if not other:
        return list(cells)
    readings: dict[tuple[str, ...], str] = {}
    for day in _DAYS:
        for time in _TIMES:
            read = _read(other, day + time)
            if read is not None:
                readings.setdefault(read, day + time)
    n = sum(cell in set(other) for cell in cells)
    if len(readings) != 1:
        found = "more than one reading" if readings else "no known format"
        report.add("dropped", "dates of codings", n, f"{found}: {other[0]!r}")
        return [cell if _is_iso(cell) else "" for cell in cells]
    (read, form), *_ = readings.items()
    report.add("guessed", "format of dates", n, f"{form}: {other[0]!r} is {read[0]}")
    known = dict(zip(other, read, strict=True))
    return [known.get(cell, cell) for cell in cells]


def _is_iso(cell: str) -> bool:
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True


def _read(cells: list[str], form: str) -> tuple[str, ...] | None:
    try:
        return tuple(datetime.strptime(cell, form).isoformat() for cell in cells)
    except ValueError:
        return None
