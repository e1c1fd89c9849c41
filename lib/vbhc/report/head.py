"""The head of a page: the way through the report, the answer, and what it means for each reader."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from vbhc.publish.answer import READERS, first_sentence
from vbhc.publish.notebook_files import is_companion, walk_number
from vbhc.report.page import Page
from vbhc.wording import sentence_case

WALK = {
    "01": "People",
    "01b": "Change",
    "02": "Value",
    "03": "Rating",
    "04": "Views",
    "05": "Variation",
    "06": "Together",
}
OVERVIEW = "Overview"


def short_name(name: str) -> str:
    """Return what a notebook is called in a line: "Value", for a companion "02a costs"."""
    number, _, rest = name.partition("-")
    words = rest.replace("-", " ")
    if is_companion(name):
        return f"{number} {words}".strip()
    return WALK.get(number) or words.capitalize() or name


def alone(pages: Sequence[Page], page: Page) -> bool:
    """Whether a page is a companion whose page of the walk the study does not have: it then stands for it."""
    numbers = {walk_number(one.name) for one in pages if not is_companion(one.name)}
    return is_companion(page.name) and walk_number(page.name) not in numbers


def navigation(pages: Sequence[Page], current: Page | None) -> list[tuple[str, str, str]]:
    """Return (file, short name, `aria-current`) of the overview and the walk.

    On a companion's page its parent is current, though it is another page.
    """
    here = current.name if current else "index"
    found = [("index.html", OVERVIEW, "page" if current is None else "")]
    for page in pages:
        if not is_companion(page.name) or alone(pages, page):
            parent = (
                current is not None
                and not is_companion(page.name)
                and walk_number(page.name) == walk_number(here)
            )
            mark = "page" if page.name == here else "true" if parent else ""
            label = short_name(page.name).removeprefix(f"{page.name.partition('-')[0]} ").capitalize()
            found.append((f"{page.name}.html", label, mark))
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
    reader = str(finding["id"]).removeprefix(FOR)
    named = finding["id"] == f"{FOR}{reader}" and reader in READERS
    return reader if named and finding["kind"] == "sentence" else ""


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
    return [
        Said(said[reader], TITLES[reader], sentence_case(_LEAD.sub("", said[reader]["text"])))
        for reader in READERS
        if reader in said
    ]
