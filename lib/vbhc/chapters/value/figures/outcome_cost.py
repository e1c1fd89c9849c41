"""The figure of outcome against cost: a grid of counts, so that no point is a patient."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import LogNorm
from matplotlib.ticker import FuncFormatter

from vbhc.chapters.value.figures.distribution import bin_edges, edges_of, plain, withheld
from vbhc.publish.figure_style import DENSITY, LINE, QUIET, drawable, finish, nothing_to_draw


def outcome_cost_bins(outcome: pd.Series, cost: pd.Series, n_bins: int = 16) -> pd.DataFrame:
    """Count patients in a grid of outcome by cost, for a picture without points of single patients.

    Returns
    -------
    DataFrame
        `cost_left, cost_right, outcome_left, outcome_right, n`, cells without patients left out. Outermost
        cells take in everything beyond them.
    """
    both = outcome.notna() & cost.notna()
    x, y = cost[both].to_numpy(dtype=float), outcome[both].to_numpy(dtype=float)
    columns = ["cost_left", "cost_right", "outcome_left", "outcome_right", "n"]
    if len(x) == 0:
        return pd.DataFrame(columns=columns, dtype=float)
    edges_x, edges_y = bin_edges(cost[both], n_bins), bin_edges(outcome[both], n_bins)
    at_x = np.clip(np.searchsorted(edges_x, x, side="right") - 1, 0, len(edges_x) - 2)
    at_y = np.clip(np.searchsorted(edges_y, y, side="right") - 1, 0, len(edges_y) - 2)
    counts = pd.Series(1, index=[at_x, at_y]).groupby(level=[0, 1]).size()
    cells = counts.index.to_frame().to_numpy()
    values = (edges_x[cells[:, 0]], edges_x[cells[:, 0] + 1], edges_y[cells[:, 1]], edges_y[cells[:, 1] + 1])
    return pd.DataFrame(dict(zip(columns, (*values, counts.to_numpy()), strict=True)))


def plot_outcome_cost(
    data: pd.DataFrame,
    ax: Axes,
    xlabel: str = "Cost",
    ylabel: str = "Outcome",
    title: str = "",
    ratio: float | None = None,
    ratio_label: str = "ratio of means",
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
    sns.histplot(
        shown.assign(**{side: shown[[f"{side}_left", f"{side}_right"]].mean(axis=1) for side in sides}),
        x="cost",
        y="outcome",
        weights="n",
        bins=tuple(edges_of(shown, f"{side}_left", f"{side}_right") for side in sides),
        cmap=DENSITY,
        ax=ax,
    )
    (cells,) = ax.collections
    cells.set_norm(LogNorm(1, max(2, shown["n"].max())))  # seaborn's own scale is linear
    if ratio is not None and np.isfinite(ratio):
        ends = np.array([0, data["cost_right"].max()])
        ax.plot(ends, ratio * ends, color=LINE, linewidth=1.5, label=ratio_label)
        ax.legend(frameon=False, loc="lower right" if ratio > 0 else "upper right")  # where the ray is not
    ax.axhline(0, color=QUIET, linewidth=0.8, zorder=0)
    _legend_of_counts(ax, cells)
    ax.set_xlim(min(0, data["cost_left"].min()), data["cost_right"].max())
    ax.set_ylim(min(0, data["outcome_left"].min()), data["outcome_right"].max())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    return finish(ax, xlabel, ylabel, title)


def _legend_of_counts(ax: Axes, cells: QuadMesh) -> None:
    bar = ax.get_figure().colorbar(cells, ax=ax, label="Patients in cell")
    most = cells.norm.vmax
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
