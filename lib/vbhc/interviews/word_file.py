"""Read paragraphs and comments of a Word document (.docx) into text, trusting nothing in it."""

import zipfile
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from vbhc.files import Limits, open_zip, parse_xml, read_member
from vbhc.problems import fault

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}


class Comment(NamedTuple):
    """A comment: its paragraphs, who made it and when, and the words it stands at."""

    lines: list[str]
    author: str
    when: str
    words: str


class Document(NamedTuple):
    """The paragraphs of a document and its comments."""

    paragraphs: list[str]
    comments: list[Comment]


def read_word(path: Path, limits: Limits) -> Document:
    """Read a `.docx`.

    Raises
    ------
    StudyError
        Not a Word document, damaged or dangerous (see `vbhc.files.safe_zip`).
    """
    with open_zip(path.name, path, limits, ".docx") as (archive, members):
        parts = {m.filename: m for m in members}
        if "word/document.xml" not in parts:
            raise fault(path.name, "a zip file, but no Word document", "export it as .docx or .txt")
        body = _part(path.name, archive, parts, "word/document.xml", limits)
        notes = _part(path.name, archive, parts, "word/comments.xml", limits)
    paragraphs = [_text(p) for p in body.iter(_W + "p")]
    words = _commented(body)
    comments = [
        Comment(
            [_text(p).strip() for p in note.iter(_W + "p")],
            note.get(_W + "author") or "",
            note.get(_W + "date") or "",
            words.get(note.get(_W + "id") or "", "").strip(),
        )
        for note in (notes.iter(_W + "comment") if notes is not None else ())
    ]
    return Document(paragraphs, comments)


def _part(shown: str, archive: zipfile.ZipFile, members: dict, name: str, limits: Limits) -> Element | None:
    if name not in members:
        return None
    content = read_member(shown, archive, members[name], limits.project_bytes)
    return parse_xml(shown, content, limits)


def _text(paragraph: Element) -> str:
    pieces = []
    for part in paragraph.iter():
        if part.tag == _W + "t":
            pieces.append(part.text or "")
        elif part.tag in _BREAKS:
            pieces.append(_BREAKS[part.tag])
    return "".join(pieces)


def _commented(body: Element) -> dict[str, str]:
    """Return the words between the marks of each comment."""
    found: dict[str, list[str]] = {}
    active: dict[str, None] = {}
    for part in body.iter():
        number = part.get(_W + "id") or ""
        if part.tag == _W + "commentRangeStart":
            active[number] = None
        elif part.tag == _W + "commentRangeEnd":
            active.pop(number, None)
        elif part.tag in (_W + "t", _W + "p") or part.tag in _BREAKS:
            text = "\n" if part.tag == _W + "p" else _BREAKS.get(part.tag, part.text or "")
            for key in active:
                found.setdefault(key, []).append(text)
    return {key: "".join(pieces) for key, pieces in found.items()}
