"""Executed notebooks made by hand: what a kernel would have stored, without running one."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import v4

from vbhc.publish import findings
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.findings import marks
from vbhc.publish.results import Drawing, Table
from vbhc.study import Study
from vbhc.study.config import Config


class Recorder:
    """Stands in for the notebook's display and keeps what was shown as notebook outputs."""

    def __init__(self, monkeypatch):
        self.shown: list = []
        monkeypatch.setattr(marks, "show", self._show)

    def _show(self, bundle: dict, metadata: dict) -> None:
        self.shown.append(v4.new_output("display_data", data=bundle, metadata=metadata))

    def take(self) -> list:
        """Return the outputs since the last call."""
        taken, self.shown = self.shown, []
        return taken


def make_study(tmp_path: Path, **config) -> Study:
    """Return a study in a project of its own."""
    folder = tmp_path / "data" / "small"
    folder.mkdir(parents=True, exist_ok=True)
    config = {"title": "A small study", "key": "patient_id", **config}
    return Study("small", folder, Config(**config), {})


class PlainDoor(findings.Door):
    """The door, to which tables and figures may be given part by part."""

    def table(self, id, frame, caption="", *, by="", labels=None, notes=(), **rules):
        whole = isinstance(frame, Table)
        return super().table(id, frame if whole else Table(frame, caption, by, labels or {}, notes, rules))

    def figure(self, id, data, draw=None, caption="", alt="", *, title="", panels=(1, 1), key=False, **rules):
        if isinstance(data, Drawing):
            return super().figure(id, data)
        said = alt if callable(alt) else lambda _: alt
        shape = {"panels": panels, "narrow_panels": rules.pop("narrow_panels", None), "key": key}
        rules = {"counts": ("n",), **rules}
        return super().figure(id, Drawing(data, draw, title, said, caption, **shape, rules=rules))


def door_of(study: Study, notebook: str = "02-value-quota") -> PlainDoor:
    """Return the door of a notebook."""
    return PlainDoor(study, notebook, get_policy(study.config.disclosure))


def text(source: str, tags=()):
    """Return a Markdown cell."""
    return v4.new_markdown_cell(source, metadata={"tags": list(tags)})


def code(source: str, outputs=(), tags=()):
    """Return an executed code cell."""
    cell = v4.new_code_cell(source, outputs=list(outputs))
    cell.metadata["tags"] = list(tags)
    return cell


def printed(words: str):
    """Return what `print` leaves."""
    return v4.new_output("stream", name="stdout", text=words)


def save(study: Study, name: str, cells: list) -> Path:
    """Write an executed notebook where a run would have put it."""
    notebook = v4.new_notebook(cells=cells)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    study.runs.mkdir(parents=True, exist_ok=True)
    path = study.runs / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path
