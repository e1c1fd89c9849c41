"""Read the projects of QualCoder and RQDA: SQLite databases with the same parts under other names.

QualCoder's project is a folder `name.qda` with the database `data.qda`; RQDA's is one file (.rqda), its
tables after RQDA's own source (0.1.5 to 0.3). What RQDA marks as deleted stays out and is counted.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from vbhc import shipped
from vbhc.interviews.assemble import assemble_own
from vbhc.interviews.cases import Case
from vbhc.interviews.cells import one_line, whole, words
from vbhc.interviews.codebook import code_row, code_table
from vbhc.interviews.database import Database
from vbhc.interviews.offsets import plain_text
from vbhc.interviews.sources import Mark, Place, Source, unique_names
from vbhc.interviews.tables import Interviews, Report

LAYOUTS = shipped.tree(__file__, "stored.yml")  # where each tool keeps what
DEEPEST = 100
MEDIA = {"images": "picture", "audio": "audio", "video": "video", "docs": "text"}
Sources = Mapping[int | None, Source]
Cases = Mapping[int | None, Case]


def read(data: Database, layout: Mapping, report: Report) -> Interviews:
    """Return the five tables: the tree of categories and codes, cases with attributes, every coder.

    `layout` is that of the tool, from `LAYOUTS`.
    """
    nodes, values = OF_TOOL[layout["tool"]]
    report.add("guessed", "tool", 1, layout["tool"])
    codes, code_of = code_table(tree(nodes(data, report), report), report)
    sources: dict[int | None, Source] = {}
    for key, name, text, *folder in _kept(data, report, *layout["sources"]):
        shown, plain = one_line(name, "(no name)"), plain_text(words(text)) if text else None
        sources[whole(key)] = Source(f"source {whole(key)}", shown, _kind(shown, *folder), plain)
    unique_names(list(sources.values()), report)
    for kind, count in sorted(Counter(s.kind for s in sources.values()).items()):
        report.add("read", f"{kind} sources", count)
    _codings(data, layout["codings"], sources, report)
    named = _kept(data, report, *layout["cases"])
    cases = {whole(key): Case(f"case {whole(key)}", one_line(name)) for key, name in named}
    _give_parts(cases, sources, _kept(data, report, *layout["parts"]), report)
    everybody = _give_values(cases, sources, values(data, report), report)
    for table, column in layout["not_used"]:
        report.add("dropped", f"rows of {table}", len(data.rows(table, column)), "not used by this suite")
    return assemble_own(sources.values(), everybody, codes, code_of, report)


def _kept(data: Database, report: Report, table: str, *columns: str) -> list[list]:
    """Return the cells of the rows that are not deleted (status 1, or none: QualCoder, old RQDA)."""
    rows = data.rows(table, *columns, "status")
    kept = [row for row in rows if row["status"] is None or whole(row["status"]) == 1]
    report.add("dropped", f"deleted rows of {table}", len(rows) - len(kept))
    return [[row[column] for column in columns] for row in kept]


def _kind(name: str, path: object = "") -> str:
    folder = words(path).strip("/").partition("/")[0].partition(":")[0]
    return "pdf" if name.lower().endswith(".pdf") else MEDIA.get(folder, "text")


def _codings(data: Database, columns: list[str], sources: Sources, report: Report) -> None:
    """Put codings into their sources; the same words coded twice are one place later."""
    for n, row in enumerate(_kept(data, report, *columns)):
        code, source, quoted, start, end, coder, when = row
        said = plain_text(words(quoted)).plain
        marks = [Mark(f"code {whole(code)}", words(coder), words(when))]
        place = Place(f"t{n}", whole(start), whole(end), said, words=said, codings=marks)
        put(sources.get(whole(source)), place, report)
    for table, what in (("code_image", "pictures"), ("code_av", "sound or film")):
        rows = _kept(data, report, table, "id", "cid", "owner", "date")
        for n, (source, code, coder, when) in enumerate(rows):
            mark = Mark(f"code {whole(code)}", words(coder), words(when))
            put(sources.get(whole(source)), Place(f"{table}{n}", codings=[mark]), report)
        report.add("read", f"codings of {what}", len(rows))


def put(source: Source | None, place: Place, report: Report) -> None:
    """Put a marked place into its source, or say that the source is not there."""
    if source is None:
        report.add("dropped", "codings of a source that is not there")
    else:
        source.places.append(place)


def tree(nodes: Mapping[Any, Mapping], report: Report) -> list[dict]:
    """Return a row per code and category, parents before children.

    Parameters
    ----------
    nodes : mapping
        By key, the `name` of a code, the key `above` it (None on top), its `memo`; `codable`, `colour`, `own`
        (see `codebook.code_row`).
    """
    above = {key: node["above"] for key, node in nodes.items()}
    rows = []
    for key, node in nodes.items():
        path = _line_up(key, above)
        if above[path[0]] is not None and above[path[0]] not in nodes:
            report.add("warning", "categories that are not there", 1, "what lay under them stands on top")
        names = [one_line(nodes[at]["name"], "(no name)") for at in path]
        known = {name: words(node[name]) for name in ("colour", "own") if name in node}
        memo = words(node["memo"]).strip()
        rows.append(code_row(names, str(key), memo, node.get("codable", True), **known))
    return sorted(rows, key=lambda row: row["names"])


def _line_up(key: Hashable, above: Mapping) -> list:
    """Return a code's key and the keys above it, topmost first; a circle ends at the deepest level."""
    found: list[Hashable] = []
    while key in above and len(found) < DEEPEST:
        found.append(key)
        key = above[key]
    return found[::-1]


