"""What the repository keeps that is made: the outputs of its notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from vbhc.problems import Problem, StudyError
from vbhc.run.files import replace_text
from vbhc.run.plan import Plan


def refresh(plan: Plan) -> Iterator[str]:
    """Keep the outputs of the last run in the committed notebooks; yields a line per notebook.

    Timings and other traces of the run are left out, so a difference in a committed notebook is a changed
    result. The run has to be one on the notebooks' own defaults, because that is what nbval repeats.

    Raises
    ------
    StudyError
        When study.yml sets parameters, or a notebook names another study as its default.
    """
    faults = [
        Problem(
            f"notebooks/{name}.ipynb", "would not run on its own defaults", "leave parameters as they are"
        )
        for name in plan.running
        if plan.settings[name].effective != plan.settings[name].defaults
    ]
    if faults:
        raise StudyError(faults)
    for name in plan.running:
        changed = keep_outputs(plan.executed(name), plan.notebooks[name])
        yield f"{name}: {'new outputs' if changed else 'the same outputs'}"


def keep_outputs(executed: Path, committed: Path) -> bool:
    """Copy the outputs of an executed notebook into the committed one; tell whether its file changed.

    Cells are numbered from 1, as after "restart and run all".
    """
    import nbformat

    ran = [cell for cell in nbformat.read(executed, as_version=4).cells if not _injected(cell)]
    notebook = nbformat.read(committed, as_version=4)
    number = 0
    for cell, result in zip(notebook.cells, ran, strict=True):
        if cell.cell_type != "code":
            continue
        number += 1
        cell.execution_count, cell.outputs = number, result.outputs
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    text = nbformat.writes(notebook) + "\n"
    if committed.read_text(encoding="utf-8") == text:
        return False
    replace_text(committed, text)
    return True


def _injected(cell) -> bool:
    return "injected-parameters" in cell.metadata.get("tags", [])
