"""Open a project file from somebody else's machine without trusting it.

A `.qdpx` is a zip with XML; what both can be made to do, `vbhc.files.safe_zip` says. Nothing is unpacked to
disk, media are not opened, and what is out of bounds is refused by name.
"""

import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from vbhc.files import Limits, open_zip, read_member
from vbhc.problems import fault


class Package(NamedTuple):
    """What can be read of a project file: its XML, plain texts by lower-case file name, names of the rest."""

    project: bytes
    project_name: str
    texts: dict[str, bytes]
    other: tuple[str, ...]


def read_package(path: Path, limits: Limits) -> Package:
    """Read the project XML and the plain-text sources of a `.qdpx`.

    Raises
    ------
    StudyError
        Not a zip, damaged, encrypted, no or several `.qde`, a member name that leaves the folder, a member or
        all texts together too large, a compression ratio that no text reaches.
    """
    with open_zip(path.name, path, limits, ".qdpx (a zip file)") as (archive, members):
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
    known = {m.filename for m in plain} | {project.filename}
    other = tuple(m.filename for m in members if m.filename not in known)
    return Package(content, project.filename, texts, other)


def read_folder(project: Path, limits: Limits) -> dict[str, bytes]:
    """Return the plain texts of an unpacked project: the `.txt` files in the folder `sources` beside it."""
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


def read_alone(path: Path, limits: Limits) -> bytes:
    """Return the XML of a bare project or code book, if it is not too large."""
    if path.stat().st_size > limits.project_bytes:
        raise fault(path.name, f"larger than {limits.project_bytes:,} bytes", "split the project")
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


def _project_member(shown: str, members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """ATLAS.ti names the file after the project; the standard says `project.qde`."""
    found = [m for m in members if m.filename.lower().endswith(".qde")]
    top = min((_posix(m).count("/") for m in found), default=0)  # a copy among the sources is not the project
    found = [m for m in found if _posix(m).count("/") == top]
    named = [m for m in found if PurePosixPath(_posix(m)).name.lower() == "project.qde"]
    if len(found) != 1 and len(named) != 1:
        names = ", ".join(m.filename for m in found) or "none"
        raise fault(shown, f"project files inside: {names}", "exactly one .qde")
    return (named or found)[0]
