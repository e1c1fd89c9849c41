"""Two arms had all answered: imputed within each arm, pooled by Rubin's rules, beside complete cases.

Imputing within arms keeps what differs between them (Faria et al. 2014, Pharmacoeconomics 32:1157, doi
10.1007/s40273-014-0193-3). `worse` asks what becomes of it if those who did not answer were worse.
"""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.value.two_arms.missing.complete import baseline_only, observed
from vbhc.chapters.value.two_arms.missing.imputed import pooled_gaps, study_gaps
from vbhc.chapters.value.two_arms.missing.words import (
    IMPUTED,
    MEASURES,
)
from vbhc.chapters.value.two_arms.trial import Trial
from vbhc.study import Study

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
        From `two_arms.study_two_arms`: its complete cases stand in the first rows.
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
