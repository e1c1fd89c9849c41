"""What the other published forms of a value quota give on the same patients, or why they cannot be had."""

from typing import Any

import numpy as np
import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value import layout
from vbhc.chapters.value.group_value import fall_by_deaths, rank_agreement, who_answered
from vbhc.chapters.value.opening import providers
from vbhc.chapters.value.quota.declared import Definition, define_value_quota, group_outcome, outcome_values
from vbhc.chapters.value.quota.numerators import quota_where_possible
from vbhc.chapters.value.sentences import say
from vbhc.problems import StudyError
from vbhc.publish.claims import in_tens
from vbhc.publish.results import Result, either
from vbhc.statistics.ratios.means import ratio_of_means
from vbhc.study import Study
from vbhc.study.forms import FORMS

SAME_ORDER = 1e-9
RESAMPLES = 10_000
BEST_FIXED = "The interval holds the best patient fixed, who sets the unit; another sample has another."
ONE_PATIENT = "No interval: one patient, the best, sets the unit."


def other_forms(
    study: Study, patients: pd.DataFrame, definition: Definition, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the group's value under every published form of the declared outcome.

    Returns
    -------
    DataFrame
        `form, estimate, low, high` (ratio of means, Fieller; by providers where there are many), `unit,
        rank_agreement` (Spearman of patients' VQ with the declared one), `n, reason, source`. Numbers of
        different forms have different units; only the order of patients compares. A form that lacks something
        has its reason. The value quotient has no interval: the largest quota of a sample grows with its size
        and estimates nothing.
    """
    columns, cost = cleaning.load_columns(study), patients[definition.cost_column].astype(float)
    declared = quota_where_possible(outcome_values(patients, definition), cost, definition.per)
    rows, cluster = [], providers(study, patients)
    for form, published in FORMS.items():
        row = {"form": form, "source": published.source, "unit": "", "reason": "", "rank_agreement": np.nan}
        try:
            vq = define_value_quota(study, columns, outcome=_outcome(study, definition, form), form=form)
        except StudyError as error:
            rows.append(row | {"reason": f"{wording.sentence_case(error.problems[0].found)}."})
            continue
        own = quota_where_possible(outcome_values(patients, vq), cost, vq.per)
        outcome = group_outcome(patients, vq)
        found = ratio_of_means(outcome, cost, vq.per, ci_level, cluster=cluster).iloc[0]
        row |= found[["estimate", "low", "high", "n", "reason"]].to_dict()
        row |= {"unit": vq.unit, "rank_agreement": rank_agreement(own, declared)}
        if form == "value-quotient" and not row["reason"]:
            row |= {"low": np.nan, "high": np.nan, "reason": ONE_PATIENT}
        rows.append(row)
    names = ["form", "estimate", "low", "high", "unit", "rank_agreement", "n", "reason", "source"]
    return pd.DataFrame(rows).reindex(columns=names).astype({"n": "Int64"})


def _outcome(study: Study, definition: Definition, form: str) -> str:
    """Return the outcome of a form: the declared one, for QALYs the study's first index."""
    utilities = study.config.utilities
    if form != "qaly" or definition.outcome in utilities:
        return definition.outcome
    return next(iter(utilities), definition.outcome)


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
    made = layout.table("published-forms", shown, {"vq": vq})
    return Result("published-forms", says=_orders(table, vq.form), table=made)


def form_sources(table: pd.DataFrame) -> Result:
    """Show who published each form, and why it lacks a number or an interval here."""
    why = table["reason"].replace("", "computed").str.replace("`", "")  # marks of keys, for a terminal
    frame = table[["form", "source"]].assign(reason=why)
    return Result("form-sources", table=layout.table("form-sources", frame))


def _orders(table: pd.DataFrame, declared: str) -> list[str]:
    """Return which forms change the unit alone, and which put patients in another order."""
    rest = table[(table["form"] != declared) & table["rank_agreement"].notna()]
    same = rest["rank_agreement"] > 1 - SAME_ORDER
    ranks = [f"{r.form} (ρ = {wording.number(r.rank_agreement)})" for r in rest[~same].itertuples()]
    forms = {"only-unit": list(rest.loc[same, "form"]), "other-order": ranks}
    return [say(name, declared=declared, forms=wording.listing(own)) for name, own in forms.items() if own]


def forms_answer(vq: Definition, rows: pd.DataFrame, table: pd.DataFrame) -> Result:
    """Return the answer: what counting the deaths does, then which forms order patients otherwise.

    Parameters
    ----------
    rows, table : DataFrame
        From `value_rows` and `other_forms`.
    """
    fall = fall_by_deaths(vq, rows)
    first = rows["reason"].iloc[0] or either(fall, in_tens(fall))
    return Result("answer", says=[first, *reversed(_orders(table, vq.form))], role="answer")


def each_interval(
    study: Study, vq: Definition, patients: pd.DataFrame, ci_level: float = 0.95
) -> Result | None:
    """Show the quota by each of its intervals, without and with the dead; nothing where it has none."""
    ways = {who_answered(patients): "gain"}
    ways |= {"with deaths at the worst score": "gain_counting_deaths"} if patients["died"].any() else {}
    settings: dict[str, Any] = {"n_resamples": RESAMPLES, "cluster": providers(study, patients)}
    tables = [
        ratio_of_means(patients[name], patients["cost"], vq.per, ci_level, **settings).assign(who=who)
        for who, name in ways.items()
    ]
    known = [table for table in tables if not table["reason"].iloc[0]]
    if not known:
        return None
    frame = pd.concat(known, ignore_index=True)
    shown = frame[["who", "method", "estimate", "low", "high", "ci_kind", "n"]].replace("fieller", "Fieller")
    words = {"vq": vq, "level": wording.level_name(ci_level)}
    notes = [BEST_FIXED] if vq.form == "value-quotient" else []
    return Result("ratio-of-means", table=layout.table("ratio-of-means", shown, words, notes=notes))
