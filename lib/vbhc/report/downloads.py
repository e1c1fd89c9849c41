"""What a reader can take along: the tables as one workbook, the findings as JSON, what the folder holds.

All are the same bytes for the same inputs: no clock times, fixed dates inside the workbook.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vbhc.publish.disclosure.outside import read_table
from vbhc.publish.findings.table_text import csv_text, neutral
from vbhc.report.head import withheld
from vbhc.report.page import Page
from vbhc.report.provenance import suite_citation
from vbhc.report.shell import render
from vbhc.study import Study

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

WORKBOOK, FINDINGS, CRATE = "tables.xlsx", "findings.json", "ro-crate-metadata.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold


def workbook(pages: Sequence[Page], title: str) -> bytes:
    """Return all tables of a report as an XLSX workbook: contents, the columns, then a sheet a table."""
    from openpyxl import Workbook

    book = Workbook()
    contents, columns = book.active, book.create_sheet("Columns")
    contents.title = "Contents"
    _append(contents, ["sheet", "page", "table", "notes"])
    _append(columns, ["sheet", "column", "label", "unit"])
    tables = [(page, one) for page in pages for one in page.findings if one["kind"] == "table"]
    for page, finding in tables:
        sheet = book.create_sheet(_sheet_name(page, finding, book.sheetnames))
        _append(contents, [sheet.title, page.name, finding["caption"], " ".join(finding["notes"])])
        for column in finding["columns"]:
            _append(columns, [sheet.title, column["name"], column["label"], column["unit"]])
        for row in read_table(finding["csv"]):
            _append(sheet, row)
        sheet.freeze_panes = "A2"
    book.properties.title, book.properties.creator = title, "vbhc"
    out = io.BytesIO()
    book.save(out)
    return _without_times(out.getvalue())


def _append(sheet: Worksheet, row: Sequence[str]) -> None:
    """Add a row: numbers as numbers, all else as text that no spreadsheet runs."""
    sheet.append([float(cell) if re.fullmatch(r"-?(\d+|\d*\.\d+)", cell) else None for cell in row])
    for cell, text in zip(sheet[sheet.max_row] if any(row) else (), row, strict=False):
        if cell.value is None and text:
            cell.value = neutral(text)
            cell.data_type = "s"
        elif cell.value is not None and cell.value == int(cell.value) and "." not in text:
            cell.value = int(cell.value)


def _sheet_name(page: Page, finding: dict, taken: Sequence[str]) -> str:
    """Return a name that a workbook takes: at most 31 characters, used once."""
    name = f"{page.name[:2]}-{finding['id']}"[:31]
    numbered = (f"{name[:28]}-{number}" for number in count(2))
    return next(one for one in chain([name], numbered) if one.lower() not in map(str.lower, taken))


def _without_times(content: bytes) -> bytes:
    """Return a zip file whose entries, and the document's own dates, carry one fixed time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return out.getvalue()


def findings_json(pages: Sequence[Page]) -> str:
    """Return every published finding in few words: what another run is compared with."""
    kept = ("id", "kind", "role", "text", "title", "caption", "values", "things")
    found = [
        {"page": page.name, **{key: finding[key] for key in kept if key in finding}}
        for page in pages
        for finding in page.findings
    ]
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def withheld_csv(pages: Sequence[Page]) -> str:
    """Return the log of what the report withholds and why, without any value, as CSV."""
    kept = ("column", "cells", "why")
    rows = [(page.name, f["kind"], f["id"], *map(entry.get, kept)) for page, f, entry in withheld(pages)]
    return csv_text([("page", "kind", "id", *kept), *rows])


def crate_json(study: Study, info: Mapping[str, Any], folder: Path) -> str:
    """Return the RO-Crate metadata (version 1.1) of a finished report: its files and how it was made."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != CRATE)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    view = {"name": study.name, "config": study.config, "info": info, "suite": suite_citation(study)}
    crate = json.loads(render("ro-crate.json.j2", files=files, hashes=hashes, **view))
    return json.dumps(crate, indent=1, ensure_ascii=False) + "\n"
