"""Coded segments that MAXQDA exports: a row per segment and code, headers in the language of the program.

The headers stand in `headers.csv`: seen in English (24) and Polish (12), other languages unverified.
Begin and end count paragraphs, not characters: they tell segments apart and are not kept as positions.
"""

from vbhc.interviews.columns import Table, aliases, find_table, has_own_words, plain
from vbhc.interviews.marked import Export, Passage, passage_of
from vbhc.interviews.separators import levels
from vbhc.interviews.tables import Report
from vbhc.interviews.values import number
from vbhc.interviews.workbook import Book


def read(book: Book, report: Report) -> Export | None:
    """Return the coded segments of all sheets that hold some, or None if this is no such export."""
    known = aliases("maxqda")
    tables = [t for s in book.sheets if (t := find_table(s, known, [["document"], ["code"], ["text"]]))]
    tables = [t for t in tables if _is_ours(t)]
    if not tables:
        return None
    passages: list[Passage] = []
    attributes: list[tuple[str, str, str]] = []
    for table in tables:
        _read_table(table, passages, attributes, report)
    left = [s.name for s in book.sheets if s.rows and s.name not in {t.sheet for t in tables}]
    report.add("dropped", "other sheets", len(left), ", ".join(left[:5]))
    header = ", ".join(h for h in tables[0].header if h)
    report.add("read", "coded segments", len(passages))
    return Export(f"MAXQDA coded segments; header: {header[:120]}", passages, attributes)


def _is_ours(table: Table) -> bool:
    own = plain(table.header[table.fields["document"]]) not in ("document", "dokument")
    return not has_own_words(table) and (own or bool(table.fields.keys() & {"group", "coverage", "colour"}))


def _read_table(table: Table, passages: list, attributes: list, report: Report) -> None:
    groups_of: dict[str, set[str]] = {}
    for _, row in table.rows:
        groups_of.setdefault(table.cell(row, "document"), set()).add(table.cell(row, "group"))
    shared = {doc for doc, groups in groups_of.items() if len(groups) > 1}
    report.add("guessed", "documents of one name in several groups", len(shared), "named with their group")
    cells = table.column("code")
    separator = _separator(cells, report)
    weights = [number(cell) for cell in table.column("weight")]
    weighted = any(weights)  # 0 throughout is the program's default, nobody's weight
    lost = 0
    for (_, row), code, weight in zip(table.rows, cells, weights, strict=True):
        doc, group = table.cell(row, "document"), table.cell(row, "group")
        if not doc:
            lost += 1
            continue
        name = f"{group}: {doc}" if doc in shared and group else doc
        place = "|".join(table.cell(row, field) for field in ("begin", "end", "area", "text"))
        codes = (levels(code, separator),) if code else ()
        weights_of = (weight if weighted else None,) * len(codes)
        passages.append(passage_of(table, row, codes, place, doc=name, weights=weights_of))
        attributes.append((name, "document_group", group))
        attributes += [(name, h, row[at]) for h, at in table.other.items() if not h.startswith("Code:")]
    report.add("dropped", "rows without a document", lost)
    extra = [h for h in table.other if h.startswith("Code:")]  # document variables of MAXQDA 24
    report.add("dropped", "columns with counts of codes", len(extra), "they follow from the segments")
    other = sum(map(bool, table.column("other codes")))
    report.add("dropped", "cells with the other codes of a segment", other, "each has a row of its own")
    report.add("read", "begin and end of segments", len(cells) * ("begin" in table.fields), "paragraphs")


def _separator(cells: list[str], report: Report) -> str:
    """Levels are parted by " > "; older versions write a backslash."""
    if not any(" > " in c for c in cells) and any("\\" in c for c in cells):
        report.add("guessed", "levels of codes", sum("\\" in c for c in cells), "parted by a backslash")
        return "\\"
    return " > "
