"""Parts of a notebook that a study may lack: left out of its report where they have nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nbformat import NotebookNode

from vbhc.publish.notebook_files import tags

TAG = "optional"


def left_out(cells: Sequence[NotebookNode], shows: Callable[[NotebookNode], bool]) -> set[int]:
    """Return the places of the cells that a report leaves out.

    A text cell tagged "optional" leads the code up to the next text cell. Where none of that code shows
    anything, neither is part of the story; the listing of the code at the foot holds every cell.
    """
    gone: set[int] = set()
    for place, cell in enumerate(cells):
        if cell.cell_type != "markdown" or TAG not in tags(cell):
            continue
        end = place + 1
        while end < len(cells) and cells[end].cell_type == "code":
            end += 1
        if not any(shows(one) for one in cells[place + 1 : end]):
            gone |= set(range(place, end))
    return gone
