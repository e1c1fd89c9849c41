"""The pages of a report as a reader walks them: short names, the one that is current, what tells more."""

from __future__ import annotations

from collections.abc import Sequence

from vbhc.publish.notebook_files import is_companion, walk_number
from vbhc.report.page import Page

WALK = {
    "01": "People",
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


def navigation(pages: Sequence[Page], current: Page | None) -> list[tuple[str, str, str]]:
    """Return (file, short name, `aria-current`) of the overview and the walk.

    On a companion's page its parent is current, though it is another page.
    """
    here = current.name if current else "index"
    found = [("index.html", OVERVIEW, "page" if current is None else "")]
    for page in pages:
        if not is_companion(page.name):
            parent = current is not None and walk_number(page.name) == walk_number(here)
            mark = "page" if page.name == here else "true" if parent else ""
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
