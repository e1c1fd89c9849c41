"""Read the sources of a REFI-QDA project: texts, transcripts, text layers, and the places marked in them."""

import codecs
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from vbhc.files import decode
from vbhc.interviews.cells import one_line, whole
from vbhc.interviews.codebook import guid_of
from vbhc.interviews.offsets import Text, plain_text
from vbhc.interviews.tables import Report

KINDS = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Mark(NamedTuple):
    """One code on one place, as the file states it: code and user by their key in the file, time as text."""

    code: str
    user: str = ""
    when: str = ""


@dataclass
class Place:
    """One marked place as the file states it; positions as the tool counted, None where it gives none."""

    guid: str
    start: int | None = None
    end: int | None = None
    text: str = ""
    comment: str = ""
    words: str = ""  # what stands there, where the file quotes it: evidence for the positions
    whole: bool = False  # the whole source, not a place in it
    codings: list[Mark] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Half a position is none."""
        if self.start is None or self.end is None:
            self.start = self.end = None


@dataclass
class Source:
    """One source: its text (None without one) and its marked places."""

    guid: str
    doc: str
    kind: str
    text: Text | None
    places: list[Place] = field(default_factory=list)
    variables: list[Element] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)  # names of the document groups it is in
    copy_of: str = ""  # GUID of a source with the same name and text


def read_sources(root: Element, texts: dict[str, bytes], report: Report) -> list[Source]:
    """Return every source in file order, with unique names; what cannot be read is in the report."""
    found: list[Source] = []
    for element in root.iterfind("Sources/*"):
        if element.tag in KINDS:
            found.append(_source(element, texts, report))
        else:
            report.add("dropped", f"unknown source {element.tag}")
    _unique_guids(found, report)
    unique_names(found, report)
    for kind, n in sorted(Counter(s.kind for s in found).items()):
        report.add("read", f"{kind} sources", n)
    silent = [s.doc for s in found if s.text is None]
    detail = f"no text to read: {', '.join(silent[:5])}{' ...' if len(silent) > 5 else ''}"
    report.add("warning", "sources without plain text", len(silent), detail)
    return found


def _source(element: Element, texts: dict[str, bytes], report: Report) -> Source:
    layers = [element]
    if element.tag != "TextSource":
        layers = [c for c in element if c.tag in ("Representation", "TextDescription", "Transcript")]
        report.add("dropped", "further texts of one source", max(len(layers) - 1, 0), element.get("name", ""))
    text = _text(layers[0], texts, report) if layers else None
    path = element.get("plainTextPath") or element.get("path") or "unnamed"
    # ATLAS.ti leaves the name of a recording empty and names its transcript
    name = element.get("name") or (layers and layers[0].get("name")) or PurePosixPath(path).stem
    kind = element.tag.removesuffix("Source").lower()
    source = Source(guid_of(element.get("guid")), one_line(name), kind, text)
    points = {guid_of(p.get("guid")): p.get("position") for p in element.iter("SyncPoint")}
    for part in {id(e): e for e in (element, *layers[:1])}.values():
        source.places += [_place(e, points, report) for e in part if e.tag.endswith("Selection")]
        if whole_source := [_coding(c, part) for c in part.findall("Coding")]:
            own = guid_of(part.get("guid"))
            source.places.append(Place(own, comment="the whole source", whole=True, codings=whole_source))
            report.add("read", "codings of a whole source", len(whole_source), source.doc)
    source.variables = element.findall("VariableValue")
    return source


def _place(selection: Element, points: dict, report: Report) -> Place:
    start, end = selection.get("startPosition"), selection.get("endPosition")
    if selection.tag == "TranscriptSelection":
        start, end = (points.get(guid_of(selection.get(name))) for name in ("fromSyncPoint", "toSyncPoint"))
    comment = (selection.findtext("Description") or "").strip()
    own, text = guid_of(selection.get("guid")), selection.get("name") or ""
    place = Place(own, whole(start), whole(end), text, comment)
    place.codings = [_coding(c, selection) for c in selection.findall("Coding")]
    if place.start is None:
        report.add("read", f"{selection.tag} without a place in a text")
    elif place.start > place.end >= 0:
        place.start, place.end = place.end, place.start
        report.add("guessed", "places whose ends are swapped")
    return place


def _coding(coding: Element, around: Element) -> Mark:
    ref = coding.find("CodeRef")
    code = guid_of(ref.get("targetGUID")) if ref is not None else ""

    def stated(*names: str) -> str:
        """Return what the coding, else what is around it says under the first name that either has."""
        return next(filter(None, (part.get(name) for name in names for part in (coding, around))), "")

    user = guid_of(stated("creatingUser", "modifyingUser"))
    return Mark(code, user, stated("creationDateTime", "modifiedDateTime"))


def _text(element: Element, texts: dict[str, bytes], report: Report) -> Text | None:
    """Plain text of a source: written in the project, or in a file inside the package; never from outside."""
    if (content := element.findtext("PlainTextContent")) is not None:
        return plain_text(content)
    if not (path := element.get("plainTextPath")):
        return None
    name = PurePosixPath(path.replace("\\", "/").split("://")[-1]).name.lower()
    name = name if name in texts else unquote(name)
    if name not in texts:
        report.add("dropped", "texts kept outside the file", 1, f"{element.get('name') or path}: not opened")
        return None
    return plain_text(_decode(texts[name], element.get("name") or name, report))


def _decode(content: bytes, shown: str, report: Report) -> str:
    """Decode as UTF-8 (the standard), UTF-16 if a mark says so, else Windows-1252; the mark stays."""
    text, encoding = decode(content, shown=shown)
    if encoding != "utf-8-sig":
        report.add("guessed", "text that is not UTF-8", 1, f"{shown}: read as {encoding}")
    return "\ufeff" + text if content.startswith(MARKS) else text


def _unique_guids(sources: list[Source], report: Report) -> None:
    """Give sources without a GUID of their own one, so that nobody gets another's words."""
    seen: set[str] = set()
    for n, source in enumerate(sources):
        if not source.guid or source.guid in seen:
            report.add("warning", "sources without a GUID of their own", 1, source.doc)
            source.guid = f"source {n}"
        seen.add(source.guid)


def unique_names(sources: list[Source], report: Report) -> None:
    """Number sources of the same name, and say so; of the same name and text they are copies of one."""
    seen: dict[str, list[Source]] = {}
    for source in sources:
        same = seen.setdefault(source.doc, [])
        words = source.text.plain.strip() if source.text else ""
        first = next((s for s in same if words and s.text and s.text.plain.strip() == words), None)
        if first is not None:
            report.add("guessed", "copies of a document", 1, f"{source.doc}: same text, taken as one")
            source.copy_of = first.guid
            continue
        same.append(source)
        if len(same) > 1:
            report.add("guessed", "sources of the same name", 1, f"{source.doc}: numbered")
            source.doc = f"{source.doc} ({len(same)})"
