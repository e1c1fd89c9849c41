"""Parts of a notebook that its page has no use for, because they have nothing to show there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nbformat import NotebookNode

from vbhc.publish.notebook_files import tags

TAG = "optional"
SETTINGS = {"parameters", "injected-parameters"}
_HEADING = re.compile(r"^##[ \t]+\S", re.MULTILINE)


def is_settings(cell: NotebookNode) -> bool:
    """Whether a cell holds the settings of a run: those declared, or those that papermill put in."""
    return not SETTINGS.isdisjoint(tags(cell))


def left_out(cells: Sequence[NotebookNode], shows: Callable[[NotebookNode], bool]) -> set[int]:
    """Return the places of the cells that a report leaves out.

    A text cell tagged "optional" leads the code up to the next text cell, and so does one between the
    settings and the first heading: it tells the analyst how the study is opened. Where none of that code
    shows anything, neither is part of the story; the listing of the code at the foot holds every cell.
    """
    gone: set[int] = set()
    opening = False
    for place, cell in enumerate(cells):
        opening |= is_settings(cell)
        if cell.cell_type != "markdown":
            continue
        opening = opening and not _HEADING.search(cell.source)
        end = place + 1
        while end < len(cells) and cells[end].cell_type == "code":
            end += 1
        leads = TAG in tags(cell) or (opening and end > place + 1)
        if leads and not any(shows(one) for one in cells[place + 1 : end]):
            gone |= set(range(place, end))
    return gone
