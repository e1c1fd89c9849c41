"""Read an RQDA project (.rqda): an SQLite database, its tables after RQDA's own source (0.1.5 to 0.3)."""

from __future__ import annotations

from datetime import datetime

from vbhc.interviews.assemble import Project, assemble
from vbhc.interviews.cases import Case
from vbhc.interviews.codebook import code_table
from vbhc.interviews.database import Database, whole, words
from vbhc.interviews.offsets import plain_text
from vbhc.interviews.participants import typed
from vbhc.interviews.sources import Mark, Place, Source, unique_names
from vbhc.interviews.tables import Interviews, Report

TABLES = frozenset({"source", "freecode", "coding"})
R_DATE = "%a %b %d %H:%M:%S %Y"  # what R's date() writes


def read(data: Database, report: Report) -> Interviews:
    """Return the five tables; what RQDA marks as deleted stays out and is counted."""
    report.add("guessed", "tool", 1, "RQDA project")
    codes, code_of = code_table(_code_rows(data, report), report)
    sources = {}
    for row in _kept(data, report, "source", "id", "name", "file"):
        text = plain_text(words(row["file"])) if row["file"] else None
        sources[whole(row["id"])] = Source(f"source {row['id']}", _name(row), "text", text)
    unique_names(list(sources.values()), report)
    report.add("read", "text sources", len(sources))
    _codings(data, sources, report)
    cases = _cases(data, sources, report)
    for table in ("coding2", "imageCoding", "journal"):
        report.add("dropped", f"rows of {table}", len(data.rows(table, "owner")), "not used by this suite")
    project = Project(list(sources.values()), cases, {}, codes.assign(guid=""), code_of, {})
    found = assemble(project, report)
    return found._replace(
        participants=found.participants.apply(typed), segments=found.segments.assign(guid="")
    )


def _kept(data: Database, report: Report, table: str, *columns: str) -> list[dict]:
    """Return the rows that are not deleted (status 1, or none in the oldest files)."""
    rows = data.rows(table, *columns, "status")
    kept = [row for row in rows if row["status"] is None or whole(row["status"]) == 1]
    report.add("dropped", f"deleted rows of {table}", len(rows) - len(kept))
    return kept


def _name(row: dict) -> str:
    return " ".join(words(row["name"]).split()) or "(no name)"


def _code_rows(data: Database, report: Report) -> list[dict]:
    """Return categories and codes; a code in several categories stands under the first."""
    categories = {whole(r["catid"]): r for r in _kept(data, report, "codecat", "catid", "name", "memo")}
    above: dict[int | None, list[str]] = {}
    for row in _kept(data, report, "treecode", "cid", "catid"):
        if whole(row["catid"]) in categories:
            above.setdefault(whole(row["cid"]), []).append(_name(categories[whole(row["catid"])]))
    rows = [_row((_name(r),), r, f"category {key}", False) for key, r in categories.items()]
    for code in _kept(data, report, "freecode", "id", "name", "memo", "color"):
        path = (*above.get(whole(code["id"]), [])[:1], _name(code))
        rows.append(_row(path, code, f"code {whole(code['id'])}", True))
    several = sum(len(set(names)) > 1 for names in above.values())
    report.add("warning", "codes in several categories", several, "each stands under the first of them")
    return sorted(rows, key=lambda r: r["names"])


def _row(path: tuple[str, ...], row: dict, guid: str, codable: bool) -> dict:
    definition = words(row["memo"]).strip()
    return {
        "names": path,
        "definition": definition,
        "codable": codable,
        "colour": "",
        "sets": "",
        "guid": guid,
    }


def _codings(data: Database, sources: dict[int | None, Source], report: Report) -> None:
    lost = 0
    columns = ("rowid", "cid", "fid", "seltext", "selfirst", "selend", "owner", "date", "memo")
    for n, row in enumerate(_kept(data, report, "coding", *columns)):
        source = sources.get(whole(row["fid"]))
        lost += source is None
        if source is None:
            continue
        start, end = whole(row["selfirst"]), whole(row["selend"])
        place = Place(f"t{n}", start, end, comment=words(row["memo"]).strip())
        if start is None or end is None:
            place.start = place.end = None
        place.words = place.text = plain_text(words(row["seltext"])).plain
        place.codings = [Mark(f"code {whole(row['cid'])}", words(row["owner"]), _date(words(row["date"])))]
        source.places.append(place)
    report.add("dropped", "codings of a source that is not there", lost)
    notes = _kept(data, report, "annotation", "fid", "position", "annotation")
    report.add("dropped", "annotations", len(notes), "they stand at a point, not at words")


def _date(text: str) -> str:
    try:
        return datetime.strptime(" ".join(text.split()), R_DATE).isoformat()
    except ValueError:
        return text


def _cases(data: Database, sources: dict[int | None, Source], report: Report) -> list[Case]:
    """Return cases with whole files or parts of them, and attributes of files as cases without a name."""
    rows = _kept(data, report, "cases", "id", "name")
    cases = {whole(r["id"]): Case(f"case {whole(r['id'])}", _name(r)) for r in rows}
    lost = 0
    for n, row in enumerate(_kept(data, report, "caselinkage", "caseid", "fid", "selfirst", "selend")):
        case, source = cases.get(whole(row["caseid"])), sources.get(whole(row["fid"]))
        if case is None or source is None:
            lost += 1
            continue
        start, end = whole(row["selfirst"]), whole(row["selend"])
        length = len(source.text.plain) if source.text else 0
        if start is None or end is None or end <= start or (start == 0 and end >= length - 1):
            case.sources += [source.guid] * (source.guid not in case.sources)
        else:
            source.places.append(Place(f"c{n}", start, end, comment=f"said by {case.name}"))
            case.selections.append(f"c{n}")
    report.add("dropped", "parts of cases that are not there", lost)
    report.add("read", "cases", len(cases))
    return [*cases.values(), *_attributes(data, sources, cases, report)]


def _attributes(data: Database, sources: dict, cases: dict, report: Report) -> list[Case]:
    of_file: dict[int | None, Case] = {}
    unknown = 0
    for table, key in (("caseAttr", "caseID"), ("fileAttr", "fileID")):
        for row in _kept(data, report, table, "variable", "value", key):
            number, name, value = whole(row[key]), words(row["variable"]), words(row["value"]).strip()
            if table == "caseAttr":
                case = cases.get(number)
            elif number in sources:
                case = of_file.setdefault(number, Case(f"file {number}", "", sources=[sources[number].guid]))
            else:
                case = None
            unknown += case is None
            if case is not None and name and value and value != "NA":
                case.values[name] = value
    report.add("dropped", "attributes of what is not there", unknown)
    return list(of_file.values())
