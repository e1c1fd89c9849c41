"""Read the cells of an old binary workbook (.xls): MAXQDA and NVivo write it by default.

Records after Microsoft's published [MS-XLS]: a two-byte kind, a two-byte length, the content. Only values are
read: no macro, link or formula is run. Versions 5 and 8 (Excel 95 to 2003).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from vbhc.interviews.compound import Container, read_stream

BOF, EOF, CONTINUE, SHEET, STRINGS = 0x0809, 0x000A, 0x003C, 0x0085, 0x00FC
PASSWORD, MAC_DATES, CODE_PAGE, FORMAT, STYLE = 0x002F, 0x0022, 0x0042, 0x041E, 0x00E0
LABEL_SST, LABEL, RICH, NUMBER, RK, MANY_RK = 0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD
TRUTH, FORMULA, FORMULA_TEXT = 0x0205, 0x0006, 0x0207
VERSION_8 = 0x0600

Record = tuple[int, bytes]


class Locked(ValueError):
    """The workbook has a password."""


class Globals(NamedTuple):
    """What holds for all sheets: their names and beginnings, shared texts, styles that are dates."""

    sheets: list[tuple[str, int]]
    texts: list[str]
    dates: list[bool]
    epoch: object
    wide: bool
    page: str


def read_cells(container: Container, most: int) -> Iterator[tuple[str, list[list[object]]]]:
    """Yield the name of each sheet and its rows of values (None = empty).

    Raises
    ------
    Locked
        The workbook has a password.
    ValueError, KeyError, IndexError, struct.error
        Damaged, of a version before 5, or more than `most` cells.
    """
    raw = read_stream(container, "workbook" if "workbook" in container.streams else "book")
    common = _globals(raw)
    for name, at in common.sheets:
        cells = dict(_cells(raw, at, common))
        height = 1 + max((row for row, _ in cells), default=-1)
        width = 1 + max((column for _, column in cells), default=-1)
        most -= height * width
        if most < 0:
            raise ValueError("too many cells")
        rows: list[list[object]] = [[None] * width for _ in range(height)]
        for (row, column), value in cells.items():
            rows[row][column] = value
        yield name, rows


def _records(raw: bytes, at: int) -> Iterator[Record]:
    """Yield the records of one part of the stream, up to its end mark."""
    while at + 4 <= len(raw):
        kind, length = struct.unpack_from("<HH", raw, at)
        yield kind, raw[at + 4 : at + 4 + length]
        if kind == EOF:
            return
        at += 4 + length


def _globals(raw: bytes) -> Globals:
    sheets, formats, styles, shared = [], dict(BUILTIN_FORMATS), [], []
    epoch, wide, page, last = CALENDAR_WINDOWS_1900, True, "cp1252", 0
    for kind, body in _records(raw, 0):
        if kind == BOF:
            wide = struct.unpack_from("<H", body)[0] >= VERSION_8
        elif kind == PASSWORD:
            raise Locked
        elif kind == MAC_DATES and struct.unpack_from("<H", body)[0]:
            epoch = CALENDAR_MAC_1904
        elif kind == CODE_PAGE:
            page = _page(struct.unpack_from("<H", body)[0])
        elif kind == SHEET and body[5] == 0:
            name = _short(body[6:], wide, page)
            sheets.append((name, struct.unpack_from("<I", body)[0]))
        elif kind == FORMAT:
            number = struct.unpack_from("<H", body)[0]
            formats[number] = _long(body[2:], wide, page) if wide else _short(body[2:], wide, page)
        elif kind == STYLE:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == STRINGS or (kind == CONTINUE and last == STRINGS):
            shared.append(body)
        last = last if kind == CONTINUE else kind
    dates = [bool(is_date_format(formats.get(number, ""))) for number in styles]
    return Globals(sheets, _shared(shared), dates, epoch, wide, page)


def _page(number: int) -> str:
    name = {10000: "mac_roman", 32768: "mac_roman", 32769: "cp1252", 1200: "cp1252"}.get(
        number, f"cp{number}"
    )
    try:
        b"".decode(name)
    except LookupError:
        return "cp1252"
    return name


def _short(body: bytes, wide: bool, page: str) -> str:
    """A text with a one-byte length; version 8 has a flag for two-byte letters."""
    if not wide:
        return body[1 : 1 + body[0]].decode(page, "replace")
    if body[1] & 1:
        return body[2 : 2 + 2 * body[0]].decode("utf-16-le", "replace")
    return body[2 : 2 + body[0]].decode("latin-1")


def _long(body: bytes, wide: bool, page: str) -> str:
    """A text with a two-byte length."""
    length = struct.unpack_from("<H", body)[0]
    if not wide:
        return body[2 : 2 + length].decode(page, "replace")
    at = 3 + 2 * bool(body[2] & 8) + 4 * bool(body[2] & 4)
    if body[2] & 1:
        return body[at : at + 2 * length].decode("utf-16-le", "replace")
    return body[at : at + length].decode("latin-1")


class _Parts:
    """The table of shared texts, which goes on from record to record: parts and a place in them."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts, self.part, self.at = parts, 0, 8

    def __bool__(self) -> bool:
        if self.at >= len(self.parts[self.part]):
            self.part, self.at = self.part + 1, 0
        return self.part < len(self.parts)

    def number(self, form: str) -> int:
        value = struct.unpack_from(form, self.parts[self.part], self.at)[0]
        self.at += struct.calcsize(form)
        return value

    def letters(self, length: int, flags: int) -> str:
        """Return so many letters; in a new record they begin with a flag of their own."""
        pieces = []
        while length:
            size = 2 if flags & 1 else 1
            here = min(length, (len(self.parts[self.part]) - self.at) // size)
            piece = self.parts[self.part][self.at : self.at + here * size]
            pieces.append(piece if size == 2 else piece.decode("latin-1").encode("utf-16-le"))
            length -= here
            self.at += here * size
            if length:
                self.part, self.at = self.part + 1, 1
                flags = self.parts[self.part][0]
        return b"".join(pieces).decode("utf-16-le", "replace")

    def skip(self, count: int) -> None:
        self.at += count
        while self.at > len(self.parts[self.part]) and self.part + 1 < len(self.parts):
            self.at -= len(self.parts[self.part])
            self.part += 1


def _shared(parts: list[bytes]) -> list[str]:
    """Return the shared texts, without their formats and readings."""
    if not parts:
        return []
    n, table = struct.unpack_from("<I", parts[0], 4)[0], _Parts(parts)
    texts: list[str] = []
    while len(texts) < n and table:
        length, flags = table.number("<H"), table.number("<B")
        runs = table.number("<H") if flags & 8 else 0
        extra = table.number("<I") if flags & 4 else 0
        texts.append(table.letters(length, flags))
        table.skip(4 * runs + extra)
    return texts


def _cells(raw: bytes, at: int, common: Globals) -> Iterator[tuple[tuple[int, int], object]]:
    """Yield ((row, column), value) of one sheet."""
    depth, waiting = 0, None
    for kind, body in _inside(raw, at):
        depth += (kind == BOF) - (kind == EOF)
        if depth != 1 or len(body) < 6:
            continue
        place, style = struct.unpack_from("<HH", body), struct.unpack_from("<H", body, 4)[0]
        if kind == LABEL_SST:
            yield place, common.texts[struct.unpack_from("<I", body, 6)[0]]
        elif kind in (LABEL, RICH):
            yield place, _long(body[6:], common.wide, common.page)
        elif kind == NUMBER:
            yield place, _value(struct.unpack_from("<d", body, 6)[0], style, common)
        elif kind == RK:
            yield place, _value(_rk(body[6:10]), style, common)
        elif kind == MANY_RK:
            for n, start in enumerate(range(4, len(body) - 6, 6)):
                style = struct.unpack_from("<H", body, start)[0]
                yield (place[0], place[1] + n), _value(_rk(body[start + 2 : start + 6]), style, common)
        elif kind == TRUTH and not body[7]:
            yield place, bool(body[6])
        elif kind == FORMULA:
            waiting = place if body[12:14] == b"\xff\xff" and body[6] == 0 else None
            if body[12:14] != b"\xff\xff":
                yield place, _value(struct.unpack_from("<d", body, 6)[0], style, common)
            elif body[6] == 1:
                yield place, bool(body[8])
        elif kind == FORMULA_TEXT and waiting:
            yield waiting, _long(body, common.wide, common.page)


def _inside(raw: bytes, at: int) -> Iterator[Record]:
    """Yield the records of a sheet with the charts in it, each of which has its own end mark."""
    depth = 0
    while at + 4 <= len(raw):
        kind, length = struct.unpack_from("<HH", raw, at)
        yield kind, raw[at + 4 : at + 4 + length]
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return
        at += 4 + length


def _rk(body: bytes) -> float:
    """A number in four bytes: an integer or the upper half of a float, perhaps times 100."""
    word = struct.unpack("<i", body)[0]
    if word & 2:
        value = float(word >> 2)
    else:
        value = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", word & 0xFFFFFFFC))[0]
    return value / 100 if word & 1 else value


def _value(number: float, style: int, common: Globals) -> object:
    if style < len(common.dates) and common.dates[style]:
        try:
            return from_excel(number, common.epoch)
        except (OverflowError, ValueError):
            return number
    return number
