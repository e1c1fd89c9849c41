"""What the other published forms of a value quota give on the same patients, or why they cannot be had."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value.quota.declared import Definition, analysis_frame, define_value_quota, group_outcome
from vbhc.chapters.value.quota.definitions import quota_where_possible
from vbhc.problems import StudyError
from vbhc.statistics.correlation.rank import spearman_rho
from vbhc.statistics.ratios.means import ratio_of_means
from vbhc.study import Study
from vbhc.study.forms import FORMS

FEWEST = 4
SAME_ORDER = 1e-9
ONE_PATIENT = "No interval: one patient, the best, sets the unit."


def other_forms(
    study: Study,
    patients: pd.DataFrame,
    columns: pd.DataFrame,
    definition: Definition,
    ci_level: float = 0.95,
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
    frame = analysis_frame(patients, definition)
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
    if form != "qaly" or definition.outcome.startswith("eq5d_index"):
        return definition.outcome
    uses = [use for use in study.config.instruments.values() if use.value_set]
    return uses[0].column("eq5d_index") if uses else definition.outcome


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


def computed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the forms of `other_forms` that have a number: without reasons and sources."""
    return table.loc[table["estimate"].notna()].drop(columns=["reason", "source"]).reset_index(drop=True)


def sources(table: pd.DataFrame) -> pd.DataFrame:
    """Return `form, source, here`: who published each form, and why it lacks a number or an interval here."""
    return pd.DataFrame(
        {"form": table["form"], "source": table["source"], "here": table["reason"].replace("", "computed")}
    )


def other_forms_sentence(table: pd.DataFrame, declared: str) -> str:
    """Return how far the other forms rank patients as the declared one does."""
    rest = table[(table["form"] != declared) & table["rank_agreement"].notna()]
    rescaled = rest.loc[rest["rank_agreement"] > 1 - SAME_ORDER, "form"]
    others = rest[~rest["form"].isin(rescaled)]
    parts = []
    if len(rescaled):
        parts.append(f"Only the unit of {declared} is changed by {wording.listing(rescaled)}.")
    ranks = [f"{row.form} (ρ = {wording.number(row.rank_agreement)})" for row in others.itertuples()]
    if ranks:
        parts.append(f"Patients are ranked otherwise by {wording.listing(ranks)}.")
    lacking = int(table["estimate"].isna().sum())
    if lacking:
        parts.append(f"The other {lacking} cannot be computed here; the table of sources says why.")
    return " ".join(parts)
