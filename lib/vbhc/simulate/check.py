"""What a check is: data drawn with a known truth, and whether intervals held it or tests rejected it."""

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


def asked_of_seeds(check: Callable[..., Hits]) -> Callable[..., Callable[[int], Hits]]:
    """Let a check `(seed, n, ...)` be given all but its seed: `_ratio(60, 0.6)` is a function of the seed."""
    return lambda *given: lambda seed: check(seed, *given)


def inside(row: Mapping | pd.Series, truth: float) -> bool:
    """Return whether an interval (`low, high`) holds the truth."""
    return bool(row["low"] <= truth <= row["high"])
