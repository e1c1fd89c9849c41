"""Read a Taguette project: an SQLite database with documents, highlights and tags.

Documents are HTML. Positions count the bytes (UTF-8) of the text between the tags. Who made a highlight
stands in the log of commands.
"""

import json
from html.parser import HTMLParser
from typing import NamedTuple

import numpy as np

from vbhc.interviews.assemble import assemble_own
from vbhc.interviews.codebook import code_row, code_table
from vbhc.interviews.database import Database, whole, words
from vbhc.interviews.offsets import Text
from vbhc.interviews.sources import Mark, Place, Source, unique_names
from vbhc.interviews.stored import line_up
from vbhc.interviews.tables import Interviews, Report
from vbhc.interviews.taguette import tag_paths
from vbhc.problems import did_you_mean, fault

TABLES = frozenset({"documents", "highlights", "tags", "highlight_tags"})
BLOCKS = frozenset(
    ("p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "blockquote", "pre")
)


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
    sources = _sources(data, wanted, report)
    return assemble_own(sources, [], codes, code_of, report)


def _code_rows(data: Database, wanted: object, report: Report) -> list[dict]:
    """Return a row per tag; newer files name its parent, in older ones a full stop may part levels."""
    tags = {
        r["id"]: r
        for r in data.rows("tags", "id", "project_id", "path", "description", "parent_id")
        if wanted is None or r["project_id"] == wanted
    }
    names = {key: words(tag["path"]) for key, tag in tags.items()}
    if any(tag["parent_id"] in tags for tag in tags.values()):
        above = {key: tag["parent_id"] for key, tag in tags.items()}
        own = {key: names[key].removeprefix(f"{names.get(above[key], '')}.") or names[key] for key in tags}
        paths = {key: tuple(own[at] for at in line_up(key, above)) for key in tags}
    else:
        split = tag_paths(names.values(), report)
        paths = {key: split[name] for key, name in names.items()}
    return [
        code_row(paths[key], str(key), words(tags[key]["description"]), own=names[key])
        for key in sorted(tags, key=lambda key: paths[key])
    ]


def _project(data: Database, report: Report, name: str | None) -> object:
    rows = {r["id"]: words(r["name"]) for r in data.rows("projects", "id", "name")}
    report.add("read", "projects in the file", len(rows), ", ".join(rows.values()))
    if name is not None:
        match = [number for number, known in rows.items() if known == name]
        if len(match) != 1:
            raise fault(data.shown, f"no project {name!r}", did_you_mean(name, rows.values()))
        return match[0]
    if len(rows) > 1:
        used = {r["project_id"] for r in data.rows("documents", "project_id")}
        rows = {number: known for number, known in rows.items() if number in used}
    if len(rows) > 1:
        found = f"{len(rows)} projects: {', '.join(rows.values())}"
        raise fault(data.shown, found, "name one: project='...'")
    return next(iter(rows), None)


def _sources(data: Database, wanted: object, report: Report) -> list[Source]:
    pages, sources = {}, {}
    for row in data.rows("documents", "id", "name", "project_id", "contents"):
        if wanted is None or row["project_id"] == wanted:
            pages[row["id"]] = found = page(words(row["contents"]))
            text = Text(found.text, ("\n",) * found.text.count("\n"), False)
            sources[row["id"]] = Source(f"d{row['id']}", " ".join(words(row["name"]).split()), "text", text)
    unique_names(list(sources.values()), report)
    report.add("read", "text sources", len(sources))
    tags: dict[object, list[str]] = {}
    for row in data.rows("highlight_tags", "highlight_id", "tag_id"):
        tags.setdefault(row["highlight_id"], []).append(str(row["tag_id"]))
    made = _made_by(data)
    lost = 0
    for row in data.rows("highlights", "id", "document_id", "start_offset", "end_offset", "snippet"):
        source = sources.get(row["document_id"])
        if source is None:
            lost += wanted is None
            continue
        place = Place(f"h{row['id']}")
        place.words = place.text = page(words(row["snippet"])).text.strip()
        start, end = whole(row["start_offset"]), whole(row["end_offset"])
        if start is not None and end is not None:
            place.start, place.end = pages[row["document_id"]].place(start, end)
        coder, when = made.get(row["id"], ("", ""))
        place.codings = [Mark(tag, coder, when) for tag in tags.get(row["id"], [])]
        source.places.append(place)
    for source in sources.values():
        source.places.sort(key=lambda p: (p.start is None, p.start, p.end))
    report.add("dropped", "highlights of a document that is not there", lost)
    return list(sources.values())


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
