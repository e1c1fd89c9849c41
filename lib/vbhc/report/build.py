"""Write the report folder of a study, and count what stands in its pages against what may stand there.

What a reader can take along is made here too: the tables as one workbook, the findings as JSON, what the
folder holds. All are the same bytes for the same inputs: no clock times, fixed dates inside the workbook.
"""

import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any

import nbformat
from selectolax.lexbor import LexborHTMLParser

from vbhc.publish.compare import CHANGES, changes_csv, changes_since, gathered
from vbhc.publish.disclosure.outside import read_table
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.findings.marks import NARROW, drawings_of, marked_outputs, sha256
from vbhc.publish.findings.table_text import csv_text, neutral
from vbhc.report.audit import audit
from vbhc.report.audit.traces import people_of
from vbhc.report.drawings import file_svg
from vbhc.report.head import INDEX, home_of, withheld
from vbhc.report.index import index_html
from vbhc.report.markdown import ReportError
from vbhc.report.page import Page, Report, check_origin, read_page
from vbhc.report.provenance import published, suite_citation
from vbhc.report.shell import render
from vbhc.report.texts import typed_texts
from vbhc.report.whole import protect
from vbhc.report.writer import page_html
from vbhc.study import Study

EDITIONS = ("public", "internal")
WORKBOOK, FINDINGS, CRATE = "tables.xlsx", "findings.json", "ro-crate-metadata.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold


def build(
    study: Study, executed: Mapping[str, Path], out: Path, made_of: Mapping[str, Any], edition: str = "public"
) -> None:
    """Write the whole report into `out`: pages, index, tables (CSV, one XLSX), figures as SVG, `run.json`.

    What the tables of a public report together would reveal is withheld first; `withheld.csv` lists what
    and why.

    The same inputs give the same bytes: nothing written holds a clock time or a path. Findings that differ
    from the report that stands published are listed on the summary page and in `changes.csv`.

    Parameters
    ----------
    executed : mapping
        Executed notebooks by name, in reading order.
    out : Path
        An empty folder; putting it in its place is the caller's part.
    made_of : mapping
        What the run was made of (`vbhc.run.provenance.run_info`).
    edition : str
        "public": outputs with a mark only. "internal": all outputs, for the analysts alone.

    Raises
    ------
    ReportError
        If a page may not be published: a figure without alt text, a formula that cannot be shown, one id for
        two findings, a finding that is missing from its page, or anything that `vbhc.report.audit` finds.
    """
    if edition not in EDITIONS:
        raise ReportError(f"unknown edition {edition!r}; known: {', '.join(EDITIONS)}")
    out.mkdir(parents=True, exist_ok=True)
    info = published(made_of, study)
    notebooks = {name: nbformat.read(path, as_version=4) for name, path in executed.items()}
    for name, notebook in notebooks.items():
        check_origin(study, name, notebook)
    policy = get_policy(study.config.disclosure)
    if edition == "public":
        protect(notebooks, policy, people_of(study), typed_texts(study, notebooks))
    pages = [read_page(study, name, path, info, notebooks[name]) for name, path in executed.items()]
    now = gathered((page.name, finding) for page in pages for finding in page.findings)
    changes = changes_since(study.report, now, policy) if edition == "public" else []
    _write_pages(out, Report(study, pages, info, edition, changes))
    _write(out / FINDINGS, findings_json(pages))
    if changes:
        _write(out / CHANGES, changes_csv(changes))
    if policy.protects and edition == "public":
        _write(out / "withheld.csv", withheld_csv(pages))
    _write(out / "run.json", json.dumps(info, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    _write(out / CRATE, crate_json(study, info, out))
    verify(out, notebooks, edition)
    leaks = audit(study, out) if edition == "public" else []
    if leaks:
        more = [f"... and {len(leaks) - 20} more"] if len(leaks) > 20 else []
        raise ReportError("\n".join(["it would publish what it may not:", *map(str, leaks[:20]), *more]))


def _write_pages(out: Path, report: Report) -> None:
    """Write pages, their files, index and workbook; the page that explains the words of all comes last."""
    home, named = home_of(report.pages), {page.name: page for page in report.pages}
    met: set[str] = set()
    for name in sorted((*named, INDEX), key=lambda name: name == home):
        if page := named.get(name):
            html, terms = page_html(report, page, met)
            _write_files(out, page)
        else:
            html, terms = index_html(report, met)
        _write(out / f"{name}.html", html)
        met |= terms
    (out / WORKBOOK).write_bytes(workbook(report.pages, report.study.config.title))


def _write_files(out: Path, page: Page) -> None:
    for _, output, finding in marked_outputs(page.notebook):
        name = f"{page.name}-{finding['id']}"
        if finding["kind"] == "table":
            _write(out / "tables" / f"{name}.csv", finding["csv"])
        elif finding["kind"] == "figure":
            for kind, svg in drawings_of(output).items():
                file = out / "figures" / f"{name}{'-narrow' * (kind == NARROW)}.svg"
                _write(file, file_svg(svg, finding["alt"]))
            _write(out / "figures" / f"{name}.csv", finding["csv"])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def verify(out: Path, notebooks: Mapping[str, dict], edition: str = "public") -> int:
    """Check that every finding of the notebooks stands once in its page and nothing else does.

    Returns
    -------
    int
        The number of findings.

    Raises
    ------
    ReportError
        Naming the pages and findings that are missing, doubled or unknown.
    """
    wrong, total = [], 0
    for name, notebook in notebooks.items():
        expected = Counter((finding["id"], sha256(finding)) for _, _, finding in marked_outputs(notebook))
        tree = LexborHTMLParser((out / f"{name}.html").read_text(encoding="utf-8"))
        marks = [node.attributes for node in tree.css("[data-finding]")]
        found = Counter((str(one["data-finding"]), one.get("data-sha256")) for one in marks)
        unmarked = len(tree.css(".unmarked:not([data-finding])"))
        wrong += [f"{name}: finding {id!r} is not in its page" for id, _ in expected - found]
        wrong += [f"{name}: the page shows {id!r}, which no mark lets out" for id, _ in found - expected]
        if unmarked and edition == "public":
            wrong.append(f"{name}: {unmarked} outputs without a mark")
        total += sum(expected.values())
    if wrong:
        raise ReportError("\n".join(wrong))
    return total


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


def _append(sheet: Any, row: Sequence[str]) -> None:
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
    every = [{"page": page.name, **finding} for page in pages for finding in page.findings]
    found = [{key: finding[key] for key in ("page", *kept) if key in finding} for finding in every]
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def withheld_csv(pages: Sequence[Page]) -> str:
    """Return the log of what the report withholds and why, without any value, as CSV."""
    kept = ("column", "cells", "why", "what")
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
