"""Check what a study declares of its interviews: files, columns, codes named in tables, quotations."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from vbhc.problems import Problem, StudyError
from vbhc.study import Study


def interview_problems(study: Study, columns: Collection[str] = ()) -> list[Problem]:
    """Return what is wrong with the interviews and with the tables that name their codes.

    Parameters
    ----------
    columns : collection of str
        Columns of the cleaned patients, for `outcome_codes.csv`; empty where they cannot be known, and then
        that table is not judged.

    Returns
    -------
    list of Problem
        Files that are not there, else files that cannot be read, columns of interviewees that nothing holds,
        rows of `joint_display.csv`, `outcome_codes.csv`, `contradictions.csv` and `quotations.yml` that name
        unknown things.
    """
    plan = study.config.interviews
    if plan is None:
        return []
    absent = [
        Problem(study.shown(file), "no such file", f"`interviews.{key}` in study.yml names it")
        for key, file in (("file", plan.file), ("participants", plan.participants))
        if file and not (study.folder / file).exists()
    ]
    return absent or _contents(study, columns)


def _contents(study: Study, columns: Collection[str]) -> list[Problem]:
    from vbhc import interviews, quotations, stakeholders

    plan, survey = study.config.interviews, study.config.survey
    try:
        coded = interviews.read_study(study)
    except StudyError as error:
        files = {Path(file).name: study.shown(file) for file in (plan.file, plan.participants)}
        return [replace(problem, file=files.get(problem.file, problem.file)) for problem in error.problems]
    codes = list(coded.codes["code"])
    ranked = list(survey.ranking) if survey else []
    problems = [
        *_faults(lambda: stakeholders.read_rows(study, codes)),
        *_faults(lambda: stakeholders.read_contradictions(study)),
    ]
    if columns:
        known = sorted(columns)
        problems += _faults(lambda: stakeholders.read_outcome_codes(study, codes, known, ranked))
    return [*problems, *_faults(lambda: quotations.check(study, coded))]


def _faults(read: Callable[[], object]) -> list[Problem]:
    """Return the problems that reading raises, or that it returns."""
    try:
        found = read()
    except StudyError as error:
        return error.problems
    return [one for one in found if isinstance(one, Problem)] if isinstance(found, list) else []
