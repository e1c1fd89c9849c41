"""The comparison of two arms in words: increments and ratio, what to choose, and what that is worth."""

from __future__ import annotations

from vbhc import wording
from vbhc.chapters.value.two_arms.icer_words import acceptability_sentence, icer_sentence
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
    reach = wording.interval(row["ci_low"], row["ci_high"], row["ci_level"], 0)
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


def two_arms_sentence(result: TwoArms, outcome_unit: str, currency: str, price: float) -> str:
    """Return all of `two_arms_points` as one text."""
    return " ".join(two_arms_points(result, outcome_unit, currency, price).values())
