"""The study's value quota, written out: which outcome, in which form, over which cost, and what is left out.

Value = outcomes that matter to the patient / cost of the care says none of this by itself. Every choice here
changes the number, so each is named, checked against the data and printed at the top of the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vbhc import cleaning
from vbhc.chapters.deaths import too_few
from vbhc.chapters.value import layout
from vbhc.chapters.value.quota.numerators import Recipe, group_numerator, numerator, recipe_of
from vbhc.problems import Problem, did_you_mean, fault, refuse
from vbhc.publish.results import Result
from vbhc.study import Study
from vbhc.study.deaths import deaths_column
from vbhc.study.form_checks import form_problems, smallest_change
from vbhc.study.forms import FORMS, needs_baseline

LEVELS = ("follow-up", "baseline-adjusted")  # scores as they stand: one that counts down would reward harm


@dataclass(frozen=True)
class Definition:
    """One value quota: `outcome_column` over `cost_column`, per `per` currency units.

    `sign` is -1 for the gain on a scale where lower is better, so that a positive gain is always good.
    `mcid` is the smallest change that matters to one patient as the study knows it (0: it names none).
    `recipe` holds what the form is made of (None: `outcome_column` as it stands, turned by `sign`), `detail`
    what a reader must know of it (the MCID, weights ...).
    """

    outcome: str
    form: str
    outcome_column: str
    outcome_label: str
    outcome_unit: str
    sign: int
    cost_column: str
    currency: str
    price_year: int
    per: float
    recipe: Recipe | None = None
    detail: str = ""
    mcid: float = 0

    @property
    def unit(self) -> str:
        """Unit of the quota, such as "points per EUR 1,000"."""
        return f"{self.outcome_unit} per {self.currency} {self.per:,.0f}"

    @property
    def cost_label(self) -> str:
        """Axis label of the cost."""
        return f"Cost per patient ({self.currency}, prices of {self.price_year})"


def define_value_quota(
    study: Study, columns: pd.DataFrame, outcome: str = "", form: str = "", per: float = 0
) -> Definition:
    """Return the study's definition, with any choice replaced by an analyst's parameter.

    Parameters
    ----------
    study : Study
        Its `value_quota` and `cost` give every choice not made here.
    columns : DataFrame
        Dictionary of the clean columns (name, label, unit, direction ...), as cleaning writes it.
    outcome, form : str
        Stem of a scored outcome ("kccq_os") and a name of `vbhc.study.forms.FORMS` ("gain", "follow-up",
        "procedure-value-index" ...); empty takes the study's.
    per : float
        Currency units in the denominator; 0 takes the study's (the reference cost for "value-index").

    Raises
    ------
    StudyError
        If the study declares no value quota or cost, if the outcome was not scored at the visits needed,
        if the form lacks what it needs (an MCID, weights ...), or if a score that counts down to good health
        should stand above the line as it is (its quotient would reward harm).
    """
    plan, cost = study.config.value_quota, study.config.cost
    if plan is None or cost is None:
        found = "no `value_quota` or no `cost`"
        raise fault(study.shown("study.yml"), found, "VQ needs both")
    outcome, form = outcome or plan.outcome, form or plan.form
    per = float(per or (plan.reference_cost if form == "value-index" else 0) or plan.per)
    money = {"cost_column": study.cost_column, "currency": cost.currency, "price_year": cost.price_year}
    return _definition(study, columns, outcome, form, per=per, **money)


def define_outcome(study: Study, columns: pd.DataFrame, outcome: str) -> Definition:
    """Return an outcome as a gain that nothing is divided by: a definition without cost, for any study.

    Raises
    ------
    StudyError
        If the outcome was not scored at the first and the last visit.
    """
    return _definition(study, columns, outcome, "gain", cost_column="", currency="", price_year=0, per=1)


def _definition(study: Study, columns: pd.DataFrame, outcome: str, form: str, **money: Any) -> Definition:
    """Return a form of an outcome that can be computed; `money` is what it is divided by."""
    _refuse(study, columns, outcome, form)
    known = columns.set_index("name")
    recipe, source = recipe_of(study, known, outcome, form)
    change = f"{outcome}_change"
    return Definition(
        outcome=outcome,
        form=form,
        outcome_column=change if needs_baseline(form) and change in known.index else recipe.parts[0].after,
        outcome_label=said_of_visits(study, FORMS[form].label, outcome_name(study, columns, outcome)),
        outcome_unit=FORMS[form].unit or _noun(str(known.at[f"{outcome}_{study.follow_up}", "unit"])),
        sign=recipe.parts[0].sign,
        recipe=recipe,
        detail=source,
        mcid=smallest_change(study, outcome)[0],
        **money,
    )


def said_of_visits(study: Study, words: str, label: str = "") -> str:
    """Return the words of a form with the study's own visits and the outcome's label."""
    labels = (study.config.visits[visit].label for visit in (study.baseline, study.follow_up))
    first, last = (text[:1].lower() + text[1:] if text[1:2].islower() else text for text in labels)
    return words.format(first=first, last=last, label=label)


def _noun(unit: str) -> str:
    """The unit as a noun for sentences: "points (0-100)" is points, "1 = full health" has none of its own."""
    return "index points" if "=" in unit else unit.split(" (")[0] or "units"


def _refuse(study: Study, columns: pd.DataFrame, outcome: str, form: str) -> None:
    """Raise StudyError with the first reason why this form of this outcome cannot be computed."""
    known, last = columns.set_index("name"), f"{outcome}_{study.follow_up}"
    column = f"{outcome}_change" if needs_baseline(form) else last
    if form not in FORMS:
        problems = [Problem("parameters", f"unknown form {form!r}", did_you_mean(form, FORMS), "form")]
    elif column not in known.index:
        fix = did_you_mean(outcome, outcome_stems(study, columns))
        problems = [Problem("parameters", f"no scored outcome {outcome!r}", fix, "outcome")]
    elif form in LEVELS and known.loc[last, "direction"] == "lower is better":
        fix = "use form 'gain': a quota needs more = better"
        problems = [Problem("parameters", f"{outcome!r} counts down to good health", fix, "form")]
    else:
        problems = form_problems(study, outcome, form, set(known.index), set(known.index))
    refuse(problems)


def outcome_name(study: Study, columns: pd.DataFrame, stem: str) -> str:
    """Return an outcome's label without its visit."""
    label = str(columns.set_index("name").loc[f"{stem}_{study.follow_up}", "label"])
    return label.removesuffix(f", {study.config.visits[study.follow_up].label}")


