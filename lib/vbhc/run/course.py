"""The exercises as a class gets them: questions and code, without solutions and results."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from vbhc.publish.notebook_files import find_notebooks, tags

FOLDER = "course"
WORK_HERE = "# Your work"


def write_course(root: Path) -> list[Path]:
    """Write the notebooks of `notebooks/teaching/` without solutions to `course/`; return their paths.

    They run as they lie there, since a notebook finds its study from any folder of the project. What is there
    under the same name is written anew: students work in copies.
    """
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    written = []
    for name, path in find_notebooks(root / "notebooks" / "teaching").items():
        target = folder / f"{name}.ipynb"
        text = nbformat.writes(without_solutions(nbformat.read(path, as_version=4)))
        target.write_text(f"{text}\n", encoding="utf-8", newline="\n")
        written.append(target)
    return written


def without_solutions(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook without outputs in which an empty cell stands for each solution.

    Cells tagged "solution" that are text go; the exercises themselves stay.
    """
    cells = []
    for cell in notebook.cells:
        solution = "solution" in tags(cell)
        if solution and cell.cell_type != "code":
            continue
        cell = nbformat.from_dict(cell)
        if solution:
            number = cell.source.partition(".")[0].removeprefix("# ")
            cell.source = f"{WORK_HERE} on exercise {number}" if number.isdigit() else WORK_HERE
            cell.metadata["tags"] = [tag for tag in tags(cell) if tag != "solution"]
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cells.append(cell)
    return nbformat.from_dict({**notebook, "cells": cells})
