"""Excerpts that Dedoose exports: a row per excerpt, a column "Code: X Applied" per code.

A child's column names its parents, parted by backslashes. "Codes Applied Combined" repeats the names without
parents. There is no id of the excerpt. Columns that are not Dedoose's own are descriptors of the interviewee.
"""

import re

from vbhc.interviews.cells import levels, split_codes, yes
from vbhc.interviews.columns import Sheet, Table, aliases, find_table
from vbhc.interviews.marked import Export, passage_of
from vbhc.interviews.tables import Report

_CODE = re.compile(r"^Code:\s*(?P<code>.*?)\s+(?P<what>Applied|Range|Weight)$", re.IGNORECASE | re.DOTALL)
_RANGE = re.compile(r"^\s*(\d+)\s*-\s*(\d+)\s*$")


def read(sheets: list[Sheet], report: Report) -> Export | None:
    """Return the excerpts, or None if this is no such export."""
    for sheet in sheets:
        table = find_table(sheet, aliases("dedoose"), [["document"], ["text"]])
        if table and (_applied(table) or "codes" in table.fields):
            return _export(table, report)
    return None


def _applied(table: Table) -> dict[str, int]:
    """Return the column that says whether a code was applied, by code."""
    found = {at: _CODE.match(" ".join(header.split())) for header, at in table.other.items()}
    return {m["code"]: at for at, m in found.items() if m and m["what"].casefold() == "applied"}


def _export(table: Table, report: Report) -> Export:
    applied = _applied(table)
    paths = {code: levels(code, "\\") for code in applied}
    combined = table.column("codes")
    listed = split_codes(combined, report) if not paths else [()] * len(combined)
    about = {h: at for h, at in table.other.items() if not _CODE.match(" ".join(h.split()))}
    passages = []
    for row, names in zip(table.rows, listed, strict=True):
        said = {code: yes(row[at]) for code, at in applied.items()}
        report.add("dropped", "cells of codes neither true nor false", list(said.values()).count(None))
        codes = [(name,) for name in names] + [paths[code] for code, found in said.items() if found]
        where = table.cell(row, "range")
        match = _RANGE.match(where)
        start, end = map(int, match.groups()) if match else (None, None)
        known = {"start": start, "end": end, "about": {h: row[at] for h, at in about.items()}}
        passages.append(passage_of(table, row, tuple(codes), f"{where}|{table.cell(row, 'text')}", **known))
    report.add("read", "excerpts", len(passages))
    if not paths:
        report.add("guessed", "codes without their parents", len({c for p in passages for c in p.codes}))
    return Export("Dedoose excerpts", passages, dict.fromkeys(paths.values(), ""))
