"""What a reader can take along: the tables as one workbook, the findings as JSON, what the folder holds.

All are the same bytes for the same inputs: no clock times, fixed dates inside the workbook.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vbhc.report.page import Page
from vbhc.report.provenance import suite_citation
from vbhc.study import Study

WORKBOOK, FINDINGS, CRATE = "tables.xlsx", "findings.json", "ro-crate-metadata.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold
_KINDS = {
    ".html": "text/html",
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def workbook(pages: Sequence[Page], title: str) -> bytes:
    """Return all tables of a report as an XLSX workbook: contents, the columns, then a sheet a table."""
    from openpyxl import Workbook

    book = Workbook()
    contents, columns = book.active, book.create_sheet("Columns")
    contents.title = "Contents"
    _append(contents, ["sheet", "page", "table", "notes"])
    _append(columns, ["sheet", "column", "label", "unit"])
    for page in pages:
        for finding in page.findings:
            if finding["kind"] != "table":
                continue
            sheet = book.create_sheet(_sheet_name(page, finding, book.sheetnames))
            _append(contents, [sheet.title, page.name, finding["caption"], " ".join(finding["notes"])])
            for column in finding["columns"]:
                _append(columns, [sheet.title, column["name"], column["label"], column["unit"]])
            for row in csv.reader(io.StringIO(finding["csv"])):
                _append(sheet, row)
            sheet.freeze_panes = "A2"
    book.properties.title, book.properties.creator = title, "vbhc"
    out = io.BytesIO()
    book.save(out)
    return _without_times(out.getvalue())


def _append(sheet, row: Sequence[str]) -> None:
    """Add a row: numbers as numbers, all else as text that no spreadsheet runs."""
    from vbhc.publish.findings.table_text import neutral

    sheet.append([float(cell) if re.fullmatch(r"-?(\d+|\d*\.\d+)", cell) else None for cell in row])
    for cell, text in zip(sheet[sheet.max_row] if any(row) else (), row, strict=False):
        if cell.value is None and text:
            cell.value = text if text.startswith("'") else neutral(text)
            cell.data_type = "s"
        elif cell.value is not None and cell.value == int(cell.value) and "." not in text:
            cell.value = int(cell.value)


def _sheet_name(page: Page, finding: dict, taken: Sequence[str]) -> str:
    """Return a name that a workbook takes: at most 31 characters, used once."""
    name = f"{page.name[:2]}-{finding['id']}"[:31]
    number = 1
    while name.lower() in map(str.lower, taken):
        number += 1
        name = f"{name[:28]}-{number}"
    return name


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
    kept = ("id", "kind", "role", "text", "caption", "values", "things")
    found = [
        {"page": page.name, **{key: finding[key] for key in kept if key in finding}}
        for page in pages
        for finding in page.findings
    ]
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def crate_json(study: Study, info: Mapping[str, Any], folder: Path) -> str:
    """Return the RO-Crate metadata (version 1.1) of a finished report: its files and how it was made."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != CRATE)
    names = [path.relative_to(folder).as_posix() for path in files]
    suite = suite_citation(study)
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": study.config.title,
        "description": study.config.question or study.config.title,
        "author": [{"@id": f"#{name}"} for name in study.config.authors],
        "license": study.config.licence or None,
        "datePublished": suite.get("released"),
        "hasPart": [{"@id": name} for name in names],
        "mentions": {"@id": "#run"},
    }
    software = {
        "@id": "#vbhc",
        "@type": "SoftwareApplication",
        "name": "vbhc",
        "version": info.get("vbhc"),
        "url": suite.get("url") or None,
    }
    run = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"Report of the study {study.name}",
        "instrument": {"@id": "#vbhc"},
        "object": [{"@id": f"#data/{name}"} for name in sorted(info.get("data", {}))],
        "result": {"@id": "./"},
    }
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    people = [{"@id": f"#{name}", "@type": "Person", "name": name} for name in study.config.authors]
    data = [
        {"@id": f"#data/{name}", "@type": "CreativeWork", "name": name, "sha256": value}
        for name, value in sorted(info.get("data", {}).items())
    ]
    parts = [_file(path, name) for path, name in zip(files, names, strict=True)]
    graph = [_known(entity) for entity in (descriptor, root, software, run, *people, *data, *parts)]
    crate = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return json.dumps(crate, indent=1, ensure_ascii=False) + "\n"


def _file(path: Path, name: str) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "@id": name,
        "@type": "File",
        "encodingFormat": _KINDS.get(path.suffix),
        "contentSize": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _known(entity: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entity.items() if value not in (None, "", [])}
