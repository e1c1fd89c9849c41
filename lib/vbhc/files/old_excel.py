"""What calamine does not tell of an old workbook (.xls): is it whole, how large is a sheet, what are errors.

Records after Microsoft's published [MS-XLS]: a two-byte kind, a two-byte length, the content. They lie in a
stream of a compound file, whose layout is published as [MS-CFB]: a header, sectors of one size, a table that
chains them (FAT), a directory, and a second, finer table for streams below a cutoff. A chain that runs in a
circle or beyond the end of the file is refused: that is how a file cut short shows.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from vbhc.files.marks import ERRORS, Locked, Marks

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # this and above mark no sector
_ENTRY = 128
_IN_HEADER = 109
_SMALL = 64
BOF, EOF, SHEET, PASSWORD = 0x0809, 0x000A, 0x0085, 0x002F
TRUTH, FORMULA = 0x0205, 0x0006
CELLS = frozenset({0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD, TRUTH, FORMULA, 0x0201, 0x00BE})
_PAIR = struct.Struct("<HH").unpack_from
MANY = frozenset({0x00BD, 0x00BE})  # cells side by side: the last column ends the record


def xls_marks(raw: bytes) -> list[Marks]:
    """Return the marks of each sheet of a .xls, in the order of the workbook.

    Raises
    ------
    Locked
        The workbook has a password.
    ValueError, KeyError, IndexError, struct.error
        Damaged or cut short.
    """
    container = open_container(raw)
    if "encryptedpackage" in container.streams:  # a new workbook with a password lies in an old container
        raise Locked
    # versions before 8 name the stream otherwise
    raw = read_stream(container, "workbook" if "workbook" in container.streams else "book")
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


class Container(NamedTuple):
    """The file, the size of a sector, the chain tables, and `{name in lower case: (first sector, size)}`."""

    raw: bytes
    size: int
    fat: tuple[int, ...]
    mini_fat: tuple[int, ...]
    mini_cutoff: int
    root: tuple[int, int]
    streams: dict[str, tuple[int, int]]


def open_container(raw: bytes) -> Container:
    """Read header, tables and directory.

    Raises
    ------
    ValueError, struct.error
        Damaged or no compound file.
    """
    shift = struct.unpack_from("<H", raw, 30)[0]
    if shift not in (9, 12):
        raise ValueError("unknown size of sectors")
    size = 1 << shift
    n_fat, directory = struct.unpack_from("<II", raw, 44)
    cutoff, first_mini = struct.unpack_from("<II", raw, 56)
    fat = _fat(raw, size, n_fat)
    mini = _chain(raw[size:], size, fat, first_mini)
    entries = _chain(raw[size:], size, fat, directory)
    streams: dict[str, tuple[int, int]] = {}
    root = (_END, 0)
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", entries, at + 64)
        place = struct.unpack_from("<II", entries, at + 116)
        name = entries[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace").lower()
        if kind == 5:
            root = place
        elif kind == 2:
            streams.setdefault(name, place)
    return Container(raw, size, fat, _numbers(mini), cutoff, root, streams)


def read_stream(container: Container, name: str) -> bytes:
    """Return a stream's bytes.

    Raises
    ------
    ValueError, KeyError
        Damaged or cut short, or no stream of that name.
    """
    first, length = container.streams[name]
    sectors = container.raw[container.size :]
    if length >= container.mini_cutoff:
        found = _chain(sectors, container.size, container.fat, first)
    else:
        small = _chain(sectors, container.size, container.fat, container.root[0])
        found = _chain(small, _SMALL, container.mini_fat, first)
    if len(found) < length:
        raise ValueError("a stream beyond the end")
    return found[:length]


def _numbers(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])


def _fat(raw: bytes, size: int, n: int) -> tuple[int, ...]:
    """Return the chain table: its sectors are listed in the header and, for large files, in more sectors."""
    listed, sectors = list(struct.unpack_from(f"<{_IN_HEADER}I", raw, 76)), raw[size:]
    more, seen = struct.unpack_from("<I", raw, 68)[0], set()
    while more < _END and more not in seen:
        seen.add(more)
        *numbers, more = _numbers(_sector(sectors, size, more))
        listed += numbers
    used = [number for number in listed if number < _END][:n]
    return _numbers(b"".join(_sector(sectors, size, number) for number in used))


def _chain(sectors: bytes, size: int, table: tuple[int, ...], first: int) -> bytes:
    pieces, seen = [], set()
    while first < _END:
        if first in seen or first >= len(table):
            raise ValueError("broken chain")
        seen.add(first)
        pieces.append(_sector(sectors, size, first))
        first = table[first]
    return b"".join(pieces)


def _sector(sectors: bytes, size: int, number: int) -> bytes:
    if number * size >= len(sectors):
        raise ValueError("a sector beyond the end")
    return sectors[number * size : (number + 1) * size]
