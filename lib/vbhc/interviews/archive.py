"""Open a project file from somebody else's machine without trusting it.

A `.qdpx` is a zip with XML. Both can be made to harm: a few kilobytes that unpack to gigabytes, member names
that climb out of the folder, XML that pulls in other files. Nothing is unpacked to disk, media are not
opened, and what is out of bounds is refused by name.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from vbhc.interviews.tables import fault
from vbhc.problems import StudyError

MIB = 1024 * 1024


class Limits(NamedTuple):
    """What a project file may hold; real ones stay far below."""

    members: int = 20_000
    project_bytes: int = 256 * MIB
    text_bytes: int = 64 * MIB
    all_texts_bytes: int = 512 * MIB
    ratio: float = 200
    ratio_from_bytes: int = 4 * MIB
    depth: int = 100


class Package(NamedTuple):
    """What can be read of a project file: its XML, plain texts by lower-case file name, names of the rest."""

    project: bytes
    project_name: str
    texts: dict[str, bytes]
    other: tuple[str, ...]


def read_package(path: Path, limits: Limits | None = None) -> Package:
    """Read the project XML and the plain-text sources of a `.qdpx`.

    Raises
    ------
    StudyError
        Not a zip, damaged, encrypted, no or several `.qde`, a member name that leaves the folder, a member or
        all texts together too large, a compression ratio that no text reaches.
    """
    limits = limits or Limits()
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            check_members(path.name, members, limits)
            members = [m for m in members if not PurePosixPath(_posix(m)).name.startswith("._")]  # of macOS
            project = _project_member(path.name, members)
            content = read_member(path.name, archive, project, limits.project_bytes)
            plain = [m for m in members if _is_text(m, _named_texts(content))]
            texts = {}
            left = limits.all_texts_bytes
            for member in plain:
                found = read_member(path.name, archive, member, min(limits.text_bytes, left))
                place = PurePosixPath(_posix(member))
                if place.name.lower() not in texts or place.parent.name.lower() == "sources":
                    texts[place.name.lower()] = found
                left -= len(found)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, zlib.error, RuntimeError) as error:
        raise fault(path.name, "not a readable .qdpx (a zip file)", "export it again") from error
    known = {m.filename for m in plain} | {project.filename}
    other = tuple(m.filename for m in members if m.filename not in known)
    return Package(content, project.filename, texts, other)


def read_folder(project: Path, limits: Limits | None = None) -> dict[str, bytes]:
    """Return the plain texts of an unpacked project: the `.txt` files in the folder `sources` beside it."""
    limits = limits or Limits()
    texts: dict[str, bytes] = {}
    left = limits.all_texts_bytes
    for folder in sorted(project.parent.iterdir()):
        if folder.name.lower() != "sources" or not folder.is_dir() or folder.is_symlink():
            continue
        for file in sorted(folder.iterdir()):
            if file.suffix.lower() == ".txt" and file.is_file() and not file.is_symlink():
                if file.stat().st_size > min(limits.text_bytes, left):
                    raise fault(file.name, f"is larger than {limits.text_bytes:,} bytes", "split the project")
                texts[file.name.lower()] = file.read_bytes()
                left -= len(texts[file.name.lower()])
    return texts


def read_alone(path: Path, limits: Limits | None = None) -> bytes:
    """Return the XML of a bare project or code book, if it is not too large."""
    most = (limits or Limits()).project_bytes
    if path.stat().st_size > most:
        raise fault(path.name, f"larger than {most:,} bytes", "split the project")
    return path.read_bytes()


def _named_texts(project: bytes) -> frozenset[str]:
    """Return the file names that the project gives as plain text, whatever their ending."""
    paths = re.findall(r'plainTextPath="([^"]*)"', project.decode("utf-8", "ignore"))
    return frozenset(re.split(r"[/\\]", path)[-1].lower() for path in paths)


def _is_text(member: zipfile.ZipInfo, named: frozenset[str]) -> bool:
    name = PurePosixPath(_posix(member)).name.lower()
    return name.endswith(".txt") or name in named


def _posix(member: zipfile.ZipInfo) -> str:
    return member.filename.replace("\\", "/")


def check_members(shown: str, members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Raise StudyError for what makes a zip dangerous to open: too many, too large or misplaced members."""
    if len(members) > limits.members:
        raise fault(shown, f"{len(members):,} files inside", f"at most {limits.members:,}")
    for member in members:
        name = PurePosixPath(_posix(member))
        if name.is_absolute() or ".." in name.parts or ":" in "".join(name.parts[:1]):
            raise fault(shown, f"the member name {member.filename!r} leaves the folder", "export it again")
        if member.flag_bits & 1:
            raise fault(shown, f"{member.filename!r} is encrypted", "export without a password")
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > limits.ratio_from_bytes and ratio > limits.ratio:
            found = f"{member.filename!r} unpacks to {ratio:,.0f} times its size"
            raise fault(shown, found, "this looks like a zip bomb and is not opened")


def _project_member(shown: str, members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """ATLAS.ti names the file after the project; the standard says `project.qde`."""
    found = [m for m in members if m.filename.lower().endswith(".qde")]
    named = [m for m in found if PurePosixPath(_posix(m)).name.lower() == "project.qde"]
    if len(found) != 1 and len(named) != 1:
        names = ", ".join(m.filename for m in found) or "none"
        raise fault(shown, f"project files inside: {names}", "exactly one .qde")
    return (named or found)[0]


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
    limits = limits or Limits()
    depth = 0

    def refuse(*_) -> None:
        raise fault(shown, "declares a DOCTYPE or entities", "an export needs none; not opened")

    def opened(*_) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.depth:
            raise fault(shown, f"elements nested deeper than {limits.depth}", "export it again")

    def closed(_) -> None:
        nonlocal depth
        depth -= 1

    guard = expat.ParserCreate()
    guard.StartDoctypeDeclHandler = refuse
    guard.EntityDeclHandler = refuse
    guard.StartElementHandler, guard.EndElementHandler = opened, closed
    try:
        guard.Parse(content, True)
        return ElementTree.fromstring(content)
    except StudyError:
        raise
    except (expat.ExpatError, ElementTree.ParseError, LookupError, ValueError) as error:
        row = getattr(error, "lineno", None)
        raise fault(shown, "not well-formed XML", "export it again", row=row) from error
