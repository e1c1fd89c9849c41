"""A plain table: a row per coded passage with interviewee or document, code, words; the rest is optional."""

import re
from typing import Any

from vbhc.interviews.cells import levels, split_codes, whole
from vbhc.interviews.columns import HEADER_WITHIN, Sheet, Table, aliases, find_table, plain
from vbhc.interviews.marked import Export, passage_of
from vbhc.interviews.tables import Report
from vbhc.problems import StudyError, did_you_mean, fault

_NUMBERED = re.compile(r"(sub ?)?(code|kode|kod|tag|category|kategorie|categorie|theme|thema) ?\d+$")
EXPECTED = (
    "columns participant (or document), code, text[, coder, start, end], or say in study.yml which "
    "header means what: interviews: columns: {'Fonte': document, 'Rotulo': code}"
)


def read(sheets: list[Sheet], report: Report) -> Export | None:
    """Return the passages of the first sheet that has the needed columns; None if none has."""
    for sheet in sheets:
        _join_numbered(sheet)
        table = find_table(sheet, aliases("plain"), [["participant", "document"], ["code", "path"]])
        if table is not None:
            left = [s.name for s in sheets if s.rows and s.name != sheet.name]
            report.add("dropped", "other sheets", len(left), ", ".join(left[:5]))
            return _export(table, report)
    return None


def unknown(shown: str, sheets: list[Sheet]) -> StudyError:
    """Return the error for a table without the needed columns: what is missing, what may be meant."""
    known = aliases("plain")
    header = next((list(filter(None, row)) for sheet in sheets for row in sheet.rows if any(row)), [])
    missing = "interviewee or document" if find_table(sheets[0], known, [["code", "path"]]) else "code"
    names = known["code"] if missing == "code" else known["participant"] + known["document"]
    hints = [f"{h!r}: {hint} " for h in header if (hint := did_you_mean(h, names)).startswith("did you")]
    found = f"no column for the {missing} among: {', '.join(header[:12])[:200]}"
    return fault(shown, found, "".join(hints[:1]) + EXPECTED, row=1)


def _join_numbered(sheet: Sheet) -> None:
    """Put the columns Code 1, Code 2 ... of a sheet into one, a line each."""
    for at, header in enumerate(sheet.rows[:HEADER_WITHIN]):
        first, *rest = [n for n, name in enumerate(header) if _NUMBERED.match(plain(name))] or [0]
        if rest:
            header[first] = "code"
            for row in sheet.rows[at + 1 :]:
                row[first] = "\n".join(filter(None, (row[n] for n in (first, *rest))))
            for row in sheet.rows[at:]:
                for n in rest:
                    row[n] = ""
            return


def _export(table: Table, report: Report) -> Export:
    named = ("path", "code", "parent")  # a category without a code below it is the code
    cells = [next(filter(None, (table.cell(row, name) for name in named)), "") for row in table.rows]
    by_id = _tells_apart(table)
    passages, own = [], {}
    for row, names in zip(table.rows, split_codes(cells, report), strict=True):
        above = table.cell(row, "parent") if "path" not in table.fields and table.cell(row, "code") else ""
        paths = tuple(_path(name, above) for name in names)
        if "path" in table.fields and "code" in table.fields and len(paths) == 1:
            own[paths[0]] = table.cell(row, "code")
        known = {"participant": table.cell(row, "participant"), **_position(table, row, report)}
        identity = table.cell(row, "place")  # else of a coding: it tells one from another of the same words
        known |= {} if by_id or not identity else {"when": identity}
        passages.append(passage_of(table, row, paths, identity if by_id else "", **known))
    report.add("read", "rows", len(table.rows))
    fields = ", ".join(f"{table.header[at]!r} as {field}" for field, at in table.fields.items())
    return Export(f"plain table: {fields}", passages, own=own)


def _position(table: Table, row: list[str], report: Report) -> dict[str, Any]:
    start, end = whole(table.cell(row, "start")), whole(table.cell(row, "end"))
    if start is not None and end is not None and 0 <= start < end:
        return {"start": start, "end": end}
    odd = bool(table.cell(row, "start") or table.cell(row, "end"))
    report.add("warning", "positions that are no character range", odd, "not used")
    return {}


def _path(name: str, above: str) -> tuple[str, ...]:
    path, top = levels(name), levels(above) if above else ()
    return path if path[: len(top)] == top else (*top, *path)


def _tells_apart(table: Table) -> bool:
    """Whether the id names a passage: it stands in several rows, and never beside other words."""
    words: dict[tuple[str, ...], str] = {}
    for row in table.rows:
        key = tuple(table.cell(row, field) for field in ("document", "participant", "place"))
        if words.setdefault(key, table.cell(row, "text")) != table.cell(row, "text"):
            return False
    return len({table.cell(row, "place") for row in table.rows}) < len(table.rows)
