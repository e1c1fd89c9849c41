"""Open zip files and XML from somebody else's machine without trusting them.

Workbooks, project files and Word documents are zips with XML. Both can be made to harm: a few kilobytes that
unpack to gigabytes, member names that climb out of the folder, XML that pulls in other files. Nothing is
unpacked to disk, and what is out of bounds is refused by name.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from vbhc.files.kinds import EXPORT_AGAIN
from vbhc.problems import StudyError, fault

MIB = 1024 * 1024
DAMAGED = (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, zlib.error, RuntimeError, ValueError)


class Limits(NamedTuple):
    """What a file may hold; real ones stay far below."""

    members: int = 20_000
    project_bytes: int = 256 * MIB
    text_bytes: int = 64 * MIB
    all_texts_bytes: int = 512 * MIB
    ratio: float = 200
    ratio_from_bytes: int = 4 * MIB
    depth: int = 100
    cells: int = 10_000_000


@contextmanager
def open_zip(
    shown: str, source: Path | IO[bytes], limits: Limits, what: str
) -> Iterator[tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]]:
    """Open a zip and list its members, folders left out; what is dangerous or damaged raises StudyError."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            check_members(shown, members, limits)
            yield archive, members
    except StudyError:
        raise
    except DAMAGED as error:
        raise fault(shown, f"not a readable {what}", EXPORT_AGAIN) from error


def check_members(shown: str, members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Raise StudyError for what makes a zip dangerous to open: too many, too large or misplaced members."""
    if len(members) > limits.members:
        raise fault(shown, f"{len(members):,} files inside", f"at most {limits.members:,}")
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in "".join(name.parts[:1]):
            raise fault(shown, f"the member name {member.filename!r} leaves the folder", EXPORT_AGAIN)
        if member.flag_bits & 1:
            raise fault(shown, f"{member.filename!r} is encrypted", "export without a password")
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > limits.ratio_from_bytes and ratio > limits.ratio:
            found = f"{member.filename!r} unpacks to {ratio:,.0f} times its size"
            raise fault(shown, found, "this looks like a zip bomb and is not opened")


def read_member(shown: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    """Read one member, counting what really comes out: the size in the directory can lie."""
    too_large = fault(shown, f"{member.filename!r} is larger than {limit:,} bytes", "split the project")
    if member.file_size > limit:
        raise too_large
    with archive.open(member) as handle:
        content = handle.read(limit + 1)
    if len(content) > limit:
        raise too_large
    return content


def parse_xml(shown: str, content: bytes, limits: Limits | None = None) -> ElementTree.Element:
    """Return the root element; refuse a document type, an entity, deep nesting and broken XML."""
    most, depth = (limits or Limits()).depth, 0

    def opened(*_) -> None:
        nonlocal depth
        depth += 1
        if depth > most:
            raise fault(shown, f"elements nested deeper than {most}", EXPORT_AGAIN)

    def closed(_) -> None:
        nonlocal depth
        depth -= 1

    try:
        walk_xml(shown, content, opened, closed)
        return ElementTree.fromstring(content)
    except StudyError:
        raise
    except (expat.ExpatError, ElementTree.ParseError, LookupError, ValueError) as error:
        row = getattr(error, "lineno", None)
        raise fault(shown, "not well-formed XML", EXPORT_AGAIN, row=row) from error


def walk_xml(shown: str, xml: bytes, opened: Callable | None = None, closed: Callable | None = None) -> None:
    """Pass the elements of an XML text to two functions; refuse a document type and entities.

    Raises
    ------
    StudyError
        For a document type or an entity.
    expat.ExpatError, LookupError, ValueError
        For what is no XML.
    """

    def refuse(*_) -> None:
        raise fault(shown, "declares a DOCTYPE or entities", "a table needs none; not opened")

    guard = expat.ParserCreate()
    guard.StartDoctypeDeclHandler = guard.EntityDeclHandler = refuse
    guard.StartElementHandler, guard.EndElementHandler = opened, closed
    guard.Parse(xml, True)
