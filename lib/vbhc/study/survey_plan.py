"""What `study.yml` declares of a stakeholders' survey, and what of it the dictionary does not bear."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple

from vbhc.problems import did_you_mean
from vbhc.study.dictionary import Column
from vbhc.study.marks import Bounds, Fault, marked


class ColumnOfSurvey(NamedTuple):
    """The name of a column of the survey's source; `graded` where its answers are numbers between ends."""

    graded: bool = False


Asked = Annotated[str, ColumnOfSurvey()]
Graded = Annotated[str, ColumnOfSurvey(graded=True)]


@dataclass(frozen=True)
class Delphi:
    """The rule, set before the answers came in, by which respondents count as agreed on a statement.

    At least `share` (0-1) answer `agree_from` or higher, and the interquartile range is at most `most_iqr`.
    `again` is the pattern of the columns of a second round, such as "{statement}_again".
    """

    agree_from: float
    share: float
    most_iqr: float | None = None
    statements: tuple[str, ...] = ()
    again: str = ""


@dataclass(frozen=True)
class Work:
    """What staff were asked of their work, on the Job Demands-Resources model; all columns are graded.

    A scale is the mean of its items, those of `reverse` turned. `pace` is how fast things change, `ambition`
    how fast one would have them; `fit` that of person, activities and conditions. `activities` maps an
    activity to the columns of its gain and its pain, empty for who takes no part; `scaled_back` and
    `skips_proms` (hands out questionnaires late or not at all) are columns of yes and no. `site` is where
    they work, by the names that the patients' group of providers has; a site with fewer than `fewest` staff
    is not shown.
    """

    motivation: tuple[Graded, ...]
    strain: tuple[Graded, ...]
    demands: tuple[Graded, ...] = ()
    resources: tuple[Graded, ...] = ()
    pace: tuple[Graded, ...] = ()
    ambition: tuple[Graded, ...] = ()
    fit: tuple[Graded, ...] = ()
    reverse: tuple[Asked, ...] = ()
    activities: dict[str, tuple[Graded, ...]] = field(default_factory=dict)
    scaled_back: Asked = ""
    skips_proms: Asked = ""
    site: Asked = ""
    fewest: Annotated[int, Bounds("5 staff or more", 5)] = 10

    @property
    def graded(self) -> tuple[str, ...]:
        """Every graded column."""
        asked = (self.motivation, self.strain, self.demands, self.resources)
        scales = (*asked, self.pace, self.ambition, self.fit, *self.activities.values())
        return tuple(name for scale in scales for name in scale)


@dataclass(frozen=True)
class Survey:
    """What groups of respondents (patients, clinicians, managers, payers) were asked alike.

    `source` has the layout `respondents`. `statements` are graded columns, `top` the number of highest
    answers that count as agreement; `ranking` are columns that hold the rank of an outcome (1 = first);
    `best_worst` maps a task to the items it shows (columns `<task>_best` and `<task>_worst`); `work` is what
    staff were asked of their work.
    """

    source: str
    group: Asked
    statements: tuple[Graded, ...] = ()
    top: int = 2
    covariates: tuple[Asked, ...] = ()
    reference: str = ""  # of earlier studies; no number that is shown hangs on it
    ranking: tuple[Graded, ...] = ()
    best_worst: dict[str, tuple[str, ...]] = field(default_factory=dict)
    delphi: Delphi | None = None
    work: Work | None = None

    @property
    def asks_value(self) -> bool:
        """Whether it asks what value is: statements, an order, or best and worst."""
        return bool(self.statements or self.ranking or self.best_worst)


def survey_faults(survey: Survey, own: Mapping[str, Column]) -> Iterator[Fault]:
    """Yield what the survey names that its source has not, or that cannot be what it is named for.

    Parameters
    ----------
    survey : Survey
    own : mapping
        The columns of the survey's source by name; statements and ranks are whole numbers with both ends
        given.
    """
    graded = {name: column for name, column in own.items() if column.has_scale}
    if not survey.asks_value and survey.work is None:
        yield "asks nothing", "name `statements`, a `ranking`, `best_worst` tasks or `work`", "survey"
    yield from _columns(survey, own, graded)
    yield from _statements(survey, own, graded)
    yield from _tasks(survey, own)
    yield from _delphi(survey, graded)


def delphi_statements(survey: Survey) -> tuple[str, ...]:
    """Return the statements on which agreement is judged: those named, else all of the survey."""
    return (survey.delphi.statements or survey.statements) if survey.delphi else ()


def _columns(survey: Survey, own: Mapping[str, Column], graded: Mapping[str, Column]) -> Iterator[Fault]:
    """Columns that the survey names and its source has not, or has without grades."""
    named = [
        (where, name, graded if mark.graded else own)
        for where, name, mark in marked(survey, Survey, "survey")
        if isinstance(mark, ColumnOfSurvey) and name
    ]
    for task in survey.best_worst:
        named += [(f"survey.best_worst.{task}", f"{task}_{end}", own) for end in ("best", "worst")]
    if survey.delphi and survey.delphi.again:
        again = [survey.delphi.again.replace("{statement}", name) for name in delphi_statements(survey)]
        named += [("survey.delphi.again", name, graded) for name in again]
    for where, name, known in named:
        if name not in own:
            yield f"no column {name!r} of source {survey.source!r}", did_you_mean(name, known), where
        elif name not in known:
            yield f"column {name!r} has no grades", "type integer or float, with min and max", name


def _statements(survey: Survey, own: Mapping[str, Column], graded: Mapping[str, Column]) -> Iterator[Fault]:
    """A number of agreeing answers that is none, or all of a statement's; a group that nobody is in."""
    steps = [graded[name].max - graded[name].min for name in survey.statements if name in graded]
    most = min(steps, default=survey.top)
    if not 1 <= survey.top <= most:
        fix = f"how many of the highest answers count as agreement: 1 to {most:g}"
        yield f"found {survey.top}", fix, "survey.top"
    names = list(own[survey.group].meaning.values()) if survey.group in own else []
    if survey.reference and names and survey.reference not in names:
        fix = did_you_mean(survey.reference, names)
        yield f"{survey.group} is never {survey.reference!r}", fix, "survey.reference"


def _tasks(survey: Survey, own: Mapping[str, Column]) -> Iterator[Fault]:
    """Tasks that show too few items, one twice, or one that their columns cannot hold; unlike activities."""
    for task, items in survey.best_worst.items():
        where, best = f"survey.best_worst.{task}", own.get(f"{task}_best")
        if len(items) < 3 or len(set(items)) < len(items):
            yield f"shows {', '.join(items)}", "three or more items, each once", where
        known = list(best.meaning.values()) if best and best.allowed else items
        for item in (one for one in items if one not in known):
            yield f"unknown item {item!r}", did_you_mean(item, known), where
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
        yield "statements with unlike scales", "the same min and max in the dictionary", f"{where}.statements"
    if any(not low <= rule.agree_from <= high for low, high in ends):
        fix = f"an answer from {ends[0][0]:g} to {ends[0][1]:g}"
        yield f"found {rule.agree_from:g}", fix, f"{where}.agree_from"
