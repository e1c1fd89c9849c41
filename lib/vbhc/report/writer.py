"""Turn a page into HTML: its head, its sections with their findings, its foot."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape
from nbformat import NotebookNode

from vbhc.publish.findings.marks import sha256, verified
from vbhc.publish.notebook_files import tags
from vbhc.report.drawings import Palette, drawn
from vbhc.report.footnotes import HEADING, Sources
from vbhc.report.glossary import Linker
from vbhc.report.head import Said, answers, in_head, to_do
from vbhc.report.markdown import NOTE, Headings, highlight_python, markdown_writer
from vbhc.report.page import TITLE, Page
from vbhc.report.sections import Section, sections_of
from vbhc.report.shell import render
from vbhc.report.supplement import OWN_IDS
from vbhc.report.table import page_table
from vbhc.report.unmarked import unmarked_html

LONG = 24  # rows
_H2 = re.compile(r'\A\s*<h2 id="([^"]+)">(.*?)</h2>\s*', re.DOTALL)


@dataclass
class Writer:
    """Turns the cells and findings of one page into HTML."""

    page: Page
    edition: str
    pages: Sequence[Page] = ()
    palette: Palette = field(default_factory=Palette)
    link: Linker = field(default_factory=Linker)
    headings: Headings = field(default_factory=list)
    ids: set[str] = field(default_factory=lambda: {"main", "more", "notes", "code", *OWN_IDS})
    sources: Sources = field(default_factory=Sources)

    def __post_init__(self) -> None:
        """Make the page's own writer of Markdown."""
        names = [page.name for page in self.pages] or None
        self.markdown = markdown_writer(self.headings, self.ids, names, self.sources)

    def head(self) -> dict[str, list[dict]]:
        """Return the answers, and what is told to each reader: `name`, `sha256`, `id`, `first`, `rest`."""
        told = {"answers": answers(self.page.findings), "to_do": to_do(self.page.findings)}
        return {part: [self._said(one) for one in some] for part, some in told.items()}

    def _said(self, said: Said) -> dict[str, Any]:
        rest = Markup(self.link(str(escape(said.rest))))
        return {**self._named(said.finding), "first": said.first, "rest": rest}

    def sections(self) -> list[dict]:
        """Return the sections in reading order: `name`, `title`, `blocks`, `notes`, `sources`."""
        found = sections_of(self.page.notebook.cells, self._shows, TITLE)
        views = [self._section(section) for section in found]
        return [view for view in views if view["blocks"] or view["notes"]]

    def _section(self, section: Section) -> dict[str, Any]:
        view: dict[str, Any] = {"name": "", "title": "", "blocks": [], "notes": []}
        for part in section.parts:
            if not isinstance(part, str):
                view["blocks"] += list(self._outputs(part))
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
        """Return Markdown as HTML, terms linked except in the titles of sources."""
        story, listed, sources = self.markdown(source).partition('<ol class="sources">')
        return self.link(story) + listed + sources

    def _passes(self, output: NotebookNode) -> bool:
        return self.edition == "internal" or verified(output) is not None

    def _shows(self, cell: NotebookNode) -> bool:
        """Whether a cell shows something in the body of the page."""
        passed = [verified(output) for output in cell.get("outputs", ()) if self._passes(output)]
        return any(finding is None or not in_head(finding) for finding in passed)

    def _outputs(self, cell: NotebookNode) -> Iterator[Markup]:
        for output in cell.outputs:
            finding = verified(output)
            if finding is None and self.edition == "internal":
                yield Markup(unmarked_html(output))
            elif finding is not None and not in_head(finding):
                yield self.finding(finding)

    def _named(self, finding: dict) -> dict[str, Any]:
        name = f"{finding['kind']}-{finding['id']}"
        self.ids.add(name)
        return {"name": name, "id": finding["id"], "sha256": sha256(finding)}

    def finding(self, finding: dict) -> Markup:
        """Return a finding as HTML that names it, so that what a page holds can be counted."""
        file = f"{self.page.name}-{finding['id']}"
        view = {"finding": finding, "file": file, "level": min(3, self._level() + 1), **self._named(finding)}
        if finding["kind"] == "sentence":
            view["html"] = Markup(self.link(str(escape(finding["text"]))))
        elif finding["kind"] == "table":
            names = [column["name"] for column in finding["columns"]]
            heading = names.index(finding["by"]) if finding.get("by") else None
            view["html"] = Markup(page_table(finding, places(finding["cells"], self.pages, heading)))
            view["folded"] = folded(finding)
        else:
            view["html"] = Markup(figure(self.page, finding, self.palette))
            view["narrow"] = finding["id"] in self.page.narrow
        return Markup(render("finding.html.j2", **view))

    def _level(self) -> int:
        return self.headings[-1][0] if self.headings else 1


def figure(page: Page, finding: dict, palette: Palette) -> str:
    """Return a figure's drawings for a page."""
    id = finding["id"]
    return drawn(page.drawings[id], page.narrow.get(id), f"{page.name}-{id}", finding["alt"], palette)


def folded(finding: dict) -> bool:
    """Whether a table is folded away: to be looked things up in, not to be read from top to bottom.

    Limits and findings are read, however many there are.
    """
    if finding["id"].startswith("checklist-"):
        return True
    return len(finding["cells"]) > LONG and finding["id"] not in ("limits", "findings")


def places(
    cells: list[list[str]], pages: Sequence[Page], heading: int | None = None
) -> dict[tuple[int, int], str]:
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
                anchor = f"#sentence-{said[0]}" if said else ""
                if column != heading:
                    links[number, column] = f"{name}.html{anchor}"
                    continue
                links[number, column] = f"{name}.html"
                if anchor:
                    links[number, 0 if heading else 1] = f"{name}.html{anchor}"
    return links
