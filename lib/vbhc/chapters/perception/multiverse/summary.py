"""What all defensible definitions give, by choice."""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.multiverse.curve import SIGNIFICANT
from vbhc.chapters.perception.multiverse.reasons import AXES, DEFENSIBLE


def defensible(result: pd.DataFrame) -> pd.DataFrame:
    """Return the definitions that are not flawed and have a correlation."""
    return result[result["tier"].isin(DEFENSIBLE) & result["estimate"].notna()]


def by_choice_sentence(sides: pd.DataFrame) -> str:
    """Return between which two values of one choice the medians lie furthest apart (from `by_choice`)."""
    if sides.empty:
        return "No choice has two defensible values."
    medians = sides.groupby("choice")["median"]
    choice = (medians.max() - medians.min()).idxmax()
    rows = sides[sides["choice"] == choice]
    low, high = rows.loc[rows["median"].idxmin()], rows.loc[rows["median"].idxmax()]
    return (
        f"By {choice} the median correlation runs from {wording.number(low['median'])} ({low['value']}) to "
        f"{wording.number(high['median'])} ({high['value']})"
    )


def by_choice(result: pd.DataFrame) -> pd.DataFrame:
    """Return what each value of each choice gives over all definitions that use it.

    Returns
    -------
    DataFrame
        `choice, value, median, low, high` (5% and 95% of the correlations), `significant` (share with p <
        .05), `definitions`; choices with a single value are left out.
    """
    used = defensible(result)
    rows = []
    for axis in AXES:
        groups = used.groupby(axis, sort=False)
        if groups.ngroups < 2:
            continue
        for name, part in groups:
            low, median, high = part["estimate"].quantile([0.05, 0.5, 0.95])
            rows.append((axis, name, median, low, high, (part["p"] < SIGNIFICANT).mean(), len(part)))
    names = ["choice", "value", "median", "low", "high", "significant", "definitions"]
    return pd.DataFrame(rows, columns=names)
