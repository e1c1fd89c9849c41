"""What a check is: data drawn with a known truth, and whether intervals held it or tests rejected it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

LEVEL, SIZE = 0.95, 0.05
Hits = dict[str, bool]


class Check(NamedTuple):
    """One generator and what is asked of it.

    `run(seed)` returns, per interval or test, whether it held the truth ("coverage") or rejected ("size").
    `known` maps a method to the share it really reaches where that is short of what it promises, as measured
    with 2,000 runs.
    """

    name: str
    model: str
    n: int
    kind: str
    nominal: float
    run: Callable[[int], Hits]
    known: Mapping[str, float] = MappingProxyType({})


def inside(row: pd.Series, truth: float) -> bool:
    """Return whether an interval (`ci_low, ci_high`) holds the truth."""
    return bool(row["ci_low"] <= truth <= row["ci_high"])
