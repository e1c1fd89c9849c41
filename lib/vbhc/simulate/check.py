"""What a check is: data drawn with a known truth, and whether intervals held it or tests rejected it."""

from collections.abc import Callable, Mapping
from functools import partial
from pkgutil import resolve_name
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from vbhc import shipped

LEVEL, SIZE = 0.95, 0.05
Hits = dict[str, bool]


class Check(NamedTuple):
    """One generator and what is asked of it, as `checks.yaml` explains.

    `run(seed)` returns, per interval or test, whether it held the truth ("coverage") or rejected ("size").
    """

    name: str
    model: str
    n: int
    kind: str
    nominal: float
    run: Callable[[int], Hits]
    known: Mapping[str, float] = MappingProxyType({})


def declared() -> tuple[Check, ...]:
    """Return every check of `checks.yaml`."""
    checks = []
    for row in shipped.tree(__file__, "checks.yaml"):
        run = partial(resolve_name(f"vbhc.simulate.{row.pop('of')}"), **row.pop("given"))
        promise = {"nominal": LEVEL if row["kind"] == "coverage" else SIZE}
        checks.append(Check(**promise | row, run=run))
    return tuple(checks)


def inside(row: Mapping | pd.Series, truth: float, of: str = "") -> bool:
    """Return whether an interval (`low, high`, or of one of several that a row has) holds the truth."""
    return bool(row[f"{of}low"] <= truth <= row[f"{of}high"])
