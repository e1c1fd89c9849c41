"""The patients of a study as the value quota sees them: gain, cost, and what became of those who died."""

from __future__ import annotations

import pandas as pd

from vbhc import cleaning
from vbhc.chapters.value.quota.declared import (
    Definition,
    analysis_frame,
    define_value_quota,
    group_outcome,
)
from vbhc.study import Study
from vbhc.study.deaths import deaths

FEWEST_PROVIDERS = 20


def define(study: Study, outcome: str = "", form: str = "", per: float = 0) -> Definition:
    """Return the study's value quota; what is given replaces what study.yml says."""
    return define_value_quota(study, cleaning.load_columns(study), outcome=outcome, form=form, per=per)


def load_patients(study: Study, vq: Definition) -> pd.DataFrame:
    """Return one row per patient: all columns of the clean table, and what the value quota is made of.

    Returns
    -------
    DataFrame
        Added: `gain` (the outcome in the form of `vq`, more is better; missing where not measured), `cost`,
        `died` (by the last visit), `gain_counting_deaths` (those who died have the worst score at the end, a
        utility 0, in the place of the answer they could not give).

    Notes
    -----
    Nobody else's missing outcome is filled in.
    """
    patients = cleaning.load_patients(study)
    frame = analysis_frame(patients, vq)
    died = deaths(study, patients)
    counted = group_outcome(_with_deaths(study, patients, vq, died), vq)
    return patients.assign(
        gain=group_outcome(patients, vq), cost=frame["cost"], died=died, gain_counting_deaths=counted
    )


def providers(study: Study, patients: pd.DataFrame) -> pd.Series | None:
    """Return the provider of each patient where a study has enough of them to judge chance by; else None.

    With fewer than twenty clusters their own spread is too badly known (Cameron & Miller 2015, J Hum Resour
    50:317); patients are then taken one by one.
    """
    columns = [group.column for group in study.config.groups.values() if group.kind == "provider"]
    known = [patients[column] for column in columns if column in patients]
    return known[0] if known and known[0].nunique() >= FEWEST_PROVIDERS else None


def worst_score(study: Study, vq: Definition) -> float:
    """Return the worst value of the outcome; of a utility that of being dead, 0."""
    if vq.outcome.startswith("eq5d_index"):
        return 0.0
    scale = cleaning.load_columns(study).set_index("name").loc[f"{vq.outcome}_{study.follow_up}"]
    return float(scale["max"] if scale["direction"] == "lower is better" else scale["min"])


def _with_deaths(study: Study, patients: pd.DataFrame, vq: Definition, died: pd.Series) -> pd.DataFrame:
    """Return the patients with the worst score at the last visit for those who died and gave no answer."""
    before, after = (f"{vq.outcome}_{visit}" for visit in (study.baseline, study.follow_up))
    silent = died & patients[after].isna()
    filled = patients[after].astype(float).mask(silent, worst_score(study, vq))
    change = {}
    if f"{vq.outcome}_change" in patients:
        moved = filled - patients[before].astype(float)
        change = {f"{vq.outcome}_change": patients[f"{vq.outcome}_change"].astype(float).mask(silent, moved)}
    return patients.assign(**{after: filled, **change})
