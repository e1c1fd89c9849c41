"""The unit costs of a study, in one currency at the prices of one year.

Nothing is converted in silence: a unit cost in another currency or price year is an error, unless the study
gives a table of price indices. A price is then brought to the study's price year in its own currency (index
of that year over index of its own) and changed at the rate of that year (Turner et al. 2019, Value Health
22:1026, doi 10.1016/j.jval.2019.03.021). Which index and which rate (exchange or purchasing power) is the
study's choice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from vbhc.problems import Problem, did_you_mean, fault, refuse
from vbhc.study import Study
from vbhc.study.config import Config, Cost
from vbhc.study.declared import declared_rows
from vbhc.study.dictionary import is_number

CONVERT = "convert it first, or give a table `cost.price_index`"
INFLATE = "inflate it first, or give a table `cost.price_index`"
DOUBTFUL = r"[1-9]\d{0,2}\.\d{3}"  # "1.600" is 1,600 to half of Europe
INDEX_COLUMNS = ("currency", "year", "index", "rate", "source")
UNIT_COST_COLUMNS = ("resource", "unit", "unit_cost", "currency", "price_year", "source")


class PriceIndex(NamedTuple):
    """Price level by (currency, year), and units of the study's currency per unit of the other in a year."""

    level: Mapping[tuple[str, int], float]
    rate: Mapping[tuple[str, int], float]
    file: str

    def gaps(self, currency: str, year: str, cost: Cost) -> Iterator[tuple[str, str, str]]:
        """Yield column, what was found and what was expected for every number that a conversion lacks."""
        if not year.isdigit():
            yield "price_year", f"{year!r}", "a year"
            return
        wanted = {(currency, int(year)), (currency, cost.price_year)}
        for name, when in sorted(wanted - set(self.level)) if len(wanted) > 1 else ():
            column = "currency" if name not in {known for known, _ in self.level} else "price_year"
            yield column, f"no index of {name} {when}", f"add it to {self.file}"
        if currency != cost.currency and (currency, cost.price_year) not in self.rate:
            found = f"no rate of {currency} in {cost.price_year}"
            yield "currency", found, f"add {cost.currency} per {currency} to {self.file}"


def of_plics(config: Config) -> bool:
    """Whether the lines of costs hold their cost themselves (layout `plics`)."""
    source = config.sources.get(config.cost.lines) if config.cost else None
    return source is not None and source.layout == "plics"


def read_unit_costs(study: Study) -> pd.DataFrame:
    """Return the unit-cost table of a study, checked.

    Returns
    -------
    DataFrame
        resource, unit, unit_cost (float), currency, price_year (int; both those of the study), source,
        component (from `study.yml`), conversion ("" or how it was converted). Without
        rows where patients' columns hold the costs (`cost.columns`).

    Raises
    ------
    StudyError
        With every fault: unknown headers, a cost that is no number above 0, another currency or price year
        than declared that the table `price_index` does not cover, no source, a resource twice, a resource
        that belongs to no component or has no price.
    """
    cost = study.config.cost
    if cost.columns or of_plics(study.config):
        return _with_component(convert(_cells([]), cost, None), cost)
    shown, path = study.shown(cost.unit_costs), study.folder / cost.unit_costs
    if not path.is_file():
        found = f"no file {cost.unit_costs!r}"
        raise fault(study.shown("study.yml"), found, "put it in the study folder", "cost.unit_costs")
    rows = dict(declared_rows(study, cost.unit_costs, UNIT_COST_COLUMNS, ["unit_cost"], may_lack=()))
    index = read_price_index(study)
    refuse(unit_cost_problems(rows, cost, shown, index))
    return _with_component(convert(_cells(list(rows.values())), cost, index), cost)


def _cells(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(UNIT_COST_COLUMNS), dtype="str")


def _with_component(table: pd.DataFrame, cost: Cost) -> pd.DataFrame:
    component = {resource: name for name, resources in cost.components.items() for resource in resources}
    return table.assign(component=table["resource"].map(component).astype("str"))


def unit_cost_problems(
    rows: Mapping[int, dict[Any, str]], cost: Cost, shown: str, index: PriceIndex | None = None
) -> list[Problem]:
    """Name everything that is wrong with the rows of a unit-cost table (`{row in the file: cells}`)."""
    listed = [resource for resources in cost.components.values() for resource in resources]
    seen: dict[str, int] = {}
    problems = []
    for number, row in rows.items():
        faults = [*_faults(row, cost, index), *_misplaced(row["resource"], listed, seen)]
        problems += [Problem(shown, found, expected, column, number) for column, found, expected in faults]
        seen.setdefault(row["resource"], number)
    missing = [name for name in listed if name not in seen]
    problems += [Problem(shown, f"no unit cost of {name!r}", "it is in a component") for name in missing]
    twice = sorted({name for name in listed if listed.count(name) > 1})
    return problems + [Problem(shown, f"{name!r} is in two components", "one of them") for name in twice]


