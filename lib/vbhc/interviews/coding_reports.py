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

from vbhc.files import Limits, decode
from vbhc.interviews.marked import Export, Passage
from vbhc.interviews.tables import Report
from vbhc.interviews.word_file import Comment, read_word
from vbhc.problems import fault

SUFFIXES = (".docx", ".txt")
_SOURCE = re.compile(
    r"^\s*<?(?P<source>[^<>\n]+?)>?\s+[-–]\s+§\s*(?P<n>\d+)\s+\D*\[\s*[\d.,]+\s*%[^\]\n]*\]\s*$"
)
_REFERENCE = re.compile(r"^\s*[^\W\d_]+\s+\d+\s+[-–]\s+[\d.,]+\s*%\s*[^\W\d_]*\s*$")
_RANGE = re.compile(r"^\s*Codes\s*\(\s*(\d+)\s*-\s*(\d+)\s*\)", re.IGNORECASE)
MOST_FILES = 5_000
LONGEST = 1_000
EXPECTED = "NVivo's report of a code, or a document of Dedoose with its codes as comments"


def read(path: Path, report: Report, limits: Limits) -> Export | None:
    """Return the passages of one report, or None if the file is none."""
    lines, comments = _content(path, limits)
    marked = [c for c in comments if c.lines and _RANGE.match(c.lines[0])]
    if marked:
        return _dedoose(path, marked, len(comments) - len(marked), report)
    passages = _passages(lines, (path.stem,), report)
    return Export("NVivo report of a code", _with_short_names(passages, report)) if passages else None


def read_folder(folder: Path, report: Report, limits: Limits) -> Export | None:
    """Return the passages of a folder of NVivo's reports (a file per code) or of Dedoose's documents."""
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    tool = "NVivo reports of codes"
    if len(files) > MOST_FILES:
        raise fault(folder.name, f"{len(files):,} files inside", f"at most {MOST_FILES:,}")
    passages: list[Passage] = []
    left = []
    for path in files:
        lines, comments = _content(path, limits)
        code = (*path.relative_to(folder).parts[:-1], path.stem)
        found = _passages(lines, code, report)
        if marked := [c for c in comments if c.lines and _RANGE.match(c.lines[0])]:
            one = _dedoose(path, marked, len(comments) - len(marked), report)
            found, tool = list(one.passages), one.tool
        passages += found
        left += [path.name] * (not found)
    if not passages:
        return None
    report.add("dropped", "files without codings", len(left), ", ".join(left[:5]))
    return Export(tool, _with_short_names(passages, report))


def _content(path: Path, limits: Limits) -> tuple[list[str], list[Comment]]:
    if path.suffix.lower() == ".docx":
        found = read_word(path, limits)
        return [line for p in found.paragraphs for line in p.split("\n")], found.comments
    if path.stat().st_size > limits.text_bytes:
        raise fault(path.name, f"larger than {limits.text_bytes:,} bytes", "split the export")
    raw = path.read_bytes()
    if b"\0" in raw and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return [], []
    return decode(raw, shown=path.name)[0].splitlines(), []


def _passages(lines: list[str], code: tuple[str, ...], report: Report) -> list[Passage]:
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
    got = Counter(source for source, _ in marked)
    again: Counter[tuple[str, str]] = Counter()
    for source, words in marked:
        text = "\n".join(words).strip()
        again[source, text] += 1  # the same words under another code are the same place
        found.append(Passage(source, "", (code,), text, place=f"{again[source, text]}|{text}"))
    differ = sum(got[s] != n for s, n in wanted.items())
    report.add("warning", "sources with another number of passages than stated", differ, code[-1])
    return found


def _with_short_names(passages: list[Passage], report: Report) -> list[Passage]:
    """Name sources by the last part of their path, where these are unique."""
    paths = list(dict.fromkeys(p.doc for p in passages))
    short = {path: re.split(r"\\+", path)[-1].strip() or path for path in paths}
    twice = Counter(short.values())
    names = {path: path if twice[name] > 1 else name for path, name in short.items()}
    report.add("guessed", "sources named by the last part of their path", len(paths))
    return [p._replace(doc=names[p.doc]) for p in passages]


def _dedoose(path: Path, marked: list[Comment], other: int, report: Report) -> Export:
    passages = []
    for comment in marked:
        place = _RANGE.match(comment.lines[0])
        codes = tuple((line,) for line in dict.fromkeys(comment.lines[1:]) if line)
        start, end = int(place[1]), int(place[2])
        passage = Passage(path.stem, "", codes, comment.words, start=start, end=end)
        passages.append(passage._replace(coder=comment.author, when=comment.when))
    report.add("dropped", "comments that name no codes", other)
    report.add("guessed", "codes without their parents", len({c for p in passages for c in p.codes}))
    return Export("Dedoose document with codes as comments", passages)
