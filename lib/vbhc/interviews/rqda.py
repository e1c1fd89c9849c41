"""Read an RQDA project (.rqda): an SQLite database, its tables after RQDA's own source (0.1.5 to 0.3)."""

from datetime import datetime

from vbhc.interviews.assemble import assemble_own
from vbhc.interviews.cases import Case
from vbhc.interviews.codebook import code_row, code_table
from vbhc.interviews.database import Database, whole, words
from vbhc.interviews.offsets import plain_text
from vbhc.interviews.sources import Mark, Place, Source, unique_names
from vbhc.interviews.stored import give_parts, give_values, put
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
    return assemble_own(sources.values(), cases, codes, code_of, report)


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
    rows = [
        code_row([_name(r)], f"category {key}", words(r["memo"]).strip(), codable=False)
        for key, r in categories.items()
    ]
    for code in _kept(data, report, "freecode", "id", "name", "memo", "color"):
        path = (*above.get(whole(code["id"]), [])[:1], _name(code))
        rows.append(code_row(path, f"code {whole(code['id'])}", words(code["memo"]).strip()))
    several = sum(len(set(names)) > 1 for names in above.values())
    report.add("warning", "codes in several categories", several, "each stands under the first of them")
    return sorted(rows, key=lambda r: r["names"])


def _codings(data: Database, sources: dict[int | None, Source], report: Report) -> None:
    columns = ("rowid", "cid", "fid", "seltext", "selfirst", "selend", "owner", "date", "memo")
    coded = enumerate(_kept(data, report, "coding", *columns))
    lost = put((sources.get(whole(row["fid"])), _place(f"t{n}", row)) for n, row in coded)
    report.add("dropped", "codings of a source that is not there", lost)
    notes = _kept(data, report, "annotation", "fid", "position", "annotation")
    report.add("dropped", "annotations", len(notes), "they stand at a point, not at words")


def _place(guid: str, row: dict) -> Place:
    place = Place(guid, whole(row["selfirst"]), whole(row["selend"]), comment=words(row["memo"]).strip())
    place.words = place.text = plain_text(words(row["seltext"])).plain
    place.codings = [Mark(f"code {whole(row['cid'])}", words(row["owner"]), _date(words(row["date"])))]
    return place


def _date(text: str) -> str:
    try:
        return datetime.strptime(" ".join(text.split()), R_DATE).isoformat()
    except ValueError:
        return text


def _cases(data: Database, sources: dict[int | None, Source], report: Report) -> list[Case]:
    """Return cases with whole files or parts of them, and attributes of files as cases without a name."""
    rows = _kept(data, report, "cases", "id", "name")
    cases = {whole(r["id"]): Case(f"case {whole(r['id'])}", _name(r)) for r in rows}
    linked = _kept(data, report, "caselinkage", "caseid", "fid", "selfirst", "selend")
    parts = (
        (f"c{n}", whole(r["caseid"]), whole(r["fid"]), whole(r["selfirst"]), whole(r["selend"]))
        for n, r in enumerate(linked)
    )
    give_parts(cases, sources, parts, report)
    values = (
        (kind, whole(row[f"{kind}ID"]), words(row["variable"]), _value(row))
        for kind in ("case", "file")
        for row in _kept(data, report, f"{kind}Attr", "variable", "value", f"{kind}ID")
    )
    return give_values(cases, sources, values, report)


def _value(row: dict) -> str:
    value = words(row["value"]).strip()
    return "" if value == "NA" else value
