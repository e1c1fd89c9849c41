"""What a threshold costs: false alarms over many looks, and the risk of a change that is being tried."""

import numpy as np
import pandas as pd
from scipy import stats


def by_chance(level: float, units: int, looks: int) -> tuple[float, float]:
    """Return the false alarms to expect over `looks` at `units` that do not differ, and the chance of any.

    >>> [round(x, 3) for x in by_chance(0.95, 20, 1)]
    [1.0, 0.642]
    """
    out = 1 - level
    return out * units * looks, float(1 - level ** (units * looks))


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
    probability = float(stats.norm.cdf((-harm - difference) / error))
    z = difference / error
    return {
        "probability": probability,
        "loss": float(error * stats.norm.pdf(z) - difference * stats.norm.sf(z)),
    }


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
    """Return a change at each look, patients in order of time: `look, n, difference, error`.

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
            rows.append({"look": look, "n": stop, "difference": one.mean() - two.mean(), "error": error})
    return pd.DataFrame(rows, columns=["look", "n", "difference", "error"])
