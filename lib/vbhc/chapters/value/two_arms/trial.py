"""A study's arms and QALYs as its `study.yml` has them, ready for `two_arms`."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from vbhc.instruments.qaly import qalys
from vbhc.statistics.economics.two_arms import QALY_PRICES, TwoArms, no_answer, two_arms
from vbhc.study import Study
from vbhc.study.deaths import deaths, index_with_deaths

NO_QALY = "No index with a value set was scored at two visits, so there are no QALYs."


class Trial(NamedTuple):
    """The comparison of a study's arms: the result, and what was compared with what, in words."""

    result: TwoArms
    outcome_label: str
    outcome_unit: str
    how: str


def declared_arms(study: Study) -> tuple[str, str] | None:
    """Return column and reference of the first group of kind "arm", None where the study has no arms."""
    for group in study.config.groups.values():
        if group.kind == "arm":
            return group.column, group.reference
    return None


def index_stem(study: Study, patients: pd.DataFrame) -> str:
    """Return the stem of the first index that was scored at every visit ("eq5d_index"), "" without one."""
    stems = [use.column("eq5d_index") for use in study.config.instruments.values() if use.value_set]
    scored = (s for s in stems if all(f"{s}_{visit}" in patients for visit in study.config.visits))
    return next(scored, "")


def study_qalys(study: Study, patients: pd.DataFrame, stem: str = "") -> pd.Series:
    """Return QALYs per patient over the study's visits; the dead have utility 0 at the last visit.

    The index falls along a straight line to 0 for those who died, whose day of death is not used. A visit
    that is missing otherwise leaves the QALYs missing.

    Raises
    ------
    ValueError
        If no index was scored at two visits or more.
    """
    stem = stem or index_stem(study, patients)
    visits = study.config.visits
    if not stem or len(visits) < 2:
        raise ValueError(NO_QALY)
    return qalys(index_with_deaths(study, patients, stem), [visit.months / 12 for visit in visits.values()])


def study_two_arms(
    study: Study, patients: pd.DataFrame, ci_level: float = 0.95, n_resamples: int = 2_000, seed: int = 1
) -> Trial:
    """Compare the study's arms on QALYs and cost, with baseline index and the declared covariates held equal.

    Returns
    -------
    Trial
        `result.reason` says why there is nothing to compare (no arms, no index); no exception then.
    """
    arms = declared_arms(study)
    stem = index_stem(study, patients)
    if arms is None or study.config.cost is None or not stem:
        reason = "The study declares no arms." if arms is None else NO_QALY
        return Trial(no_answer(reason), "QALYs", "QALY", "")
    column, reference = arms
    arm = patients[column]
    reference = reference or str(sorted(arm.dropna().unique(), key=str)[0])
    held = [name for name in study.config.covariates if name != column and name in patients]
    qaly = study_qalys(study, patients, stem)
    result = two_arms(
        qaly, patients[study.cost_column], arm, reference,
        baseline=patients[f"{stem}_{study.baseline}"], covariates=patients[held] if held else None,
        willingness_to_pay=QALY_PRICES, ci_level=ci_level, n_resamples=n_resamples, seed=seed,
    )  # fmt: skip
    months = study.config.visits[study.follow_up].months
    alike = ", ".join(["baseline index", *(name.replace("_", " ") for name in held)])
    died = int((deaths(study, patients) & qaly.notna()).sum())
    counted = f"; {died:,} who died count as 0 at the end" if died else ""
    how = f"QALYs over {months:g} months (area under the index){counted}; held equal: {alike}"
    return Trial(result, "QALYs", "QALY", how)
