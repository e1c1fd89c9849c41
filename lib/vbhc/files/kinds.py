"""Tell what a file is by its first bytes; its name only says what somebody meant it to be."""

import io
import re
import zipfile

from vbhc.files.old_excel import MAGIC

SAVE_AS = "open it in a spreadsheet program and save it as .xlsx (Excel workbook) or as .csv"
EXPORT_AGAIN = "export it again"
TEXT = (".csv", ".tsv", ".txt")
EXCEL = (".xlsx", ".xlsm", ".xls", ".ods")
STATISTICS = (".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt")
_SAS = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_STARTS = {
    MAGIC: ".xls",
    b"PK": ".zip",
    b"PAR1": ".parquet",
    b"$FL2": ".sav",
    b"$FL3": ".zsav",
    b"<stata_dta>": ".dta",
    _SAS: ".sas7bdat",
    b"HEADER RECORD*******LIB": ".xpt",
}
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
WORKBOOK_PART = re.compile(r"(?:.*/)?workbook\d*\.xml")
_OLD_STATA = range(0x69, 0x74)  # versions 105 to 115 begin with their number, then the order of bytes
_PORTABLE = b"SPSS PORT FILE"


def kind_of(raw: bytes) -> str:
    """Return the usual ending of a file of this content; "" for text and for what is not known.

    >>> kind_of(b"PAR1..."), kind_of(b"a,b\\n1,2\\n")
    ('.parquet', '')
    """
    for start, kind in _STARTS.items():
        if raw.startswith(start):
            return zip_kind(raw) if kind == ".zip" else kind
    if _PORTABLE in raw[:240]:
        return ".por"
    return ".dta" if len(raw) > 2 and raw[0] in _OLD_STATA and raw[1] in (1, 2) and raw[2] == 1 else ""


def zip_kind(raw: bytes) -> str:
    """Return which workbook a zip is, ".zip" for any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(map(plain_name, archive.namelist()))
    except Exception:  # a damaged list of contents makes the library raise almost anything
        return ".zip"
    if any(map(WORKBOOK_PART.fullmatch, names)):
        return ".xlsx"
    return ".ods" if {"mimetype", "content.xml"} <= names else ".zip"


def plain_name(name: str) -> str:
    """Return the name of a part as the standard writes it: some programs use capitals and backslashes."""
    return name.replace("\\", "/").lower()
