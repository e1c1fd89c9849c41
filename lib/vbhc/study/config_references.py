"""What `study.yml` names and nothing declares: one function per part of the file, none reads a raw file."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from vbhc.problems import Problem, did_you_mean
from vbhc.study.config import DIRECTIONS, DISCLOSURE_POLICIES, GROUP_KINDS, LAYOUTS, Config, Cost
from vbhc.study.dates import pattern_of
from vbhc.study.dictionary import Column
from vbhc.study.forms import FORMS
from vbhc.study.survey_plan import survey_problems
from vbhc.study.variation import RULE_SETS, SPREADS, unfit

GIVEN = {"visits": ("visit",), "resource-lines": ("resource", "quantity"),
         "plics": ("spell", "episode", "complete", "activity", "resource", "cost")}  # fmt: skip


ENDS = ("higher", "lower")  # of a column that patients are ranked by: which one is worse off


class Declared(NamedTuple):
    """What could be read of a study's declarations, and the `holes`: parts that could not."""

    config: Config
    dictionary: dict[str, Column]
    folder: Path
    shown: str
    holes: Collection[str] = ()

    def whole(self, *blocks: str) -> bool:
        """Whether all that a block declares is there, though perhaps not each detail of it."""
        return not any(hole in blocks or hole.rpartition(".")[0] in blocks for hole in self.holes)

    def wrong(self, found: str, expected: str, where: str) -> Problem:
        """Return a problem of study.yml."""
        return Problem(self.shown, found, expected, where)

    def known(self, value: str, choices: Iterable[str], where: str) -> Iterator[Problem]:
        """Name a value that is none of the choices."""
        if value not in choices:
            yield self.wrong(f"unknown {value!r}", did_you_mean(value, choices), where)

    def column(self, name: str, where: str) -> Iterator[Problem]:
        """Name an undeclared column; with a visit's suffix it may be a score, which `vbhc check` judges."""
        visits = self.config.visits
        if self.whole("dictionary", "visits") and not any(name.endswith(f"_{visit}") for visit in visits):
            yield from self.known(name, self.dictionary, where)


def unknown_references(
    config: Config, dictionary: dict[str, Column], folder: Path, shown: str, holes: Collection[str] = ()
) -> list[Problem]:
    """Name what `study.yml` uses and nothing declares (layouts, sources, components, columns).

    What refers to a part among `holes` (parts that could not be read) cannot be judged and is not named.
    """
    declared = Declared(config, dictionary, folder, shown, holes)
    parts = (_sources, _keys, _patients, _measures, _columns_of_sources, _cost, _survey)
    chapters = (_variation, _equity, _pathway)
    return [problem for part in (*parts, *chapters) for problem in part(declared)]


def _sources(declared: Declared) -> Iterator[Problem]:
    """Policy, layouts, decimal marks, where the header stands, the visits that patients' sources need."""
    config = declared.config
    yield from declared.known(config.disclosure, DISCLOSURE_POLICIES, "disclosure")
    for name, source in config.sources.items():
        yield from declared.known(source.layout, LAYOUTS, f"sources.{name}.layout")
        if source.decimal not in ("", ",", "."):
            yield declared.wrong(f"found {source.decimal!r}", "wanted ',' or '.'", f"sources.{name}.decimal")
        if source.date_format and not pattern_of(source.date_format):
            found = f"found {source.date_format!r}"
            yield declared.wrong(found, "wanted such as dd-mm-yyyy", f"sources.{name}.date_format")
        for key, least in (("header_row", 1), ("skip_rows", 0)):
            if (value := getattr(source, key)) < least:
                yield declared.wrong(f"found {value}", f"wanted {least} or more", f"sources.{name}.{key}")
    of_patients = [source for source in config.sources.values() if source.layout != "respondents"]
    if of_patients and not config.visits and declared.whole("visits"):
        yield declared.wrong("no `visits`", "name at least one time point", "visits")


