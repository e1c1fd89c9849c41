"""What stands above the line of a value quota: the outcome of each patient in the form that was chosen.

Every form is made of columns of the clean table, so that it serves observed and imputed patients alike.
`vbhc.study.forms` says what the forms are and who published them.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.chapters.value.quota.definitions import quota_where_possible
from vbhc.instruments.qaly import qalys
from vbhc.study import Study
from vbhc.study.deaths import deaths_column, died
from vbhc.study.form_checks import mcid_of
from vbhc.study.forms import FORMS

PER_CENT = 100.0


class Part(NamedTuple):
    """One measured thing in a numerator: its columns before (or "") and after, and its place on a scale.

    `sign` is -1 where lower is better; `low` and `high` are the ends of the scale, NaN where unknown;
    `weight` is its share in a composite.
    """

    before: str
    after: str
    sign: int = 1
    low: float = np.nan
    high: float = np.nan
    weight: float = 1.0


class Recipe(NamedTuple):
    """All that a form needs beside its name: parts (the declared outcome first), divisor, times, deaths."""

    parts: tuple[Part, ...]
    divisor: float = 1.0
    columns: tuple[str, ...] = ()
    years: tuple[float, ...] = ()
    deaths: str = ""
    cost: str = ""


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
    divisor = 1.0
    columns: tuple[str, ...] = ()
    if FORMS[form].needs == "mcid":
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
    cost = study.cost_column if study.config.cost else ""
    return Recipe(tuple(parts), divisor, columns, years, deaths_column(study), cost), said


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
    return float(row.get("min", np.nan)), float(row.get("max", np.nan))


def numerator(patients: pd.DataFrame, form: str, recipe: Recipe) -> pd.Series:
    """Return the outcome per patient in its form, more = better; missing where a part of it is missing.

    Parameters
    ----------
    patients : DataFrame
        With the columns that the recipe names (scores as on their scale, not turned).
    form : str
        A name of `vbhc.study.forms`.

    Returns
    -------
    Series
        Named "outcome", on the patients' index: points, MCIDs, QALYs ... (`Definition.outcome_unit`). All
        missing where no line can be fitted to adjust by (fewer than three patients, or all start alike), and
        for "value-quotient" where nobody improved.
    """
    first = recipe.parts[0]
    if form == "follow-up":
        values = _turned(patients, first.after, first.sign)
    elif form == "baseline-adjusted":
        values = _adjusted(*(_turned(patients, name, first.sign) for name in (first.before, first.after)))
    elif form == "qaly":
        values = _area(patients, recipe)
    elif form == "quality-service-cost":
        values = sum(_placed(patients, part) for part in recipe.parts)
    elif form == "weighted-composite":
        whole = sum(part.weight for part in recipe.parts)
        values = sum(part.weight / whole * _placed_gain(patients, part) for part in recipe.parts)
    elif form == "value-quotient":
        values = _of_the_best(_gain(patients, first), patients[recipe.cost].astype(float))
    else:
        values = _gain(patients, first) / recipe.divisor
    return values.rename("outcome")


def group_numerator(patients: pd.DataFrame, form: str, recipe: Recipe) -> pd.Series:
    """Return the outcomes from whose mean and spread a group's value and its interval are computed.

    `numerator`, but for "baseline-adjusted": there the follow-up as it was, moved to the mean of the adjusted
    values. The line was fitted to the same patients, and the average at which it is read is theirs: taking
    the spread around the line for all uncertainty there is gave 95% intervals that held the truth in about
    89% of samples where the start explains half of the follow-up and costs vary little (`simulate`).
    """
    values = numerator(patients, form, recipe)
    if form != "baseline-adjusted":
        return values
    first = recipe.parts[0]
    after = _turned(patients, first.after, first.sign).where(values.notna())
    return (after - after.mean() + values.mean()).rename("outcome")


def adjusted_outcome(baseline: pd.Series, follow_up: pd.Series) -> pd.Series:
    """Return follow-up adjusted for baseline: the residual of a least-squares line plus the mean follow-up.

    A patient's value is the follow-up expected of them had they started at the average baseline. Missing
    either gives NaN; the line is fitted to complete patients.

    Raises
    ------
    ValueError
        If fewer than three patients are complete or all start alike (no line to fit).
    """
    if not baseline.index.equals(follow_up.index):
        raise ValueError("baseline and follow-up must share one index; merge on the patient's key first")
    known = baseline.notna() & follow_up.notna()
    x, y = baseline[known].to_numpy(dtype=float), follow_up[known].to_numpy(dtype=float)
    if len(x) < 3 or np.ptp(x) == 0:
        raise ValueError(
            f"{len(x)} complete patients with {len(np.unique(x))} baseline value(s) give no line to adjust by"
        )
    slope = np.polyfit(x - x.mean(), y, 1)[0]
    return (follow_up - slope * (baseline - x.mean())).rename("adjusted_outcome")


def _turned(patients: pd.DataFrame, column: str, sign: int) -> pd.Series:
    return sign * patients[column].astype(float)


def _gain(patients: pd.DataFrame, part: Part) -> pd.Series:
    return _turned(patients, part.after, part.sign) - _turned(patients, part.before, part.sign)


def _placed_gain(patients: pd.DataFrame, part: Part) -> pd.Series:
    """Return a gain in per cent of the whole scale."""
    return PER_CENT * _gain(patients, part) / (part.high - part.low)


def _placed(patients: pd.DataFrame, part: Part) -> pd.Series:
    """Return a state as its place on its scale: 0 = worst, 100 = best."""
    worst = part.high if part.sign < 0 else part.low
    return PER_CENT * part.sign * (patients[part.after].astype(float) - worst) / (part.high - part.low)


def _adjusted(before: pd.Series, after: pd.Series) -> pd.Series:
    try:
        return adjusted_outcome(before, after)
    except ValueError:  # no line to adjust by: nobody has an adjusted outcome
        return after * np.nan


def _area(patients: pd.DataFrame, recipe: Recipe) -> pd.Series:
    """Return QALYs; the dead have utility 0 at the last visit where none was recorded."""
    utilities = patients[list(recipe.columns)].astype(float)
    last = recipe.columns[-1]
    utilities[last] = utilities[last].mask(died(patients, recipe.deaths) & utilities[last].isna(), 0.0)
    return qalys(utilities, list(recipe.years))


def _of_the_best(gain: pd.Series, cost: pd.Series) -> pd.Series:
    """Return gains scaled so that the largest gain per 1,000 currency units is 100."""
    best = quota_where_possible(gain, cost, 1_000).max()
    return gain * PER_CENT / best if best > 0 else gain * np.nan
