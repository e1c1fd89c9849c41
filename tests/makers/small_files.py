"""The same small table as a file of every kind, and ways to spoil it."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
from xls_writer import xls

HEADER = ["patient", "age", "bmi", "ward"]
ROWS = [[f"P{n:03}", str(40 + n), f"{20 + n}.5", "AB"[n % 2] * 3] for n in range(1, 31)]
TYPED = [[name, int(age), float(bmi), ward] for name, age, bmi, ward in ROWS]
ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"
ODS_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {"office": "office", "table": "table", "text": "text", "style": "style"}.items()
)

ODS_PARTS = (
    '<?xml version="1.0"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_KIND}"/></manifest:manifest>'
)


def csv_file(path: Path) -> Path:
    path.write_text("".join(",".join(row) + "\n" for row in [HEADER, *ROWS]), encoding="utf-8")
    return path


def zip_file(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/patients.csv", "".join(",".join(row) + "\n" for row in [HEADER, *ROWS]))
    return path


def xlsx_file(path: Path) -> Path:
    return workbook(path, Patients=[HEADER, *TYPED])


def workbook(path: Path, hidden: tuple[str, ...] = (), **sheets: list[list]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def ods_file(path: Path) -> Path:
    return ods(path, [HEADER, *TYPED])


def ods(path: Path, rows: list[list], more: str = "") -> Path:
    """Write the few parts an OpenDocument sheet needs; `more` are table rows as XML."""
    body = "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0"?><office:document-content {ODS_SPACES}><office:body><office:spreadsheet>'
        f'<table:table table:name="Patients">{body}{more}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_KIND, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", ODS_PARTS)
        archive.writestr("content.xml", content)
    return path


def ods_cell(value: object) -> str:
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def typed_frame() -> pd.DataFrame:
    return pd.DataFrame(TYPED, columns=HEADER)


WRITERS: dict[str, Callable[[Path], object]] = {
    "csv": csv_file,
    "zip": zip_file,
    "xlsx": xlsx_file,
    "xls": lambda path: xls(path, Patients=[HEADER, *TYPED]),
    "ods": ods_file,
    "parquet": lambda path: typed_frame().to_parquet(path),
    "sav": lambda path: pyreadstat.write_sav(typed_frame(), path),
    "zsav": lambda path: pyreadstat.write_sav(typed_frame(), path, compress=True),
    "por": lambda path: pyreadstat.write_por(typed_frame(), path),
    "dta": lambda path: pyreadstat.write_dta(typed_frame(), path),
    "xpt": lambda path: pyreadstat.write_xport(typed_frame(), path, file_format_version=5),
}


def cut_short(content: bytes, places: int = 20) -> Iterator[tuple[int, bytes]]:
    """Yield the beginning of a file, cut at so many places."""
    for n in range(1, places + 1):
        at = len(content) * n // (places + 1)
        yield at, content[:at]


def flipped(content: bytes, places: int = 40, seed: int = 20240501) -> Iterator[tuple[int, bytes]]:
    """Yield a file with one byte that is another, at so many places drawn from the seed."""
    draw = random.Random(seed)
    for _ in range(places):
        at, value = draw.randrange(len(content)), draw.randrange(1, 256)
        yield at, content[:at] + bytes([content[at] ^ value]) + content[at + 1 :]
