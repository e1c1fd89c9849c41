"""A workbook as an outsider opens it: every sheet, and what does not show at first sight."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from vbhc.publish.disclosure.counting import counts_said
from vbhc.publish.disclosure.said import may_say
from vbhc.report.audit.known import Known
from vbhc.report.audit.tables import Table

_PARTS = {
    "comments": "a comment on a cell",
    "threadedComment": "a comment on a cell",
    "externalLink": "a link to another workbook",
    "vbaProject": "a program",
    "embeddings": "an embedded file",
    "drawing": "a drawing",
    "custom.xml": "custom properties",
    "customXml": "custom data",
    "connections": "a connection to a data source",
    "pivotCache": "a pivot cache, which holds its own copy of the data",
    "printerSettings": "the settings of a printer",
}
_HIDDEN = (
    (r'<sheet\b[^>]*\bstate="(?:hidden|veryHidden)"', "a hidden sheet"),
    (r'<(?:\w+:)?(?:row|col)\b[^>]*\bhidden="(?:1|true)"', "a hidden row or column"),
    (r"<(?:\w+:)?definedName\b", "a named range"),
    (r"<(?:\w+:)?f\b[^>]*>", "a formula"),
    (r"<(?:\w+:)?(?:headerFooter|oddHeader|oddFooter)\b", "a header or footer that only print shows"),
    (r'TargetMode="External"', "a link to something outside"),
)
_MAKERS = ("vbhc", "")


def sheets_of(path: Path) -> dict[str, Table]:
    """Return the cells of every sheet, hidden ones included, as text."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    return {
        sheet.title: [
            ["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book.worksheets
    }


def text_of(path: Path) -> str:
    """Return all text of a workbook's parts: cells, comments, properties, and the names of its sheets."""
    with zipfile.ZipFile(path) as book:
        parts = [book.read(name).decode("utf-8", "replace") for name in book.namelist() if _is_text(name)]
    names = [name for part in parts for name in re.findall(r'\b(?:name|author|descr)="([^"]*)"', part)]
    return "\n".join([*names, *(re.sub(r"<[^>]*>", " ", part) for part in parts)])


def hidden_in_workbook(path: Path, known: Known) -> Iterator[tuple]:
    """Yield what a workbook holds besides the cells that it shows."""
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            for part, what in _PARTS.items():
                if part in name:
                    yield what, "a workbook holds its tables and nothing else", name
            text = book.read(name).decode("utf-8", "replace") if _is_text(name) else ""
            for form, what in _HIDDEN:
                if re.search(form, text):
                    yield what, "a workbook holds what it shows and nothing else", name
            if name.startswith("docProps/"):
                yield from _properties(name, text, known)


def _properties(name: str, text: str, known: Known) -> Iterator[tuple]:
    for tag in ("dc:creator", "cp:lastModifiedBy", "Manager", "Company"):
        for maker in re.findall(rf"<{tag}>([^<]*)<", text):
            if maker.strip() not in _MAKERS:
                yield "a name in its properties", "only the suite is named there", f"{name}, {tag}"
    for value in re.findall(r">([^<]+)<", text):
        if any(not may_say([count], known.policy) for count in counts_said(unescape(value))):
            yield "properties that count too few people", known.policy.rule, name


def _is_text(name: str) -> bool:
    return name.endswith((".xml", ".rels", ".vml"))
