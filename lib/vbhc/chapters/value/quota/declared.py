"""The study's value quota, written out: which outcome, in which form, over which cost, and what is left out.

Value = outcomes that matter to the patient / cost of the care says none of this by itself. Every choice here
changes the number, so each is named, checked against the data and printed at the top of the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from vbhc.chapters.value.quota.numerators import Recipe, group_numerator, numerator, recipe_of
from vbhc.problems import Problem, StudyError, did_you_mean, fault
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
    known = columns.set_index("name")
    _refuse(study, columns, outcome, form)
    at_follow_up = known.loc[f"{outcome}_{study.follow_up}"]
    label = outcome_name(study, columns, outcome)
    recipe, source = recipe_of(study, known, outcome, form)
    reference = plan.reference_cost if form == "value-index" else 0
    change = f"{outcome}_change"
    return Definition(
        outcome=outcome,
        form=form,
        outcome_column=change if needs_baseline(form) and change in known.index else recipe.parts[0].after,
        outcome_label=said_of_visits(study, FORMS[form].label, label),
        outcome_unit=FORMS[form].unit or _noun(str(at_follow_up["unit"])),
        sign=recipe.parts[0].sign,
        cost_column=study.cost_column,
        currency=cost.currency,
        price_year=cost.price_year,
        per=float(per or reference or plan.per),
        recipe=recipe,
        detail=source,
        mcid=smallest_change(study, outcome)[0],
    )


def define_outcome(study: Study, columns: pd.DataFrame, outcome: str) -> Definition:
    """Return an outcome as a gain that nothing is divided by: a definition without cost, for any study.

    Raises
    ------
    StudyError
        If the outcome was not scored at the first and the last visit.
    """
    _refuse(study, columns, outcome, "gain")
    known = columns.set_index("name")
    label = said_of_visits(study, FORMS["gain"].label, outcome_name(study, columns, outcome))
    unit = _noun(str(known.at[f"{outcome}_{study.follow_up}", "unit"]))
    recipe, _ = recipe_of(study, known, outcome, "gain")
    column, sign = f"{outcome}_change", recipe.parts[0].sign
    plain = Definition(
        outcome, "gain", column, label, unit, sign, cost_column="", currency="", price_year=0, per=1
    )
    return replace(plain, recipe=recipe, mcid=smallest_change(study, outcome)[0])


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
    if form not in FORMS:
        raise _refused(f"unknown form {form!r}", did_you_mean(form, FORMS), "form")
    known = columns.set_index("name")
    column = f"{outcome}_change" if needs_baseline(form) else f"{outcome}_{study.follow_up}"
    if column not in known.index:
        fix = did_you_mean(outcome, outcome_stems(study, columns))
        raise _refused(f"no scored outcome {outcome!r}", fix, "outcome")
    lower = known.loc[f"{outcome}_{study.follow_up}", "direction"] == "lower is better"
    if lower and form in LEVELS:
        fix = "use form 'gain': a quota needs more = better"
        raise _refused(f"{outcome!r} counts down to good health", fix, "form")
    problems = form_problems(study, outcome, form, set(known.index), {*known.index})
    if problems:
        raise StudyError(problems)


def _refused(found: str, fix: str, parameter: str) -> StudyError:
    return StudyError([Problem("parameters", found, fix, parameter)])


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
    """Outcome per patient for a ratio of means and its interval: see `outcome_forms.group_numerator`."""
    if definition.form != "baseline-adjusted" or definition.recipe is None:
        return outcome_values(patients, definition)
    return group_numerator(patients, definition.form, definition.recipe)


def analysis_frame(patients: pd.DataFrame, definition: Definition) -> pd.DataFrame:
    """Outcome, cost and perception per patient (columns `outcome`, `cost`, `perceived_value`), same index.

    Nothing is left out or filled in here; a missing value stays missing. `perceived_value` is absent where
    the study has no perception.
    """
    cost = patients[definition.cost_column].astype(float)
    frame = pd.DataFrame({"outcome": outcome_values(patients, definition), "cost": cost})
    if "perceived_value" in patients:
        frame["perceived_value"] = patients["perceived_value"].astype(float)
    return frame


def definition_table(
    study: Study, definition: Definition, settings: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The definition as a table (`part`, `choice`): what is divided by what, and who published it so.

    `settings` (name to value in words) stand in the last rows: what the analyst chose for this run.
    """
    cost, form = study.config.cost, FORMS[definition.form]
    rows = [
        ("Outcome", definition.outcome_label),
        ("Form", f"{definition.form}: {said_of_visits(study, form.above)}"),
        ("Made of", definition.detail),
        ("Formula", form.formula),
        ("Published", form.source),
        ("Direction", "more is better" + (" (turned: the scale counts down)" if definition.sign < 0 else "")),
        ("Cost", f"{definition.currency}, prices of {definition.price_year}"),
        ("Perspective", cost.perspective),
        ("Perimeter", "; ".join(name.replace("_", " ") for name in cost.components)),
        ("Horizon", cost.horizon or "not declared"),
        ("Quota", f"{definition.unit} of care"),
        ("Deaths", _deaths_words(study, definition)),
        *(settings or {}).items(),
    ]
    return pd.DataFrame([row for row in rows if row[1]], columns=["part", "choice"])


def _deaths_words(study: Study, definition: Definition) -> str:
    column = deaths_column(study)
    if column not in study.dictionary:
        return "not recorded by this study"
    if definition.form == "qaly":
        return f"utility 0 at the last visit ({column})"
    return f"at the worst score in the value quota of a group; none of their own ({column})"
