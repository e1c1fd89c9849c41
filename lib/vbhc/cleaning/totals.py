"""Rows of a table that are no patient: the sums that a spreadsheet shows under its columns."""

import pandas as pd

WORDS = frozenset({
    "total", "totals", "grand total", "subtotal", "sum", "sums", "mean", "average", "count", "total:", "sum:",
    "totaal", "som", "gemiddelde", "summe", "gesamt", "gesamtsumme", "mittelwert", "summa", "totalt",
    "totale", "somme", "moyenne", "suma", "media", "medel",
    "medelvärde", "gennemsnit", "i alt", "keskiarvo",
    "yhteensä", "n =", "n=",
})  # fmt: skip
FEWEST = 4  # values that a sum is made of: of fewer, one may be the sum of the others by chance
FEW_FILLED = 0.5  # a row of sums is empty where there is nothing to add up


def totals_rows(typed: pd.DataFrame, cells: pd.DataFrame, person: str) -> pd.DataFrame:
    """Return the lines (row, column, rule) of rows that hold totals and no patient.

    Their key says so ("Total"); or a number is the sum of all others in its column and the row has no key of
    its own or is mostly empty, as no row of a patient is.

    Parameters
    ----------
    typed, cells : DataFrame
        Values and texts of a source, missing made missing, index = row of the file.
    person : str
        Column of the patient's key.
    """
    named = cells[person].str.lower().isin(WORDS)
    numbers = typed.select_dtypes("number").drop(columns=person, errors="ignore")
    bare = (cells.notna().mean(axis=1) < FEW_FILLED) | cells[person].isna()
    found = dict.fromkeys(typed.index[named], (person, "a total, no row of a patient"))
    for column in numbers:
        summed = _is_sum_of_others(numbers[column])
        for row in typed.index[summed & bare & ~named]:
            found.setdefault(row, (column, "the sum of the other rows, no row of a patient"))
    lines = [(row, column, rule) for row, (column, rule) in sorted(found.items())]
    return pd.DataFrame(lines, columns=["row", "column", "rule"]).astype({"row": "int64"})


def _is_sum_of_others(numbers: pd.Series) -> pd.Series:
    """Return which values are the sum of all others of their column, where those are not nearly all zero."""
    others = numbers.sum() - numbers
    near = (numbers - others).abs() <= 1e-6 * others.abs()
    return near & (numbers != 0) & ((numbers.fillna(0) != 0).sum() > FEWEST)
