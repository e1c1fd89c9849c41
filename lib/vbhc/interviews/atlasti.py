"""Quotations that ATLAS.ti exports: a row per quotation with all its codes in one cell, or a sheet per code.

The id of a quotation is `document:number` (3:10 is in document 3). Codes may carry a bullet and their count
("○ worry", "Gr=17"). A sheet per code has only the id and the words; its name is cut at 31 characters. Of the
headers in `headers.csv` only the English ones are seen, the others unverified.
"""

import re

from vbhc.interviews.cells import one_line, split_codes, whole
from vbhc.interviews.columns import Sheet, Table, aliases, find_table, has_own_words
from vbhc.interviews.marked import Export, Passage, passage_of
from vbhc.interviews.tables import Report

_ID = re.compile(r"^\s*D?\s*(\d+)\s*:\s*(\d+)")
_DOC_NUMBER = re.compile(r"^\s*D?\s*\d+\s*:\s+(?=\S)")
_COUNTS = re.compile(r"(?<!\s)\s*\b(?:Gr|GS|G|D)=\d+")
_BULLETS = "○●◦•◌◯⚫⚪◇◆★☆"
SHEET_NAME = 31  # what a spreadsheet allows


def clean_code(name: str) -> str:
    """Return a code without its bullet and its counts."""
    return one_line(_COUNTS.sub("", name).strip().lstrip(_BULLETS))


def read(sheets: list[Sheet], report: Report) -> Export | None:
    """Return the quotations, or None if this is no such export."""
    known = aliases("atlasti")
    found = [t for s in sheets if (t := find_table(s, known, [["text"], ["id", "document"]]))]
    if whole_list := [t for t in found if {"codes", "document"} <= t.fields.keys() and _is_ours(t)]:
        passages = [passage for table in whole_list for passage in _quotations(table, report)]
        made = len({p.coder for p in passages if p.coder})
        report.add("guessed", "coders", made, "who made the quotation is taken as who coded it")
        return Export("ATLAS.ti quotations", passages)
    per_code = [t for t in found if "codes" not in t.fields and "id" in t.fields and _has_ids(t)]
    if not per_code:
        return None
    left = [s.name for s in sheets if s.rows and s.name not in {t.sheet for t in per_code}]
    report.add("dropped", "sheets without quotations", len(left), ", ".join(left[:5]))
    return _per_code(per_code, report)


def _is_ours(table: Table) -> bool:
    own = len(table.fields.keys() & {"density", "reference", "name", "group"}) >= 2
    return not has_own_words(table) and (own or _has_ids(table))


def _has_ids(table: Table) -> bool:
    return sum(bool(_ID.match(cell)) for cell in table.column("id")) * 2 > len(table.rows)


def _quotations(table: Table, report: Report) -> list[Passage]:
    cells = [_COUNTS.sub("", cell) for cell in table.column("codes")]
    counts = [whole(cell) for cell in table.column("density")]
    passages = []
    for n, (row, codes) in enumerate(zip(table.rows, split_codes(cells, report, counts), strict=True)):
        paths = tuple(dict.fromkeys((clean_code(c),) for c in codes))
        names = filter(None, map(str.strip, re.split(r"[\n;]", table.cell(row, "group"))))
        about = {"document_group": "; ".join(sorted(names))}
        about |= {header: row[at] for header, at in table.other.items()}
        known = {"text": table.cell(row, "text") or table.cell(row, "name"), "about": about}
        place = table.cell(row, "id") or f"row {n}"
        passages.append(passage_of(table, row, paths, place, doc=_document(table, row), **known))
    report.add("read", "quotations", len(passages))
    return passages


def _document(table: Table, row: list[str]) -> str:
    match = _ID.match(table.cell(row, "id"))
    return _DOC_NUMBER.sub("", table.cell(row, "document")) or (f"D{match[1]}" if match else "")


def _per_code(tables: list[Table], report: Report) -> Export:
    names = [_code_of_sheet(table) for table in tables]
    cut = [n for n in names if len(n) >= SHEET_NAME]
    detail = f"a sheet's name ends there, two codes may have become one: {', '.join(cut[:3])}"
    report.add("warning", "names of codes cut at 31 characters", len(cut), detail)
    passages = [
        passage_of(table, row, ((code,),), table.cell(row, "id"), doc=_document(table, row), about={})
        for table, code in zip(tables, names, strict=True)
        for row in table.rows
    ]
    if not any("document" in t.fields for t in tables):
        docs, detail = len({p.doc for p in passages if p.doc}), "D3 holds quotations 3:1, 3:2 ..."
        report.add("guessed", "documents known by their number only", docs, detail)
    return Export("ATLAS.ti quotations, a sheet per code", passages)


def _code_of_sheet(table: Table) -> str:
    """The sheet's name, or the longer name above the header that begins with it."""
    name = clean_code(table.sheet)
    for cell in table.above:
        full = clean_code(re.sub(r"^\s*(Code|Kode|Código)\s*:\s*", "", cell))
        if full.startswith(name) and len(name) >= SHEET_NAME - 3:
            return full
    return name
