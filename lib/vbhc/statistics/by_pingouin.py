"""What pingouin says: rank, partial and repeated-measures correlation, and the intraclass correlation.

Each function returns `estimate, low, high, p, n` as one row. pingouin's intervals are 95% and come
rounded to two decimals. Rows with a missing value are left out.
"""

from __future__ import annotations

import pandas as pd

from vbhc.statistics.correlation.partial import held_equal


def corr(x: pd.Series, y: pd.Series) -> pd.DataFrame:
    """Return Spearman's rho (`pingouin.corr`); its interval is Fisher's z with variance 1 / (n - 3)."""
    import pingouin

    pairs = pd.DataFrame({"x": x, "y": y}).dropna().astype(float)
    found = pingouin.corr(pairs["x"], pairs["y"], method="spearman").iloc[0]
    return _row(found["r"], found["CI95"], found["p_val"], found["n"])


def partial_corr(x: pd.Series, y: pd.Series, covariates: pd.DataFrame) -> pd.DataFrame:
    """Return Spearman's rho with covariates held equal (`pingouin.partial_corr`).

    Covariates as in `partial_spearman`: text becomes indicators, and what follows from the others is left
    out, because pingouin would count it. Its interval is Fisher's z with variance 1 / (n - k - 3).
    """
    import pingouin

    known = x.notna() & y.notna() & covariates.notna().all(axis=1)
    held = pd.DataFrame(held_equal(covariates[known]), index=covariates.index[known]).add_prefix("held_")
    if held.empty:
        return corr(x[known], y[known])
    frame = held.assign(x=x[known].astype(float), y=y[known].astype(float))
    found = pingouin.partial_corr(frame, x="x", y="y", covar=list(held), method="spearman").iloc[0]
    return _row(found["r"], found["CI95"], found["p_val"], found["n"])


def rm_corr(x: pd.Series, y: pd.Series, patient: pd.Series) -> pd.DataFrame:
    """Return the correlation within patients over visits (`pingouin.rm_corr`); `n` counts visits."""
    import pingouin

    visits = pd.DataFrame({"x": x.astype(float), "y": y.astype(float), "patient": patient}).dropna()
    visits = visits[visits.groupby("patient")["patient"].transform("size") > 1]
    found = pingouin.rm_corr(visits, x="x", y="y", subject="patient").iloc[0]
    return _row(found["r"], found["CI95"], found["pval"], len(visits))


def intraclass_corr(ratings: pd.DataFrame) -> pd.DataFrame:
    """Return the intraclass correlation of single ratings, absolute agreement (`pingouin.intraclass_corr`).

    Parameters
    ----------
    ratings : DataFrame
        Units x raters (or rounds); a unit with a gap is left out. `n` counts units.

    References
    ----------
    ICC(A,1) of McGraw and Wong 1996, Psychol Methods 1:30-46; ICC(2,1) of Shrout and Fleiss 1979.
    """
    import pingouin

    full = ratings.dropna().astype(float).rename_axis(index="unit", columns="rater")
    long = full.stack().rename("rating").reset_index()
    table = pingouin.intraclass_corr(long, targets="unit", raters="rater", ratings="rating")
    found = table.set_index("Type").loc["ICC(A,1)"]
    return _row(found["ICC"], found["CI95"], found["pval"], len(full))


def _row(estimate: float, ends: list[float], p: float, n: int) -> pd.DataFrame:
    low, high = ends
    return pd.DataFrame([{"estimate": estimate, "low": low, "high": high, "p": p, "n": int(n)}])
