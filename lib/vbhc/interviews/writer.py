"""Write coded interviews as a REFI-QDA project that other tools can open, the same bytes every time.

A `Dialect` writes what real tools write differently; tests read all of them back into the same tables.
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pandas as pd

from vbhc.interviews.offsets import Convention, Ruler, Text, ruler
from vbhc.interviews.schema import NAMESPACE
from vbhc.interviews.stand_in import with_texts
from vbhc.interviews.tables import Interviews

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_SPACE = uuid.UUID("6b1f7f62-93a5-4d7b-9d0b-0c7a5b8a8f11")
_TYPES = {"b": ("Boolean", "BooleanValue"), "i": ("Integer", "IntegerValue"), "f": ("Float", "FloatValue")}


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


def write_qdpx(
    interviews: Interviews, path: Path, name: str = "interviews", dialect: Dialect | None = None
) -> Path:
    """Write a `.qdpx`; with the default dialect it is valid against Project.xsd 1.0.

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
    dialect : Dialect, optional

    Notes
    -----
    Members are stored, not compressed: the compressed bytes depend on the machine's zlib.
    """
    dialect = dialect or Dialect()
    root, texts = _project(with_texts(interviews), name, dialect)
    ElementTree.indent(root)
    content = (
        b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="utf-8") + b"\n"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for member, data in [(dialect.project_file, content), *texts.items()]:
            info = zipfile.ZipInfo(member, ZIP_DATE)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data)
    return path


def guid(*parts: object) -> str:
    """Return the GUID of a thing, always the same for the same name."""
    return str(uuid.uuid5(_SPACE, "/".join(map(str, parts))))


def _project(interviews: Interviews, name: str, dialect: Dialect) -> tuple[Element, dict[str, bytes]]:
    def written(value: str) -> str:
        return "{" + value.upper() + "}" if dialect.braces else value

    root = Element("Project", {"xmlns": NAMESPACE, "name": name, "origin": "vbhc"})
    coders = list(dict.fromkeys(interviews.codings["coder"]))
    if coders:
        users = SubElement(root, "Users")
        for coder in coders:
            SubElement(users, "User", guid=written(guid("user", coder)), name=coder)
    guids = code_guids(interviews.codes)
    _codes(root, interviews, guids, dialect, written)
    _variables_and_cases(root, interviews, dialect, written)
    texts = _sources(root, interviews, guids, dialect, written)
    _sets(root, interviews.codes, guids, written)
    return root, texts


def code_guids(codes: pd.DataFrame) -> dict[str, str]:
    """Return the GUID of every code: the one it has, else one made from its path (and name, if twice)."""
    again = codes["path"].duplicated()
    return {
        row.code: row.guid or (guid("code", row.path, row.code) if twice else guid("code", row.path))
        for row, twice in zip(codes.itertuples(), again, strict=True)
    }


def _codes(root: Element, interviews: Interviews, guids: dict, dialect: Dialect, written) -> None:
    if interviews.codes.empty:
        return
    tree = SubElement(SubElement(root, "CodeBook"), "Codes")
    code_elements(tree, interviews.codes, guids, written)
    if dialect.cases_among_codes:
        for person in interviews.participants["participant"]:
            attributes = {"guid": written(guid("case", person)), "name": person, "isCodable": "true"}
            SubElement(tree, "Code", attributes)


def code_elements(
    tree: Element, codes: pd.DataFrame, guids: dict[str, str], written: Callable[[str], str] = str
) -> None:
    """Put the code tree under an element, parents around their children."""
    elements: dict[str, Element] = {}
    for row in codes.itertuples():
        own = row.path.split(" > ")[-1]
        attributes = {
            "guid": written(guids[row.code]),
            "name": own,
            "isCodable": str(bool(row.codable)).lower(),
        }
        if row.colour:
            attributes["color"] = row.colour
        element = SubElement(elements.get(row.parent, tree), "Code", attributes)
        if row.definition:
            SubElement(element, "Description").text = row.definition
        elements[row.code] = element


def _variables_and_cases(root: Element, interviews: Interviews, dialect: Dialect, written) -> None:
    people = interviews.participants
    attributes = [c for c in people if c != "participant"]
    kinds = {c: _TYPES.get(people[c].dtype.kind, ("Text", "TextValue")) for c in attributes}
    if attributes:
        variables = SubElement(root, "Variables")
        for c in attributes:
            values = {"guid": written(guid("variable", c)), "name": c, "typeOfVariable": kinds[c][0]}
            SubElement(variables, "Variable", values)
    cases = SubElement(root, "Cases") if len(people) else None
    docs = interviews.documents.groupby("participant")["doc"].agg(list).to_dict()
    for person in people.itertuples(index=False):
        row = person._asdict() if attributes else {"participant": person.participant}
        case = SubElement(cases, "Case", guid=written(guid("case", row["participant"])))
        if dialect.named_cases:
            case.set("name", row["participant"])
        for c, value in zip(attributes, list(person)[1:], strict=True):
            if pd.notna(value):
                holder = SubElement(case, "VariableValue")
                SubElement(holder, "VariableRef", targetGUID=written(guid("variable", c)))
                SubElement(holder, kinds[c][1]).text = (
                    str(value).lower() if kinds[c][0] == "Boolean" else str(value)
                )
        for doc in docs.get(row["participant"], []):
            SubElement(case, "SourceRef", targetGUID=written(guid("source", doc)))


def _sources(
    root: Element, interviews: Interviews, guids: dict, dialect: Dialect, written
) -> dict[str, bytes]:
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
        source_guid = guid("source", row.doc)
        source = SubElement(sources, "TextSource", guid=written(source_guid), name=row.doc)
        text = row.text.replace("\n", dialect.line_end)
        if dialect.inline_text:
            SubElement(source, "PlainTextContent").text = text
        else:
            member = f"{source_guid.upper()}.txt"
            source.set("plainTextPath", f"internal://{member}")
            texts[f"{dialect.folder}/{member}"] = (("\ufeff" if dialect.bom else "") + text).encode("utf-8")
        ends = (dialect.line_end,) * row.text.count("\n")
        count = ruler(Text(row.text, ends, dialect.bom), dialect.counting)
        for segment in of_doc[row.doc].itertuples() if row.doc in of_doc else ():
            _selection(source, segment, count, of_segment.get(segment.seg, []), guids, dialect, written)
        whole = {(c.code, c.coder): c for seg in without.get(row.doc, ()) for c in of_segment.get(seg, [])}
        _codings(source, source_guid, list(whole.values()), guids, dialect, written)
    return texts


def _selection(
    source: Element, segment, count: Ruler, codings, guids: dict, dialect: Dialect, written
) -> None:
    place = {
        "guid": written(segment.guid or guid("segment", segment.doc, segment.start, segment.end)),
        "startPosition": str(int(count.counted(segment.start))),
        "endPosition": str(int(count.counted(segment.end)) - dialect.counting.inclusive),
    }
    selection = SubElement(source, "PlainTextSelection", place)
    if segment.comment:
        SubElement(selection, "Description").text = segment.comment
    _codings(selection, place["guid"], codings, guids, dialect, written)


def _codings(around: Element, place: str, codings, guids: dict, dialect: Dialect, written) -> None:
    for coding in codings:
        attributes = {
            "guid": written(guid("coding", place.strip("{}").lower(), coding.code, coding.coder)),
            "creatingUser": written(guid("user", coding.coder)),
        }
        if dialect.dates and pd.notna(coding.when):
            attributes["creationDateTime"] = _utc(coding.when)
        element = SubElement(around, "Coding", attributes)
        SubElement(element, "CodeRef", targetGUID=written(guids[coding.code]))


def _utc(when: pd.Timestamp) -> str:
    return when.tz_convert("UTC").isoformat(timespec="seconds").replace("+00:00", "Z")


def _sets(root: Element, codes: pd.DataFrame, guids: dict, written) -> None:
    members: dict[str, list[str]] = {}
    for row in codes.itertuples():
        for name in filter(None, str(row.sets).split(";")):
            members.setdefault(name, []).append(row.code)
    if not members:
        return
    parent = SubElement(root, "Sets")
    for name, inside in members.items():
        element = SubElement(parent, "Set", guid=written(guid("set", name)), name=name)
        for code in inside:
            SubElement(element, "MemberCode", targetGUID=written(guids[code]))
