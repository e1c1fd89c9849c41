"""Read the sources of a REFI-QDA project: texts, transcripts, text layers, and the places marked in them."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from vbhc.interviews.codebook import guid_of
from vbhc.interviews.offsets import Text, plain_text
from vbhc.interviews.tables import Report

KINDS = {
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "picture",
    "AudioSource": "audio",
    "VideoSource": "video",
}


MOST_DIGITS = 15  # no text is longer; more do not fit into a table


class Mark(NamedTuple):
    """One code on one place, as the file states it: code and user by their key in the file, time as text."""

    code: str
    user: str = ""
    when: str = ""
    weight: float | None = None


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
    notes = _notes(root, texts, report)
    linked = _linked(root, notes, report)
    found: list[Source] = []
    parent = root.find("Sources")
    for element in parent if parent is not None else ():
        if element.tag in KINDS:
            found.append(_source(element, texts, notes, report))
            for place in found[-1].places:
                said = filter(None, (place.comment, *linked.get(place.guid, ())))
                place.comment = "\n".join(dict.fromkeys(said))
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


def _notes(root: Element, texts: dict[str, bytes], report: Report) -> dict[str, str]:
    notes = {}
    for note in root.iterfind("Notes/Note"):
        text = _text(note, texts, Report())
        notes[guid_of(note.get("guid"))] = text.plain.strip() if text else (note.get("name") or "")
    report.add("read", "notes", len(notes), "kept as comment where a marked place refers to one")
    return notes


def _linked(root: Element, notes: dict[str, str], report: Report) -> dict[str, list[str]]:
    """Return the notes that links tie to something (NVivo ties annotations to marked places so)."""
    found: dict[str, list[str]] = {}
    links = root.findall("Links/Link")
    used = 0
    for link in links:
        ends = [guid_of(link.get("originGUID")), guid_of(link.get("targetGUID"))]
        for note, other in (ends, ends[::-1]):
            if note in notes and other not in notes:
                found.setdefault(other, []).append(notes[note])
                used += 1
    if used:
        report.add("read", "links between a note and something else", used, "kept as comment of a place")
    report.add("dropped", "links", len(links) - used, "not used by this suite")
    return found


def _source(element: Element, texts: dict[str, bytes], notes: dict[str, str], report: Report) -> Source:
    layer = element
    if element.tag != "TextSource":
        layer = next(
            (c for c in element if c.tag in ("Representation", "TextDescription", "Transcript")), None
        )
        more = len(element.findall("Transcript")) - 1
        report.add("dropped", "further transcripts of one recording", max(more, 0), element.get("name") or "")
    text = _text(layer, texts, report) if layer is not None else None
    path = element.get("plainTextPath") or element.get("path") or "unnamed"
    # ATLAS.ti leaves the name of a recording empty and names its transcript
    name = element.get("name") or (layer is not None and layer.get("name")) or PurePosixPath(path).stem
    source = Source(guid_of(element.get("guid")), " ".join(name.split()), KINDS[element.tag], text)
    points = {guid_of(p.get("guid")): p.get("position") for p in element.iter("SyncPoint")}
    for part in {id(e): e for e in (element, layer) if e is not None}.values():
        for selection in part:
            if selection.tag.endswith("Selection"):
                source.places.append(_place(selection, notes, points, report))
        whole = [_coding(c, part) for c in part.findall("Coding")]
        if whole:
            guid = guid_of(part.get("guid"))
            source.places.append(Place(guid, comment="the whole source", whole=True, codings=whole))
            report.add("read", "codings of a whole source", len(whole), source.doc)
    source.variables = element.findall("VariableValue")
    return source


def _place(selection: Element, notes: dict[str, str], points: dict, report: Report) -> Place:
    start, end = selection.get("startPosition"), selection.get("endPosition")
    if selection.tag == "TranscriptSelection":
        start = points.get(guid_of(selection.get("fromSyncPoint")))
        end = points.get(guid_of(selection.get("toSyncPoint")))
    refs = [notes.get(guid_of(n.get("targetGUID")), "") for n in selection.findall("NoteRef")]
    comment = "\n".join(t for t in [(selection.findtext("Description") or "").strip(), *refs] if t)
    text = selection.get("name") or ""
    place = Place(guid_of(selection.get("guid")), _position(start), _position(end), text, comment)
    place.codings = [_coding(c, selection) for c in selection.findall("Coding")]
    if place.start is None:
        report.add("read", f"{selection.tag} without a place in a text")
    elif place.start > place.end >= 0:
        place.start, place.end = place.end, place.start
        report.add("guessed", "places whose ends are swapped")
    return place


def _position(text: str | None) -> int | None:
    """Return a counted position, None for anything that is none."""
    text = (text or "").strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS else None


def _coding(coding: Element, around: Element) -> Mark:
    ref = coding.find("CodeRef")
    code = guid_of(ref.get("targetGUID")) if ref is not None else ""

    def stated(*names: str) -> str:
        """Return what the coding, else what is around it says under the first name that either has."""
        found = (part.get(name) for name in names for part in (coding, around))
        return next(filter(None, found), "")

    user = guid_of(stated("creatingUser", "modifyingUser"))
    return Mark(code, user, stated("creationDateTime", "modifiedDateTime"))


def _text(element: Element, texts: dict[str, bytes], report: Report) -> Text | None:
    """Plain text of a source: written in the project, or in a file inside the package; never from outside."""
    content = element.findtext("PlainTextContent")
    if content is not None:
        return plain_text(content)
    path = element.get("plainTextPath")
    if not path:
        return None
    name = PurePosixPath(path.replace("\\", "/").split("://")[-1]).name.lower()
    name = name if name in texts else unquote(name)
    if name not in texts:
        report.add("dropped", "texts kept outside the file", 1, f"{element.get('name') or path}: not opened")
        return None
    return plain_text(_decode(texts[name], element.get("name") or name, report))


def _decode(content: bytes, shown: str, report: Report) -> str:
    """Decode as UTF-8 (the standard), UTF-16 if a mark says so, else Windows-1252; the mark stays."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        report.add("guessed", "text in UTF-16", 1, shown)
        return "\ufeff" + content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        report.add("guessed", "text that is not UTF-8", 1, f"{shown}: read as Windows-1252")
        return content.decode("cp1252", errors="replace")


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
