"""Check typed columns against the dictionary with pandera, and find rows of totals, a line each."""

from __future__ import annotations

import re
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

    limited = {n: c for n, c in columns.items() if n in typed.columns and (n in required or rules_of(c))}
    if not limited or typed.empty:
        return no_failures()
    schema = {n: pa.Column(checks=rules_of(c), nullable=n not in required) for n, c in limited.items()}
    try:
        pa.DataFrameSchema(schema).validate(typed[list(limited)], lazy=True, inplace=True)  # no copy
    except SchemaErrors as error:
        cases = error.failure_cases
        rule = cases["check"].astype(str).replace("not_nullable", "empty")
        near = [
            f"; {did_you_mean(value, limited[name].allowed)}" if text == UNKNOWN else ""
            for name, text, value in zip(cases["column"], rule, cases["failure_case"], strict=True)
        ]
        cells = {"row": cases["index"].astype("int64"), "column": cases["column"].astype(str)}
        found = pd.DataFrame(cells | {"rule": rule + near})
        return found.sort_values("row", kind="stable", ignore_index=True)
    return no_failures()


def no_failures() -> pd.DataFrame:
    """Return the table of failures with no line in it."""
    text = pd.Series(dtype="str")
    return pd.DataFrame({"row": pd.Series(dtype="int64"), "column": text, "rule": text})


TOTALS = frozenset(files("vbhc.cleaning").joinpath("totals.txt").read_text(encoding="utf-8").splitlines())
FEWEST = 4  # values that a sum is made of: of fewer, one may be the sum of the others by chance
LONG = 5  # letters of a word that begins no name of a person
FEW_FILLED = 0.5  # a row of sums is empty where there is nothing to add up


def totals_rows(
    typed: pd.DataFrame, cells: pd.DataFrame, person: str, headers: Collection[str] = ()
) -> pd.DataFrame:
    """Return the lines (row, column, rule) of rows that hold totals, or the header again, and no patient.

    Their key says so ("Total", "Mean (n = 60)", "Subtotal ward 3"); or a number is the sum of all others in
    its column and the row has no key of its own or is mostly empty, as no row of a patient is.

    Parameters
    ----------
    typed, cells : DataFrame
        Values and texts of a source, missing made missing, index = row of the file.
    person : str
        Column of the patient's key.
    headers : collection of str
        Names of columns, as in the file and in the study: what two files pasted together repeat.
    """
    named = cells[person].isin([key for key in cells[person].dropna().unique() if _is_total(key)])
    numbers = typed.select_dtypes("number").drop(columns=person, errors="ignore")
    bare = (cells.notna().mean(axis=1) < FEW_FILLED) | cells[person].isna()
    found = dict.fromkeys(typed.index[named], (person, "a total, no row of a patient"))
    for row in cells.index[cells[person].isin(headers)]:
        if len(texts := cells.loc[row].dropna()) > 1 and texts.isin(headers).all():
            found[row] = (person, "the header again, no row of a patient")
    for column in numbers:
        values = numbers[column]
        others = values.sum() - values
        # nearly all zero: anything is the sum of the others
        filled = (values.fillna(0) != 0).sum() > FEWEST
        summed = ((values - others).abs() <= 1e-6 * others.abs()) & (values != 0) & filled
        for row in typed.index[summed & bare & ~named]:
            found.setdefault(row, (column, "the sum of the other rows, no row of a patient"))
    lines = [(row, column, rule) for row, (column, rule) in sorted(found.items())]
    return pd.DataFrame(lines, columns=["row", "column", "rule"]).astype({"row": "int64"})


def _is_total(key: str) -> bool:
    """Whether a key is a word for a total; a long one may have others behind it, which no key has."""
    whole = re.split(r"\s*[(:=]", key.lower())[0]
    first = whole.partition(" ")[0]
    return whole in TOTALS or (len(first) >= LONG and first in TOTALS)
