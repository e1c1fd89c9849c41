"""How far patients came, on each outcome, by visit and by group: means with their ranges, more is better."""

from typing import Any

import numpy as np
import pandas as pd

from vbhc import cleaning
from vbhc.chapters.outcomes import layout
from vbhc.chapters.value.groups import FEWEST, levels_told, splits
from vbhc.chapters.value.opening import separate_outcomes, study_outcomes, turned, with_gains
from vbhc.chapters.value.quota.declared import Definition, define_outcome, outcome_name
from vbhc.problems import fault
from vbhc.publish.claims import Claim
from vbhc.publish.counted import Counted
from vbhc.publish.results import Result
from vbhc.statistics.samples import mean_with_range
from vbhc.study import Study

FEW_VISITS = 2
FINE = 2  # scores that stay below are written with three decimals


def define(study: Study, outcome: str = "") -> Definition:
    """Return the outcome that the page follows, as a gain; empty takes the study's first.

    Raises
    ------
    StudyError
        If no score, or not this one, was formed at the first and at the last visit.
    """
    columns = cleaning.load_columns(study)
    stems = separate_outcomes(study, columns)
    if not stems and not outcome:
        raise fault(study.shown("study.yml"), "no score at two visits", "an instrument asked at both ends")
    return define_outcome(study, columns, outcome or stems[0])


def load_patients(study: Study, what: Definition) -> pd.DataFrame:
    """Return one row per patient, with what `value.load_patients` adds but for the cost."""
    return with_gains(study, cleaning.load_patients(study), what)


