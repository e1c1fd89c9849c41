"""What a run would do: which notebooks, with which parameters, and whether their results still hold.

Everything that can be wrong with a request is said here, before a kernel starts.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from vbhc.problems import Problem, fault, refuse
from vbhc.publish.declared_parameters import declared_parameters
from vbhc.publish.notebook_files import SPREAD, find_notebooks, match_notebook
from vbhc.run import stamps
from vbhc.run.needs import CLEANING, left_out, on_patients_alone, upstream
from vbhc.run.parameters import Settings, settle
from vbhc.study import Study, project_root
from vbhc.study.config import Config

Parts = dict[str, dict[str, Any]]  # by notebook: what its result depends on


class Plan(NamedTuple):
    """What is to be run: notebooks by name, what each runs with, its parts and the reasons of the others."""

    study: Study
    notebooks: dict[str, Path]
    settings: dict[str, Settings]
    skipped: dict[str, str]
    parts: Parts
    wanted: tuple[str, ...]
    only: str | None = None

    @property
    def running(self) -> tuple[str, ...]:
        """All notebooks that this study can run, in order."""
        return tuple(self.parts)

    @property
    def stamps_file(self) -> Path:
        """Where the stamps of the last runs lie."""
        return self.study.runs / "stamps.json"

    def executed(self, name: str) -> Path:
        """Where a notebook lies once it ran."""
        return self.study.runs / f"{name}.ipynb"


def make_plan(study: Study, parameters: Iterable[tuple[str, str]] = (), only: str | None = None) -> Plan:
    """Check everything that can be checked before a kernel starts.

    Raises
    ------
    StudyError
        For an unknown notebook or parameter, a value of a wrong type or out of range, a notebook without its
        input or its equivalence margin, a study that can run nothing.
    """
    notebooks = find_notebooks(notebooks_folder(study))
    refuse([*note_problems(study), *adopted_problems(study)])
    parameters = list(parameters)
    skipped = left_out(_with_given(study.config, parameters), notebooks)
    running = [name for name in notebooks if name not in skipped]
    if not running:
        found = "no notebook has its input: " + " ".join(dict.fromkeys(skipped.values()))
        raise fault(study.shown("study.yml"), found, "declare what the study holds")
    if only is not None:
        only = match_notebook(only, notebooks)
        if only in skipped:
            raise fault("--only", f"{only} has no input here", skipped[only])
    declared = {name: declared_parameters(path) for name, path in notebooks.items()}
    targets = [only] if only else running
    settings = settle(declared, study.name, study.config.parameters(declared), parameters, targets)
    wanted = (*upstream(only, running), only) if only else tuple(running)
    refuse(margin_problems(study, {name: settings[name] for name in wanted}))
    parts = notebook_parts(study, {name: notebooks[name] for name in running}, settings)
    return Plan(study, notebooks, settings, skipped, parts, wanted, only)


def note_problems(study: Study) -> list[Problem]:
    """Name the formulas of `notes.md` that no page could show."""
    notes = study.folder / "notes.md"
    if not notes.is_file() or b"$" not in notes.read_bytes():
        return []
    from vbhc.report.texts import note_problems as problems_of

    return problems_of(study)


def adopted_problems(study: Study) -> list[Problem]:
    """Name a study that this one is based on and that has no finished report."""
    name, adopted = study.config.based_on, study.adopted
    if not name or (adopted != study.report and (adopted / "findings.json").is_file()):
        return []
    found, fix = f"no finished report of {name!r}", f"run it first: vbhc run {name}"
    if adopted == study.report:
        found, fix = "names this study itself", "name another"
    elif adopted.parent != study.report.parent:
        fix = "name a study under data/, or the folder of a finished report"
    return [Problem(study.shown("study.yml"), found, fix, "based_on")]


def _with_given(config: Config, parameters: Iterable[tuple[str, str]]) -> Config:
    """Return the configuration as if it held the price of a QALY that was given for this run, if one was."""
    given = {name: text for name, text in parameters if name == "willingness_to_pay"}
    return replace(config, notebooks={**config.notebooks, "": given}) if given else config


def notebooks_folder(study: Study) -> Path:
    """Return the notebooks of the study's own project, or of the project that one works in."""
    own = study.root / "notebooks"
    return own if own.is_dir() else project_root() / "notebooks"


def margin_problems(study: Study, settings: Mapping[str, Settings]) -> list[Problem]:
    """Name the notebooks that test against an equivalence margin which nothing declares."""
    need = [name for name, one in settings.items() if one.effective.get("margin", 1) == 0]
    if not need or study.config.equivalence_margin is not None:
        return []
    found = f"no `equivalence_margin`, and {', '.join(need)} needs one"
    fix = "declare the largest correlation you would still call poor, such as 0.2"
    return [Problem(study.shown("study.yml"), found, fix, "equivalence_margin")]


def outcome_problems(study: Study, settings: Mapping[str, Settings]) -> list[Problem]:
    """Name outcomes, set from outside, that no instrument of the study scores (loads the instruments)."""
    problems = []
    for name, one in settings.items():
        outcome = one.overrides.get("outcome", "")
        form = one.effective.get("form", "") or (study.config.value_quota and study.config.value_quota.form)
        if outcome:
            from vbhc.cleaning.checking import outcome_problems as wrong_outcome

            wrong = wrong_outcome(study, outcome, form or "gain")
            problems += [replace(problem, file=name, column="outcome") for problem in wrong]
    return problems


def notebook_parts(study: Study, notebooks: dict[str, Path], settings: dict[str, Settings]) -> Parts:
    """Return per notebook everything that its result depends on, by name; upstream ones by their stamp."""
    around, files = stamps.environment_parts(study.root), stamps.data_hashes(study)
    shared = around | stamps.study_parts(study, files)
    patients = around | stamps.study_parts(study, files, stakeholders=False)
    parts: Parts = {}
    of_patients: Parts = {}  # as far as notebooks on patients alone depend on them
    for name, path in notebooks.items():
        own = {"the notebook": stamps.notebook_source(path)}
        own |= {f"parameter {key}": value for key, value in settings[name].effective.items()}
        if name == SPREAD and study.config.based_on:
            own["the report that it is based on"] = stamps.hash_file(study.adopted / "findings.json")
        narrow = on_patients_alone(name)
        known = of_patients if narrow else parts
        before = {other: stamps.hash_values(known[other]) for other in upstream(name, notebooks)}
        # As they come back from the stamps file, so that the two compare equal (keys become texts).
        parts[name] = json.loads(json.dumps(own | (patients if narrow else shared) | before))
        of_patients[name] = json.loads(json.dumps(own | patients))
    return parts


def is_current(plan: Plan, name: str, stored: dict[str, Any]) -> bool:
    """Tell whether a notebook ran with exactly these parts, and what it made is still there, unaltered."""
    entry = stored["notebooks"].get(name)
    if entry is None or entry["parts"] != plan.parts[name]:
        return False
    if stamps.hash_file(plan.executed(name)) != entry["executed"]:
        return False
    return name != CLEANING or stamps.hash_files(plan.study.clean) == entry["made"]
