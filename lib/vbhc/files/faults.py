"""One line about a file that cannot be used, and the words that several kinds of files share."""

from __future__ import annotations

from vbhc.problems import Problem, StudyError

SAVE_AS = "open it in a spreadsheet program and save it as .xlsx (Excel workbook) or as .csv"
EXPORT_AGAIN = "export it again"


def fault(file: str, found: str, fix: str = "", row: int | None = None) -> StudyError:
    """Return the error that names one thing wrong with a file."""
    return StudyError([Problem(file, found, fix, row=row)])
