"""What a form of the outcome is made of: its columns, the ends of their scales, MCID, weights, times."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc.chapters.value.quota.numerators import Part, Recipe
from vbhc.study import Study
from vbhc.study.deaths import deaths_column
from vbhc.study.form_checks import mcid_of


def recipe_of(study: Study, known: pd.DataFrame, outcome: str, form: str) -> tuple[Recipe, str]:
    """Return what a form is made of, and what the table says of it (MCID, weights, references).

    Parameters
    ----------
    known : DataFrame
        Dictionary of the clean columns, indexed by name (label, min, max, direction).
    form : str
        One that `form_checks.form_problems` has nothing against.
    """
    plan, said = study.config.value_quota, ""
    weights = dict.fromkeys([outcome], 1.0) if form != "weighted-composite" else plan.weights
    parts = [_part(study, known, stem, weight) for stem, weight in weights.items()]
    divisor, columns = 1.0, ()
    if form in ("mcid-units", "procedure-value-index"):
        divisor, source = mcid_of(study, outcome, plan)
        said = f"MCID {divisor:g} (a single patient's change): {source}"
    elif form == "value-index":
        divisor = plan.reference_outcome
        said = f"expected: a gain of {divisor:g} for {study.config.cost.currency} {plan.reference_cost:,.10g}"
    elif form == "weighted-composite":
        whole = sum(weights.values())
        said = "; ".join(f"{stem} {weight / whole:.0%}" for stem, weight in weights.items())
    elif form == "quality-service-cost":
        parts.append(_service(study, known))
        said = f"service: {known.loc[parts[1].after, 'label']}"
    elif form == "qaly":
        columns = tuple(f"{outcome}_{visit}" for visit in study.config.visits)
    years = tuple(visit.months / 12 for visit in study.config.visits.values())
    return Recipe(tuple(parts), divisor, columns, years, deaths_column(study), study.cost_column), said


def _part(study: Study, known: pd.DataFrame, stem: str, weight: float) -> Part:
    names = [f"{stem}_{visit}" for visit in (study.baseline, study.follow_up)]
    row = known.loc[names[1]]
    sign = -1 if row["direction"] == "lower is better" else 1
    before = names[0] if names[0] in known.index else ""
    return Part(before, names[1], sign, *_ends(row), weight)


def _service(study: Study, known: pd.DataFrame) -> Part:
    column = study.config.value_quota.service
    row = known.loc[column]
    return Part("", column, -1 if row["direction"] == "lower is better" else 1, *_ends(row))


def _ends(row: pd.Series) -> tuple[float, float]:
    return tuple(float(row.get(end, np.nan)) for end in ("min", "max"))
