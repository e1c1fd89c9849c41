"""Check what `study.yml` declares of a stakeholders' survey against the dictionary; reads no file."""

from __future__ import annotations

from collections.abc import Mapping

from vbhc.problems import Problem, did_you_mean
from vbhc.study.config import Source, Survey
from vbhc.study.dictionary import Column

GRADED = ("integer", "float")


def survey_problems(
    survey: Survey, sources: Mapping[str, Source], dictionary: Mapping[str, Column], shown: str
) -> list[Problem]:
    """Return everything the survey names that nothing declares, or that cannot be what it is named for.

    Parameters
    ----------
    survey : Survey
    sources : mapping
        The study's sources; that of the survey needs the layout `respondents`.
    dictionary : mapping
        Column by name; statements and ranks are whole numbers with both ends given.
    shown : str
        How messages name `study.yml`.
    """
    if survey.source not in sources:
        fix = did_you_mean(survey.source, sources)
        return [Problem(shown, f"unknown source {survey.source!r}", fix, "survey.source")]
    problems = _layout_problems(survey, sources[survey.source], shown)
    own = {name: column for name, column in dictionary.items() if column.source == survey.source}
    graded = {name: c for name, c in own.items() if c.type in GRADED and None not in (c.min, c.max)}
    rule = survey.delphi
    again = [rule.again.replace("{statement}", name) for name in delphi_statements(survey)] if rule else []
    wanted = [("survey.group", survey.group, own)]
    wanted += [("survey.covariates", name, own) for name in survey.covariates]
    wanted += [("survey.statements", name, graded) for name in survey.statements]
    wanted += [("survey.ranking", name, graded) for name in survey.ranking]
    wanted += [
        (f"survey.best_worst.{task}", f"{task}_{end}", own)
        for task in survey.best_worst
        for end in ("best", "worst")
    ]
    wanted += [("survey.delphi.again", name, graded) for name in again if rule.again]
    for where, name, known in wanted:
        if name in known:
            continue
        if name in own:
            found, fix = f"column {name!r} has no grades", "type integer or float, with min and max"
            problems.append(Problem(shown.replace("study.yml", "dictionary.csv"), found, fix, name))
        else:
            found = f"no column {name!r} of source {survey.source!r}"
            problems.append(Problem(shown, found, did_you_mean(name, known), where))
    return (
        problems
        + _top(survey, graded, shown)
        + _reference(survey, own, shown)
        + _tasks(survey, own, shown)
        + _delphi(survey, graded, shown)
    )


def delphi_statements(survey: Survey) -> tuple[str, ...]:
    """Return the statements on which agreement is judged: those named, else all of the survey."""
    return (survey.delphi.statements or survey.statements) if survey.delphi else ()


def _layout_problems(survey: Survey, source: Source, shown: str) -> list[Problem]:
    where = f"sources.{survey.source}"
    problems = []
    if source.layout != "respondents":
        problems.append(Problem(shown, f"layout {source.layout!r}", "layout: respondents", f"{where}.layout"))
    if len(source.key) > 1:
        problems.append(
            Problem(shown, "key of several columns", "the one that names a respondent", f"{where}.key")
        )
    if not (survey.statements or survey.ranking or survey.best_worst):
        found, fix = "asks nothing", "name `statements`, a `ranking` or `best_worst` tasks"
        problems.append(Problem(shown, found, fix, "survey"))
    return problems


def _top(survey: Survey, graded: Mapping[str, Column], shown: str) -> list[Problem]:
    """Return a number of agreeing answers that is none, or all of a statement's."""
    steps = [graded[name].max - graded[name].min for name in survey.statements if name in graded]
    most = min(steps, default=survey.top)
    if 1 <= survey.top <= most:
        return []
    expected = f"how many of the highest answers count as agreement: 1 to {most:g}"
    return [Problem(shown, f"found {survey.top}", expected, "survey.top")]


def _reference(survey: Survey, own: Mapping[str, Column], shown: str) -> list[Problem]:
    column = own.get(survey.group)
    names = list(column.meaning.values()) if column and column.allowed else []
    if not survey.reference or not names or survey.reference in names:
        return []
    fix = did_you_mean(survey.reference, names)
    return [Problem(shown, f"{survey.group} is never {survey.reference!r}", fix, "survey.reference")]


def _tasks(survey: Survey, own: Mapping[str, Column], shown: str) -> list[Problem]:
    """Return tasks that show too few items, one twice, or one that its columns cannot hold."""
    problems = []
    for task, items in survey.best_worst.items():
        where = f"survey.best_worst.{task}"
        if len(items) < 3 or len(set(items)) < len(items):
            problems.append(
                Problem(shown, f"shows {', '.join(items)}", "three or more items, each once", where)
            )
        column = own.get(f"{task}_best")
        known = list(column.meaning.values()) if column and column.allowed else list(items)
        problems += [
            Problem(shown, f"unknown item {item!r}", did_you_mean(item, known), where)
            for item in items
            if item not in known
        ]
    return problems


def _delphi(survey: Survey, graded: Mapping[str, Column], shown: str) -> list[Problem]:
    rule, problems = survey.delphi, []
    if rule is None:
        return problems

    def wrong(found: str, fix: str, key: str) -> None:
        problems.append(Problem(shown, found, fix, f"survey.delphi.{key}"))

    if not 0 < rule.share <= 1:
        wrong(f"found {rule.share:g}", "a share above 0, up to 1", "share")
    if not survey.statements:
        wrong("no `statements` in the survey", "name the graded columns", "statements")
    for name in (name for name in rule.statements if name not in survey.statements):
        wrong(f"unknown statement {name!r}", did_you_mean(name, survey.statements), "statements")
    if rule.again and "{statement}" not in rule.again:
        wrong(f"found {rule.again!r}", "a pattern such as '{statement}_again'", "again")
    ends = [(graded[name].min, graded[name].max) for name in delphi_statements(survey) if name in graded]
    if len(set(ends)) > 1:
        wrong("statements with unlike scales", "the same min and max in the dictionary", "statements")
    if any(not low <= rule.agree_from <= high for low, high in ends):
        wrong(f"found {rule.agree_from:g}", f"an answer from {ends[0][0]:g} to {ends[0][1]:g}", "agree_from")
    return problems
