"""Read everything of a study, run nothing, and list every problem: file, column, row, what would be right."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vbhc import costs
from vbhc.cleaning.patients_table import PATIENT_LAYOUTS, sift_study
from vbhc.cleaning.rows import Sifted, sift
from vbhc.cleaning.scoring import item_columns, options_of, score_column, visits_of
from vbhc.dictionary import Column
from vbhc.problems import Problem, StudyError, did_you_mean
from vbhc.sources import source_columns
from vbhc.study import Study


def check(study: Study) -> list[Problem]:
    """Return every problem of a loaded study (`load_study` has already refused faults of `study.yml` itself).

    Looked at: raw files that are absent (and how to get them), their headers and cells, instruments, value
    sets and item columns, perception and outcome, groups, unit costs, events, interviews. An empty list means
    that nothing stands in the way.
    """
    return [*structure_problems(study), *interview_problems(study), *source_problems(study)]


def structure_problems(study: Study) -> list[Problem]:
    """Return what study.yml, dictionary and unit costs name and nothing provides; no raw file is read."""
    problems = [problem for name in study.config.instruments for problem in instrument_problems(study, name)]
    problems += name_problems(study)
    return problems + (cost_problems(study) if study.config.cost else [])


def source_problems(study: Study) -> list[Problem]:
    """Return the problems of the raw files: those that cannot be read, and each cell that breaks a rule."""
    if not study.config.sources:
        return []
    problems: list[Problem] = []
    try:
        sifted, _ = sift_study(study)
        return [problem for source in sifted.values() for problem in _row_problems(study, source)]
    except StudyError:
        pass
    for name in study.config.sources:
        try:
            problems += _row_problems(study, sift(study, name, tuple(study.config.visits)))
        except StudyError as error:
            problems += error.problems
    if not any(source.layout in PATIENT_LAYOUTS for source in study.config.sources.values()):
        found = "no source with a row per patient"
        fix = "a source with layout: patients"
        problems.append(Problem(study.shown("study.yml"), found, fix, "sources"))
    return problems


def _row_problems(study: Study, sifted: Sifted) -> list[Problem]:
    """Return a problem per quarantine line."""
    file = study.shown(study.config.sources[sifted.name].file)
    columns = source_columns(study, sifted.name)
    problems = []
    for line in sifted.quarantine.itertuples():
        found = "empty" if pd.isna(line.value) else f"{line.value!r}: {line.rule}"
        fix = expected(line.column, line.rule, columns)
        problems.append(Problem(file, found, fix, line.column, int(line.row)))
    return problems


def expected(name: str, rule: str, columns: Mapping[str, Column]) -> str:
    """Return what would be right in a cell that breaks a rule, in words."""
    column = columns.get(name)
    if rule.startswith(("repeats", "same")):
        return f"each {name.replace('+', ' and ')} once"
    if column is None or "patient" in rule or "did you mean" in rule or "known:" in rule:
        return ""
    if column.allowed:
        return f"one of {', '.join(column.allowed)}"
    kinds = {"integer": "a whole number", "float": "a number", "date": "a date such as 2023-05-31"}
    words = kinds.get(column.type, "a value")
    if column.min is not None or column.max is not None:
        low, high = ("" if side is None else f"{side:g}" for side in (column.min, column.max))
        words += (
            f" from {low} to {high}" if low and high else f" of {low} or more" if low else f" up to {high}"
        )
    return words


def wide_names(study: Study) -> set[str]:
    """Return the columns that the patients' table has before anything is scored."""
    names = {study.config.key}
    for name, source in study.config.sources.items():
        own = {n for n, column in study.dictionary.items() if column.source == name}
        if source.layout == "visits":
            names |= {f"{n}_{visit}" for n in own for visit in study.config.visits}
        elif source.layout != "resource-lines":
            names |= own
    return names


