"""EQ-5D-3L, 5L and Y-3L as entries of the registry, and the 3L and 5L under a value set of the other.

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

from vbhc import shipped
from vbhc.instruments.eq5d import label_of, levels_of, look_up
from vbhc.instruments.eq5d_names import find_value_set
from vbhc.instruments.eq5d_tables import DIMENSIONS, ValueSet, all_sets, grid, table
from vbhc.instruments.instrument import Instrument, Scale, described

# these countries' 5L to 3L mappings are studies of their own, not van Hout's parameters
OWN_STUDIES = {"3l-tto-jordan": "10.1007/s10198-024-01712-z", "3l-tto-russia": "10.1007/s11136-021-02804-6"}
THREE_DECIMALS = ("3l-tto-usa",)  # van Hout 2012 used the US values as published, at three decimals


@lru_cache(maxsize=64)
def table_5l_to_3l(set_id: str) -> np.ndarray:
    """Index of all 3125 5L profiles under a 3L set, in the order of `eq5d_tables.grid` (van Hout 2012).

    The worst 5L profile is surely the worst 3L profile: Dolan 1997, -0.594. Raises ValueError for a set whose
    country has a mapping of its own.

    >>> round(table_5l_to_3l("3l-tto-uk")[-1].item(), 3)
    -0.594
    >>> len(table_5l_to_3l("3l-tto-uk")) == 5**5, table_5l_to_3l("3l-tto-uk")[0].round(6).item()
    (True, 1.0)
    """
    if set_id in OWN_STUDIES:
        doi = OWN_STUDIES[set_id]
        raise ValueError(f"{set_id} has a mapping of its own (doi {doi}), which is not shipped")
    values = np.round(table(set_id), 3) if set_id in THREE_DECIMALS else table(set_id)
    parameters = shipped.tree(__file__, "value_sets/crosswalks.yaml")["from_5l_to_3l"]["p"]
    p = [np.array(parameters[d]) for d in DIMENSIONS]
    return np.einsum("am,bn,co,dp,eq,mnopq->abcde", *p, values.reshape((3,) * 5), optimize=True).ravel()


@lru_cache(maxsize=64)
def table_3l_to_5l(set_id: str) -> np.ndarray:
    """Index of all 243 3L profiles under a 5L set, in the order of `grid` (van Hout & Shaw 2021).

    >>> len(table_3l_to_5l("5l-vt-netherlands")) == 3**5
    True
    """
    values = table(set_id).reshape((5,) * 5)
    return np.einsum("ia,ib,ic,id,ie,abcde->i", *_level_probabilities(), values, optimize=True)


@lru_cache(maxsize=1)
def _level_probabilities() -> tuple[np.ndarray, ...]:
    """Per dimension, the probability of each 5L level (columns) given a 3L profile (rows)."""
    parameters = shipped.tree(__file__, "value_sets/crosswalks.yaml")["from_3l_to_5l"]
    names = [f"{d}{level}" for d in DIMENSIONS for level in (2, 3)]
    dummies = np.stack([grid(3)[:, k] == level for k in range(5) for level in (2, 3)], axis=1)
    shift = dummies @ np.array([parameters["coefficients"][name] for name in names])
    at_most = 1 / (1 + np.exp(shift[None] - np.array(parameters["thresholds"])[:, None, :]))
    levels = np.diff(at_most, axis=0, prepend=0.0, append=1.0)
    return tuple(levels[:, :, k].T for k in range(5))


MAPPED = {  # version of the answers: version of the value set, its table for these answers, the source
    "5L": ("3L", table_5l_to_3l, "van Hout 2012"),
    "3L": ("5L", table_3l_to_5l, "van Hout & Shaw 2021"),
}


def _choose(version: str, value_set: Any, crosswalk: bool) -> tuple[ValueSet, np.ndarray]:
    """The value set, of the other version where answers are to be mapped, and the index of every profile."""
    if not value_set:
        listed = f"`eq5d.value_sets({version!r})` lists them"
        raise ValueError(f"{label_of(version)}: name a value set; {listed}")
    if crosswalk and version not in MAPPED:
        raise ValueError(f"{label_of(version)} has no crosswalk")
    if crosswalk:
        other = find_value_set(value_set, MAPPED[version][0])
        return other, MAPPED[version][1](other.id)
    chosen = all_sets().get(str(value_set).strip().lower())
    if chosen and version in MAPPED and chosen.version == MAPPED[version][0]:
        how = f"pass crosswalk=True to map onto it ({MAPPED[version][2]})"
        raise ValueError(f"{chosen.id} is a set for EQ-5D-{chosen.version}, not for EQ-5D-{version}; {how}")
    own = find_value_set(value_set, version)
    return own, table(own)


def _instrument(name: str, version: str) -> Instrument:
    def answers(items: Any, value_set: Any = "", crosswalk: bool = False) -> pd.DataFrame:
        return levels_of(items, version)

    def score(items: Any, value_set: Any = "", crosswalk: bool = False) -> pd.DataFrame:
        chosen, values = _choose(version, value_set, crosswalk)
        frame = pd.DataFrame(look_up(items, values, version))
        frame.attrs.update(value_set=chosen.id, doi=chosen.doi, citation=chosen.citation)
        return frame

    def scales(value_set: Any = "", crosswalk: bool = False) -> tuple[Scale, ...]:
        low, high, note = None, 1.0, "the range is that of the value set"
        if value_set:
            chosen, values = _choose(version, value_set, crosswalk)
            low, high = float(values.min()), float(values.max())
            note = f"value set {chosen.id}: {chosen.citation}"
            note += f"; mapped, {MAPPED[version][2]}" if crosswalk else ""
        unit, title = "1 = full health, 0 = dead", f"{label_of(version)} index"
        return (Scale("eq5d_index", title, low, high, unit=unit, items=DIMENSIONS, needs=5, note=note),)

    return described(name)._replace(
        scales=scales(), answers=answers, score=score, options=("value_set", "crosswalk"), scales_for=scales
    )


EQ5D_3L = _instrument("eq5d-3l", "3L")
EQ5D_5L = _instrument("eq5d-5l", "5L")
EQ5D_Y_3L = _instrument("eq5d-y-3l", "Y-3L")
