"""Value as each group of stakeholders would weigh it: the same patients, ranked by what each group spoke of.

A study says in `outcome_codes.csv` which outcomes stand for which codes of the interviews, and for which item
that respondents of a survey ranked. A group's weight on an outcome is the share of its interviewees who raise
one of these codes, or the mean weight of its respondents' ranks. An outcome with many codes is raised more
easily than one with few: give each about as many. `reranking` says how far the rankings part.
"""

import numpy as np
import pandas as pd
from scipy import stats


def weights_from_presence(presence: pd.DataFrame, groups: pd.Series, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return each group's weights from who raised what.

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees x codes.
    groups : Series
        Group by interviewee.
    outcomes : DataFrame
        From `read_outcome_codes`.

    Returns
    -------
    DataFrame
        One row per group and outcome: `group, outcome, label, k, n, weight`. Weights of a group add up to 1
        (NaN where nobody in it raises any of the codes). Raising a code is speaking of it, not rating it.
        Outcomes without a code are left out.
    """
    labels = groups.reindex(presence.index)
    outcomes = outcomes[outcomes["codes"].map(len) > 0]
    rows = []
    for name in dict.fromkeys(labels.dropna()):
        own = presence[labels == name]
        spoke = [int(own[list(codes)].any(axis=1).sum()) for codes in outcomes["codes"]]
        total = sum(spoke)
        for row, k in zip(outcomes.itertuples(), spoke, strict=True):
            rows.append((name, row.outcome, row.label, k, len(own), k / total if total else np.nan))
    return pd.DataFrame(rows, columns=["group", "outcome", "label", "k", "n", "weight"])


def votes_from_presence(presence: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return interviewees x outcomes: 1 where somebody raises a code of the outcome, else 0."""
    own = outcomes[outcomes["codes"].map(len) > 0]
    columns = {row.outcome: presence[list(row.codes)].any(axis=1) for row in own.itertuples()}
    return pd.DataFrame(columns, index=presence.index).astype(float)


def votes_from_ranks(ranks: pd.DataFrame) -> pd.DataFrame:
    """Return rank-order centroids: the r-th of m items weighs (1/r + ... + 1/m) / m.

    After Barron and Barrett 1996 (Manage Sci 42:1515-23). Tied items share the mean of their places; of a
    part of the items that were ranked the order counts. Rows with a missing rank are left out.
    """
    full = ranks.dropna()
    m = full.shape[1]
    if not len(full):
        return full.astype(float)
    centroid = np.cumsum(1 / np.arange(m, 0, -1))[::-1] / m
    order = stats.rankdata(full, axis=1, method="min").astype(int) - 1
    ties = stats.rankdata(full, axis=1, method="max").astype(int)
    sums = np.concatenate([[0], np.cumsum(centroid)])
    return pd.DataFrame((sums[ties] - sums[order]) / (ties - order), full.index, full.columns)


def scaled(patients: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes of patients with all of them, turned to higher is better, in standard deviations.

    Raises
    ------
    ValueError
        If an outcome does not vary among them.
    """
    own = patients[list(outcomes["outcome"])].astype(float).dropna()
    spread = own.std(ddof=1)
    if not (spread > 0).all():
        raise ValueError(f"{spread.index[~(spread > 0)][0]!r} does not vary among patients with all outcomes")
    return own / spread * outcomes.set_index("outcome")["sign"]
