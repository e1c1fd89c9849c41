"""The first page of a report (what was found, what it is for and not for, who is in it), and that of all."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from vbhc.problems import fault
from vbhc.publish.answer import first_sentence
from vbhc.publish.findings.marks import NARROW
from vbhc.publish.notebook_files import OUTCOMES, SUMMARY, is_companion, reads_all, walk_number
from vbhc.report.drawings import Palette, drawn, page_svg
from vbhc.report.head import alone, answers, around, linker, short_name, to_do
from vbhc.report.markdown import markdown_writer
from vbhc.report.page import Page, Report
from vbhc.report.shell import page_of
from vbhc.report.texts import OVERVIEW, notes_of

FINDINGS = ("01b", "02", "03", "04", "05", "06")  # pages whose answers are findings
MOST = 4
PEOPLE, VALUE = "01", "02"
USES = ("06", "02", "01b")  # where the words to each reader are taken from, the first that has them
NOT_TO_CONCLUDE, FOLLOWED = "not-to-conclude", "treated-today"  # ids of findings
TOGETHER = {"whose-value", "joint-display"}  # what a summary brings together, by the ids of its findings


def index_html(report: Report, terms: Collection[str] = ()) -> tuple[str, set[str]]:
    """Return the index page of a study's report, and the terms that it links; `terms` are as for a page."""
    pages, palette, link = report.pages, Palette(), linker(report.pages)
    view = {
        "notes": Markup(link(markdown_writer([], {"main"})(notes_of(report.study, OVERVIEW)))),
        "findings": findings(pages, palette),
        "to_do": uses(pages),
        "warning": warning(pages),
        "people": people(pages, palette),
        "skipped": not_run(report.info.get("skipped", {})),
    }
    view |= {"palette": palette.css(), **around(report, None, link, terms)}
    return page_of("overview.html.j2", view), link.used


def _walk(pages: Sequence[Page], numbers: Sequence[str]) -> list[Page]:
    """Return the pages of the walk with these numbers, in that order."""
    of = {walk_number(page.name): page for page in pages if not is_companion(page.name)}
    return [of[number] for number in numbers if number in of]


def findings(pages: Sequence[Page], palette: Palette) -> list[dict[str, Any]]:
    """Return the first sentence of each answer, with its key figure as small as a phone's; four at most.

    Answers are those of the walk; of companions that stand alone where it has none. A summary that brought
    nothing together is no finding.
    """
    walk = [
        page
        for page in _walk(pages, FINDINGS)
        if page.name != SUMMARY or not TOGETHER.isdisjoint(one["id"] for one in page.findings)
    ]
    return [
        {"page": page, "name": short_name(page.name), "says": said[0].first, **_small(page, palette)}
        for page in walk or [page for page in pages if alone(pages, page)]
        if (said := answers(page.findings))
    ][:MOST]


def _small(page: Page, palette: Palette) -> dict[str, Any]:
    """The narrow drawing of a page's key figure."""
    key = page.key_figure
    if key is None:
        return {"drawing": "", "caption": ""}
    svg = page.drawings[key["id"]][NARROW]
    drawing = Markup(page_svg(svg, f"{page.name}-{key['id']}", key["alt"], palette))
    return {"drawing": drawing, "caption": first_sentence(key["caption"])[0]}


def uses(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Return what the results may be used for, by reader: the first sentence, the rest is on its page."""
    told = next(filter(None, (to_do(page.findings) for page in _walk(pages, USES))), [])
    return [{"first": one.first, "rest": first_sentence(one.rest)[0]} for one in told]


def warning(pages: Sequence[Page]) -> str:
    """Return the one thing not to conclude, else the first limit of the summary; empty without either."""
    named = [first_sentence(f["text"])[0] for _, f in _sentences(pages) if f["id"] == NOT_TO_CONCLUDE]
    limits = [f["text"] for page, f in _sentences(pages) if f["role"] == "limit" and page.name == SUMMARY]
    return next(iter([*named, *limits]), "")


def _sentences(pages: Sequence[Page]) -> list[tuple[Page, Mapping[str, Any]]]:
    return [(page, f) for page in pages for f in page.findings if f["kind"] == "sentence"]


def people(pages: Sequence[Page], palette: Palette) -> dict[str, Any] | None:
    """Return who is in the study and who is not, as the page of people answers and draws it.

    Without patients of its own: whom its model follows, with which condition and treatment.
    """
    page = next(iter(_walk(pages, (PEOPLE,))), None)
    said, key = (answers(page.findings), page.key_figure) if page else ([], None)
    if page is None or not (said or key):
        followed = ((on, first_sentence(f["text"])[0]) for on, f in _sentences(pages) if f["id"] == FOLLOWED)
        return next(({"says": text, "page": on, "name": short_name(on.name)} for on, text in followed), None)
    drawing = ""
    if key:
        drawing = Markup(drawn(page.drawings[key["id"]], f"{page.name}-{key['id']}", key["alt"], palette))
    text = " ".join(part for one in said for part in (one.first, one.rest) if part)
    return {"says": text, "drawing": drawing, "page": page, "name": short_name(page.name)}


def not_run(skipped: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return (reason, names) of what was not run; companions, for some readers only, are not missed.

    The page that stands in for that on value is not missed beside it. A reason is given without its full
    stop, without names of keys and without what follows a "which".
    """
    gone = {name: reason for name, reason in sorted(skipped.items()) if not is_companion(name)}
    if VALUE not in map(walk_number, gone):
        gone.pop(OUTCOMES, None)
    reasons: dict[str, list[str]] = {}
    for name, reason in gone.items():
        short = re.sub(r" \(`[^)]*\)|, which.*", "", reason).rstrip(".").replace("`", "")
        reasons.setdefault(short, []).append(short_name(name))
    return list(reasons.items())


def write_site(reports: Path) -> tuple[Path, int]:
    """Write `index.html` over every finished report below `reports`; return it and how many it lists.

    Raises
    ------
    StudyError
        If there is no finished report.
    """
    studies = [_study(path) for path in sorted(reports.glob("*/")) if (path / "findings.json").is_file()]
    if not studies:
        raise fault("reports", "no finished report", "`vbhc run STUDY` makes one")
    index = reports / "index.html"
    index.write_text(page_of("site.html.j2", {"studies": studies}), encoding="utf-8", newline="\n")
    return index, len(studies)


def _study(folder: Path) -> dict:
    info = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    found = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    questions = {name: one.get("question", name) for name, one in info.get("notebooks", {}).items()}
    return {
        "name": folder.name,
        "title": info.get("title", folder.name),
        "synthetic": info.get("synthetic", False),
        "answers": [
            (f["page"], questions.get(f["page"], f["page"]), first_sentence(f["text"])[0])
            for f in found  # but those of pages that gather what others found, or are for some readers only
            if f.get("role") == "answer" and not (reads_all(f["page"]) or is_companion(f["page"]))
        ],
    }