def _keys(declared: Declared) -> Iterator[Problem]:
    """The patients' key without a row in the dictionary; keys of sources that name no column of theirs."""
    config, dictionary = declared.config, declared.dictionary
    if not declared.whole("dictionary", "sources", "key"):
        return
    patients = any(source.layout == "patients" for source in config.sources.values())
    if patients and config.key not in dictionary:
        fix = did_you_mean(config.key, dictionary)
        yield declared.wrong(f"no row {config.key!r} in dictionary.csv", fix, "key")
        return
    for name, source in config.sources.items():
        own = {column for column, spec in dictionary.items() if spec.source == name}
        own |= {config.key, *GIVEN.get(source.layout, ())}
        for column in source.key[1:] if source.layout == "respondents" else source.key:
            yield from declared.known(column, sorted(own), f"sources.{name}.key")


def _patients(declared: Declared) -> Iterator[Problem]:
    """Groups, covariates and when instruments were asked."""
    config = declared.config
    for name, group in config.groups.items():
        yield from declared.known(group.kind, GROUP_KINDS, f"groups.{name}.kind")
        yield from declared.column(group.column, f"groups.{name}.column")
    for name, use in config.instruments.items():
        for visit in use.visits if declared.whole("visits") else ():
            yield from declared.known(visit, config.visits, f"instruments.{name}.visits")
    for column in config.covariates:
        yield from declared.column(column, "covariates")


def _measures(declared: Declared) -> Iterator[Problem]:
    """Perception, value quota and equivalence margin."""
    config = declared.config
    if config.perception:
        yield from declared.known(config.perception.direction, DIRECTIONS, "perception.direction")
    if config.value_quota:
        yield from declared.known(config.value_quota.form, FORMS, "value_quota.form")
        if not config.value_quota.per > 0:
            found = f"found {config.value_quota.per:g}"
            yield declared.wrong(found, "wanted an amount above 0", "value_quota.per")
        for key in ("mcid", "reference_outcome", "reference_cost"):
            if (value := getattr(config.value_quota, key)) < 0:
                yield declared.wrong(f"found {value:g}", "wanted a size above 0", f"value_quota.{key}")
    price, cost = config.willingness_to_pay, config.cost
    if price and not price.amount > 0:
        yield declared.wrong(
            f"found {price.amount:g}", "wanted an amount above 0", "willingness_to_pay.amount"
        )
    if price and cost and price.currency.upper() != cost.currency.upper():
        found = f"found {price.currency!r}, and costs in {cost.currency!r}"
        yield declared.wrong(found, "the amount in the currency of the costs", "willingness_to_pay.currency")
    if config.equivalence_margin is not None and not 0 < config.equivalence_margin < 1:
        found = f"found {config.equivalence_margin:g}"
        yield declared.wrong(found, "wanted a correlation between 0 and 1", "equivalence_margin")


def _columns_of_sources(declared: Declared) -> Iterator[Problem]:
    """Rows of the dictionary whose source is none of the study's."""
    sources = declared.config.sources
    for name, column in declared.dictionary.items():
        if column.source not in sources and declared.whole("sources", "dictionary"):
            found = f"column {name!r} names the unknown source {column.source!r}"
            file = declared.shown.replace("study.yml", "dictionary.csv")
            yield Problem(file, found, did_you_mean(column.source, sources), "source")


def _survey(declared: Declared) -> Iterable[Problem]:
    config = declared.config
    if config.survey is None or not declared.whole("sources", "dictionary", "survey"):
        return []
    return survey_problems(config.survey, config.sources, declared.dictionary, declared.shown)


def _variation(declared: Declared) -> Iterator[Problem]:
    """Providers to compare: the group, the columns, the levels."""
    plan = declared.config.variation
    if plan is None:
        return
    yield from declared.known(plan.group, declared.config.groups, "variation.group")
    yield from declared.known(plan.overdispersion, SPREADS, "variation.overdispersion")
    if plan.series:
        yield from declared.known(plan.series.rules, RULE_SETS, "variation.series.rules")
        yield from declared.known(plan.series.direction, DIRECTIONS, "variation.series.direction")
    for column, key in plan.columns():
        yield from declared.column(column, f"variation.{key}")
    for found, wanted, key in unfit(plan):
        yield declared.wrong(found, wanted, f"variation.{key}")


