"""The value quota of a study in a few sentences: what is gained, what is spent, and by whom it is seen."""

from __future__ import annotations

from vbhc import cleaning
from vbhc.chapters.value.quota.declared import Definition, said_of_visits
from vbhc.publish.results import Result
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
