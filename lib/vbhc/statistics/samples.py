"""What every association starts from: complete pairs, and the reason when there is no answer."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

DIGITS = 12
REMAINDER = 1e-13
FEWEST = 4  # Fisher's z has variance 1/(n - 3): below four pairs there is no interval


class Pairs(NamedTuple):
    """Complete pairs as float arrays, how many rows were left out, and the names for messages."""

    x: np.ndarray
    y: np.ndarray
    n_missing: int
    x_name: str
    y_name: str

    @property
    def n(self) -> int:
        """Number of complete pairs."""
        return len(self.x)


def complete_pairs(x: pd.Series, y: pd.Series) -> Pairs:
    """Return the pairs in which both values are known; nothing is imputed.

    Raises
    ------
    ValueError
        If the indexes differ (rows would be matched by position, so by luck), or a value is infinite.

    Examples
    --------
    >>> pairs = complete_pairs(pd.Series([1, None, 3], name="a"), pd.Series([1, 2, 3]))
    >>> pairs.n, pairs.n_missing, pairs.x_name
    (2, 1, 'a')
    """
    frame, names = columns_of(x, y), (series_name(x, "x"), series_name(y, "y"))
    if np.isinf(frame).any():
        raise ValueError(f"{' and '.join(names)} must be finite; is a cost zero?")
    known = ~np.isnan(frame).any(axis=1)
    kept = frame[known]
    return Pairs(kept[:, 0].copy(), kept[:, 1].copy(), int((~known).sum()), *names)


def complete_rows(*columns: pd.Series | np.ndarray) -> np.ndarray:
    """Return which rows have a usable value in every column: neither missing nor infinite.

    Infinity is a division by zero somewhere before, never a measurement: left out and counted as missing.

    >>> complete_rows(pd.Series([1.0, None, 3.0]), pd.Series([1.0, 2.0, float("inf")])).tolist()
    [True, False, False]
    """
    numbers = [as_float(c) if isinstance(c, pd.Series) else c for c in columns]
    return np.isfinite(np.column_stack(numbers)).all(axis=1)


def columns_of(*series: pd.Series) -> np.ndarray:
    """Return series of one index as the columns of an array of float64; missing is NaN.

    Raises
    ------
    ValueError
        If the indexes differ.

    Examples
    --------
    >>> columns_of(pd.Series([1, 2]), pd.Series([None, 4])).tolist()
    [[1.0, nan], [2.0, 4.0]]
    """
    check_same_index(*series)
    return np.column_stack([as_float(one) for one in series])


def check_same_index(*series: pd.Series) -> None:
    """Raise ValueError unless all series share one index, in the same order."""
    first = series[0]
    for other in series[1:]:
        if not first.index.equals(other.index):
            names = f"{series_name(first, 'x')} and {series_name(other, 'y')}"
            raise ValueError(f"{names} must share one index; merge on the patient's key first")


def as_float(series: pd.Series) -> np.ndarray:
    """Return the values as float64 with NaN for missing (ordered categories by their rank).

    Each value is rounded to 12 digits of its own: 0.1 + 0.2 and 0.3 are one answer, and ranks must see a tie.
    What is below 1e-13 of a typical value is a remainder of subtracting, and 0.

    Raises ValueError for categories without an order.

    >>> as_float(pd.Series([0.1 + 0.2, None])).tolist()
    [0.3, nan]
    >>> as_float(pd.Series(pd.Categorical(["good"], ["bad", "good"], ordered=True))).tolist()
    [1.0]
    """
    if isinstance(series.dtype, pd.CategoricalDtype):
        if not series.dtype.ordered:
            raise ValueError(f"{series_name(series, 'the column')} has categories without an order")
        codes = series.cat.codes.to_numpy(dtype=float)
        return np.where(codes < 0, np.nan, codes)
    values = series.to_numpy(dtype=float, na_value=np.nan)
    size = np.abs(values)
    usable = np.isfinite(values) & (values != 0)
    if not usable.any():
        return values
    usable &= size >= REMAINDER * np.median(size[usable])
    return np.where(np.isfinite(values), _own_digits(values, usable), values)


def _own_digits(values: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """Return the usable values rounded to 12 significant digits each, and 0 for the others."""
    power = np.floor(np.log10(np.abs(values, where=usable, out=np.ones(len(values))))) - (DIGITS - 1)
    power = np.clip(power, -300, 300)
    above, below = 10.0 ** np.maximum(power, 0), 10.0 ** np.maximum(-power, 0)
    return np.round(np.where(usable, values, 0.0) / above * below) * above / below


def series_name(series: pd.Series, otherwise: str) -> str:
    """Return the name of a series as text, or `otherwise` when it has none.

    >>> series_name(pd.Series([1], name="cost"), "x"), series_name(pd.Series([1]), "x")
    ('cost', 'x')
    """
    return otherwise if series.name is None else str(series.name)


def why_no_answer(pairs: Pairs, fewest: int = FEWEST) -> str:
    """Return the sentence that says why no correlation can be computed, or "" when it can.

    >>> why_no_answer(complete_pairs(pd.Series([1]), pd.Series([2])))
    'Only 1 patient has both x and y; a correlation with an interval needs at least 4.'
    """
    x, y = readable(pairs.x_name), readable(pairs.y_name)
    if pairs.n == 0:
        return f"No patient has both {x} and {y}, so there is nothing to correlate."
    if pairs.n < fewest:
        needs = f"a correlation with an interval needs at least {fewest}"
        return f"{patients_with(pairs.n)} both {x} and {y}; {needs}."
    if same := same_for_all(np.column_stack([pairs.x, pairs.y]), (x, y)):
        return f"{same}, so it cannot go up or down with anything: no correlation exists."
    return ""


def same_for_all(values: np.ndarray, names: Sequence[str]) -> str:
    """Return that all patients (rows) have the same in one of the columns, the first such; else "".

    >>> same_for_all(np.array([[1, 5], [2, 5]]), ("cost", "outcome"))
    'All 2 patients have the same outcome'
    """
    flat = (values == values[:1]).all(axis=0)
    return f"All {len(values):,} patients have the same {names[int(flat.argmax())]}" if flat.any() else ""


def mean_with_range(values: pd.Series, ci_level: float = 0.95) -> dict[str, Any]:
    """Return `estimate, low, high, n` of a mean, by Student's t; no ends without spread. Missing is left out.

    >>> {key: round(x, 2) for key, x in mean_with_range(pd.Series([1.0, 2.0, 3.0])).items()}
    {'estimate': 2.0, 'low': -0.48, 'high': 4.48, 'n': 3}
    """
    known = values.dropna().astype(float)
    mean, n = float(known.mean()), len(known)
    # without spread there is no range
    low, high = map(float, stats.t.interval(ci_level, n - 1, mean, known.sem() or np.nan))
    return {"estimate": mean, "low": low, "high": high, "n": n}


def tie_share(values: np.ndarray) -> float:
    """Return the share of pairs of patients that have the same value (0 = no ties, 1 = all equal).

    >>> round(tie_share(np.array([1, 1, 2])), 3), tie_share(np.array([1, 2, 3]))  # one of three pairs
    (0.333, 0.0)
    """
    n = len(values)
    if n < 2:
        return float("nan")
    _, sizes = np.unique(values, return_counts=True)
    return float((sizes * (sizes - 1)).sum() / (n * (n - 1)))


def tie_groups(values: np.ndarray) -> np.ndarray:
    """Return the number of each value's tie group, 0 for the lowest; missing is the last.

    Only the distinct values are sorted.

    >>> tie_groups(np.array([20, 10, 20])).tolist()
    [1, 0, 1]
    """
    code, distinct = pd.factorize(values, use_na_sentinel=False)
    place = np.empty(len(distinct), dtype=np.int64)
    place[np.argsort(distinct)] = np.arange(len(distinct))
    return place[code]


def kinds_of_rows(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first row of each kind, and the kind of each row: rows of one kind are alike in all columns.

    Kinds are in the order of the columns, of the first one first.

    >>> [found.tolist() for found in kinds_of_rows(np.array([2, 1, 2]), np.array([5, 6, 5]))]
    [[1, 0], [1, 0, 1]]
    """
    kind = tie_groups(columns[0])
    for column in columns[1:]:
        code = tie_groups(column)
        kind = tie_groups(kind * (code.max(initial=0) + 1) + code)
    first = np.empty(kind.max(initial=-1) + 1, dtype=np.int64)
    first[kind[::-1]] = np.arange(len(kind))[::-1]
    return first, kind


