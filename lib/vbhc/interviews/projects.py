"""Read a project that is an SQLite database: find out by its tables which program made it."""

from __future__ import annotations

from pathlib import Path

from vbhc.interviews import maxqda_file, qualcoder, taguette_file
from vbhc.interviews.archive import Limits
from vbhc.interviews.database import open_database
from vbhc.interviews.tables import Interviews, Report, fault

KNOWN = "QualCoder (data.qda), Taguette (.sqlite3) and MAXQDA (.mex) are known"


def read_database(path: Path, limits: Limits | None = None, project: str | None = None) -> Interviews:
    """Read a QualCoder folder or file, a Taguette database or a MAXQDA exchange file.

    Raises
    ------
    StudyError
        No such database, none of the known programs, damaged, or (Taguette) several projects and none named.
    """
    report = Report()
    if path.is_dir():
        path = _inside(path)
    with open_database(path, report, limits) as data:
        if data.tables >= qualcoder.TABLES:
            return qualcoder.read(data, report)
        if data.tables >= taguette_file.TABLES:
            return taguette_file.read(data, report, project)
        if data.tables >= maxqda_file.TABLES:
            return maxqda_file.read(data, report)
        found = ", ".join(sorted(data.tables)[:8]) or "none"
        raise fault(path.name, f"a database of an unknown program (tables: {found})", KNOWN)


def _inside(folder: Path) -> Path:
    path = folder / "data.qda"
    if path.is_file():
        return path
    raise fault(folder.name, "a folder without data.qda", "a QualCoder project folder (name.qda) has one")
