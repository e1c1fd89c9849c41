"""Do coders mark the same? Per code, with its prevalence and intervals from resampled segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.interviews.tables import Interviews

STATISTICS = ("percent", "kappa", "fleiss", "alpha", "ac1")


class _Features(NamedTuple):
    """What every coefficient is made of: sums over units, so that a resampled set is a weighted sum."""

    counts: np.ndarray  # units x categories
    rated: np.ndarray  # units: number of ratings
    pairs: np.ndarray | None  # units x (categories squared), two coders only


def coder_ratings(
    interviews: Interviews, codes: Sequence[str] | None = None, coders: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return 1/0 per segment for every code and coder; NaN where the coder did not work on that document.

    Units are the segments of documents that at least two coders worked on. Text that nobody marked is not
    counted: it would make any coefficient look good. Columns: (code, coder).
    """
    table = interviews.codings.merge(interviews.segments[["seg", "doc"]], on="seg")
    chosen = list(coders) if coders is not None else sorted(table["coder"].unique())
    table = table[table["coder"].isin(chosen)]
    worked = table.groupby("doc")["coder"].agg(set)
    shared = worked[worked.map(len) >= 2]
    units = interviews.segments[interviews.segments["doc"].isin(shared.index)]
    units = units[units["seg"].isin(table["seg"])].set_index("seg")
    wanted = (
        list(codes) if codes is not None else [c for c in interviews.codes["code"] if c in set(table["code"])]
    )
    columns = {}
    for code in wanted:
        own = table[table["code"] == code].groupby("coder")["seg"].agg(set)
        for coder in chosen:
            there = units["doc"].map(lambda doc, coder=coder: coder in shared[doc])
            marked = pd.Series(units.index.isin(own.get(coder, set())), units.index).astype(float)
            columns[code, coder] = marked.where(there)
    names = pd.MultiIndex.from_tuples(columns, names=["code", "coder"])
    return pd.DataFrame(columns, index=units.index).reindex(columns=names)


def coder_agreement(
    interviews: Interviews,
    codes: Sequence[str] | None = None,
    coders: Sequence[str] | None = None,
    *,
    ci_level: float = 0.95,
    n_resamples: int = 2_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return agreement per code: percent, Cohen (two coders) and Fleiss kappa, Krippendorff alpha, Gwet AC1.

    Returns
    -------
    DataFrame
        One row per code: `code, n` (segments), `n_coders, prevalence` (share of ratings that are "yes"), and
        for each of `percent, kappa, fleiss, alpha, ac1` the estimate with `_low` and `_high`. Kappa is near 0
        for a rare code however well the coders agree that it is absent; AC1 is not; read both beside the
        prevalence. Empty where no document was coded twice.
    """
    ratings = coder_ratings(interviews, codes, coders)
    rows = []
    for code in ratings.columns.get_level_values("code").unique() if len(ratings) else ():
        own = ratings[code].dropna(axis=1, how="all")
        table = agreement(own, categories=[0, 1], ci_level=ci_level, n_resamples=n_resamples, seed=seed)
        row = {"code": code, "n": int((own.notna().sum(axis=1) >= 2).sum()), "n_coders": own.shape[1]}
        row["prevalence"] = float(np.nanmean(own.to_numpy())) if own.size else np.nan
        for line in table.itertuples():
            row |= {line.statistic: line.estimate}
            row |= {f"{line.statistic}_low": line.ci_low, f"{line.statistic}_high": line.ci_high}
        rows.append(row)
    ends = [f"{name}{end}" for name in STATISTICS for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["code", "n", "n_coders", "prevalence", *ends])


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
        `statistic, estimate, ci_low, ci_high, n, n_missing, method`. NaN where a coefficient is undefined:
        kappa and alpha where everybody always says the same, Cohen for more than two coders.

    References
    ----------
    Cohen 1960; Fleiss 1971; Krippendorff 2011 (nominal alpha); Gwet 2008, Br J Math Stat Psychol 61:29-48.
    """
    known = list(categories) if categories is not None else sorted(pd.unique(ratings.stack().dropna()))
    features = _features(ratings, known)
    n = len(ratings)
    point = _coefficients(features, np.ones((1, n)))
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(n, np.full(n, 1 / n), n_resamples) if n else np.zeros((n_resamples, 0))
    drawn = _coefficients(features, weights)
    rows = []
    for name in STATISTICS:
        low, high = _interval(drawn[name], ci_level)
        row = {"statistic": name, "estimate": float(point[name][0]), "ci_low": low, "ci_high": high}
        row |= {
            "n": n,
            "n_missing": int((features.rated < 2).sum()),
            "method": "percentile bootstrap of units",
        }
        rows.append(row)
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
    hot = (
        np.stack([values == c for c in categories], axis=2)
        if categories
        else np.zeros((*values.shape, 0), bool)
    )
    known = ratings.notna().to_numpy()
    unknown = known & ~hot.any(axis=2)
    if unknown.any():
        raise ValueError(f"rating {values[unknown][0]} is none of the categories {categories}")
    counts = hot.sum(axis=1).astype(float)
    pairs = None
    if values.shape[1] == 2:
        pairs = (hot[:, 0, :, None] & hot[:, 1, None, :]).reshape(len(values), -1).astype(float)
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
