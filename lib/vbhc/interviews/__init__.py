"""Read coded interviews of any tool into five plain tables; what was guessed or dropped is said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vbhc.interviews.archive import Limits
from vbhc.interviews.derived import code_counts, interview_order, labels, presence, quotations, segment_totals
from vbhc.interviews.participants import check_participants, join_participants, read_participants
from vbhc.interviews.refi import read_refi
from vbhc.interviews.tables import Interviews, fault, report_sentence
from vbhc.interviews.writer import Dialect, write_presence, write_qdpx
from vbhc.problems import did_you_mean
from vbhc.study import Study

__all__ = [
    "Dialect",
    "Interviews",
    "Limits",
    "code_counts",
    "groups",
    "interview_order",
    "labels",
    "presence",
    "quotations",
    "read",
    "read_participants",
    "read_study",
    "report_sentence",
    "segment_totals",
    "write_presence",
    "write_qdpx",
]

READERS = {".qdpx": read_refi, ".qde": read_refi, ".qdc": read_refi}


def read(
    path: Path | str,
    participants: Path | str | pd.DataFrame | None = None,
    *,
    key: str = "participant",
    limits: Limits | None = None,
) -> Interviews:
    """Read coded interviews.

    Parameters
    ----------
    path : path
        A REFI-QDA project (`.qdpx`, or a bare `.qde`) or code book (`.qdc`).
    participants : path or DataFrame, optional
        One row per interviewee with attributes; `key` names the column with the interviewee.
    key : str
        That column. In the result it is always `participant`.
    limits : Limits, optional
        How large a project file may be.

    Raises
    ------
    StudyError
        With the file named: not readable, not the format, dangerous to open, or a participants table without
        its key.

    Notes
    -----
    The units are interviewees, not segments. `report` says what was read, guessed and dropped.
    """
    path = Path(path)
    if not path.is_file():
        raise fault(path.name, "no such file", "put it in the study folder")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise fault(path.name, f"unknown kind of file {path.suffix!r}", f"known: {', '.join(READERS)}")
    interviews = reader(path, limits)
    if participants is None:
        return interviews
    if isinstance(participants, pd.DataFrame):
        table = check_participants(participants, key)
    else:
        table = read_participants(Path(participants), key)
    return join_participants(interviews, table)


def read_study(study: Study, limits: Limits | None = None) -> Interviews:
    """Read the interviews that `study.yml` names, joined to its table of interviewees.

    Raises
    ------
    StudyError
        The study has no interviews, or a column that `study.yml` names (group, consent, attributes) is in
        neither file.
    """
    plan = study.config.interviews
    shown = study.shown("study.yml")
    if plan is None:
        raise fault(shown, "no `interviews`", "this study has no coded interviews")
    coded = read(study.folder / plan.file, study.folder / plan.participants, key=plan.key, limits=limits)
    known = [c for c in coded.participants if c != "participant"]
    for name in (plan.group, plan.consent, *plan.attributes):
        if name and name not in known:
            raise fault(shown, f"no column {name!r} of interviewees", did_you_mean(name, known), "interviews")
    return coded


def groups(interviews: Interviews, column: str) -> pd.Series:
    """Return the group of each interviewee, missing where the table leaves it empty."""
    table = interviews.participants
    if column not in table:
        raise fault(
            "interviews", f"no column {column!r} of interviewees", did_you_mean(column, table.columns)
        )
    return table.set_index("participant")[column]
