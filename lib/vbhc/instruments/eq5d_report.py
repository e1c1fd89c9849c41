"""The descriptive tables that EQ-5D reports need: levels by visit, most frequent profiles, index and VAS.

Devlin, Parkin, Janssen 2020, Methods for Analysing and Reporting EQ-5D Data, doi 10.1007/978-3-030-47622-9,
chapters 2 (profiles), 3 (EQ VAS) and 4 (index). Visits come as a dict, in order: {"baseline": levels, ...}.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.eq5d import levels_of
from vbhc.instruments.eq5d_names import tidy_version
from vbhc.instruments.eq5d_profile import level_sum_score, profile_frequencies
from vbhc.instruments.eq5d_tables import DIMENSIONS, LEVELS


def levels_by_visit(visits: Mapping[str, Any], version: str) -> pd.DataFrame:
    """Count levels per dimension and visit, with "any problem" (level 2 or more) and missing.

    Returns
    -------
    DataFrame
        visit, dimension, level ("1" ..., "any problem", "missing"), count, pct (of given answers; of all rows
        for missing), n (answers given), n_missing.
    """
    n_levels = LEVELS[tidy_version(version)]
    rows = []
    for visit, levels in visits.items():
        frame = levels_of(levels, version)
        for dimension in DIMENSIONS:
            given = frame[dimension].dropna()
            n, n_missing = len(given), len(frame) - len(given)
            counts = {str(level): int((given == level).sum()) for level in range(1, n_levels + 1)}
            counts |= {"any problem": int((given > 1).sum()), "missing": n_missing}
            for level, count in counts.items():
                of = len(frame) if level == "missing" else n
                pct = 100 * count / of if of else np.nan
                rows.append((visit, dimension, level, count, pct, n, n_missing))
    return pd.DataFrame(rows, columns=["visit", "dimension", "level", "count", "pct", "n", "n_missing"])


def top_profiles(visits: Mapping[str, Any], version: str, top: int = 10) -> pd.DataFrame:
    """List the most frequent profiles of each visit: visit, profile, n, share, cumulative_share."""
    rows = [
        profile_frequencies(levels, version).head(top).assign(visit=visit) for visit, levels in visits.items()
    ]
    return pd.concat(rows, ignore_index=True)[["visit", "profile", "n", "share", "cumulative_share"]]


def summary(values: Mapping[str, pd.Series], ci_level: float = 0.95) -> pd.DataFrame:
    """Summarise the index or EQ VAS over visits (Devlin 2020, tables 3.1 and 4.1).

    Parameters
    ----------
    values : mapping
        Name (visit, or group) to scores; missing values are counted and left out.

    Returns
    -------
    DataFrame
        name, estimate (mean), ci_low, ci_high (t interval), sd, median, q25, q75, min, max, n, n_missing.
    """
    from scipy.stats import t

    rows = []
    for name, series in values.items():
        given = series.dropna().astype(float)
        n = len(given)
        mean, sd = given.mean(), given.std()
        half = t.ppf((1 + ci_level) / 2, n - 1) * sd / np.sqrt(n) if n > 1 else np.nan
        q25, median, q75 = given.quantile([0.25, 0.5, 0.75])
        rows.append({"name": name, "estimate": mean, "ci_low": mean - half, "ci_high": mean + half, "sd": sd,
                     "median": median, "q25": q25, "q75": q75, "min": given.min(), "max": given.max(),
                     "n": n, "n_missing": len(series) - n})  # fmt: skip
    return pd.DataFrame(rows)


def summary_by_group(values: pd.Series, group: pd.Series, ci_level: float = 0.95) -> pd.DataFrame:
    """Summarise scores within groups (rows of `summary`), and over all."""
    parts = {str(name): part for name, part in values.groupby(group, sort=True, observed=True)}
    return summary({**parts, "all": values}, ci_level)


def summary_by_severity(index: pd.Series, levels: Any, version: str) -> pd.DataFrame:
    """Summarise the index at each level sum score (Devlin 2020, table 4.5): what a crude severity hides."""
    severity = level_sum_score(levels, version)
    known = severity.dropna().astype(int)
    return summary({str(s): index[known.index[known == s]] for s in sorted(known.unique())}).rename(
        columns={"name": "lss"}
    )


def vas_bands(values: pd.Series) -> pd.DataFrame:
    """Count EQ VAS scores around midpoints 0, 5, 15 ... 95, 100 (Devlin 2020, table 3.2).

    Returns
    -------
    DataFrame
        band ("0", "1-10", "11-20", ... "91-99", "100"), count, pct, n, n_missing.
    """
    given = values.dropna().astype(float)
    names = ["0", *(f"{low}-{low + 9}" for low in range(1, 91, 10)), "91-99", "100"]
    edges = [-0.5, *(low - 0.5 for low in range(1, 100, 10)), 99.5, 100.5]
    counts = np.histogram(given, bins=edges)[0]
    frame = pd.DataFrame({"band": names, "count": counts, "pct": 100 * counts / max(len(given), 1)})
    return frame.assign(n=len(given), n_missing=len(values) - len(given))
