"""Reports of codings as running text: what NVivo writes for a code, and Dedoose for a document.

NVivo exports each code as a document (.docx, .txt) named after the code. The line "<Files\\\\Ann> - § 2
references coded  [3.10% Coverage]" names a source; under it, each passage follows a line "Reference 1 - 1.20%
Coverage" (layout seen in public readers of NVivo 11 and 12; other languages should keep the signs). A folder
of such files is a project; folders in it are the codes above.

Dedoose exports a document with its codes as Word comments: "Codes (485-522)", then a code per line (layout
seen in a public reader of 2025).
"""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from vbhc.files import Limits, decode, open_zip, parse_xml, read_member
from vbhc.interviews.marked import Export, Passage
from vbhc.interviews.tables import Report
from vbhc.problems import fault

SUFFIXES = (".docx", ".txt")
_SOURCE = re.compile(
    r"^\s*<?(?P<source>[^<>\n]+?)>?\s+[-–]\s+§\s*(?P<n>\d+)\s+\D*\[\s*[\d.,]+\s*%[^\]\n]*\]\s*$"
)
_REFERENCE = re.compile(r"^\s*[^\W\d_]+\s+\d+\s+[-–]\s+[\d.,]+\s*%\s*[^\W\d_]*\s*$")
_RANGE = re.compile(r"^\s*Codes\s*\(\s*(\d+)\s*-\s*(\d+)\s*\)", re.IGNORECASE)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
BODY, NOTES = "word/document.xml", "word/comments.xml"
MOST_FILES = 5_000
LONGEST = 1_000


class Comment(NamedTuple):
    """A comment: its paragraphs, who made it and when, and the words it stands at."""

    lines: list[str]
    author: str
    when: str
    words: str


def read(path: Path, report: Report, limits: Limits) -> Export | None:
    """Return the passages of one report or of a folder of them, or None if no file is one."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES)
    if len(files) > MOST_FILES:
        raise fault(path.name, f"{len(files):,} files inside", f"at most {MOST_FILES:,}")
    of_codes: list[Passage] = []
    of_documents: list[Passage] = []
    left = []
    for file in filter(Path.is_file, files):
        lines, comments = _content(file, limits)
        documents = _dedoose(file, comments, report)
        codes = [] if documents else _nvivo(lines, (*file.relative_to(path).parts[:-1], file.stem), report)
        of_documents += documents
        of_codes += codes
        left += [file.name] * (not documents and not codes)
    if not of_codes and not of_documents:
        return None
    report.add("dropped", "files without codings", len(left), ", ".join(left[:5]))
    tool = "Dedoose documents with codes as comments" if of_documents else "NVivo reports of codes"
    return Export(tool, [*_with_short_names(of_codes, report), *of_documents])


def _content(path: Path, limits: Limits) -> tuple[list[str], list[Comment]]:
    if path.suffix.lower() == ".docx":
        paragraphs, comments = _read_word(path, limits)
        return [line for text in paragraphs for line in text.split("\n")], comments
    if path.stat().st_size > limits.text_bytes:
        raise fault(path.name, f"larger than {limits.text_bytes:,} bytes", "split the export")
    raw = path.read_bytes()
    if b"\0" in raw and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return [], []
    return decode(raw, shown=path.name)[0].splitlines(), []


def _nvivo(lines: list[str], code: tuple[str, ...], report: Report) -> list[Passage]:
    """Return the passages under each source; the number the source states is compared."""
    marked: list[tuple[str, list[str]]] = []
    wanted: Counter[str] = Counter()
    source, inside = "", False
    for line in lines:
        short = len(line) < LONGEST and "%" in line  # no heading is longer; a long line is never searched
        if short and "§" in line and (head := _SOURCE.match(line)):
            source, inside = head["source"].strip(), False
            wanted[source] += int(head["n"])
        elif source and short and _REFERENCE.match(line):
            marked.append((source, []))
            inside = True
        elif inside:
            marked[-1][1].append(line.rstrip())
    found = []
    again: Counter[tuple[str, str]] = Counter()
    for source, words in marked:
        text = "\n".join(words).strip()
        again[source, text] += 1  # the same words under another code are the same place
        found.append(Passage(source, "", (code,), text, place=f"{again[source, text]}|{text}"))
    got = Counter(p.doc for p in found)
    differ = sum(got[s] != n for s, n in wanted.items())
    report.add("warning", "sources with another number of passages than stated", differ, code[-1])
    return found


def _with_short_names(passages: list[Passage], report: Report) -> list[Passage]:
    """Name sources by the last part of their path, where these are unique."""
    short = {p.doc: re.split(r"\\+", p.doc)[-1].strip() or p.doc for p in passages}
    twice = Counter(short.values())
    report.add("guessed", "sources named by the last part of their path", len(short))
    return [p._replace(doc=p.doc if twice[short[p.doc]] > 1 else short[p.doc]) for p in passages]


def _dedoose(path: Path, comments: list[Comment], report: Report) -> list[Passage]:
    passages = []
    for comment in comments:
        place = _RANGE.match(comment.lines[0]) if comment.lines else None
        if place:
            codes = tuple((line,) for line in dict.fromkeys(comment.lines[1:]) if line)
            passage = Passage(path.stem, "", codes, comment.words, start=int(place[1]), end=int(place[2]))
            passages.append(passage._replace(coder=comment.author, when=comment.when))
    if passages:
        report.add("dropped", "comments that name no codes", len(comments) - len(passages))
        report.add("guessed", "codes without their parents", len({c for p in passages for c in p.codes}))
    return passages


def _read_word(path: Path, limits: Limits) -> tuple[list[str], list[Comment]]:
    """Return the paragraphs and comments of a `.docx`.

    Raises
    ------
    StudyError
        Not a Word document, damaged or dangerous (see `vbhc.files.safe_zip`).
    """
    with open_zip(path.name, path, limits, ".docx") as (archive, members):
        parts = {
            m.filename: parse_xml(path.name, read_member(path.name, archive, m, limits.project_bytes), limits)
            for m in members
            if m.filename in (BODY, NOTES)
        }
    if BODY not in parts:
        raise fault(path.name, "a zip file, but no Word document", "export it as .docx or .txt")
    words = _commented(parts[BODY])
    notes = parts[NOTES].iter(_W + "comment") if NOTES in parts else ()
    comments = [
        Comment(
            [_words(p).strip() for p in note.iter(_W + "p")],
            note.get(_W + "author") or "",
            note.get(_W + "date") or "",
            words.get(note.get(_W + "id") or "", "").strip(),
        )
        for note in notes
    ]
    return [_words(p) for p in parts[BODY].iter(_W + "p")], comments


def _words(paragraph: Element) -> str:
    return "".join(map(_text, paragraph.iter()))


def _text(part: Element) -> str:
    return (part.text or "") if part.tag == _W + "t" else _BREAKS.get(part.tag, "")


def _commented(body: Element) -> dict[str, str]:
    """Return the words between the marks of each comment."""
    found: dict[str, str] = {}
    active: set[str] = set()
    for part in body.iter():
        number = part.get(_W + "id") or ""
        if part.tag == _W + "commentRangeStart":
            active.add(number)
        elif part.tag == _W + "commentRangeEnd":
            active.discard(number)
        for key in active:
            found[key] = found.get(key, "") + ("\n" if part.tag == _W + "p" else _text(part))
    return found
