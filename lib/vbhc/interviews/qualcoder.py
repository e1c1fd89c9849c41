"""Read a QualCoder project: the folder `name.qda`, or the SQLite file `data.qda` in it."""

from collections import Counter

from vbhc.interviews.assemble import assemble_own
from vbhc.interviews.cases import Case
from vbhc.interviews.codebook import code_row, code_table
from vbhc.interviews.database import Database, whole, words
from vbhc.interviews.offsets import plain_text
from vbhc.interviews.sources import Mark, Place, Source, unique_names
from vbhc.interviews.stored import give_parts, give_values, line_up, put
from vbhc.interviews.tables import Interviews, Report

TABLES = frozenset({"source", "code_name", "code_text"})
MEDIA = {"images": "picture", "audio": "audio", "video": "video", "docs": "text"}


def read(data: Database, report: Report) -> Interviews:
    """Return the five tables: the tree of categories and codes, cases with attributes, every coder."""
    report.add("guessed", "tool", 1, "QualCoder project")
    codes, code_of = code_table(_code_rows(data, report), report)
    sources = _sources(data)
    _codings(data, sources, report)
    unique_names(list(sources.values()), report)
    cases = _cases(data, sources, report)
    report.add("dropped", "journals", len(data.rows("journal", "jid")), "not used by this suite")
    for kind, count in sorted(Counter(s.kind for s in sources.values()).items()):
        report.add("read", f"{kind} sources", count)
    return assemble_own(sources.values(), cases, codes, code_of, report)


def _code_rows(data: Database, report: Report) -> list[dict]:
    """Return categories and codes, parents before children."""
    nodes: dict[str, dict] = {}
    for row in data.rows("code_cat", "catid", "name", "memo", "supercatid"):
        nodes[f"category {row['catid']}"] = row | {"above": _key("category", row["supercatid"])}
    for row in data.rows("code_name", "cid", "name", "memo", "catid", "supercid", "color"):
        over = _key("code", row["supercid"]) or _key("category", row["catid"])
        nodes[f"code {row['cid']}"] = row | {"above": over}
    above = {key: node["above"] for key, node in nodes.items()}
    paths = {key: line_up(key, above) for key in nodes}
    lost = sum(bool(above[path[0]]) and above[path[0]] not in nodes for path in paths.values())
    rows = []
    for key, path in paths.items():
        names = (" ".join(words(nodes[at]["name"]).split()) or "(no name)" for at in path)
        colour, memo = words(nodes[key].get("color")), words(nodes[key]["memo"]).strip()
        rows.append(code_row(names, key, memo, key.startswith("code"), colour=colour))
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
    columns = ("ctid", "cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo")
    coded = data.rows("code_text", *columns)
    lost = put((sources.get(whole(row["fid"])), _coded_words(row)) for row in coded)
    for table, key, what in (("code_image", "imid", "pictures"), ("code_av", "avid", "sound or film")):
        rows = data.rows(table, key, "id", "cid", "owner", "date", "memo")
        places = (
            Place(f"{table}{row[key]}", comment=words(row["memo"]), codings=[_mark(row)]) for row in rows
        )
        lost += put(zip((sources.get(whole(row["id"])) for row in rows), places, strict=True))
        report.add("read", f"codings of {what}", len(rows))
    notes = data.rows("annotation", "anid", "fid", "pos0", "pos1", "memo")
    put((sources.get(whole(row["fid"])), _place(f"a{row['anid']}", row)) for row in notes)
    report.add("read", "annotations", len(notes), "kept as places without a code")
    report.add("dropped", "codings of a source that is not there", lost)


def _place(guid: str, row: dict) -> Place:
    return Place(guid, whole(row["pos0"]), whole(row["pos1"]), comment=words(row["memo"]))


def _coded_words(row: dict) -> Place:
    place = _place(f"t{row['ctid']}", row)
    place.words = place.text = plain_text(words(row["seltext"])).plain
    place.codings = [_mark(row)]
    return place


def _mark(row: dict) -> Mark:
    return Mark(f"code {row['cid']}", words(row["owner"]), words(row["date"]))


def _cases(data: Database, sources: dict[int | None, Source], report: Report) -> list[Case]:
    """Return cases with whole files or parts of them, and file attributes as cases without a name."""
    cases = {
        whole(r["caseid"]): Case(f"case {r['caseid']}", " ".join(words(r["name"]).split()))
        for r in data.rows("cases", "caseid", "name")
    }
    parts = (
        (f"c{r['id']}", whole(r["caseid"]), whole(r["fid"]), whole(r["pos0"]), whole(r["pos1"]))
        for r in data.rows("case_text", "id", "caseid", "fid", "pos0", "pos1")
    )
    give_parts(cases, sources, parts, report)
    values = (
        (words(r["attr_type"]), whole(r["id"]), words(r["name"]), words(r["value"]).strip())
        for r in data.rows("attribute", "name", "attr_type", "value", "id")
    )
    return give_values(cases, sources, values, report)
