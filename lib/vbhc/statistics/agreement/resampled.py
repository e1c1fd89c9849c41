"""Coefficients of agreement with intervals from resampled units, whatever the coefficients are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd


def resampled_table(
    coefficients: Callable[[np.ndarray], dict[str, np.ndarray]],
    rated: np.ndarray,
    method: str,
    *,
    ci_level: float,
    n_resamples: int,
    seed: int,
) -> pd.DataFrame:
    """Return every coefficient with the percentile interval of resampled units (not ratings).

    Parameters
    ----------
    coefficients : callable
        Takes weights (resamples x units: how often each unit counts) and returns an array per coefficient.
    rated : array
        Ratings of each unit; those with fewer than two are counted as missing.
    method : str
        Repeated in every row.

    Returns
    -------
    DataFrame
        `statistic, estimate, ci_low, ci_high, n, n_missing, method`.
    """
    n = len(rated)
    point = coefficients(np.ones((1, n)))
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(n, np.full(n, 1 / n), n_resamples) if n else np.zeros((n_resamples, 0))
    spread = coefficients(drawn.astype(float))
    rows = []
    for name, values in spread.items():
        low, high = _interval(values, ci_level)
        row = {"statistic": name, "estimate": float(point[name][0]), "ci_low": low, "ci_high": high}
        rows.append(row | {"n": n, "n_missing": int((rated < 2).sum()), "method": method})
    return pd.DataFrame(rows)


def _interval(values: np.ndarray, level: float) -> tuple[float, float]:
    """Percentiles of the defined resamples; NaN where half or more are undefined."""
    fine = values[~np.isnan(values)]
    if len(fine) <= len(values) / 2:
        return np.nan, np.nan
    low, high = np.quantile(fine, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
