"""What stands above the line of a value quota: the outcome of each patient in the form that was chosen.

Every form is made of columns of the clean table, so that it serves observed and imputed patients alike.
`vbhc.study.forms` says what the forms are and who published them.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.chapters.deaths import too_few
from vbhc.instruments.qaly import qalys
from vbhc.statistics.ratios.means import check_sides
from vbhc.statistics.samples import check_same_index
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
    too_few: int = 0  # deaths of no more than so many are not told of
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
    plan, said, divisor = study.config.value_quota, "", 1.0
    weights = plan.weights if form == "weighted-composite" else {outcome: 1.0}
    visits, (first, last) = study.config.visits, (study.baseline, study.follow_up)
    parts = [_part(known, f"{stem}_{first}", f"{stem}_{last}", weight) for stem, weight in weights.items()]
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
        parts.append(_part(known, "", plan.service))
        said = f"service: {known.loc[plan.service, 'label']}"
    elif form == "qaly":
        columns = tuple(f"{outcome}_{visit}" for visit in visits)
    years = tuple(visit.months / 12 for visit in visits.values())
    cost = study.cost_column if study.config.cost else ""
    return Recipe(tuple(parts), divisor, columns, years, deaths_column(study), too_few(study), cost), said


def _part(known: pd.DataFrame, before: str, after: str, weight: float = 1.0) -> Part:
    row = known.loc[after]
    sign = -1 if row["direction"] == "lower is better" else 1
    low, high = (float(row.get(end, np.nan)) for end in ("min", "max"))
    return Part(before if before in known.index else "", after, sign, low, high, weight)


def quota_where_possible(outcome: pd.Series, cost: pd.Series, per: float = 1_000) -> pd.Series:
    """Return the value quota (VQ) of each patient: outcome units per `per` currency units spent.

    Parameters
    ----------
    outcome, cost : Series
        The outcome in its chosen form, and the cost of the same episode in one currency and price year.

    Returns
    -------
    Series
        Named "vq", same index. Missing where either is missing or infinite or the cost is not above zero;
        nothing is imputed.

    Raises
    ------
    ValueError
        If the indexes differ or `per` is not positive.

    Notes
    -----
    When outcomes are negative, a dearer episode has the *higher* (less negative) VQ, so patients who got
    worse must not be ranked by it: `artefacts.sign_paradox` counts them.

    Examples
    --------
    >>> quota_where_possible(pd.Series([12.0, -6.0, 1.0]), pd.Series([3000.0, 2000.0, 0.0])).tolist()
    [4.0, -3.0, nan]
    """
    check_sides(outcome, cost, per)
    y, x = outcome.astype(float), cost.astype(float)
    return (y / x * per).where(np.isfinite(y) & np.isfinite(x) & (x > 0)).rename("vq")


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
        both = [_turned(patients, name, first.sign) for name in (first.before, first.after)]
        values = adjusted_outcome(*both)
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


def group_numerator(patients: pd.DataFrame, recipe: Recipe) -> pd.Series:
    """Return the "baseline-adjusted" outcomes from whose mean and spread a group's interval is computed.

    The follow-up as it was, moved to the mean of the adjusted values (`numerator`). The line was fitted to
    the same patients, and the average at which it is read is theirs: taking the spread around the line for
    all uncertainty there is gave 95% intervals that held the truth in about 89% of samples where the start
    explains half of the follow-up and costs vary little (`simulate`).
    """
    values = numerator(patients, "baseline-adjusted", recipe)
    first = recipe.parts[0]
    after = _turned(patients, first.after, first.sign).where(values.notna())
    return (after - after.mean() + values.mean()).rename("outcome")


def adjusted_outcome(baseline: pd.Series, follow_up: pd.Series) -> pd.Series:
    """Return follow-up adjusted for baseline: the residual of a least-squares line plus the mean follow-up.

    A patient's value is the follow-up expected of them had they started at the average baseline. Missing
    either gives NaN; the line is fitted to complete patients. All missing where there is no line to fit:
    fewer than three patients are complete, or all start alike.
    """
    check_same_index(baseline, follow_up)
    known = baseline.notna() & follow_up.notna()
    x, y = baseline[known].to_numpy(dtype=float), follow_up[known].to_numpy(dtype=float)
    slope = np.polyfit(x - x.mean(), y, 1)[0] if len(x) >= 3 and np.ptp(x) > 0 else np.nan
    return (follow_up - slope * (baseline - (x.mean() if len(x) else np.nan))).rename("adjusted_outcome")


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


def _area(patients: pd.DataFrame, recipe: Recipe) -> pd.Series:
    """Return QALYs; the dead have utility 0 at the last visit where none was recorded."""
    utilities = patients[list(recipe.columns)].astype(float)
    last = recipe.columns[-1]
    utilities[last] = utilities[last].mask(
        died(patients, recipe.deaths, recipe.too_few) & utilities[last].isna(), 0.0
    )
    return qalys(utilities, list(recipe.years))


def _of_the_best(gain: pd.Series, cost: pd.Series) -> pd.Series:
    """Return gains scaled so that the largest gain per 1,000 currency units is 100."""
    best = quota_where_possible(gain, cost, 1_000).max()
    return gain * PER_CENT / best if best > 0 else gain * np.nan
