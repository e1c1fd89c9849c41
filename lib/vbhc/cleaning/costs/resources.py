"""What the care of each patient cost: resources used x unit costs, in one currency at the prices of one year.

Bottom-up costing: name the resources, count them, price them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from vbhc.cleaning.sources import QUANTITY, RESOURCE
from vbhc.files.texts import texts_of
from vbhc.problems import Problem, did_you_mean
from vbhc.study.costs import Event


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
    table, used = unit_costs.set_index("resource"), texts_of(lines[RESOURCE])
    if unknown := sorted(set(used.distinct) - set(table.index)):
        raise ValueError(f"no unit cost of {', '.join(map(repr, unknown))}")
    known = {name: used.distinct.map(table[name]) for name in ("component", "unit", "unit_cost")}
    priced = lines.assign(**{name: used.every(values) for name, values in known.items()})
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
    keys = pd.Index(patients, name=key)
    whose = keys.get_indexer(priced[key])  # a number is grouped by sooner than a key
    sums = priced.groupby([whose, "component"])["cost"].sum(skipna=False).unstack(fill_value=0.0)
    sums = sums.reindex(columns=list(components), fill_value=0.0).reindex(range(len(keys)))
    sums["total"] = sums.sum(axis=1, skipna=False)
    return sums.set_axis(keys).rename_axis(columns=None)


def recorded_costs(patients: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the cost of each patient where columns hold it already, by component and in total.

    Parameters
    ----------
    patients : DataFrame
    columns : mapping
        Component to the column with its cost, in the currency and at the prices of the study.

    Returns
    -------
    DataFrame
        Index of `patients`; a column per component, then their sum, which is missing where any of them is.
    """
    costs = pd.concat({name: patients[column].astype("float64") for name, column in columns.items()}, axis=1)
    return pd.concat([costs, costs.sum(axis=1, skipna=False).rename("total")], axis=1)


def no_lines(key: str) -> pd.DataFrame:
    """Return the priced lines of a study that records none."""
    text, number = pd.Series(dtype="str"), pd.Series(dtype="float64")
    names = {key: text, RESOURCE: text, QUANTITY: number, "component": text, "unit": text}
    return pd.DataFrame({**names, "unit_cost": number, "cost": number})


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


def column_problems(columns: Mapping[str, str], dictionary: Mapping[str, Any], shown: str) -> list[Problem]:
    """Name columns of recorded costs that are absent or hold no numbers."""
    problems = []
    for component, column in columns.items():
        kind = dictionary[column].type if column in dictionary else ""
        found, fix = f"no column {column!r}", did_you_mean(column, dictionary)
        if kind:
            found, fix = f"{column!r} holds no numbers but {kind}", "type float in dictionary.csv"
        if kind not in ("integer", "float"):
            problems.append(Problem(shown, found, fix, f"cost.columns.{component}"))
    return problems


def event_problems(events: Sequence[Event], dictionary: Mapping[str, Any], shown: str) -> list[Problem]:
    """Name events whose column or value the dictionary does not have."""
    return [
        Problem(shown, *fault, f"cost.events.{number}.when")
        for number, event in enumerate(events)
        for column, value in event.when.items()
        if (fault := _event_fault(column, value, dictionary))
    ]


def _event_fault(column: str, value: Any, dictionary: Mapping[str, Any]) -> tuple[str, str] | None:
    if column not in dictionary:
        return f"unknown column {column!r}", did_you_mean(column, dictionary)
    spec = dictionary[column]
    known = list(spec.meaning.values()) if spec.type == "category" else None
    if spec.type == "boolean" and not isinstance(value, bool):
        return f"{column}: {value!r}", "true or false, without quotes"
    if known and value not in known:
        return f"{column} is never {value!r}", did_you_mean(str(value), known)
    return None
