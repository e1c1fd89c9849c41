"""Score EQ-5D-3L, EQ-5D-5L and EQ-5D-Y-3L: the index of each profile under a published value set.

Levels are never imputed: a profile with a missing dimension has no index (EuroQol user guides). The index is
kept unrounded; round for show only.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.answers import item_table, read_answers, to_numbers, wrong_answers
from vbhc.instruments.eq5d_names import find_value_set, tidy_version, value_sets
from vbhc.instruments.eq5d_tables import DIMENSIONS, LEVELS, ValueSet, grid, table
from vbhc.instruments.instrument import GROUP, Instrument, Mcid, Scale

__all__ = ["find_value_set", "index", "levels_of", "profiles", "value_sets"]

CHUNK = 1 << 15  # rows at a time: the working copies stay in the processor's cache


def index(levels: Any, value_set: str, version: str | None = None) -> pd.Series | float:
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
    """
    chosen = find_value_set(value_set, version)
    return look_up(levels, _with_missing(chosen.id), chosen.n_levels, _label(chosen.version))


def look_up(levels: Any, values: np.ndarray, n_levels: int, label: str) -> pd.Series | float:
    """Look every profile up in `values` ((levels + 1) ** 5 long, level 0 = missing), after checking it."""
    if isinstance(levels, str | int | np.integer) and not isinstance(levels, bool):
        return float(look_up(pd.Series([levels]), values, n_levels, label).iloc[0])
    if not isinstance(levels, pd.DataFrame | pd.Series):
        array = np.asarray(levels)
        levels = pd.DataFrame(array) if array.ndim == 2 else pd.Series(levels)
    if isinstance(levels, pd.Series):
        result = _look_up_profiles(levels, values, n_levels, label)
    else:
        five = item_table(levels, DIMENSIONS, label)
        columns = [_plain(five.iloc[:, k], n_levels, label) for k in range(5)]
        result = _look_up_columns(columns, values, n_levels, label)
    return pd.Series(result, index=levels.index, name="eq5d_index")


@lru_cache(maxsize=256)
def _with_missing(set_id: str) -> np.ndarray:
    """The set's table with a level 0 for "missing" in every dimension, which leads to NaN."""
    return pad(table(set_id))


def pad(values: np.ndarray) -> np.ndarray:
    """Add a level 0 = missing to a table of all profiles: the value there is NaN."""
    n_levels = round(len(values) ** 0.2)
    padded = np.full((n_levels + 1,) * 5, np.nan)
    padded[1:, 1:, 1:, 1:, 1:] = values.reshape((n_levels,) * 5)
    return padded.ravel()


def _plain(column: pd.Series, n_levels: int, label: str) -> np.ndarray:
    """A column as plain integers or floats, without a copy where it is one already."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
        return column.to_numpy()
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
            block = column[start:stop]
            here *= n_levels + 1
            here += _checked(block, n_levels) if _fine(block, n_levels) else _refuse(columns, n_levels, label)
        np.take(values, here, out=out[start:stop], mode="clip")
    return out


def _fine(block: np.ndarray, n_levels: int) -> bool:
    """Whether all levels that are not missing are between 1 and the highest, and whole."""
    if block.dtype.kind != "f":
        return bool(block.min() >= 1 and block.max() <= n_levels)
    low, high = np.fmin.reduce(block), np.fmax.reduce(block)
    if np.isnan(low):
        return True
    with np.errstate(invalid="ignore"):
        return bool(low >= 1 and high <= n_levels and not np.any(block % 1 > 0))


def _checked(block: np.ndarray, n_levels: int) -> np.ndarray:
    """A checked block as small integers, missing as 0."""
    if block.dtype.kind != "f":
        return block.astype(np.int16)
    return np.nan_to_num(block, nan=0.0).astype(np.int16)


def _refuse(columns: list[np.ndarray], n_levels: int, label: str) -> np.ndarray:
    """Name every level, of all five columns, that cannot be one."""
    found: set[float] = set()
    where = []
    for name, column in zip(DIMENSIONS, columns, strict=True):
        values = np.unique(column[~np.isnan(column)] if column.dtype.kind == "f" else column)
        bad = values[(values < 1) | (values > n_levels) | (values != np.round(values))]
        found.update(bad.tolist())
        where += [name.upper()] * bool(len(bad))
    raise ValueError(wrong_answers(label, "levels", found, 1, n_levels, guess, f" (in {', '.join(where)})"))


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
    raise ValueError(f"{label} profiles are five digits such as '21232'; found {shown}{more}")


def guess(found: set[float], low: int, high: int) -> str:
    """The mistakes that are common with EQ-5D."""
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
    """
    version = tidy_version(version)
    n_levels, label = LEVELS[version], _label(version)
    if isinstance(levels, pd.DataFrame) or (not isinstance(levels, pd.Series) and np.ndim(levels) == 2):
        return read_answers(levels, DIMENSIONS, [(1, n_levels)] * 5, label, guess, "levels")
    series = levels if isinstance(levels, pd.Series) else pd.Series(levels)
    codes, unique = pd.factorize(series)
    rows = np.append(_profile_rows(unique, n_levels, label), 0)[codes]
    digits = rows[:, None] // (n_levels + 1) ** np.arange(4, -1, -1) % (n_levels + 1)
    values = np.where(digits == 0, np.nan, digits)
    return pd.DataFrame(values, index=series.index, columns=list(DIMENSIONS))


