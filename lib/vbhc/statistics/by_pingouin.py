"""What pingouin says: how much an outcome differs by one thing, with others held equal."""

from typing import Any

import pandas as pd


def difference_held_equal(outcome: pd.Series, columns: pd.DataFrame, ci_level: float) -> dict[str, Any]:
    """Return the coefficient of the first column, the others held equal (`pingouin.linear_regression`)."""
    import pingouin

    frame = columns.assign(outcome=outcome.astype(float)).dropna()
    found = pingouin.linear_regression(frame[list(columns)], frame["outcome"], alpha=1 - ci_level).iloc[1]
    low, high = found.filter(like="CI")
    return {"estimate": float(found["coef"]), "low": float(low), "high": float(high), "n": len(frame)}