def _give_parts(cases: Cases, sources: Sources, parts: Iterable[list], report: Report) -> None:
    """Give cases whole sources, or places in them."""
    for n, (case_number, source_number, first, last) in enumerate(parts):
        case, source = cases.get(whole(case_number)), sources.get(whole(source_number))
        if case is None or source is None:
            report.add("dropped", "parts of cases that are not there")
            continue
        start, end = whole(first), whole(last)
        length = len(source.text.plain) if source.text else 0
        if start is None or end is None or end <= start or (start == 0 and end >= length - 1):
            case.sources += [source.guid] * (source.guid not in case.sources)
        else:
            source.places.append(Place(f"c{n}", start, end))
            case.selections.append(f"c{n}")
    report.add("read", "cases", len(cases))


def _give_values(cases: Cases, sources: Sources, values: Iterable[tuple], report: Report) -> list[Case]:
    """Give attributes, `("case" or "file", number, name, value)`, to cases and files.

    Returns
    -------
    list of Case
        The cases, then one without a name for each file with attributes.
    """
    of_file: dict[int | None, Case] = {}
    for kind, key, name, value in values:
        number = whole(key)
        case = cases.get(number) if kind == "case" else None
        if kind == "file" and number in sources:
            case = of_file.setdefault(number, Case(f"file {number}", "", sources=[sources[number].guid]))
        if case is None:
            report.add("dropped", "attributes of what is not there")
        elif words(name) and words(value).strip():
            case.values[words(name)] = words(value).strip()
    return [*cases.values(), *of_file.values()]


def _nodes_of_qualcoder(data: Database, report: Report) -> dict[str, dict]:
    nodes: dict[str, dict] = {}
    for row in data.rows("code_cat", "catid", "name", "memo", "supercatid"):
        over = _key("category", row["supercatid"])
        nodes[f"category {row['catid']}"] = row | {"above": over, "codable": False}
    for row in data.rows("code_name", "cid", "name", "memo", "catid", "supercid", "color"):
        over = _key("code", row["supercid"]) or _key("category", row["catid"])
        nodes[f"code {row['cid']}"] = row | {"above": over, "colour": row["color"]}
    return nodes


def _key(kind: str, number: object) -> str | None:
    return f"{kind} {number}" if number is not None else None


def _values_of_qualcoder(data: Database, report: Report) -> Iterator[tuple]:
    return (tuple(row.values()) for row in data.rows("attribute", "attr_type", "id", "name", "value"))


def _nodes_of_rqda(data: Database, report: Report) -> dict[str, dict]:
    """Return categories and codes; a code in several categories stands under the first."""
    nodes: dict[str, dict] = {}
    for key, name, memo in _kept(data, report, "codecat", "catid", "name", "memo"):
        nodes[f"category {whole(key)}"] = {"name": name, "memo": memo, "above": None, "codable": False}
    above: dict[int | None, dict[str, None]] = {}
    for code, category in _kept(data, report, "treecode", "cid", "catid"):
        if f"category {whole(category)}" in nodes:
            above.setdefault(whole(code), {})[f"category {whole(category)}"] = None
    for key, name, memo in _kept(data, report, "freecode", "id", "name", "memo"):
        over = next(iter(above.get(whole(key), ())), None)
        nodes[f"code {whole(key)}"] = {"name": name, "memo": memo, "above": over}
    several = sum(len(categories) > 1 for categories in above.values())
    report.add("warning", "codes in several categories", several, "each stands under the first of them")
    return nodes


def _values_of_rqda(data: Database, report: Report) -> Iterator[tuple]:
    for kind in ("case", "file"):
        for number, name, value in _kept(data, report, f"{kind}Attr", f"{kind}ID", "variable", "value"):
            yield kind, number, name, "" if words(value).strip() == "NA" else value


OF_TOOL = {  # how a tool keeps codes, and values of cases: the nodes of `tree`, the values of `_give_values`
    "QualCoder project": (_nodes_of_qualcoder, _values_of_qualcoder),
    "RQDA project": (_nodes_of_rqda, _values_of_rqda),
}
