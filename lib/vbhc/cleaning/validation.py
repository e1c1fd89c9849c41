"""Check typed columns against the dictionary with pandera, and find rows of totals, a line each."""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import files
from typing import TYPE_CHECKING

import pandas as pd

from vbhc.problems import did_you_mean
from vbhc.study.dictionary import Column

if TYPE_CHECKING:
    import pandera.pandas as pa

UNKNOWN = "unknown"
ROW, CELL = "row", "cell"  # what was set aside: all of it, or the cell alone
QUARANTINE_COLUMNS = ("source", "row", "column", "value", "rule", "aside")


def rules_of(column: Column) -> list[pa.Check]:
    """Return the checks of a column beyond its type; their `error` says what is wrong with a cell."""
    from vbhc.cleaning.pandera_alone import pa

    rules = []
    if column.min is not None:
        rules.append(pa.Check.ge(column.min, error=f"below {column.min:g}"))
    if column.max is not None:
        rules.append(pa.Check.le(column.max, error=f"above {column.max:g}"))
    if column.allowed and column.type != "boolean":
        names = column.type == "category" and any(len(code) > 2 for code in column.allowed)
        rule = UNKNOWN if names else f"not one of {', '.join(column.allowed)}"
        numeric = column.type in ("integer", "float")
        codes = [float(code) for code in column.allowed] if numeric else list(column.allowed)
        rules.append(pa.Check.isin(codes, error=rule))
    return rules


def failures(typed: pd.DataFrame, columns: dict[str, Column], required: Collection[str]) -> pd.DataFrame:
    """Return every cell that breaks a rule.

    Returns
    -------
    DataFrame
        `row` (index of `typed`), `column`, `rule`; a line per cell and rule broken, in the order of the rows.
    """
    from vbhc.cleaning.pandera_alone import SchemaErrors, pa

    found = [no_failures()]
    for name, column in ((n, columns[n]) for n in columns if n in typed):
        rules = rules_of(column)
        if typed.empty or not (rules or name in required):
            continue
        codes, distinct = pd.factorize(typed[name], use_na_sentinel=False)
        try:
            schema = pa.SeriesSchema(checks=rules, nullable=name not in required)
            schema.validate(pd.Series(distinct), lazy=True)
        except SchemaErrors as error:
            cases = error.failure_cases
            rule = cases["check"].astype(str).replace("not_nullable", "empty")
            near = [
                f"; {did_you_mean(value, column.allowed)}" if text == UNKNOWN else ""
                for text, value in zip(rule, cases["failure_case"], strict=True)
            ]
            told = pd.DataFrame({"at": cases["index"], "column": name, "rule": rule + near})
            rows = pd.DataFrame({"row": typed.index, "at": codes})
            found.append(rows.merge(told, on="at").drop(columns="at"))
    return pd.concat(found).sort_values("row", kind="stable", ignore_index=True)


def no_failures() -> pd.DataFrame:
    """Return the table of failures with no line in it."""
    text = pd.Series(dtype="str")
    return pd.DataFrame({"row": pd.Series(dtype="int64"), "column": text, "rule": text})


TOTALS = frozenset(files("vbhc.cleaning").joinpath("totals.txt").read_text(encoding="utf-8").splitlines())
FEWEST = 4  # values that a sum is made of: of fewer, one may be the sum of the others by chance
LONG = 5  # letters of a word that begins no name of a person
FEW_FILLED = 0.5  # a row of sums is empty where there is nothing to add up


def totals_rows(typed: pd.DataFrame, cells: pd.DataFrame, person: str, headers: set[str]) -> pd.DataFrame:
    """Return the lines (row, column, rule) of rows that hold totals, or the header again, and no patient.

    Their key says so ("Total", "Mean (n = 60)", "Subtotal ward 3"); or a number is the sum of all others in
    its column and the row has no key of its own or is mostly empty, as no row of a patient is.

    Parameters
    ----------
    typed, cells : DataFrame
        Values and texts of a source, missing made missing, index = row of the file.
    person : str
        Column of the patient's key.
    headers : set of str
        Names of columns, as in the file and in the study: what two files pasted together repeat.
    """
    named = _are_totals(cells[person])
    filled = sum(cells[name].notna() for name in cells)
    bare = ((filled < FEW_FILLED * cells.shape[1]) | cells[person].isna()) & ~named
    numbers = typed[bare].drop(columns=person).select_dtypes("float")
    found = dict.fromkeys(typed.index[named], (person, "a total, no row of a patient"))
    for row in cells.index[cells[person].isin(headers)]:
        if len(texts := cells.loc[row].dropna()) > 1 and texts.isin(headers).all():
            found[row] = (person, "the header again, no row of a patient")
    for column, values in numbers.items() if len(numbers) else ():
        others = typed[column].sum() - values
        summed = ((values - others).abs() <= 1e-6 * others.abs()) & (values != 0)
        # nearly all zero: anything is the sum of the others
        if summed.any() and (typed[column].fillna(0) != 0).sum() > FEWEST:
            for row in values.index[summed]:
                found.setdefault(row, (column, "the sum of the other rows, no row of a patient"))
    lines = [(row, column, rule) for row, (column, rule) in sorted(found.items())]
    return pd.DataFrame(lines, columns=["row", "column", "rule"]).astype({"row": "int64"})


def _are_totals(keys: pd.Series) -> pd.Series:
    """Return which keys are a word for a total; a long one may have others behind it, which no key has."""
    whole = keys.str.lower().str.replace(r"(?s)[\s\u00a0]*[(:=].*", "", regex=True)
    first = whole.str.replace(r"(?s) .*", "", regex=True)
    return whole.isin(TOTALS) | first.isin({word for word in TOTALS if len(word) >= LONG})
