"""What a reader can take along: the tables as one workbook, the findings as JSON, what the folder holds.

All are the same bytes for the same inputs: no clock times, fixed dates inside the workbook.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vbhc.publish.disclosure.outside import read_table
from vbhc.publish.findings.table_text import neutral
from vbhc.report.page import Page
from vbhc.report.provenance import suite_citation
from vbhc.study import Study

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

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
    kept = ("id", "kind", "role", "text", "title", "caption", "values", "things")
    found = [
        {"page": page.name, **{key: finding[key] for key in kept if key in finding}}
        for page in pages
        for finding in page.findings
    ]
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def crate_json(study: Study, info: Mapping[str, Any], folder: Path) -> str:
    """Return the RO-Crate metadata (version 1.1) of a finished report: its files and how it was made."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != CRATE)
    files = {path.relative_to(folder).as_posix(): path for path in paths}
    data, authors = dict(sorted(info.get("data", {}).items())), study.config.authors
    graph = [
        _entity(CRATE, "CreativeWork", about=_ref("./"), conformsTo=_ref("https://w3id.org/ro/crate/1.1")),
        *_made_of(study, info, files, data),
        *(_entity(f"#{name}", "Person", name=name) for name in authors),
        *(_entity(f"#data/{name}", "CreativeWork", name=name, sha256=sha) for name, sha in data.items()),
        *(_file(path, name) for name, path in files.items()),
    ]
    crate = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return json.dumps(crate, indent=1, ensure_ascii=False) + "\n"


def _made_of(
    study: Study, info: Mapping[str, Any], files: Iterable[str], data: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """The report, the software that made it, and the run in which it did."""
    suite = suite_citation(study)
    yield _entity(
        "./",
        "Dataset",
        name=study.config.title,
        description=study.config.question or study.config.title,
        author=[_ref(f"#{name}") for name in study.config.authors],
        license=study.config.licence,
        datePublished=suite.get("released"),
        hasPart=[_ref(name) for name in files],
        mentions=_ref("#run"),
    )
    yield _entity("#vbhc", "SoftwareApplication", name="vbhc", version=info.get("vbhc"), url=suite.get("url"))
    yield _entity(
        "#run",
        "CreateAction",
        name=f"Report of the study {study.name}",
        instrument=_ref("#vbhc"),
        object=[_ref(f"#data/{name}") for name in data],
        result=_ref("./"),
    )


def _ref(name: str) -> dict[str, str]:
    return {"@id": name}


def _entity(id: str, kind: str, /, **facts: Any) -> dict[str, Any]:
    """One thing that the crate describes; what is not known of it is left out."""
    known = {key: value for key, value in facts.items() if value not in (None, "", [])}
    return {"@id": id, "@type": kind, **known}


def _file(path: Path, name: str) -> dict[str, Any]:
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    kind = _KINDS.get(path.suffix)
    return _entity(name, "File", encodingFormat=kind, contentSize=len(content), sha256=sha256)
