"""Look into a zipped workbook (.xlsx, .xlsm, .ods) before it is read: safe and whole, how large?

Also what calamine does not tell: it gives cells with an error (#N/A) as empty, and it lays out a sheet up to
its last cell, wherever a file says that is.
"""

import io
import posixpath
import re
import zipfile

from vbhc.files.kinds import UTF_16_MARKS, WORKBOOK_PART, plain_name
from vbhc.files.marks import NO_VALUE, Locked, Marks
from vbhc.files.safe_zip import Limits, check_members, parse_xml, read_member, walk_xml

_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*(?<!/)>")  # not an empty one
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_ERROR = re.compile(rb"<(?:\w+:)?c\s([^>/]*\bt=[\"']e[\"'][^>/]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(  # without a value: written by a program that does not compute
    rb"<(?:\w+:)?c\s([^>]*)><(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_VALUE = re.compile(rb"<(?:\w+:)?v>\s*([^<]*?)\s*</")


def zip_marks(raw: bytes, kind: str, limits: Limits, shown: str) -> list[Marks]:
    """Check every part of a zipped workbook and return the marks of its sheets in order.

    Parameters
    ----------
    kind : str
        ".xlsx" or ".ods".

    Raises
    ------
    StudyError
        For a zip that is dangerous to open and for XML with a document type or entities.
    Exception
        Nearly any, for what is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        check_members(shown, members, limits)
        parts, left = {}, limits.all_texts_bytes
        for member in members:
            name = plain_name(member.filename)
            if name.endswith((".xml", ".rels")):
                parts[name] = read_member(shown, archive, member, min(limits.project_bytes, left))
                left -= len(parts[name])
    if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
        raise Locked
    for content in filter(None, parts.values()):
        walk_xml(shown, content)
    if kind == ".ods":
        return _ods_marks(parts["content.xml"], shown)
    return [_xml_marks(parts[name]) for name in _sheet_parts(parts, shown)]


def _sheet_parts(parts: dict[str, bytes], shown: str) -> list[str]:
    """Return the part of each sheet, in the order of the workbook."""
    name = next(name for name in parts if WORKBOOK_PART.fullmatch(name))
    folder, base = posixpath.split(name)
    links = parse_xml(shown, parts[posixpath.join(folder, "_rels", f"{base}.rels")])
    targets = {link.get("Id"): plain_name(link.get("Target", "")) for link in links}
    sheets = parse_xml(shown, parts[name]).iterfind("{*}sheets/{*}sheet")
    ids = [next((v for k, v in sheet.items() if k.endswith("}id")), "") for sheet in sheets]
    return [posixpath.normpath(posixpath.join("/", folder, targets[i])).lstrip("/") for i in ids]


def _xml_marks(content: bytes) -> Marks:
    if content.startswith(UTF_16_MARKS):
        raise ValueError("no sheet is written in UTF-16")
    height, columns = 0, set()
    for column, row in _CELL.findall(content):
        columns.add(column)
        height = max(height, int(row))
    errors = {}
    for attributes, inside in _ERROR.findall(content):
        place, value = _PLACE.search(attributes), _VALUE.search(inside)
        if place and value:
            errors[int(place[2]) - 1, _column(place[1]) - 1] = value[1].decode("utf-8", "replace")
    for attributes in _FORMULA.findall(content):
        if place := _PLACE.search(attributes):
            errors[int(place[2]) - 1, _column(place[1]) - 1] = NO_VALUE
    return Marks(height, max(map(_column, columns), default=0), errors)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _ods_marks(content: bytes, shown: str) -> list[Marks]:
    """Rows and cells stand once with how often they are repeated; only filled ones take room."""
    found: list[list[int]] = []
    row = column = repeated = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, repeated
        if tag == "table:table":
            found.append([0, 0])
            row = column = repeated = 0
        elif tag == "table:table-row":
            row, column = row + repeated, 0
            repeated = int(attributes.get("table:number-rows-repeated", 1))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            column += int(attributes.get("table:number-columns-repeated", 1))
            if any(name.endswith(":value-type") for name in attributes):
                found[-1] = [row + repeated, max(found[-1][1], column)]

    walk_xml(shown, content, opened)
    return [Marks(height, width, {}) for height, width in found]
