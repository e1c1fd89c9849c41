"""Check typed columns against the dictionary with pandera; every failure is a line, none stops the rest."""

from __future__ import annotations

from collections.abc import Collection
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


def schema_of(columns: dict[str, Column], required: Collection[str]) -> pa.DataFrameSchema:
    """Return the pandera schema of a source: the rules of every column; `required` ones may not be empty."""
    from vbhc.cleaning.pandera_alone import pa

    return pa.DataFrameSchema(
        {
            name: pa.Column(checks=rules_of(column), nullable=name not in required, required=False)
            for name, column in columns.items()
        }
    )


def failures(typed: pd.DataFrame, columns: dict[str, Column], required: Collection[str]) -> pd.DataFrame:
    """Return every cell that breaks a rule.

    Returns
    -------
    DataFrame
        `row` (index of `typed`), `column`, `rule`; a line per cell and rule broken, in the order of the rows.
    """
    from vbhc.cleaning.pandera_alone import SchemaErrors

    limited = {n: c for n, c in columns.items() if n in typed.columns and (n in required or rules_of(c))}
    if not limited or typed.empty:
        return no_failures()
    try:
        schema_of(limited, required).validate(typed[list(limited)], lazy=True)
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
