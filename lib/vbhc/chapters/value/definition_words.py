"""The value quota of a study in words: in a few sentences, as a whole, and with each of its intervals."""

from collections.abc import Mapping

import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value.quota.declared import Definition, definition_table, said_of_visits
from vbhc.publish.results import Result, Table
from vbhc.study import Study
from vbhc.study.deaths import deaths_column
from vbhc.study.forms import FORMS

KINDS = "Bounded; complement: all but a stretch; whole line: nothing is ruled out."
BEST_FIXED = "The interval holds the best patient fixed, who sets the unit; another sample has another."


def definition_in_words(study: Study, vq: Definition) -> Result:
    """Say what is divided by what; the whole definition stands with the other forms (02c)."""
    scale = cleaning.load_columns(study).set_index("name").loc[f"{vq.outcome}_{study.follow_up}"]
    label = vq.outcome_label.partition(", ")[0]
    better = f", {scale['direction']}" if scale["direction"] else ""
    above = said_of_visits(study, FORMS[vq.form].above, label)
    cost = study.config.cost
    horizon = f", {cost.horizon}" if cost.horizon else ""
    says = [
        f"Outcome: {label}, from {scale['min']:g} to {scale['max']:g}{better}; {above}.",
        f"Cost: {cost.perspective}{horizon}, in {vq.currency} of {vq.price_year}.",
        f"Value quota (VQ): mean outcome over mean cost, in {vq.unit}.",
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


def each_interval(
    vq: Definition, patients: pd.DataFrame, answered: pd.DataFrame, everyone: pd.DataFrame
) -> Result | None:
    """Show the quota by each of its intervals, of those who answered and with the dead; nothing without one.

    Parameters
    ----------
    answered, everyone : DataFrame
        From `ratio_of_means` of `gain` and of `gain_counting_deaths`.
    """
    ways = {"patients who answered": answered}
    if patients["died"].any():
        ways = {"survivors who answered": answered, "with deaths at the worst score": everyone}
    known = [table.assign(who=who) for who, table in ways.items() if not table["reason"].iloc[0]]
    if not known:
        return None
    frame = pd.concat(known, ignore_index=True)
    shown = frame[["who", "method", "estimate", "low", "high", "ci_kind", "n"]].replace("fieller", "Fieller")
    level = wording.level_name(frame["ci_level"].iloc[0])
    notes = [KINDS, *([BEST_FIXED] if vq.form == "value-quotient" else [])]
    caption = f"The value quota (VQ) by method of its {level} interval, {vq.unit}"
    return Result("ratio-of-means", table=Table(shown, caption, by="who", notes=notes))
