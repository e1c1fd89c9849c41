"""The plane of extra QALYs against extra cost: what chance alone could have made."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.chapters.value.figures.distribution import bin_edges, grid_counts
from vbhc.chapters.value.two_arms.extra import QUADRANTS, most_frequent
from vbhc.chapters.value.two_arms.trial import Trial
from vbhc.publish.figure_style import (
    DENSITY,
    LINE,
    drawable,
    finish,
    is_narrow,
    nothing_to_draw,
    on_white,
    with_commas,
)
from vbhc.publish.results import Drawing, Result

EDGES = ["outcome_left", "outcome_right", "cost_left", "cost_right", "draws"]


def plane(trial: Trial, cloud: pd.DataFrame, willingness_to_pay: float) -> Result | None:
    """Show the resampled differences in QALYs and cost; nothing without a comparison.

    Parameters
    ----------
    cloud : DataFrame
        From `plane_bins`.
    """
    if trial.result.reason:
        return None
    row = trial.result.icer.iloc[0]
    share, quadrant = most_frequent(row)
    price = wording.money(willingness_to_pay, trial.currency)
    drawing = Drawing(
        cloud,
        partial(draw_plane, currency=trial.currency, price=willingness_to_pay),
        title=f"In {wording.percent(share)} of resamples {row['arm']} {quadrant} than {row['reference']}",
        caption=f"Each cell counts resamples of patients. Dashed: {price} per QALY; below it {row['arm']} is "
        "worth its cost.",
        alt=_alt_plane(row),
        height=3.6,
        rules={"counts": (), "not_people": ["draws"]},
    )
    return Result("ce-plane", drawing=drawing)


def plane_bins(trial: Trial) -> pd.DataFrame:
    """Count the resampled differences in a grid: draws of means, so that no cell stands for a patient.

    Returns
    -------
    DataFrame
        `outcome_left, outcome_right, cost_left, cost_right, draws`.
    """
    x, y = trial.result.draws["delta_outcome"], trial.result.draws["delta_cost"]
    if x.empty:
        return pd.DataFrame(columns=EDGES, dtype=float)
    return grid_counts(x, y, bin_edges(x, 30, 0.0), bin_edges(y, 30, 0.0)).set_axis(EDGES, axis=1)


def draw_plane(data: pd.DataFrame, ax: Axes, currency: str = "", price: float | None = None) -> Axes:
    """Draw the grid, darker where more draws lie, with the price of a QALY as a dashed line."""
    shown = drawable(data, "draws")
    if shown.empty:
        return nothing_to_draw(ax)
    top = shown["draws"].max()
    for row in shown.itertuples():
        across = [row.outcome_left, row.outcome_right, row.outcome_right, row.outcome_left]
        upright = [row.cost_left, row.cost_left, row.cost_right, row.cost_right]
        ax.fill(across, upright, color=DENSITY(row.draws / top), linewidth=0)
    ax.axhline(0, color=LINE, linewidth=0.8)
    ax.axvline(0, color=LINE, linewidth=0.8)
    if price is not None:
        low, high = ax.get_ylim()
        reach = np.array(ax.get_xlim())
        ax.plot(reach, price * reach, "--", color=LINE, linewidth=1)
        ax.set_ylim(low, high)
    with_commas(ax.yaxis)
    ax.locator_params(axis="x", nbins=4 if is_narrow(ax) else 8)
    return on_white(finish(ax, "Difference in QALYs", f"Difference in cost ({currency})"))


def _alt_plane(row: pd.Series) -> str:
    parts = [f"{wording.percent(row[f'share_{name}'])} {text}" for name, text in QUADRANTS.items()]
    return f"Resampled differences of {row['arm']} from {row['reference']}: {'; '.join(parts)}."
