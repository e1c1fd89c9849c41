"""What stands above the line of a value quota: the outcome of each patient in the form that was chosen.

Every form is made of columns of the clean table, so that it serves observed and imputed patients alike.
Sources of the forms: `vbhc.chapters.value.quota.forms`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.chapters.value.quota.definitions import quota_where_possible
from vbhc.chapters.value.quota.forms import adjusted_outcome, mcid_units
from vbhc.instruments.qaly import qalys
from vbhc.study.deaths import died

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


def numerator(patients: pd.DataFrame, form: str, recipe: Recipe) -> pd.Series:
    """Return the outcome per patient in its form, more = better; missing where a part of it is missing.

    Parameters
    ----------
    patients : DataFrame
        With the columns that the recipe names (scores as on their scale, not turned).
    form : str
        A name of `vbhc.study.config.FORMS`.

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
    elif form in ("mcid-units", "procedure-value-index"):
        values = mcid_units(_gain(patients, first), recipe.divisor)
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
    gone = died(patients, recipe.deaths) & utilities[last].isna()
    utilities[last] = utilities[last].mask(gone, 0.0)
    return qalys(utilities, list(recipe.years))


def _of_the_best(gain: pd.Series, cost: pd.Series) -> pd.Series:
    """Return gains scaled so that the largest gain per 1,000 currency units is 100."""
    best = quota_where_possible(gain, cost, 1_000).max()
    return gain * PER_CENT / best if best > 0 else gain * np.nan
