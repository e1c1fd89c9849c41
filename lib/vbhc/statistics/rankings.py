"""Rankings and best-worst choices: what respondents put first, and whether they agree."""

import numpy as np
import pandas as pd
from scipy import stats


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
        chi-square), `df, p, n` (raters), `n_items, n_missing, method`. W is NaN where every rater ties
        all items.

    Raises
    ------
    ValueError
        With fewer than two complete raters, or than two items.

    References
    ----------
    Kendall and Babington Smith 1939; Siegel and Castellan 1988, eq. 9.16 (ties).

    Examples
    --------
    >>> table = concordance(pd.DataFrame([[1, 2, 3], [1, 2, 3]]))
    >>> table[["estimate", "statistic"]].to_numpy().tolist()  # 2 raters x (3 - 1) x 1
    [[1.0, 4.0]]
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
    row = {"estimate": w, "statistic": chi2, "df": k - 1, "p": float(stats.chi2.sf(chi2, k - 1))}
    row |= {"n": m, "n_items": k, "n_missing": len(rankings) - m, "method": "Kendall's W, Friedman"}
    return pd.DataFrame([row])


def mean_ranks(rankings: pd.DataFrame, groups: pd.Series | None = None) -> pd.DataFrame:
    """Return the mean rank of each item, per group if given: `group, item, n, mean_rank, first` (1 = first).

    `first` counts raters who put the item first (ties for first count all).

    Raters with a missing item are left out.

    >>> mean_ranks(pd.DataFrame({"cost": [1, 2], "gain": [2, 1]}))["mean_rank"].tolist()
    [1.5, 1.5]
    """
    full = rankings.dropna()
    ranks = pd.DataFrame(stats.rankdata(full, axis=1), full.index, full.columns)
    labels = pd.Series("all", full.index) if groups is None else groups.reindex(full.index)
    rows = []
    for name in dict.fromkeys(labels.dropna()):
        own = ranks[labels == name]
        first = own.eq(own.min(axis=1), axis=0).sum()
        rows += [(name, item, len(own), own[item].mean(), int(first[item])) for item in own]
    return pd.DataFrame(rows, columns=["group", "item", "n", "mean_rank", "first"])


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

    Examples
    --------
    >>> shown = pd.DataFrame({"item": list("abc"), "choice": ["best", "", "worst"]})
    >>> best_worst(shown.assign(respondent=1, task=1))[["item", "score"]].to_numpy().tolist()
    [['a', 1.0], ['b', 0.0], ['c', -1.0]]
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


def best_worst_intervals(
    choices: pd.DataFrame, groups: pd.Series, ci_level: float = 0.95, seed: int = 0, n_resamples: int = 2000
) -> pd.DataFrame:
    """Return an interval for each best-worst score: `group, item, low, high`.

    Respondents are drawn anew inside their group, each with all of their tasks, because the tasks of one
    person depend on each other (a bootstrap of clusters).

    Parameters
    ----------
    choices, groups
        As for `best_worst`.

    Notes
    -----
    Percentile interval. Missing (NaN) in a group of one: nobody else could have been drawn.

    References
    ----------
    Efron and Tibshirani 1993, An Introduction to the Bootstrap, ch. 13; Davison and Hinkley 1997, Bootstrap
    Methods and their Application, 3.8 (clusters drawn whole).
    """
    marks = choices.assign(point=choices["choice"].map({"best": 1, "worst": -1}).fillna(0), shown=1)
    sums = marks.pivot_table(
        index="respondent", columns="item", values=["point", "shown"], aggfunc="sum", fill_value=0, sort=False
    )
    label = pd.Series(sums.index.map(groups), sums.index)
    rows: list[pd.DataFrame] = []
    rng = np.random.default_rng(seed)
    for name in dict.fromkeys(label.dropna()):
        own = sums[label == name]
        drawn = rng.multinomial(len(own), np.full(len(own), 1 / len(own)), size=n_resamples)
        shown = drawn @ own["shown"].to_numpy(dtype=float)
        scores = np.where(shown > 0, drawn @ own["point"].to_numpy(dtype=float), np.nan) / np.maximum(
            shown, 1
        )
        ends = np.full((2, scores.shape[1]), np.nan)
        asked = ~np.isnan(scores).all(axis=0) & (len(own) > 1)
        tail = (1 - ci_level) / 2
        ends[:, asked] = np.nanquantile(scores[:, asked], [tail, 1 - tail], axis=0)
        items = own["point"].columns
        rows.append(pd.DataFrame({"group": name, "item": items, "low": ends[0], "high": ends[1]}))
    return pd.concat(rows, ignore_index=True)
