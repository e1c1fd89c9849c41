"""Sums and means that one or two people make up nearly alone: the rules, and the values behind a row."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.layout import TOTALS
from vbhc.publish.disclosure.policies import Policy


def dominated(values: Sequence[float] | np.ndarray | pd.Series, policy: Policy) -> bool:
    """Whether one or two people make up nearly the whole of a sum (or mean) of these values.

    The n-k rule and the p-ratio as ACRO checks them (github.com/AI-SDC/ACRO). Missing values are left out; a
    policy without such rules never says so.
    """
    ordered = np.sort(np.abs(np.asarray(values, dtype=float)))[::-1]
    ordered = ordered[~np.isnan(ordered)]
    total = ordered.sum()
    if total <= 0 or policy.dominance is None:
        return False
    largest, share = policy.dominance
    rest = total - ordered[:2].sum()
    return bool(ordered[:largest].sum() / total > share or rest / ordered[0] < policy.p_ratio)


def values_behind(given: Any, frame: pd.DataFrame, labels: Sequence[str]) -> Iterator[np.ndarray]:
    """Yield for each row of a table the values of single people that its sum or mean was computed from.

    Parameters
    ----------
    given : sequence, mapping, grouped or plain Series
        Values per row in the order of the rows; or by the row's last label (`{"usual care": costs, ...}`, or
        `patients.groupby("arm")["cost"]`), where a row called "all" or "total" takes all of them; or one
        Series for all rows.

    Raises
    ------
    ValueError
        If a row has none, or there are not as many as rows.
    """
    if isinstance(given, pd.Series):
        given = [given] * len(frame)
    if isinstance(given, pd.core.groupby.SeriesGroupBy):
        given = {_name(key): values for key, values in given}
    if isinstance(given, Mapping):
        yield from _by_label({_name(key): values for key, values in given.items()}, frame, labels)
        return
    if len(given) != len(frame):
        raise ValueError(f"contributions for {len(given)} rows, but the table has {len(frame)}")
    yield from (np.asarray(values, dtype=float) for values in given)


def _by_label(given: Mapping[str, Any], frame: pd.DataFrame, labels: Sequence[str]) -> Iterator[np.ndarray]:
    everybody = np.concatenate([np.asarray(values, float) for values in given.values()] or [np.array([])])
    for row in frame[list(labels)].astype(str).to_numpy().tolist():
        names = [", ".join(row), *reversed(row)]
        known = next((name for name in names if name in given), None)
        if known is not None:
            yield np.asarray(given[known], dtype=float)
        elif any(name.strip().lower() in TOTALS for name in names):
            yield everybody
        else:
            raise ValueError(f"no contributions for the row {names[0]!r}; known: {', '.join(given)}")


def _name(key: Any) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
