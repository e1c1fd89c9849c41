"""Figures of how a quantity is spread over patients: a histogram whose outermost bins are open."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vbhc.publish.figure_style import LINE, PALETTE, drawable, finish, nothing_to_draw, with_commas

TAIL = 0.01  # share of patients at either end that the outermost bins take in, whatever their values


def bin_edges(values: pd.Series, n_bins: int = 20, tail: float = TAIL) -> np.ndarray:
    """Return round bin edges that span all but the outermost `tail` of the values at either end.

    The outermost bins are open, so that no edge gives away the largest or smallest patient.
    """
    known = values.dropna().to_numpy(dtype=float)
    if len(known) == 0:
        return np.array([])
    low, high = np.quantile(known, [tail, 1 - tail])
    if low == high:
        low, high = low - 0.5, high + 0.5
    return np.asarray(MaxNLocator(nbins=n_bins, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))


def grid_counts(x: pd.Series, y: pd.Series, edges_x: np.ndarray, edges_y: np.ndarray) -> pd.DataFrame:
    """Count pairs in a grid: `x_left, x_right, y_left, y_right, n`, cells without any left out.

    Outermost cells take in everything beyond them.
    """
    at_x, at_y = _bin_of(x, edges_x), _bin_of(y, edges_y)
    counts = pd.Series(1, index=[at_x, at_y]).groupby(level=[0, 1]).size()
    at_x, at_y = counts.index.to_frame().to_numpy().T
    sides = {"x_left": edges_x[at_x], "x_right": edges_x[at_x + 1]}
    sides |= {"y_left": edges_y[at_y], "y_right": edges_y[at_y + 1]}
    return pd.DataFrame(sides | {"n": counts.to_numpy()})


def _bin_of(values: pd.Series | np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the bin of each value; the first and the last take in everything beyond them."""
    return np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)


def distribution_bins(values: pd.Series, n_bins: int = 20) -> pd.DataFrame:
    """Count values in bins for a histogram.

    Returns
    -------
    DataFrame
        `left, right, n, open`: each bin holds left <= value < right; the first is open to the left and the
        last to the right (`open` = "left", "right" or "") when values lie beyond. Empty without values.
    """
    edges = bin_edges(values, n_bins)
    known = values.dropna().to_numpy(dtype=float)
    if len(known) == 0:
        return pd.DataFrame({"left": [], "right": [], "n": [], "open": []})
    counts = np.bincount(_bin_of(known, edges), minlength=len(edges) - 1)
    table = pd.DataFrame({"left": edges[:-1], "right": edges[1:], "n": counts, "open": ""})
    if known.min() < edges[0]:
        table.loc[0, "open"] = "left"
    if known.max() > edges[-1]:
        table.loc[len(table) - 1, "open"] = "right"
    return table


def plot_distribution(
    data: pd.DataFrame, ax: Axes, xlabel: str = "", title: str = "", lines: dict[str, float] | None = None
) -> Axes:
    """Draw the histogram of `distribution_bins`; `lines` are named vertical lines (a mean, zero)."""
    shown = drawable(data, "n")
    if shown.empty:
        return nothing_to_draw(ax)
    bars = shown.assign(middle=(shown["left"] + shown["right"]) / 2)
    look = {"color": PALETTE[0], "edgecolor": "white", "alpha": 1}
    sns.histplot(bars, x="middle", weights="n", bins=edges_of(shown, "left", "right"), ax=ax, **look)
    for style, (name, at) in zip(("-", "--", ":", "-."), (lines or {}).items(), strict=False):
        ax.axvline(at, color=LINE, linestyle=style, label=name)
    if lines:
        ax.legend(frameon=False)
    _mark_open_ends(ax, data)
    with_commas(ax.xaxis)
    return finish(ax, xlabel, "Patients", title)


def edges_of(bins: pd.DataFrame, left: str, right: str) -> list[float]:
    """Return all edges of bins in order; where a bin is withheld its neighbours leave a gap."""
    return np.union1d(bins[left], bins[right]).tolist()


def _mark_open_ends(ax: Axes, data: pd.DataFrame) -> None:
    """Label an open bin "and less" or "and more", so that a tail does not look like a peak."""
    if (data["open"] == "left").any():
        ax.annotate("≤", (data["left"].iloc[0], 0), xytext=(0, 3), textcoords="offset points", ha="right")
    if (data["open"] == "right").any():
        ax.annotate("≥", (data["right"].iloc[-1], 0), xytext=(2, 3), textcoords="offset points", ha="left")


def alt_distribution(data: pd.DataFrame, what: str, unit: str = "") -> str:
    """Describe a histogram: how many patients, the span of the bins, the fullest, and what is withheld."""
    shown = drawable(data, "n")
    if shown.empty:
        return f"Histogram of {what}: no bin can be shown."
    peak = shown.loc[shown["n"].idxmax()]
    unit = f" {unit}" if unit else ""
    text = (
        f"Histogram of {what} for {int(shown['n'].sum()):,} patients in {len(shown)} bins from "
        f"{plain(shown['left'].min())} to {plain(shown['right'].max())}{unit}; the fullest, "
        f"{plain(peak['left'])} to {plain(peak['right'])}, holds {int(peak['n']):,}."
    )
    return text + withheld(data, shown, "bins")


def plain(value: float) -> str:
    """Return a number as an axis would show it."""
    return f"{value:,.6g}"


def withheld(data: pd.DataFrame, shown: pd.DataFrame, what: str) -> str:
    """Return how many rows of a figure's data are withheld, or nothing."""
    missing = len(data) - len(shown)
    return f" {missing} {what} are withheld." if missing else ""
