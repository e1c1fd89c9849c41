"""Does one way of care give more for the money? One sentence for the walk; 02d says the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.chapters.value.group_value import noun
from vbhc.chapters.value.groups import FEWEST, _plain
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.two_arms.trial import declared_arms
from vbhc.publish.claims import Claim, verdict
from vbhc.publish.results import Result
from vbhc.study import Study


def arms_difference(
    study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the value of each arm, survivors alone and with deaths, and the difference of the two.

    Returns
    -------
    DataFrame
        `counted` ("survivors", "deaths counted"), `first, second, estimate_first, estimate_second, estimate,
        low, high` (first minus second: the new arm minus the reference; independent groups, delta method),
        `n_first, n_second`; no row without two arms of at least ten patients.
    """
    declared = declared_arms(study)
    if declared is None:
        return pd.DataFrame()
    column, reference = declared
    ways = {"survivors": "gain", "deaths counted": "gain_counting_deaths"}
    ways = ways if patients["died"].any() else {"everybody": "gain"}
    rows = [
        {"counted": name, **_difference(patients, patients[column], reference, vq, outcome, ci_level)}
        for name, outcome in ways.items()
    ]
    return pd.DataFrame([row for row in rows if np.isfinite(row.get("estimate", np.nan))])


def _difference(
    patients: pd.DataFrame, arm: pd.Series, reference: str, vq: Definition, outcome: str, ci_level: float
) -> dict:
    frame = pd.DataFrame({"outcome": patients[outcome], "cost": patients["cost"]})
    part, covariance = _plain(frame, arm, vq.per, ci_level)
    if len(part) != 2 or (part["n"] < FEWEST).any():
        return {}
    errors = covariance.diagonal()
    order = [1, 0] if str(part["group"].iloc[0]) == str(reference) else [0, 1]
    new, old = (part.iloc[place] for place in order)
    half = stats.norm.ppf((1 + ci_level) / 2) * (errors.sum() ** 0.5)
    gap = new["estimate"] - old["estimate"]
    ends = {"estimate": gap, "low": gap - half, "high": gap + half}
    both = {"estimate_first": new["estimate"], "estimate_second": old["estimate"]}
    return {
        "first": new["group"],
        "second": old["group"],
        **both,
        **ends,
        "n_first": new["n"],
        "n_second": old["n"],
    }


def arms_in_a_sentence(table: pd.DataFrame, vq: Definition) -> Result | None:
    """Say whether one way of care gave more for the money, and whether that turns once deaths count."""
    if table.empty:
        return None
    last = table.iloc[-1]
    unit = f"{vq.outcome_unit} per {vq.currency} {vq.per:,.0f}"
    claim = Claim(
        "difference",
        noun(vq),
        last["estimate"],
        last["low"],
        last["high"],
        int(last["n_first"] + last["n_second"]),
        first=str(last["first"]),
        second=str(last["second"]),
        unit=unit,
        lead="With deaths counted" if last["counted"] == "deaths counted" else "",
    )
    return Result("two-arms-value", says=[claim, _turn(table)])


def _turn(table: pd.DataFrame) -> str:
    """What counting the deaths did to the comparison; nothing where there are none."""
    if len(table) < 2:
        return ""
    alone, counted = table.iloc[0], table.iloc[1]
    turned = alone["estimate"] * counted["estimate"] < 0
    sure = [verdict(*row[["estimate", "low", "high"]]) in ("more", "less") for row in (alone, counted)]
    gap = wording.number(alone["estimate"])
    reach = f"{wording.number(alone['low'])} to {wording.number(alone['high'])}"
    told = f"Among survivors alone the difference is {gap} ({reach})"
    if turned:
        by_chance = "" if any(sure) else ", and either could be chance"
        return f"{told}; counting deaths turns the order{by_chance}."
    return f"{told}."