def profiles(levels: Any, version: str) -> pd.Series:
    """Return profiles as strings such as "21232"; NA where a level is missing."""
    frame = levels_of(levels, version)
    complete = frame.notna().all(axis=1).to_numpy()
    n_levels = LEVELS[tidy_version(version)]
    names = np.array(["".join(map(str, row)) for row in grid(n_levels)], dtype=object)
    rows = (np.nan_to_num(frame.to_numpy(), nan=1.0).astype(np.int64) - 1) @ (
        n_levels ** np.arange(4, -1, -1)
    )
    result = pd.Series(names[rows], index=frame.index, name="eq5d_profile", dtype="str")
    return result.where(complete)


def _label(version: str) -> str:
    return f"EQ-5D-{version}"


def _scales(version: str):
    def scales(value_set: str = "") -> tuple[Scale, ...]:
        low, high, note = None, 1.0, "the range is that of the value set"
        if value_set:
            chosen = find_value_set(value_set, version)
            low, high = float(table(chosen.id).min()), float(table(chosen.id).max())
            note = f"value set {chosen.id}: {chosen.citation}"
        unit = "1 = full health, 0 = dead"
        label = f"{_label(version)} index"
        return (Scale("eq5d_index", label, low, high, unit=unit, items=DIMENSIONS, needs=5, note=note),)

    return scales


def _instrument(name: str, version: str, mcids: tuple[Mcid, ...]) -> Instrument:
    def answers(items: Any, value_set: str = "") -> pd.DataFrame:
        return levels_of(items, version)

    def score(items: Any, value_set: str = "") -> pd.DataFrame:
        if not value_set:
            raise ValueError(
                f"{_label(version)}: name a value set; `eq5d.value_sets({version!r})` lists them"
            )
        chosen: ValueSet = find_value_set(value_set, version)
        frame = index(items, chosen.id).to_frame()
        frame.attrs.update(value_set=chosen.id, doi=chosen.doi, citation=chosen.citation)
        return frame

    return Instrument(
        name, _label(version), version, DIMENSIONS, ((1, LEVELS[version]),) * 5, _scales(version)(),
        source="value set by `value_set`; each cites its own paper",
        licence="EQ-5D is (c) EuroQol: register before use, commercial use is paid; no item text here",
        answers=answers, score=score, options=("value_set",), mcids=mcids, scales_for=_scales(version),
    )  # fmt: skip


WALTERS = Mcid(
    "eq5d_index", 0.074, GROUP,
    "Walters & Brazier 2005, Qual Life Res 14:1523-32, doi 10.1007/s11136-004-7713-0",
    label="mean minimally important difference",
    note="UK 3L value set; mean over 11 groups of patients, -0.011 to 0.140",
)  # fmt: skip
EQ5D_3L = _instrument("eq5d-3l", "3L", (WALTERS,))
EQ5D_5L = _instrument("eq5d-5l", "5L", ())
EQ5D_Y_3L = _instrument("eq5d-y-3l", "Y-3L", ())
