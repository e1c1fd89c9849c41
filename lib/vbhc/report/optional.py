"""Parts of a notebook that a study may lack: left out of its report where they have nothing to show."""

from __future__ import annotations

from collections.abc import Sequence

from nbformat import NotebookNode

from vbhc.publish.findings.marks import verified

TAG = "optional"


def left_out(cells: Sequence[NotebookNode], edition: str = "public") -> set[int]:
    """Return the places of the cells that a report leaves out.

    A text cell tagged "optional" leads the code up to the next text cell. Where none of that code shows
    anything, neither the text nor the code is of use to a reader. The internal edition shows every output.
    """
    gone: set[int] = set()
    for place, cell in enumerate(cells):
        if cell.cell_type != "markdown" or TAG not in cell.metadata.get("tags", ()):
            continue
        end = place + 1
        while end < len(cells) and cells[end].cell_type == "code":
            end += 1
        outputs = [output for one in cells[place + 1 : end] for output in one.get("outputs", ())]
        if not any(edition == "internal" or verified(output) is not None for output in outputs):
            gone |= set(range(place, end))
    return gone
