"""The figure of outcome against cost: a grid of counts, so that no point is a patient."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import LogNorm

from vbhc.chapters.value.figures.distribution import bin_edges, edges_of, grid_counts, plain, withheld
from vbhc.publish.figure_style import DENSITY, LINE, QUIET, drawable, finish, nothing_to_draw, with_commas


def outcome_cost_bins(outcome: pd.Series, cost: pd.Series) -> pd.DataFrame:
    """Count patients in a grid of outcome by cost, for a picture without points of single patients.

    Returns
    -------
    DataFrame
        `cost_left, cost_right, outcome_left, outcome_right, n`, cells without patients left out. Outermost
        cells take in everything beyond them.
    """
    both = outcome.notna() & cost.notna()
    x, y = cost[both].astype(float), outcome[both].astype(float)
    columns = ["cost_left", "cost_right", "outcome_left", "outcome_right", "n"]
    if x.empty:
        return pd.DataFrame(columns=columns, dtype=float)
    return grid_counts(x, y, bin_edges(x, 16), bin_edges(y, 16)).set_axis(columns, axis=1)


def plot_outcome_cost(
    data: pd.DataFrame,
    ax: Axes,
    xlabel: str = "Cost",
    ylabel: str = "Outcome",
    title: str = "",
    ratio: float | None = None,
) -> Axes:
    """Draw the grid of `outcome_cost_bins`, darker for more patients.

    Parameters
    ----------
    ratio : float, optional
        Outcome per one currency unit; draws the ray from the origin along which every patient would have this
        value.
    """
    shown = drawable(data, "n")
    if shown.empty:
        return nothing_to_draw(ax)
    sides = ("cost", "outcome")
    middles = {side: shown[[f"{side}_left", f"{side}_right"]].mean(axis=1) for side in sides}
    bins = tuple(edges_of(shown, f"{side}_left", f"{side}_right") for side in sides)
    sns.histplot(shown.assign(**middles), x="cost", y="outcome", weights="n", bins=bins, cmap=DENSITY, ax=ax)
    (cells,) = ax.collections
    most = max(2, shown["n"].max())
    cells.set_norm(LogNorm(1, most))  # seaborn's own scale is linear
    if ratio is not None and np.isfinite(ratio):
        ends = np.array([0, data["cost_right"].max()])
        ax.plot(ends, ratio * ends, color=LINE, linewidth=1.5, label="ratio of means")
        ax.legend(frameon=False, loc="lower right" if ratio > 0 else "upper right")  # where the ray is not
    ax.axhline(0, color=QUIET, linewidth=0.8, zorder=0)
    _legend_of_counts(ax, cells, most)
    ax.set_xlim(min(0, data["cost_left"].min()), data["cost_right"].max())
    ax.set_ylim(min(0, data["outcome_left"].min()), data["outcome_right"].max())
    with_commas(ax.xaxis)
    return finish(ax, xlabel, ylabel, title)


def _legend_of_counts(ax: Axes, cells: Collection, most: float) -> None:
    bar = ax.get_figure().colorbar(cells, ax=ax, label="Patients in cell")
    ticks = [1, *(t for t in (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if t <= most)]
    bar.set_ticks(ticks, labels=[f"{t:,}" for t in ticks])
    bar.minorticks_off()


def alt_outcome_cost(data: pd.DataFrame, outcome: str, cost: str, ratio_text: str = "") -> str:
    """Describe the grid: how many patients, the spans, the fullest cell, and the ray."""
    shown = drawable(data, "n")
    if shown.empty:
        return f"Grid of {outcome} against {cost}: no cell can be shown."
    peak = shown.loc[shown["n"].idxmax()]
    spans = {side: _span(shown, side) for side in ("outcome", "cost")}
    text = (
        f"Grid of {outcome} (from {spans['outcome']}) against {cost} (from {spans['cost']}) for "
        f"{int(shown['n'].sum()):,} patients; the fullest cell, cost {_span(peak.to_frame().T, 'cost')} and "
        f"outcome {_span(peak.to_frame().T, 'outcome')}, holds {int(peak['n']):,}."
    )
    return text + (f" A ray shows {ratio_text}." if ratio_text else "") + withheld(data, shown, "cells")


def _span(cells: pd.DataFrame, side: str) -> str:
    return f"{plain(cells[f'{side}_left'].min())} to {plain(cells[f'{side}_right'].max())}"
