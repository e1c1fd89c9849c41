"""The study's value quota, written out: which outcome, in which form, over which cost, and what is left out.

Value = outcomes that matter to the patient / cost of the care says none of this by itself. Every choice here
changes the number, so each is named, checked against the data and printed at the top of the report.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vbhc.config import FORMS
from vbhc.problems import Problem, StudyError, did_you_mean
from vbhc.study import Study


@dataclass(frozen=True)
class Definition:
    """One value quota: `outcome_column` over `cost_column`, per `per` currency units.

    `sign` is -1 for the gain on a scale where lower is better, so that a positive gain is always good.
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
        Stem of a scored outcome ("kccq_os") and "gain" or "follow-up"; empty takes the study's.
    per : float
        Currency units in the denominator; 0 takes the study's.

    Raises
    ------
    StudyError
        If the study declares no value quota or cost, if the outcome was not scored at the visits needed,
        or if the follow-up form is asked of a scale where lower is better (its quotient would reward harm).
    """
    plan, cost = study.config.value_quota, study.config.cost
    if plan is None or cost is None:
        raise StudyError(
            [Problem(study.shown("study.yml"), "no `value_quota` or no `cost`", "VQ needs both")]
        )
    outcome, form, per = outcome or plan.outcome, form or plan.form, per or plan.per
    if form not in FORMS:
        raise StudyError([Problem("parameters", f"unknown form {form!r}", did_you_mean(form, FORMS), "form")])
    known = columns.set_index("name")
    column = f"{outcome}_change" if form == "gain" else f"{outcome}_{study.follow_up}"
    if column not in known.index:
        fix = did_you_mean(outcome, outcome_stems(study, columns))
        raise StudyError([Problem("parameters", f"no scored outcome {outcome!r}", fix, "outcome")])
    at_follow_up = known.loc[f"{outcome}_{study.follow_up}"]
    lower = at_follow_up["direction"] == "lower is better"
    if lower and form == "follow-up":
        found = f"{outcome!r} counts down to good health"
        raise StudyError(
            [Problem("parameters", found, "use form 'gain': a quotient needs more = better", "form")]
        )
    return Definition(
        outcome=outcome,
        form=form,
        outcome_column=column,
        outcome_label=_outcome_label(study, str(at_follow_up["label"]), form),
        outcome_unit=_noun(str(at_follow_up["unit"])),
        sign=-1 if lower else 1,
        cost_column=study.cost_column,
        currency=cost.currency,
        price_year=cost.price_year,
        per=float(per),
    )


def outcome_stems(study: Study, columns: pd.DataFrame) -> list[str]:
    """Stems of the outcomes scored at the first and the last visit, in the order of the columns."""
    names = set(columns["name"])
    ends = f"_{study.follow_up}"
    stems = [name.removesuffix(ends) for name in columns["name"] if name.endswith(ends)]
    return [s for s in stems if f"{s}_{study.baseline}" in names and f"{s}_change" in names]


def outcome_values(patients: pd.DataFrame, definition: Definition) -> pd.Series:
    """Outcome per patient in the definition's form, turned so that more is better; missing stays missing."""
    return (definition.sign * patients[definition.outcome_column].astype(float)).rename("outcome")


def analysis_frame(patients: pd.DataFrame, definition: Definition) -> pd.DataFrame:
    """Outcome, cost and perception per patient (columns `outcome`, `cost`, `perceived_value`), same index.

    Nothing is left out or filled in here; a missing value stays missing. `perceived_value` is absent where
    the study has no perception.
    """
    frame = pd.DataFrame(
        {
            "outcome": outcome_values(patients, definition),
            "cost": patients[definition.cost_column].astype(float),
        }
    )
    if "perceived_value" in patients:
        frame["perceived_value"] = patients["perceived_value"].astype(float)
    return frame


def definition_table(study: Study, definition: Definition) -> pd.DataFrame:
    """The definition as a table (`part`, `choice`): what is divided by what."""
    cost = study.config.cost
    rows = [
        ("Outcome", definition.outcome_label),
        ("Form", _form_words(study, definition)),
        ("Direction", "more is better" + (" (turned: the scale counts down)" if definition.sign < 0 else "")),
        ("Cost", f"{definition.currency}, prices of {definition.price_year}"),
        ("Perspective", cost.perspective),
        ("Perimeter", "; ".join(name.replace("_", " ") for name in cost.components)),
        ("Horizon", cost.horizon or "not declared"),
        ("Quota", f"{definition.unit} of care"),
    ]
    return pd.DataFrame(rows, columns=["part", "choice"])


def handling_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Whom the definition touches and what is done with them (`patients`, `n`, `handling`).

    Parameters
    ----------
    frame : DataFrame
        From `analysis_frame`, one row per patient.
    """
    has_outcome, has_cost = frame["outcome"].notna(), frame["cost"].notna()
    positive = frame["cost"] > 0
    worse = has_outcome & positive & (frame["outcome"] < 0)
    rows = [
        ("in the study", len(frame), ""),
        ("outcome missing", (~has_outcome).sum(), "left out, not filled in"),
        ("cost missing", (~has_cost).sum(), "left out, never counted as 0"),
        ("cost of zero or less", (has_cost & ~positive).sum(), "left out: no quotient exists"),
        ("with a quota", (has_outcome & positive).sum(), "analysed"),
        (
            "of these, got worse",
            worse.sum(),
            "kept; not ranked by VQ",
        ),
    ]
    return pd.DataFrame(rows, columns=["patients", "n", "handling"]).astype({"n": int})


def _noun(unit: str) -> str:
    """The unit as a noun for sentences: "points (0-100)" is points, "1 = full health" has none of its own."""
    return "index points" if "=" in unit else unit.split(" (")[0] or "units"


def _form_words(study: Study, definition: Definition) -> str:
    visits = study.config.visits
    if definition.form == "gain":
        return f"gain: {visits[study.follow_up].label} minus {visits[study.baseline].label}"
    return f"follow-up: the score at {visits[study.follow_up].label}"


def _outcome_label(study: Study, label: str, form: str) -> str:
    bare = label.removesuffix(f", {study.config.visits[study.follow_up].label}")
    return f"{bare}, gain" if form == "gain" else f"{bare}, {study.config.visits[study.follow_up].label}"
