"""The unit costs of a study, in one currency at the prices of one year.

Nothing is converted in silence: a unit cost in another currency or price year is an error, unless the study
gives a table of price indices; then it is converted, and the conversion is told.
"""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from vbhc import files
from vbhc.cleaning.costs.price_index import PriceIndex, convert, positive_number, read_price_index
from vbhc.problems import Problem, StudyError, did_you_mean, fault
from vbhc.study import Study
from vbhc.study.config import Config, Cost

CONVERT = "convert it first, or give a table `cost.price_index`"
INFLATE = "inflate it first, or give a table `cost.price_index`"
DOUBTFUL = r"[1-9]\d{0,2}\.\d{3}"  # "1.600" is 1,600 to half of Europe
UNIT_COST_COLUMNS = ("resource", "unit", "unit_cost", "currency", "price_year", "source")


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
        component (from `study.yml`), conversion ("" or how it was converted, see `conversions`). Without
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
    table = files.read_whole(path, shown, known=UNIT_COST_COLUMNS, ragged=True)
    rows = {
        number: {**row, "unit_cost": files.plain_number(row.get("unit_cost", ""), table)}
        for number, row in zip(table.numbers, files.records(table), strict=True)
    }
    index = read_price_index(study)
    problems = unit_cost_problems(table.header, rows, cost, shown, index)
    if problems:
        raise StudyError(problems)
    return _with_component(convert(_cells(list(rows.values())), cost, index), cost)


def _cells(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(UNIT_COST_COLUMNS), dtype="str")
    return table.apply(lambda cells: cells.str.strip())


def _with_component(table: pd.DataFrame, cost: Cost) -> pd.DataFrame:
    component = {resource: name for name, resources in cost.components.items() for resource in resources}
    return table.assign(component=table["resource"].map(component).astype("str"))


def unit_cost_problems(
    header: Sequence[str],
    rows: Mapping[int, Mapping[str, str]],
    cost: Cost,
    shown: str,
    index: PriceIndex | None = None,
) -> list[Problem]:
    """Name everything that is wrong with the rows of a unit-cost table (`{row in the file: cells}`)."""
    problems = [
        Problem(shown, f"unknown column {name!r}", did_you_mean(name, UNIT_COST_COLUMNS), row=1)
        for name in header
        if name not in UNIT_COST_COLUMNS
    ]
    problems += [
        Problem(shown, f"no column {name!r}", "add it", row=1)
        for name in UNIT_COST_COLUMNS
        if name not in header
    ]
    if problems:
        return problems
    listed = [resource for resources in cost.components.values() for resource in resources]
    seen: dict[str, int] = {}
    for number, row in rows.items():
        problems += _row_problems(row, number, cost, listed, seen, shown, index)
        seen.setdefault(row["resource"].strip(), number)
    missing = [name for name in listed if name not in seen]
    problems += [Problem(shown, f"no unit cost of {name!r}", "it is in a component") for name in missing]
    twice = sorted({name for name in listed if listed.count(name) > 1})
    problems += [Problem(shown, f"{name!r} is in two components", "one of them") for name in twice]
    return problems


def _row_problems(
    row, number: int, cost: Cost, listed, seen: dict[str, int], shown: str, index: PriceIndex | None
) -> list[Problem]:
    text = {name: row[name].strip() for name in UNIT_COST_COLUMNS}
    problems = []

    def fault(column: str, found: str, expected: str) -> None:
        problems.append(Problem(shown, found, expected, column, number))

    if None in row:
        fault("", "more fields than the header", "quote fields that hold a comma")
    if re.fullmatch(DOUBTFUL, text["unit_cost"]):
        given = text["unit_cost"]
        fault(
            "unit_cost", f"{given!r} can be read in two ways", f"write {given.replace('.', '')} or {given}0"
        )
    elif not positive_number(text["unit_cost"]):
        fault("unit_cost", f"{text['unit_cost']!r}", "a number above 0 with a decimal point")
    if index is None:
        if text["currency"] != cost.currency:
            fault("currency", f"{text['currency']!r}", f"{cost.currency!r} as in study.yml; {CONVERT}")
        if text["price_year"] != str(cost.price_year):
            fault("price_year", f"{text['price_year']!r}", f"{cost.price_year} as in study.yml; {INFLATE}")
    else:
        for column, found, expected in index.gaps(text["currency"], text["price_year"], cost):
            fault(column, found, expected)
    for column in ("unit", "source"):
        if not text[column]:
            fault(
                column, "empty", "say where it is from, or 'Assumption: ...'" if column == "source" else "day"
            )
    if text["resource"] in seen:
        fault(
            "resource", f"{text['resource']!r} stands in row {seen[text['resource']]} too", "one price each"
        )
    elif text["resource"] not in listed:
        fault("resource", f"{text['resource']!r} is in no component", did_you_mean(text["resource"], listed))
    return problems


def assumptions(unit_costs: pd.DataFrame) -> pd.DataFrame:
    """Return the unit costs whose source begins with "assumption": each is printed beside the results."""
    return unit_costs[unit_costs["source"].str.lower().str.startswith("assumption")].reset_index(drop=True)
