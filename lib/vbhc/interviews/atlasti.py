"""Quotations that ATLAS.ti exports: a row per quotation with all its codes in one cell, or a sheet per code.

The id of a quotation is `document:number` (3:10 is in document 3). Codes may carry a bullet and their count
("○ worry", "Gr=17"). A sheet per code has only the id and the words; its name is cut at 31 characters. Of the
headers in `headers.csv` only the English ones are seen, the others unverified.
"""

import re
from collections import Counter

from vbhc.interviews.columns import Table, aliases, find_table, has_own_words, plain
from vbhc.interviews.marked import Export, Passage, passage_of
from vbhc.interviews.separators import split_codes
from vbhc.interviews.tables import Report
from vbhc.interviews.values import whole
from vbhc.interviews.workbook import Book, Sheet

_ID = re.compile(r"^\s*D?\s*(\d+)\s*:\s*(\d+)")
_DOC_NUMBER = re.compile(r"^\s*D?\s*\d+\s*:\s+(?=\S)")
_COUNTS = re.compile(r"(?<!\s)\s*\b(?:Gr|GS|G|D)=\d+")
_CODES = re.compile(r"[ck][oóô]+d|код|コード|代码|代碼|编码|編碼|코드")
_GROUPS = re.compile(r"gr[ou]+p|групп|グループ|组|組|그룹")
_BULLETS = "○●◦•◌◯⚫⚪◇◆★☆"
SHEET_NAME = 31  # what a spreadsheet allows


def clean_code(name: str) -> str:
    """Return a code without its bullet and its counts."""
    return " ".join(_COUNTS.sub("", name).strip().lstrip(_BULLETS).split())


def read(book: Book, report: Report) -> Export | None:
    """Return the quotations, or None if this is no such export."""
    known = aliases("atlasti")
    found = [t for s in book.sheets if (t := find_table(s, known, [["text"], ["id", "document"]]))]
    if found:
        whole_list = [t for t in found if {"codes", "document"} <= t.fields.keys() and _is_ours(t)]
    else:
        whole_list = [t for s in book.sheets if (t := _by_shape(s, report))]
    if whole_list:
        passages: list[Passage] = []
        attributes: list[tuple[str, str, str]] = []
        for table in whole_list:
            _quotations(table, passages, attributes, report)
        return Export("ATLAS.ti quotations", passages, attributes)
    per_code = [t for t in found if "codes" not in t.fields and "id" in t.fields and _has_ids(t)]
    if per_code:
        left = [s.name for s in book.sheets if s.rows and s.name not in {t.sheet for t in per_code}]
        report.add("dropped", "sheets without quotations", len(left), ", ".join(left[:5]))
        return _per_code(per_code, report)
    return None


def _is_ours(table: Table) -> bool:
    own = len(table.fields.keys() & {"density", "reference", "name", "group"}) >= 2
    return not has_own_words(table) and (own or _has_ids(table))


def _has_ids(table: Table) -> bool:
    ids = table.column("id")
    return bool(ids) and sum(bool(_ID.match(i)) for i in ids) * 2 > len(ids)


def _by_shape(sheet: Sheet, report: Report) -> Table | None:
    """Tell the columns of a list of quotations by what is in them, where the headers are in no known words.

    The ids look like 3:10; the codes' header begins like "code" in most languages; of the rest, the longest
    cells are the words; a column that has one value per document number is the document.
    """
    filled = [(n, row) for n, row in enumerate(sheet.rows, 1) if any(row)]
    if len(filled) < 3:
        return None
    header, rows = filled[0][1], filled[1:]
    columns = [n for n, name in enumerate(header) if name]
    ids = [n for n in columns if sum(bool(_ID.fullmatch(row[n].strip())) for _, row in rows) * 2 > len(rows)]
    codes = [n for n in columns if _CODES.match(plain(header[n])) and not _GROUPS.search(plain(header[n]))]
    if not ids or not codes:
        return None
    rest = [n for n in columns if n not in (ids[0], codes[0])]
    text = max(rest, key=lambda n: sum(len(row[n]) for _, row in rows), default=None)
    if text is None:
        return None
    fields = {"id": ids[0], "codes": codes[0], "text": text}
    document = [n for n in rest if n != text and _one_per_document(rows, ids[0], n)]
    if document:
        fields["document"] = document[0]
    said = ", ".join(f"{header[n]!r} as {field}" for field, n in fields.items())
    report.add("guessed", "columns told by what is in them", len(fields), said)
    other = {header[n]: n for n in columns if n not in fields.values()}
    return Table(sheet.name, header, fields, other, rows, [])


