"""Turn a page into HTML: cells, findings, head and foot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape
from nbformat import NotebookNode

from vbhc.publish.answer import answer_html
from vbhc.publish.findings.marks import sha256, verified
from vbhc.publish.findings.table_html import table_html
from vbhc.report.changes import SUMMARY
from vbhc.report.compare import Change
from vbhc.report.drawings import Palette, page_svg, same_svg
from vbhc.report.footnotes import Sources, as_list
from vbhc.report.glossary import Linker
from vbhc.report.markdown import Headings, ReportError, highlight_python, markdown_writer
from vbhc.report.notes import notes_of
from vbhc.report.optional import left_out
from vbhc.report.page import TITLE, Page
from vbhc.report.provenance import foot
from vbhc.report.shell import export, render
from vbhc.report.slim import slim_table
from vbhc.report.unmarked import unmarked_html
from vbhc.study import Study

LONG = 24  # rows
_OWN_IDS = "main contents answer notes words source cite withheld changes"  # of the page itself
EXERCISE = re.compile(r"# (\d+)\. ")  # how the code of a solution begins


@dataclass
class Writer:
    """Turns the cells and findings of one page into HTML, and gathers what its head and foot need."""

    page: Page
    edition: str
    pages: Sequence[Page] = ()
    palette: Palette = field(default_factory=Palette)
    link: Linker = field(default_factory=Linker)
    headings: Headings = field(default_factory=list)
    ids: set[str] = field(default_factory=lambda: set(_OWN_IDS.split()))
    numbers: Counter = field(default_factory=Counter)
    sources: Sources = field(default_factory=Sources)

    def __post_init__(self) -> None:
        """Make the page's own writer of Markdown."""
        names = [page.name for page in self.pages] or None
        self.markdown = markdown_writer(self.headings, self.ids, names, self.sources)

    def cells(self) -> list[dict]:
        """Return the page's cells in reading order: `kind`, `html`, `outputs`, `solution`, `step`."""
        views: list[dict[str, Any]] = []
        step = 0
        gone = left_out(self.page.notebook.cells, self.edition)
        for place, cell in enumerate(self.page.notebook.cells):
            if place in gone:
                continue
            view: dict[str, Any] = {
                "kind": "",
                "html": "",
                "outputs": [],
                "solution": "solution" in cell.metadata.get("tags", ()),
                "exercise": number[1] if (number := EXERCISE.match(cell.source)) else "",
            }
            if cell.cell_type == "markdown":
                source = TITLE.sub("", cell.source, count=1) if not views else cell.source
                view |= {"kind": "prose", "html": Markup(self.prose(source))}
            elif "parameters" in cell.metadata.get("tags", ()):
                view["kind"] = "parameters"
            elif cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", ()):
                step += 1
                view |= {"kind": "code", "step": step, "outputs": list(self._outputs(cell))}
                view["html"] = Markup(highlight_python(cell.source)) if cell.source.strip() else ""
            if view["html"] or view["outputs"] or view["kind"] == "parameters":
                views.append(view)
        return views

    def prose(self, source: str) -> str:
        """Return Markdown as HTML, terms linked except in the titles of sources."""
        story, listed, sources = self.markdown(as_list(source)).partition('<ol class="sources">')
        return self.link(story) + listed + sources

    def _outputs(self, cell: NotebookNode) -> Iterator[Markup]:
        for output in cell.outputs:
            finding = verified(output)
            if finding is not None:
                yield self.finding(finding)
            elif self.edition == "internal":
                yield Markup(unmarked_html(output))

    def finding(self, finding: dict) -> Markup:
        """Return a finding as HTML that names it, so that what a page holds can be counted."""
        name = f"{finding['kind']}-{finding['id']}"
        self.ids.add(name)
        kind = finding["kind"]
        self.numbers[kind] += 1
        view = {
            "finding": finding,
            "name": name,
            "sha256": sha256(finding),
            "number": self.numbers[kind],
            "file": f"{self.page.name}-{finding['id']}",
        }
        if kind == "sentence":
            view["html"] = Markup(self.link(str(escape(finding["text"]))))
        elif kind == "table":
            names = [column["name"] for column in finding["columns"]]
            heading = names.index(finding["by"]) if finding.get("by") else None
            links = places(finding["cells"], self.pages, heading)
            view["html"] = Markup(slim_table(table_html(finding, styled=False, links=links)))
            view["folded"] = folded(finding)
        else:
            view["html"] = Markup(self.drawing(finding))
        return Markup(render("finding.html.j2", **view))

    def drawing(self, finding: dict) -> str:
        """Return a figure's drawing for this page."""
        svg = self.page.drawings[finding["id"]]
        return page_svg(svg, f"{self.page.name}-{finding['id']}", finding["alt"], self.palette)

    def again(self, finding: dict) -> Markup:
        """Return a second showing of a figure that this page holds."""
        svg = self.page.drawings[finding["id"]]
        return Markup(same_svg(svg, f"{self.page.name}-{finding['id']}", finding["alt"]))


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


def page_html(
    study: Study,
    page: Page,
    pages: Sequence[Page],
    info: Mapping[str, Any],
    edition: str,
    changes: Sequence[Change] = (),
) -> str:
    """Return the whole page; the summary lists what changed since the last published run."""
    writer = Writer(page, edition, pages)
    front = answer_html(page.answers, writer.link)
    cells = writer.cells()
    notes = Markup(writer.link(writer.markdown(notes_of(study, page.name))))
    if writer.sources.missing():
        raise ReportError(f"{page.name}: no source {writer.sources.missing()[0]} in its list of sources")
    key = page.key_figure
    return export(
        page.notebook,
        "page.html.j2",
        {
            "study": study,
            "page": page,
            "pages": pages,
            "edition": edition,
            "cells": cells,
            "answer": front,
            "key": key,
            "key_drawing": writer.again(key) if key else "",
            "notes": notes,
            "contents": [(level, name, Markup(text)) for level, name, text in writer.headings if level < 4],
            "words": writer.link.entries(),
            "palette": [Markup(css) for css in writer.palette.css()],
            "withheld": [(f, entry) for f in page.findings for entry in f["withheld"]],
            "changes": list(changes) if page.name == SUMMARY else [],
            **foot(study, info),
        },
    )
