"""Compare EQ-5D profiles before and after: Paretian classes of health change (PCHC).

Source: Devlin, Parkin, Browne 2010, Health Econ 19:886-905, doi 10.1002/hec.1608. Both tables hold the same
patients in the same rows; a patient with a missing level at either time is left out and counted.
"""

from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.eq5d import levels_of
from vbhc.instruments.eq5d_tables import DIMENSIONS

CLASSES = ("no change", "improved", "worsened", "mixed change", "no problems")


def _pair(before: Any, after: Any, version: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    first, last = levels_of(before, version), levels_of(after, version)
    if len(first) != len(last) or not first.index.equals(last.index):
        raise ValueError("before and after must hold the same patients in the same rows (same index)")
    return first, last


def _classes(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    better, worse = (last < first).any(axis=1), (last > first).any(axis=1)
    well = (first == 1).all(axis=1) & (last == 1).all(axis=1)
    return np.select([better & worse, better, worse, well], [3, 1, 2, 4], default=0)


def pchc(before: Any, after: Any, version: str) -> pd.DataFrame:
    """Count Paretian classes, over all dimensions and dimension by dimension.

    Better on one dimension at least and worse on none: improved; the reverse: worsened; better on some and
    worse on others: mixed change; the same on all: no change, or "no problems" for 11111 at both times.

    Returns
    -------
    DataFrame
        scope ("profile", mo, sc, ua, pd, ad), change, count, pct (of all complete pairs), pct_with_problems
        (of those not in "no problems"; NaN in that row), n, n_missing. Within one dimension there is no mixed
        change.

    Examples
    --------
    One better on mobility only; one better on mobility and worse on self-care.

    >>> table = pchc(["22222", "22222"], ["12222", "13222"], "3L")
    >>> table[table["scope"] == "profile"].set_index("change")["count"].to_dict()
    {'no change': 0, 'improved': 1, 'worsened': 0, 'mixed change': 1, 'no problems': 0}
    """
    first, last = _pair(before, after, version)
    complete = (first.notna() & last.notna()).all(axis=1).to_numpy()
    first, last = first[complete], last[complete]
    rows = []
    for scope in ("profile", *DIMENSIONS):
        columns = list(DIMENSIONS) if scope == "profile" else [scope]
        kinds = _classes(first[columns].to_numpy(), last[columns].to_numpy())
        counts = pd.Series(np.bincount(kinds, minlength=len(CLASSES)), index=list(CLASSES))
        counts = counts.drop([] if scope == "profile" else "mixed change")
        rows.append(_shares(counts).assign(scope=scope))
    result = pd.concat(rows, ignore_index=True).assign(
        n=int(complete.sum()), n_missing=int((~complete).sum())
    )
    return result[["scope", "change", "count", "pct", "pct_with_problems", "n", "n_missing"]]


def _shares(counts: pd.Series) -> pd.DataFrame:
    frame = counts.rename_axis("change").reset_index(name="count")
    with_problems = frame["count"].where(frame["change"] != "no problems")
    return frame.assign(
        pct=100 * frame["count"] / frame["count"].sum(),
        pct_with_problems=100 * with_problems / with_problems.sum(),
    )
