"""Read a project that is an SQLite database or a folder: find out by what is in it which program made it."""

from pathlib import Path

from vbhc.files import Limits
from vbhc.interviews import coding_reports, maxqda_file, qualcoder, rqda, taguette_file
from vbhc.interviews.database import open_database
from vbhc.interviews.marked import interviews_of
from vbhc.interviews.tables import Interviews, Report
from vbhc.problems import fault

FOLDERS = "a QualCoder project folder (name.qda) has one; a folder of NVivo's reports has .docx or .txt files"
KNOWN = "QualCoder (data.qda), Taguette (.sqlite3), RQDA (.rqda) and MAXQDA (.mex) are known"


def read_database(path: Path, limits: Limits, project: str | None = None) -> Interviews:
    """Read a QualCoder folder or file, a Taguette or RQDA database, a MAXQDA file, or a folder of reports.

    Raises
    ------
    StudyError
        No such database, none of the known programs, damaged, or (Taguette) several projects and none named.
    """
    report = Report()
    if path.is_dir() and not (path / "data.qda").is_file():
        found = coding_reports.read_folder(path, report, limits)
        if found is None:
            raise fault(path.name, "a folder without data.qda", FOLDERS)
        return interviews_of(found, report)
    if path.is_dir():
        path = path / "data.qda"
    with open_database(path, report, limits) as data:
        if data.tables >= taguette_file.TABLES:
            return taguette_file.read(data, report, project)
        for program in (qualcoder, rqda, maxqda_file):
            if data.tables >= program.TABLES:
                return program.read(data, report)
        names = ", ".join(sorted(data.tables)[:8]) or "none"
        raise fault(path.name, f"a database of an unknown program (tables: {names})", KNOWN)