ACRONYMS = {one: one.upper() for one in ("vq", "kccq", "os", "eq", "vas", "ohs", "oks")} | {"eq5d": "EQ-5D"}


def readable(name: str) -> str:
    """Return a column's name as words: "perceived_value" -> "perceived value", "cost_eur_2011" -> "cost".

    >>> readable("perceived_value"), readable("kccq_os"), readable("cost_eur_2011")
    ('perceived value', 'KCCQ OS', 'cost')
    """
    if name.startswith("cost_"):
        return "cost"
    return " ".join(ACRONYMS.get(word, word) for word in name.split("_"))


def patients_with(n: int) -> str:
    """Return who has something, with the verb in its number: "Only 1 patient has", "No patient has".

    >>> patients_with(0), patients_with(1), patients_with(2000)
    ('No patient has', 'Only 1 patient has', 'Only 2,000 patients have')
    """
    if n == 0:
        return "No patient has"
    return "Only 1 patient has" if n == 1 else f"Only {n:,} patients have"


def indicators(covariates: pd.DataFrame) -> pd.DataFrame:
    """Return numbers as they are, and text as one 0/1 column per level but the first.

    >>> indicators(pd.DataFrame({"age": [70, 80], "sex": ["f", "m"]})).to_dict("list")
    {'age': [70.0, 80.0], 'sex: m': [0.0, 1.0]}
    """
    columns = {}
    for name in covariates:
        values = covariates[name]
        if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
            columns[name] = values.astype(float)
            continue
        for level in sorted(values.dropna().unique(), key=str)[1:]:
            columns[f"{name}: {level}"] = (values == level).astype(float).where(values.notna())
    return pd.DataFrame(columns, index=covariates.index)
