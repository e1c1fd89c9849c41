"""Do coders mark the same? Per code, with intervals from resampled segments; and letter by letter.

Of stretches of text Krippendorff, Mathet, Bouvry and Widlöcher 2016 (Qual Quant 50:2347-64) have four
coefficients. Here are two: alpha-binary, whether a letter is marked at all, and cu-alpha, which code it has
where two coders marked it.
"""

from collections.abc import Sequence
from itertools import pairwise, permutations
from typing import NamedTuple

import numpy as np
import pandas as pd

STATISTICS = ("percent", "kappa", "alpha", "ac1")


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
    Cohen 1960; Krippendorff 2011 (nominal alpha); Gwet 2008, Br J Math Stat Psychol 61:29-48.

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


def _alpha(counts: np.ndarray, rated: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Nominal alpha from coincidences (Krippendorff 2011, step C): units with one rating do not count."""
    paired = rated >= 2
    kept = counts * paired[:, None]
    differ = np.where(paired, (rated**2 - (counts**2).sum(axis=1)) / np.maximum(rated - 1, 1), 0)
    values = weights @ kept
    n = values.sum(axis=1)
    chance = n**2 - (values**2).sum(axis=1)
    return np.where(chance > 0, 1 - (n - 1) * (weights @ differ) / chance, np.nan)


NONE = 0  # a letter that a coder left unmarked


def unitizing(marks: pd.DataFrame, lengths: pd.Series) -> pd.DataFrame:
    """Return alpha-binary and cu-alpha over texts that two or more coders marked.

    Parameters
    ----------
    marks : DataFrame
        `doc, coder, value, start, end`, a row per marked stretch. A letter with two codes of one coder has
        both as a value of its own; letters of one value that follow each other are one stretch.
    lengths : Series
        Letters of each text. Who marked nothing in a text is not known to have read it.

    Returns
    -------
    DataFrame
        `statistic` ("binary", "cu"), `estimate` (NaN where nothing can differ), `n` (letters, of all coders).

    Examples
    --------
    Of ten letters one coder marks four, another the first two of these. By hand: 4 of 20 letters that can be
    paired differ; by chance 2 x 6 x 14 of them, less what is paired inside one stretch (16 + 4, gaps 6 + 8).

    >>> rows = [("d", "A", "x", 0, 4), ("d", "B", "x", 0, 2)]
    >>> marks = pd.DataFrame(rows, columns=["doc", "coder", "value", "start", "end"])
    >>> found = unitizing(marks, pd.Series({"d": 10}))["estimate"]
    >>> round(1 - 4 * (400 - 34) / (20 * 2 * 6 * 14), 6), round(float(found[0]), 6)
    (0.564286, 0.564286)
    """
    known: dict[frozenset, int] = {frozenset(): NONE}
    pairs: dict[tuple[int, int], float] = {}
    inside = {"binary": 0.0, "cu": 0.0}
    for doc, own in marks.groupby("doc", sort=False):
        rows = [_letters(part, int(lengths[doc]), known) for _, part in own.groupby("coder")]
        if len(rows) < 2:
            continue
        inside["binary"] += sum((row == NONE).sum() + (_runs(row, row != NONE) ** 2).sum() for row in rows)
        for one, other in permutations(rows, 2):
            inside["cu"] += (_runs(one, other != NONE) ** 2).sum() / (len(rows) - 1)
            found, counts = np.unique(np.column_stack([one, other]), axis=0, return_counts=True)
            for (a, b), n in zip(found.tolist(), counts / (len(rows) - 1), strict=True):
                pairs[a, b] = pairs.get((a, b), 0.0) + n
    table = pd.DataFrame([(a, b, n) for (a, b), n in pairs.items()], columns=["a", "b", "n"])
    marked = table[["a", "b"]] != NONE
    coded = table[marked.all(axis=1)]
    both = {"binary": table.assign(a=marked["a"], b=marked["b"]), "cu": coded}
    rows_out = [(name, _alpha_of_pairs(own, inside[name]), own["n"].sum()) for name, own in both.items()]
    return pd.DataFrame(rows_out, columns=["statistic", "estimate", "n"])


def _letters(own: pd.DataFrame, length: int, known: dict[frozenset, int]) -> np.ndarray:
    """Return the value of every letter that one coder gave a text: a number for each set of codes."""
    row = np.zeros(length, dtype=np.int64)
    first, last, value = (own[name].to_numpy() for name in ("start", "end", "value"))
    borders = np.unique(np.concatenate([first, last])).tolist()
    for start, end in pairwise(borders):
        over = value[(first <= start) & (last >= end)]
        row[start:end] = known.setdefault(frozenset(over), len(known))
    return row


def _runs(row: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Return for each stretch of one value how many of its letters are counted; none for gaps."""
    first = np.flatnonzero(np.diff(row, prepend=row[:1] - 1))
    sums = np.add.reduceat(counted.astype(np.int64), first) if len(row) else np.zeros(0, dtype=np.int64)
    return sums[row[first] != NONE]


def _alpha_of_pairs(pairs: pd.DataFrame, inside: float) -> float:
    """Return alpha of paired letters; `inside` are the pairs that lie in one stretch of one coder."""
    total = pairs["n"].sum()
    chance = total**2 - (pairs.groupby("a")["n"].sum() ** 2).sum()
    differ = pairs.loc[pairs["a"] != pairs["b"], "n"].sum()
    return 1 - differ * (total**2 - inside) / (total * chance) if chance > 0 else float("nan")
