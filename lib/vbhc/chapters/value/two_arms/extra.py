"""What one way of care gives and costs more than the other, and the ratio of the two where it has one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value.two_arms.trial import Trial
from vbhc.publish.claims import Claim
from vbhc.publish.results import Result

MEASURES = {"outcome": "the mean number of QALYs", "cost": "the mean cost per patient in {currency}"}
QUADRANTS = {
    "ne": "gains more and costs more",
    "se": "gains more and costs less",
    "nw": "gains less and costs more",
    "sw": "gains less and costs less",
}


def extra(trial: Trial) -> Result:
    """Say what one arm has more than the other in QALYs and cost, and the ratio where it means something."""
    if trial.result.reason:
        return Result("two-arms", says=[trial.result.reason])
    row = trial.result.icer.iloc[0]
    says: list[Claim | str] = [_gap(trial, "outcome"), _gap(trial, "cost"), *_dead_left_out(trial)]
    return Result("two-arms", says=[*says, _ratio(row, trial.currency)])


def _dead_left_out(trial: Trial) -> list[Claim]:
    """How many of the dead are in no comparison, and for want of what; nothing where all are in it."""
    lost, died = trial.died_in_all - trial.died, trial.died_in_all
    what = "who died are not among them, for want of the index at the start, the cost or what is held equal"
    return [Claim("share", what, lost / died, k=lost, n=died)] if lost else []


def sides(trial: Trial) -> dict[str, Any]:
    """Return the two arms of a claim: the new one first."""
    row = trial.result.icer.iloc[0]
    return {"first": str(row["arm"]), "second": str(row["reference"])}


def _gap(trial: Trial, measure: str) -> Claim:
    row = trial.result.icer.iloc[0]
    gap, low, high = (float(row[f"delta_{measure}{end}"]) for end in ("", "_low", "_high"))
    counted = trial.counted() if measure == "cost" else None
    what = MEASURES[measure].format(currency=trial.currency)
    decimals = 0 if measure == "cost" else None
    n = int(row["n"] + row["n_reference"])
    return Claim("difference", what, gap, low, high, n, decimals=decimals, counted=counted, **sides(trial))


def _ratio(row: pd.Series, currency: str) -> str:
    """The price of a QALY more, where both differences are there; else how the resamples lie."""
    if not np.isfinite(row["icer"]) or row["ci_kind"] != "bounded":
        share, quadrant = most_frequent(row)
        why = "the ratio of the two has no range" if np.isfinite(row["icer"]) else "no ratio is given"
        return f"In {wording.percent(share)} of resamples {row['arm']} {quadrant}; {why}."
    ends = " to ".join(wording.number(row[end], 0) for end in ("low", "high"))
    price = wording.money(row["icer"], currency)
    what = "saved per QALY given up" if row["quadrant"] == "SW" else "per QALY gained"
    return f"On the means that is {price} ({ends}) {what}."


def most_frequent(row: pd.Series) -> tuple[float, str]:
    """Return the quadrant of the plane in which most resamples lie: its share (0-1) and what it means."""
    shares = {name: float(row[f"share_{name}"]) for name in QUADRANTS}
    top = max(shares, key=lambda name: shares[name])
    return shares[top], QUADRANTS[top]
