"""One page of a report from one executed notebook: what it holds, in reading order."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from vbhc.publish.declared_parameters import declared_parameters
from vbhc.publish.findings.marks import NARROW, drawings_of, marked_outputs, svg_of
from vbhc.publish.notebook_files import read_cells, tags
from vbhc.report.markdown import ReportError
from vbhc.report.provenance import hide_path
from vbhc.study import Study
from vbhc.wording import NOTHING_SHOWN

TITLE = re.compile(r"^#\s+(.+?)\s*#*\s*(?:\n|$)", re.MULTILINE)


@dataclass
class Page:
    """A notebook as a page: its question, and its findings in reading order with their drawings."""

    name: str
    notebook: NotebookNode
    question: str
    findings: list[dict]
    drawings: dict[str, str]
    narrow: dict[str, str] = field(default_factory=dict)
    parameters: list[dict] = field(default_factory=list)

    @property
    def answers(self) -> list[str]:
        """The computed answers, in order."""
        return [f["text"] for f in self.findings if f["role"] == "answer"]

    @property
    def key_figure(self) -> dict | None:
        """The figure that the notebook names as key, or else its first; none that shows nothing."""
        figures = [
            f for f in self.findings if f["kind"] == "figure" and NOTHING_SHOWN not in self.drawings[f["id"]]
        ]
        return next((f for f in figures if f.get("key")), figures[0] if figures else None)


def check_origin(study: Study, name: str, notebook: NotebookNode) -> None:
    """Raise unless every finding of a notebook was made in it, under the study's policy of today."""
    for _, _, finding in marked_outputs(notebook):
        if (finding["notebook"], finding["policy"]) != (name, study.config.disclosure):
            place = f"{finding['notebook']!r} under policy {finding['policy']!r}"
            raise ReportError(
                f"{name}: finding {finding['id']!r} says it is of {place}; run the notebook again"
            )


def read_page(
    study: Study, name: str, path: Path, info: Mapping[str, Any], notebook: NotebookNode | None = None
) -> Page:
    """Return what may be published of an executed notebook (given as read, or read from `path`).

    Raises
    ------
    ReportError
        If two findings of the notebook share an id, or one was made under another policy or elsewhere.
    """
    notebook = nbformat.read(path, as_version=4) if notebook is None else notebook
    check_origin(study, name, notebook)
    findings: list[dict] = []
    drawings: dict[str, str] = {}
    narrow: dict[str, str] = {}
    for _, output, finding in marked_outputs(notebook):
        findings.append(finding)
        if finding["kind"] == "figure":
            drawings[finding["id"]] = svg_of(output)
            if small := drawings_of(output).get(NARROW):
                narrow[finding["id"]] = small
    twice = [one for one, times in Counter((f["kind"], f["id"]) for f in findings).items() if times > 1]
    if twice:
        kind, id = twice[0]
        raise ReportError(f"{name}: two {kind}s are called {id!r}; give each an id of its own")
    return Page(
        name,
        notebook,
        _question(notebook, name),
        findings,
        drawings,
        narrow,
        _parameters(study, name, path, info),
    )


def _question(notebook: NotebookNode, name: str) -> str:
    for cell in notebook.cells:
        match = TITLE.search(cell.source) if cell.cell_type == "markdown" else None
        if match:
            return match.group(1)
    return name


def _parameters(study: Study, name: str, path: Path, info: Mapping[str, Any]) -> list[dict]:
    """Name, value of the run, help, and whether it was changed, for every parameter."""
    if not any("parameters" in tags(cell) for cell in read_cells(path)):
        return []
    run = info.get("notebooks", {}).get(name, {})
    values = {"study": study.name, **run.get("parameters", {})}
    return [
        {
            "name": parameter.name,
            "value": hide_path(_literal(values.get(parameter.name, parameter.default)), study),
            "help": parameter.help,
            "changed": parameter.name in run.get("changed", ()),
        }
        for parameter in declared_parameters(path).values()
    ]


def _literal(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
