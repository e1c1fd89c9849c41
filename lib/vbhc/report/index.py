"""The first page of a report: question, answers, key figures, who took part, what is to be had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from vbhc.publish.answer import answer_html
from vbhc.publish.findings.table_html import table_html
from vbhc.report.drawings import Palette, page_svg
from vbhc.report.glossary import Linker
from vbhc.report.markdown import markdown_writer
from vbhc.report.notes import OVERVIEW, notes_of
from vbhc.report.page import Page
from vbhc.report.provenance import foot
from vbhc.report.shell import page_of
from vbhc.report.slim import slim_table
from vbhc.study import Study

SUMMARY = "06-summary"


def index_html(
    study: Study, pages: Sequence[Page], info: Mapping[str, Any], edition: str, changed: bool = False
) -> str:
    """Return the index page of a study's report."""
    palette, link = Palette(), Linker()
    cards = [_card(page, palette, link) for page in pages]
    notes = markdown_writer([], {"main"})(notes_of(study, OVERVIEW))
    return page_of(
        "overview.html.j2",
        {
            "study": study,
            "pages": pages,
            "page": None,
            "edition": edition,
            "cards": cards,
            "answer": next((card["answer"] for card in cards if card["page"].name == SUMMARY), ""),
            "flow": _flow(pages, palette),
            "skipped": sorted(info.get("skipped", {}).items()),
            "notes": Markup(link(notes)),
            "tables": [(page, f) for page in pages for f in page.findings if f["kind"] == "table"],
            "figures": [(page, f) for page in pages for f in page.findings if f["kind"] == "figure"],
            "words": link.entries(),
            "palette": [Markup(css) for css in palette.css()],
            "changed": changed,
            **foot(study, info),
        },
    )


def _card(page: Page, palette: Palette, link: Linker) -> dict:
    key = page.key_figure
    return {
        "page": page,
        "answer": answer_html(page.answers, link),
        "key": key,
        "drawing": Markup(_drawing(page, key, palette)) if key else "",
    }


def _drawing(page: Page, finding: dict, palette: Palette) -> str:
    return page_svg(page.drawings[finding["id"]], f"{page.name}-{finding['id']}", finding["alt"], palette)


def _flow(pages: Sequence[Page], palette: Palette) -> dict | None:
    """The participant flow: the first finding whose id says so, a figure rather than a table."""
    found = [(page, f) for page in pages for f in page.findings if "flow" in f["id"].split("-")]
    for page, finding in sorted(found, key=lambda one: one[1]["kind"]):
        if finding["kind"] == "figure":
            shown = page.key_figure is finding  # then it stands on the page already
            html = "" if shown else _drawing(page, finding, palette)
            return {"page": page, "finding": finding, "html": Markup(html)} if html else None
        if finding["kind"] == "table":
            html = slim_table(table_html(finding, styled=False))
            return {"page": page, "finding": finding, "html": Markup(html)}
    return None
