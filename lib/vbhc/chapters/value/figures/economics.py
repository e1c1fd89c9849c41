"""Figures for decisions: cost-effectiveness plane, acceptability curves, net benefit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.chapters.value.figures.distribution import bin_edges, grid_counts
from vbhc.publish.figure_style import (
    DENSITY,
    LINE,
    MARKERS,
    PALETTE,
    drawable,
    finish,
    nothing_to_draw,
    with_commas,
)

STYLES = ("-", "--", "-.", ":")


def plane_bins(increments: pd.DataFrame) -> pd.DataFrame:
    """Bin the draws of increments for the plane: draws of means, so that no cell stands for a patient.

    Returns
    -------
    DataFrame
        `outcome_left, outcome_right, cost_left, cost_right, draws`.
    """
    x, y = increments["delta_outcome"], increments["delta_cost"]
    names = ["outcome_left", "outcome_right", "cost_left", "cost_right", "draws"]
    return grid_counts(x, y, bin_edges(x, 30, 0.0), bin_edges(y, 30, 0.0)).set_axis(names, axis=1)


def plot_plane(
    data: pd.DataFrame,
    ax: Axes,
    xlabel: str = "More outcome",
    ylabel: str = "More cost",
    title: str = "",
    willingness_to_pay: float | None = None,
) -> Axes:
    """Draw the cost-effectiveness plane of `plane_bins`; the line is the willingness to pay."""
    shown = drawable(data, "draws")
    if shown.empty:
        return nothing_to_draw(ax)
    top = shown["draws"].max()
    for row in shown.itertuples():
        ax.fill(
            [row.outcome_left, row.outcome_right, row.outcome_right, row.outcome_left],
            [row.cost_left, row.cost_left, row.cost_right, row.cost_right],
            color=DENSITY(row.draws / top),
            linewidth=0,
        )
    ax.axhline(0, color=LINE, linewidth=0.8)
    ax.axvline(0, color=LINE, linewidth=0.8)
    if willingness_to_pay is not None:
        low, high = ax.get_ylim()
        reach = np.array(ax.get_xlim())
        ax.plot(reach, willingness_to_pay * reach, "--", color=LINE, label="willingness to pay")
        ax.set_ylim(low, high)
        ax.legend(frameon=False)
    with_commas(ax.yaxis)
    return finish(ax, xlabel, ylabel, title)


def alt_plane(row: pd.Series) -> str:
    """Describe the plane by the shares of draws in its quadrants, from one row of `economics.icer`."""
    if row["reason"]:
        return row["reason"]
    share = {name: wording.percent(row[f"share_{name}"]) for name in ("ne", "se", "nw", "sw")}
    return (
        f"Cost-effectiveness plane of {row['arm']} against {row['reference']}: of the resampled means "
        f"{share['ne']} gain more at higher cost, {share['se']} gain more at lower cost, "
        f"{share['nw']} gain less at higher cost and {share['sw']} gain less at lower cost."
    )


def plot_acceptability(data: pd.DataFrame, ax: Axes, title: str = "") -> Axes:
    """Draw the curves of `economics.acceptability`, and the frontier (the optimal option's) on top."""
    shown = drawable(data, "probability")
    if shown.empty:
        return nothing_to_draw(ax)
    for i, (option, rows) in enumerate(shown.groupby("option", sort=False)):
        style = STYLES[i % len(STYLES)]
        ax.plot(rows["willingness_to_pay"], rows["probability"], style, color=PALETTE[i % 8], label=option)
    best = shown[shown["optimal"].astype(bool)]
    look: dict[str, Any] = {"color": LINE, "fillstyle": "none", "markevery": max(1, len(best) // 12)}
    ax.plot(best["willingness_to_pay"], best["probability"], MARKERS[0], label="frontier", **look)
    ax.set_ylim(0, 1)
    with_commas(ax.xaxis)
    ax.legend(frameon=False)
    return finish(ax, "Willingness to pay", "Probability of the highest net benefit", title)


def alt_acceptability(data: pd.DataFrame, currency: str) -> str:
    """Describe the curves at their two ends."""
    shown = drawable(data, "probability")
    if shown.empty:
        return "Acceptability curves: none."
    ends = shown["willingness_to_pay"].min(), shown["willingness_to_pay"].max()
    parts = []
    for option, rows in shown.groupby("option", sort=False):
        at = rows.set_index("willingness_to_pay")["probability"]
        parts.append(f"{option} from {wording.percent(at[ends[0]])} to {wording.percent(at[ends[1]])}")
    span = f"{wording.money(ends[0], currency)} to {wording.money(ends[1], currency)}"
    return (
        f"Probability of the highest net benefit as willingness to pay goes from {span}: {'; '.join(parts)}."
    )


def plot_evpi(data: pd.DataFrame, ax: Axes, xlabel: str = "Willingness to pay", title: str = "") -> Axes:
    """Draw what knowing for certain would be worth per patient, from `economics.acceptability` (`evpi`)."""
    shown = drawable(data, "evpi").drop_duplicates("willingness_to_pay")
    if shown.empty:
        return nothing_to_draw(ax)
    ax.plot(shown["willingness_to_pay"], shown["evpi"], STYLES[0], color=PALETTE[0])
    ax.set_ylim(0)
    with_commas(ax.xaxis, ax.yaxis)
    return finish(ax, xlabel, "Value of perfect information per patient", title)


def evpi_title(data: pd.DataFrame, currency: str) -> str:
    """Say at most how much certainty is worth, and at which willingness to pay, for the figure's title."""
    shown = data.dropna(subset=["evpi"])
    if shown.empty:
        return "What certainty would be worth cannot be told"
    top = shown.loc[shown["evpi"].idxmax()]
    most, at = (wording.money(top[name], currency) for name in ("evpi", "willingness_to_pay"))
    return f"Certainty would be worth at most {most} per patient (at a willingness to pay of {at})"


def alt_evpi(data: pd.DataFrame, currency: str) -> str:
    """Describe the value of perfect information: where it is largest, and how large."""
    shown = drawable(data, "evpi").drop_duplicates("willingness_to_pay")
    if shown.empty:
        return "Value of perfect information: none can be shown."
    top = shown.loc[shown["evpi"].idxmax()]
    most = wording.money(top["evpi"], currency)
    at = wording.money(top["willingness_to_pay"], currency)
    return f"Value of perfect information over willingness to pay: at most {most} per patient, at {at}."


def plot_net_benefit(
    data: pd.DataFrame,
    ax: Axes,
    xlabel: str = "Willingness to pay",
    ylabel: str = "Incremental net benefit",
    title: str = "",
) -> Axes:
    """Draw incremental net benefit with its interval, from `economics.two_arms`."""
    shown = drawable(data, "estimate", "low", "high")
    if shown.empty:
        return nothing_to_draw(ax)
    for i, (arm, rows) in enumerate(shown.groupby("arm", sort=False)):
        at = rows["willingness_to_pay"]
        ax.fill_between(at, rows["low"], rows["high"], color=PALETTE[i], alpha=0.25, linewidth=0)
        ax.plot(at, rows["estimate"], STYLES[i % len(STYLES)], color=PALETTE[i], label=arm)
    ax.axhline(0, color=LINE, linewidth=0.8)
    ax.legend(frameon=False)
    with_commas(ax.xaxis, ax.yaxis)
    return finish(ax, xlabel, ylabel, title)


def alt_net_benefit(data: pd.DataFrame, currency: str) -> str:
    """Describe net benefit at both ends of the willingness to pay."""
    shown = drawable(data, "estimate", "low", "high")
    if shown.empty:
        return "Incremental net benefit: none can be shown."
    parts = []
    for arm, rows in shown.groupby("arm", sort=False):
        for row in (rows.iloc[0], rows.iloc[-1]):
            reach = wording.interval(row["low"], row["high"], row["ci_level"], 0)
            at = wording.money(row["willingness_to_pay"], currency)
            parts.append(f"{arm} {wording.money(row['estimate'], currency)} ({reach}) at {at}")
    return f"Incremental net benefit over willingness to pay: {'; '.join(parts)}."
