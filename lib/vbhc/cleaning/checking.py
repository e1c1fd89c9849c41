"""What study.yml, dictionary and unit costs name and nothing provides, and rows that break a rule."""

import re
from functools import partial

from vbhc.cleaning.costs.resources import column_problems, event_problems
from vbhc.cleaning.costs.unit_costs import read_unit_costs
from vbhc.cleaning.known_names import instrument_problems, score_names, wide_names
from vbhc.cleaning.scoring import item_columns, visits_of
from vbhc.problems import Problem, did_you_mean, problems_of
from vbhc.study import Study
from vbhc.study.deaths import deaths_problems
from vbhc.study.dictionary import Column, is_number
from vbhc.study.form_checks import form_problems
from vbhc.study.forms import needs_baseline
from vbhc.study.marks import DIRECTIONS

# A mark and what it stands for, such as "1 best" or "6 = very poor".
_ENDS = r"(?:the )?(?:best|worst|very (?:good|poor|bad)|excellent|poor|bad|sehr (?:gut|schlecht))"
MARKED_END = re.compile(rf"\b\d+ ?[=:]? ?{_ENDS}\b|\b{_ENDS} ?[=:]? ?\d+\b", re.IGNORECASE)


def structure_problems(study: Study) -> list[Problem]:
    """Return what study.yml, dictionary and unit costs name and nothing provides; no raw file is read."""
    problems = [problem for name in study.config.instruments for problem in instrument_problems(study, name)]
    problems += [problem for name in study.config.instruments for problem in range_problems(study, name)]
    return problems + name_problems(study) + (cost_problems(study) if study.config.cost else [])


def name_problems(study: Study) -> list[Problem]:
    """Return groups, covariates, perception and outcome that name no column of the patients' table."""
    config, shown, problems = study.config, study.shown("study.yml"), []
    scores, hidden = score_names(study)  # what names a hidden one is no second fault
    known = sorted(wide_names(study) | scores)

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
    problems += computed_problems(study)
    if config.value_quota and config.sources and config.visits:
        problems += outcome_problems(study, config.value_quota.outcome, config.value_quota.form)
    return problems


def computed_problems(study: Study) -> list[Problem]:
    """Return the raw columns whose names are given to something else that is computed here.

    The perception and a single column of costs may be called as what is made of them.
    """
    seen, cost = study.config.perception, study.config.cost
    computed = {"perceived_value"} - {seen.column} if seen else set()
    if cost:
        own = set(cost.columns.values()) if len(cost.columns) == 1 else set()
        computed |= {study.cost_component_column(part) for part in ("", *cost.components)} - own
    fix = "another name for it: `rename` under its source in study.yml, and here"
    return [
        Problem(study.shown("dictionary.csv"), f"{name!r} is the name of what is computed", fix, name)
        for name in sorted(computed & wide_names(study))
    ]


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
    (scores, hidden), shown = score_names(study), study.shown("study.yml")
    if needs_baseline(form) and study.baseline == study.follow_up:
        found = f"form {form!r} needs two visits; only {study.baseline!r} is declared"
        fix = "declare the second under `visits`, or use form: follow-up"
        return [Problem(shown, found, fix, "value_quota")]
    visits = (study.baseline, study.follow_up) if needs_baseline(form) else (study.follow_up,)
    stems = {name.removesuffix(f"_{study.follow_up}") for name in scores if name.endswith(study.follow_up)}
    stems = {stem for stem in stems if all(f"{stem}_{visit}" in scores for visit in visits)}
    if f"{outcome}_{study.follow_up}" in hidden:
        return []  # its instrument's fault is named
    if outcome in stems:
        return form_problems(study, outcome, form, scores, wide_names(study) | scores)
    missing = [visit for visit in visits if f"{outcome}_{visit}" not in scores]
    found = f"no score {outcome!r} at {' and '.join(missing or visits)}"
    fix = did_you_mean(outcome, sorted(stems))
    if f"{outcome}_{study.follow_up}" in wide_names(study):
        score = f"{{instrument: score, items: {outcome}, range: [0, 100], direction: higher}}"
        fix = f"declare the column under `instruments`: {score}"
    return [Problem(shown, found, fix, "value_quota.outcome")]


def cost_problems(study: Study) -> list[Problem]:
    """Return the faults of the unit-cost table and of the events."""
    wide = {one: study.dictionary.get(one) or _of_a_visit(study, one) for one in sorted(wide_names(study))}
    problems = event_problems(study.config.cost.events, wide, study.shown("study.yml"))
    problems += column_problems(study.config.cost.columns, wide, study.shown("study.yml"))
    return problems + price_problems(study)


def price_problems(study: Study) -> list[Problem]:
    """Return the faults of the unit-cost table."""
    return problems_of(partial(read_unit_costs, study))


def _of_a_visit(study: Study, name: str) -> Column:
    """Return the dictionary's column of a visit's column (`pain_6m` is `pain`)."""
    stems = [name.removesuffix(f"_{visit}") for visit in study.config.visits]
    known = (study.dictionary[stem] for stem in stems if stem in study.dictionary)
    return next(known, Column(name, name, "string"))


def range_problems(study: Study, name: str) -> list[Problem]:
    """Return the items to which the dictionary allows fewer answers than their instrument has.

    One line an instrument. Where it allows more, or has no limits, the answers themselves are judged; the
    highest alone may be left out ("does not apply").
    """
    from vbhc import instruments

    use = study.config.instruments[name]
    try:
        one = instruments.get(use.instrument)
    except ValueError:
        return []  # named elsewhere
    differ = []
    for visit in visits_of(study, use):
        stems, columns = (item_columns(use, one.items, at) for at in ("", visit))
        for stem, column, ends in zip(stems, columns, one.ranges, strict=False):
            held = _range(study.dictionary.get(column) or study.dictionary.get(stem))
            if held and (held[0] > ends[0] or held[1] < ends[1] - 1):
                differ.append((stem, held, ends))
    if not differ:
        return []
    stem, (low, high), (least, most) = differ[0]
    found = f"{stem} holds {low:g}-{high:g} in dictionary.csv, {one.label} has {least}-{most}"
    more = len({stem for stem, _, _ in differ}) - 1
    found += f" (and {more} more items)" if more else ""
    fix = "which version was asked, and do its answers count from 0 or 1?"
    return [Problem(study.shown("study.yml"), found, fix, f"instruments.{name}")]


def _range(column: Column | None) -> tuple[float, float] | None:
    """Return the ends of what a column may hold; None where the dictionary leaves one open."""
    if column is None:
        return None
    codes = [float(code) for code in column.allowed if is_number(code)]
    low = column.min if column.min is not None else min(codes, default=None)
    high = column.max if column.max is not None else max(codes, default=None)
    return None if low is None or high is None else (low, high)
