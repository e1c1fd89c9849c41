"""Score EQ-5D-3L, EQ-5D-5L and EQ-5D-Y-3L: the index of each profile under a published value set.

Levels are never imputed: a profile with a missing dimension has no index (EuroQol user guides). The index is
kept unrounded; round for show only.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.answers import item_table, read_answers, to_numbers, wrong_answers
from vbhc.instruments.eq5d_names import find_value_set, tidy_version, value_sets
from vbhc.instruments.eq5d_tables import DIMENSIONS, LEVELS, ValueSet, grid, table

__all__ = ["find_value_set", "index", "levels_of", "value_sets"]

CHUNK = 1 << 15  # rows at a time: the working copies stay in the processor's cache


def index(levels: Any, value_set: Any, version: str | None = None) -> pd.Series | float:
    """Return the EQ-5D index of each profile, unrounded.

    Parameters
    ----------
    levels : DataFrame, Series, array, list, str or int
        Five columns of levels (named by dimension in any order, or in the order mo, sc, ua, pd, ad), or
        profiles such as "21232" or 21232. Any column type; a missing level is NaN, None, NA or "".
    value_set : str
        Id from `value_sets()`, or words that fit one set only ("France 5L").
    version : str, optional
        "3L", "5L" or "Y-3L", to look for `value_set` among the sets of one version.

    Returns
    -------
    Series
        Named "eq5d_index", on the caller's index; NaN where any level is missing. A float for one profile.

    Raises
    ------
    ValueError
        If a level is none of the version's (with a guess at the mistake), or `value_set` fits no set or
        several.

    Examples
    --------
    By hand, Dolan 1997: 1 - 0.081 (constant) - 0.036 (ua2) - 0.123 (pd2) - 0.236 (ad3) - 0.269 (N3).

    >>> round(index("11223", "3l-tto-uk"), 3)
    0.255
    >>> index(pd.Series([11111, None]), "UK 3L TTO").tolist()
    [1.0, nan]
    """
    chosen = find_value_set(value_set, version)
    return look_up(levels, _with_missing(chosen), chosen.n_levels, label_of(chosen.version))


def look_up(levels: Any, values: np.ndarray, n_levels: int, label: str) -> pd.Series | float:
    """Look every profile up in `values` ((levels + 1) ** 5 long, level 0 = missing), after checking it."""
    if isinstance(levels, str | int | np.integer) and not isinstance(levels, bool):
        return float(_look_up_profiles(pd.Series([levels]), values, n_levels, label)[0])
    if not isinstance(levels, pd.DataFrame | pd.Series):
        array = np.asarray(levels)
        levels = pd.DataFrame(array) if array.ndim == 2 else pd.Series(levels)
    levels = _one_column(levels)
    if isinstance(levels, pd.Series):
        result = _look_up_profiles(levels, values, n_levels, label)
    else:
        five = item_table(levels, DIMENSIONS, label)
        columns = [_plain(five.iloc[:, k], n_levels, label) for k in range(5)]
        result = _look_up_columns(columns, values, n_levels, label)
    return pd.Series(result, index=levels.index, name="eq5d_index")


def _one_column(levels: pd.DataFrame | pd.Series) -> pd.DataFrame | pd.Series:
    """A table of one column is a column of profiles."""
    single = isinstance(levels, pd.DataFrame) and levels.shape[1] == 1
    return levels.iloc[:, 0] if single else levels


@lru_cache(maxsize=256)
def _with_missing(chosen: ValueSet) -> np.ndarray:
    """The set's table with a level 0 for "missing" in every dimension, which leads to NaN."""
    return pad(table(chosen))


def pad(values: np.ndarray) -> np.ndarray:
    """Add a level 0 = missing to a table of all profiles: the value there is NaN.

    >>> len(pad(np.arange(243.0))) == 4**5, pad(np.arange(243.0))[-1].item()
    (True, 242.0)
    """
    n_levels = round(len(values) ** 0.2)
    padded = np.full((n_levels + 1,) * 5, np.nan)
    padded[1:, 1:, 1:, 1:, 1:] = values.reshape((n_levels,) * 5)
    return padded.ravel()


