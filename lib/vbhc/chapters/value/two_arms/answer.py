"""The answer about two ways of care, at the declared price of a QALY."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from vbhc import wording
from vbhc.chapters.value.two_arms.decision import benefit_at
from vbhc.chapters.value.two_arms.missing.words import IMPUTED
from vbhc.chapters.value.two_arms.trial import Trial
from vbhc.publish.results import Result


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
    return Result("answer", says=[claim, _filled_in(ways)], role="answer")


def _filled_in(ways: pd.DataFrame) -> str:
    """The same difference with the missing filled in; nothing where none was filled in."""
    imputed = ways[ways["handling"] == IMPUTED]
    if imputed.empty:
        return ""
    row = imputed.iloc[0]
    names = ("net_benefit", "net_benefit_low", "net_benefit_high")
    gap, low, high = (wording.number(row[name], 0) for name in names)
    return f"With the missing imputed the difference is {gap} ({low} to {high}, n = {int(row['n']):,})."
