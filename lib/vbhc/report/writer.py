"""Turn a page into HTML: its head, its sections with their findings, its foot.

A table has rows and columns where there is room. Under 600 px report.css shows each row as a block: its
heading and lines of label over value. Blocks are no table to a screen reader, so that every part names its
role (`table.html.j2`).
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape
from nbformat import NotebookNode

from vbhc.publish.findings.marks import sha256, verified
from vbhc.publish.notebook_files import tags
from vbhc.report.drawings import Palette, drawn
from vbhc.report.glossary import Linker
from vbhc.report.head import OWN_IDS, Said, answers, around, companions, following, in_head, linker, to_do
from vbhc.report.markdown import HEADING, NOTE, ReportError, Sources, highlight_python, markdown_writer
from vbhc.report.page import Page, Report, Section, sections_of
from vbhc.report.shell import page_of, render
from vbhc.report.texts import notes_of

LONG = 24  # rows, after which a table is folded away
WIDE, WIDER = 14, 60  # characters: texts that want room, and those that want a line of their own
ABREAST = ((8, 4), (12, 3), (math.inf, 2))  # letters of the longest word, values that then fit on a phone
Links = Mapping[tuple[int, int], str]
READ = ("limits", "findings")  # tables that are read from top to bottom, however long
_PARTED = re.compile(r"\s+|(?<=[a-z])-(?=[a-z])")  # where a browser may begin a new line
_ABOUT = re.compile(r"<!-- ([\w-]+) -->(.*?)<!-- end -->", re.DOTALL)  # by the id of its figure or table
_H2 = re.compile(r'\A\s*<h2 id="([^"]+)">(.*?)</h2>\s*', re.DOTALL)


def page_html(report: Report, page: Page, terms: Collection[str] = ()) -> tuple[str, set[str]]:
    """Return a whole page, with the supplement where it stands there, and the terms that it links.

    `terms` are those that the other pages link, for the supplement.
    """
    writer = Writer(page, report.edition, report.pages, link=linker(report.pages, page.name))
    view = writer.told(notes_of(report.study, page.name))
    view |= {"more": companions(report.pages, page), "next": following(report.pages, page)}
    view |= around(report, page, writer.link, terms)
    return page_of("page.html.j2", view), writer.link.used


@dataclass
class Writer:
    """Turns the cells and findings of one page into HTML."""

    page: Page
    edition: str
    pages: Sequence[Page] = ()
    palette: Palette = field(default_factory=Palette)
    link: Linker = field(default_factory=Linker)
    headings: list[tuple[int, str, str]] = field(default_factory=list)  # level, id, HTML
    ids: set[str] = field(default_factory=lambda: {"main", "more", "notes", "code", *OWN_IDS})
    sources: Sources = field(default_factory=Sources)

    def __post_init__(self) -> None:
        """Make the page's own writer of Markdown."""
        names = [page.name for page in self.pages] or None
        self.markdown = markdown_writer(self.headings, self.ids, names, self.sources)

    def told(self, notes: str) -> dict[str, Any]:
        """Return what the notebook and the analysts' notes say; in reading order, marks before their sources.

        Raises
        ------
        ReportError
            If a text marks a source that stands in no list.
        """
        head = {"answers": answers(self.page.findings), "to_do": to_do(self.page.findings)}
        view: dict[str, Any] = {part: [self._said(one) for one in some] for part, some in head.items()}
        sections = self.sections()
        view |= {"notes": Markup(self.link(self.markdown(notes))), "code": self.code()}
        if missing := self.sources.missing():
            raise ReportError(f"{self.page.name}: no source {missing[0]} in its list of sources")
        for part, listed in (("sections", False), ("sources", True)):
            view[part] = [one for one in sections if one["sources"] is listed]
        return {**view, "palette": self.palette.css()}

    def _said(self, said: Said) -> dict[str, Any]:
        """An answer, or what is told to a reader: `name`, `id`, `sha256`, `first`, `rest`."""
        rest = Markup(self.link(str(escape(said.rest))))
        return {**self._named(said.finding), "first": said.first, "rest": rest}

    def sections(self) -> list[dict]:
        """Return the sections in reading order: `name`, `title`, `blocks`, `notes`, `sources`."""
        views = [self._section(one) for one in sections_of(self.page.notebook.cells, self._shown)]
        return [view for view in views if view["blocks"] or view["notes"]]

    def _section(self, section: Section) -> dict[str, Any]:
        view: dict[str, Any] = {"name": "", "title": "", "blocks": [], "notes": []}
        for part in section.parts:
            if not isinstance(part, str):
                for output, finding in self._shown(part):
                    view["blocks"].append(self.finding(finding) if finding else unmarked_html(output))
                continue
            html = self.prose(part)
            if heading := _H2.match(html):
                view["name"], view["title"] = heading[1], Markup(heading[2])
                html = html[heading.end() :]
            view["notes"] += [Markup(note) for note in NOTE.findall(html)]
            html = NOTE.sub("", html).strip()
            view["blocks"] += [Markup(html)] if html else []
        return {**view, "sources": view["title"] == HEADING}

    def code(self) -> Markup:
        """Return the code of all cells in order, but for what a run puts in, which holds paths."""
        cells = [cell for cell in self.page.notebook.cells if cell.cell_type == "code"]
        sources = [cell.source.strip() for cell in cells if "injected-parameters" not in tags(cell)]
        listing = "\n\n".join(filter(None, sources))
        return Markup(highlight_python(listing)) if listing else Markup("")

    def prose(self, source: str) -> str:
        """Return Markdown as HTML, terms linked except in the titles of sources.

        What is about a figure or a table that does not stand on the page goes (`_ABOUT`).
        """
        shown = {one["id"] for one in self.page.findings if one["kind"] != "sentence"}
        source = _ABOUT.sub(lambda said: said[2] if said[1] in shown else "", source)
        story, listed, sources = self.markdown(source).partition('<ol class="sources">')
        return self.link(story) + listed + sources

    def _shown(self, cell: NotebookNode) -> list[tuple[NotebookNode, dict | None]]:
        """Return the outputs of a cell that stand in the body of the page, each with its finding."""
        pairs = [(output, verified(output)) for output in cell.get("outputs", ())]
        internal = self.edition == "internal"
        return [(out, one) for out, one in pairs if (internal if one is None else not in_head(one))]

    def _named(self, finding: dict) -> dict[str, Any]:
        name = f"{finding['kind']}-{finding['id']}"
        self.ids.add(name)
        return {"name": name, "id": finding["id"], "sha256": sha256(finding)}

    def finding(self, finding: dict) -> Markup:
        """Return a finding as HTML that names it, so that what a page holds can be counted."""
        file = f"{self.page.name}-{finding['id']}"
        level = min(3, self.headings[-1][0] + 1) if self.headings else 2
        view = {"finding": finding, "file": file, "level": level, **self._named(finding)}
        if finding["kind"] == "sentence":
            view["html"] = Markup(self.link(str(escape(finding["text"]))))
        elif finding["kind"] == "table":
            names = [column["name"] for column in finding["columns"]]
            heading = names.index(finding["by"]) if finding.get("by") else None
            view["html"] = Markup(page_table(finding, places(finding["cells"], self.pages, heading)))
            looked_up = len(finding["cells"]) > LONG and finding["id"] not in READ
            view["folded"] = looked_up or finding["id"].startswith("checklist-")
        else:
            drawings = self.page.drawings[finding["id"]]
            view["html"] = Markup(drawn(drawings, file, finding["alt"], self.palette))
        return Markup(render("finding.html.j2", **view))


