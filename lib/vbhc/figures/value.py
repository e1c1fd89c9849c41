"""Figures about value: how VQ and cost are spread, outcome against cost, and what the costs are made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import FuncFormatter, MaxNLocator

from vbhc import wording
from vbhc.figures.style import DENSITY, HATCHES, LINE, PALETTE, QUIET, drawable, finish, nothing_to_draw

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
    return MaxNLocator(nbins=n_bins, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)


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
    place = np.clip(np.searchsorted(edges, known, side="right") - 1, 0, len(edges) - 2)
    table = pd.DataFrame(
        {
            "left": edges[:-1],
            "right": edges[1:],
            "n": np.bincount(place, minlength=len(edges) - 1),
            "open": "",
        }
    )
    if known.min() < edges[0]:
        table.loc[0, "open"] = "left"
    if known.max() > edges[-1]:
        table.loc[len(table) - 1, "open"] = "right"
    return table


def plot_distribution(
    data: pd.DataFrame,
    ax: Axes,
    xlabel: str = "",
    title: str = "",
    lines: dict[str, float] | None = None,
    ylabel: str = "Patients",
) -> Axes:
    """Draw the histogram of `distribution_bins`; `lines` are named vertical lines (a mean, zero)."""
    shown = drawable(data, "n")
    if shown.empty:
        return nothing_to_draw(ax)
    ax.bar(
        shown["left"],
        shown["n"],
        width=shown["right"] - shown["left"],
        align="edge",
        color=PALETTE[0],
        edgecolor="white",
    )
    for style, (name, at) in zip(("-", "--", ":", "-."), (lines or {}).items(), strict=False):
        ax.axvline(at, color=LINE, linestyle=style, label=name)
    if lines:
        ax.legend(frameon=False)
    _mark_open_ends(ax, data)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    return finish(ax, xlabel, ylabel, title)


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
        f"{_plain(shown['left'].min())} to {_plain(shown['right'].max())}{unit}; the fullest, "
        f"{_plain(peak['left'])} to {_plain(peak['right'])}, holds {int(peak['n']):,}."
    )
    return text + _withheld(data, shown, "bins")


def _plain(value: float) -> str:
    return f"{value:,.6g}"


def _withheld(data: pd.DataFrame, shown: pd.DataFrame, what: str) -> str:
    missing = len(data) - len(shown)
    return f" {missing} {what} are withheld." if missing else ""


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
    norm = LogNorm(1, max(2, shown["n"].max()))
    for row in shown.itertuples():
        ax.fill(
            [row.cost_left, row.cost_right, row.cost_right, row.cost_left],
            [row.outcome_left, row.outcome_left, row.outcome_right, row.outcome_right],
            color=DENSITY(norm(row.n)),
            linewidth=0,
        )
    if ratio is not None and np.isfinite(ratio):
        ends = np.array([0, data["cost_right"].max()])
        ax.plot(ends, ratio * ends, color=LINE, linewidth=1.5, label=ratio_label)
        ax.legend(frameon=False, loc="best")
    ax.axhline(0, color=QUIET, linewidth=0.8, zorder=0)
    _legend_of_counts(ax, norm)
    ax.set_xlim(min(0, data["cost_left"].min()), data["cost_right"].max())
    ax.set_ylim(min(0, data["outcome_left"].min()), data["outcome_right"].max())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    return finish(ax, xlabel, ylabel, title)


def _legend_of_counts(ax: Axes, norm: LogNorm) -> None:
    from matplotlib.cm import ScalarMappable

    bar = ax.get_figure().colorbar(ScalarMappable(norm, DENSITY), ax=ax, label="Patients in cell")
    ticks = [1, *(t for t in (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if t <= norm.vmax)]
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
    return text + (f" A ray shows {ratio_text}." if ratio_text else "") + _withheld(data, shown, "cells")


def _span(cells: pd.DataFrame, side: str) -> str:
    return f"{_plain(cells[f'{side}_left'].min())} to {_plain(cells[f'{side}_right'].max())}"


def component_means(components: pd.DataFrame, group: pd.Series | None = None) -> pd.DataFrame:
    """Return the mean cost per patient of each component, by group, for a stacked bar.

    Parameters
    ----------
    components : DataFrame
        One column per component, one row per patient. A patient with any component missing is left out.
    group : Series, optional
        Splits patients; without it there is one bar, "all patients".

    Returns
    -------
    DataFrame
        `group, component, mean, share` (of the group's total), `n` patients, `n_users` with a cost above
        zero.
    """
    known = components.notna().all(axis=1)
    groups = pd.Series("all patients", index=components.index) if group is None else group
    rows = []
    for name in sorted(groups[known].dropna().unique(), key=str):
        part = components[known & (groups == name)].astype(float)
        means = part.mean()
        for component in components:
            share = means[component] / means.sum() if means.sum() > 0 else np.nan
            used = int((part[component] > 0).sum())
            rows.append((str(name), str(component), means[component], share, len(part), used))
    return pd.DataFrame(rows, columns=["group", "component", "mean", "share", "n", "n_users"])


def plot_components(
    data: pd.DataFrame,
    ax: Axes,
    xlabel: str = "Mean cost per patient",
    title: str = "",
    labels: dict[str, str] | None = None,
) -> Axes:
    """Draw the frame of `component_means` as horizontal stacked bars, a hatch and a colour per component."""
    shown = drawable(data, "mean")
    if shown.empty:
        return nothing_to_draw(ax)
    groups, components = list(dict.fromkeys(shown["group"])), list(dict.fromkeys(shown["component"]))
    start = dict.fromkeys(groups, 0.0)
    for i, component in enumerate(components):
        part = shown[shown["component"] == component]
        ax.barh(
            [groups.index(g) for g in part["group"]],
            part["mean"],
            left=[start[g] for g in part["group"]],
            color=PALETTE[i % len(PALETTE)],
            hatch=HATCHES[i % len(HATCHES)],
            edgecolor="white",
            label=(labels or {}).get(component, component.replace("_", " ")),
        )
        for row in part.itertuples():
            start[row.group] += row.mean
    ax.set_yticks(range(len(groups)), groups)
    ax.invert_yaxis()
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    ax.legend(frameon=False, ncols=min(4, len(components)), loc="upper center", bbox_to_anchor=(0.5, -0.18))
    return finish(ax, xlabel, "", title)


def alt_components(data: pd.DataFrame, currency: str) -> str:
    """Describe the stacked bars: per group the total and its parts, largest first."""
    shown = drawable(data, "mean")
    if shown.empty:
        return "Stacked bars of cost components: no group can be shown."
    parts = []
    for name, rows in shown.groupby("group", sort=False):
        ordered = rows.sort_values("mean", ascending=False)
        listed = [f"{r.component.replace('_', ' ')} {wording.percent(r.share)}" for r in ordered.itertuples()]
        total = wording.money(rows["mean"].sum(), currency)
        parts.append(f"{name} {total} per patient (n = {int(rows['n'].max()):,}): {wording.listing(listed)}")
    return f"Stacked bars of mean cost by component. {'; '.join(parts)}."
