"""What pingouin says: the intraclass correlation, with its 95% interval rounded to two decimals."""

from typing import Any

import pandas as pd


def difference_held_equal(outcome: pd.Series, columns: pd.DataFrame, ci_level: float) -> dict[str, Any]:
    """Return the coefficient of the first column, the others held equal (`pingouin.linear_regression`)."""
    import pingouin

    frame = columns.assign(outcome=outcome.astype(float)).dropna()
    found = pingouin.linear_regression(frame[list(columns)], frame["outcome"], alpha=1 - ci_level).iloc[1]
    low, high = found.filter(like="CI")
    return {"estimate": float(found["coef"]), "low": float(low), "high": float(high), "n": len(frame)}


def intraclass_corr(ratings: pd.DataFrame) -> pd.DataFrame:
    """Return `estimate, low, high, p, n` of single ratings, absolute agreement (`pingouin.intraclass_corr`).

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
    low, high = found["CI95"]
    row = {"estimate": found["ICC"], "low": low, "high": high, "p": found["pval"], "n": len(full)}
    return pd.DataFrame([row])
