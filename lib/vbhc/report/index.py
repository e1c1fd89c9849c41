"""The first page of a report: what was found, what it is for and not for, who is in it."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from vbhc.publish.answer import first_sentence
from vbhc.publish.notebook_files import OUTCOMES, SUMMARY, is_companion, walk_number
from vbhc.report.compare import Change
from vbhc.report.drawings import Palette, page_svg
from vbhc.report.glossary import Linker
from vbhc.report.head import alone, answers, navigation, short_name, to_do
from vbhc.report.markdown import markdown_writer
from vbhc.report.page import Page
from vbhc.report.shell import page_of
from vbhc.report.supplement import INDEX, home_of, leads_to, supplement
from vbhc.report.texts import OVERVIEW, notes_of
from vbhc.report.writer import figure
from vbhc.study import Study

FINDINGS = ("01b", "02", "03", "04", "05", "06")  # pages whose answers are findings
MOST = 4
PEOPLE, VALUE = "01", "02"
USES = ("06", "02", "01b")  # where the words to each reader are taken from, the first that has them
NOT_TO_CONCLUDE = "not-to-conclude"
TOGETHER = {"whose-value", "joint-display"}  # what a summary brings together, by the ids of its findings


def index_html(
    study: Study,
    pages: Sequence[Page],
    info: Mapping[str, Any],
    edition: str,
    changes: Sequence[Change] = (),
    terms: Collection[str] = (),
) -> tuple[str, set[str]]:
    """Return the index page of a study's report, and the terms that it links; parameters as for a page."""
    home, palette = home_of(pages), Palette()
    at_home = home == INDEX
    link = Linker("" if at_home else f"{home}.html")
    notes = Markup(link(markdown_writer([], {"main"})(notes_of(study, OVERVIEW))))
    view = {
        "study": study,
        "page": None,
        "edition": edition,
        "navigation": navigation(pages, None),
        "findings": findings(pages, palette),
        "to_do": uses(pages),
        "warning": warning(pages),
        "people": people(pages, palette),
        "skipped": not_run(info.get("skipped", {})),
        "notes": notes,
        "lead": leads_to(study, None, pages, bool(changes)),
        "supplement": supplement(study, pages, info, link.used.union(terms), changes) if at_home else None,
        "palette": [Markup(css) for css in palette.css()],
    }
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
    walk = [page for page in _walk(pages, FINDINGS) if page.name != SUMMARY or _has_brought_together(page)]
    told = walk or [page for page in pages if alone(pages, page)]
    found = [(page, answers(page.findings)) for page in told]
    return [
        {"page": page, "name": short_name(page.name), "says": said[0].first, **_small(page, palette)}
        for page, said in found
        if said
    ][:MOST]


def _has_brought_together(page: Page) -> bool:
    return not TOGETHER.isdisjoint(one["id"] for one in page.findings)


def _small(page: Page, palette: Palette) -> dict[str, Any]:
    """The narrow drawing of a page's key figure; one that was drawn once only needs the width of a page."""
    key = page.key_figure
    if key is None:
        return {"drawing": "", "broad": False, "caption": ""}
    svg = page.narrow.get(key["id"])
    name = f"{page.name}-{key['id']}"
    return {
        "drawing": Markup(page_svg(svg or page.drawings[key["id"]], name, key["alt"], palette)),
        "broad": svg is None,
        "caption": first_sentence(key["caption"])[0],
    }


def uses(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Return what the results may be used for, by reader: the first sentence, the rest is on its page."""
    told = next(filter(None, (to_do(page.findings) for page in _walk(pages, USES))), [])
    return [{"first": one.first, "rest": first_sentence(one.rest)[0]} for one in told]


def warning(pages: Sequence[Page]) -> str:
    """Return the one thing not to conclude, else the first limit of the summary; empty without either."""
    sentences = [(page, f) for page in pages for f in page.findings if f["kind"] == "sentence"]
    named = [first_sentence(f["text"])[0] for _, f in sentences if f["id"] == NOT_TO_CONCLUDE]
    limits = [f["text"] for page, f in sentences if f["role"] == "limit" and page.name == SUMMARY]
    return next(iter([*named, *limits]), "")


def people(pages: Sequence[Page], palette: Palette) -> dict[str, Any] | None:
    """Return who is in the study and who is not, as the page of people answers and draws it."""
    for page in _walk(pages, (PEOPLE,)):
        said, key = answers(page.findings), page.key_figure
        drawing = Markup(figure(page, key, palette)) if key else ""
        narrow = bool(key) and key["id"] in page.narrow
        if said or drawing:
            text = " ".join(filter(None, (part for one in said for part in (one.first, one.rest))))
            return {"says": text, "drawing": drawing, "narrow": narrow, "page": page}
    return None


def not_run(skipped: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return (reason, names) of what was not run; companions, for some readers only, are not missed.

    The page that stands in for that on value is not missed beside it. A reason is given without its full
    stop, without names of keys and without what follows a "which".
    """
    gone = {walk_number(name) for name in skipped if not is_companion(name)}
    reasons: dict[str, list[str]] = {}
    for name, reason in sorted(skipped.items()):
        stood_in = name == OUTCOMES and VALUE not in gone
        if not stood_in and not is_companion(name):
            short = re.sub(r" \(`[^)]*\)|, which.*", "", reason).rstrip(".").replace("`", "")
            reasons.setdefault(short, []).append(short_name(name))
    return list(reasons.items())
