"""Differences between two arms in complete patients: as observed, baseline held equal, adjusted."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.value.two_arms.missing.words import ADJUSTED, ends_of
from vbhc.chapters.value.two_arms.trial import Trial, declared_arms, index_stem, study_qalys
from vbhc.instruments.qaly import qaly_difference
from vbhc.study import Study


def observed(study: Study, patients: pd.DataFrame, trial: Trial, price: float, ci_level: float) -> list[dict]:
    """Return complete cases, plain and adjusted."""
    benefit = trial.result.net_benefit
    adjusted = benefit.iloc[(benefit["willingness_to_pay"] - price).abs().argmin()]
    plain = _plain_benefit(study, patients, trial, adjusted["willingness_to_pay"], ci_level)
    rows, found = [], trial.result.increments
    names = {"unadjusted": "as observed", "adjusted": ADJUSTED}
    for method, words in names.items():
        part = found[found["method"] == method].set_index("measure")
        row = {"handling": words, "fmi": np.nan}
        row |= {
            "n": int(part[["n", "n_reference"]].iloc[0].sum()),
            "n_missing": int(part["n_missing"].iloc[0]),
        }
        for measure in ("outcome", "cost"):
            row |= ends_of(measure, part.loc[measure])
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
    values = {"estimate": treated.mean() - reference.mean(), "ci_low": ends.low, "ci_high": ends.high}
    return pd.Series(values)


def baseline_only(study: Study, patients: pd.DataFrame, trial: Trial, ci_level: float) -> list[dict]:
    """Return Manca's regression of QALYs on arm and baseline index, among patients with both."""
    column, _ = declared_arms(study)
    stem = index_stem(study, patients)
    row = trial.result.icer.iloc[0]
    inside = patients[column].isin([row["arm"], row["reference"]])
    chosen = patients[inside]
    before = chosen[f"{stem}_{study.baseline}"].astype(float)
    table = qaly_difference(
        study_qalys(study, chosen, stem), before, chosen[column].astype(str), row["reference"], None, ci_level
    )
    adjusted = table[table["method"] == "adjusted for baseline"].iloc[0]
    kept = {"n": int(adjusted["n"]), "n_missing": int(adjusted["n_missing"]), "fmi": np.nan}
    return [{"handling": "baseline only", **ends_of("outcome", adjusted), **kept}]