def changes(study: Study, patients: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the mean change of every outcome, of those with both visits.

    Returns
    -------
    DataFrame
        `outcome, n, mean_start, mean_state, estimate, low, high, in_sd`: the change is turned so that more is
        better; in SD of the first visit (Kazis 1989, Med Care 27:S178).
    """
    columns = cleaning.load_columns(study)
    rows = []
    for stem in study_outcomes(study, columns)[0]:
        ends = (study.baseline, study.follow_up)
        first, last = (patients[f"{stem}_{visit}"].astype(float) for visit in ends)
        both = first.notna() & last.notna()
        lower = columns.set_index("name").at[f"{stem}_{study.follow_up}", "direction"] == "lower is better"
        found = mean_with_range((last - first)[both] * (-1 if lower else 1), ci_level)
        spread = first[both].std()
        rows.append({
            "outcome": outcome_name(study, columns, stem), "mean_start": first[both].mean(),
            "mean_state": last[both].mean(), **found,
            "in_sd": found["estimate"] / spread if spread > 0 else np.nan,
        })  # fmt: skip
    names = ["outcome", "n", "mean_start", "mean_state", "estimate", "low", "high", "in_sd"]
    return pd.DataFrame(rows, columns=names)


def changes_shown(table: pd.DataFrame) -> Result:
    """Show the change of every outcome, a row each."""
    fine = bool(len(table)) and table[["mean_start", "mean_state"]].abs().max(axis=None) <= FINE
    places = {"mean_start": 3 if fine else 2, "mean_state": 3 if fine else 2}
    return Result("changes", table=layout.table("changes", table, rules={"decimals": places}))


def change_claim(study: Study, what: Definition, gains: pd.Series, ci_level: float, **said: Any) -> Claim:
    """Return the mean of the gains as a claim about the outcome: it got better, worse, or cannot be told."""
    noun = f"the {outcome_name(study, cleaning.load_columns(study), what.outcome)}"
    said |= {"unit": what.outcome_unit, "decimals": decimals(study, what)}
    return Claim("gain", noun, **mean_with_range(gains, ci_level), **said)


def decimals(study: Study, what: Definition) -> int:
    """Return the digits that a change of the outcome deserves: three where its scale ends by 2, else one."""
    scales = cleaning.load_columns(study).set_index("name")["max"]
    return 3 if scales[f"{what.outcome}_{study.follow_up}"] <= FINE else 1


def answered(patients: pd.DataFrame) -> Counted:
    """Return who is in a mean of those who answered, and who is not and why."""
    silent, died = patients["gain"].isna(), patients["died"]
    gone = {"who died": int((silent & died).sum()), "without a known outcome": int((silent & ~died).sum())}
    return Counted(int((~silent).sum()), without=gone)


def by_visit(study: Study, patients: pd.DataFrame, what: Definition, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the mean score at each visit of those who answered at all of them; more is better.

    Returns
    -------
    DataFrame
        `visit, n, estimate, low, high`; empty with fewer than three visits.
    """
    columns = cleaning.load_columns(study).set_index("name")
    names = {f"{what.outcome}_{visit}": one.label for visit, one in study.config.visits.items()}
    scores = patients[[name for name in names if name in patients]].dropna().astype(float)
    if scores.shape[1] <= FEW_VISITS:
        return pd.DataFrame(columns=["visit", "n", "estimate", "low", "high"])
    better = {name: turned(own, columns.loc[name]) for name, own in scores.items()}
    rows = [{"visit": names[name], **mean_with_range(own, ci_level)} for name, own in better.items()]
    return pd.DataFrame(rows)[["visit", "n", "estimate", "low", "high"]]


def visits_shown(what: Definition, table: pd.DataFrame) -> Result | None:
    """Show the mean at each visit; nothing with fewer than three."""
    if table.empty:
        return None
    return Result("by-visit", table=layout.table("by-visit", table, {"what": what}))


def changes_by_group(study: Study, patients: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the mean gain of every level of every declared group, of those who answered.

    Returns
    -------
    DataFrame
        `label, estimate, low, high, n`; levels of fewer than ten are left out, as are many providers.
    """
    rows = [
        {"label": f"{split}: {level}", **mean_with_range(gains, ci_level)}
        for split, levels in splits(study, patients).items()
        for level, gains in patients["gain"].groupby(levels, observed=True)
        if level in levels_told(patients["gain"].notna(), levels, study)
    ]
    return pd.DataFrame(rows, columns=["label", "estimate", "low", "high", "n"])


def groups_shown(
    study: Study, what: Definition, patients: pd.DataFrame, table: pd.DataFrame, ci_level: float = 0.95
) -> Result | None:
    """Show the change by group, and how two arms differ; nothing where no group is large enough.

    Parameters
    ----------
    table : DataFrame
        From `changes_by_group`.
    """
    if table.empty:
        return None
    words, claim = {"what": what, "fewest": FEWEST}, _arms(study, what, patients, ci_level)
    drawn = layout.intervals("by-group", table, "How far each group came", words, told=())
    return Result("by-group", says=[claim] if claim else [], drawing=drawn)


def _arms(study: Study, what: Definition, patients: pd.DataFrame, ci_level: float) -> Claim | None:
    """Return how two arms differ in their gain, the score at the start held equal (Vickers & Altman 2001)."""
    declared = [one for one in study.config.groups.values() if one.kind == "arm" and one.column in patients]
    start = patients[f"{what.outcome}_{study.baseline}"].astype(float)
    for group in declared:
        arm = patients[group.column].astype(object)
        known = sorted(arm[patients["gain"].notna() & start.notna()].dropna().unique(), key=str)
        sizes = [int(patients["gain"][arm == name].notna().sum()) for name in known]
        if len(known) != 2 or min(sizes) < FEWEST:
            continue
        reference = group.reference if group.reference in known else known[0]
        first = next(name for name in known if name != reference)
        held = pd.DataFrame({"first": (arm == first).astype(float), "start": start})
        found = difference_held_equal(patients["gain"], held[arm.notna()], ci_level)
        said: dict[str, Any] = {"lead": "With the start held equal", "decimals": decimals(study, what)}
        said |= {"first": str(first), "second": str(reference)}
        return Claim("difference", f"the mean change in {what.outcome_unit}", **said, **found)
    return None


def difference_held_equal(outcome: pd.Series, columns: pd.DataFrame, ci_level: float) -> dict[str, Any]:
    """Return the coefficient of the first column, the others held equal (`pingouin.linear_regression`)."""
    import pingouin

    frame = columns.assign(outcome=outcome.astype(float)).dropna()
    found = pingouin.linear_regression(frame[list(columns)], frame["outcome"], alpha=1 - ci_level).iloc[1]
    low, high = found.filter(like="CI")
    return {"estimate": float(found["coef"]), "low": float(low), "high": float(high), "n": len(frame)}
