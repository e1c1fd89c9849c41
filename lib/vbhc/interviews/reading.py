"""Find out by what is in a file of coded interviews which program wrote it, then let its module read it."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pandas as pd

from vbhc import shipped
from vbhc.files import Limits
from vbhc.interviews import atlasti, dedoose, matrix, maxqda, plain_table, reports, stored, taguette
from vbhc.interviews import participants as interviewed
from vbhc.interviews.columns import HEADER_WITHIN, Sheet, aliases, sheets_of
from vbhc.interviews.database import is_database, open_database
from vbhc.interviews.marked import Export, interviews_of
from vbhc.interviews.refi import read_refi
from vbhc.interviews.tables import Interviews, Report, legible
from vbhc.problems import did_you_mean, fault

FOLDERS = "a QualCoder project folder (name.qda) has one; a folder of NVivo's reports has .docx or .txt files"
KNOWN = "QualCoder (data.qda), Taguette (.sqlite3), RQDA (.rqda) and MAXQDA (.mex) are known"
REPORTS = "NVivo's report of a code, or a document of Dedoose with its codes as comments"


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
        A REFI-QDA project (`.qdpx`, or a bare `.qde`); a table export (`.xlsx`, `.xls`, `.ods`, `.csv`) of
        ATLAS.ti, MAXQDA, NVivo, Dedoose or Taguette, or a plain one with participant or document, code and
        text; NVivo's report of a code (`.docx`, `.txt`, or a folder of them), a Dedoose `.docx`; a QualCoder
        project (folder or `data.qda`), a Taguette or RQDA database, a MAXQDA `.mex`.
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
    table = participants
    if isinstance(table, pd.DataFrame):
        table = interviewed.check_participants(table, key)
    elif table is not None:
        table = interviewed.read_participants(Path(table), key, limits)
    people = () if table is None else tuple(table["participant"])
    inside = sorted(path.glob("*.qde")) if path.is_dir() else []  # an unpacked .qdpx
    coded = legible(_read(inside[0] if len(inside) == 1 else path, limits, people, columns, project))
    joined = coded if table is None else interviewed.join_participants(coded, table)
    return interviewed.only_interviewed(joined)


def _read(
    path: Path, limits: Limits, people: Sequence[str], columns: Mapping[str, str] | None, project: str | None
) -> Interviews:
    report, kind = Report(), _kinds().get(path.suffix.lower(), {})
    if path.is_dir() and not (path / "data.qda").is_file():
        if (export := reports.read(path, report, limits)) is None:
            raise fault(path.name, "a folder without data.qda", FOLDERS)
        return interviews_of(export, report)
    if path.is_dir() or kind.get("read_as") == "database" or is_database(path):
        return _read_database(path / "data.qda" if path.is_dir() else path, report, limits, project)
    if kind.get("read_as") == "project":
        return read_refi(path, limits)
    if kind.get("read_as") == "table":
        return interviews_of(_read_table(path, report, limits, people, columns), report)
    if kind:
        found = f"a project that only its own program opens ({path.suffix})"
        raise fault(path.name, found, f"export it as REFI-QDA (.qdpx). {kind['instead']}")
    known = ", ".join(ending for ending, row in _kinds().items() if row["read_as"])
    raise fault(path.name, f"unknown kind of file {path.suffix!r}", f"known: {known}")


@cache
def _kinds() -> dict[str, dict[str, str]]:
    """Return by the ending of a file how it is read, or the way out where only its program opens it."""
    return {row["ending"]: row for row in shipped.rows(__file__, "kinds.csv")}


def _read_database(path: Path, report: Report, limits: Limits, project: str | None) -> Interviews:
    """Read a database of QualCoder, Taguette, RQDA or MAXQDA, told by its tables."""
    with open_database(path, report, limits) as data:
        if data.tables >= taguette.TABLES:
            return taguette.read(data, report, project)
        if data.tables >= maxqda.TABLES:
            return maxqda.read(data, report)
        for layout in stored.LAYOUTS:
            if data.tables >= set(layout["told_by"]):
                return stored.read(data, layout, report)
        names = ", ".join(sorted(data.tables)[:8]) or "none"
        raise fault(path.name, f"a database of an unknown program (tables: {names})", KNOWN)


def _read_table(
    path: Path, report: Report, limits: Limits, people: Sequence[str], columns: Mapping[str, str] | None
) -> Export:
    """Read a table of coded passages; with `columns` it is a plain one, whatever else it looks like."""
    if path.suffix.lower() in reports.SUFFIXES and not columns:
        if (text := reports.read(path, report, limits)) is not None:
            return text
        if path.suffix.lower() == ".docx":
            raise fault(path.name, "a Word document without codings", REPORTS)
    sheets = sheets_of(path, limits)
    for encoding in {sheet.encoding for sheet in sheets} - {""}:
        report.add("guessed", f"text is not UTF-8: read as {encoding}", 1, path.name)
    if columns:
        _rename(path.name, sheets, columns)
    tools = [dedoose.read, maxqda.read_table, atlasti.read]
    for read_sheets in (plain_table.read,) if columns else (*tools, plain_table.read):
        if (export := read_sheets(sheets, report)) is not None:
            return export
    export = None if columns else matrix.read(sheets, report, people)
    if export is None:
        raise plain_table.unknown(path.name, sheets)
    return export


def _rename(shown: str, sheets: list[Sheet], columns: Mapping[str, str]) -> None:
    """Put meanings in place of the headers that the caller names."""
    heads = [row for sheet in sheets for row in sheet.rows[:HEADER_WITHIN]]
    found = {cell for row in heads for cell in row}
    meanings = aliases("plain")
    for header, meaning in columns.items():
        if meaning not in meanings:
            raise fault(shown, f"no meaning {meaning!r} of a column", did_you_mean(meaning, meanings))
        if header not in found:
            raise fault(shown, f"no column {header!r}", did_you_mean(header, found - {""}))
    for row in heads:
        row[:] = [columns.get(cell, cell) for cell in row]
