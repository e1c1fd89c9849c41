"""What stands around the story of every page: the way through the report, the answer, and what it is for.

The supplement (settings, words, sources, how to cite it, what was withheld) is said once for all pages, at
the end of the page of checklists, or of the index where a report has no such page; all others lead there.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from vbhc import shipped
from vbhc.publish.answer import READERS, first_sentence
from vbhc.publish.compare import in_short
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.notebook_files import is_companion, walk_number
from vbhc.report.glossary import Linker, entries
from vbhc.report.page import Page, Report
from vbhc.report.provenance import foot
from vbhc.wording import sentence_case

WALK = {row["number"]: row["name"] for row in shipped.rows(__file__, "walk.csv")}  # what pages are called
OVERVIEW = "Overview"


def short_name(name: str) -> str:
    """Return what a notebook is called in a line: "Value", for a companion "Costs"."""
    number, _, rest = name.partition("-")
    return WALK.get(number) or rest.replace("-", " ").capitalize() or name


def alone(pages: Sequence[Page], page: Page) -> bool:
    """Whether a page is a companion whose page of the walk the study does not have: it then stands for it."""
    numbers = {walk_number(one.name) for one in pages if not is_companion(one.name)}
    return is_companion(page.name) and walk_number(page.name) not in numbers


def navigation(pages: Sequence[Page], current: Page | None) -> list[tuple[str, str, str]]:
    """Return (file, short name, `aria-current`) of the overview and the walk.

    On a companion's page its parent is current, though it is another page.
    """
    found = [("index.html", OVERVIEW, "" if current else "page")]
    for page in pages:
        if not is_companion(page.name) or alone(pages, page):
            mark = "page" if page is current else "true" if current in companions(pages, page) else ""
            found.append((f"{page.name}.html", short_name(page.name), mark))
    return found


def following(pages: Sequence[Page], page: Page) -> Page | None:
    """Return the next page of the walk; none after the last, and none after a companion."""
    walk = [one for one in pages if not is_companion(one.name)]
    later = walk[walk.index(page) + 1 :] if page in walk else []
    return later[0] if later else None


def companions(pages: Sequence[Page], page: Page) -> list[Page]:
    """Return the companions of a page of the walk that are in the report; a companion has none."""
    if is_companion(page.name):
        return []
    number = walk_number(page.name)
    return [one for one in pages if is_companion(one.name) and walk_number(one.name) == number]


FOR = "for-the-"  # how the ids of sentences to one reader begin
TITLES = dict(zip(READERS, ("If you treat", "If you manage", "If you are a patient"), strict=True))
_GLUED = re.compile(r" ([=<>≤≥±]) (?=\S)")  # "n = 166" is not parted at the end of a line
_LEAD = re.compile(rf"^For (?:an? |the )?(?:{'|'.join(READERS)})s?(?:,|:)\s+", re.IGNORECASE)


class Said(NamedTuple):
    """A finding in the head of a page: its first sentence and the rest, or a title and its text."""

    finding: dict
    first: str
    rest: str


def reader_of(finding: dict) -> str:
    """Return "clinician", "manager" or "patient" for a sentence to one of them, else an empty text."""
    start, _, reader = str(finding["id"]).partition(FOR)
    return reader if not start and reader in READERS and finding["kind"] == "sentence" else ""


def in_head(finding: dict) -> bool:
    """Whether a finding stands in the head of its page, and so not in the body."""
    return finding["kind"] == "sentence" and (finding["role"] == "answer" or bool(reader_of(finding)))


def answers(findings: Sequence[dict]) -> list[Said]:
    """Return the answers of a page in order; only the first has its first sentence apart."""
    said = [finding for finding in findings if finding["role"] == "answer" and not reader_of(finding)]
    first = [Said(finding, *first_sentence(finding["text"])) for finding in said[:1]]
    first = [one._replace(first=_GLUED.sub("\u00a0\\1\u00a0", one.first)) for one in first]
    return [*first, *(Said(finding, "", finding["text"]) for finding in said[1:])]


def to_do(findings: Sequence[dict]) -> list[Said]:
    """Return what a page says to each reader, in the order of `READERS`, without a lead of its own."""
    said = {reader: finding for finding in findings if (reader := reader_of(finding))}
    texts = {reader: sentence_case(_LEAD.sub("", one["text"])) for reader, one in said.items()}
    return [Said(said[reader], TITLES[reader], texts[reader]) for reader in READERS if reader in said]


CHECKLISTS = "06a-checklists"
INDEX = "index"
SHOWN = 8  # changes since the last run
OWN_IDS = ("settings", "words", "source", "cite", "withheld", "changes")


def home_of(pages: Sequence[Page]) -> str:
    """Return the name of the page that holds the supplement."""
    return CHECKLISTS if any(page.name == CHECKLISTS for page in pages) else INDEX


def linker(pages: Sequence[Page], name: str = INDEX) -> Linker:
    """Return what links the terms of a page to the words in the supplement."""
    home = home_of(pages)
    return Linker("" if home == name else f"{home}.html")


def around(report: Report, page: Page | None, link: Linker, terms: Iterable[str]) -> dict[str, Any]:
    """Return what a page's template shows besides its story; None is the index.

    Parameters
    ----------
    link : Linker
        That of the page, with the terms that it met.
    terms : iterable of str
        Those that other pages met, for the words in the supplement.
    """
    here = [page] if page else report.pages
    lead = {
        "home": link.home,
        "altered": [one for one in settings(here) if one["changed"]],
        "settings": bool(settings(report.pages)),
        "gone": len(withheld(here)),
        "changed": bool(report.changes),
        "protects": get_policy(report.study.config.disclosure).protects,
    }
    return {
        "study": report.study,
        "page": page,
        "edition": report.edition,
        "navigation": navigation(report.pages, page),
        "lead": lead,
        "supplement": None if link.home else _supplement(report, link.used.union(terms)),
    }


def _supplement(report: Report, terms: Iterable[str]) -> dict[str, Any]:
    return {
        "settings": settings(report.pages),
        "words": entries(terms),
        "withheld": withheld(report.pages),
        "changes": [in_short(one) for one in report.changes[:SHOWN]],
        "unlisted": max(len(report.changes) - SHOWN, 0),
        **foot(report.study, report.info),
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
            number = page.name.partition("-")[0]
            row["pages"].append(number if is_companion(page.name) else short_name(page.name))
            row["changed"] |= one["changed"]
    everywhere = sum(1 for page in pages if page.parameters)
    for row in rows.values():
        if len(row["pages"]) == everywhere > 2:
            row["pages"] = ["all pages"]
    return list(rows.values())


def withheld(pages: Sequence[Page]) -> list[tuple[Page, dict, dict]]:
    """Return (page, finding, entry) of everything that the policy withheld, in reading order.

    `what` of an entry are the words by which a reader finds it: a title, a caption or the first sentence.
    """
    found = [(page, f, entry) for page in pages for f in page.findings for entry in f["withheld"]]
    words = [f.get("title") or f.get("caption") or first_sentence(f["text"])[0] for _, f, _ in found]
    return [(page, f, {**one, "what": said}) for (page, f, one), said in zip(found, words, strict=True)]
