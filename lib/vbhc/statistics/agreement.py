"""Do coders mark the same? Per code, with intervals from resampled segments; and letter by letter.

Of stretches of text Krippendorff, Mathet, Bouvry and Widlöcher 2016 (Qual Quant 50:2347-64) have four
coefficients. Here are two: alpha-binary, whether a letter is marked at all, and cu-alpha, which code it has
where two coders marked it.
"""

from collections.abc import Sequence
from itertools import pairwise, permutations

import numpy as np
import pandas as pd

STATISTICS = ("percent", "kappa", "alpha", "ac1")


def agreement(
    ratings: pd.DataFrame,
    categories: Sequence | None = None,
    *,
    ci_level: float = 0.95,
    n_resamples: int = 2_000,
    seed: int = 0,
) -> pd.Series:
    """Return every coefficient for nominal ratings.

    Parameters
    ----------
    ratings : DataFrame
        Units x coders; NaN where a coder did not rate. Units with one rating count only where the method uses
        them (Gwet's chance term).
    categories : sequence, optional
        All categories that could be chosen; default those that were. AC1 depends on their number.
    ci_level, n_resamples, seed
        Percentile interval of alpha from resampled units (not ratings).

    Returns
    -------
    Series
        `percent, kappa, alpha, ac1`, and `low, high` of alpha. NaN where a coefficient is undefined: kappa
        and alpha where everybody always says the same, Cohen for more than two coders.

    References
    ----------
    Cohen 1960; Krippendorff 2011 (nominal alpha); Gwet 2008, Br J Math Stat Psychol 61:29-48.

    Examples
    --------
    Two coders, 20 times both yes, 5 and 10 times one of them, 15 times both no: kappa 0.4 (R psych).

    >>> pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    >>> agreement(pd.DataFrame(pairs, dtype=float), n_resamples=10)[["percent", "kappa"]].round(3).tolist()
    [0.7, 0.4]
    """
    known = list(categories) if categories is not None else sorted(pd.unique(ratings.stack().dropna()))
    alike = ratings.groupby(list(ratings), dropna=False).size()  # units rated alike are drawn together
    units, times, n = alike.index.to_frame(index=False), alike.to_numpy(float), len(ratings)
    counts, rated = _counted(units, known), units.notna().sum(axis=1).to_numpy(float)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(n, times / n, n_resamples) if n else np.zeros((n_resamples, 0))
    low, high = _interval(_alpha(counts, rated, drawn.astype(float)), ci_level)
    percent, ac1 = _agreed(counts, rated, times)
    alpha = float(_alpha(counts, rated, times[None, :])[0])
    return pd.Series([percent, _cohen(units, times), alpha, ac1, low, high], [*STATISTICS, "low", "high"])


def _interval(values: np.ndarray, level: float) -> tuple[float, float]:
    """Percentiles of the defined resamples; NaN where half or more are undefined."""
    fine = values[~np.isnan(values)]
    if len(fine) <= len(values) / 2:
        return np.nan, np.nan
    low, high = np.quantile(fine, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _counted(ratings: pd.DataFrame, categories: list) -> np.ndarray:
    """Return units x categories: how many coders chose each."""
    return (ratings.to_numpy()[:, :, None] == np.array(categories)).sum(axis=1).astype(float)


def _agreed(counts: np.ndarray, rated: np.ndarray, times: np.ndarray) -> tuple[float, float]:
    """Return the share of pairs of ratings that agree, and that share beyond chance (Gwet's AC1)."""
    pairs = rated * (rated - 1)
    own = pairs > 0
    same = (counts * (counts - 1)).sum(axis=1)[own] / pairs[own]
    percent = float(np.average(same, weights=times[own])) if own.any() else np.nan
    any_rating, q = rated > 0, counts.shape[1]
    if q < 2 or not any_rating.any():
        return percent, np.nan
    pi = np.average(counts[any_rating] / rated[any_rating, None], axis=0, weights=times[any_rating])
    by_chance = (pi * (1 - pi)).sum() / (q - 1)
    return percent, float((percent - by_chance) / (1 - by_chance))


def _cohen(units: pd.DataFrame, times: np.ndarray) -> float:
    """Cohen's kappa of two coders, of the units that both rated."""
    if units.shape[1] != 2:
        return np.nan
    both = units.assign(times=times).dropna()
    n = both["times"].sum()
    first, second = (both["times"].groupby(both[name]).sum() / n for name in units)
    same = both.loc[both.iloc[:, 0] == both.iloc[:, 1], "times"].sum() / n
    chance = first.mul(second, fill_value=0).sum()
    return float((same - chance) / (1 - chance)) if chance < 1 else np.nan


def _alpha(counts: np.ndarray, rated: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Nominal alpha from coincidences (Krippendorff 2011, step C): units with one rating do not count.

    For every row of unit weights.
    """
    paired = rated >= 2
    kept = counts * paired[:, None]
    differ = np.where(paired, (rated**2 - (counts**2).sum(axis=1)) / np.maximum(rated - 1, 1), 0)
    values = weights @ kept
    n = values.sum(axis=1)
    chance = n**2 - (values**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
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
    both = {"binary": table.assign(a=marked["a"], b=marked["b"]), "cu": table[marked.all(axis=1)]}
    rows_out = [(name, _alpha_of_pairs(own, inside[name]), own["n"].sum()) for name, own in both.items()]
    return pd.DataFrame(rows_out, columns=["statistic", "estimate", "n"])


def _letters(own: pd.DataFrame, length: int, known: dict[frozenset, int]) -> np.ndarray:
    """Return the value of every letter that one coder gave a text: a number for each set of codes."""
    row = np.zeros(length, dtype=np.int64)
    first, last, value = (own[name].to_numpy() for name in ("start", "end", "value"))
    for start, end in pairwise(np.unique(np.concatenate([first, last])).tolist()):
        row[start:end] = known.setdefault(frozenset(value[(first <= start) & (last >= end)]), len(known))
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
