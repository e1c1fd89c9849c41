"""Write a binary workbook (.xls) as a test fixture: the few records that coded segments need.

Layout after [MS-CFB] and [MS-XLS]. Texts longer than a record go on in the next one.
"""

from __future__ import annotations

import struct
from pathlib import Path

RECORD = 8224  # the longest content of one record
SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def shared_texts(texts: list[str]) -> bytes:
    """Return the table of texts, parted into records in the middle of texts."""
    parts, part = [], struct.pack("<II", len(texts), len(texts))
    for text in texts:
        units = text.encode("utf-16-le")
        wide = any(units[1::2])
        if len(part) + 3 > RECORD:
            parts, part = [*parts, part], b""
        part += struct.pack("<HB", len(units) // 2, wide)
        size = 2 if wide else 1
        body = units if wide else units[::2]
        while body:
            room = (RECORD - len(part)) // size * size
            part, body = part + body[:room], body[room:]
            if body:
                parts, part = [*parts, part], bytes([wide])
    kinds = [0x00FC] + [0x003C] * len(parts)
    return b"".join(record(k, p) for k, p in zip(kinds, [*parts, part], strict=True))


def sheet(rows: list[list], texts: list[str]) -> bytes:
    cells = []
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            place = struct.pack("<HHH", r, c, 0)
            if isinstance(value, str) and value:
                texts.append(value)
                cells.append(record(0x00FD, place + struct.pack("<I", len(texts) - 1)))
            elif isinstance(value, bool):
                cells.append(record(0x0205, place + bytes([value, 0])))
            elif isinstance(value, int):
                cells.append(record(0x027E, place + struct.pack("<i", value << 2 | 2)))
            elif isinstance(value, float):
                cells.append(record(0x0203, place + struct.pack("<d", value)))
    return (
        record(0x0809, struct.pack("<HHIQ", 0x0600, 0x0010, 0, 0)[:16])
        + b"".join(cells)
        + record(0x000A, b"")
    )


def stream(sheets: dict[str, list[list]]) -> bytes:
    texts: list[str] = []
    parts = [sheet(rows, texts) for rows in sheets.values()]
    begin = record(0x0809, struct.pack("<HHIQ", 0x0600, 0x0005, 0, 0)[:16]) + record(0x00E0, bytes(20))
    names = [name.encode("utf-16-le") for name in sheets]
    shared = shared_texts(texts) + record(0x000A, b"")
    at = len(begin) + sum(12 + len(n) for n in names) + len(shared)
    listed = b""
    for name, part in zip(names, parts, strict=True):
        listed += record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name) // 2, 1) + name)
        at += len(part)
    return begin + listed + shared + b"".join(parts)


def entry(name: str, kind: int, first: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    body = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return (
        body
        + struct.pack("<III", FREE, FREE, 1 if kind == 5 else FREE)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )


def container(name: str, content: bytes) -> bytes:
    """Put one stream into a compound file: header, directory, chain table, the stream's sectors."""
    content = content.ljust(4096, b"\0")
    n = -(-len(content) // SECTOR)
    tables = -(-(n + 1) // (SECTOR // 4 - 1))
    chain = [TABLE] * tables + [END] + [tables + 2 + k for k in range(n - 1)] + [END]
    chain += [FREE] * (tables * SECTOR // 4 - len(chain))
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
        + bytes(10)
    )
    head += struct.pack("<IIIIIIIII", tables, tables, 0, 4096, END, 0, END, 0, 0)[:36]
    head = head[:76] + struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    directory = entry("Root Entry", 5, END, 0) + entry(name, 2, tables + 1, len(content)) + bytes(256)
    return head + struct.pack(f"<{len(chain)}I", *chain) + directory + content.ljust(n * SECTOR, b"\0")


def xls(path: Path, **sheets: list[list]) -> Path:
    path.write_bytes(container("Workbook", stream(sheets)))
    return path
