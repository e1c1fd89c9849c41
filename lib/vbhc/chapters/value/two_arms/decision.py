"""How sure a choice between two ways of care is, at the declared price of a QALY and around it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.chapters.value.two_arms.extra import sides
from vbhc.chapters.value.two_arms.trial import Trial
from vbhc.publish.claims import Claim, render
from vbhc.publish.figure_style import (
    LINE,
    QUIET,
    TOTAL,
    drawable,
    finish,
    is_narrow,
    nothing_to_draw,
    with_commas,
)
from vbhc.publish.results import Drawing, Result

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
        partial(draw_curve, y="probability", price=willingness_to_pay, currency=trial.currency),
        title=f"At {price} per QALY, {arm} has the higher net benefit in {share} of resamples",
        caption=f"Share of resamples in which {arm} has the higher net benefit. Dot: the declared price.",
        alt=partial(_alt_curve, y="probability", say=wording.percent, what="share", currency=trial.currency),
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
        alt=partial(_alt_benefit, currency=trial.currency),
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
    """Show what knowing for certain which arm is better would be worth: at the declared price and around.

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
    drawing = Drawing(
        data,
        partial(draw_curve, y="evpi", price=willingness_to_pay, currency=trial.currency),
        title=start,
        caption="Expected value of perfect information per patient. Dot: the declared price.",
        alt=partial(
            _alt_curve,
            y="evpi",
            say=partial(wording.money, currency=trial.currency),
            what="worth of certainty per patient",
            currency=trial.currency,
        ),
        height=2.6,
        narrow_height=2.8,
    )
    return Result("evpi", says=[f"{start}{around}."], drawing=drawing)


def _price(trial: Trial, price: float) -> str:
    return wording.money(price, trial.currency)


def draw_curve(
    data: pd.DataFrame, ax: Axes, y: str = "", price: float = 0.0, currency: str = "", **_: object
) -> Axes:
    """Draw a quantity by the price of a QALY, with a dot at the declared price."""
    shown = drawable(data, y)
    if shown.empty:
        return nothing_to_draw(ax)
    ax.plot(shown["willingness_to_pay"], shown[y], color=TOTAL, linewidth=2)
    share = y == "probability"
    at = shown[shown["willingness_to_pay"] == price]
    for row in at.to_dict("records"):
        text = wording.percent(row[y]) if share else wording.money(row[y], currency)
        ax.plot(price, row[y], "o", color=TOTAL, markersize=8)
        ax.annotate(text, (price, row[y]), xytext=(0, 8), textcoords="offset points", ha="center")
    ax.set_ylim(0, 1 if share else max(shown[y].max() * 1.25, 1))
    if share:
        ax.axhline(0.5, color=QUIET, linewidth=0.8, zorder=0)
        ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
    return _prices_below(ax, currency, "Share of resamples" if share else f"{currency} per patient", share)


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


def _alt_curve(data: pd.DataFrame, y: str, say, what: str, currency: str) -> str:
    shown = drawable(data, y)
    told = [f"{say(shown[y].iloc[n])} at {_at(shown, n, currency)}" for n in (0, -1)] if len(shown) else []
    return (
        f"{wording.sentence_case(what)} by the price of a QALY: {', '.join(told) or 'nothing can be shown'}."
    )


def _at(shown: pd.DataFrame, place: int, currency: str) -> str:
    return wording.money(shown["willingness_to_pay"].iloc[place], currency)


def _alt_benefit(data: pd.DataFrame, currency: str) -> str:
    shown = drawable(data, "estimate", "low", "high")
    told = [
        f"{wording.number(shown['estimate'].iloc[n], 0)} ({wording.number(shown['low'].iloc[n], 0)} to "
        f"{wording.number(shown['high'].iloc[n], 0)}) at {_at(shown, n, currency)}"
        for n in ((0, -1) if len(shown) else ())
    ]
    text = ", ".join(told) or "nothing can be shown"
    return f"Difference in net benefit by the price of a QALY, {currency} per patient: {text}."
