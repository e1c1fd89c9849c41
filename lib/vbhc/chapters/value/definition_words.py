"""The value quota of a study: in a few sentences, as a whole table, and whom it touches."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vbhc import cleaning
from vbhc.chapters.value.quota.declared import (
    Definition,
    analysis_frame,
    definition_table,
    handling_table,
    said_of_visits,
)
from vbhc.publish.results import Result, Table
from vbhc.study import Study
from vbhc.study.deaths import deaths_column
from vbhc.study.forms import FORMS


def definition_in_words(study: Study, vq: Definition) -> Result:
    """Say what is divided by what; the whole definition stands with the other forms (02c)."""
    known = cleaning.load_columns(study).set_index("name")
    scale = known.loc[f"{vq.outcome}_{study.follow_up}"]
    label = vq.outcome_label.partition(", ")[0]
    better = f", {scale['direction']}" if scale["direction"] else ""
    above = said_of_visits(study, FORMS[vq.form].above, label)
    cost = study.config.cost
    horizon = f", {cost.horizon}" if cost.horizon else ""
    says = [
        f"Outcome: {label}, from {scale['min']:g} to {scale['max']:g}{better}; {above}.",
        f"Cost: {cost.perspective}{horizon}, in {vq.currency} of {vq.price_year}.",
        f"Value: mean outcome over mean cost, in {vq.unit}.",
        "" if deaths_column(study) in study.dictionary else "The study records no deaths.",
    ]
    return Result("definition", says=says)


def definition_in_full(study: Study, vq: Definition, settings: Mapping[str, str]) -> Result:
    """Show every choice of the definition, so that somebody else computes the same number.

    Parameters
    ----------
    settings : mapping
        Name to value in words of what the analyst chose for this run; they stand in the last rows.
    """
    frame = definition_table(study, vq, settings)
    return Result("definition", table=Table(frame, "The value quota of this study, in full"))


def whom_it_touches(patients: pd.DataFrame, vq: Definition) -> Result:
    """Show who drops out of the definition, and what is done with whom."""
    frame = handling_table(analysis_frame(patients, vq))
    table = Table(frame, "Whom the definition touches", labels={"handling": "What is done with them"})
    return Result("handling", table=table)
