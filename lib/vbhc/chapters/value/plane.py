"""Outcome against cost in one picture: a grid of counts, so that no point is a patient."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm

from vbhc import wording
from vbhc.chapters.value.figures.distribution import bin_edges, grid_counts, plain, withheld
from vbhc.chapters.value.group_value import noun, who_counts
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import Claim, render
from vbhc.publish.figure_style import (
    DENSITY,
    LINE,
    QUIET,
    drawable,
    finish,
    is_narrow,
    nothing_to_draw,
    on_white,
    with_commas,
)
from vbhc.publish.results import Drawing, Result
from vbhc.statistics.correlation.rank import spearman

COLUMNS = ["cost_left", "cost_right", "outcome_left", "outcome_right", "n"]


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
    if x.empty:
        return pd.DataFrame(columns=COLUMNS, dtype=float)
    return grid_counts(x, y, bin_edges(x, 16), bin_edges(y, 16)).set_axis(COLUMNS, axis=1)


def outcome_by_cost(
    vq: Definition, patients: pd.DataFrame, ratio: pd.DataFrame, ci_level: float = 0.95
) -> Result:
    """Show patients by outcome and cost with the ray of the group's value, and how the two go together.

    Parameters
    ----------
    ratio : DataFrame
        From `ratio_of_means` of `gain` and `cost`.
    """
    row = spearman(patients["cost"], patients["gain"], ci_level).iloc[0]
    ends = row[["estimate", "low", "high"]].astype(float).to_dict()
    what = noun(vq).removeprefix("the mean ")
    reason = f"{row['reason']}" if row["reason"] else ""
    counted = who_counts(patients, "gain")
    claim = Claim(
        "tie", f"the {what}", first="the cost", n=int(row["n"]), counted=counted, reason=reason, **ends
    )
    drawing = Drawing(
        outcome_cost_bins(patients["gain"], patients["cost"]),
        partial(
            draw_outcome_cost,
            xlabel=vq.cost_label,
            ylabel=wording.sentence_case(vq.outcome_unit),
            ray=float(ratio["estimate"].iloc[0]) / vq.per,
        ),
        title=render(claim, numbers=False),
        caption=_caption,
        alt=partial(_alt, vq=vq),
        height=4.2,
        narrow_height=4.2,
    )
    return Result("plane", says=[claim], drawing=drawing)


def draw_outcome_cost(
    data: pd.DataFrame, ax: Axes, xlabel: str = "Cost", ylabel: str = "Outcome", ray: float = np.nan
) -> Axes:
    """Draw the grid of `outcome_cost_bins`, darker for more patients.

    Parameters
    ----------
    ray : float
        Outcome per one currency unit: along it every patient would have the group's value.
    """
    shown = drawable(data, "n")
    if shown.empty:
        return nothing_to_draw(ax)
    shade = LogNorm(1, max(2, shown["n"].max()))
    for cell in shown.itertuples():
        across, upright = cell.cost_right - cell.cost_left, cell.outcome_right - cell.outcome_left
        look = {"width": across, "color": DENSITY(shade(cell.n)), "linewidth": 0, "align": "edge"}
        ax.bar(cell.cost_left, upright, bottom=cell.outcome_left, **look)
    ax.axhline(0, color=QUIET, linewidth=0.8, zorder=0)
    ax.set_xlim(min(0, data["cost_left"].min()), data["cost_right"].max())
    ax.set_ylim(min(0, data["outcome_left"].min()), data["outcome_right"].max())
    _draw_ray(ax, ray)
    ax.locator_params(axis="x", nbins=4 if is_narrow(ax) else 8)
    with_commas(ax.xaxis)
    return on_white(finish(ax, xlabel, ylabel))


def _draw_ray(ax: Axes, ray: float) -> None:
    """Draw the group's value as a ray from nothing spent and nothing gained, named at its end."""
    if not np.isfinite(ray):
        return
    right, top = ax.get_xlim()[1], ax.get_ylim()[1]
    end = right if ray <= 0 or ray * right < top else top / ray
    ax.plot([0, end], [0, ray * end], color=LINE, linewidth=1.5)
    ax.text(end, ray * end, "the group ", ha="right", va="bottom" if ray > 0 else "top")


def _caption(data: pd.DataFrame) -> str:
    most = drawable(data, "n")["n"].max()
    dark = f"; the darkest holds {int(most):,}" if np.isfinite(most) else ""
    line = "Line: the ratio of means. Below zero: lost, by however little."
    return f"Darker cells hold more patients{dark}. {line}"


def _alt(data: pd.DataFrame, vq: Definition) -> str:
    shown = drawable(data, "n")
    if shown.empty:
        return f"Grid of {vq.outcome_label} against cost: no cell can be shown."
    spans = {side: _span(shown, side) for side in ("outcome", "cost")}
    text = (
        f"Grid of {vq.outcome_label} (from {spans['outcome']}) against cost per patient (from "
        f"{spans['cost']}) for {int(shown['n'].sum()):,} patients."
    )
    return text + withheld(data, shown, "cells")


def _span(cells: pd.DataFrame, side: str) -> str:
    return f"{plain(cells[f'{side}_left'].min())} to {plain(cells[f'{side}_right'].max())}"
