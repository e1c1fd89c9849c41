"""One page of a report from one executed notebook: what it holds, in reading order.

Its cells are parted into sections: what stands under one `## ` heading. A study may lack a part. Then its
code shows nothing, and neither a heading nor a text may be left behind.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from vbhc.publish.compare import Change
from vbhc.publish.findings.marks import SVG, drawings_of, marked_outputs
from vbhc.publish.notebook_files import tags, title
from vbhc.report.markdown import ReportError
from vbhc.report.provenance import hide_path
from vbhc.study import Study
from vbhc.wording import NOTHING_SHOWN

TAG = "optional"
SETTINGS = {"parameters", "injected-parameters"}
Shows = Callable[[NotebookNode], object]
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_HEADING = re.compile(r"^##[ \t]+\S", re.MULTILINE)
TITLE = re.compile(r"^#\s+(.+?)\s*#*\s*(?:\n|$)", re.MULTILINE)


@dataclass
class Page:
    """A notebook as a page: its question, its findings in reading order, the drawings of figures by id."""

    name: str
    notebook: NotebookNode
    question: str
    findings: list[dict]
    drawings: dict[str, dict[str, str]]  # wide and narrow, as `marks.drawings_of` has them
    parameters: list[dict] = field(default_factory=list)

    @property
    def key_figure(self) -> dict | None:
        """The figure that the notebook names as key: another may be of something else than the answer.

        None that shows nothing.
        """
        figures = (f for f in self.findings if f["kind"] == "figure" and f.get("key"))
        return next((f for f in figures if NOTHING_SHOWN not in self.drawings[f["id"]][SVG]), None)


@dataclass(frozen=True)
class Report:
    """A report that is being built: pages in reading order, what the run was made of, what has changed.

    `changes` is what differs from the last published run.
    """

    study: Study
    pages: Sequence[Page]
    info: Mapping[str, Any]
    edition: str
    changes: Sequence[Change] = ()


def check_origin(study: Study, name: str, notebook: NotebookNode) -> None:
    """Raise unless every finding of a notebook was made in it, under the study's policy of today."""
    for _, _, finding in marked_outputs(notebook):
        if (finding["notebook"], finding["policy"]) != (name, study.config.disclosure):
            place = f"{finding['notebook']!r} under policy {finding['policy']!r}"
            raise ReportError(f"{name}: {finding['id']!r} says it is of {place}; run the notebook again")


def read_page(study: Study, name: str, path: Path, info: Mapping[str, Any], notebook: NotebookNode) -> Page:
    """Return what may be published of an executed notebook; its question is read from `path`.

    Raises
    ------
    ReportError
        If two findings of the notebook share an id.
    """
    marked = [(output, finding) for _, output, finding in marked_outputs(notebook)]
    findings = [finding for _, finding in marked]
    drawings = {f["id"]: drawings_of(output) for output, f in marked if f["kind"] == "figure"}
    twice = [one for one, times in Counter((f["kind"], f["id"]) for f in findings).items() if times > 1]
    if twice:
        kind, id = twice[0]
        raise ReportError(f"{name}: two {kind}s are called {id!r}; give each an id of its own")
    run = info.get("notebooks", {}).get(name, {})
    question = study.config.question_of(name) or title(path)
    return Page(name, notebook, question, findings, drawings, _parameters(study, run))


def _parameters(study: Study, run: Mapping[str, Any]) -> list[dict]:
    """Name, value of the run, help, and whether it was changed, for every parameter."""
    shown = {name: hide_path(_literal(value), study) for name, value in run.get("parameters", {}).items()}
    words, changed = run.get("help", {}), run.get("changed", ())
    return [
        {"name": name, "value": value, "help": words.get(name, ""), "changed": name in changed}
        for name, value in shown.items()
    ]


def _literal(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def is_settings(cell: NotebookNode) -> bool:
    """Whether a cell holds the settings of a run: those declared, or those that papermill put in."""
    return not SETTINGS.isdisjoint(tags(cell))


def left_out(cells: Sequence[NotebookNode], shows: Shows) -> set[int]:
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
        led = list(takewhile(lambda one: one.cell_type == "code", cells[place + 1 :]))
        if (TAG in tags(cell) or (opening and led)) and not any(map(shows, led)):
            gone |= set(range(place, place + 1 + len(led)))
    return gone


@dataclass
class Section:
    """Typed texts (Markdown) and code cells in reading order; only the first section has no heading."""

    parts: list[str | NotebookNode] = field(default_factory=list)
    led: bool = False  # whether its last cell is code, so that its texts lead to what that shows

    def is_empty(self, shows: Shows) -> bool:
        """Whether it holds a heading alone, or texts that lead to code which shows nothing."""
        text = "".join(part for part in self.parts if isinstance(part, str))
        if any(shows(part) for part in self.parts if not isinstance(part, str)):
            return False
        return self.led or "\n" not in text.strip()


def sections_of(cells: Sequence[NotebookNode], shows: Shows) -> list[Section]:
    """Return the sections of a page that have something to show.

    Parameters
    ----------
    shows : callable
        Whether a code cell has an output that stands in the body of the page.

    Notes
    -----
    A section whose texts all lead to code that shows nothing goes as a whole; single texts go as
    `left_out` has it. The first heading stands in the page's head alone.
    """
    gone = left_out(cells, shows)
    found, first = [Section()], True
    for place, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            source = TITLE.sub("", cell.source, count=1) if first else cell.source
            first = False
            for piece in filter(str.strip, split(source)):
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
