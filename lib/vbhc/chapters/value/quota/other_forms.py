"""What the other published forms of a value quota give on the same patients, or why they cannot be had."""

import numpy as np
import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value.group_value import fall_by_deaths
from vbhc.chapters.value.quota.declared import Definition, analysis_frame, define_value_quota, group_outcome
from vbhc.chapters.value.quota.definitions import quota_where_possible
from vbhc.problems import StudyError
from vbhc.publish.results import Result, Table
from vbhc.statistics.correlation.rank import spearman_rho
from vbhc.statistics.ratios.means import ratio_of_means
from vbhc.study import Study
from vbhc.study.forms import FORMS

FEWEST = 4
SAME_ORDER = 1e-9
ONE_PATIENT = "No interval: one patient, the best, sets the unit."


def other_forms(
    study: Study, patients: pd.DataFrame, definition: Definition, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the group's value under every published form of the declared outcome.

    Returns
    -------
    DataFrame
        `form, estimate, low, high` (ratio of means, Fieller), `unit, rank_agreement` (Spearman of
        patients' VQ with the declared one), `n, reason, source`. Numbers of different forms have different
        units; only the order of patients compares. A form that lacks something has its reason. The value
        quotient has no interval: the largest quota of a sample grows with its size and estimates nothing.
    """
    columns, frame = cleaning.load_columns(study), analysis_frame(patients, definition)
    declared = quota_where_possible(frame["outcome"], frame["cost"], definition.per)
    rows = []
    for form, published in FORMS.items():
        row = {"form": form, "source": published.source, "unit": "", "reason": "", "rank_agreement": np.nan}
        try:
            vq = define_value_quota(study, columns, outcome=_outcome(study, definition, form), form=form)
        except StudyError as error:
            rows.append(row | {"reason": _short(error)})
            continue
        frame = analysis_frame(patients, vq).assign(group=group_outcome(patients, vq))
        rows.append(row | _value(frame, vq, declared, ci_level))
    names = ["form", "estimate", "low", "high", "unit", "rank_agreement", "n", "reason", "source"]
    return pd.DataFrame(rows).reindex(columns=names).astype({"n": "Int64"})


def _outcome(study: Study, definition: Definition, form: str) -> str:
    """Return the outcome of a form: the declared one, for QALYs the study's first index."""
    utilities = study.config.utilities
    if form != "qaly" or definition.outcome in utilities:
        return definition.outcome
    return next(iter(utilities), definition.outcome)


def _value(frame: pd.DataFrame, vq: Definition, declared: pd.Series, ci_level: float) -> dict[str, object]:
    found = ratio_of_means(frame["group"], frame["cost"], vq.per, ci_level, n_resamples=2).iloc[0]
    own = quota_where_possible(frame["outcome"], frame["cost"], vq.per)
    both = own.notna() & declared.notna()
    row = {name: found[name] for name in ("estimate", "low", "high", "n", "reason")}
    if both.sum() >= FEWEST and own[both].nunique() > 1 and declared[both].nunique() > 1:
        row["rank_agreement"] = spearman_rho(own[both].to_numpy(), declared[both].to_numpy())
    if vq.form == "value-quotient" and not row["reason"]:
        row |= {"low": np.nan, "high": np.nan, "reason": ONE_PATIENT}
    return row | {"unit": vq.unit}


def _short(error: StudyError) -> str:
    problem = error.problems[0]
    return problem.found[0].upper() + problem.found[1:] + "."


def published_forms(
    vq: Definition, patients: pd.DataFrame, everyone: pd.DataFrame, table: pd.DataFrame
) -> Result:
    """Show the value under every published form that these data allow, and with its deaths counted.

    Parameters
    ----------
    everyone : DataFrame
        From `ratio_of_means` of `gain_counting_deaths`.
    table : DataFrame
        From `other_forms`.
    """
    names = ["form", "estimate", "low", "high", "unit", "rank_agreement", "n"]
    known = table.loc[table["estimate"].notna(), names]
    dead = everyone.head(1).assign(form=f"{vq.form}, deaths at the worst score", unit=vq.unit)
    dead = dead.reindex(columns=names)[[bool(patients["died"].any())]]
    shown = pd.concat([dead[dead["estimate"].notna()], known], ignore_index=True).astype({"n": "Int64"})
    notes = [
        f"Order: Spearman's correlation of patients' order with that by {vq.form}, where they have both."
    ]
    caption = "The published forms of a value quota on the same patients"
    says = [said for said in (_rescaled(table, vq.form), _reordered(table, vq.form)) if said]
    return Result(
        "published-forms", says=says, table=Table(shown, caption, notes=notes, rules={"parts": False})
    )


def form_sources(table: pd.DataFrame) -> Result:
    """Show who published each form, and why it lacks a number or an interval here."""
    frame = table[["form", "source", "reason"]].replace({"reason": {"": "computed"}})
    shown = Table(frame, "Who published each form, and what it lacks here", labels={"reason": "Here"})
    return Result("form-sources", table=shown)


def _same(table: pd.DataFrame, declared: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the other forms that leave patients' order as it is, and those that do not."""
    rest = table[(table["form"] != declared) & table["rank_agreement"].notna()]
    same = rest["rank_agreement"] > 1 - SAME_ORDER
    return rest[same], rest[~same]


def _rescaled(table: pd.DataFrame, declared: str) -> str:
    same, _ = _same(table, declared)
    if same.empty:
        return ""
    return f"Only the unit of {declared} is changed by {wording.listing(same['form'])}."


def _reordered(table: pd.DataFrame, declared: str) -> str:
    _, others = _same(table, declared)
    if others.empty:
        return ""
    ranks = [f"{row.form} (ρ = {wording.number(row.rank_agreement)})" for row in others.itertuples()]
    return f"Patients are put in another order than by {declared} by {wording.listing(ranks)}."


def forms_answer(
    vq: Definition,
    patients: pd.DataFrame,
    answered: pd.DataFrame,
    everyone: pd.DataFrame,
    table: pd.DataFrame,
) -> Result:
    """Return the answer: what counting the deaths does, then which forms order patients otherwise.

    Parameters
    ----------
    answered, everyone : DataFrame
        From `ratio_of_means` of `gain` and of `gain_counting_deaths`.
    table : DataFrame
        From `other_forms`.
    """
    says = [_reordered(table, vq.form), _rescaled(table, vq.form)]
    if answered["reason"].iloc[0]:
        return Result("answer", says=[answered["reason"].iloc[0], *says], role="answer")
    return Result("answer", says=[fall_by_deaths(vq, patients, answered, everyone), *says], role="answer")
