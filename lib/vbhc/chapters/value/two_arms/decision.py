"""How sure a choice between two ways of care is: the cloud of resamples, and by the price of a QALY."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.chapters.value.distribution import bin_edges, grid_counts
from vbhc.chapters.value.two_arms.trial import Trial, most_frequent, sides
from vbhc.publish.claims import render
from vbhc.publish.figure_style import (
    DENSITY,
    LINE,
    QUIET,
    TOTAL,
    drawable,
    finish,
    is_narrow,
    nothing_to_draw,
    on_white,
    with_commas,
)
from vbhc.publish.results import Claim, Drawing, Result

AROUND = (0.5, 2.0)


def chance_of_better(trial: Trial) -> pd.DataFrame:
    """Return in which share of resamples the new arm has the higher net benefit, by price of a QALY.

    Returns
    -------
    DataFrame
        `willingness_to_pay, probability` (0-1); the other arm's is its mirror. Empty without a comparison.
    """
    curve, arm = trial.result.curve, str(trial.result.icer["arm"].iloc[0])
    names = ["willingness_to_pay", "probability"]
    return curve.loc[curve["option"] == arm, names].reset_index(drop=True)


def acceptability(trial: Trial, data: pd.DataFrame, willingness_to_pay: float) -> Result | None:
    """Show in how many resamples the new arm has the higher net benefit, by the price of a QALY.

    Parameters
    ----------
    data : DataFrame
        From `chance_of_better`.
    """
    if data.empty:
        return None
    arm = str(trial.result.icer["arm"].iloc[0])
    at = data.loc[data["willingness_to_pay"] == willingness_to_pay, "probability"].iloc[0]
    price, share = _price(trial, willingness_to_pay), wording.percent(at)
    drawing = Drawing(
        data,
        partial(draw_curve, price=willingness_to_pay, currency=trial.currency),
        title=f"At {price} per QALY, {arm} has the higher net benefit in {share} of resamples",
        caption=f"Share of resamples in which {arm} has the higher net benefit. Dot: the declared price.",
        alt="Share of resamples by the price of a QALY",
        height=2.6,
        narrow_height=2.8,
    )
    return Result("acceptability", drawing=drawing)


def benefit_at(trial: Trial, willingness_to_pay: float) -> Claim:
    """Return the difference in net benefit at a price of a QALY that was computed, as a claim."""
    if trial.result.reason:
        return Claim("difference", "the net benefit", reason=trial.result.reason)
    table = trial.result.net_benefit
    row = table[table["willingness_to_pay"] == willingness_to_pay].iloc[0]
    ends: dict[str, Any] = row[["estimate", "low", "high"]].astype(float).to_dict()
    lead = f"At {_price(trial, willingness_to_pay)} per QALY"
    what = f"the net benefit per patient in {trial.currency}"
    n = int(row["n"])
    return Claim("difference", what, n=n, lead=lead, decimals=0, **ends, **sides(trial))


def net_benefit(trial: Trial, claim: Claim, willingness_to_pay: float) -> Result | None:
    """Show the difference in net benefit by the price of a QALY, with its range.

    Parameters
    ----------
    claim : Claim
        From `benefit_at`.
    """
    if trial.result.reason:
        return None
    data = trial.result.net_benefit[["willingness_to_pay", "estimate", "low", "high", "n"]]
    row = trial.result.icer.iloc[0]
    drawing = Drawing(
        data,
        partial(draw_benefit, price=willingness_to_pay, currency=trial.currency),
        title=render(claim, numbers=False),
        caption=f"Net benefit of {row['arm']} less that of {row['reference']}; shaded: its interval. "
        "Dot: the declared price.",
        alt=f"Difference in net benefit by the price of a QALY, {trial.currency} per patient",
        height=2.8,
        narrow_height=3.0,
        rules={"keep": ["willingness_to_pay"]},
    )
    return Result("net-benefit", says=[claim], drawing=drawing)


def worth_of_certainty(trial: Trial) -> pd.DataFrame:
    """Return the expected value of perfect information per patient, by price of a QALY.

    Returns
    -------
    DataFrame
        `willingness_to_pay, evpi`; empty without a comparison.
    """
    curve = trial.result.curve
    best = curve["optimal"].astype(bool)
    return curve.loc[best, ["willingness_to_pay", "evpi"]].reset_index(drop=True)


def certainty(trial: Trial, data: pd.DataFrame, willingness_to_pay: float) -> Result | None:
    """Say what knowing for certain which arm is better would be worth: at the declared price and around.

    Parameters
    ----------
    data : DataFrame
        From `worth_of_certainty`.
    """
    if data.empty:
        return None
    worth = data.set_index("willingness_to_pay")["evpi"]
    named = {times: worth[willingness_to_pay * times] for times in (1.0, *AROUND)}
    said = [
        f"{wording.money(evpi, trial.currency)} at {_price(trial, willingness_to_pay * times)}"
        for times, evpi in named.items()
        if times != 1 and willingness_to_pay
    ]
    price, worth_it = _price(trial, willingness_to_pay), wording.money(named[1.0], trial.currency)
    start = f"At {price} per QALY, knowing for certain which is better would be worth {worth_it} per patient"
    around = f"; it would be {wording.listing(said)}" if said else ""
    return Result("evpi", says=[f"{start} (the expected value of perfect information){around}."])


def _price(trial: Trial, price: float) -> str:
    return wording.money(price, trial.currency)


def draw_curve(data: pd.DataFrame, ax: Axes, price: float = 0.0, currency: str = "") -> Axes:
    """Draw the share of resamples by the price of a QALY, with a dot at the declared price."""
    shown = drawable(data, "probability")
    if shown.empty:
        return nothing_to_draw(ax)
    ax.plot(shown["willingness_to_pay"], shown["probability"], color=TOTAL, linewidth=2)
    for at in shown.loc[shown["willingness_to_pay"] == price, "probability"]:
        ax.plot(price, at, "o", color=TOTAL, markersize=8)
        above: dict[str, Any] = {"xytext": (0, 8), "textcoords": "offset points", "ha": "center"}
        ax.annotate(wording.percent(at), (price, at), **above)
    ax.set_ylim(0, 1)
    ax.axhline(0.5, color=QUIET, linewidth=0.8, zorder=0)
    ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
    return _prices_below(ax, currency, "Share of resamples", share=True)


def draw_benefit(data: pd.DataFrame, ax: Axes, price: float = 0.0, currency: str = "") -> Axes:
    """Draw the difference in net benefit with its interval, with a dot at the declared price."""
    shown = drawable(data, "estimate", "low", "high")
    if shown.empty:
        return nothing_to_draw(ax)
    at = shown["willingness_to_pay"]
    ax.fill_between(at, shown["low"], shown["high"], color=TOTAL, alpha=0.2, linewidth=0)
    ax.plot(at, shown["estimate"], color=TOTAL, linewidth=2)
    ax.axhline(0, color=LINE, linewidth=0.8)
    for row in shown[at == price].itertuples():
        ax.plot([price, price], [row.low, row.high], color=TOTAL, linewidth=1.5)
        ax.plot(price, row.estimate, "o", color=TOTAL, markersize=8)
        text = wording.number(row.estimate, 0)
        ax.annotate(text, (price, row.estimate), xytext=(8, 6), textcoords="offset points")
    return _prices_below(ax, currency, f"{currency} per patient")


def _prices_below(ax: Axes, currency: str, ylabel: str, share: bool = False) -> Axes:
    ax.locator_params(axis="x", nbins=3 if is_narrow(ax) else 6)
    with_commas(ax.xaxis, *([] if share else [ax.yaxis]))
    return finish(ax, f"Price of a QALY ({currency})", ylabel)


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
        alt=f"Resampled differences of {row['arm']} from {row['reference']} in QALYs and cost",
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
