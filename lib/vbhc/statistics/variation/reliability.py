"""How much of a unit's number and place is real, and how it stands beside the units most like it."""

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from vbhc.statistics.variation.funnel import around

DRAWS = 2_000


def reliability(error: np.ndarray, tau: float) -> np.ndarray:
    """Return each unit's reliability, 0 (all chance, or nobody differs) to 1: tau2 / (tau2 + squared error).

    >>> reliability(np.array([1.0, 2.0]), 2.0).tolist()
    [0.8, 0.5]
    """
    whole = tau**2 + np.asarray(error, dtype=float) ** 2
    return np.divide(tau**2, whole, out=np.zeros_like(whole), where=whole > 0)


def records_for(reliable: float, sd: float, tau: float) -> float:
    """Return how many records a unit needs to be so reliable; infinite where units do not differ.

    >>> round(records_for(0.7, 7.669, 0.762), 1)
    236.3
    """
    return float("inf") if tau == 0 else reliable / (1 - reliable) * sd**2 / tau**2


def beta_binomial(events: np.ndarray, n: np.ndarray) -> pd.DataFrame:
    """Return the reliability of shares under a beta-binomial model: `alpha, beta, reliability`, a row a unit.

    Maximum likelihood; a unit of n people is n / (n + alpha + beta) reliable (Adams 2009, RAND TR-653). Where
    the event befell nobody, or everybody, no unit differs: reliability 0, alpha and beta missing.
    """
    x, m = np.asarray(events, dtype=float), np.asarray(n, dtype=float)
    if x.sum() in (0, m.sum()):
        return pd.DataFrame({"alpha": np.nan, "beta": np.nan, "reliability": 0.0}, index=range(len(m)))

    def against(logs: np.ndarray) -> float:
        a, b = np.exp(logs)
        return -float((special.betaln(x + a, m - x + b) - special.betaln(a, b)).sum())

    share = x.sum() / m.sum()
    found = optimize.minimize(against, np.log([10 * share, 10 * (1 - share)]), method="Nelder-Mead",
                              options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 5_000})  # fmt: skip
    a, b = np.exp(found.x)
    return pd.DataFrame({"alpha": a, "beta": b, "reliability": m / (m + a + b)})


def rankability(error: np.ndarray, tau: float) -> float:
    """Return the share of the differences between units that is real, 0 (none) to 1.

    tau2 / (tau2 + the median squared error): van Houwelingen 1999; Lingsma 2010, QJM 103:99.

    >>> rankability(np.array([1.0, 1.0]), 1.0)
    0.5
    """
    return float(reliability(np.sqrt(np.median(np.asarray(error, dtype=float) ** 2)), tau))


def rank_intervals(
    estimate: np.ndarray, error: np.ndarray, tau: float, level: float = 0.9, seed: int = 1
) -> pd.DataFrame:
    """Return each unit's place with its interval, 1 the highest: `rank, low, high`, in the units' order.

    True differences are drawn given what was seen (normal with spread tau, so that a small unit is pulled to
    the middle), and ranked in each draw. Without true differences (tau 0) every place is as likely.
    """
    values, within = np.asarray(estimate, dtype=float), np.asarray(error, dtype=float) ** 2
    middle, spread = np.zeros(len(values)), np.ones(len(values))
    if tau > 0:
        shrunk = tau**2 / (within + tau**2)
        # the centre is itself estimated, but moves all units alike and no place
        centre = np.average(values, weights=shrunk)
        middle, spread = centre + shrunk * (values - centre), np.sqrt(shrunk * within)
    drawn = middle + spread * np.random.default_rng(seed).standard_normal((DRAWS, len(values)))
    places = stats.rankdata(-drawn, axis=1)
    low, high = np.quantile(places, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf")
    return pd.DataFrame({"rank": stats.rankdata(-values, method="min"), "low": low, "high": high})


def nearest(profile: pd.DataFrame, k: int = 10) -> np.ndarray:
    """Return the places of the `k` units most like each (rows), by distance of standardised columns.

    A column in which all are alike tells nothing; a missing value is taken as the middle.

    >>> nearest(pd.DataFrame({"age": [60, 61, 80, 82]}), k=1).tolist()
    [[1], [0], [3], [2]]
    """
    spread = profile.std(ddof=0)
    scaled = ((profile - profile.mean()) / spread.where(spread > 0)).fillna(0.0).to_numpy()
    apart = ((scaled[:, None, :] - scaled[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    return np.argsort(apart, axis=1, kind="stable")[:, : min(k, len(profile) - 1)]


def against_peers(
    units: pd.DataFrame, peers: np.ndarray, tau: float = 0.0, level: float = 0.95
) -> pd.DataFrame:
    """Return each unit minus the mean of its peers: `estimate, low, high`.

    The peers' own chance counts, and with tau that they truly differ too. "The best five of ten" is no
    yardstick: with no true difference it flags 13 of 100 units (Dropkin 2017, doi 10.1093/pubmed/fdx136).
    """
    values, squared = units["estimate"].to_numpy(), units["standard_error"].to_numpy() ** 2 + tau**2
    difference = values - values[peers].mean(axis=1)
    error = np.sqrt(squared + squared[peers].sum(axis=1) / peers.shape[1] ** 2)
    return pd.DataFrame({"estimate": difference, **around(difference, error, level)}, index=units.index)
