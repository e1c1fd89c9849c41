"""What `study.yml` names and nothing declares: one function per part of the file, none reads a raw file."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from vbhc.problems import Problem, did_you_mean
from vbhc.study.config import Config
from vbhc.study.costs import cost_faults
from vbhc.study.dates import pattern_of
from vbhc.study.dictionary import Column
from vbhc.study.marks import Bounds, ColumnOfPatients, NameOf, OneOf, marked
from vbhc.study.survey_plan import survey_faults
from vbhc.study.variation import equity_faults, variation_faults

GIVEN = {"visits": ("visit",), "resource-lines": ("resource", "quantity"),
         "plics": ("spell", "episode", "complete", "activity", "resource", "cost")}  # fmt: skip


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
    parts = (_marked, _sources, _labels, _keys, _columns_of_sources, _price, _cost, _survey, _plans)
    return [problem for part in parts for problem in part(declared)]


def _marked(declared: Declared) -> Iterator[Problem]:
    """Values that are not what their key takes, and names of columns that nothing declares."""
    for where, value, mark in marked(declared.config, Config):
        if isinstance(mark, ColumnOfPatients):
            yield from declared.column(value, where) if value else ()
        elif isinstance(mark, NameOf):
            block = getattr(declared.config, mark.block)
            yield from declared.known(value, block, where) if value and declared.whole(mark.block) else ()
        elif isinstance(mark, OneOf | Bounds) and (fault := mark.fault(value)):
            yield declared.wrong(fault[0], fault[1], where)


def _sources(declared: Declared) -> Iterator[Problem]:
    """How dates are written; the visits that patients' sources need."""
    config = declared.config
    for name, source in config.sources.items():
        if source.date_format and not pattern_of(source.date_format):
            found = f"found {source.date_format!r}"
            yield declared.wrong(found, "wanted such as dd-mm-yyyy", f"sources.{name}.date_format")
    if config.has_patients and not config.visits and declared.whole("visits"):
        yield declared.wrong("no `visits`", "name at least one time point", "visits")


def _labels(declared: Declared) -> Iterator[Problem]:
    """Groups or visits of one label: tables and figures would show one of them."""
    for block in ("groups", "visits"):
        labels = [one.label for one in getattr(declared.config, block).values()]
        for label in sorted({label for label in labels if labels.count(label) > 1}):
            yield declared.wrong(f"label {label!r} stands twice", "labels that differ", block)


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


def _columns_of_sources(declared: Declared) -> Iterator[Problem]:
    """Rows of the dictionary whose source is none of the study's."""
    sources = declared.config.sources
    for name, column in declared.dictionary.items():
        if column.source not in sources and declared.whole("sources", "dictionary"):
            found = f"column {name!r} names the unknown source {column.source!r}"
            file = declared.shown.replace("study.yml", "dictionary.csv")
            yield Problem(file, found, did_you_mean(column.source, sources), "source")


def _price(declared: Declared) -> Iterator[Problem]:
    """What a QALY is worth, in another currency than that of the costs."""
    price, cost = declared.config.willingness_to_pay, declared.config.cost
    if price and cost and price.currency.upper() != cost.currency.upper():
        found = f"found {price.currency!r}, and costs in {cost.currency!r}"
        yield declared.wrong(found, "the amount in the currency of the costs", "willingness_to_pay.currency")


def _cost(declared: Declared) -> Iterator[Problem]:
    cost, sources = declared.config.cost, declared.config.sources
    if cost is None or any(hole.startswith("cost.") for hole in declared.holes):
        return
    layout = sources[cost.lines].layout if cost.lines in sources else ""
    yield from (declared.wrong(*fault) for fault in cost_faults(cost, declared.folder, layout))


def _survey(declared: Declared) -> Iterator[Problem]:
    """The survey's source, and what is asked in it."""
    survey, sources = declared.config.survey, declared.config.sources
    if survey is None or not declared.whole("sources", "dictionary", "survey"):
        return
    if survey.source not in sources:
        yield from declared.known(survey.source, sources, "survey.source")
        return
    source, where = sources[survey.source], f"sources.{survey.source}"
    if source.layout != "respondents":
        yield declared.wrong(f"layout {source.layout!r}", "layout: respondents", f"{where}.layout")
    if len(source.key) > 1:
        yield declared.wrong("key of several columns", "the one that names a respondent", f"{where}.key")
    own = {n: column for n, column in declared.dictionary.items() if column.source == survey.source}
    table = declared.shown.replace("study.yml", "dictionary.csv")
    for found, wanted, key in survey_faults(survey, own):
        yield Problem(table if key in own else declared.shown, found, wanted, key)


def _plans(declared: Declared) -> Iterator[Problem]:
    """Comparing providers, and who gains."""
    variation, equity = declared.config.variation, declared.config.equity
    faults = [*variation_faults(variation)] if variation else []
    faults += equity_faults(equity) if equity else ()
    yield from (declared.wrong(found, wanted, key) for found, wanted, key in faults)