def _faults(row: dict[Any, str], cost: Cost, index: PriceIndex | None) -> Iterator[tuple[str, str, str]]:
    """Yield column, what was found and what is right, for every fault but of the resource itself."""
    given = row["unit_cost"]
    if None in row:
        yield "", "more fields than the header", "quote fields that hold a comma"
    if re.fullmatch(DOUBTFUL, given):
        yield "unit_cost", f"{given!r} can be read in two ways", f"write {given.replace('.', '')} or {given}0"
    elif not _positive(given):
        yield "unit_cost", f"{given!r}", "a number above 0 with a decimal point"
    if index:
        yield from index.gaps(row["currency"], row["price_year"], cost)
    elif row["currency"] != cost.currency:
        yield "currency", f"{row['currency']!r}", f"{cost.currency!r} as in study.yml; {CONVERT}"
    if not index and row["price_year"] != str(cost.price_year):
        yield "price_year", f"{row['price_year']!r}", f"{cost.price_year} as in study.yml; {INFLATE}"
    for column, right in (("unit", "day"), ("source", "say where it is from, or 'Assumption: ...'")):
        if not row[column]:
            yield column, "empty", right


def _misplaced(resource: str, listed: list[str], seen: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    if resource in seen:
        yield "resource", f"{resource!r} stands in row {seen[resource]} too", "one price each"
    elif resource not in listed:
        yield "resource", f"{resource!r} is in no component", did_you_mean(resource, listed)


def read_price_index(study: Study) -> PriceIndex | None:
    """Return the study's table of price indices; None where `cost.price_index` names none.

    The file has a row per currency and year: `currency,year,index[,rate][,source]`; `index` is a price level
    (any base, the same for all years of a currency); `rate` the study's currency per unit of this one.

    Raises
    ------
    StudyError
        With every fault: no such file, unknown or absent headers, a year twice, a number not above 0.
    """
    if not (file := study.config.cost.price_index):
        return None
    shown, problems = study.shown(file), list[Problem]()
    if not (study.folder / file).is_file():
        raise fault(shown, "no such file", "`cost.price_index` in study.yml names it")
    level: dict[tuple[str, int], float] = {}
    rate: dict[tuple[str, int], float] = {}
    for number, row in declared_rows(study, file, INDEX_COLUMNS, INDEX_COLUMNS[2:4], INDEX_COLUMNS[3:]):
        faults = [Problem(shown, found, fix, name, number) for name, found, fix in _index_faults(row, level)]
        problems += faults
        if not faults:
            place = (row["currency"], int(row["year"]))
            level[place] = float(row["index"])
            if row["rate"]:
                rate[place] = float(row["rate"])
    refuse(problems)
    return PriceIndex(level, rate, file)


def _index_faults(text: Mapping[str, str], seen: Mapping) -> Iterator[tuple[str, str, str]]:
    if not text["currency"]:
        yield "currency", "empty", "a currency such as EUR"
    if not text["year"].isdigit():
        yield "year", f"{text['year']!r}", "a year"
    elif (text["currency"], int(text["year"])) in seen:
        yield "year", f"{text['currency']} {text['year']} stands twice", "keep one"
    for column in ("index", "rate"):
        if (text[column] or column == "index") and not _positive(text[column]):
            yield column, f"{text[column]!r}", "a number above 0 with a decimal point"


def _positive(text: str) -> bool:
    return is_number(text) and float(text) > 0


def convert(table: pd.DataFrame, cost: Cost, index: PriceIndex | None) -> pd.DataFrame:
    """Return unit costs (text cells, checked) as numbers in the study's currency and price year.

    Adds `conversion`, the sum in words, which is "" where nothing had to be converted.
    """
    given = table[["unit_cost", "currency", "price_year"]].astype({"unit_cost": float, "price_year": int})
    rows = given.itertuples(index=False)
    made = [_conversion(amount, currency, year, cost, index) for amount, currency, year in rows]
    told = pd.DataFrame(made, table.index, ["unit_cost", "conversion"])
    told = told.astype({"unit_cost": float, "conversion": "str"})
    return table.assign(currency=cost.currency, price_year=cost.price_year, **told)


def _conversion(
    amount: float, currency: str, year: int, cost: Cost, index: PriceIndex | None
) -> tuple[float, str]:
    """Return a unit cost in the study's currency and price year, and the sum in words ("" for none)."""
    if currency == cost.currency and year == cost.price_year:
        return amount, ""
    made, text = amount, f"{currency} {amount:,.10g} of {year}"
    if year != cost.price_year:
        ratio = index.level[currency, cost.price_year] / index.level[currency, year]
        made, text = made * ratio, f"{text} x {ratio:.4f} (prices of {cost.price_year})"
    if currency != cost.currency:
        rate = index.rate[currency, cost.price_year]
        made, text = made * rate, f"{text} x {rate:.6g} ({cost.currency} per {currency})"
    return made, f"{text} = {cost.currency} {made:,.2f}"