def _equity(declared: Declared) -> Iterator[Problem]:
    """Columns of ranks, rules and strata; ends that are none; an event that has no name."""
    plan = declared.config.equity
    if plan is None:
        return
    for column, end in plan.ranked_by.items():
        yield from declared.column(column, "equity.ranked_by")
        if not isinstance(end, list):
            yield from declared.known(str(end), ENDS, f"equity.ranked_by.{column}")
    rules = {f"at_risk.{name}": rule for name, rule in plan.at_risk.items()} | {"event": plan.event}
    for key, rule in rules.items():
        for column in rule:
            yield from declared.column(column, f"equity.{key}")
    for column in plan.strata:
        yield from declared.column(column, "equity.strata")
    if plan.event and not plan.event_label:
        yield declared.wrong("no `event_label`", "what happened, such as: were readmitted", "equity")


def _pathway(declared: Declared) -> Iterator[Problem]:
    """Shares that are none, and years that are too few."""
    plan = declared.config.pathway
    for key in ("uptake", "found", "discount") if plan else ():
        if not 0 <= (value := getattr(plan, key)) <= 1:
            yield declared.wrong(f"found {value:g}", "wanted a share from 0 to 1", f"pathway.{key}")
    if plan and plan.years < 1:
        yield declared.wrong(f"found {plan.years}", "wanted a year or more", "pathway.years")


def _cost(declared: Declared) -> Iterator[Problem]:
    """Where costs come from: one way only, each with what it needs."""
    cost, sources = declared.config.cost, declared.config.sources
    if cost is None or any(hole.startswith("cost.") for hole in declared.holes):
        return
    if [bool(cost.lines), bool(cost.events), bool(cost.columns)].count(True) != 1:
        yield declared.wrong("needs one of `lines`, `events` or `columns`", "where costs come from", "cost")
    if cost.lines and cost.lines not in sources and declared.whole("sources"):
        fix = did_you_mean(cost.lines, sources)
        yield declared.wrong(f"unknown source {cost.lines!r}", fix, "cost.lines")
    yield from _cost_columns(declared, cost) if cost.columns else _unit_costs(declared, cost)


def _cost_columns(declared: Declared, cost: Cost) -> Iterator[Problem]:
    """What stands beside columns that hold costs already."""
    if cost.unit_costs:
        found = "has `columns` and `unit_costs`"
        yield declared.wrong(found, "columns hold costs already: leave out `unit_costs`", "cost")
    if set(cost.components) != set(cost.columns):
        fix = "leave `components` out"
        yield declared.wrong("`components` differ from `columns`", fix, "cost.components")


def _unit_costs(declared: Declared, cost: Cost) -> Iterator[Problem]:
    """Components, the events that count in them, and the table of prices."""
    if not cost.components:
        yield declared.wrong("no `components`", "name them, each with its resources", "cost.components")
    if "total" in cost.components:
        fix = "another name: the sum has this one"
        yield declared.wrong("a component is called 'total'", fix, "cost.components")
    listed = {resource for resources in cost.components.values() for resource in resources}
    for event in cost.events:
        if event.resource not in listed:
            fix = did_you_mean(event.resource, listed)
            yield declared.wrong(f"{event.resource!r} is in no component", fix, "cost.events")
    source = declared.config.sources.get(cost.lines)
    if source and source.layout == "plics":
        if cost.unit_costs or not (cost.declared_total and cost.mff > 0):
            fix = "`declared_total`, `mff` above 0, and no `unit_costs`: lines hold their cost"
            yield declared.wrong("lines of the layout plics", fix, "cost")
    elif not cost.unit_costs:
        yield declared.wrong("no `unit_costs`", "name the table of prices", "cost.unit_costs")
    elif not (declared.folder / cost.unit_costs).is_file():
        yield declared.wrong(f"no file {cost.unit_costs!r}", "put it in the study folder", "cost.unit_costs")