def _plain(column: pd.Series, n_levels: int, label: str) -> np.ndarray:
    """A column as plain integers or floats, without a copy where it is one already."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
        return column.to_numpy()
    if pd.api.types.is_integer_dtype(column.dtype) and not column.hasnans:
        return column.to_numpy(dtype=np.int64)
    values, texts = to_numbers(column)
    if texts:
        raise ValueError(wrong_answers(label, "levels", texts, 1, n_levels, guess))
    return values


def _look_up_columns(columns: list[np.ndarray], values: np.ndarray, n_levels: int, label: str) -> np.ndarray:
    """Walk through the rows in blocks: check the levels, number the profile, take its value."""
    n = len(columns[0])
    out = np.empty(n)
    code = np.empty(CHUNK, dtype=np.int16)
    for start in range(0, n, CHUNK):
        stop = min(start + CHUNK, n)
        here = code[: stop - start]
        here.fill(0)
        for column in columns:
            small = _small(column[start:stop], n_levels)
            if small is None:
                raise _refusal(columns, n_levels, label)
            here *= n_levels + 1
            here += small
        np.take(values, here, out=out[start:stop], mode="clip")
    return out


def _small(block: np.ndarray, n_levels: int) -> np.ndarray | None:
    """A block of levels as small integers, missing as 0; None where a level cannot be one."""
    if block.dtype.kind != "f":
        fine = block.min() >= 1 and block.max() <= n_levels
        return block.astype(np.int16) if fine else None
    low, high = np.fmin.reduce(block), np.fmax.reduce(block)
    if low < 1 or high > n_levels:
        return None
    known = np.where(np.isnan(block), 0, block)
    small = known.astype(np.int16)
    return small if np.array_equal(small, known) else None


def _refusal(columns: list[np.ndarray], n_levels: int, label: str) -> ValueError:
    """Name every level, of all five columns, that cannot be one."""
    found: set[float] = set()
    where = []
    for name, column in zip(DIMENSIONS, columns, strict=True):
        values = np.unique(column[~np.isnan(column)] if column.dtype.kind == "f" else column)
        bad = values[(values < 1) | (values > n_levels) | (values != np.round(values))]
        found.update(bad.tolist())
        where += [name.upper()] * bool(len(bad))
    return ValueError(wrong_answers(label, "levels", found, 1, n_levels, guess, f" (in {', '.join(where)})"))


def _look_up_profiles(profiles: pd.Series, values: np.ndarray, n_levels: int, label: str) -> np.ndarray:
    """Profiles as strings or five-digit numbers: every different one is read once."""
    if isinstance(profiles.dtype, np.dtype) and profiles.dtype.kind in "iu":
        return _look_up_numbers(profiles.to_numpy(), values, n_levels, label)
    codes, unique = pd.factorize(profiles)
    rows = np.append(_profile_rows(unique, n_levels, label), 0)
    return values[rows][codes]


def _look_up_numbers(numbers: np.ndarray, values: np.ndarray, n_levels: int, label: str) -> np.ndarray:
    """Five-digit integers: a table of all numbers up to 55555 (33333), NaN where the number is no profile."""
    highest = 11111 * n_levels
    by_number = np.zeros(highest + 1, dtype=np.int16)
    by_number[grid(n_levels) @ (10 ** np.arange(4, -1, -1))] = _rows_of(grid(n_levels), n_levels)
    out = np.empty(len(numbers))
    for start in range(0, len(numbers), CHUNK):
        block = numbers[start : start + CHUNK]
        rows = by_number[block] if block.min() >= 0 and block.max() <= highest else np.zeros(1, np.int16)
        if not rows.all():
            _profile_rows(pd.unique(numbers), n_levels, label)  # names what is wrong
        np.take(values, rows, out=out[start : start + len(block)], mode="clip")
    return out


def _rows_of(levels: np.ndarray, n_levels: int) -> np.ndarray:
    """Place of profiles (rows of five levels, 0 = missing) in a padded table."""
    return levels @ ((n_levels + 1) ** np.arange(4, -1, -1))


def _profile_rows(unique: Any, n_levels: int, label: str) -> np.ndarray:
    """Places of different profiles in a padded table; a blank one is missing."""
    levels, wrong = [], []
    for value in unique:
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
        text = text.removesuffix(".0")
        right = len(text) == 5 and all(digit in "12345"[:n_levels] for digit in text)
        levels.append([int(digit) for digit in text] if right else [0] * 5)
        if not right and text:
            wrong.append(text)
    if wrong:
        _refuse_profiles(wrong, n_levels, label)
    return _rows_of(np.array(levels, dtype=np.int64).reshape(-1, 5), n_levels)


def _refuse_profiles(wrong: list[str], n_levels: int, label: str) -> None:
    shown = ", ".join(repr(text) for text in sorted(wrong)[:5])
    more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
    fives = [text for text in wrong if len(text) == 5 and text.isdigit()]
    off = {int(digit) for text in fives for digit in text} - set(range(1, n_levels + 1))
    if off:
        raise ValueError(wrong_answers(label, "levels", off, 1, n_levels, guess, f" (in {shown}{more})"))
    hint = (
        ": are these levels? Give five columns, or one profile"
        if all(len(text) == 1 for text in wrong)
        else ""
    )
    raise ValueError(f"{label} profiles are five digits such as '21232'; found {shown}{more}{hint}")


def guess(found: set[float], low: int, high: int) -> str:
    """The mistakes that are common with EQ-5D.

    >>> guess({4.0, 5.0}, 1, 3)
    'is this EQ-5D-5L?'
    """
    if high == 3 and found <= {4, 5}:
        return "is this EQ-5D-5L?"
    if 9 in found and found <= {0, 4, 5, 9}:
        return "9 is how NHS PROMs code a missing answer; turn it into NaN first"
    if all(-1 < value < 1 and value != 0 for value in found):
        return "are these index values instead of levels?"
    return ""


def levels_of(levels: Any, version: str) -> pd.DataFrame:
    """Return checked levels as floats, columns mo, sc, ua, pd, ad; takes whatever `index` takes.

    A row of profiles that are strings is taken apart; missing stays NaN.

    >>> levels_of(["21232"], "3L").iloc[0].tolist()
    [2.0, 1.0, 2.0, 3.0, 2.0]
    """
    version = tidy_version(version)
    n_levels, label = LEVELS[version], label_of(version)
    levels = _one_column(levels)
    if isinstance(levels, pd.DataFrame) or (not isinstance(levels, pd.Series) and np.ndim(levels) == 2):
        return read_answers(levels, DIMENSIONS, [(1, n_levels)] * 5, label, guess, "levels")
    series = levels if isinstance(levels, pd.Series) else pd.Series(levels)
    codes, unique = pd.factorize(series)
    rows = np.append(_profile_rows(unique, n_levels, label), 0)[codes]
    digits = rows[:, None] // (n_levels + 1) ** np.arange(4, -1, -1) % (n_levels + 1)
    values = np.where(digits == 0, np.nan, digits)
    return pd.DataFrame(values, index=series.index, columns=list(DIMENSIONS))


def label_of(version: str) -> str:
    """Name of the instrument of a version.

    >>> label_of("Y-3L")
    'EQ-5D-Y-3L'
    """
    return f"EQ-5D-{version}"
