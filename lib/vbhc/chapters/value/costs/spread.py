"""How costs are spread: mean and median, zeros, skew. What is paid is the mean, however skewed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.statistics.words import patients_with

VERY_SKEWED = 2.0
COLUMNS = [
    *("n", "n_missing", "n_zero", "mean", "low", "high", "ci_level", "median", "sd", "cv"),
    *("skewness", "log_sd", "reason"),
]


def cost_spread(cost: pd.Series, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the shape of costs, as one row.

    Returns
    -------
    DataFrame
        `n, n_missing, n_zero, mean` with its t interval, `median, sd, cv, skewness` (of the population, g1),
        `log_sd` (of the positive costs), `reason`.
    """
    known = cost.dropna().to_numpy(dtype=float)
    row: dict[str, object] = {"n": len(known), "n_missing": len(cost) - len(known), "ci_level": ci_level}
    row["n_zero"] = int((known == 0).sum())
    if len(known) < 2:
        row["reason"] = f"{patients_with(len(known))} a cost; a spread needs two."
        return pd.DataFrame([row]).reindex(columns=COLUMNS)
    mean, sd, positive = known.mean(), known.std(ddof=1), known[known > 0]
    half = stats.t.ppf((1 + ci_level) / 2, len(known) - 1) * sd / np.sqrt(len(known))
    row |= {"mean": mean, "low": mean - half, "high": mean + half, "median": np.median(known), "sd": sd}
    row["skewness"] = float(stats.skew(known)) if sd > 0 else np.nan
    row["log_sd"] = np.log(positive).std(ddof=1) if len(positive) > 1 else np.nan
    row |= {"cv": sd / mean if mean > 0 else np.nan, "reason": ""}
    return pd.DataFrame([row]).reindex(columns=COLUMNS)


def cost_spread_sentence(result: pd.DataFrame, currency: str) -> str:
    """Return how costs are spread and what that asks of an analysis."""
    row = result.iloc[0]
    if row["reason"]:
        return row["reason"]
    mean, median = (wording.money(row[name], currency) for name in ("mean", "median"))
    reach = wording.interval(row["low"], row["high"], row["ci_level"], 0)
    text = f"Mean cost is {mean} ({reach}), the median {median} (n = {int(row['n']):,})"
    skew = row["skewness"]
    if np.isfinite(skew) and skew >= VERY_SKEWED:
        very = f"very skewed (skewness {wording.number(skew, 1)})"
        text += f"; costs are {very}, so that a few patients move the mean"
    nothing = wording.count(int(row["n_zero"]), int(row["n"]))
    zero = f" {nothing} cost nothing: a two-part model keeps them apart." if row["n_zero"] else ""
    return f"{text}.{zero}"
