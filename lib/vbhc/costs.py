"""What the care of each patient cost: resources used x unit costs, in one currency at the prices of one year.

Bottom-up costing: name the resources, count them, price them. Nothing is converted: a unit cost in another
currency or price year is an error, so that no exchange rate or index is applied in silence.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from vbhc.config import Cost, Event
from vbhc.problems import Problem, StudyError, did_you_mean
from vbhc.sources import QUANTITY, RESOURCE
from vbhc.study import Study

UNIT_COST_COLUMNS = ("resource", "unit", "unit_cost", "currency", "price_year", "source")


def read_unit_costs(study: Study) -> pd.DataFrame:
    """Return the unit-cost table of a study, checked.

    Returns
    -------
    DataFrame
        resource, unit, unit_cost (float, currency of the study), currency, price_year (int), source,
        component (from `study.yml`).

    Raises
    ------
    StudyError
        With every fault: unknown headers, a cost that is no number above 0, another currency or price year
        than declared, no source, a resource twice, a resource that belongs to no component or has no price.
    """
    cost = study.config.cost
    shown = study.shown(cost.unit_costs)
    with (study.folder / cost.unit_costs).open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        header, rows = list(reader.fieldnames or []), list(reader)
    problems = unit_cost_problems(header, rows, cost, shown)
    if problems:
        raise StudyError(problems)
    table = pd.DataFrame(rows, columns=list(UNIT_COST_COLUMNS)).apply(lambda cells: cells.str.strip())
    component = {resource: name for name, resources in cost.components.items() for resource in resources}
    return table.assign(
        unit_cost=table["unit_cost"].astype("float64"),
        price_year=table["price_year"].astype("int64"),
        component=table["resource"].map(component).astype("str"),
    )


def unit_cost_problems(
    header: Sequence[str], rows: Sequence[Mapping[str, str]], cost: Cost, shown: str
) -> list[Problem]:
    """Name everything that is wrong with the rows of a unit-cost table."""
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
    for number, row in enumerate(rows, start=2):
        problems += _row_problems(row, number, cost, listed, seen, shown)
        seen.setdefault((row["resource"] or "").strip(), number)
    missing = [name for name in listed if name not in seen]
    problems += [Problem(shown, f"no unit cost of {name!r}", "it is in a component") for name in missing]
    twice = sorted({name for name in listed if listed.count(name) > 1})
    problems += [Problem(shown, f"{name!r} is in two components", "one of them") for name in twice]
    return problems


def _row_problems(row, number: int, cost: Cost, listed, seen: dict[str, int], shown: str) -> list[Problem]:
    text = {name: (row[name] or "").strip() for name in UNIT_COST_COLUMNS}
    problems = []

    def fault(column: str, found: str, expected: str) -> None:
        problems.append(Problem(shown, found, expected, column, number))

    if not positive_number(text["unit_cost"]):
        fault("unit_cost", f"{text['unit_cost']!r}", "a number above 0 with a decimal point")
    if text["currency"] != cost.currency:
        fault("currency", f"{text['currency']!r}", f"{cost.currency!r} as in study.yml; convert it first")
    if text["price_year"] != str(cost.price_year):
        fault("price_year", f"{text['price_year']!r}", f"{cost.price_year} as in study.yml; inflate it first")
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


def positive_number(text: str) -> bool:
    """Whether the text is a finite number above 0."""
    try:
        return 0 < float(text) < float("inf")
    except ValueError:
        return False


def assumptions(unit_costs: pd.DataFrame) -> pd.DataFrame:
    """Return the unit costs whose source begins with "assumption": each is printed beside the results."""
    return unit_costs[unit_costs["source"].str.lower().str.startswith("assumption")].reset_index(drop=True)


def price_lines(lines: pd.DataFrame, unit_costs: pd.DataFrame) -> pd.DataFrame:
    """Return resource lines with their price.

    Parameters
    ----------
    lines : DataFrame
        With `resource` and `quantity` (in the unit of the unit-cost table).
    unit_costs : DataFrame
        From `read_unit_costs`.

    Returns
    -------
    DataFrame
        The lines with component, unit, unit_cost and cost = quantity x unit_cost; a missing quantity gives a
        missing cost.

    Raises
    ------
    ValueError
        If a resource has no unit cost (they are named).
    """
    unknown = sorted(set(lines[RESOURCE]) - set(unit_costs["resource"]))
    if unknown:
        raise ValueError(f"no unit cost of {', '.join(map(repr, unknown))}")
    table = unit_costs.set_index("resource")
    priced = lines.assign(
        **{name: lines[RESOURCE].map(table[name]) for name in ("component", "unit", "unit_cost")}
    )
    return priced.assign(cost=priced[QUANTITY] * priced["unit_cost"])


def cost_per_patient(
    priced: pd.DataFrame, key: str, patients: pd.Series, components: Iterable[str]
) -> pd.DataFrame:
    """Return the cost of each patient, by component and in total.

    Parameters
    ----------
    priced : DataFrame
        From `price_lines`, with the column `key`.
    patients : Series
        Keys of all patients, one row of the result each, in this order.
    components : iterable of str
        One column each; a patient with lines, but none of this component, has 0 there.

    Returns
    -------
    DataFrame
        Index = `patients`; the components and "total". A patient without any line has missing costs, never 0:
        nothing recorded is not nothing spent. A line without cost makes its component and total missing.
    """
    wanted = list(components)
    sums = priced.groupby([key, "component"])["cost"].sum().unstack(fill_value=0.0)
    sums = sums.reindex(columns=wanted, fill_value=0.0)
    absent = priced.assign(absent=priced["cost"].isna()).groupby([key, "component"])["absent"].any()
    sums = sums.mask(absent.unstack(fill_value=False).reindex(columns=wanted, fill_value=False))
    sums["total"] = sums.sum(axis=1, skipna=False)
    return sums.reindex(pd.Index(patients, name=key)).rename_axis(columns=None)


def event_lines(
    patients: pd.DataFrame, key: str, events: Sequence[Event]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return resource lines made from what patients' columns say, for a study without resource records.

    Parameters
    ----------
    patients : DataFrame
        With `key` and every column that an event names.
    events : sequence of Event
        A resource is used where all columns of `when` hold the given value.

    Returns
    -------
    (lines, missing)
        lines: key, resource, quantity. missing: resource, column, n_missing; an event whose column is missing
        counts as not used, which is a choice: the numbers must be printed.
    """
    lines, missing = [], []
    for event in events:
        used = pd.Series(True, patients.index)
        for column, value in event.when.items():
            used &= (patients[column] == value).fillna(False).astype(bool)
            n = int(patients[column].isna().sum())
            missing.append({"resource": event.resource, "column": column, "n_missing": n})
        users = patients.loc[used, key]
        lines.append(pd.DataFrame({key: users, RESOURCE: event.resource, QUANTITY: float(event.quantity)}))
    return pd.concat(lines, ignore_index=True), pd.DataFrame(missing)


def event_problems(events: Sequence[Event], dictionary: Mapping[str, Any], shown: str) -> list[Problem]:
    """Name events whose column or value the dictionary does not have."""
    problems = []
    for number, event in enumerate(events):
        where = f"cost.events.{number}.when"
        for column, value in event.when.items():
            if column not in dictionary:
                fix = did_you_mean(column, dictionary)
                problems.append(Problem(shown, f"unknown column {column!r}", fix, where))
                continue
            spec = dictionary[column]
            known = list(spec.meaning.values()) if spec.type == "category" else None
            if spec.type == "boolean" and not isinstance(value, bool):
                problems.append(
                    Problem(shown, f"{column}: {value!r}", "true or false, without quotes", where)
                )
            elif known and value not in known:
                found = f"{column} is never {value!r}"
                problems.append(Problem(shown, found, did_you_mean(str(value), known), where))
    return problems