def _one_per_document(rows: list[tuple[int, list[str]]], identity: int, column: int) -> bool:
    """Whether a column names the documents: one value per number, and no value twice."""
    names: dict[str, set[str]] = {}
    for _, row in rows:
        match = _ID.match(row[identity])
        if match:
            names.setdefault(match[1], set()).add(row[column])
    values = [next(iter(v)) for v in names.values() if len(v) == 1]
    return len(values) == len(names) > 1 and all(values) and len(set(values)) == len(values)


def _quotations(table: Table, passages: list, attributes: list, report: Report) -> None:
    cells = [_COUNTS.sub("", cell) for cell in table.column("codes")]
    counts = [whole(cell) for cell in table.column("density")]
    lost = 0
    for (number, row), codes in zip(table.rows, split_codes(cells, report, counts), strict=True):
        identity = table.cell(row, "id")
        doc = _DOC_NUMBER.sub("", table.cell(row, "document")) or _document_of(identity)
        if not doc:
            lost += 1
            continue
        comment = "\n".join(filter(None, (table.cell(row, "name"), table.cell(row, "comment"))))
        text = table.cell(row, "text")
        paths = tuple(dict.fromkeys((clean_code(c),) for c in codes))
        said = {"text": text or table.cell(row, "name"), "comment": comment if comment != text else ""}
        passages.append(passage_of(table, row, paths, identity or f"row {number}", doc=doc, **said))
        named = (name.strip() for name in re.split(r"[\n;]", table.cell(row, "group")))
        groups = "; ".join(sorted(filter(None, named)))
        attributes.append((doc, "document_group", groups))
        attributes += [(doc, header, row[at]) for header, at in table.other.items()]
    report.add("read", "quotations", len(table.rows))
    report.add("dropped", "rows without a document", lost)
    made = len({p.coder for p in passages if p.coder})
    report.add("guessed", "coders", made, "who made the quotation is taken as who coded it")


def _document_of(identity: str) -> str:
    match = _ID.match(identity)
    return f"D{match[1]}" if match else ""


def _per_code(tables: list[Table], report: Report) -> Export:
    names = [_code_of_sheet(table) for table in tables]
    cut = [n for n in names if len(n) >= SHEET_NAME]
    detail = f"a sheet's name ends there, two codes may have become one: {', '.join(cut[:3])}"
    report.add("warning", "names of codes cut at 31 characters", len(cut), detail)
    twice = [name for name, n in Counter(names).items() if n > 1]
    report.add("warning", "sheets of the same code", len(twice), ", ".join(twice[:5]))
    passages, lost = [], 0
    for table, code in zip(tables, names, strict=True):
        for _, row in table.rows:
            identity = table.cell(row, "id")
            doc = _DOC_NUMBER.sub("", table.cell(row, "document")) or _document_of(identity)
            lost += not doc
            if doc:
                passages.append(passage_of(table, row, ((code,),), identity, doc=doc))
    if not any("document" in t.fields for t in tables):
        docs, detail = len({p.doc for p in passages}), "D3 holds quotations 3:1, 3:2 ..."
        report.add("guessed", "documents known by their number only", docs, detail)
    report.add("dropped", "quotations without an id or document", lost)
    return Export("ATLAS.ti quotations, a sheet per code", passages)


def _code_of_sheet(table: Table) -> str:
    """The sheet's name, or the longer name above the header that begins with it."""
    name = clean_code(table.sheet)
    for cell in table.above:
        full = clean_code(re.sub(r"^\s*(Code|Kode|Código)\s*:\s*", "", cell))
        if full.startswith(name) and len(name) >= SHEET_NAME - 3:
            return full
    return name