def unmarked_html(output: NotebookNode) -> Markup:
    """Return an output without a mark, for the internal edition: as a picture, or as its text.

    Nothing in it can run or load anything; tables are shown as text.
    """
    data = output.get("data", {})
    error = f"{output.get('ename')}: {output.get('evalue')}" if "ename" in output else ""
    view = {"text": output.get("text") or error or data.get("text/plain", "")}
    view["picture"] = "".join(data.get("image/png", "").split())
    return Markup(render("unmarked.html.j2", **view))


def places(cells: list[list[str]], pages: Sequence[Page], heading: int | None = None) -> Links:
    """Return where the rows of a table lead that name a page, and perhaps a sentence which stands there.

    Where the page is the `heading` over its rows (a column's place), it leads to the page and the first cell
    of a row to the sentence.
    """
    by_name, links = {page.name: page for page in pages}, {}
    for number, row in enumerate(cells):
        for column, name in enumerate(row):
            if name in by_name:
                texts = {f["text"]: f["id"] for f in by_name[name].findings if f["kind"] == "sentence"}
                said = [texts[cell] for cell in row if cell in texts]
                links[number, column] = f"{name}.html"
                if said:
                    from_here = column if column != heading else 0 if heading else 1
                    links[number, from_here] = f"{name}.html#sentence-{said[0]}"
    return links


def page_table(finding: dict, links: Links | None = None) -> str:
    """Return `<table>` with caption, header with units and rows, escaped throughout.

    Parameters
    ----------
    finding : dict
        A table finding. Its first column names the row; the column that `by` names stands as headings over
        its rows. Its notes are the page's part.
    links : mapping, optional
        The place that a cell (row, column) leads to.
    """
    cells = finding["cells"]
    numbered = enumerate(finding["columns"])
    columns = [{**one, "place": place, "texts": [row[place] for row in cells]} for place, one in numbered]
    by = next((column["place"] for column in columns if column["name"] == finding.get("by")), None)
    shown = [column for column in columns if column["place"] != by]
    for column in shown:
        column["heading"] = ", ".join(filter(None, (column["label"], column["unit"])))
        number = column is not shown[0] and column["align"] == "right"
        column["kind"] = "n" if number else _length(column["texts"])
    groups = groupby(enumerate(cells), lambda row: "" if by is None else row[1][by])
    view = {"by": by, "columns": shown, "groups": [(heading, list(rows)) for heading, rows in groups]}
    told = {"caption": finding["caption"], "abreast": _abreast(shown), "links": links or {}}
    return render("table.html.j2", **view, **told)


def _length(texts: Sequence[str]) -> str:
    """Return the class of a column of texts, by the longest of them."""
    longest = max(map(len, texts), default=0)
    return "longer" if longest > WIDER else "long" if longest > WIDE else ""


def _abreast(shown: Sequence[Mapping[str, Any]]) -> int:
    """Return how many values stand beside each other on a phone: what the longest word lets, in full lines.

    Long texts have a line of their own and do not count.
    """
    short = [column for column in shown[1:] if column["kind"] in ("", "n")]
    texts = " ".join(text for column in short for text in (column["heading"], *column["texts"]))
    longest = max(map(len, _PARTED.split(texts)), default=0)
    most = next(fit for letters, fit in ABREAST if longest <= letters)
    lines = math.ceil(len(short) / most)
    return math.ceil(len(short) / lines) if lines else 1
