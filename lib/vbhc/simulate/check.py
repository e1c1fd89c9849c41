"""What a check is: data drawn with a known truth, and whether intervals held it or tests rejected it.

Each is run many times, and what was found compared with what was promised.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc import shipped, wording

LEVEL, SIZE = 0.95, 0.05
ASKED = ["check", "method", "model", "n", "kind", "nominal", "known"]
COLUMNS = [*ASKED, "estimate", "mc_error", "runs", "verdict"]
VERDICTS = ("as promised", "better than promised", "known shortfall", "short of its promise")
FAR = 2.6  # Monte Carlo errors; 1 in 100 of many honest checks lies beyond
TOLERANCE = 0.01  # a shortfall of a point is no shortfall to a reader
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


def calibrate(
    runs: int, seed: int, checks: Iterable[Check], progress: Callable[[str], None] | None = None
) -> pd.DataFrame:
    """Run every check and return coverage or size with its Monte Carlo error.

    Returns
    -------
    DataFrame
        `check, method, model, n, kind` ("coverage" of an interval, "size" of a test), `nominal`, `known` (the
        share known to be reached where that is short), `estimate, mc_error, runs, verdict` (of `VERDICTS`).
        A shortfall of less than a point, or within 2.6 Monte Carlo errors, counts as promised.
    """
    tables = []
    for check in checks:
        if progress:
            progress(f"{check.name}: {check.model}, n = {check.n:,}")
        tables.append(_one(check, [check.run(100_000 * seed + number) for number in range(runs)]))
    return pd.concat(tables, ignore_index=True)


def _one(check: Check, hits: list[dict[str, bool]]) -> pd.DataFrame:
    table = pd.DataFrame(hits).astype(float)
    share, runs = table.mean(), table.count()
    rows = []
    for method in table:
        known = check.known.get(method, np.nan)
        # the error under the promise itself: an estimate of 1 has none of its own
        promise = check.nominal if np.isnan(known) else known
        error = float(np.sqrt(promise * (1 - promise) / runs[method]))
        found = float(share[method])
        said = verdict(found, error, check.kind, check.nominal, known)
        asked = (check.name, method, check.model, check.n, check.kind, check.nominal, known)
        rows.append((*asked, found, error, int(runs[method]), said))
    return pd.DataFrame(rows, columns=COLUMNS)


def verdict(found: float, error: float, kind: str, nominal: float, known: float = np.nan) -> str:
    """Return how a found share stands to its promise; a test that rejects too seldom is "better"."""
    sign = 1 if kind == "coverage" else -1
    short, allowed = sign * (nominal - found), max(TOLERANCE, FAR * error)
    if short <= allowed:
        return VERDICTS[1] if short < -allowed else VERDICTS[0]
    return VERDICTS[2] if sign * (known - found) <= allowed else VERDICTS[3]


def calibration_sentence(table: pd.DataFrame) -> str:
    """Return how many checks kept their promise, which fall short as known, and which do so unexpectedly."""
    counts = table["verdict"].value_counts()
    good = int(counts.get(VERDICTS[0], 0) + counts.get(VERDICTS[1], 0))
    text = f"{wording.count(good, len(table))} intervals and tests do what they promise"
    for name, words in ((VERDICTS[2], "fall short as documented"), (VERDICTS[3], "fall short unexpectedly")):
        rows = table[table["verdict"] == name]
        if len(rows):
            told = "{method} ({model}, n = {n:,}: {estimate:.3f})"
            listed = [told.format(**row) for row in rows.to_dict("records")]
            text += f"; {len(rows):,} {words}: {wording.listing(listed)}"
    return f"{text}. Each was tried on {int(table['runs'].max()):,} samples whose truth is known."


def write(folder: Path | str, table: pd.DataFrame) -> Path:
    """Write `calibration.csv` into a folder (made if absent) and return its path."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    path = target / "calibration.csv"
    table.round(4).to_csv(path, index=False, lineterminator="\n")
    return path
