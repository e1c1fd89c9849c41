"""Score Likert items: a questionnaire whose answers share one scale and that has no manual of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.instrument import HIGHER, Instrument, Scale
from vbhc.instruments.means import mean_of_answered, to_100


def answers(
    items: pd.DataFrame,
    scale: str = "likert",
    low: int = 1,
    high: int = 5,
    reverse: Sequence[int | str] = (),
    min_answered: int | None = None,
    direction: str = HIGHER,
    label: str = "",
) -> pd.DataFrame:
    """Return the answers as floats on the caller's columns, reversed items turned round (low + high - x)."""
    if low >= high:
        raise ValueError(f"low must be under high; found low={low}, high={high}")
    names = [str(column) for column in items.columns]
    if len(set(names)) != len(names):
        raise ValueError("two items have the same column name")
    read = read_answers(items.set_axis(names, axis=1), names, [(low, high)] * len(names), label or scale)
    for position in _positions(names, reverse):
        read.iloc[:, position] = low + high - read.iloc[:, position]
    return read


def _positions(names: list[str], reverse: Sequence[int | str]) -> list[int]:
    """Positions of the reversed items, given as numbers from 1 or as column names."""
    found = []
    for item in reverse:
        if isinstance(item, int) and 1 <= item <= len(names):
            found.append(item - 1)
        elif str(item) in names:
            found.append(names.index(str(item)))
        else:
            raise ValueError(f"reverse: no item {item!r}; there are {len(names)}: {', '.join(names)}")
    return found


def score(
    items: pd.DataFrame,
    scale: str = "likert",
    low: int = 1,
    high: int = 5,
    reverse: Sequence[int | str] = (),
    min_answered: int | None = None,
    direction: str = HIGHER,
    label: str = "",
) -> pd.DataFrame:
    """Score Likert items as the mean of the given answers, stretched to 0-100.

    Parameters
    ----------
    items : DataFrame
        One column per item, whole numbers from `low` to `high`.
    scale : str
        Name of the score's column.
    reverse : sequence
        Items worded the other way round: numbers from 1, or column names.
    min_answered : int, optional
        Answers that a score needs. All of them when left out: no answer is filled in unless you say so.
    direction, label : str
        For the dictionary: which end is good, and what the score is called.

    Returns
    -------
    DataFrame
        One column, named by `scale`; NaN where too few items were answered.
    """
    read = answers(items, scale, low, high, reverse, label=label)
    needs = _needs(min_answered, read.shape[1])
    value = to_100(mean_of_answered(read, read.columns, needs), low, high)
    return pd.DataFrame({scale: value}, index=read.index)


def _needs(min_answered: int | None, n_items: int) -> int:
    if min_answered is None:
        return n_items
    if not 1 <= min_answered <= n_items:
        raise ValueError(f"min_answered must be 1-{n_items}; found {min_answered}")
    return min_answered


def scales(
    scale: str = "likert",
    low: int = 1,
    high: int = 5,
    reverse: Sequence[int | str] = (),
    min_answered: int | None = None,
    direction: str = HIGHER,
    label: str = "",
) -> tuple[Scale, ...]:
    """Describe the one scale that the options make."""
    title = label or scale.replace("_", " ")
    return (Scale(scale, title, 0, 100, direction, "points (0-100)", needs=min_answered or 0),)


def reliability(items: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Internal consistency of items that all point the same way (pass `answers(...)`, not raw answers).

    Returns
    -------
    DataFrame
        Two rows: Cronbach's alpha with Feldt's interval (pingouin) and McDonald's omega of one common factor
        (McDonald 1999: squared sum of loadings over that plus the unique variances; principal axis
        factoring of the covariances, no interval). Columns statistic, estimate, ci_low, ci_high, n,
        n_missing, n_items, method. Patients with a missing answer are left out and counted.
    """
    import pingouin

    complete = items.dropna().astype(float)
    if complete.shape[1] < 2 or len(complete) < 3:
        raise ValueError(f"needs 2 items and 3 patients; found {complete.shape[1]} and {len(complete)}")
    alpha, (low, high) = pingouin.cronbach_alpha(complete, nan_policy="listwise", ci=ci_level)
    omega = omega_total(complete)
    n = {"n": len(complete), "n_missing": len(items) - len(complete), "n_items": items.shape[1]}
    rows = [
        {"statistic": "alpha", "estimate": alpha, "ci_low": low, "ci_high": high, **n,
         "method": "Cronbach, Feldt interval"},
        {"statistic": "omega", "estimate": omega, "ci_low": np.nan, "ci_high": np.nan, **n,
         "method": "McDonald, one factor"},
    ]  # fmt: skip
    return pd.DataFrame(rows)


def omega_total(items: pd.DataFrame, tolerance: float = 1e-10) -> float:
    """McDonald's omega from a one-factor model; NaN with under three items or one that never varies."""
    covariance = np.cov(items.to_numpy(dtype=float), rowvar=False)
    variances = np.diag(covariance).copy() if items.shape[1] > 2 else np.zeros(1)
    if (variances <= 0).any():
        return float("nan")
    shared = variances - 1 / np.diag(np.linalg.pinv(covariance))
    for _ in range(5000):
        values, vectors = np.linalg.eigh(covariance - np.diag(variances - shared))
        loadings = vectors[:, -1] * np.sqrt(max(values[-1], 0))
        updated = np.minimum(loadings**2, variances)
        moved, shared = np.abs(updated - shared).max(), updated
        if moved < tolerance:
            break
    common = loadings.sum() ** 2
    return float(common / (common + (variances - shared).sum()))


LIKERT = Instrument(
    "likert", "Likert items", "any number of items", (), (), (),
    source="mean of the given answers, stretched to 0-100",
    licence="that of the items", answers=answers, score=score, scales_for=scales,
    options=("scale", "low", "high", "reverse", "min_answered", "direction", "label"),
)  # fmt: skip
