"""Statistics that rest on people: which of them are withheld, and what they follow."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.dominance import dominated, values_behind
from vbhc.publish.disclosure.layout import is_number
from vbhc.publish.disclosure.policies import Policy

_EXTREME_NAME = re.compile(
    r"(^|_)(min|max|minimum|maximum|lowest|highest|range|youngest|oldest|shortest|longest|cheapest|dearest)(_|$)"
)
_QUANTILE_NAME = re.compile(r"(^|_)(median|iqr|(?:upper_|lower_)?quartile|q[13]|q\d{2}|p\d{1,2}|decile)(_|$)")
_DOF_NAME = re.compile(r"(^|_)(dof|df|df_resid)(_|$)")
INTERVAL_NAME = re.compile(r"(^|_)(ci|low|high|lower|upper|se|sd|p|p)(_|$)")


@dataclass(frozen=True)
class Rests:
    """What the statistics of a table rest on, as its author said it; see `disclosure.disclose`."""

    base: str | Mapping[str, str] | None = None
    shares: Mapping[str, str] | None = None
    keep: Sequence[str] = ()
    contributions: Mapping[str, object] | None = None

    def count_behind(self, column: str) -> str | None:
        """Return the count that a statistic rests on, if it was said."""
        behind = self.base if isinstance(self.base, Mapping) else {}
        return behind.get(column, self.base if isinstance(self.base, str) else None)

    def is_base(self, column: str) -> bool:
        """Whether statistics were said to rest on a count: then it is not itself what a figure draws."""
        return column == self.base or (isinstance(self.base, Mapping) and column in self.base.values())


def follows(
    frame: pd.DataFrame,
    people: Sequence[str],
    labels: Sequence[str],
    rests: Rests,
    ratios: Mapping[str, tuple] | None = None,
    implied: Sequence[str] = (),
) -> dict[str, list[str]]:
    """Return by column the counts whose hiding hides its cell: a share's counts, or any of the row.

    A statistic whose base was named stays when its count is hidden only as a second cell; intervals follow
    the shares of their row, and the share of two counts before which they stand, since they give them.

    Parameters
    ----------
    ratios : mapping
        Columns that are the ratio of two counts: part, whole, scale.
    implied : sequence of str
        Columns of shares that give a count themselves; they are hidden like counts.
    """
    found: dict[str, list[str]] = {}
    before: Sequence[str] = ()  # the two counts of the share before an interval
    for column in frame.columns:
        if column in people or column in labels or column in rests.keep:
            continue
        if column in (rests.shares or {}):
            found[column] = [rests.shares[column]]
        elif column in (ratios or {}):
            found[column] = list(ratios[column][:2])
        elif rests.count_behind(column) is None and people:
            found[column] = list(people)
        if INTERVAL_NAME.search(str(column)) and column not in implied:
            found[column] = list(dict.fromkeys([*found.get(column, ()), *implied, *before]))
        elif is_number(frame[column]):
            before = (ratios or {}).get(column, ())[:2]
    return {column: counts for column, counts in found.items() if counts and column not in implied}


def with_intervals(told: Collection[str], columns: Sequence[str]) -> list[str]:
    """Return some columns with those right behind them that give their interval or spread."""
    found: list[str] = []
    for before, column in zip(["", *columns], columns, strict=False):
        if column in told or (before in found and INTERVAL_NAME.search(column)):
            found.append(column)
    return found


def hide_statistics(
    frame: pd.DataFrame,
    hidden: pd.DataFrame,
    small: pd.DataFrame,
    people: Sequence[str],
    labels: Sequence[str],
    rests: Rests,
    policy: Policy,
    following: Mapping[str, list[str]],
) -> None:
    """Mark (in place) what rests on too few people, shares of hidden counts, extremes, and dominated sums."""
    told = _few_dof(frame, policy) | _dominated_rows(frame, labels, rests, policy)
    for column in frame.columns:
        if column in people or column in labels or column in rests.keep:
            continue
        count = rests.count_behind(column)
        if column in following:
            hidden[column] |= hidden[following[column]].any(axis=1)
        if count is not None:
            hidden[column] |= small[count]
        if not is_number(frame[column]):
            continue
        if _EXTREME_NAME.search(str(column)):
            hidden[column] = True
        if _QUANTILE_NAME.search(str(column)):
            hidden[column] |= _thin_tail(frame, column, [count] if count else people, policy)
        hidden[column] |= told


def _thin_tail(frame: pd.DataFrame, column: str, counts: Sequence[str], policy: Policy) -> pd.Series:
    """Mark quantiles beyond which, on the thinner side, too few people stand."""
    if not counts:
        return pd.Series(False, index=frame.index)
    digits = re.search(r"(?:^|_)(?:q(?=\d\d)|p)(\d{1,2})(?:_|$)", column)
    tail = int(digits[1]) / 100 if digits else (0.5 if "median" in column else 0.25)
    people = frame[list(counts)].astype(float).min(axis=1)
    return people * min(tail, 1 - tail) <= policy.hides_up_to + 1e-9  # 140 * (1 - 0.95) is 7 and a bit


def _dominated_rows(frame: pd.DataFrame, labels: Sequence[str], rests: Rests, policy: Policy) -> np.ndarray:
    """Mark rows whose sum or mean one or two people dominate: its interval would give it back, so all go."""
    rows = np.zeros(len(frame), dtype=bool)
    for column, given in (rests.contributions or {}).items():
        if column not in frame.columns:
            raise ValueError(f"contributions for {column!r}, which is no column of the table")
        behind = values_behind(given, frame, labels)
        rows |= np.array([dominated(values, policy) for values in behind], dtype=bool)
    return rows


def _few_dof(frame: pd.DataFrame, policy: Policy) -> pd.Series:
    few = pd.Series(False, index=frame.index)
    for column in frame.columns:
        if _DOF_NAME.search(str(column)) and is_number(frame[column]):
            few |= frame[column] < policy.fewest_dof
    return few
