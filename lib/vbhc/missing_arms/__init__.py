"""Two arms had all answered: imputed within each arm, pooled by Rubin's rules, beside complete cases.

Imputing within arms keeps what differs between them (Faria et al. 2014, Pharmacoeconomics 32:1157, doi
10.1007/s40273-014-0193-3). `worse` asks what becomes of it if those who did not answer were worse.
"""

from __future__ import annotations

import pandas as pd

from vbhc.missing_arms.complete import baseline_only, observed
from vbhc.missing_arms.imputed import pooled_differences, pooled_gaps, study_gaps
from vbhc.missing_arms.words import (
    ADJUSTED,
    IMPUTED,
    IMPUTED_NOTE,
    MEASURES,
    arms_if_answered_sentence,
    by_measure,
    places,
)
from vbhc.missing_arms.worse import arms_if_worse, arms_if_worse_sentence, tipping_points, worse_by_measure
from vbhc.study import Study
from vbhc.value import Trial

__all__ = [
    "ADJUSTED",
    "IMPUTED",
    "IMPUTED_NOTE",
    "MEASURES",
    "arms_if_answered",
    "arms_if_answered_sentence",
    "arms_if_worse",
    "arms_if_worse_sentence",
    "by_measure",
    "places",
    "pooled_differences",
    "tipping_points",
    "worse_by_measure",
]

COLUMNS = [
    "handling",
    *(f"{measure}{end}" for measure in MEASURES for end in ("", "_low", "_high")),
    *("n", "n_missing", "fmi"),
]


def arms_if_answered(
    study: Study,
    patients: pd.DataFrame,
    trial: Trial,
    willingness_to_pay: float,
    ci_level: float = 0.95,
    n_imputations: int = 20,
    seed: int = 1,
) -> pd.DataFrame:
    """Return the differences between two arms, unadjusted to imputed, one row per way of getting them.

    Parameters
    ----------
    trial : Trial
        From `value.study_two_arms`: its complete cases stand in the first rows.
    willingness_to_pay : float
        Currency per QALY at which net benefit is given.

    Returns
    -------
    DataFrame
        `handling`, then `outcome, cost, net_benefit` (treatment minus reference) each with `_low, _high`, `n,
        n_missing` (patients with a value filled in or left out), `fmi` (information missing about net
        benefit). "baseline only" holds the baseline index equal and nothing else (Manca 2005, equation 3);
        it has no cost, so no net benefit. Rows that cannot be had are absent; empty without a comparison.
    """
    if trial.result.reason:
        return pd.DataFrame(columns=COLUMNS)
    complete = observed(study, patients, trial, willingness_to_pay, ci_level)
    manca = baseline_only(study, patients, trial, ci_level)
    row = pooled_gaps(study_gaps(study, patients, trial, n_imputations, seed), willingness_to_pay, ci_level)
    imputed = [{"handling": IMPUTED, **row}] if row else []
    parts = [pd.DataFrame(rows) for rows in (complete[:1], manca, complete[1:], imputed) if rows]
    return pd.concat(parts, ignore_index=True).reindex(columns=COLUMNS)
