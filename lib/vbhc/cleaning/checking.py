"""What study.yml, dictionary and unit costs name and nothing provides, and rows that break a rule."""

import re

from vbhc.cleaning import costs
from vbhc.cleaning.item_ranges import range_problems
from vbhc.cleaning.known_names import hidden_scores, instrument_problems, score_names, wide_names
from vbhc.problems import Problem, StudyError, did_you_mean
from vbhc.study import Study
from vbhc.study.config import DIRECTIONS
from vbhc.study.deaths import deaths_problems
from vbhc.study.dictionary import Column
from vbhc.study.form_checks import form_problems
from vbhc.study.forms import needs_baseline

# A mark and what it stands for, such as "1 best" or "6 = very poor".
_ENDS = r"(?:the )?(?:best|worst|very (?:good|poor|bad)|excellent|poor|bad|sehr (?:gut|schlecht))"
MARKED_END = re.compile(rf"\b\d+ ?[=:]? ?{_ENDS}\b|\b{_ENDS} ?[=:]? ?\d+\b", re.IGNORECASE)


def structure_problems(study: Study) -> list[Problem]:
    """Return what study.yml, dictionary and unit costs name and nothing provides; no raw file is read."""
    problems = [problem for name in study.config.instruments for problem in instrument_problems(study, name)]
    problems += [problem for name in study.config.instruments for problem in range_problems(study, name)]
    problems += name_problems(study)
    return problems + (cost_problems(study) if study.config.cost else [])


def name_problems(study: Study) -> list[Problem]:
    """Return groups, covariates, perception and outcome that name no column of the patients' table."""
    config, shown, problems = study.config, study.shown("study.yml"), []
    known = sorted(wide_names(study) | score_names(study))
    hidden = hidden_scores(study)  # what names one of them is no second fault

    def check_known(column: str, where: str) -> None:
        if column not in known and column not in hidden:
            problems.append(Problem(shown, f"no column {column!r}", did_you_mean(column, known), where))

    for name, group in config.groups.items():
        check_known(group.column, f"groups.{name}.column")
        spec = study.dictionary.get(group.column)
        if spec and group.reference and spec.allowed and group.reference not in spec.meaning.values():
            fix = did_you_mean(group.reference, spec.meaning.values())
            found = f"{group.column} is never {group.reference!r}"
            problems.append(Problem(shown, found, fix, f"groups.{name}.reference"))
    for column in config.covariates:
        check_known(column, "covariates")
    if config.perception:
        column, at = config.perception.column, config.perception.asked_at
        if f"{column}_{at}" not in known:
            check_known(column, "perception.column")
        problems += direction_problems(study)
    problems += deaths_problems(study, wide_names(study))
    if config.value_quota and config.sources and config.visits:
        problems += outcome_problems(study, config.value_quota.outcome, config.value_quota.form)
    return problems


def direction_problems(study: Study) -> list[Problem]:
    """Return a perception whose direction is not that of its column in the dictionary, or of its label."""
    seen = study.config.perception
    column = study.dictionary.get(seen.column)
    if seen.direction == "lower is better" and (end := MARKED_END.search(seen.label)):
        found = f"{end.group()!r} in {seen.label!r}, but marks are turned so that higher is better"
        fix = "a label without marks: the report would name the wrong end"
        return [Problem(study.shown("study.yml"), found, fix, "perception.label")]
    if column is None or column.direction in ("", seen.direction) or seen.direction not in DIRECTIONS:
        return []
    found = f"{seen.direction!r}, and {column.direction!r} for {column.name!r} in dictionary.csv"
    fix = "the same in both: which end do patients mean as good?"
    return [Problem(study.shown("study.yml"), found, fix, "perception.direction")]


def outcome_problems(study: Study, outcome: str, form: str) -> list[Problem]:
    """Return what is wrong with an outcome of the value quota: no score at a visit that its form needs."""
    scores, shown = score_names(study), study.shown("study.yml")
    if needs_baseline(form) and study.baseline == study.follow_up:
        found = f"form {form!r} needs two visits; only {study.baseline!r} is declared"
        fix = "declare the second under `visits`, or use form: follow-up"
        return [Problem(shown, found, fix, "value_quota")]
    visits = (study.baseline, study.follow_up) if needs_baseline(form) else (study.follow_up,)
    stems = {name.removesuffix(f"_{study.follow_up}") for name in scores if name.endswith(study.follow_up)}
    stems = {stem for stem in stems if all(f"{stem}_{visit}" in scores for visit in visits)}
    if f"{outcome}_{study.follow_up}" in hidden_scores(study):
        return []  # its instrument's fault is named
    if outcome in stems:
        return form_problems(study, outcome, form, scores, wide_names(study) | scores)
    missing = [visit for visit in visits if f"{outcome}_{visit}" not in scores]
    found = f"no score {outcome!r} at {' and '.join(missing or visits)}"
    if f"{outcome}_{study.follow_up}" in wide_names(study):
        score = f"{{instrument: score, items: {outcome}, range: [0, 100], direction: higher}}"
        return [
            Problem(shown, found, f"declare the column under `instruments`: {score}", "value_quota.outcome")
        ]
    return [Problem(shown, found, did_you_mean(outcome, sorted(stems)), "value_quota.outcome")]


def cost_problems(study: Study) -> list[Problem]:
    """Return the faults of the unit-cost table and of the events."""
    wide = {one: study.dictionary.get(one) or _of_a_visit(study, one) for one in sorted(wide_names(study))}
    problems = costs.event_problems(study.config.cost.events, wide, study.shown("study.yml"))
    problems += costs.column_problems(study.config.cost.columns, wide, study.shown("study.yml"))
    return problems + _price_problems(study)


def _price_problems(study: Study) -> list[Problem]:
    """Return the faults of the unit-cost table."""
    try:
        costs.read_unit_costs(study)
    except StudyError as error:
        return error.problems
    return []


def _of_a_visit(study: Study, name: str) -> Column:
    """Return the dictionary's column of a visit's column (`pain_6m` is `pain`)."""
    stems = [name.removesuffix(f"_{visit}") for visit in study.config.visits]
    return next(
        (study.dictionary[stem] for stem in stems if stem in study.dictionary), Column(name, name, "string")
    )
