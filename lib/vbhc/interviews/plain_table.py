"""A plain table: a row per coded passage with interviewee or document, code, words; the rest is optional."""

import re
from typing import Any

from vbhc.interviews.columns import HEADER_WITHIN, Table, aliases, find_table, header_of, plain
from vbhc.interviews.marked import Export, passage_of
from vbhc.interviews.separators import levels, split_codes
from vbhc.interviews.tables import Report
from vbhc.interviews.values import number, whole
from vbhc.interviews.workbook import Book, Sheet
from vbhc.problems import did_you_mean, fault

_NUMBERED = re.compile(r"(sub ?)?(code|kode|kod|tag|category|kategorie|categorie|theme|thema) ?\d+$")
_NEUTRALISED = re.compile(r"^'(?=[=+\-@\t\r])")


def read(book: Book, report: Report, required: bool = True) -> Export | None:
    """Return the passages of the first sheet that has the needed columns; None if none has and none must.

    Raises
    ------
    StudyError
        No sheet has a column for the code and one for interviewee or document; the header is named.
    """
    known = aliases("plain")
    for sheet in book.sheets:
        _join_numbered(sheet)
        table = find_table(sheet, known, [["participant", "document"], ["code", "path"]])
        if table is not None:
            left = [s.name for s in book.sheets if s.rows and s.name != sheet.name]
            report.add("dropped", "other sheets", len(left), ", ".join(left[:5]))
            return _export(table, report)
    if not required:
        return None
    header = next(filter(None, map(header_of, book.sheets)), [])
    missing = "interviewee or document" if find_table(book.sheets[0], known, [["code", "path"]]) else "code"
    names = known["code"] if missing == "code" else known["participant"] + known["document"]
    hints = [f"{h!r}: {hint}" for h in header if (hint := did_you_mean(h, names)).startswith("did you")]
    shown = ", ".join(header[:12])
    expected = f"{hints[0]} " if hints else ""
    expected += (
        "columns participant (or document), code, text[, coder, start, end], or say in study.yml which "
    )
    expected += "header means what: interviews: columns: {'Fonte': document, 'Rotulo': code}"
    raise fault(book.name, f"no column for the {missing} among: {shown[:200]}", expected, row=1)


def _join_numbered(sheet: Sheet) -> None:
    """Put the columns Code 1, Code 2 ... of a sheet into one, a line each."""
    for at, header in enumerate(sheet.rows[:HEADER_WITHIN]):
        numbered = [n for n, name in enumerate(header) if _NUMBERED.match(plain(name))]
        if len(numbered) > 1:
            first, *rest = numbered
            header[first] = "code"
            for row in sheet.rows[at + 1 :]:
                row[first] = "\n".join(filter(None, (row[n] for n in numbered)))
            for row in (header, *sheet.rows[at + 1 :]):
                for n in rest:
                    row[n] = ""
            return


def _export(table: Table, report: Report) -> Export:
    named = ("path", "code", "parent")  # a category without a code below it is the code
    cells = [_clean(next(filter(None, (table.cell(row, n) for n in named)), "")) for _, row in table.rows]
    listed = split_codes(cells, report)
    by_id = _tells_apart(table)
    passages, attributes, lost, odd = [], [], 0, 0
    own: dict[tuple[str, ...], str] = {}
    for (_, row), names in zip(table.rows, listed, strict=True):
        doc, person = _clean(table.cell(row, "document")), _clean(table.cell(row, "participant"))
        if not doc and not person:
            lost += 1
            continue
        above = _clean(table.cell(row, "parent")) if "path" not in table.fields else ""
        above = above if table.cell(row, "code") else ""
        paths = tuple(_path(name, above) for name in names)
        if "path" in table.fields and "code" in table.fields and len(paths) == 1:
            own[paths[0]] = _clean(table.cell(row, "code"))
        start, end = whole(table.cell(row, "start")), whole(table.cell(row, "end"))
        good = start is not None and end is not None and 0 <= start < end
        odd += not good and bool(table.cell(row, "start") or table.cell(row, "end"))
        weight = number(table.cell(row, "weight"))
        said: dict[str, Any] = {"doc": doc, "participant": person, "weights": (weight,) * len(paths)}
        said |= {field: _clean(table.cell(row, field)) for field in ("text", "coder", "comment")}
        said |= {"start": start, "end": end} if good else {}
        place = table.cell(row, "place") if by_id else ""
        passages.append(passage_of(table, row, paths, place, **said))
        attributes += [(person or doc, header, _clean(row[at])) for header, at in table.other.items()]
    report.add("read", "rows", len(table.rows))
    report.add("dropped", "rows without interviewee and document", lost)
    report.add("warning", "positions that are no character range", odd, "not used")
    fields = ", ".join(f"{table.header[at]!r} as {field}" for field, at in table.fields.items())
    return Export(f"plain table: {fields}", passages, attributes, own=own)


def _path(name: str, above: str) -> tuple[str, ...]:
    path = levels(name)
    top = levels(above) if above else ()
    return path if not top or path[: len(top)] == top else (*top, *path)


def _tells_apart(table: Table) -> bool:
    """Whether the id names a passage: the same id must never stand beside other words."""
    if "place" not in table.fields:
        return False
    words: dict[tuple[str, str, str], str] = {}
    for _, row in table.rows:
        key = (table.cell(row, "document"), table.cell(row, "participant"), table.cell(row, "place"))
        if words.setdefault(key, table.cell(row, "text")) != table.cell(row, "text"):
            return False
    return True


def _clean(cell: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from reading a cell as a formula."""
    return _NEUTRALISED.sub("", cell)
