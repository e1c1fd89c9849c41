"""Write coded interviews as a REFI-QDA project that other tools can open, always the same bytes.

Positions count Unicode characters, as the standard says.
"""

import uuid
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pandas as pd

from vbhc.interviews.tables import Interviews

NAMESPACE = "urn:QDA-XML:project:1.0"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_SPACE = uuid.UUID("6b1f7f62-93a5-4d7b-9d0b-0c7a5b8a8f11")
_TYPES = {"b": ("Boolean", "BooleanValue"), "i": ("Integer", "IntegerValue"), "f": ("Float", "FloatValue")}


def write_qdpx(interviews: Interviews, path: Path, name: str = "interviews") -> Path:
    """Write a `.qdpx` that is valid against Project.xsd 1.0.

    Parameters
    ----------
    interviews : Interviews
        `participants` become cases with variables. What is coded without a position in a text (a part of a
        picture, a passage of a table export) is written as a coding of the whole source.
    path : Path
        File to write.
    name : str
        Name of the project.

    Notes
    -----
    Members are stored, not compressed: the compressed bytes depend on the machine's zlib.
    """
    root, texts = _project(interviews, name)
    ElementTree.indent(root)
    head = b'<?xml version="1.0" encoding="utf-8"?>\n'
    texts = {"project.qde": head + ElementTree.tostring(root, encoding="utf-8") + b"\n"} | texts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for member, data in texts.items():
            info = zipfile.ZipInfo(member, ZIP_DATE)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data)
    return path


def guid(*parts: object) -> str:
    """Return the GUID of a thing, always the same for the same name."""
    return str(uuid.uuid5(_SPACE, "/".join(map(str, parts))))


def _project(interviews: Interviews, name: str) -> tuple[Element, dict[str, bytes]]:
    root = Element("Project", {"xmlns": NAMESPACE, "name": name, "origin": "vbhc"})
    coders = list(dict.fromkeys(interviews.codings["coder"]))
    users = SubElement(root, "Users") if coders else None
    for coder in coders:
        SubElement(users, "User", guid=guid("user", coder), name=coder)
    guids = _code_guids(interviews.codes)
    if not interviews.codes.empty:
        _code_elements(SubElement(SubElement(root, "CodeBook"), "Codes"), interviews.codes, guids)
    _variables_and_cases(root, interviews)
    texts = _sources(root, interviews, guids)
    _set_elements(root, interviews.codes, guids)
    return root, texts


def _code_guids(codes: pd.DataFrame) -> dict[str, str]:
    """Return the GUID of every code: the one it has, else one made from its path (and name, if twice)."""
    known = zip(codes.itertuples(), codes["path"].duplicated(), strict=True)
    return {row.code: row.guid or guid("code", row.path, *[row.code] * twice) for row, twice in known}


def _code_elements(tree: Element, codes: pd.DataFrame, guids: dict[str, str]) -> None:
    """Put the code tree under an element, parents around their children."""
    elements: dict[str, Element] = {}
    for row in codes.itertuples():
        attributes = {"guid": guids[row.code], "name": row.path.split(" > ")[-1]}
        attributes |= {"isCodable": str(bool(row.codable)).lower()}
        attributes |= {"color": row.colour} if row.colour else {}
        element = SubElement(elements.get(row.parent, tree), "Code", attributes)
        if row.definition:
            SubElement(element, "Description").text = row.definition
        elements[row.code] = element


def _set_elements(root: Element, codes: pd.DataFrame, guids: dict[str, str]) -> None:
    """Put the sets of codes under the root."""
    members: dict[str, list[str]] = {}
    for row in codes.itertuples():
        for name in filter(None, str(row.sets).split(";")):
            members.setdefault(name, []).append(guids[row.code])
    parent = SubElement(root, "Sets") if members else None
    for name, inside in members.items():
        element = SubElement(parent, "Set", guid=guid("set", name), name=name)
        for member in inside:
            SubElement(element, "MemberCode", targetGUID=member)


