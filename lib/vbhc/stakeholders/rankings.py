"""Rankings, best-worst choices and Delphi rounds: what a panel puts first, and whether it agrees."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.stakeholders.tables2x2 import wilson
from vbhc.wording import listing, number, p_value, percent


def concordance(rankings: pd.DataFrame) -> pd.DataFrame:
    """Return Kendall's coefficient of concordance W.

    Parameters
    ----------
    rankings : DataFrame of numbers
        Raters x items; ranks or scores (only their order within a rater counts). Raters with a missing item
        are left out and counted.

    Returns
    -------
    DataFrame
        One row: `estimate` (W, 0 no agreement, 1 full; corrected for ties), `statistic` (Friedman's
        chi-square), `df, p_val, n` (raters), `n_items, n_missing, method`. W is NaN where every rater ties
        all items.

    References
    ----------
    Kendall and Babington Smith 1939; Siegel and Castellan 1988, eq. 9.16 (ties).
    """
    full = rankings.dropna()
    m, k = full.shape
    if m < 2 or k < 2:
        raise ValueError(f"need at least two raters and two items; found {m} and {k}")
    ranks = stats.rankdata(full.to_numpy(dtype=float), axis=1)
    sums = ranks.sum(axis=0)
    ties = sum((times**3 - times).sum() for times in (np.unique(row, return_counts=True)[1] for row in ranks))
    below = m**2 * (k**3 - k) - m * ties
    w = 12 * ((sums - sums.mean()) ** 2).sum() / below if below > 0 else np.nan
    chi2 = m * (k - 1) * w
    row = {"estimate": w, "statistic": chi2, "df": k - 1, "p_val": float(stats.chi2.sf(chi2, k - 1))}
    row |= {"n": m, "n_items": k, "n_missing": len(rankings) - m, "method": "Kendall's W, Friedman"}
    return pd.DataFrame([row])


def mean_ranks(rankings: pd.DataFrame, groups: pd.Series | None = None) -> pd.DataFrame:
    """Return the mean rank of each item, per group if given: `group, item, n, mean_rank, first` (1 = first).

    `first` counts raters who put the item first (ties for first count all).
    """
    full = rankings.dropna()
    ranks = pd.DataFrame(stats.rankdata(full, axis=1), full.index, full.columns)
    labels = pd.Series("all", full.index) if groups is None else groups.reindex(full.index)
    rows = []
    for name in dict.fromkeys(labels.dropna()):
        own = ranks[labels == name]
        first = own.eq(own.min(axis=1), axis=0).sum()
        rows += [
            {
                "group": name,
                "item": item,
                "n": len(own),
                "mean_rank": own[item].mean(),
                "first": int(first[item]),
            }
            for item in own
        ]
    return pd.DataFrame(rows)


def best_worst(choices: pd.DataFrame, groups: pd.Series | None = None) -> pd.DataFrame:
    """Score best-worst choices by counting.

    Parameters
    ----------
    choices : DataFrame
        One row per item shown: `respondent, task, item, choice` with choice "best", "worst" or "" (missing
        is ""). Each respondent and task has one best and one other worst.
    groups : Series, optional
        Group by respondent.

    Returns
    -------
    DataFrame
        One row per group and item, the highest score first: `group, item, n` (respondents), `shown, best,
        worst, score` ((best - worst) / shown, -1 to 1).

    Raises
    ------
    ValueError
        If a task lacks a best or a worst, has two, or the same item for both: its respondent is named.

    References
    ----------
    Louviere, Flynn and Marley 2015, Best-Worst Scaling, ch. 2.
    """
    table = choices.assign(choice=choices["choice"].fillna("").astype(str).str.strip().str.lower())
    odd = sorted(set(table["choice"]) - {"", "best", "worst"})
    if odd:
        raise ValueError(f"choice {odd[0]!r}; known: best, worst or empty")
    for kind in ("best", "worst"):
        times = (table["choice"] == kind).groupby([table["respondent"], table["task"]]).sum()
        if (times != 1).any():
            who, task = times.index[(times != 1).to_numpy().argmax()]
            raise ValueError(
                f"respondent {who}, task {task}: {times.loc[(who, task)]} items are {kind}; one is needed"
            )
    label = pd.Series("all", table.index) if groups is None else table["respondent"].map(groups)
    rows = []
    for (name, item), own in table.groupby([label.rename("group"), "item"], sort=False):
        best, worst = (int((own["choice"] == kind).sum()) for kind in ("best", "worst"))
        row = {"group": name, "item": item, "n": own["respondent"].nunique(), "shown": len(own)}
        rows.append(row | {"best": best, "worst": worst, "score": (best - worst) / len(own)})
    found = pd.DataFrame(rows)
    parts = [part.sort_values("score", ascending=False) for _, part in found.groupby("group", sort=False)]
    return pd.concat(parts, ignore_index=True)


def dispersion_consensus(ratings: pd.Series, low: float, high: float) -> float:
    """Return Tastle and Wierman's consensus: 1 where all give one rating, 0 where half give each end.

    Reference: Tastle and Wierman 2007, Int J Approx Reason 45:531-45, eq. 5. Missing ratings are left out.
    """
    known = ratings.dropna().astype(float)
    if known.empty:
        return np.nan
    if not known.between(low, high).all() or high <= low:
        raise ValueError(
            f"ratings must lie between {low:g} and {high:g}; found {known.min():g} to {known.max():g}"
        )
    values, times = np.unique(known, return_counts=True)
    apart = 1 - np.abs(values - known.mean()) / (high - low)
    return float(1 + (times / len(known) * np.log2(apart)).sum())


def delphi(
    ratings: pd.DataFrame,
    *,
    low: float,
    high: float,
    agree_from: float,
    share: float,
    most_iqr: float = np.inf,
) -> pd.DataFrame:
    """Return which items a panel agrees on, by a rule that was fixed before the round.

    Parameters
    ----------
    ratings : DataFrame of numbers
        Panellists x items.
    low, high : float
        Ends of the scale.
    agree_from, share, most_iqr : float
        Consensus: at least `share` (0-1) of the panel rate `agree_from` or higher, and the interquartile
        range is at most `most_iqr`. Published definitions differ and move the result, so none is a default.

    Returns
    -------
    DataFrame
        One row per item: `item, n, n_missing, median, iqr, sd, k_agree, estimate` (k / n), `ci_low, ci_high`
        (Wilson 95%), `cns` (Tastle and Wierman), `consensus` (bool), `rule`.
    """
    rule = f"{percent(share)} rate {agree_from:g} or higher of {low:g} to {high:g}"
    rule += f", interquartile range at most {most_iqr:g}" if np.isfinite(most_iqr) else ""
    rows = []
    for item in ratings:
        own = ratings[item].dropna().astype(float)
        n, k = len(own), int((own >= agree_from).sum())
        ends = wilson(k, n)
        iqr = float(own.quantile(0.75) - own.quantile(0.25)) if n else np.nan
        row = {"item": item, "n": n, "n_missing": len(ratings) - n, "median": own.median(), "iqr": iqr}
        row |= {"sd": own.std(ddof=1), "k_agree": k, "estimate": k / n if n else np.nan}
        row |= {"ci_low": ends[0], "ci_high": ends[1], "cns": dispersion_consensus(own, low, high)}
        rows.append(row | {"consensus": bool(n and k / n >= share and iqr <= most_iqr), "rule": rule})
    return pd.DataFrame(rows)


def concordance_sentence(result: pd.DataFrame, ranks: pd.DataFrame) -> str:
    """Return how far raters agree on the order, and which items come first."""
    row = result.iloc[0]
    if pd.isna(row["estimate"]):
        return "Every rater ties all items; there is no order to agree on."
    top = ranks[ranks["group"] == ranks["group"].iloc[0]].nsmallest(2, "mean_rank")["item"]
    return (
        f"{int(row['n'])} raters order {int(row['n_items'])} items with concordance W = "
        f"{number(row['estimate'])} ({p_value(row['p_val'])}); first come {listing(top)}."
    )


def delphi_sentence(table: pd.DataFrame) -> str:
    """Return on how many items the panel agrees, by which rule."""
    yes = table.loc[table["consensus"], "item"]
    named = f": {listing(yes)}" if 0 < len(yes) <= 5 else ""
    return f"The panel agrees on {len(yes)} of {len(table)} items{named} (rule: {table['rule'].iloc[0]})."
