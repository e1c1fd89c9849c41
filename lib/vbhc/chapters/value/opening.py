"""The patients of a study as the value quota sees them: gain, cost, and what became of those who died."""

import numpy as np
import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value.quota.declared import Definition, analysis_frame, define_value_quota, group_outcome
from vbhc.study import Study
from vbhc.study.deaths import deaths

FEWEST_PROVIDERS = 20
PER = 1_000


def define(study: Study, outcome: str = "", form: str = "", per: float = 0) -> Definition:
    """Return the study's value quota; what is given replaces what study.yml says.

    Of a study that has costs alone it has no outcome, only the bill.
    """
    cost = study.config.cost
    if study.config.value_quota is None and cost and not outcome:
        money = (study.cost_column, cost.currency, cost.price_year, per or PER)
        return Definition("", "gain", "", "cost", "", 1, *money)
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
    if not vq.outcome:
        cost, died = patients[vq.cost_column].astype(float), deaths(study, patients)
        return patients.assign(gain=np.nan, cost=cost, died=died, gain_counting_deaths=np.nan)
    patients = with_gains(study, patients, vq)
    return patients.assign(cost=analysis_frame(patients, vq)["cost"])


def with_gains(study: Study, patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Return the patients with what `load_patients` adds, but for the cost."""
    died = deaths(study, patients)
    counted = group_outcome(_with_deaths(study, patients, vq, died), vq)
    return patients.assign(gain=group_outcome(patients, vq), died=died, gain_counting_deaths=counted)


def providers(study: Study, patients: pd.DataFrame) -> pd.Series | None:
    """Return the provider of each patient where a study has enough of them to judge chance by; else None.

    With fewer than twenty clusters their own spread is too badly known (Cameron & Miller 2015, J Hum Resour
    50:317); patients are then taken one by one.
    """
    columns = [group.column for group in study.config.groups.values() if group.kind == "provider"]
    known = [patients[column] for column in columns if column in patients]
    return known[0] if known and known[0].nunique() >= FEWEST_PROVIDERS else None


def rating(study: Study, patients: pd.DataFrame) -> pd.Series | None:
    """Return what patients said of their care, named as the study names it; None where nobody was asked."""
    asked = study.config.perception
    if asked is None or "perceived_value" not in patients:
        return None
    return patients["perceived_value"].astype(float).rename(wording.inside_sentence(asked.label))


def worst_score(study: Study, vq: Definition, columns: pd.DataFrame) -> float:
    """Return the worst value of the outcome at the last visit; of a utility that of being dead, 0."""
    if vq.outcome in study.config.utilities:
        return 0.0
    scale = columns.set_index("name").loc[f"{vq.outcome}_{study.follow_up}"]
    return float(scale["max"] if scale["direction"] == "lower is better" else scale["min"])


def _with_deaths(study: Study, patients: pd.DataFrame, vq: Definition, died: pd.Series) -> pd.DataFrame:
    """Return the patients with the worst score at the last visit for those who died and gave no answer."""
    before, after = (f"{vq.outcome}_{visit}" for visit in (study.baseline, study.follow_up))
    silent, change = died & patients[after].isna(), f"{vq.outcome}_change"
    worst = worst_score(study, vq, cleaning.load_columns(study))
    filled = patients.assign(**{after: patients[after].astype(float).mask(silent, worst)})
    if change not in patients:
        return filled
    moved = filled[after] - patients[before].astype(float)
    return filled.assign(**{change: patients[change].astype(float).mask(silent, moved)})
