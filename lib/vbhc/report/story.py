"""The page of one notebook, whole: what the writer made of it, in the report's template."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from vbhc.report.compare import Change
from vbhc.report.glossary import Linker
from vbhc.report.head import companions, following, navigation
from vbhc.report.markdown import ReportError
from vbhc.report.page import Page
from vbhc.report.shell import export
from vbhc.report.supplement import home_of, leads_to, supplement
from vbhc.report.texts import notes_of
from vbhc.report.writer import Writer
from vbhc.study import Study


def page_html(
    study: Study,
    page: Page,
    pages: Sequence[Page],
    info: Mapping[str, Any],
    edition: str,
    changes: Sequence[Change] = (),
    terms: Collection[str] = (),
) -> tuple[str, set[str]]:
    """Return the whole page, with the supplement where it stands there, and the terms that it links.

    Parameters
    ----------
    changes : sequence of Change
        What differs from the last published run.
    terms : collection of str
        What the other pages link, for the supplement.
    """
    home = home_of(pages)
    at_home = home == page.name
    writer = Writer(page, edition, pages, link=Linker("" if at_home else f"{home}.html"))
    view = _told(study, writer)
    met = writer.link.used
    view |= {
        "study": study,
        "page": page,
        "edition": edition,
        "navigation": navigation(pages, page),
        "more": companions(pages, page),
        "next": following(pages, page),
        "lead": leads_to(study, page, pages, bool(changes)),
        "supplement": supplement(study, pages, info, met.union(terms), changes) if at_home else None,
    }
    return export(page.notebook, "page.html.j2", view), met


def _told(study: Study, writer: Writer) -> dict[str, Any]:
    """What the notebook and the analysts' notes say, in reading order: marks come before their sources."""
    name = writer.page.name
    head, sections = writer.head(), writer.sections()
    notes = Markup(writer.link(writer.markdown(notes_of(study, name))))
    if writer.sources.missing():
        raise ReportError(f"{name}: no source {writer.sources.missing()[0]} in its list of sources")
    return {
        **head,
        "sections": [one for one in sections if not one["sources"]],
        "sources": [one for one in sections if one["sources"]],
        "notes": notes,
        "code": writer.code(),
        "palette": [Markup(css) for css in writer.palette.css()],
    }
