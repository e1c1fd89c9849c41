"""Turn text cells into typed values as the dictionary says, and name the cells that do not fit their type."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.study.dictionary import Column

# Thousands or three decimals: nothing in the number itself tells. A leading 0 does ("0.125").
AMBIGUOUS = r"[+-]?[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3})+)"
COMMA_DECIMAL = r"[+-]?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+"
GROUPED = {".": r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", ",": r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"}


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

    A file with both is read cell by cell.
    """
    numbers = [cells[name] for name in cells.columns if columns[name].type == "float"]
    commas = [_fits(column, COMMA_DECIMAL) for column in numbers]
    points = any((_holds(column, ".") & ~comma).any() for column, comma in zip(numbers, commas, strict=True))
    both = any(comma.any() for comma in commas), points
    return "" if all(both) else "," if both[0] else "."


def ambiguous_numbers(cells: pd.DataFrame, columns: dict[str, Column]) -> list[tuple[int, str, str]]:
    """Return the numbers that may be a thousand times larger than they seem: row, column, text.

    "1,600" and "1.600" are sixteen hundred or one point six, and no other number of the file proves which:
    people paste from two programs. "1,600.5" and "0.125" have one reading.
    """
    found = []
    for name in cells.columns:
        if columns[name].type in ("integer", "float"):
            doubtful = cells.loc[_fits(cells[name], AMBIGUOUS), name]
            found += [(int(at), name, text) for at, text in doubtful.items() if len(set(text) & {*",."}) == 1]
    return sorted(found)


def _fits(cells: pd.Series, pattern: str) -> pd.Series:
    return cells.str.fullmatch(pattern).fillna(False).astype(bool)


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
        "." or ","; the other one may then part thousands ("1,600.5"). "" accepts both where they cannot be
        mistaken.
    """
    if column.type in ("integer", "float"):
        return _numbers(cells, column.type, decimal)
    if column.type == "boolean":
        return _booleans(cells, column)
    if column.type == "date":
        return _dates(cells)
    return Typed(cells, pd.Series(pd.NA, cells.index, dtype="str"))


def _numbers(cells: pd.Series, kind: str, decimal: str) -> Typed:
    refused = pd.Series(False, cells.index)
    if decimal == "":
        refused = _fits(cells, AMBIGUOUS)
        text = _plain(cells, ".").mask(_fits(cells, COMMA_DECIMAL), _plain(cells, ","))
    else:
        text = _plain(cells, decimal)
        if decimal == ",":
            refused = _holds(cells, ".") & ~_fits(cells, GROUPED[","])
    values = parse_numbers(text).mask(refused)
    broken = _broken(cells.notna() & values.isna(), "no number")
    if decimal == "":
        broken = broken.mask(refused, "a number that can be read in two ways")
    if kind == "integer":
        fraction = values.notna() & (values != values.round())
        broken = broken.mask(fraction, "no whole number")
        values = values.mask(fraction)
    return Typed(values, broken)


def _holds(cells: pd.Series, mark: str) -> pd.Series:
    return cells.str.contains(mark, regex=False).fillna(False).astype(bool)


def _plain(cells: pd.Series, decimal: str) -> pd.Series:
    """Return numbers with a decimal point and no separators of thousands."""
    grouped = _fits(cells, GROUPED[decimal])
    text = cells.mask(grouped, cells.str.replace("," if decimal == "." else ".", "", regex=False))
    return text if decimal == "." else text.str.replace(",", ".", regex=False)


def _booleans(cells: pd.Series, column: Column) -> Typed:
    yes, no = column.yes_no
    text = cells.str.lower()
    values = pd.Series(pd.NA, cells.index, dtype="boolean")
    values = values.mask(text.isin(yes), True).mask(text.isin(no), False)
    return Typed(values, _broken(cells.notna() & values.isna(), f"not one of {', '.join((*yes, *no))}"))


def _dates(cells: pd.Series) -> Typed:
    """Read 2023-05-31, and 31.05.2023: with full stops the day comes first wherever they are used."""
    iso = cells.where(cells.str.match(r"\d{4}-\d{2}-\d{2}").fillna(False))
    stops = cells.where(_fits(cells, r"\d{1,2}\.\d{1,2}\.\d{4}"))
    values = pd.to_datetime(iso, format="ISO8601", errors="coerce")
    values = values.fillna(pd.to_datetime(stops, format="%d.%m.%Y", errors="coerce"))
    return Typed(values, _broken(cells.notna() & values.isna(), "no date such as 2023-05-31"))


def _broken(where: pd.Series, rule: str) -> pd.Series:
    return pd.Series(pd.NA, where.index, dtype="str").mask(where.astype(bool), rule)
