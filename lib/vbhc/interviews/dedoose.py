"""Excerpts that Dedoose exports: a row per excerpt, a column "Code: X Applied" per code.

A child's column names its parents, parted by backslashes. "Codes Applied Combined" repeats the names without
parents. There is no id of the excerpt. Columns that are not Dedoose's own are descriptors of the interviewee.
"""

import re

from vbhc.interviews.columns import Table, aliases, find_table
from vbhc.interviews.marked import Export, Passage, passage_of
from vbhc.interviews.separators import levels, split_codes
from vbhc.interviews.tables import Report
from vbhc.interviews.values import number, yes
from vbhc.interviews.workbook import Book

_CODE = re.compile(r"^Code:\s*(?P<code>.*?)\s+(?P<what>Applied|Range|Weight)$", re.IGNORECASE | re.DOTALL)
_RANGE = re.compile(r"^\s*(\d+)\s*-\s*(\d+)\s*$")


def read(book: Book, report: Report) -> Export | None:
    """Return the excerpts, or None if this is no such export."""
    for sheet in book.sheets:
        table = find_table(sheet, aliases("dedoose"), [["document"], ["text"]])
        if table and (_code_columns(table)["Applied"] or "codes" in table.fields):
            return _export(table, report)
    return None


def _code_columns(table: Table) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {"Applied": {}, "Range": {}, "Weight": {}}
    for header, at in table.other.items():
        match = _CODE.match(" ".join(header.split()))
        if match:
            found[match["what"].capitalize()][match["code"]] = at
    return found


def _export(table: Table, report: Report) -> Export:
    columns = _code_columns(table)
    paths = {code: levels(code, "\\") for code in columns["Applied"]}
    combined = table.column("codes")
    listed = split_codes(combined, report) if not paths else [()] * len(combined)
    taken = {at for of in columns.values() for at in of.values()}
    extra = {name: at for name, at in table.other.items() if at not in taken}
    passages, attributes, unknown = [], [], 0
    for (_, row), names in zip(table.rows, listed, strict=True):
        codes: list[tuple[str, ...]] = [(name,) for name in names]
        weights: list[float | None] = [None] * len(names)
        for code, at in columns["Applied"].items():
            applied = yes(row[at])
            unknown += applied is None
            if applied:
                codes.append(paths[code])
                weights.append(number(row[columns["Weight"][code]]) if code in columns["Weight"] else None)
        passages.append(_passage(table, row, codes, weights))
        attributes += [(passages[-1].doc, name, row[at]) for name, at in extra.items()]
    report.add("read", "excerpts", len(passages))
    report.add("dropped", "cells of codes that are neither true nor false", unknown)
    report.add("read", "columns with the range of weights", len(columns["Range"]), "not used")
    if not paths:
        report.add("guessed", "codes without their parents", len({c for p in passages for c in p.codes}))
    return Export("Dedoose excerpts", passages, attributes, dict.fromkeys(paths.values(), ""))


def _passage(table: Table, row: list[str], codes: list, weights: list) -> Passage:
    where = table.cell(row, "range")
    match = _RANGE.match(where)
    start, end = (int(match[1]), int(match[2])) if match else (None, None)
    place = f"{where}|{table.cell(row, 'text')}"
    return passage_of(table, row, tuple(codes), place, start=start, end=end, weights=tuple(weights))
