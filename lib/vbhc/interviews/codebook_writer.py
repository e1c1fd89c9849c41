"""Write the code tree alone as a REFI-QDA code book (`.qdc`), the same bytes every time."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from vbhc.interviews.tables import Interviews, fault
from vbhc.interviews.writer import code_elements, code_guids, guid

NAMESPACE = "urn:QDA-XML:codebook:1.0"


def write_qdc(interviews: Interviews, path: Path) -> Path:
    """Write codes, categories, definitions, colours and sets; no words of anybody.

    Raises
    ------
    StudyError
        There is no code: the format needs one.
    """
    codes = interviews.codes
    if codes.empty:
        raise fault(path.name, "no codes to write", "a code book has at least one")
    root = Element("CodeBook", {"xmlns": NAMESPACE, "origin": "vbhc"})
    guids = code_guids(codes)
    code_elements(SubElement(root, "Codes"), codes, guids)
    members: dict[str, list[str]] = {}
    for row in codes.itertuples():
        for name in filter(None, str(row.sets).split(";")):
            members.setdefault(name, []).append(guids[row.code])
    parent = SubElement(root, "Sets") if members else None
    for name, inside in members.items():
        element = SubElement(parent, "Set", guid=guid("set", name), name=name)
        for member in inside:
            SubElement(element, "MemberCode", guid=member)
    ElementTree.indent(root)
    head = b'<?xml version="1.0" encoding="utf-8"?>\n'
    path.write_bytes(head + ElementTree.tostring(root, encoding="utf-8") + b"\n")
    return path
