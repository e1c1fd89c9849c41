"""Turn text cells into typed values as the dictionary says, and name the cells that do not fit their type."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.dictionary import Column

COMMA_NUMBER = r"[+-]?\d+,\d+"
AMBIGUOUS = r"[+-]?[1-9]\d{0,2},\d{3}"


class Typed(NamedTuple):
    """Typed values, and for each cell that did not fit the rule it breaks (missing where it fits)."""

    values: pd.Series
    broken: pd.Series


def without_missing_codes(cells: pd.Series, column: Column) -> pd.Series:
    """Return the cells trimmed, with the column's missing codes (and blanks) made missing.

    Codes are compared as text and, in number columns, by value: "-9.0" is the code "-9".
    """
    cells = cells.str.strip()
    cells = cells.mask(cells == "")
    if not column.missing_codes:
        return cells
    missing = cells.isin(column.missing_codes)
    numbers = {float(code) for code in column.missing_codes if re.fullmatch(r"[+-]?\d+(\.\d+)?", code)}
    if numbers and column.type in ("integer", "float"):
        missing |= parse_numbers(cells.str.replace(",", ".", regex=False)).isin(numbers)
    return cells.mask(missing)


def parse_numbers(cells: pd.Series) -> pd.Series:
    """Return the cells as float64; what is no finite number becomes missing.

    Each distinct text is read once: columns of answers hold few of them.
    """
    codes, texts = pd.factorize(cells)
    values = pd.to_numeric(pd.Series(texts, dtype="object"), errors="coerce").to_numpy(dtype="float64")
    table = np.append(np.where(np.isfinite(values), values, np.nan), np.nan)
    return pd.Series(table[codes], cells.index)


def guess_decimal(cells: pd.DataFrame, columns: dict[str, Column]) -> str:
    """Return "," where number columns hold decimal commas and no points, "." for points alone, "" for both.

    A file with both is read cell by cell; "1,234" then has two readings and is refused.
    """
    numbers = [name for name in cells.columns if columns[name].type == "float"]
    commas = any(cells[name].str.fullmatch(COMMA_NUMBER).fillna(False).any() for name in numbers)
    points = any(cells[name].str.contains(".", regex=False).fillna(False).any() for name in numbers)
    return "" if commas and points else "," if commas else "."


def to_type(cells: pd.Series, column: Column, decimal: str = ".") -> Typed:
    """Return the cells as values of the column's type.

    Parameters
    ----------
    cells : Series
        Text, missing codes already made missing.
    column : Column
        `type` integer and float give float64 (missing NaN), boolean the nullable "boolean", date datetime64;
        string, text and category stay text (codes, not labels).
    decimal : str
        "." or ","; "" accepts both where they cannot be mistaken.
    """
    if column.type in ("integer", "float"):
        return _numbers(cells, column.type, decimal)
    if column.type == "boolean":
        return _booleans(cells, column)
    if column.type == "date":
        return _dates(cells)
    return Typed(cells, pd.Series(pd.NA, cells.index, dtype="str"))


def _numbers(cells: pd.Series, kind: str, decimal: str) -> Typed:
    text, refused = cells, pd.Series(False, cells.index)
    if decimal == ",":
        refused = cells.str.contains(".", regex=False).fillna(False).astype(bool)
    elif decimal == "":
        refused = cells.str.fullmatch(AMBIGUOUS).fillna(False).astype(bool)
    if decimal != ".":
        text = cells.str.replace(",", ".", regex=False)
    values = parse_numbers(text).mask(refused)
    broken = _broken(cells.notna() & values.isna(), "no number")
    if decimal == "":
        broken = broken.mask(refused, "a number that can be read in two ways")
    if kind == "integer":
        fraction = values.notna() & (values != values.round())
        broken = broken.mask(fraction, "no whole number")
        values = values.mask(fraction)
    return Typed(values, broken)


def _booleans(cells: pd.Series, column: Column) -> Typed:
    yes, no = column.yes_no
    text = cells.str.lower()
    values = pd.Series(pd.NA, cells.index, dtype="boolean")
    values = values.mask(text.isin(yes), True).mask(text.isin(no), False)
    return Typed(values, _broken(cells.notna() & values.isna(), f"not one of {', '.join((*yes, *no))}"))


def _dates(cells: pd.Series) -> Typed:
    iso = cells.where(cells.str.match(r"\d{4}-\d{2}-\d{2}").fillna(False))
    values = pd.to_datetime(iso, format="ISO8601", errors="coerce")
    return Typed(values, _broken(cells.notna() & values.isna(), "no date such as 2023-05-31"))


def _broken(where: pd.Series, rule: str) -> pd.Series:
    return pd.Series(pd.NA, where.index, dtype="str").mask(where.astype(bool), rule)
