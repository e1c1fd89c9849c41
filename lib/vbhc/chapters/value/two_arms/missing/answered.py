"""Two arms had all answered: imputed within each arm, pooled by Rubin's rules, beside complete cases.

Imputing within arms keeps what differs between them (Faria et al. 2014, Pharmacoeconomics 32:1157, doi
10.1007/s40273-014-0193-3). `worse` asks what becomes of it if those who did not answer were worse.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.value.two_arms.missing.imputed import pooled_gaps, study_gaps
from vbhc.chapters.value.two_arms.missing.words import ADJUSTED, IMPUTED, MEASURES, ends_of
from vbhc.chapters.value.two_arms.trial import Trial, declared_arms, index_stem, study_qalys
from vbhc.instruments.qaly import qaly_difference
from vbhc.study import Study

COLUMNS = [
    *("handling", *(f"{measure}{end}" for measure in MEASURES for end in ("", "_low", "_high"))),
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


def observed(study: Study, patients: pd.DataFrame, trial: Trial, price: float, ci_level: float) -> list[dict]:
    """Return complete cases, plain and adjusted."""
    benefit = trial.result.net_benefit
    adjusted = benefit.iloc[(benefit["willingness_to_pay"] - price).abs().argmin()]
    plain = _plain_benefit(study, patients, trial, adjusted["willingness_to_pay"], ci_level)
    rows, found = [], trial.result.increments
    names = {"unadjusted": "as observed", "adjusted": ADJUSTED}
    for method, words in names.items():
        part = found[found["method"] == method].set_index("measure")
        n, gone = part[["n", "n_reference"]].iloc[0].sum(), part["n_missing"].iloc[0]
        row = {"handling": words, "fmi": np.nan, "n": int(n), "n_missing": int(gone)}
        row |= ends_of("outcome", part.loc["outcome"]) | ends_of("cost", part.loc["cost"])
        rows.append(row | ends_of("net_benefit", adjusted if method == "adjusted" else plain))
    return rows


def _plain_benefit(
    study: Study, patients: pd.DataFrame, trial: Trial, price: float, ci_level: float
) -> pd.Series:
    """Return the difference in mean net benefit of the same complete cases, with Welch's interval."""
    column, _ = declared_arms(study)
    stem, pair = index_stem(study, patients), trial.result.icer.iloc[0]
    held = [name for name in study.config.covariates if name != column and name in patients]
    cost = patients[study.cost_column].astype(float)
    known = patients[[f"{stem}_{study.baseline}", *held]].notna().all(axis=1)
    benefit = (price * study_qalys(study, patients, stem) - cost)[known].dropna()
    treated, reference = (benefit[patients[column] == pair[side]] for side in ("arm", "reference"))
    ends = stats.ttest_ind(treated, reference, equal_var=False).confidence_interval(ci_level)
    values = {"estimate": treated.mean() - reference.mean(), "low": ends.low, "high": ends.high}
    return pd.Series(values)


def baseline_only(study: Study, patients: pd.DataFrame, trial: Trial, ci_level: float) -> list[dict]:
    """Return Manca's regression of QALYs on arm and baseline index, among patients with both."""
    column, _ = declared_arms(study)
    stem = index_stem(study, patients)
    row = trial.result.icer.iloc[0]
    chosen = patients[patients[column].isin([row["arm"], row["reference"]])]
    before = chosen[f"{stem}_{study.baseline}"].astype(float)
    table = qaly_difference(
        study_qalys(study, chosen, stem), before, chosen[column].astype(str), row["reference"], None, ci_level
    )
    adjusted = table[table["method"] == "adjusted for baseline"].iloc[0]
    kept = {"n": int(adjusted["n"]), "n_missing": int(adjusted["n_missing"]), "fmi": np.nan}
    return [{"handling": "baseline only", **ends_of("outcome", adjusted), **kept}]
