"""Read a REFI-QDA project (`.qdpx`) or code book (`.qdc`) into the five tables."""

from pathlib import Path
from xml.etree.ElementTree import Element

from vbhc.files import Limits, parse_xml
from vbhc.interviews.archive import read_alone, read_folder, read_package
from vbhc.interviews.assemble import Project, assemble
from vbhc.interviews.cases import read_cases, read_groups
from vbhc.interviews.codebook import guid_of, read_codes
from vbhc.interviews.schema import schema_faults
from vbhc.interviews.sources import read_sources
from vbhc.interviews.tables import Interviews, Report
from vbhc.problems import fault

PACKED = (".qdpx", ".zip")


def read_refi(path: Path, limits: Limits) -> Interviews:
    """Read `.qdpx` (or as `.zip`), a bare `.qde` with the folder `sources` beside it, or `.qdc`.

    Raises
    ------
    StudyError
        The file is no such project, is damaged, or would be dangerous to open (see `archive`).
    """
    report = Report()
    texts: dict[str, bytes] = {}
    if path.suffix.lower() in PACKED:
        package = read_package(path, limits)
        content, texts = package.project, package.texts
        report.add("read", "project", 1, package.project_name)
        report.add("read", "other files inside, not opened", len(package.other))
    else:
        content = read_alone(path, limits)
        texts = read_folder(path, limits) if path.suffix.lower() == ".qde" else {}
    root = parse_xml(path.name, content, limits)
    if root.tag.rpartition("}")[2] == "Project":
        faults = schema_faults(root)
        report.add("warning", "departures from the REFI-QDA schema", len(faults), "; ".join(faults[:3]))
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    if root.tag not in ("Project", "CodeBook"):
        raise fault(path.name, f"the XML begins with <{root.tag}>", "a REFI-QDA <Project> or <CodeBook>")
    tool = root.get("origin") or "an unnamed tool"
    report.add("read", "tool", 1, f"REFI-QDA {root.tag}, written by {tool}")
    cases, variables = read_cases(root, report)
    codes, code_of = read_codes(root, report, frozenset(c.guid for c in cases))
    sources = read_sources(root, texts, report)
    read_groups(root, sources, report)
    users = _users(root, report)
    report.add("dropped", "graphs", len(root.findall("Graphs/Graph")), "not used by this suite")
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
