"""Turn text cells into typed values as the dictionary says, and name the cells that do not fit their type."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.files.texts import texts_of
from vbhc.study.dates import pattern_of
from vbhc.study.dictionary import Column

# Thousands or three decimals: nothing in the number itself tells. A leading 0 does ("0.125").
AMBIGUOUS = r"[+-]?[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3})+)"
BLANK = "[ \u00a0\u202f\u2009'\u2019]"  # parts thousands in French, Swedish and Swiss files
SPACED = rf"[+-]?[1-9]\d{{0,2}}(?:{BLANK}\d{{3}})+(?:[.,]\d+)?"
COMMA_DECIMAL = rf"[+-]?(?:\d+|[1-9]\d{{0,2}}(?:(?:\.|{BLANK})\d{{3}})+),\d+"
# What programs write where nothing is: R, pandas, SQL, Stata, people, SPSS, Castor. Not in texts and keys.
NO_ANSWER = (
    *("n/a", "na", "n.a.", "nan", "null", ".", "-", "--", "#null!"),
    *(f"##user_missing_{code}##" for code in range(95, 100)),
)
WHOLE = r"[+-]?\d+[.,]0+"
DAY = r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?"
GROUPED = {".": r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", ",": r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"}


class Typed(NamedTuple):
    """Typed values, and for each cell that did not fit the rule it breaks (missing where it fits)."""

    values: pd.Series
    broken: pd.Series


def without_missing_codes(cells: pd.Series, column: Column) -> pd.Series:
    """Return the cells trimmed, with the column's missing codes (and blanks) made missing.

    Codes are compared as text; in number columns `to_type` compares them by value too, once it is known what
    parts thousands.
    """
    cells = cells.str.strip()
    return cells.mask((cells == "") | cells.isin(column.missing_codes))


def no_answers(cells: pd.Series, column: Column) -> pd.Series:
    """Return which cells say in words that nothing is there ("n/a"), where no text is expected.

    Not in keys and free texts, nor in a category without listed codes: "NA" may be a name there.
    """
    if column.type in ("string", "text") or (column.type == "category" and not column.allowed):
        return pd.Series(False, cells.index)
    return cells.str.lower().isin(set(NO_ANSWER) - {code.lower() for code in column.allowed})


def whole_codes(cells: pd.Series, column: Column, is_key: bool = False) -> pd.Series:
    """Return the cells with "1.0" written as the code "1", where the column lists it or all keys are numbers.

    Spreadsheets and statistics programs write codes as numbers with a decimal.
    """
    wordy = column.type in ("category", "boolean", "string")
    doubtful = _fits(cells, WHOLE) if wordy else pd.Series(False, cells.index)
    if not doubtful.any():
        return cells
    plain = cells.str.replace(r"[.,]0+$", "", regex=True)
    codes = {*column.allowed, *column.missing_codes}
    codes |= {code for side in column.yes_no for code in side} if column.type == "boolean" else set()
    listed = plain.isin(codes) & ~cells.isin(codes)
    if is_key and _fits(cells.dropna(), rf"\d+|{WHOLE}").all():
        listed = doubtful
    return cells.mask(doubtful & listed, plain)


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


def to_type(cells: pd.Series, column: Column, decimal: str = ".", date_format: str = "") -> Typed:
    """Return the cells as values of the column's type; each distinct text is read once.

    Parameters
    ----------
    cells : Series
        Text, missing codes already made missing.
    column : Column
        `type` integer and float give float64 (missing NaN), boolean the nullable "boolean", date datetime64;
        string, text and category stay as they are (codes, not labels).
    decimal : str
        "." or ","; the other one may then part thousands ("1,600.5"). "" accepts both where they cannot be
        mistaken.
    date_format : str
        How dates are written beside 2023-05-31 and 31.05.2023, such as dd-mm-yyyy.
    """
    if column.type not in ("integer", "float", "boolean", "date"):
        return Typed(cells, pd.Series(dtype="str"))
    texts = texts_of(cells)
    if column.type == "boolean":
        typed = _booleans(texts.distinct, column)
    elif column.type == "date":
        typed = _dates(texts.distinct, date_format)
    else:
        typed = _without_codes(_numbers(texts.distinct, column.type, decimal), column)
    return Typed(*map(texts.every, typed))


def _numbers(cells: pd.Series, kind: str, decimal: str) -> Typed:
    refused = pd.Series(False, cells.index)
    cells = cells.mask(_fits(cells, SPACED), cells.str.replace(BLANK, "", regex=True))
    if decimal == "":
        refused = _fits(cells, AMBIGUOUS)
        text = _plain(cells, ".").mask(_fits(cells, COMMA_DECIMAL), _plain(cells, ","))
    else:
        text = _plain(cells, decimal)
        if decimal == ",":
            refused = _holds(cells, ".") & ~_fits(cells, GROUPED[","])
    values = pd.to_numeric(text.astype("object"), errors="coerce").astype("float64").mask(refused)
    values = values.where(np.isfinite(values))
    broken = _broken(cells.notna() & values.isna(), "no number")
    if decimal == "":
        broken = broken.mask(refused, "a number that can be read in two ways")
    if kind == "integer":
        fraction = values.notna() & (values != values.round())
        broken = broken.mask(fraction, "no whole number")
        values = values.mask(fraction)
    return Typed(values, broken)


def _without_codes(typed: Typed, column: Column) -> Typed:
    """Make missing codes missing by value: "-9.0" is the code "-9", and "999,000" may be no 999."""
    codes = [float(code) for code in column.missing_codes if re.fullmatch(r"[+-]?\d+(\.\d+)?", code)]
    return typed._replace(values=typed.values.mask(typed.values.isin(codes))) if codes else typed


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


def _dates(cells: pd.Series, date_format: str) -> Typed:
    """Read 2023-05-31, and 31.05.2023: with full stops the day comes first wherever they are used.

    A time and a zone behind the day are left out: the day is the one that was written down.
    """
    iso = cells.where(_fits(cells, DAY)).str.slice(0, 10)
    stops = cells.where(_fits(cells, r"\d{1,2}\.\d{1,2}\.\d{4}"))
    values = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce")
    values = values.fillna(pd.to_datetime(stops, format="%d.%m.%Y", errors="coerce"))
    if date_format:
        values = values.fillna(pd.to_datetime(cells, format=pattern_of(date_format), errors="coerce"))
    return Typed(values, _broken(cells.notna() & values.isna(), "no date such as 2023-05-31"))


def _broken(where: pd.Series, rule: str) -> pd.Series:
    return pd.Series(pd.NA, where.index, dtype="str").mask(where.astype(bool), rule)
