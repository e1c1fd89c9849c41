"""Check a study without running anything: `study.yml`, dictionary, parameters and every raw file."""

from __future__ import annotations

from vbhc.problems import Problem, StudyError
from vbhc.run.notebook_files import find_notebooks
from vbhc.run.parameters import declared_parameters, settle
from vbhc.run.plan import notebooks_folder
from vbhc.study import Study, load_study


def check_study(name: str) -> list[Problem]:
    """Return everything that is wrong with a study, not only the first thing.

    The raw files are read only when `study.yml` and `dictionary.csv` can be used, because these say how.
    """
    try:
        study = load_study(name)
    except StudyError as error:
        return error.problems
    from vbhc import cleaning

    return [*_parameter_problems(study), *cleaning.check(study)]


def _parameter_problems(study: Study) -> list[Problem]:
    try:
        notebooks = find_notebooks(notebooks_folder(study))
        declared = {name: declared_parameters(path) for name, path in notebooks.items()}
        settle(declared, study.name, study.config.notebooks)
    except StudyError as error:
        return error.problems
    return []
