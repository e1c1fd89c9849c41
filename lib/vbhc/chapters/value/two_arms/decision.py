"""How sure a choice between two ways of care is: the cloud of resamples, and by the price of a QALY."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.chapters.value import layout
from vbhc.chapters.value.distribution import bin_edges, grid_counts
from vbhc.chapters.value.sentences import say
from vbhc.chapters.value.two_arms.trial import Trial, most_frequent
from vbhc.publish import figure_style as style
from vbhc.publish.results import Result

EDGES = ["outcome_left", "outcome_right", "cost_left", "cost_right", "draws"]


def acceptability(trial: Trial) -> Result | None:
    """Show in how many resamples the new arm has the higher net benefit, by the price of a QALY."""
    if trial.result.reason:
        return None
    curve, arm = trial.result.curve, trial.row["arm"]
    data = curve.loc[curve["option"] == arm, ["willingness_to_pay", "probability"]].reset_index(drop=True)
    share = wording.percent(data.loc[data["willingness_to_pay"] == trial.price, "probability"].iloc[0])
    draw = partial(draw_curve, price=trial.price, currency=trial.currency)
    title = f"At {trial.price_words()} per QALY, {arm} has the higher net benefit in {share} of resamples"
    return Result("acceptability", drawing=layout.drawing("acceptability", data, draw, title, {"arm": arm}))


def certainty(trial: Trial) -> Result | None:
    """Say what knowing for certain which arm is better would be worth: at the declared price and around.

    That is the expected value of perfect information per patient.
    """
    if trial.result.reason:
        return None
    curve = trial.result.curve
    worth = curve[curve["optimal"].astype(bool)].set_index("willingness_to_pay")["evpi"]
    at = {times: wording.money(worth[trial.price * times], trial.currency) for times in (1.0, 0.5, 2.0)}
    here = {"price": trial.price_words(), "worth": at.pop(1.0)}
    said = wording.listing(f"{worth} at {trial.price_words(times)}" for times, worth in at.items())
    around = f"; it would be {said}" if trial.price else ""
    return Result("evpi", says=[say("certainty", **here, around=around)])


def draw_curve(data: pd.DataFrame, ax: Axes, price: float = 0.0, currency: str = "") -> Axes:
    """Draw the share of resamples by the price of a QALY, with a dot at the declared price."""
    shown = style.drawable(data, "probability")
    if shown.empty:
        return style.nothing_to_draw(ax)
    ax.plot(shown["willingness_to_pay"], shown["probability"], color=style.TOTAL, linewidth=2)
    for at in shown.loc[shown["willingness_to_pay"] == price, "probability"]:
        ax.plot(price, at, "o", color=style.TOTAL, markersize=8)
        above: dict[str, Any] = {"xytext": (0, 8), "textcoords": "offset points", "ha": "center"}
        ax.annotate(wording.percent(at), (price, at), **above)
    ax.set_ylim(0, 1)
    ax.axhline(0.5, color=style.QUIET, linewidth=0.8, zorder=0)
    ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
    ax.locator_params(axis="x", nbins=3 if style.is_narrow(ax) else 6)
    style.with_commas(ax.xaxis)
    return style.finish(ax, f"Price of a QALY ({currency})", "Share of resamples")


def plane(trial: Trial) -> Result | None:
    """Show the resampled differences in QALYs and cost; nothing without a comparison."""
    if trial.result.reason:
        return None
    row, (share, quadrant) = trial.row, most_frequent(trial.row)
    draw = partial(draw_plane, currency=trial.currency, price=trial.price)
    title = f"In {wording.percent(share)} of resamples {row['arm']} {quadrant} than {row['reference']}"
    words = {"price": trial.price_words(), **row[["arm", "reference"]]}
    return Result("ce-plane", drawing=layout.drawing("ce-plane", plane_bins(trial), draw, title, words))


def plane_bins(trial: Trial) -> pd.DataFrame:
    """Count the resampled differences in a grid: draws of means, so that no cell stands for a patient.

    Returns
    -------
    DataFrame
        `outcome_left, outcome_right, cost_left, cost_right, draws`.
    """
    x, y = trial.result.draws["delta_outcome"], trial.result.draws["delta_cost"]
    return grid_counts(x, y, bin_edges(x, 30, 0.0), bin_edges(y, 30, 0.0)).set_axis(EDGES, axis=1)


def draw_plane(data: pd.DataFrame, ax: Axes, currency: str = "", price: float | None = None) -> Axes:
    """Draw the grid, darker where more draws lie, with the price of a QALY as a dashed line."""
    shown = style.drawable(data, "draws")
    if shown.empty:
        return style.nothing_to_draw(ax)
    top = shown["draws"].max()
    for row in shown.itertuples():
        across = [row.outcome_left, row.outcome_right, row.outcome_right, row.outcome_left]
        upright = [row.cost_left, row.cost_left, row.cost_right, row.cost_right]
        ax.fill(across, upright, color=style.DENSITY(row.draws / top), linewidth=0)
    ax.axhline(0, color=style.LINE, linewidth=0.8)
    ax.axvline(0, color=style.LINE, linewidth=0.8)
    if price is not None:
        low, high = ax.get_ylim()
        reach = np.array(ax.get_xlim())
        ax.plot(reach, price * reach, "--", color=style.LINE, linewidth=1)
        ax.set_ylim(low, high)
    style.with_commas(ax.yaxis)
    ax.locator_params(axis="x", nbins=4 if style.is_narrow(ax) else 8)
    return style.on_white(style.finish(ax, "Difference in QALYs", f"Difference in cost ({currency})"))
