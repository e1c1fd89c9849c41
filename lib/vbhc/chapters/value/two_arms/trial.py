"""A study's arms and QALYs as its `study.yml` has them, ready for `two_arms`."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from vbhc import wording
from vbhc.instruments.qaly import qalys
from vbhc.publish.counted import Counted
from vbhc.statistics.economics.two_arms import QALY_PRICES, TwoArms, no_answer, two_arms
from vbhc.study import Study
from vbhc.study.deaths import deaths, index_with_deaths

NO_QALY = "No index with a value set was scored at two visits, so there are no QALYs."


class Trial(NamedTuple):
    """The comparison of a study's arms: the result, how it was made, currency, deaths in it and in all."""

    result: TwoArms
    how: str
    currency: str
    died: int = 0
    died_in_all: int = 0

    def counted(self) -> Counted:
        """Return who is compared, and how many lack a value that it takes."""
        row = self.result.icer.iloc[0]
        among = {"deaths counted as a utility of 0 at the end": self.died}
        return Counted(int(row["n"] + row["n_reference"]), among=among, without=self._without(row))

    def _without(self, row: pd.Series) -> dict[str, int]:
        return {"without every value": int(row["n_missing"])}


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


def prices_around(willingness_to_pay: float) -> list[float]:
    """Return the prices of a QALY that are computed: a grid, the declared one, its half and its double."""
    return sorted({*map(float, QALY_PRICES), *(willingness_to_pay * times for times in (0.5, 1.0, 2.0))})


def study_two_arms(
    study: Study,
    patients: pd.DataFrame,
    willingness_to_pay: float,
    ci_level: float = 0.95,
    n_resamples: int = 2_000,
    seed: int = 1,
) -> Trial:
    """Compare the study's arms on QALYs and cost, with baseline index and the declared covariates held equal.

    Parameters
    ----------
    willingness_to_pay : float
        Currency per QALY; what depends on it is given at it, at its half and double, and on a grid.

    Returns
    -------
    Trial
        `result.reason` says why there is nothing to compare (no arms, no index); no exception then.
    """
    arms, stem = declared_arms(study), index_stem(study, patients)
    if arms is None or study.config.cost is None or not stem or len(study.config.visits) < 2:
        reason = "The study declares no arms." if arms is None else NO_QALY
        return Trial(no_answer(reason), "", "")
    column, reference = arms
    arm, held = patients[column], _held(study, patients, column)
    known = sorted(arm.dropna().astype(str).unique())
    if not known:
        return Trial(
            no_answer("No patient's arm is known; nothing to compare."), "", study.config.cost.currency
        )
    qaly = study_qalys(study, patients, stem)
    result = two_arms(
        qaly, patients[study.cost_column], arm, reference if reference in known else known[0],
        baseline=patients[f"{stem}_{study.baseline}"], covariates=patients[held] if held else None,
        willingness_to_pay=prices_around(willingness_to_pay),
        ci_level=ci_level, n_resamples=n_resamples, seed=seed,
    )  # fmt: skip
    known = qaly.notna() & patients[[study.cost_column, column, *held]].notna().all(axis=1)
    dead = deaths(study, patients)
    return Trial(
        result, _how(study, held), study.config.cost.currency, int((dead & known).sum()), int(dead.sum())
    )


def _held(study: Study, patients: pd.DataFrame, arm: str) -> list[str]:
    return [name for name in study.config.covariates if name != arm and name in patients]


def _how(study: Study, held: list[str]) -> str:
    months = study.config.visits[study.follow_up].months
    alike = wording.listing(["baseline index", *in_words(study, held)])
    return f"QALYs over {months:g} months: the area under the index. Held equal: {alike}"


def in_words(study: Study, covariates: list[str]) -> list[str]:
    """Return what is held equal by the labels of the study's dictionary, as inside a sentence."""
    known = study.dictionary
    labels = [known[name].label if name in known else name.replace("_", " ") for name in covariates]
    return [wording.inside_sentence(label) for label in labels]
