"""Read a REFI-QDA project: its XML, trusting nothing in the package around it, into the five tables.

A `.qdpx` is a zip with XML; what both can be made to do, `vbhc.files.safe_zip` says. Nothing is unpacked to
disk, media are not opened, and what is out of bounds is refused by name.
"""

import re
import zipfile
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

from vbhc.files import Limits, open_zip, parse_xml, read_member
from vbhc.interviews.assemble import Project, assemble
from vbhc.interviews.cases import read_cases, read_groups
from vbhc.interviews.codebook import guid_of, read_codes
from vbhc.interviews.sources import read_sources
from vbhc.interviews.tables import Interviews, Report
from vbhc.problems import fault

PACKED = (".qdpx", ".zip")
NOT_USED = {"notes": "Notes/Note", "links": "Links/Link", "graphs": "Graphs/Graph"}


def read_refi(path: Path, limits: Limits) -> Interviews:
    """Read `.qdpx` (or as `.zip`), or a bare `.qde` with the folder `sources` beside it.

    Raises
    ------
    StudyError
        The file is no such project, is damaged, or would be dangerous to open.
    """
    report = Report()
    packed = path.suffix.lower() in PACKED
    content, texts = _package(path, limits, report) if packed else _unpacked(path, limits)
    root = parse_xml(path.name, content, limits)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    if root.tag != "Project":
        raise fault(path.name, f"the XML begins with <{root.tag}>", "a REFI-QDA <Project>")
    report.add("read", "tool", 1, f"REFI-QDA Project, written by {root.get('origin') or 'an unnamed tool'}")
    cases, variables = read_cases(root, report)
    codes, code_of = read_codes(root, report, frozenset(c.guid for c in cases))
    sources = read_sources(root, texts, report)
    read_groups(root, sources, report)
    users = _users(root, report)
    for what, place in NOT_USED.items():
        report.add("dropped", what, len(root.findall(place)), "not used by this suite")
    return assemble(Project(sources, cases, variables, codes, code_of, users), report)


def _users(root: Element, report: Report) -> dict[str, str]:
    """Return the coders by GUID; two of one name are two people, and numbered."""
    names: dict[str, str] = {}
    for user in root.iterfind("Users/User"):
        name = user.get("name") or user.get("id") or ""
        same = sum(known.partition(" (")[0] == name for known in names.values())
        if name and same:
            report.add("guessed", "coders of the same name", 1, "told apart by GUID, and numbered")
            name = f"{name} ({same + 1})"
        names[guid_of(user.get("guid"))] = name
    return names


def _package(path: Path, limits: Limits, report: Report) -> tuple[bytes, dict[str, bytes]]:
    """Return the project's XML and the plain texts of a `.qdpx` by lower-case file name.

    Raises
    ------
    StudyError
        Not a zip, damaged, encrypted, no or several `.qde`, a member name that leaves the folder, a member or
        all texts together too large, a compression ratio that no text reaches.
    """
    texts: dict[str, bytes] = {}
    with open_zip(path.name, path, limits, ".qdpx (a zip file)") as (archive, members):
        members = [m for m in members if not _place(m).name.startswith("._")]  # of macOS
        project = _project_member(path.name, members)
        content = read_member(path.name, archive, project, limits.project_bytes)
        paths = re.findall(r'plainTextPath="([^"]*)"', content.decode("utf-8", "ignore"))
        named = {re.split(r"[/\\]", known)[-1].lower() for known in paths}  # whatever their ending
        left, other = limits.all_texts_bytes, 0
        for member in members:
            place, name = _place(member), _place(member).name.lower()
            if member is project or not (name.endswith(".txt") or name in named):
                other += member is not project
                continue
            found = read_member(path.name, archive, member, min(limits.text_bytes, left))
            if name not in texts or place.parent.name.lower() == "sources":
                texts[name] = found
            left -= len(found)
    report.add("read", "project", 1, project.filename)
    report.add("read", "other files inside, not opened", other)
    return content, texts


def _place(member: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(member.filename.replace("\\", "/"))


def _project_member(shown: str, members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """ATLAS.ti names the file after the project; the standard says `project.qde`."""
    found = [m for m in members if m.filename.lower().endswith(".qde")]
    top = min((len(_place(m).parts) for m in found), default=0)  # a copy among the sources is none
    found = [m for m in found if len(_place(m).parts) == top]
    named = [m for m in found if _place(m).name.lower() == "project.qde"]
    if len(found) != 1 and len(named) != 1:
        names = ", ".join(m.filename for m in found) or "none"
        raise fault(shown, f"project files inside: {names}", "exactly one .qde")
    return (named or found)[0]


def _unpacked(project: Path, limits: Limits) -> tuple[bytes, dict[str, bytes]]:
    """Return the XML of a bare project, and the `.txt` files in the folder `sources` beside it."""
    content = _read_file(project, limits.project_bytes)
    texts: dict[str, bytes] = {}
    left = limits.all_texts_bytes
    for file in sorted(project.parent.glob("*/*.[tT][xX][tT]")):
        links = file.is_symlink() or file.parent.is_symlink()
        if file.parent.name.lower() == "sources" and file.is_file() and not links:
            texts[file.name.lower()] = found = _read_file(file, min(limits.text_bytes, left))
            left -= len(found)
    return content, texts


def _read_file(file: Path, limit: int) -> bytes:
    if file.stat().st_size > limit:
        raise fault(file.name, f"larger than {limit:,} bytes", "split the project")
    return file.read_bytes()
