"""Do coders mark the same? Per code, with its prevalence and intervals from resampled segments."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

STATISTICS = ("percent", "kappa", "fleiss", "alpha", "ac1")


class _Features(NamedTuple):
    """What every coefficient is made of: sums over units, so that a resampled set is a weighted sum."""

    counts: np.ndarray  # units x categories
    rated: np.ndarray  # units: number of ratings
    pairs: np.ndarray | None  # units x (categories squared), two coders only


def agreement(
    ratings: pd.DataFrame,
    categories: Sequence | None = None,
    *,
    ci_level: float = 0.95,
    n_resamples: int = 2_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return every coefficient for nominal ratings.

    Parameters
    ----------
    ratings : DataFrame
        Units x coders; NaN where a coder did not rate. Units with one rating count only where the method uses
        them (Gwet's chance term).
    categories : sequence, optional
        All categories that could be chosen; default those that were. AC1 depends on their number.
    ci_level, n_resamples, seed
        Percentile interval from resampled units (not ratings).

    Returns
    -------
    DataFrame
        `statistic, estimate, low, high, n, n_missing, method`. NaN where a coefficient is undefined:
        kappa and alpha where everybody always says the same, Cohen for more than two coders.

    References
    ----------
    Cohen 1960; Fleiss 1971; Krippendorff 2011 (nominal alpha); Gwet 2008, Br J Math Stat Psychol 61:29-48.

    Examples
    --------
    Two coders, 20 times both yes, 5 and 10 times one of them, 15 times both no: kappa 0.4 (R psych).

    >>> pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    >>> table = agreement(pd.DataFrame(pairs, dtype=float), n_resamples=10).set_index("statistic")
    >>> table["estimate"][["percent", "kappa"]].round(3).tolist()
    [0.7, 0.4]
    """
    known = list(categories) if categories is not None else sorted(pd.unique(ratings.stack().dropna()))
    alike = ratings.groupby(list(ratings), dropna=False).size()  # units rated alike are drawn together
    features = _features(alike.index.to_frame(index=False), known)
    n, missing = len(ratings), int(alike.to_numpy()[features.rated < 2].sum())
    point = _coefficients(features, alike.to_numpy(float)[None, :])
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(n, alike.to_numpy() / n, n_resamples) if n else np.zeros((n_resamples, 0))
    rows = []
    for name, values in _coefficients(features, drawn.astype(float)).items():
        low, high = _interval(values, ci_level)
        row = {"statistic": name, "estimate": float(point[name][0]), "low": low, "high": high}
        rows.append(row | {"n": n, "n_missing": missing, "method": "percentile bootstrap of units"})
    return pd.DataFrame(rows)


def _interval(values: np.ndarray, level: float) -> tuple[float, float]:
    """Percentiles of the defined resamples; NaN where half or more are undefined."""
    fine = values[~np.isnan(values)]
    if len(fine) <= len(values) / 2:
        return np.nan, np.nan
    low, high = np.quantile(fine, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _features(ratings: pd.DataFrame, categories: list) -> _Features:
    values = ratings.to_numpy()
    hot = np.zeros((*values.shape, len(categories)), bool)
    for n, category in enumerate(categories):
        hot[:, :, n] = values == category
    known = ratings.notna().to_numpy()
    unknown = known & ~hot.any(axis=2)
    if unknown.any():
        raise ValueError(f"rating {values[unknown][0]} is none of the categories {categories}")
    counts = hot.sum(axis=1).astype(float)
    pairs = None
    if values.shape[1] == 2:
        both = hot[:, 0, :, None] & hot[:, 1, None, :]
        pairs = both.reshape(len(values), len(categories) ** 2).astype(float)
    return _Features(counts, known.sum(axis=1).astype(float), pairs)


def _coefficients(features: _Features, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Return each coefficient for every row of unit weights."""
    counts, rated, pairs = features
    q = counts.shape[1]
    paired = rated >= 2
    m = np.where(paired, rated, 2)
    agree = np.where(paired, (counts * (counts - 1)).sum(axis=1) / (m * (m - 1)), 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = weights @ agree / (weights @ paired)
        share = np.where((rated > 0)[:, None], counts / np.maximum(rated, 1)[:, None], 0)
        pi = weights @ share / (weights @ (rated > 0))[:, None]
        by_chance = (pi * (1 - pi)).sum(axis=1) / (q - 1) if q > 1 else np.full(len(weights), np.nan)
        return {
            "percent": percent,
            "kappa": _cohen(pairs, weights, q),
            "fleiss": _fleiss(pi, percent),
            "alpha": _alpha(counts, rated, weights),
            "ac1": (percent - by_chance) / (1 - by_chance),
        }


def _cohen(pairs: np.ndarray | None, weights: np.ndarray, q: int) -> np.ndarray:
    if pairs is None:
        return np.full(len(weights), np.nan)
    table = (weights @ pairs).reshape(-1, q, q)
    n = table.sum(axis=(1, 2))
    observed = np.trace(table, axis1=1, axis2=2) / n
    chance = (table.sum(axis=2) * table.sum(axis=1)).sum(axis=1) / n**2
    return np.where(chance < 1, (observed - chance) / (1 - chance), np.nan)


def _fleiss(pi: np.ndarray, percent: np.ndarray) -> np.ndarray:
    """Fleiss's kappa, with units of unequal numbers of ratings each counting once (Gwet 2014, ch. 2)."""
    chance = (pi**2).sum(axis=1)
    return np.where(chance < 1 - 1e-12, (percent - chance) / (1 - chance), np.nan)


def _alpha(counts: np.ndarray, rated: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Nominal alpha from coincidences (Krippendorff 2011, step C): units with one rating do not count."""
    paired = rated >= 2
    kept = counts * paired[:, None]
    differ = np.where(paired, (rated**2 - (counts**2).sum(axis=1)) / np.maximum(rated - 1, 1), 0)
    values = weights @ kept
    n = values.sum(axis=1)
    chance = n**2 - (values**2).sum(axis=1)
    return np.where(chance > 0, 1 - (n - 1) * (weights @ differ) / chance, np.nan)