def _variables_and_cases(root: Element, interviews: Interviews) -> None:
    people = interviews.participants
    attributes = [c for c in people if c != "participant"]
    kinds = {c: _TYPES.get(people[c].dtype.kind, ("Text", "TextValue")) for c in attributes}
    variables = SubElement(root, "Variables") if attributes else None
    for c in attributes:
        SubElement(variables, "Variable", guid=guid("variable", c), name=c, typeOfVariable=kinds[c][0])
    cases = SubElement(root, "Cases") if len(people) else None
    docs = interviews.documents.groupby("participant")["doc"].agg(list).to_dict()
    for n, person in enumerate(people["participant"]):
        case = SubElement(cases, "Case", guid=guid("case", person), name=person)
        for c in attributes:
            if pd.notna(value := people[c].iloc[n]):
                holder = SubElement(case, "VariableValue")
                SubElement(holder, "VariableRef", targetGUID=guid("variable", c))
                text = str(value).lower() if kinds[c][0] == "Boolean" else str(value)
                SubElement(holder, kinds[c][1]).text = text
        for doc in docs.get(person, []):
            SubElement(case, "SourceRef", targetGUID=guid("source", doc))


def _sources(root: Element, interviews: Interviews, guids: dict[str, str]) -> dict[str, bytes]:
    """Put the documents with their marked places under the root; return their texts by file name."""
    texts: dict[str, bytes] = {}
    parent = SubElement(root, "Sources") if len(interviews.documents) else None
    elements: dict[str, Element] = {}
    for row in interviews.documents.itertuples():
        own = guid("source", row.doc)
        path = {"plainTextPath": f"internal://{own.upper()}.txt"}
        elements[row.doc] = SubElement(parent, "TextSource", {"guid": own, "name": row.doc} | path)
        texts[f"sources/{own.upper()}.txt"] = row.text.encode("utf-8")
    lengths = interviews.documents.set_index("doc")["n_chars"]
    marks = {seg: list(own.itertuples()) for seg, own in interviews.codings.groupby("seg", sort=False)}
    without: dict[str, dict[tuple, Any]] = {}
    for segment in interviews.segments.itertuples():
        marked = marks.get(segment.seg, [])
        if pd.notna(segment.start) and segment.end <= lengths[segment.doc]:
            _selections(elements[segment.doc], segment, marked, guids)
        else:
            without.setdefault(segment.doc, {}).update({(mark.code, mark.coder): mark for mark in marked})
    for doc, whole in without.items():
        _codings(elements[doc], guid("source", doc), list(whole.values()), guids)
    return texts


def _selections(source: Element, segment: Any, marked: list, guids: dict[str, str]) -> None:
    """Put a segment into its source, once for each coder: QualCoder reads the coder of a selection only."""
    own = segment.guid or guid("segment", segment.doc, segment.start, segment.end)
    place = {"startPosition": str(int(segment.start)), "endPosition": str(int(segment.end))}
    for n, coder in enumerate(dict.fromkeys(mark.coder for mark in marked) or [""]):
        known = {"guid": guid("segment", own, coder) if n else own} | place
        known |= {"creatingUser": guid("user", coder)} if coder else {}
        selection = SubElement(source, "PlainTextSelection", known)
        if segment.comment:
            SubElement(selection, "Description").text = segment.comment
        _codings(selection, own, [mark for mark in marked if mark.coder == coder], guids)


def _codings(around: Element, place: str, codings: list, guids: dict[str, str]) -> None:
    for coding in codings:
        own = guid("coding", place.strip("{}").lower(), coding.code, coding.coder)
        attributes = {"guid": own, "creatingUser": guid("user", coding.coder)}
        if pd.notna(coding.when):
            when = coding.when.tz_convert("UTC").isoformat(timespec="seconds")
            attributes["creationDateTime"] = when.replace("+00:00", "Z")
        SubElement(SubElement(around, "Coding", attributes), "CodeRef", targetGUID=guids[coding.code])
