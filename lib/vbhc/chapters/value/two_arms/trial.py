"""A study's two arms as its `study.yml` has them, and what one gives and costs more than the other."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.instruments.qaly import qalys
from vbhc.publish.results import Claim, Counted, Result
from vbhc.statistics.economics.two_arms import TwoArms, no_answer, two_arms
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
    """Return the stem of the first utility that was scored at every visit ("eq5d_index"), "" without one."""
    scored = (
        s for s in study.config.utilities if all(f"{s}_{visit}" in patients for visit in study.config.visits)
    )
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
    """Return the prices of a QALY that are computed: from nothing to twice the declared one, in tenths."""
    return [willingness_to_pay * (tenths / 10) for tenths in range(21)] if willingness_to_pay else [0.0]


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
        Currency per QALY; what depends on it is given on a grid from nothing to its double.

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


SIDES = {"outcome": "the mean number of QALYs", "cost": "the mean cost per patient in {currency}"}
QUADRANTS = {
    "ne": "gains more and costs more",
    "se": "gains more and costs less",
    "nw": "gains less and costs more",
    "sw": "gains less and costs less",
}


def extra(trial: Trial) -> Result:
    """Say what one arm has more than the other in QALYs and cost, and the ratio where it means something."""
    if trial.result.reason:
        return Result("two-arms", says=[trial.result.reason])
    row = trial.result.icer.iloc[0]
    says: list[Claim | str] = [_gap(trial, "outcome"), _gap(trial, "cost"), *_dead_left_out(trial)]
    return Result("two-arms", says=[*says, _ratio(row, trial.currency)])


def _dead_left_out(trial: Trial) -> list[Claim]:
    """How many of the dead are in no comparison, and for want of what; nothing where all are in it."""
    lost, died = trial.died_in_all - trial.died, trial.died_in_all
    what = "who died are not among them, for want of the index at the start, the cost or what is held equal"
    return [Claim("share", what, lost / died, k=lost, n=died)] if lost else []


def sides(trial: Trial) -> dict[str, Any]:
    """Return the two arms of a claim: the new one first."""
    row = trial.result.icer.iloc[0]
    return {"first": str(row["arm"]), "second": str(row["reference"])}


def _gap(trial: Trial, measure: str) -> Claim:
    row = trial.result.icer.iloc[0]
    gap, low, high = (float(row[f"delta_{measure}{end}"]) for end in ("", "_low", "_high"))
    counted = trial.counted() if measure == "cost" else None
    what = SIDES[measure].format(currency=trial.currency)
    decimals = 0 if measure == "cost" else None
    n = int(row["n"] + row["n_reference"])
    return Claim("difference", what, gap, low, high, n, decimals=decimals, counted=counted, **sides(trial))


def _ratio(row: pd.Series, currency: str) -> str:
    """The price of a QALY more, where both differences are there; else how the resamples lie."""
    if not np.isfinite(row["icer"]) or row["ci_kind"] != "bounded":
        share, quadrant = most_frequent(row)
        why = "the ratio of the two has no range" if np.isfinite(row["icer"]) else "no ratio is given"
        return f"In {wording.percent(share)} of resamples {row['arm']} {quadrant}; {why}."
    ends = " to ".join(wording.number(row[end], 0) for end in ("low", "high"))
    price = wording.money(row["icer"], currency)
    what = "saved per QALY given up" if row["quadrant"] == "SW" else "per QALY gained"
    return f"On the means that is {price} ({ends}) {what}."


def most_frequent(row: pd.Series) -> tuple[float, str]:
    """Return the quadrant of the plane in which most resamples lie: its share (0-1) and what it means."""
    shares = {name: float(row[f"share_{name}"]) for name in QUADRANTS}
    top = max(shares, key=lambda name: shares[name])
    return shares[top], QUADRANTS[top]
