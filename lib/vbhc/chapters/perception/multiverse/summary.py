"""What all definitions say together, and which choice drives their spread."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.multiverse.curve import SIGNIFICANT
from vbhc.chapters.perception.multiverse.reasons import AXES, DEFENSIBLE, TIERS
from vbhc.statistics.resampling import least_p


def _defensible(result: pd.DataFrame) -> pd.DataFrame:
    """Return the definitions that are not flawed and have a correlation."""
    return result[result["tier"].isin(DEFENSIBLE) & result["estimate"].notna()]


def drivers(result: pd.DataFrame) -> pd.DataFrame:
    """Return how much of the spread of correlations each choice accounts for: `choice, eta_squared, values`.

    Eta squared is the sum of squares between a choice's values over the total; shares need not add up to 1.
    """
    used = _defensible(result)
    total = ((used["estimate"] - used["estimate"].mean()) ** 2).sum()
    rows = []
    for axis in AXES:
        groups = used.groupby(axis)["estimate"]
        between = (groups.size() * (groups.mean() - used["estimate"].mean()) ** 2).sum()
        rows.append((axis, between / total if total > 0 else np.nan, groups.ngroups))
    table = pd.DataFrame(rows, columns=["choice", "eta_squared", "values"])
    return table[table["values"] > 1].sort_values("eta_squared", ascending=False, ignore_index=True)


def multiverse_sentence(result: pd.DataFrame, test: pd.DataFrame | None = None) -> str:
    """Return what all defensible definitions say together; flawed ones never enter."""
    used = _defensible(result)
    if used.empty:
        return "No defensible definition gives a correlation on these data."
    r = used["estimate"]
    left_out = int((~result["tier"].isin(DEFENSIBLE)).sum())
    significant = int((used["p"] < SIGNIFICANT).sum())
    text = (
        f"Over {len(used):,} defensible definitions perception correlates {wording.number(r.median())} with "
        f"value in the median ({wording.number(r.min())} to {wording.number(r.max())}); "
        f"{wording.count(significant, len(used))} have p < .05"
    )
    if test is not None and len(test):
        row = test.set_index("statistic").loc["median"]
        p = wording.p_value(row["p"], least_p(int(row["n_permutations"]) + 1))
        text += f"; taken together {p} (permutation of perceptions{_left_out(test)})"
    text += _best_alone(used)
    spread = drivers(result)
    if len(spread):
        top = spread.iloc[0]
        share = wording.percent(top["eta_squared"])
        text += f". The choice of {top['choice']} matters most ({share} of the spread)"
    return text + (f"; {left_out:,} flawed definitions are left out." if left_out else ".")


def _best_alone(used: pd.DataFrame) -> str:
    """Return what the principled definitions say by themselves, where others are counted with them."""
    best = used.loc[used["tier"] == TIERS[0], "estimate"]
    if best.empty or len(best) == len(used):
        return ""
    ends = f"{wording.number(best.min())} to {wording.number(best.max())}"
    return f"; the {len(best):,} principled ones alone {wording.number(best.median())} ({ends})"


def _left_out(test: pd.DataFrame) -> str:
    """Return that the joint test goes without imputed outcomes, where there are some."""
    n = int(test["n_imputed"].iloc[0])
    return f", without the {n:,} definitions with imputed outcomes" if n else ""


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
    used = _defensible(result)
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
