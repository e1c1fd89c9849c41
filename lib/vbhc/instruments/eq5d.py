"""Score EQ-5D-3L, EQ-5D-5L and EQ-5D-Y-3L: the index of each profile under a published value set.

Levels are never imputed: a profile with a missing dimension has no index (EuroQol user guides). The index is
kept unrounded; round for show only.
"""

from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.answers import read_answers, wrong_answers
from vbhc.instruments.eq5d_names import find_value_set, tidy_version, value_sets
from vbhc.instruments.eq5d_tables import DIMENSIONS, LEVELS, table

__all__ = ["find_value_set", "index", "levels_of", "value_sets"]


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
    return look_up(levels, table(chosen), chosen.version)


def look_up(levels: Any, values: np.ndarray, version: str) -> pd.Series | float:
    """Look every profile up in `values` (in the order of `eq5d_tables.grid`), after checking it."""
    read = levels_of(levels, version)
    place = (read.to_numpy() - 1) @ LEVELS[version] ** np.arange(4, -1, -1)  # NaN where a level is missing
    found = np.append(values, np.nan)[np.nan_to_num(place, nan=-1).astype(int)]
    return float(found[0]) if np.ndim(levels) == 0 else pd.Series(found, read.index, name="eq5d_index")


def _taken_apart(profiles: pd.Series, n_levels: int, label: str) -> pd.DataFrame:
    """Levels of profiles (strings or numbers), missing as NaN; every different one is read once."""
    codes, unique = pd.factorize(profiles)
    levels, wrong = [[np.nan] * 5], []
    for value in unique:
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
        text = text.removesuffix(".0")
        right = len(text) == 5 and all(digit in "12345"[:n_levels] for digit in text)
        levels.append([float(digit) for digit in text] if right else [np.nan] * 5)
        if not right and text:
            wrong.append(text)
    if wrong:
        _refuse_profiles(wrong, n_levels, label)
    return pd.DataFrame(np.array(levels)[codes + 1], profiles.index, list(DIMENSIONS))


def _refuse_profiles(wrong: list[str], n_levels: int, label: str) -> None:
    shown = ", ".join(repr(text) for text in sorted(wrong)[:5])
    more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
    fives = [text for text in wrong if len(text) == 5 and text.isdigit()]
    if off := {int(digit) for text in fives for digit in text} - set(range(1, n_levels + 1)):
        raise ValueError(wrong_answers(label, "levels", off, 1, n_levels, guess, f" (in {shown}{more})"))
    single = all(len(text) == 1 for text in wrong)
    hint = ": are these levels? Give five columns, or one profile" if single else ""
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
    if isinstance(levels, pd.DataFrame) and levels.shape[1] == 1:
        levels = levels.iloc[:, 0]  # a table of one column is a column of profiles
    if isinstance(levels, pd.DataFrame) or (not isinstance(levels, pd.Series) and np.ndim(levels) == 2):
        return read_answers(levels, DIMENSIONS, [(1, n_levels)] * 5, label, guess, "levels")
    return _taken_apart(pd.Series(levels), n_levels, label)


def label_of(version: str) -> str:
    """Name of the instrument of a version.

    >>> label_of("Y-3L")
    'EQ-5D-Y-3L'
    """
    return f"EQ-5D-{version}"
