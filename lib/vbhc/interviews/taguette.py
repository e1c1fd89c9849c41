"""Read a project of Taguette; its table of highlights (`id, document, tag, content`) is a plain one.

A project is an SQLite database whose documents are HTML. Positions count the bytes (UTF-8) of the text
between the tags. Who made a highlight stands in the log of commands.
"""

import json
from collections.abc import Hashable, Iterable
from html.parser import HTMLParser
from typing import NamedTuple

import numpy as np

from vbhc.interviews.assemble import assemble_own
from vbhc.interviews.cells import one_line, whole, words
from vbhc.interviews.codebook import code_table
from vbhc.interviews.database import Database
from vbhc.interviews.offsets import Text
from vbhc.interviews.sources import Mark, Place, Source, unique_names
from vbhc.interviews.stored import put, tree
from vbhc.interviews.tables import Interviews, Report
from vbhc.problems import did_you_mean, fault

TABLES = frozenset({"documents", "highlights", "tags", "highlight_tags"})
BLOCKS = {"p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "pre", *(f"h{n}" for n in range(1, 7))}


class Page(NamedTuple):
    """The text of an HTML document, and the bytes that Taguette counts before each of its characters."""

    text: str
    counted: np.ndarray

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return plain positions of a counted range; line ends that stand for tags stay outside."""
        first = int(np.searchsorted(self.counted, start, side="right")) - 1
        last = int(np.searchsorted(self.counted, end, side="left"))
        return max(first, 0), min(last, len(self.text))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[str, bool]] = []  # text, whether it is counted

    def handle_data(self, data: str) -> None:
        self.pieces.append((data, True))

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "br":
            self.pieces.append(("\n", False))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.pieces.append(("\n", False))


def page(html: str) -> Page:
    """Return the text of a document with a line end after each paragraph."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text: list[str] = []
    widths: list[int] = []
    for piece, counted in reader.pieces:
        if not counted and (not text or text[-1].endswith("\n")):
            continue
        text.append(piece)
        widths += [len(c.encode("utf-8", "replace")) if counted else 0 for c in piece]
    return Page("".join(text), np.concatenate([[0], np.cumsum(widths, dtype=np.int64)]))


def read(data: Database, report: Report, project: str | None = None) -> Interviews:
    """Return the five tables of one project of the database.

    Raises
    ------
    StudyError
        Several projects inside and none named, or the named one is not there.
    """
    report.add("guessed", "tool", 1, "Taguette project")
    wanted = _project(data, report, project)
    codes, code_of = code_table(_code_rows(data, wanted, report), report)
    pages = {
        row["id"]: (one_line(row["name"]), page(words(row["contents"])))
        for row in data.rows("documents", "id", "name", "project_id", "contents")
        if wanted is None or row["project_id"] == wanted
    }
    sources = {
        key: Source(f"d{key}", name, "text", Text(found.text, ("\n",) * found.text.count("\n"), False))
        for key, (name, found) in pages.items()
    }
    unique_names(list(sources.values()), report)
    report.add("read", "text sources", len(sources))
    for document, place in _places(data, pages):
        if document in sources or wanted is None:  # else it is of another project
            put(sources.get(document), place, report)
    for source in sources.values():
        source.places.sort(key=lambda p: (p.start is None, p.start, p.end))
    return assemble_own(sources.values(), [], codes, code_of, report)


def _project(data: Database, report: Report, name: str | None) -> object:
    """Return the number of the wanted project: the one of that name, else the only one with documents."""
    rows = {r["id"]: words(r["name"]) for r in data.rows("projects", "id", "name")}
    report.add("read", "projects in the file", len(rows), ", ".join(rows.values()))
    used = {r["project_id"] for r in data.rows("documents", "project_id")}
    if name is None:
        match = [key for key in rows if key in used] if len(rows) > 1 else list(rows)
        if len(match) > 1:
            found = f"{len(match)} projects: {', '.join(rows[key] for key in match)}"
            raise fault(data.shown, found, "name one: project='...'")
        return next(iter(match), None)
    match = [key for key, known in rows.items() if known == name]
    if len(match) != 1:
        raise fault(data.shown, f"no project {name!r}", did_you_mean(name, rows.values()))
    return match[0]


def _code_rows(data: Database, wanted: object, report: Report) -> list[dict]:
    """Return a row per tag; newer files name its parent, in older ones "a.b" is under a tag "a"."""
    tags = {
        r["id"]: r
        for r in data.rows("tags", "id", "project_id", "path", "description", "parent_id")
        if wanted is None or r["project_id"] == wanted
    }
    names = {key: words(tag["path"]) for key, tag in tags.items()}
    above = {key: tag["parent_id"] for key, tag in tags.items() if tag["parent_id"] in tags}
    if not above:
        keys = {name: key for key, name in names.items()}
        above = {key: keys[top] for key, name in names.items() if (top := name.rpartition(".")[0]) in keys}
        report.add("guessed", "tags under another tag", len(above), "a full stop parts the levels")
    nodes = {}
    for key, tag in tags.items():
        own = names[key].removeprefix(f"{names.get(above.get(key), '')}.") or names[key]
        nodes[key] = {"name": own, "above": above.get(key), "memo": tag["description"], "own": names[key]}
    return tree(nodes, report)


def _places(data: Database, pages: dict[Hashable, tuple[str, Page]]) -> Iterable[tuple[Hashable, Place]]:
    """Yield the document of each highlight, and the highlight with its tags."""
    tags: dict[object, list[str]] = {}
    for row in data.rows("highlight_tags", "highlight_id", "tag_id"):
        tags.setdefault(row["highlight_id"], []).append(str(row["tag_id"]))
    made = _made_by(data)
    for row in data.rows("highlights", "id", "document_id", "start_offset", "end_offset", "snippet"):
        said = page(words(row["snippet"])).text.strip()
        start, end = whole(row["start_offset"]), whole(row["end_offset"])
        if start is not None and end is not None and row["document_id"] in pages:
            start, end = pages[row["document_id"]][1].place(start, end)
        coder, when = made.get(row["id"], ("", ""))
        marks = [Mark(tag, coder, when) for tag in tags.get(row["id"], [])]
        yield row["document_id"], Place(f"h{row['id']}", start, end, said, words=said, codings=marks)


def _made_by(data: Database) -> dict[object, tuple[str, str]]:
    """Return who last made or changed each highlight, and when, from the log of commands."""
    made: dict[object, tuple[str, str]] = {}
    for row in data.rows("commands", "id", "date", "user_login", "payload"):
        try:
            payload = json.loads(words(row["payload"]))
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(payload, dict) and payload.get("type") == "highlight_add":
            number = payload.get("highlight_id", payload.get("id"))
            if isinstance(number, int):
                made[number] = (words(row["user_login"]), words(row["date"]))
    return made