def score_names(study: Study) -> set[str]:
    """Return the columns that scoring adds; instruments with a fault add none."""
    from vbhc import instruments

    names = set()
    for name, use in study.config.instruments.items():
        if instrument_problems(study, name):
            continue
        stems = [scale.column for scale in instruments.scales(use.instrument, **options_of(use))]
        for visit in visits_of(study, use):
            names |= {"_".join(filter(None, (score_column(use, stem), visit))) for stem in stems}
    return names


def instrument_problems(study: Study, name: str) -> list[Problem]:
    """Return what is wrong with one use of an instrument: its name, options, value set and item columns."""
    from vbhc import instruments

    use, shown = study.config.instruments[name], study.shown("study.yml")
    where = f"instruments.{name}"
    try:
        instrument = instruments.get(use.instrument)
        instruments.scales(use.instrument, **options_of(use))
    except (ValueError, TypeError) as error:
        return [Problem(shown, str(error), "", where)]
    if not isinstance(use.items, str) and instrument.items and len(use.items) != len(instrument.items):
        expected = f"{len(instrument.items)}, in the order {', '.join(instrument.items)}"
        return [Problem(shown, f"{len(use.items)} item columns", expected, f"{where}.items")]
    known = sorted(wide_names(study))
    return [
        Problem(
            study.shown("dictionary.csv"),
            f"no column {column!r}",
            did_you_mean(column, known),
            f"{where}.items",
        )
        for visit in visits_of(study, use)
        for column in item_columns(use, instrument.items, visit)
        if column not in known
    ]


def name_problems(study: Study) -> list[Problem]:
    """Return groups, covariates, perception and outcome that name no column of the patients' table."""
    config, shown, problems = study.config, study.shown("study.yml"), []
    known = sorted(wide_names(study) | score_names(study))

    def absent(column: str, where: str) -> None:
        problems.append(Problem(shown, f"no column {column!r}", did_you_mean(column, known), where))

    for name, group in config.groups.items():
        if group.column not in known:
            absent(group.column, f"groups.{name}.column")
        spec = study.dictionary.get(group.column)
        if spec and group.reference and spec.allowed and group.reference not in spec.meaning.values():
            fix = did_you_mean(group.reference, spec.meaning.values())
            found = f"{group.column} is never {group.reference!r}"
            problems.append(Problem(shown, found, fix, f"groups.{name}.reference"))
    for column in config.covariates:
        if column not in known:
            absent(column, "covariates")
    if config.perception:
        column, at = config.perception.column, config.perception.asked_at
        if column not in known and f"{column}_{at}" not in known:
            absent(column, "perception.column")
    if config.value_quota and config.sources:
        outcome = config.value_quota.outcome
        stems = {n.removesuffix(f"_{study.follow_up}") for n in known if n.endswith(f"_{study.follow_up}")}
        if outcome not in stems:
            fix = did_you_mean(outcome, sorted(stems & {n.rpartition("_")[0] for n in score_names(study)}))
            problems.append(
                Problem(shown, f"no score {outcome!r} at {study.follow_up}", fix, "value_quota.outcome")
            )
    return problems


def cost_problems(study: Study) -> list[Problem]:
    """Return the faults of the unit-cost table and of the events."""
    wide = {
        name: study.dictionary.get(name) or _of_a_visit(study, name) for name in sorted(wide_names(study))
    }
    problems = costs.event_problems(study.config.cost.events, wide, study.shown("study.yml"))
    try:
        costs.read_unit_costs(study)
    except StudyError as error:
        problems += error.problems
    return problems


def _of_a_visit(study: Study, name: str) -> Column:
    """Return the dictionary's column of a visit's column (`pain_6m` is `pain`)."""
    stems = [name.removesuffix(f"_{visit}") for visit in study.config.visits]
    return next(
        (study.dictionary[stem] for stem in stems if stem in study.dictionary), Column(name, name, "string")
    )


def interview_problems(study: Study) -> list[Problem]:
    """Return interview files that are not there."""
    interviews = study.config.interviews
    if interviews is None:
        return []
    return [
        Problem(study.shown(file), "no such file", f"`interviews.{key}` in study.yml names it")
        for key, file in (("file", interviews.file), ("participants", interviews.participants))
        if file and not (study.folder / file).exists()
    ]
