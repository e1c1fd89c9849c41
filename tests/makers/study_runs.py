"""The committed notebooks run on whole studies outside the repository, once for all tests of a session."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from places import REPO

from vbhc.publish.declared_parameters import declared_parameters
from vbhc.run.driver import Outcome, run_study
from vbhc.run.plan import Plan, make_plan
from vbhc.run.progress import Progress
from vbhc.study import load_study

FOLDER = REPO / "notebooks"
NOTEBOOKS = [*sorted(FOLDER.glob("[0-9][0-9]*.ipynb")), *sorted(FOLDER.glob("more/[0-9][0-9]*.ipynb"))]


def run_in(root: Path, folder: Path, parameters: Mapping[str, object] | None = None) -> tuple[Plan, Outcome]:
    """Run the committed notebooks on a study outside the repository.

    Of `parameters` those count that a notebook declares.
    """
    (root / "notebooks" / "more").mkdir(parents=True)
    for path in NOTEBOOKS:
        shutil.copy(path, root / "notebooks" / path.relative_to(FOLDER))
    declared = {name for path in NOTEBOOKS for name in declared_parameters(path)}
    chosen = [(name, str(value)) for name, value in (parameters or {}).items() if name in declared]
    plan = make_plan(load_study(str(folder)), chosen)
    return plan, run_study(plan, Progress(print))


def run_copy(name: str, root: Path) -> tuple[Plan, Outcome]:
    """Run a shipped study from a copy of its folder."""
    made = shutil.ignore_patterns("clean", "runs")
    shutil.copytree(REPO / "data" / name, root / "data" / name, ignore=made)
    return run_in(root, root / "data" / name)