def outcome_stems(study: Study, columns: pd.DataFrame) -> list[str]:
    """Stems of the outcomes scored at the first and the last visit, in the order of the columns."""
    names = set(columns["name"])
    ends = f"_{study.follow_up}"
    stems = [name.removesuffix(ends) for name in columns["name"] if name.endswith(ends)]
    return [s for s in stems if f"{s}_{study.baseline}" in names and f"{s}_change" in names]


def outcome_values(patients: pd.DataFrame, definition: Definition) -> pd.Series:
    """Outcome per patient in the definition's form, turned so that more is better; missing stays missing."""
    column = definition.outcome_column
    if definition.recipe is None or definition.form in ("gain", "follow-up"):
        return (definition.sign * patients[column].astype(float)).rename("outcome")
    return numerator(patients, definition.form, definition.recipe)


def group_outcome(patients: pd.DataFrame, definition: Definition) -> pd.Series:
    """Outcome per patient for a ratio of means and its interval: see `numerators.group_numerator`."""
    if definition.form != "baseline-adjusted" or definition.recipe is None:
        return outcome_values(patients, definition)
    return group_numerator(patients, definition.recipe)


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
    cost, form = study.config.cost, FORMS[vq.form]
    rows = {
        "Outcome": vq.outcome_label,
        "Form": f"{vq.form}: {said_of_visits(study, form.above)}",
        "Made of": vq.detail,
        "Formula": form.formula,
        "Published": form.source,
        "Direction": "more is better" + (" (turned: the scale counts down)" if vq.sign < 0 else ""),
        "Cost": f"{vq.currency}, prices of {vq.price_year}",
        "Perspective": cost.perspective,
        "Perimeter": "; ".join(name.replace("_", " ") for name in cost.components),
        "Horizon": cost.horizon or "not declared",
        "Quota": f"{vq.unit} of care",
        "Deaths": _deaths_words(study, vq),
        **settings,
    }
    frame = pd.DataFrame([row for row in rows.items() if row[1]], columns=["part", "choice"])
    return Result("definition", table=layout.table("definition", frame))


def _deaths_words(study: Study, definition: Definition) -> str:
    column = deaths_column(study)
    if column not in study.dictionary:
        return "not recorded by this study"
    if definition.form == "qaly":
        return f"utility 0 at the last visit ({column})"
    few = "; where too few died to be told of, as who gave no answer" if too_few(study) else ""
    return f"at the worst score in the value quota of a group; none of their own ({column}){few}"
