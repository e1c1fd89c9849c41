"""Write coded interviews as a REFI-QDA project or code book that other tools can open, always the same bytes.

Positions count Unicode characters, as the standard says.
"""

import uuid
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pandas as pd

from vbhc.interviews.schema import NAMESPACE
from vbhc.interviews.stand_in import with_texts
from vbhc.interviews.tables import Interviews
from vbhc.problems import fault

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
CODEBOOK = "urn:QDA-XML:codebook:1.0"
_SPACE = uuid.UUID("6b1f7f62-93a5-4d7b-9d0b-0c7a5b8a8f11")
_TYPES = {"b": ("Boolean", "BooleanValue"), "i": ("Integer", "IntegerValue"), "f": ("Float", "FloatValue")}


def write_qdpx(interviews: Interviews, path: Path, name: str = "interviews") -> Path:
    """Write a `.qdpx` that is valid against Project.xsd 1.0.

    Parameters
    ----------
    interviews : Interviews
        `participants` become cases with variables. What is coded without a position in a text (a part of a
        picture) is written as a coding of the whole source. A document of which only the marked passages are
        known (a table export) gets a text made of them, one after another.
    path : Path
        File to write.
    name : str
        Name of the project.

    Notes
    -----
    Members are stored, not compressed: the compressed bytes depend on the machine's zlib.
    """
    root, texts = _project(with_texts(interviews), name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for member, data in [("project.qde", _xml_bytes(root)), *texts.items()]:
            info = zipfile.ZipInfo(member, ZIP_DATE)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data)
    return path


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
    root = Element("CodeBook", {"xmlns": CODEBOOK, "origin": "vbhc"})
    guids = _code_guids(codes)
    _code_elements(SubElement(root, "Codes"), codes, guids)
    _set_elements(root, codes, guids, "guid")
    path.write_bytes(_xml_bytes(root))
    return path


def _xml_bytes(root: Element) -> bytes:
    """Return the text of an XML file, indented."""
    ElementTree.indent(root)
    head = b'<?xml version="1.0" encoding="utf-8"?>\n'
    return head + ElementTree.tostring(root, encoding="utf-8") + b"\n"


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
    _set_elements(root, interviews.codes, guids, "targetGUID")
    return root, texts


def _code_guids(codes: pd.DataFrame) -> dict[str, str]:
    """Return the GUID of every code: the one it has, else one made from its path (and name, if twice)."""
    again = codes["path"].duplicated()
    return {
        row.code: row.guid or (guid("code", row.path, row.code) if twice else guid("code", row.path))
        for row, twice in zip(codes.itertuples(), again, strict=True)
    }


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


def _set_elements(root: Element, codes: pd.DataFrame, guids: dict[str, str], reference: str) -> None:
    """Put the sets of codes under an element; `reference` is the attribute that names a member."""
    members: dict[str, list[str]] = {}
    for row in codes.itertuples():
        for name in filter(None, str(row.sets).split(";")):
            members.setdefault(name, []).append(guids[row.code])
    parent = SubElement(root, "Sets") if members else None
    for name, inside in members.items():
        element = SubElement(parent, "Set", guid=guid("set", name), name=name)
        for member in inside:
            SubElement(element, "MemberCode", {reference: member})


def _variables_and_cases(root: Element, interviews: Interviews) -> None:
    people = interviews.participants
    attributes = [c for c in people if c != "participant"]
    kinds = {c: _TYPES.get(people[c].dtype.kind, ("Text", "TextValue")) for c in attributes}
    variables = SubElement(root, "Variables") if attributes else None
    for c in attributes:
        known = {"guid": guid("variable", c), "name": c, "typeOfVariable": kinds[c][0]}
        SubElement(variables, "Variable", known)
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
    if interviews.documents.empty:
        return texts
    sources = SubElement(root, "Sources")
    length = interviews.segments["doc"].map(interviews.documents.set_index("doc")["n_chars"])
    inside = interviews.segments["end"].fillna(0) <= length
    with_place = interviews.segments["start"].notna() & inside
    of_doc = dict(list(interviews.segments[with_place].groupby("doc", sort=False)))
    without = dict(list(interviews.segments[~with_place].groupby("doc", sort=False)["seg"]))
    of_segment: dict[str, list] = {}
    for coding in interviews.codings.itertuples():
        of_segment.setdefault(coding.seg, []).append(coding)
    for row in interviews.documents.itertuples():
        own = guid("source", row.doc)
        path = {"plainTextPath": f"internal://{own.upper()}.txt"}
        source = SubElement(sources, "TextSource", {"guid": own, "name": row.doc} | path)
        texts[f"sources/{own.upper()}.txt"] = row.text.encode("utf-8")
        for segment in of_doc[row.doc].itertuples() if row.doc in of_doc else ():
            _selection(source, segment, of_segment.get(segment.seg, []), guids)
        whole = {(c.code, c.coder): c for seg in without.get(row.doc, ()) for c in of_segment.get(seg, [])}
        _codings(source, own, list(whole.values()), guids)
    return texts


def _selection(source: Element, segment: Any, codings: list, guids: dict[str, str]) -> None:
    own = segment.guid or guid("segment", segment.doc, segment.start, segment.end)
    place = {"guid": own, "startPosition": str(int(segment.start))}
    place |= {"endPosition": str(int(segment.end))}
    selection = SubElement(source, "PlainTextSelection", place)
    if segment.comment:
        SubElement(selection, "Description").text = segment.comment
    _codings(selection, own, codings, guids)


def _codings(around: Element, place: str, codings: list, guids: dict[str, str]) -> None:
    for coding in codings:
        own = guid("coding", place.strip("{}").lower(), coding.code, coding.coder)
        attributes = {"guid": own, "creatingUser": guid("user", coding.coder)}
        if pd.notna(coding.when):
            when = coding.when.tz_convert("UTC").isoformat(timespec="seconds")
            attributes["creationDateTime"] = when.replace("+00:00", "Z")
        element = SubElement(around, "Coding", attributes)
        SubElement(element, "CodeRef", targetGUID=guids[coding.code])
