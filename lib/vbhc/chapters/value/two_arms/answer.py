"""The answer about two ways of care, at the declared price of a QALY."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from vbhc import wording
from vbhc.chapters.value.two_arms.decision import benefit_at
from vbhc.chapters.value.two_arms.missing.words import ADJUSTED, IMPUTED, conclusion
from vbhc.chapters.value.two_arms.trial import Trial
from vbhc.publish.results import Result

BENEFIT = ("net_benefit", "net_benefit_low", "net_benefit_high")


def arms_answer(trial: Trial, ways: pd.DataFrame, willingness_to_pay: float) -> Result:
    """Return which way has the higher net benefit at the declared price, or why nothing can be compared.

    Parameters
    ----------
    ways : DataFrame
        From `arms_if_answered`: its last way fills in what is missing.
    """
    if trial.result.reason:
        return Result("answer", says=[trial.result.reason], role="answer")
    claim = replace(benefit_at(trial, willingness_to_pay), counted=trial.counted())
    return Result("answer", says=[claim, _turned(ways), _filled_in(ways)], role="answer")


def _turned(ways: pd.DataFrame) -> str:
    """That the sign hangs on what is held equal, where it does; nothing where it does not."""
    kept = ways[ways["handling"].isin(["as observed", ADJUSTED])].set_index("handling")
    if len(kept) < 2 or kept["net_benefit"].prod() >= 0:
        return ""
    seen = kept.loc["as observed", [*BENEFIT]].to_list()
    sizes = [wording.number(number, 0) for number in seen]
    sure = any(conclusion(row) for row in kept.to_dict("records"))
    chance = "" if sure else ", and either could be chance"
    return (
        f"As observed, with nothing held equal, it is {sizes[0]} ({sizes[1]} to {sizes[2]}): holding the "
        f"start and the covariates equal turns its sign{chance}."
    )


def _filled_in(ways: pd.DataFrame) -> str:
    """The same difference with the missing filled in; nothing where none was filled in."""
    imputed = ways[ways["handling"] == IMPUTED]
    if imputed.empty:
        return ""
    row = imputed.iloc[0]
    gap, low, high = (wording.number(row[name], 0) for name in BENEFIT)
    return f"With the missing imputed the difference is {gap} ({low} to {high}, n = {int(row['n']):,})."
