"""The comparison of two arms in words: increments and their ratio, what to choose, what that is worth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.statistics.economics.acceptability import acceptability_frontier
from vbhc.statistics.economics.two_arms import TwoArms
from vbhc.statistics.words import plural


def two_arms_points(result: TwoArms, outcome_unit: str, currency: str, price: float) -> dict[str, str]:
    """Return the comparison as sentences that stand alone, by id: "two-arms", "two-arms-choice" ...

    Parameters
    ----------
    outcome_unit : str
        "QALY", "points".
    price : float
        Willingness to pay; the nearest price that was computed is used and named.
    """
    if result.reason:
        return {"two-arms": result.reason}
    benefit = result.net_benefit
    row = benefit.iloc[(benefit["willingness_to_pay"] - price).abs().argmin()]
    reach = wording.interval(row["low"], row["high"], row["ci_level"], 0)
    shown = wording.money(row["estimate"], currency)
    at = wording.money(row["willingness_to_pay"], currency)
    lost = int(result.icer["n_missing"].iloc[0])
    left_out = f" {plural(lost, 'patient', 'patients')} without every value left out." if lost else ""
    against = f"{row['arm']} against {result.icer['reference'].iloc[0]}"
    return {
        "two-arms": icer_sentence(result.icer.iloc[0], outcome_unit, currency) + left_out,
        "two-arms-benefit": f"At {at} per {outcome_unit} the net benefit of {against} is {shown} per patient "
        f"({reach}).",
        "two-arms-choice": acceptability_sentence(
            result.curve, row["willingness_to_pay"], currency, outcome_unit
        ),
    }


QUADRANTS = {
    "NE": "gains more and costs more",
    "SE": "gains more and costs less",
    "NW": "gains less and costs more",
    "SW": "gains less and costs less",
}
WHOLE = 10  # amounts from here on are told without decimals


def icer_sentence(row: pd.Series, outcome_unit: str, currency: str) -> str:
    """Return one row of `icer` in words: dominance named, a ratio given only where it has a meaning.

    Both differences carry their intervals; a ratio carries Fieller's, which may be no interval at all.
    """
    if row["reason"]:
        return row["reason"]
    gain, extra = row["delta_outcome"], row["delta_cost"]
    name = f"{wording.level_name(row['ci_level'])} CI"
    gained = f"{name} {_ends(row['delta_outcome_low'], row['delta_outcome_high'])}"
    paid = f"{name} {_ends(row['delta_cost_low'], row['delta_cost_high'], _amount)}"
    compared = (
        f"{icer_title(row)}: {wording.significant(gain)} {outcome_unit} ({gained}) and "
        f"{_price(extra, currency)} ({paid}) per patient (n = {int(row['n']):,} and "
        f"{int(row['n_reference']):,})"
    )
    return f"{compared}. {_verdict(row, outcome_unit, currency, name)}"


def icer_title(row: pd.Series) -> str:
    """Return which arm gains and costs more, from one row of `icer`; the reason where there is no answer."""
    if row["reason"]:
        return row["reason"]
    difference = QUADRANTS.get(row["quadrant"], "differs in only one of outcome and cost")
    than = "than" if row["quadrant"] in QUADRANTS else "from"
    return f"{wording.sentence_case(row['arm'])} {difference} {than} {row['reference']}"


def _verdict(row: pd.Series, outcome_unit: str, currency: str, name: str) -> str:
    if row["verdict"] in ("dominates", "is dominated"):
        share = row["share_se"] if row["verdict"] == "dominates" else row["share_nw"]
        sure = "though only" if share < 0.95 else "as in"
        sure = f"{sure} {wording.percent(share)} of resamples{' agree' if share < 0.95 else ''}"
        return f"On the means it {row['verdict']}, {sure}, so no ratio is given."
    if row["verdict"] == "no increment":
        return "There is no ratio to give."
    unit = "QALY" if outcome_unit == "QALY" else "unit of outcome"
    price = _price(row["icer"], currency)
    if row["quadrant"] == "SW":
        return f"It saves {price} per {unit} given up ({_fieller_ends(row, name)})."
    return f"That is {price} per {unit} gained ({_fieller_ends(row, name)})."


def _price(amount: float, currency: str) -> str:
    """Return an amount in whole currency units, or with three digits where that would read as 0 or 1."""
    return f"{currency} {_amount(amount)}"


def _amount(amount: float) -> str:
    return wording.number(amount, 0) if abs(amount) >= WHOLE or amount == 0 else wording.significant(amount)


def _ends(low: float, high: float, say: Callable[[float], str] = wording.significant) -> str:
    return wording.UNKNOWN if np.isnan(low) or np.isnan(high) else f"{say(low)} to {say(high)}"


def _fieller_ends(row: pd.Series, name: str) -> str:
    """Return Fieller's interval of the ratio in words, whichever of its three kinds it is."""
    if row["ci_kind"] == "bounded":
        return f"{name} {_ends(row['low'], row['high'], _amount)}"
    if row["ci_kind"] == "complement":
        return f"{name} everything below {_amount(row['low'])} or above {_amount(row['high'])}"
    return f"{name} rules out nothing"


def acceptability_sentence(curve: pd.DataFrame, price: float, currency: str, outcome_unit: str) -> str:
    """Return the best option at one willingness to pay, how sure that is, and what certainty is worth."""
    at = acceptability_frontier(curve)
    row = at.iloc[(at["willingness_to_pay"] - price).abs().argmin()]
    shown = wording.money(row["willingness_to_pay"], currency)
    return (
        f"At {shown} per {outcome_unit}, {row['option']} has the highest expected net benefit and is "
        f"best with a probability of {wording.percent(row['probability'])}; knowing for certain would be "
        f"worth {wording.money(row['evpi'], currency)} per patient."
    )
