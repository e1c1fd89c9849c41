"""Compare EQ-5D profiles before and after: Paretian classes, probability of superiority, health profile grid.

Source: Devlin, Parkin, Browne 2010, Health Econ 19:886-905, doi 10.1002/hec.1608 (PCHC, HPG); Buchholz 2015,
Qual Life Res 24:2585 (probability of superiority); Devlin 2020 (see `eq5d_profile`). Both tables hold the
same patients in the same rows; a patient with a missing level at either time is left out and counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.eq5d import find_value_set, levels_of, look_up, pad
from vbhc.instruments.eq5d_names import tidy_version
from vbhc.instruments.eq5d_tables import DIMENSIONS, LEVELS, table

CLASSES = ("no change", "improved", "worsened", "mixed change", "no problems")
COLOURS = {"improved": "#0072B2", "worsened": "#B85000", "mixed change": "#C28600", "no change": "#666666",
           "no problems": "#919191"}  # fmt: skip


def paretian_class(before: Any, after: Any, version: str, no_problems: bool = True) -> pd.Series:
    """Return each patient's Paretian class of health change (PCHC).

    Better on one dimension at least and worse on none: improved; the reverse: worsened; better on some and
    worse on others: mixed change; the same on all: no change, or "no problems" for 11111 at both times
    (unless `no_problems` is False). Missing where a level is.
    """
    first, last = _pair(before, after, version)
    kinds = _classes(first.to_numpy(), last.to_numpy(), no_problems)
    missing = (first.isna() | last.isna()).any(axis=1).to_numpy()
    codes = np.where(missing, -1, kinds)
    return pd.Series(pd.Categorical.from_codes(codes, list(CLASSES)), index=first.index, name="pchc")


def _pair(before: Any, after: Any, version: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    first, last = levels_of(before, version), levels_of(after, version)
    if len(first) != len(last) or not first.index.equals(last.index):
        raise ValueError("before and after must hold the same patients in the same rows (same index)")
    return first, last


def _classes(first: np.ndarray, last: np.ndarray, no_problems: bool) -> np.ndarray:
    better, worse = (last < first).any(axis=1), (last > first).any(axis=1)
    well = (first == 1).all(axis=1) & (last == 1).all(axis=1) & no_problems
    return np.select([better & worse, better, worse, well], [3, 1, 2, 4], default=0)


def pchc(before: Any, after: Any, version: str, no_problems: bool = True) -> pd.DataFrame:
    """Count Paretian classes, over all dimensions and dimension by dimension.

    Returns
    -------
    DataFrame
        scope ("profile", mo, sc, ua, pd, ad), change, count, pct (of all complete pairs), pct_with_problems
        (of those not in "no problems"; NaN in that row), n, n_missing. Within one dimension there is no mixed
        change; with `no_problems` False 11111 at both times counts as no change.
    """
    first, last = _pair(before, after, version)
    complete = (first.notna() & last.notna()).all(axis=1).to_numpy()
    first, last = first[complete], last[complete]
    rows = []
    for scope in ("profile", *DIMENSIONS):
        columns = list(DIMENSIONS) if scope == "profile" else [scope]
        kinds = _classes(first[columns].to_numpy(), last[columns].to_numpy(), no_problems)
        counts = pd.Series(np.bincount(kinds, minlength=len(CLASSES)), index=list(CLASSES))
        counts = counts.drop([] if no_problems else "no problems")
        counts = counts.drop([] if scope == "profile" else "mixed change")
        rows.append(_shares(counts).assign(scope=scope))
    result = pd.concat(rows, ignore_index=True).assign(
        n=int(complete.sum()), n_missing=int((~complete).sum())
    )
    return result[["scope", "change", "count", "pct", "pct_with_problems", "n", "n_missing"]]


def _shares(counts: pd.Series) -> pd.DataFrame:
    frame = counts.rename_axis("change").reset_index(name="count")
    with_problems = frame["count"].where(frame["change"] != "no problems")
    return frame.assign(
        pct=100 * frame["count"] / frame["count"].sum(),
        pct_with_problems=100 * with_problems / with_problems.sum(),
    )


def probability_of_superiority(before: Any, after: Any, version: str, ci_level: float = 0.95) -> pd.DataFrame:
    """Return, per dimension, the probability that a patient is better after than before (0.5 = no change).

    Improved patients count 1, unchanged 1/2, worsened 0. The interval is that of the mean of these (normal).

    Returns
    -------
    DataFrame
        Rows mo, sc, ua, pd, ad: dimension, estimate, ci_low, ci_high, n, n_missing, method.
    """
    from scipy.stats import norm

    first, last = _pair(before, after, version)
    complete = (first.notna() & last.notna()).all(axis=1)
    points = (1 + np.sign(first[complete] - last[complete])) / 2
    half = norm.ppf((1 + ci_level) / 2) * points.sem()
    estimate = points.mean()
    low, high = (estimate - half).clip(lower=0), (estimate + half).clip(upper=1)
    result = pd.DataFrame({"estimate": estimate, "ci_low": low, "ci_high": high})
    result = result.rename_axis("dimension").reset_index()
    counts = {"n": int(complete.sum()), "n_missing": int((~complete).sum())}
    return result.assign(**counts, method="ties count one half, normal interval")


def health_profile_grid(before: Any, after: Any, value_set: str, version: str | None = None) -> pd.DataFrame:
    """Return each patient's place among all profiles before and after, by severity under a value set.

    Returns
    -------
    DataFrame
        before, after (1 = best profile; profiles of equal value share the better place), pchc; on the
        caller's index, NaN where a level is missing.
    """
    chosen = find_value_set(value_set, version)
    values = np.round(table(chosen.id), 9)
    order = np.sort(-values)
    places = np.searchsorted(order, -values, side="left") + 1.0
    first, last = _pair(before, after, chosen.version)
    label = f"EQ-5D-{chosen.version}"
    grid = {
        "before": look_up(first, pad(places), chosen.n_levels, label),
        "after": look_up(last, pad(places), chosen.n_levels, label),
        "pchc": paretian_class(first, last, chosen.version),
    }
    return pd.DataFrame(grid)


def plot_health_profile_grid(grid: pd.DataFrame, ax: Any, version: str = "3L", bins: int = 0) -> Any:
    """Draw the health profile grid on `ax` and return it: place before against place after.

    Points under the diagonal got better. With `bins`, squares of the grid are shaded by number of patients
    instead of a point per patient, which is the form that may be published.
    """
    top = LEVELS[tidy_version(version)] ** 5
    shown = grid.dropna()
    if bins:
        edges = np.linspace(0.5, top + 0.5, bins + 1)
        counts, _, _ = np.histogram2d(shown["before"], shown["after"], bins=[edges, edges])
        drawn = ax.pcolormesh(edges, edges, np.ma.masked_equal(counts.T, 0), cmap="Blues", vmin=0)
        ax.figure.colorbar(drawn, ax=ax, label="Number of patients")
    else:
        for name, colour in COLOURS.items():
            part = shown[shown["pchc"] == name]
            if len(part):
                ax.scatter(part["before"], part["after"], s=12, color=colour, label=f"{name} ({len(part)})")
        ax.legend(frameon=False, fontsize="small")
    ax.plot([1, top], [1, top], color="0.4", linewidth=1)
    ax.set_xlabel(f"Place of the profile before (1 = best, {top} = worst)")
    ax.set_ylabel(f"Place of the profile after (1 = best, {top} = worst)")
    ax.set_xlim(0, top + 1)
    ax.set_ylim(0, top + 1)
    return ax
