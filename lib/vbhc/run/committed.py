"""What the repository keeps that is made: the outputs of its notebooks."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from vbhc.problems import Problem, refuse
from vbhc.publish.declared_parameters import declared_parameters
from vbhc.publish.notebook_files import find_notebooks, tags
from vbhc.run.files import replace_text
from vbhc.run.kernels import KERNEL_ENVIRONMENT, environment
from vbhc.run.plan import Plan


def default_studies(folder: Path) -> list[str]:
    """Return the studies that the committed notebooks show by default, in the order of the notebooks."""
    found = find_notebooks(folder).values()
    return list(dict.fromkeys(declared_parameters(path)["study"].default for path in found))


def refresh(plan: Plan) -> Iterator[str]:
    """Keep the outputs of the last run in the notebooks that show this study; yields a line per notebook.

    Timings and other traces of the run are left out, so a difference in a committed notebook is a changed
    result. The run has to be one on the notebooks' own defaults, because that is what nbval repeats.

    Raises
    ------
    StudyError
        When study.yml sets parameters of such a notebook.
    """
    own = [name for name in plan.running if plan.settings[name].defaults["study"] == plan.study.name]
    otherwise = [name for name in own if plan.settings[name].effective != plan.settings[name].defaults]
    found, fix = "would not run on its own defaults", "leave parameters as they are"
    refuse(Problem(f"notebooks/{name}.ipynb", found, fix) for name in otherwise)
    yield from (_kept(plan.executed(name), plan.notebooks[name]) for name in own)
    for name in plan.skipped:  # no shipped study runs them: one has a value quota, none is based on another
        if declared_parameters(plan.notebooks[name])["study"].default == plan.study.name:
            yield run_alone(plan.notebooks[name])


def run_alone(notebook: Path) -> str:
    """Run a notebook where it lies, on its own defaults, and keep its outputs; return the line about it."""
    import papermill

    with tempfile.TemporaryDirectory() as scratch, environment(KERNEL_ENVIRONMENT):
        executed = Path(scratch, notebook.name)
        # One output for what one cell prints, however it came in.
        how = {"cwd": notebook.parent, "progress_bar": False, "coalesce_streams": True}
        papermill.execute_notebook(notebook, executed, **how)
        return _kept(executed, notebook)


def _kept(executed: Path, committed: Path) -> str:
    return f"{committed.stem}: {'new' if keep_outputs(executed, committed) else 'the same'} outputs"


def keep_outputs(executed: Path, committed: Path) -> bool:
    """Copy the outputs of an executed notebook into the committed one; tell whether its file changed.

    Cells are numbered from 1, as after "restart and run all".
    """
    import nbformat

    cells = nbformat.read(executed, as_version=4).cells
    ran = [cell for cell in cells if "injected-parameters" not in tags(cell)]
    notebook = nbformat.read(committed, as_version=4)
    pairs = [pair for pair in zip(notebook.cells, ran, strict=True) if pair[0].cell_type == "code"]
    for number, (cell, result) in enumerate(pairs, 1):
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
