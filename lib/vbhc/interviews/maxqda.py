"""Read what MAXQDA writes: a table with a row per segment and code, or its exchange file (.mex, .mx12).

The headers of the table, in the language of the program, stand in `headers.csv`: seen in English (24) and
Polish (12), other languages unverified. Begin and end count paragraphs, not characters: they tell segments
apart and are not kept as positions.

The exchange file is an SQLite database of which only the tables of codings, texts and code words are known
(seen in one public reader). A passage is kept as its preview, at most 63 characters; the full texts are
compressed in a way that is not documented. The coded segments as .xlsx, or the project as .qdpx, have all.
"""

from vbhc.interviews.assemble import assemble_own
from vbhc.interviews.cells import levels, one_line, whole, words
from vbhc.interviews.codebook import code_table
from vbhc.interviews.columns import Sheet, Table, aliases, find_table, has_own_words, plain
from vbhc.interviews.database import Database
from vbhc.interviews.marked import Export, Passage, passage_of
from vbhc.interviews.sources import Mark, Place, Source, unique_names
from vbhc.interviews.stored import put, tree
from vbhc.interviews.tables import EXPORT, Interviews, Report

TABLES = frozenset({"Codings", "Texts", "Codewords"})
PREVIEW = 63
PARENT = ("ParentID", "ParentId", "FatherID", "Parent", "SuperID", "ParentWordID")
CODER = ("Creator", "CreatedBy", "Author", "UserName", "User", "CreateUser")
PLACE = ("begin", "end", "area", "text")


def read_table(sheets: list[Sheet], report: Report) -> Export | None:
    """Return the coded segments of all sheets that hold some, or None if this is no such export."""
    known = aliases("maxqda")
    tables = [t for s in sheets if (t := find_table(s, known, [["document"], ["code"], ["text"]]))]
    if not (tables := [t for t in tables if _is_ours(t)]):
        return None
    passages = [passage for table in tables for passage in _passages(table, report)]
    left = [s.name for s in sheets if s.rows and s.name not in {t.sheet for t in tables}]
    report.add("dropped", "other sheets", len(left), ", ".join(left[:5]))
    report.add("read", "coded segments", len(passages))
    return Export("MAXQDA coded segments", passages)


def _is_ours(table: Table) -> bool:
    own = plain(table.header[table.fields["document"]]) not in ("document", "dokument")
    return not has_own_words(table) and (own or bool(table.fields.keys() & {"group", "coverage", "colour"}))


def _passages(table: Table, report: Report) -> list[Passage]:
    groups_of: dict[str, set[str]] = {}
    for row in table.rows:
        groups_of.setdefault(table.cell(row, "document"), set()).add(table.cell(row, "group"))
    shared = {doc for doc, groups in groups_of.items() if len(groups) > 1}
    report.add("guessed", "documents of one name in several groups", len(shared), "named with their group")
    separator = _separator(table.column("code"), report)
    extra = [header for header in table.other if header.startswith("Code:")]  # of MAXQDA 24
    report.add("dropped", "columns with counts of codes", len(extra), "they follow from the segments")
    other = sum(map(bool, table.column("other codes")))
    report.add("dropped", "cells with the other codes of a segment", other, "each has a row of its own")
    passages = []
    for row in table.rows:
        doc, group, code = (table.cell(row, field) for field in ("document", "group", "code"))
        name = f"{group}: {doc}" if doc in shared and group else doc
        about = {h: row[at] for h, at in table.other.items() if h not in extra}
        place = "|".join(table.cell(row, field) for field in PLACE)
        codes = (levels(code, separator),) if code else ()
        about = {"document_group": group} | about
        passages.append(passage_of(table, row, codes, place, doc=name, about=about))
    return passages


def _separator(cells: list[str], report: Report) -> str:
    """Levels are parted by " > "; older versions write a backslash."""
    if not any(" > " in c for c in cells) and any("\\" in c for c in cells):
        report.add("guessed", "levels of codes", sum("\\" in c for c in cells), "parted by a backslash")
        return "\\"
    return " > "


def read(data: Database, report: Report) -> Interviews:
    """Return the five tables of an exchange file, the words of a segment as far as the file shows them."""
    report.add("guessed", "tool", 1, "MAXQDA exchange file")
    codes, code_of = code_table(_code_rows(data, report), report)
    rows = data.rows("Texts", "ID", "Name")
    texts = {r["ID"]: Source(f"d{r['ID']}", one_line(r["Name"]), EXPORT, None) for r in rows}
    unique_names(list(texts.values()), report)
    report.add("read", "documents of which only marked passages are known", len(texts))
    for row in data.rows("Codings", "ID", "TextID", "WordID", "Preview", "SegPos1X", "SegPos2X", *CODER):
        coder = next(filter(None, (words(row[name]) for name in CODER)), "")
        place = Place(f"c{row['ID']}", whole(row["SegPos1X"]), whole(row["SegPos2X"]), words(row["Preview"]))
        place.codings = [Mark(str(row["WordID"]), coder)]
        put(texts.get(row["TextID"]), place, report)
    cut = sum(len(place.text) >= PREVIEW for source in texts.values() for place in source.places)
    report.add("warning", "passages of which only the first 63 characters are in the file", cut)
    sources = [source for source in texts.values() if source.doc or source.places]
    return assemble_own(sources, [], codes, code_of, report)


def _code_rows(data: Database, report: Report) -> list[dict]:
    found = {r["ID"]: r for r in data.rows("Codewords", "ID", "Name", "Memo", *PARENT)}
    above = next((c for c in PARENT if any(r[c] in found for r in found.values())), "")
    report.add("guessed", "column of the parent of a code", bool(above), above)
    if not above:
        report.add("warning", "codes without their tree", len(found), "no column names the parent")
    nodes = {}
    for key, row in found.items():
        parent = row[above] if above and row[above] in found and row[above] != key else None
        nodes[key] = {"name": row["Name"], "memo": row["Memo"], "above": parent}
    return tree(nodes, report)
