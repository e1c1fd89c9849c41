"""Check what `study.yml` declares of a stakeholders' survey against the dictionary; reads no file."""

from collections.abc import Iterator, Mapping

from vbhc.problems import Problem, did_you_mean
from vbhc.study.config import Source, Survey
from vbhc.study.dictionary import Column

GRADED = ("integer", "float")
Fault = tuple[str, str, str]  # what is wrong, what would be right, and the key or the column of it


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
    own = {name: column for name, column in dictionary.items() if column.source == survey.source}
    graded = {name: c for name, c in own.items() if c.type in GRADED and None not in (c.min, c.max)}
    found = [
        *_layout(survey, sources[survey.source]),
        *_columns(survey, own, graded),
        *_top(survey, graded),
        *_reference(survey, own),
        *_tasks(survey, own),
        *_activities(survey),
        *_delphi(survey, graded),
    ]
    table = shown.replace("study.yml", "dictionary.csv")
    return [Problem(table if where in own else shown, wrong, right, where) for wrong, right, where in found]


def delphi_statements(survey: Survey) -> tuple[str, ...]:
    """Return the statements on which agreement is judged: those named, else all of the survey."""
    return (survey.delphi.statements or survey.statements) if survey.delphi else ()


def _layout(survey: Survey, source: Source) -> Iterator[Fault]:
    where = f"sources.{survey.source}"
    if source.layout != "respondents":
        yield f"layout {source.layout!r}", "layout: respondents", f"{where}.layout"
    if len(source.key) > 1:
        yield "key of several columns", "the one that names a respondent", f"{where}.key"
    if not survey.asks_value and survey.work is None:
        yield "asks nothing", "name `statements`, a `ranking`, `best_worst` tasks or `work`", "survey"


def _columns(survey: Survey, own: Mapping[str, Column], graded: Mapping[str, Column]) -> Iterator[Fault]:
    """Columns that the survey names and its source has not, or has without grades."""
    again = survey.delphi.again if survey.delphi else ""
    repeated = [again.replace("{statement}", name) for name in delphi_statements(survey) if again]
    wanted = [("survey.group", [survey.group], own), ("survey.covariates", survey.covariates, own)]
    wanted += [("survey.statements", survey.statements, graded), ("survey.ranking", survey.ranking, graded)]
    wanted += [
        (f"survey.best_worst.{task}", (f"{task}_best", f"{task}_worst"), own) for task in survey.best_worst
    ]
    wanted += [("survey.delphi.again", repeated, graded)]
    if survey.work is not None:
        back = (survey.work.scaled_back,) if survey.work.scaled_back else ()
        wanted += [("survey.work", survey.work.graded, graded), ("survey.work.scaled_back", back, own)]
        wanted += [("survey.work.reverse", survey.work.reverse, own)]
    for where, names, known in wanted:
        for name in names:
            if name not in own:
                yield f"no column {name!r} of source {survey.source!r}", did_you_mean(name, known), where
            elif name not in known:
                yield f"column {name!r} has no grades", "type integer or float, with min and max", name


def _top(survey: Survey, graded: Mapping[str, Column]) -> Iterator[Fault]:
    """A number of agreeing answers that is none, or all of a statement's."""
    steps = [graded[name].max - graded[name].min for name in survey.statements if name in graded]
    most = min(steps, default=survey.top)
    if not 1 <= survey.top <= most:
        fix = f"how many of the highest answers count as agreement: 1 to {most:g}"
        yield f"found {survey.top}", fix, "survey.top"


def _reference(survey: Survey, own: Mapping[str, Column]) -> Iterator[Fault]:
    names = _meanings(own.get(survey.group))
    if survey.reference and names and survey.reference not in names:
        fix = did_you_mean(survey.reference, names)
        yield f"{survey.group} is never {survey.reference!r}", fix, "survey.reference"


def _meanings(column: Column | None) -> list[str]:
    return list(column.meaning.values()) if column else []


def _tasks(survey: Survey, own: Mapping[str, Column]) -> Iterator[Fault]:
    """Tasks that show too few items, one twice, or one that their columns cannot hold."""
    for task, items in survey.best_worst.items():
        where = f"survey.best_worst.{task}"
        if len(items) < 3 or len(set(items)) < len(items):
            yield f"shows {', '.join(items)}", "three or more items, each once", where
        known = _meanings(own.get(f"{task}_best")) or items
        for item in items:
            if item not in known:
                yield f"unknown item {item!r}", did_you_mean(item, known), where


def _activities(survey: Survey) -> Iterator[Fault]:
    for name, columns in survey.work.activities.items() if survey.work else ():
        if len(columns) != 2:
            where = f"survey.work.activities.{name}"
            yield f"{len(columns)} columns", "two: how much it gives, how much it takes", where


def _delphi(survey: Survey, graded: Mapping[str, Column]) -> Iterator[Fault]:
    rule, where = survey.delphi, "survey.delphi"
    if rule is None:
        return
    if not 0 < rule.share <= 1:
        yield f"found {rule.share:g}", "a share above 0, up to 1", f"{where}.share"
    if not survey.statements:
        yield "no `statements` in the survey", "name the graded columns", f"{where}.statements"
    for name in (name for name in rule.statements if name not in survey.statements):
        yield f"unknown statement {name!r}", did_you_mean(name, survey.statements), f"{where}.statements"
    if rule.again and "{statement}" not in rule.again:
        yield f"found {rule.again!r}", "a pattern such as '{statement}_again'", f"{where}.again"
    ends = [(graded[name].min, graded[name].max) for name in delphi_statements(survey) if name in graded]
    if len(set(ends)) > 1:
        fix = "the same min and max in the dictionary"
        yield "statements with unlike scales", fix, f"{where}.statements"
    if any(not low <= rule.agree_from <= high for low, high in ends):
        fix = f"an answer from {ends[0][0]:g} to {ends[0][1]:g}"
        yield f"found {rule.agree_from:g}", fix, f"{where}.agree_from"
