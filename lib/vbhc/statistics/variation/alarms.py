"""Events and results as they come in: CUSUM and VLAD, what looking often costs, a change that is tried."""

import numpy as np
import pandas as pd
from scipy import stats


def weights(event: np.ndarray, risk: np.ndarray, odds_ratio: float = 2.0) -> np.ndarray:
    """Return the log-likelihood ratio of each patient for odds `odds_ratio` times those expected.

    An event weighs log(R / (1 - p + R p)), none log(1 / (1 - p + R p)): Steiner 2000, Biostatistics 1:441.
    """
    happened, p = np.asarray(event, dtype=float), np.asarray(risk, dtype=float)
    return happened * np.log(odds_ratio) - np.log1p((odds_ratio - 1) * p)


def cusum(event: np.ndarray, risk: np.ndarray, odds_ratio: float = 2.0) -> np.ndarray:
    """Return the risk-adjusted CUSUM after each patient: weights added up, never below 0."""
    total = np.cumsum(weights(event, risk, odds_ratio))
    return total - np.minimum(np.minimum.accumulate(total), 0)


def vlad(event: np.ndarray, risk: np.ndarray) -> np.ndarray:
    """Return expected minus observed events so far: above 0 fewer happened than were expected.

    >>> vlad(np.array([0, 1]), np.array([0.25, 0.25])).tolist()
    [0.25, -0.5]
    """
    return np.cumsum(np.asarray(risk, dtype=float) - np.asarray(event, dtype=float))


def chance_peaks(risk: np.ndarray, odds_ratio: float = 2.0, runs: int = 2_000, seed: int = 1) -> np.ndarray:
    """Return the highest point of each of `runs` CUSUMs of these patients with events as expected."""
    rng, p = np.random.default_rng(seed), np.asarray(risk, dtype=float)
    now, peak = np.zeros(runs), np.zeros(runs)
    for one, drop in zip(p, np.log1p((odds_ratio - 1) * p), strict=True):
        now = np.maximum(now + (rng.random(runs) < one) * np.log(odds_ratio) - drop, 0)
        np.maximum(peak, now, out=peak)
    return peak


def event_tails(observed: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact Poisson chances of as few events, and of as many, where `expected` is right.

    A unit is outside a level where either is below half of what the level leaves. Limits that are the
    interval of a count (as some tools draw them) are not these: at 20 expected they leave .039 and .014.
    """
    return stats.poisson.cdf(observed, expected), stats.poisson.sf(np.asarray(observed) - 1, expected)


def by_chance(level: float, units: int, looks: int) -> tuple[float, float]:
    """Return the false alarms to expect over `looks` at `units` that do not differ, and the chance of any.

    >>> [round(x, 3) for x in by_chance(0.95, 20, 1)]
    [1.0, 0.642]
    """
    return (1 - level) * units * looks, float(1 - level ** (units * looks))


def worse(difference: float, error: float, harm: float = 0.0) -> dict[str, float]:
    """Return what is known of a change: the probability that it is worse, and the loss to be expected.

    Parameters
    ----------
    difference, error : float
        New minus usual, more is better, and its standard error; no other knowledge (flat prior).
    harm : float
        A loss larger than this counts as worse.

    Returns
    -------
    dict
        `probability` that the true difference is below -`harm`; `loss`, the mean of the true loss, taken as 0
        where the change is better: what keeping it would cost on average per patient.
    """
    z = difference / error
    loss = error * stats.norm.pdf(z) - difference * stats.norm.sf(z)
    return {"probability": float(stats.norm.cdf((-harm - difference) / error)), "loss": float(loss)}


def stops_by_chance(looks: int, probability: float, runs: int = 20_000, seed: int = 1) -> float:
    """Return how often "stop once worse with this probability" stops a change that makes no difference.

    Looks are evenly spread over the patients, each at all patients so far.

    >>> round(stops_by_chance(1, 0.9), 1)
    0.1
    """
    steps = np.random.default_rng(seed).standard_normal((runs, looks)).cumsum(axis=1)
    z = steps / np.sqrt(np.arange(1, looks + 1))
    return float((z < -stats.norm.ppf(probability)).any(axis=1).mean())


def looks_at(difference: pd.Series, new: pd.Series, looks: int) -> pd.DataFrame:
    """Return a change at each look, patients in order of time: `look, n, estimate, error` (new minus usual).

    Parameters
    ----------
    difference : Series
        Each patient's result less what was expected.
    new : Series
        Whether the patient had the new way (bool), on the same index.
    """
    rows = []
    for look, stop in enumerate(np.linspace(0, len(difference), looks + 1).round().astype(int)[1:], 1):
        values, which = difference.iloc[:stop], new.iloc[:stop]
        one, two = values[which], values[~which]
        if min(len(one), len(two)) > 1:
            error = np.sqrt(one.var() / len(one) + two.var() / len(two))
            rows.append([look, stop, one.mean() - two.mean(), error])
    return pd.DataFrame(rows, columns=["look", "n", "estimate", "error"])
