"""Who raised what, as it is drawn: k of n by code and group, and a map without names."""

import pandas as pd

from vbhc.statistics import tables2x2


def group_counts(presence: pd.DataFrame, groups: pd.Series, ci_level: float = 0.95) -> pd.DataFrame:
    """Return k of n interviewees per code and group, for any number of groups.

    Returns
    -------
    DataFrame
        One row per code and group, in the order of the columns and of the groups' first appearance:
        `code, group, k, n, estimate` (k / n), `low, high` (Wilson), `n_missing` (no group), `method`.
    """
    labels = groups.reindex(presence.index)
    missing = int(labels.isna().sum())
    rows = []
    for code in presence:
        for name in dict.fromkeys(labels.dropna()):
            own = presence.loc[labels == name, code]
            k, n = int(own.sum()), len(own)
            rows.append((code, name, k, n, k / n, *tables2x2.wilson(k, n, ci_level), missing, "Wilson"))
    columns = ["code", "group", "k", "n", "estimate", "low", "high", "n_missing", "method"]
    return pd.DataFrame(rows, columns=columns)


def presence_cells(presence: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Return one row per code and interviewee for a map, without names.

    Interviewees stand by group and, inside it, by how many codes they raise: their number says nothing about
    who they are or when they were interviewed.

    Returns
    -------
    DataFrame
        `code, group, position` (1 is leftmost), `raised` (bool). Interviewees without a group are left out.
    """
    labels = groups.reindex(presence.index).dropna()
    used = presence.loc[labels.index].astype(bool)
    if used.empty:
        return pd.DataFrame(columns=["code", "group", "position", "raised"])
    rank = {name: n for n, name in enumerate(dict.fromkeys(labels))}
    profile = used.astype(int).astype(str).agg("".join, axis=1)
    keys = pd.DataFrame({"group": labels.map(rank), "raised": -used.sum(axis=1), "profile": profile})
    order = keys.sort_values(["group", "raised", "profile"], ascending=[True, True, False]).index
    rows = [
        {"code": code, "group": labels[person], "position": n, "raised": bool(used.at[person, code])}
        for code in used
        for n, person in enumerate(order, start=1)
    ]
    return pd.DataFrame(rows, columns=["code", "group", "position", "raised"])
