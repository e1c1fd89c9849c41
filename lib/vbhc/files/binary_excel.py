"""What calamine does not tell of an old workbook (.xls): is it whole, how large is a sheet, what are errors.

Records after Microsoft's published [MS-XLS]: a two-byte kind, a two-byte length, the content.
"""

import re
import struct
from collections.abc import Iterator

from vbhc.files.compound import Container, read_stream
from vbhc.files.marks import ERRORS, Locked, Marks

BOF, EOF, SHEET, PASSWORD = 0x0809, 0x000A, 0x0085, 0x002F
TRUTH, FORMULA = 0x0205, 0x0006
CELLS = frozenset({0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD, TRUTH, FORMULA, 0x0201, 0x00BE})
_PAIR = struct.Struct("<HH").unpack_from
LOST = (
    "\ufffd\ufffd"  # what calamine makes of a letter of two halves that ends one record and begins the next
)
_HALVES = re.compile(rb"(.[\xd8-\xdb])\x3c\x00..\x01(.[\xdc-\xdf])", re.DOTALL)
_AROUND = 20  # so many letters on either side tell which text it stands in
MANY = frozenset({0x00BD, 0x00BE})  # cells side by side: the last column ends the record


def workbook_stream(container: Container) -> bytes:
    """Return the records of a workbook; versions before 8 name the stream otherwise."""
    return read_stream(container, "workbook" if "workbook" in container.streams else "book")


def xls_marks(raw: bytes) -> list[Marks]:
    """Return the marks of each sheet, in the order of the workbook.

    Raises
    ------
    Locked
        The workbook has a password.
    ValueError, KeyError, IndexError, struct.error
        Damaged or cut short.
    """
    starts = []
    for kind, body in _records(raw, 0):
        if kind == PASSWORD:
            raise Locked
        if kind == SHEET:
            starts.append(struct.unpack_from("<I", body)[0])
    return [_sheet_marks(raw, start) for start in starts]


def _records(raw: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one part of the stream up to its end mark; charts within have their own."""
    depth = 0
    while True:
        kind, length = _PAIR(raw, at)
        at += 4 + length
        if at > len(raw):
            raise ValueError("a record beyond the end")
        yield kind, raw[at - length : at]
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return


def _sheet_marks(raw: bytes, start: int) -> Marks:
    errors, height, width, depth = {}, 0, 0, 0
    for kind, body in _records(raw, start):
        depth += (kind == BOF) - (kind == EOF)
        if depth != 1 or kind not in CELLS:
            continue
        row, column = _PAIR(body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind in MANY else column
        if row >= height:
            height = row + 1
        if last >= width:
            width = last + 1
        if kind == TRUTH and body[7]:
            errors[row, column] = ERRORS.get(body[6], "#N/A")
        elif kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            errors[row, column] = ERRORS.get(body[8], "#N/A")
    return Marks(height, width, errors)


def mended(text: str, raw: bytes) -> str:
    """Return a text with the letters that calamine lost where the text goes on from record to record."""
    before, _, after = text.partition(LOST)
    left = before[-_AROUND:].encode("utf-16-le")
    right = after.partition(LOST)[0][:_AROUND].encode("utf-16-le")
    for halves in _HALVES.finditer(raw):
        if raw.endswith(left, 0, halves.start()) and raw.startswith(right, halves.end()):
            letter = (halves[1] + halves[2]).decode("utf-16-le")
            return before + letter + (mended(after, raw) if LOST in after else after)
    return text
