"""A unit beside the units that are most like it: a mean of neighbours, never the best of them."""

import numpy as np
import pandas as pd

from vbhc.statistics.variation.funnel import quantile


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
    """Return each unit minus the mean of its peers: `difference, low, high`.

    The peers' own chance counts, and with tau that they truly differ too. "The best five of ten" is no
    yardstick: with no true difference it flags 13 of 100 units (Dropkin 2017, doi 10.1093/pubmed/fdx136).
    """
    values, squared = units["estimate"].to_numpy(), units["standard_error"].to_numpy() ** 2 + tau**2
    difference = values - values[peers].mean(axis=1)
    error = np.sqrt(squared + squared[peers].sum(axis=1) / peers.shape[1] ** 2)
    reach = quantile(level) * error
    return pd.DataFrame(
        {"difference": difference, "low": difference - reach, "high": difference + reach}, index=units.index
    )
