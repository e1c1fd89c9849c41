"""Read a QualCoder project: the folder `name.qda`, or the SQLite file `data.qda` in it."""

from __future__ import annotations

from collections import Counter

from vbhc.interviews.assemble import Project, assemble
from vbhc.interviews.cases import Case
from vbhc.interviews.codebook import code_table
from vbhc.interviews.database import Database, whole, words
from vbhc.interviews.offsets import plain_text
from vbhc.interviews.participants import typed
from vbhc.interviews.sources import Mark, Place, Source, unique_names
from vbhc.interviews.tables import Interviews, Report

TABLES = frozenset({"source", "code_name", "code_text"})
MEDIA = {"images": "picture", "audio": "audio", "video": "video", "docs": "text"}
DEEPEST = 100


def read(data: Database, report: Report) -> Interviews:
    """Return the five tables: the tree of categories and codes, cases with attributes, every coder."""
    report.add("guessed", "tool", 1, "QualCoder project")
    rows = _code_rows(data, report)
    codes, code_of = code_table(rows, report)
    sources = _sources(data)
    _codings(data, sources, report)
    unique_names(list(sources.values()), report)
    cases = _cases(data, sources, report)
    n = len(data.rows("journal", "jid"))
    report.add("dropped", "journals", n, "not used by this suite")
    for kind, count in sorted(Counter(s.kind for s in sources.values()).items()):
        report.add("read", f"{kind} sources", count)
    project = Project(list(sources.values()), cases, {}, codes.assign(guid=""), code_of, {})
    found = assemble(project, report)
    return found._replace(
        participants=found.participants.apply(typed), segments=found.segments.assign(guid="")
    )


def _code_rows(data: Database, report: Report) -> list[dict]:
    """Return categories and codes, parents before children."""
    nodes: dict[str, dict] = {}
    for row in data.rows("code_cat", "catid", "name", "memo", "supercatid"):
        nodes[f"category {row['catid']}"] = row | {"above": _key("category", row["supercatid"])}
    for row in data.rows("code_name", "cid", "name", "memo", "catid", "supercid", "color"):
        above = _key("code", row["supercid"]) or _key("category", row["catid"])
        nodes[f"code {row['cid']}"] = row | {"above": above}
    rows = []
    lost = 0
    for key, node in nodes.items():
        names, at = [], key
        while at and len(names) < DEEPEST:
            names.append(" ".join(words(nodes[at]["name"]).split()) or "(no name)")
            above = nodes[at]["above"]
            lost += bool(above) and above not in nodes
            at = above if above in nodes else ""
        rows.append(
            {
                "names": tuple(reversed(names)),
                "definition": words(node["memo"]).strip(),
                "codable": key.startswith("code"),
                "colour": words(node.get("color")),
                "sets": "",
                "guid": key,
            }
        )
    report.add("warning", "categories that are not there", lost, "what lay under them stands on top")
    return sorted(rows, key=lambda r: r["names"])


def _key(kind: str, number: object) -> str:
    return f"{kind} {number}" if number is not None else ""


def _sources(data: Database) -> dict[int | None, Source]:
    sources = {}
    for row in data.rows("source", "id", "name", "fulltext", "mediapath"):
        folder = words(row["mediapath"]).strip("/").partition("/")[0].partition(":")[0]
        text = plain_text(words(row["fulltext"])) if row["fulltext"] else None
        kind = "pdf" if words(row["name"]).lower().endswith(".pdf") else MEDIA.get(folder, "text")
        number = whole(row["id"])
        sources[number] = Source(f"source {number}", " ".join(words(row["name"]).split()), kind, text)
    return sources


def _codings(data: Database, sources: dict[int | None, Source], report: Report) -> None:
    """Put codings and annotations into their sources; the same words coded twice are one place later."""
    lost = 0
    columns = ("ctid", "cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo")
    for row in data.rows("code_text", *columns):
        source = sources.get(whole(row["fid"]))
        lost += source is None
        if source is not None:
            place = Place(
                f"t{row['ctid']}", whole(row["pos0"]), whole(row["pos1"]), comment=words(row["memo"])
            )
            place.words = plain_text(words(row["seltext"])).plain
            place.text = place.words
            if place.end is None:
                place.start = None
            place.codings = [_mark(row)]
            source.places.append(place)
    for table, key, file in (("code_image", "imid", "id"), ("code_av", "avid", "id")):
        rows = data.rows(table, key, file, "cid", "owner", "date", "memo")
        for row in rows:
            source = sources.get(whole(row[file]))
            lost += source is None
            if source is not None:
                comment = words(row["memo"])
                source.places.append(Place(f"{table}{row[key]}", comment=comment, codings=[_mark(row)]))
        report.add(
            "read", f"codings of {'pictures' if table == 'code_image' else 'sound or film'}", len(rows)
        )
    notes = data.rows("annotation", "anid", "fid", "pos0", "pos1", "memo")
    for row in notes:
        source = sources.get(whole(row["fid"]))
        if source is not None:
            start, end = whole(row["pos0"]), whole(row["pos1"])
            place = Place(
                f"a{row['anid']}", start if end is not None else None, end, comment=words(row["memo"])
            )
            source.places.append(place)
    report.add("read", "annotations", len(notes), "kept as places without a code")
    report.add("dropped", "codings of a source that is not there", lost)


def _mark(row: dict) -> Mark:
    return Mark(f"code {row['cid']}", words(row["owner"]), words(row["date"]))


def _cases(data: Database, sources: dict[int | None, Source], report: Report) -> list[Case]:
    """Return cases with whole files or parts of them, and file attributes as cases without a name."""
    cases = {
        whole(r["caseid"]): Case(f"case {r['caseid']}", " ".join(words(r["name"]).split()))
        for r in data.rows("cases", "caseid", "name")
    }
    lost = 0
    for row in data.rows("case_text", "id", "caseid", "fid", "pos0", "pos1"):
        case, source = cases.get(whole(row["caseid"])), sources.get(whole(row["fid"]))
        if case is None or source is None:
            lost += 1
            continue
        start, end = whole(row["pos0"]), whole(row["pos1"])
        length = len(source.text.plain) if source.text else 0
        if start is None or end is None or end <= start or (start == 0 and end >= length - 1):
            case.sources += [source.guid] * (source.guid not in case.sources)
        else:
            place = Place(f"c{row['id']}", start, end, comment=f"said by {case.name}")
            source.places.append(place)
            case.selections.append(place.guid)
    report.add("dropped", "parts of cases that are not there", lost)
    report.add("read", "cases", len(cases))
    of_file: dict[int | None, Case] = {}
    unknown = 0
    for row in data.rows("attribute", "name", "attr_type", "value", "id"):
        number, name, value = whole(row["id"]), words(row["name"]), words(row["value"]).strip()
        if words(row["attr_type"]) == "case" and number in cases:
            case = cases[number]
        elif words(row["attr_type"]) == "file" and number in sources:
            case = of_file.setdefault(number, Case(f"file {number}", "", sources=[sources[number].guid]))
        else:
            unknown += 1
            continue
        if value and name:
            case.values[name] = value
    report.add("dropped", "attributes of what is not there", unknown)
    return [*cases.values(), *of_file.values()]
