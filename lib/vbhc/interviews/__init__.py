"""Read coded interviews of any tool into five plain tables; what was guessed or dropped is said."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from vbhc.files import Limits
from vbhc.interviews.database import MAGIC
from vbhc.interviews.derived import code_counts, interview_order, labels, presence, quotations, segment_totals
from vbhc.interviews.exports import read_export
from vbhc.interviews.participants import (
    check_participants,
    join_participants,
    only_interviewed,
    read_participants,
)
from vbhc.interviews.projects import read_database
from vbhc.interviews.refi import read_refi
from vbhc.interviews.tables import Interviews, lost_codings, report_without_names
from vbhc.interviews.tables_out import write_presence, write_quotations
from vbhc.interviews.writer import write_qdc, write_qdpx
from vbhc.problems import did_you_mean, fault

__all__ = [
    "Interviews",
    "Limits",
    "code_counts",
    "groups",
    "interview_order",
    "labels",
    "lost_codings",
    "presence",
    "quotations",
    "read",
    "read_participants",
    "report_without_names",
    "segment_totals",
    "write_presence",
    "write_qdc",
    "write_qdpx",
    "write_quotations",
]

REFI = (".qdpx", ".qde", ".qdc", ".zip")
TABLES = (".xlsx", ".xlsm", ".csv", ".tsv", ".txt", ".xls", ".xlsb", ".ods", ".docx")
DATABASES = (".qda", ".sqlite3", ".sqlite", ".db", ".mex", ".mx12", ".mx18", ".mx20", ".rqda")
# Projects that only their own program opens, and the way out of it.
CLOSED = {
    (".mx22", ".mx24", ".mx26", ".mqda"): "MAXQDA: export the project as REFI-QDA Project",
    (".nvp", ".nvpx", ".nvcx"): "NVivo: Share > Export Project > REFI-QDA Project",
    (".atlproj", ".atlproj8", ".atlproj9", ".atlproj22", ".atlproj23", ".atlproj24", ".atlcb"): (
        "ATLAS.ti: File > Export > QDPX Project"
    ),
    (".hpr5", ".hpr6", ".hpr7"): "ATLAS.ti: open it in version 8 or later, then File > Export > QDPX Project",
}


def read(
    path: Path | str,
    participants: Path | str | pd.DataFrame | None = None,
    *,
    key: str = "participant",
    limits: Limits | None = None,
    columns: Mapping[str, str] | None = None,
    project: str | None = None,
) -> Interviews:
    """Read coded interviews; which tool wrote the file is found out from what is in it.

    Parameters
    ----------
    path : path
        A REFI-QDA project (`.qdpx`, or a bare `.qde`) or code book (`.qdc`); a table export (`.xlsx`, `.xls`,
        `.ods`, `.csv`) of ATLAS.ti, MAXQDA, NVivo, Dedoose or Taguette, or a plain one with participant or
        document, code and text; NVivo's report of a code (`.docx`, `.txt`, or a folder of them), a Dedoose
        `.docx`; a QualCoder project (folder or `data.qda`), a Taguette or RQDA database, a MAXQDA `.mex`.
    participants : path or DataFrame, optional
        One row per interviewee with attributes; `key` names the column with the interviewee.
    key : str
        That column. In the result it is always `participant`.
    limits : Limits, optional
        How large a project file may be.
    columns : mapping, optional
        Table exports: header in the file to its meaning, where the header is not known.
    project : str, optional
        Which project of a Taguette database with several.

    Raises
    ------
    StudyError
        With the file named: not readable, not the format, dangerous to open, or a participants table without
        its key.

    Notes
    -----
    The units are interviewees, not segments. `report` says what was read, guessed and dropped.
    """
    path, limits = Path(path), limits or Limits()
    if not path.exists():
        raise fault(path.name, "no such file", "put it in the study folder")
    table = _participants(participants, key, limits)
    path = _unpacked(path)
    suffix = path.suffix.lower()
    if path.is_dir() or suffix in DATABASES or _is_database(path):
        coded = read_database(path, limits, project)
    elif suffix in REFI:
        coded = read_refi(path, limits)
    elif suffix in TABLES:
        people = () if table is None else tuple(table["participant"])
        coded = read_export(path, limits, people, columns)
    else:
        for endings, way in CLOSED.items():
            if suffix in endings:
                found = f"a project that only its own program opens ({path.suffix})"
                raise fault(path.name, found, f"export it as REFI-QDA (.qdpx). {way}")
        known = ", ".join(REFI + TABLES + DATABASES)
        raise fault(path.name, f"unknown kind of file {path.suffix!r}", f"known: {known}")
    return only_interviewed(coded if table is None else join_participants(coded, table))


def _participants(given: Path | str | pd.DataFrame | None, key: str, limits: Limits) -> pd.DataFrame | None:
    if given is None:
        return None
    if isinstance(given, pd.DataFrame):
        return check_participants(given, key)
    return read_participants(Path(given), key, limits)


def _unpacked(path: Path) -> Path:
    """Return the project file of an unpacked `.qdpx`, any other path as it is."""
    inside = sorted(path.glob("*.qde")) if path.is_dir() else []
    return inside[0] if len(inside) == 1 else path


def _is_database(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(len(MAGIC)) == MAGIC


def groups(interviews: Interviews, column: str) -> pd.Series:
    """Return the group of each interviewee, missing where the table leaves it empty."""
    table = interviews.participants
    if column not in table:
        near = did_you_mean(column, table.columns)
        raise fault("interviews", f"no column {column!r} of interviewees", near)
    return table.set_index("participant")[column]
