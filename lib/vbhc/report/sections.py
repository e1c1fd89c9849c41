"""A notebook's cells as sections: what stands under one `## ` heading, without what has nothing to show.

A study may lack a part. Then its code shows nothing, and neither a heading nor a text may be left behind.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from vbhc.publish.notebook_files import tags
from vbhc.report.footnotes import as_list

TAG = "optional"
SETTINGS = {"parameters", "injected-parameters"}
_ANY_HEADING = re.compile(r"^##[ \t]+\S", re.MULTILINE)


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
        opening = opening and not _ANY_HEADING.search(cell.source)
        end = place + 1
        while end < len(cells) and cells[end].cell_type == "code":
            end += 1
        leads = TAG in tags(cell) or (opening and end > place + 1)
        if leads and not any(shows(one) for one in cells[place + 1 : end]):
            gone |= set(range(place, end))
    return gone


_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_HEADING = re.compile(r"##[ \t]+\S")
Shows = Callable[[NotebookNode], bool]


@dataclass
class Section:
    """Typed texts (Markdown) and code cells in reading order; only the first section has no heading."""

    parts: list[str | NotebookNode] = field(default_factory=list)
    led: bool = False  # whether its last cell is code, so that its texts lead to what that shows

    def is_empty(self, shows: Shows) -> bool:
        """Whether it holds a heading alone, or texts that lead to code which shows nothing."""
        texts = [part for part in self.parts if isinstance(part, str)]
        if any(shows(part) for part in self.parts if not isinstance(part, str)):
            return False
        return self.led or not "".join(texts).strip().partition("\n")[2].strip()


def sections_of(cells: Sequence[NotebookNode], shows: Shows, title: re.Pattern[str]) -> list[Section]:
    """Return the sections of a page that have something to show.

    Parameters
    ----------
    shows : callable
        Whether a code cell has an output that stands in the body of the page.
    title : pattern
        Of the first heading, which the page's head shows.

    Notes
    -----
    A section whose texts all lead to code that shows nothing goes as a whole; single texts go as
    `optional.left_out` has it.
    """
    gone = left_out(cells, shows)
    found, first = [Section()], True
    for place, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            source = title.sub("", cell.source, count=1) if first else cell.source
            first = False
            for piece in filter(str.strip, split(as_list(source))):
                if _HEADING.match(piece):
                    found.append(Section())
                found[-1].led = False
                found[-1].parts += [piece] if place not in gone else []
        elif cell.cell_type == "code" and not is_settings(cell):
            found[-1].led = True
            found[-1].parts += [cell] if place not in gone else []
    lead, *others = found
    return [lead, *(section for section in others if not section.is_empty(shows))]


def split(markdown: str) -> list[str]:
    """Return Markdown in pieces that each begin with a `## ` heading, the first perhaps without one."""
    pieces: list[list[str]] = [[]]
    fence = ""
    for line in markdown.splitlines(keepends=True):
        if mark := _FENCE.match(line):
            fence = "" if fence == mark[1] else fence or mark[1]
        if not fence and _HEADING.match(line):
            pieces.append([])
        pieces[-1].append(line)
    return ["".join(piece) for piece in pieces]
