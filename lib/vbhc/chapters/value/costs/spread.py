"""How costs are spread: mean and median, zeros, what the dearest carry. What is paid is the mean."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from vbhc import wording
from vbhc.chapters.value.distribution import distribution_bins
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.figure_style import LINE, TOTAL, drawable, finish, is_narrow, nothing_to_draw, with_commas
from vbhc.publish.results import Claim, Counted, Drawing, Result
from vbhc.statistics.words import patients_with

COLUMNS = ["n", "n_missing", "n_zero", "mean", "low", "high", "ci_level", "median", "sd", "cv", "reason"]
TENTH = 0.1


def cost_spread(cost: pd.Series, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the shape of costs, as one row.

    Returns
    -------
    DataFrame
        `n, n_missing, n_zero, mean` with its t interval, `median, sd, cv, reason`.
    """
    known = cost.dropna().to_numpy(dtype=float)
    row: dict[str, Any] = {"n": len(known), "n_missing": len(cost) - len(known), "ci_level": ci_level}
    row |= {"n_zero": int((known == 0).sum()), "reason": ""}
    if len(known) < 2:
        row["reason"] = f"{patients_with(len(known))} a cost; a spread needs two."
    else:
        mean, sd = known.mean(), known.std(ddof=1)
        half = stats.t.ppf((1 + ci_level) / 2, len(known) - 1) * sd / np.sqrt(len(known))
        row |= {"mean": mean, "low": mean - half, "high": mean + half, "median": np.median(known), "sd": sd}
        row["cv"] = sd / mean if mean > 0 else np.nan
    return pd.DataFrame([row]).reindex(columns=COLUMNS)


def cost_by_patient(vq: Definition, cost: pd.Series, spread: pd.DataFrame) -> Result:
    """Show how the bill falls on patients: a histogram, its mean and median, what the dearest carry.

    Parameters
    ----------
    spread : DataFrame
        From `cost_spread`.
    """
    row = spread.iloc[0]
    if row["reason"]:
        return Result("cost", says=[row["reason"]])
    middle = pd.DataFrame({"label": ["median", "mean"], "estimate": [row["median"], row["mean"]]})
    mean, median = (wording.money(row[name], vq.currency) for name in ("mean", "median"))
    drawing = Drawing(
        {"bins": distribution_bins(cost), "middle": middle},
        partial(draw_spread, xlabel=vq.cost_label),
        title=f"The patient in the middle cost {median}; the mean was {mean}",
        caption="Each bar counts patients; the outermost bars are open.",
        alt=f"Patients by cost, {vq.currency}",
    )
    free = f"{wording.count(int(row['n_zero']), int(row['n']))} cost nothing." if row["n_zero"] else ""
    return Result("cost", says=[_mean(row, vq), free, dearest(cost)], drawing=drawing)


def _mean(row: pd.Series, vq: Definition) -> Claim:
    counted = Counted(int(row["n"]), without={"without a known cost": int(row["n_missing"])})
    what = f"the mean cost per patient in {vq.currency}"
    ends = row[["low", "high"]].astype(float).to_dict()
    return Claim("level", what, row["mean"], n=int(row["n"]), decimals=0, counted=counted, **ends)


def dearest(cost: pd.Series) -> str:
    """Return what the dearest tenth of patients carries of the sum, and Gini's coefficient.

    >>> dearest(pd.Series([0.0, 100, 200, 700] + [0.0] * 6))
    'The dearest 10% of patients (1 of 10) make up 70% of all costs (Gini 0.82).'
    """
    known = np.sort(cost.dropna().to_numpy(dtype=float))[::-1]
    n, whole = len(known), known.sum()
    if not whole > 0:
        return "No patient has a cost above zero."
    top = int(np.ceil(TENTH * n - 1e-9))
    gini = max(float(1 + 1 / n - 2 * (known * np.arange(1, n + 1)).sum() / (n * whole)), 0.0)
    return (
        f"The dearest {wording.percent(TENTH)} of patients ({top:,} of {n:,}) make up "
        f"{wording.percent(known[:top].sum() / whole)} of all costs (Gini {wording.number(gini)})."
    )


def draw_spread(data: Mapping[str, pd.DataFrame], ax: Axes, xlabel: str = "") -> Axes:
    """Draw patients by their cost, with the median and the mean as named lines."""
    bins = drawable(data["bins"], "n")
    if bins.empty:
        return nothing_to_draw(ax)
    look: dict[str, Any] = {"color": TOTAL, "edgecolor": "white", "linewidth": 0.8, "align": "edge"}
    ax.bar(bins["left"], bins["n"], bins["right"] - bins["left"], **look)
    top = bins["n"].max() * 1.15
    for row in drawable(data["middle"], "estimate").itertuples():
        left = row.label == "median"
        ax.plot([row.estimate] * 2, [0, top], color=LINE, linestyle="--" if left else "-", linewidth=1)
        ax.text(row.estimate, top, f" {row.label} ", ha="right" if left else "left", va="top")
    ax.set_ylim(0, top * 1.02)
    ax.locator_params(axis="x", nbins=4 if is_narrow(ax) else 8)
    with_commas(ax.xaxis, ax.yaxis)
    return finish(ax, xlabel, "Patients")
