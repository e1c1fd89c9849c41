"""What a report says once for all its pages: settings, words, sources, how to cite it, what was withheld.

It stands at the end of the page of checklists, or of the index where a report has no such page; every other
page leads there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.notebook_files import is_companion
from vbhc.report.changes import in_short
from vbhc.report.compare import Change
from vbhc.report.glossary import entries
from vbhc.report.head import short_name
from vbhc.report.page import Page
from vbhc.report.provenance import foot
from vbhc.study import Study

CHECKLISTS = "06a-checklists"
INDEX = "index"
SHOWN = 8  # changes since the last run
OWN_IDS = ("settings", "words", "source", "cite", "withheld", "changes")


def home_of(pages: Sequence[Page]) -> str:
    """Return the name of the page that holds the supplement."""
    return CHECKLISTS if any(page.name == CHECKLISTS for page in pages) else INDEX


def supplement(
    study: Study,
    pages: Sequence[Page],
    info: Mapping[str, Any],
    terms: Iterable[str],
    changes: Sequence[Change],
) -> dict[str, Any]:
    """Return what the template of the supplement shows; `terms` are those that the pages link to."""
    return {
        "settings": settings(pages),
        "words": entries(terms),
        "withheld": withheld(pages),
        "changes": [in_short(one) for one in changes[:SHOWN]],
        "unlisted": max(len(changes) - SHOWN, 0),
        **foot(study, info),
    }


def settings(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Return the settings of a run: name, value, help, pages, changed.

    What has one name and value on several pages is one setting, told in the words of the first; each page's
    own words stand in its code.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for page in pages:
        for one in page.parameters:
            row = rows.setdefault((one["name"], one["value"]), {**one, "pages": []})
            row["pages"].append(
                page.name.partition("-")[0] if is_companion(page.name) else short_name(page.name)
            )
            row["changed"] |= one["changed"]
    everywhere = sum(1 for page in pages if page.parameters)
    for row in rows.values():
        if len(row["pages"]) == everywhere > 2:
            row["pages"] = ["all pages"]
    return list(rows.values())


def withheld(pages: Sequence[Page]) -> list[tuple[Page, dict, dict]]:
    """Return (page, finding, entry) of everything that the policy withheld, in reading order."""
    return [(page, f, entry) for page in pages for f in page.findings for entry in f["withheld"]]


def leads_to(study: Study, page: Page | None, pages: Sequence[Page], changed: bool) -> dict[str, Any]:
    """Return what a page says of the supplement: where it stands, what is changed or withheld here."""
    home = home_of(pages)
    here = [page] if page else pages
    return {
        "home": "" if home == (page.name if page else INDEX) else f"{home}.html",
        "altered": [one for one in settings(here) if one["changed"]],
        "settings": bool(settings(pages)),
        "gone": len(withheld(here)),
        "changed": changed,
        "protects": get_policy(study.config.disclosure).protects,
    }
