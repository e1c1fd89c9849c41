"""Rates of events in groups of different age, made comparable, and how much areas vary beyond chance."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

# below it a directly standardised rate is not given, an indirect one has an exact interval
FEWEST_EVENTS = 10


def byar(events: ArrayLike, ci_level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return Byar's interval of a count of events (Breslow and Day 1987, table 2.10), elementwise.

    >>> [round(float(end), 2) for end in byar(65)]
    [50.16, 82.85]
    """
    o, z = np.asarray(events, float), stats.norm.ppf((1 + ci_level) / 2)
    least = np.where(o > 0, o, 1)
    low = o * (1 - 1 / (9 * least) - z / (3 * np.sqrt(least))) ** 3
    return np.where(o > 0, low, 0.0), (o + 1) * (1 - 1 / (9 * (o + 1)) + z / (3 * np.sqrt(o + 1))) ** 3


def exact_poisson(events: ArrayLike, ci_level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact interval of a count of events, elementwise (Garwood 1936)."""
    o, tail = np.asarray(events, float), (1 - ci_level) / 2
    low = stats.chi2.ppf(tail, 2 * np.maximum(o, 1e-9)) / 2
    return np.where(o > 0, low, 0.0), stats.chi2.isf(tail, 2 * o + 2) / 2


def direct_rate(
    events: pd.Series, people: pd.Series, standard: pd.Series, per: float = 1, ci_level: float = 0.95
) -> dict[str, float]:
    """Return the rate that a group would have with the ages of a standard population.

    Parameters
    ----------
    events, people, standard : Series
        One row per stratum (age band, sex), aligned: events and people of the group, people of the standard.

    Returns
    -------
    dict
        `estimate, low, high, n` (events), per `per` people; NaN with fewer than 10 events or a stratum
        without people. Dobson et al. 1991 (doi 10.1002/sim.4780100317) with Byar's interval of the count.
    """
    o, share = float(events.sum()), standard / standard.sum()
    if o < FEWEST_EVENTS or (people[share > 0] <= 0).any():
        return {"estimate": np.nan, "low": np.nan, "high": np.nan, "n": o}
    used = share > 0
    rate = float((share * events / people)[used].sum())
    error = float(np.sqrt((share**2 * events / people**2)[used].sum() / o))
    low, high = (rate + error * (float(end) - o) for end in byar(o, ci_level))
    return {"estimate": rate * per, "low": low * per, "high": high * per, "n": o}


def indirect_ratio(observed: pd.Series, expected: pd.Series, ci_level: float = 0.95) -> pd.DataFrame:
    """Return observed over expected events by group, with Byar's interval, an exact one below 10 events.

    Returns
    -------
    DataFrame
        Index of `observed`; `estimate, low, high`; NaN where none was expected.
    """
    o, e = observed.to_numpy(float), expected.where(expected > 0).to_numpy(float)
    low, high = np.where(o < FEWEST_EVENTS, exact_poisson(o, ci_level), byar(o, ci_level))
    found = {"estimate": o, "low": low, "high": high}
    return pd.DataFrame({k: v / e for k, v in found.items()}, observed.index)


def systematic_variation(observed: pd.Series, expected: pd.Series) -> float:
    """Return the systematic component of variation x 100: what counts of areas vary beyond chance.

    McPherson et al. 1982 (doi 10.1056/NEJM198211183072104): the mean of (O - E)^2 / E^2 less that of 1 / E.

    >>> systematic_variation(pd.Series([10, 30]), pd.Series([20, 20]))
    20.0
    """
    o, e = observed.astype(float), expected.astype(float)
    return float(100 * (((o - e) ** 2) / e**2 - 1 / e).mean())


def extremal_quotient(
    events: pd.Series, people: pd.Series, draws: int = 2000, seed: int = 1, ci_level: float = 0.95
) -> dict[str, float]:
    """Return the highest rate over the lowest, and what it would be if areas did not differ at all.

    Returns
    -------
    dict
        `estimate`; `null, null_low, null_high`: median and middle `ci_level` of draws in which every area has
        the common share. The quotient grows with the number of areas and shrinks with their size.
    """
    size, share = people.to_numpy(int), float(events.sum() / people.sum())
    chance = np.random.default_rng(seed).binomial(size, share, (draws, len(size))) / size
    with np.errstate(divide="ignore"):
        null = chance.max(axis=1) / chance.min(axis=1)
    rates = (events / people).to_numpy(float)
    tail = (1 - ci_level) / 2
    low, middle, high = np.quantile(null, [tail, 0.5, 1 - tail])
    top = rates.max() / rates.min() if rates.min() > 0 else np.inf
    return {"estimate": float(top), "null": middle, "null_low": low, "null_high": high}
