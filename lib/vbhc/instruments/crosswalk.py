"""Map between EQ-5D-5L and EQ-5D-3L: the index of one version under a value set of the other.

- 5L answers, 3L value set: van Hout 2012, Value Health 15:708-15, doi 10.1016/j.jval.2012.02.008. The index
  is the mean of the 3L values over the 243 3L profiles, each as likely as the product of its dimensions'
  P(3L level given 5L level). EuroQol's published tables carry roundings of their own: for 107 to 216 of 3125
  profiles (7 of 10 countries) they differ from this by 0.001 at three decimals, never by more than 0.00055
  unrounded.
- 3L answers, 5L value set: van Hout & Shaw 2021, Value Health 24:1285-93, doi 10.1016/j.jval.2021.03.009: an
  ordinal logit per dimension on all five 3L answers.

The NICE mapping (Hernandez Alava 2017) needs tables that may not be shipped, and is not here.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.eq5d import find_value_set, look_up, pad
from vbhc.instruments.eq5d_tables import DIMENSIONS, grid, load_yaml, table

# these countries' 5L to 3L mappings are studies of their own, not van Hout's parameters
OWN_STUDIES = {"3l-tto-jordan": "10.1007/s10198-024-01712-z", "3l-tto-russia": "10.1007/s11136-021-02804-6"}
THREE_DECIMALS = ("3l-tto-usa",)  # van Hout 2012 used the US values as published, at three decimals


def from_5l_to_3l(levels: Any, value_set: str) -> pd.Series | float:
    """Return the index of EQ-5D-5L answers under a 3L value set (van Hout 2012).

    Parameters
    ----------
    levels : DataFrame, Series, str or int
        EQ-5D-5L levels or profiles, as `eq5d.index` takes them.
    value_set : str
        Id (or unambiguous name) of a 3L value set.

    Returns
    -------
    Series
        Named "eq5d_index", on the caller's index, unrounded; NaN where a level is missing.

    Raises
    ------
    ValueError
        For wrong levels, an unknown set, or one whose country has a mapping of its own (Jordan, Russia).

    Examples
    --------
    The worst 5L profile is surely the worst 3L profile: Dolan 1997, -0.594.

    >>> round(from_5l_to_3l("55555", "3l-tto-uk"), 3)
    -0.594
    """
    chosen = find_value_set(value_set, "3L").id
    if chosen in OWN_STUDIES:
        raise ValueError(
            f"{chosen} has a mapping of its own (doi {OWN_STUDIES[chosen]}), which is not shipped"
        )
    return look_up(levels, pad(table_5l_to_3l(chosen)), 5, "EQ-5D-5L")


def from_3l_to_5l(levels: Any, value_set: str) -> pd.Series | float:
    """Return the index of EQ-5D-3L answers under a 5L value set (van Hout & Shaw 2021).

    Parameters, result and errors as for `from_5l_to_3l`, the other way round.

    >>> from_3l_to_5l(pd.Series([None, "11111"]), "5l-vt-netherlands").isna().tolist()
    [True, False]
    """
    chosen = find_value_set(value_set, "5L").id
    return look_up(levels, pad(table_3l_to_5l(chosen)), 3, "EQ-5D-3L")


@lru_cache(maxsize=64)
def table_5l_to_3l(set_id: str) -> np.ndarray:
    """Index of all 3125 5L profiles under a 3L set, in the order of `eq5d_tables.grid`.

    >>> len(table_5l_to_3l("3l-tto-uk")) == 5**5, table_5l_to_3l("3l-tto-uk")[0].round(6).item()
    (True, 1.0)
    """
    values = np.round(table(set_id), 3) if set_id in THREE_DECIMALS else table(set_id)
    parameters = load_yaml("crosswalks.yaml")["from_5l_to_3l"]["p"]
    p = [np.array(parameters[d]) for d in DIMENSIONS]
    return np.einsum("am,bn,co,dp,eq,mnopq->abcde", *p, values.reshape((3,) * 5), optimize=True).ravel()


@lru_cache(maxsize=64)
def table_3l_to_5l(set_id: str) -> np.ndarray:
    """Index of all 243 3L profiles under a 5L set, in the order of `eq5d_tables.grid`.

    >>> len(table_3l_to_5l("5l-vt-netherlands")) == 3**5
    True
    """
    p = _level_probabilities()
    values = table(set_id).reshape((5,) * 5)
    return np.einsum("ia,ib,ic,id,ie,abcde->i", *p, values, optimize=True)


@lru_cache(maxsize=1)
def _level_probabilities() -> tuple[np.ndarray, ...]:
    """Per dimension, the probability of each 5L level (columns) given a 3L profile (rows)."""
    parameters = load_yaml("crosswalks.yaml")["from_3l_to_5l"]
    names = [f"{d}{level}" for d in DIMENSIONS for level in (2, 3)]
    dummies = np.stack([grid(3)[:, k] == level for k in range(5) for level in (2, 3)], axis=1)
    shift = dummies @ np.array([parameters["coefficients"][name] for name in names])
    at_most = 1 / (1 + np.exp(shift[None] - np.array(parameters["thresholds"])[:, None, :]))
    bounds = np.concatenate([np.zeros_like(at_most[:1]), at_most, np.ones_like(at_most[:1])])
    levels = np.diff(bounds, axis=0)
    return tuple(levels[:, :, k].T for k in range(5))
