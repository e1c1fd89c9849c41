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
        are left out.

    Returns
    -------
    DataFrame
        One row: `estimate` (W, 0 no agreement, 1 full; corrected for ties), `statistic` (Friedman's
        chi-square), `p`. W is NaN where every rater ties all items.

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
    ranks = stats.rankdata(full.to_numpy(dtype=float), axis=1)
    sums = ranks.sum(axis=0)
    ties = sum((times**3 - times).sum() for times in (np.unique(row, return_counts=True)[1] for row in ranks))
    below = m**2 * (k**3 - k) - m * ties
    w = 12 * ((sums - sums.mean()) ** 2).sum() / below if below > 0 else np.nan
    chi2 = m * (k - 1) * w
    return pd.DataFrame([{"estimate": w, "statistic": chi2, "p": float(stats.chi2.sf(chi2, k - 1))}])


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


def best_worst(
    choices: pd.DataFrame, groups: pd.Series, ci_level: float = 0.95, seed: int = 0, n_resamples: int = 2000
) -> pd.DataFrame:
    """Score best-worst choices by counting, each score with its interval.

    Respondents are drawn anew inside their group, each with all of their tasks, because the tasks of one
    person depend on each other (a bootstrap of clusters; percentile interval).

    Parameters
    ----------
    choices : DataFrame
        One row per item shown: `respondent, task, item, choice` with choice "best", "worst" or "". Each
        respondent and task has one best and one other worst.
    groups : Series
        Group by respondent; who has none is left out.

    Returns
    -------
    DataFrame
        One row per group and item, the highest score of each group first: `group, item, n` (respondents),
        `shown, best, worst, score` ((best - worst) / shown, -1 to 1), `low, high` (missing in a group of one:
        nobody else could have been drawn).

    References
    ----------
    Louviere, Flynn and Marley 2015, Best-Worst Scaling, ch. 2; Davison and Hinkley 1997, Bootstrap Methods
    and their Application, 3.8 (clusters drawn whole).

    Examples
    --------
    >>> shown = pd.DataFrame({"item": list("abc"), "choice": ["best", "", "worst"]})
    >>> found = best_worst(shown.assign(respondent=1, task=1), pd.Series({1: "all"}))
    >>> found[["item", "score"]].to_numpy().tolist()
    [['a', 1.0], ['b', 0.0], ['c', -1.0]]
    """
    marks = choices.assign(shown=1, **{kind: choices["choice"].eq(kind) * 1 for kind in ("best", "worst")})
    kinds = ["shown", "best", "worst"]
    sums = marks.pivot_table(kinds, "respondent", "item", aggfunc="sum", fill_value=0, sort=False)
    label = pd.Series(sums.index.map(groups), sums.index)
    tables: list[pd.DataFrame] = []
    rng = np.random.default_rng(seed)
    for name in dict.fromkeys(label.dropna()):
        own = sums[label == name]
        drawn = rng.multinomial(len(own), np.full(len(own), 1 / len(own)), size=n_resamples)
        times = drawn @ own["shown"].to_numpy(float)
        points = drawn @ (own["best"] - own["worst"]).to_numpy(float)
        table = pd.DataFrame({kind: own[kind].sum() for kind in ("shown", "best", "worst")})
        table.insert(0, "n", (own["shown"] > 0).sum())
        table["score"] = (table["best"] - table["worst"]) / table["shown"]
        scores = pd.DataFrame(np.where(times > 0, points / np.maximum(times, 1), np.nan), columns=table.index)
        tail = (1 - ci_level) / 2
        table[["low", "high"]] = np.nan
        if len(own) > 1:
            table["low"], table["high"] = scores.quantile([tail, 1 - tail]).to_numpy()
        table = table[table["shown"] > 0].sort_values("score", ascending=False)
        tables.append(table.rename_axis("item").reset_index().assign(group=name))
    return pd.concat(tables, ignore_index=True)[["group", *tables[0].columns.drop("group")]]
