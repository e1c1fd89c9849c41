"""Projects as real tools write them: what the library writes, with other folders, counts, spelling."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from refi_schema import NAMESPACE

from vbhc import interviews
from vbhc.interviews.offsets import Convention, Text, ruler
from vbhc.interviews.tables import Interviews

GUIDS = ("guid", "targetGUID", "creatingUser")


class Dialect(NamedTuple):
    """How a tool writes: names of the folder and the project file, case names, texts, and counting."""

    folder: str = "sources"
    project_file: str = "project.qde"
    named_cases: bool = True
    inline_text: bool = False
    line_end: str = "\n"
    bom: bool = False
    counting: Convention = Convention()
    braces: bool = False
    dates: bool = True
    cases_among_codes: bool = False


def write_in(dialect: Dialect, study: Interviews, path: Path) -> Path:
    """Write a project as a tool of this dialect would."""
    with zipfile.ZipFile(interviews.write_qdpx(study, path)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    root = ElementTree.fromstring(texts.pop("project.qde").replace(f' xmlns="{NAMESPACE}"', "", 1))
    root.set("xmlns", NAMESPACE)
    for source in root.iterfind("Sources/TextSource"):
        _source(source, texts, dialect)
    _cases(root, dialect)
    for element in root.iter():
        if not dialect.dates:
            element.attrib.pop("creationDateTime", None)
        for name in GUIDS if dialect.braces else ():
            if name in element.attrib:
                element.set(name, "{" + element.get(name).upper() + "}")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(dialect.project_file, ElementTree.tostring(root, encoding="utf-8"))
        for name, text in texts.items():
            archive.writestr(name.replace("sources/", f"{dialect.folder}/"), text.encode("utf-8"))
    return path


def _source(source: Element, texts: dict[str, str], dialect: Dialect) -> None:
    member = "sources/" + source.get("plainTextPath").removeprefix("internal://")
    plain = texts[member]
    written = plain.replace("\n", dialect.line_end)
    texts[member] = ("\ufeff" if dialect.bom else "") + written
    count = ruler(Text(plain, (dialect.line_end,) * plain.count("\n"), dialect.bom), dialect.counting)
    for selection in source.iterfind("PlainTextSelection"):
        start, end = (int(selection.get(name)) for name in ("startPosition", "endPosition"))
        selection.set("startPosition", str(int(count.counted(start))))
        selection.set("endPosition", str(int(count.counted(end)) - dialect.counting.inclusive))
    if dialect.inline_text:
        del source.attrib["plainTextPath"], texts[member]
        content = Element("PlainTextContent")
        content.text = written
        source.insert(0, content)


def _cases(root: Element, dialect: Dialect) -> None:
    for case in root.iterfind("Cases/Case"):
        if dialect.cases_among_codes:
            known = {"guid": case.get("guid"), "name": case.get("name"), "isCodable": "true"}
            SubElement(root.find("CodeBook/Codes"), "Code", known)
        if not dialect.named_cases:
            del case.attrib["name"]
