"""Statistics that rest on people: which are withheld, and shares computed again from rounded counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vbhc.disclosure.layout import is_number
from vbhc.disclosure.policies import Policy

_EXTREME_NAME = re.compile(r"(^|_)(min|max|minimum|maximum|lowest|highest|range)(_|$)")
_QUANTILE_NAME = re.compile(r"(^|_)(median|iqr|quartile|q[13]|[pq]\d{2})(_|$)")
_DOF_NAME = re.compile(r"(^|_)(dof|df|df_resid)(_|$)")
_INTERVAL_NAME = re.compile(r"(^|_)(ci|low|high|lower|upper|se|sd|p_val|p)(_|$)")


@dataclass(frozen=True)
class Rests:
    """What the statistics of a table rest on, as its author said it; see `disclosure.disclose`."""

    base: str | Mapping[str, str] | None = None
    shares: Mapping[str, str] | None = None
    keep: Sequence[str] = ()
    contributions: Mapping[str, Sequence] | None = None

    def count_behind(self, column: str) -> str | None:
        """Return the count that a statistic rests on, if it was said."""
        behind = self.base if isinstance(self.base, Mapping) else {}
        return behind.get(column, self.base if isinstance(self.base, str) else None)

    def is_base(self, column: str) -> bool:
        """Whether statistics were said to rest on a count: then it is not itself what a figure draws."""
        return column == self.base or (isinstance(self.base, Mapping) and column in self.base.values())


def follows(frame: pd.DataFrame, people: Sequence[str], labels: Sequence[str], rests: Rests) -> dict:
    """Return by column the counts whose hiding hides its cell: a share's count, or any of the row.

    A statistic whose base was named stays when its count is hidden only as a second cell.
    """
    found = {}
    for column in frame.columns:
        if column in people or column in labels or column in rests.keep:
            continue
        if column in (rests.shares or {}):
            found[column] = [rests.shares[column]]
        elif rests.count_behind(column) is None and people:
            found[column] = list(people)
    return found


def hide_statistics(
    frame: pd.DataFrame,
    hidden: pd.DataFrame,
    small: pd.DataFrame,
    people: Sequence[str],
    labels: Sequence[str],
    rests: Rests,
    policy: Policy,
) -> None:
    """Mark (in place) what rests on too few people, shares of hidden counts, extremes, and dominated sums."""
    following = follows(frame, people, labels, rests)
    few_dof = _few_dof(frame, policy)
    for column in frame.columns:
        if column in people or column in labels or column in rests.keep:
            continue
        count = rests.count_behind(column)
        if column in following:
            hidden[column] |= hidden[following[column]].any(axis=1)
        elif count is not None:
            hidden[column] |= small[count]
        if not is_number(frame[column]):
            continue
        if _EXTREME_NAME.search(str(column)):
            hidden[column] = True
        if _QUANTILE_NAME.search(str(column)):
            hidden[column] |= _thin_tail(frame, column, [count] if count else people, policy)
        hidden[column] |= few_dof
        if rests.contributions and column in rests.contributions:
            hidden[column] |= np.array([dominated(one, policy) for one in rests.contributions[column]])


def _thin_tail(frame: pd.DataFrame, column: str, counts: Sequence[str], policy: Policy) -> pd.Series:
    """Mark quantiles beyond which, on the thinner side, too few people stand."""
    if not counts:
        return pd.Series(False, index=frame.index)
    digits = re.search(r"(?:^|_)[pq](\d{2})(?:_|$)", column)
    tail = int(digits[1]) / 100 if digits else (0.5 if "median" in column else 0.25)
    people = frame[list(counts)].astype(float).min(axis=1)
    return people * min(tail, 1 - tail) <= policy.hides_up_to


def _few_dof(frame: pd.DataFrame, policy: Policy) -> pd.Series:
    few = pd.Series(False, index=frame.index)
    for column in frame.columns:
        if _DOF_NAME.search(str(column)) and is_number(frame[column]):
            few |= frame[column] < policy.fewest_dof
    return few


def dominated(values, policy: Policy) -> bool:
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


def share_columns(
    frame: pd.DataFrame, people: Sequence[str], rests: Rests
) -> dict[str, tuple[str, str, int]]:
    """Return the columns that are shares: part, whole and scale (1, or 100 for percentages).

    Found by their numbers, whether declared or not: a column is a share if it equals the ratio of two counts
    in every row that has them.
    """
    found = {}
    for column in frame.columns:
        if column in people or not is_number(frame[column]) or column in rests.keep:
            continue
        values = frame[column].astype(float)
        for part in people:
            for whole in people:
                for scale in (1, 100):
                    with np.errstate(all="ignore"):
                        ratio = scale * frame[part].astype(float) / frame[whole].astype(float)
                    both = values.notna() & np.isfinite(ratio)
                    if part != whole and both.any() and np.allclose(values[both], ratio[both], atol=1e-9):
                        found.setdefault(column, (part, whole, scale))
    return found


def share_again(
    shown: pd.DataFrame, hidden: pd.DataFrame, shares: Mapping[str, tuple[str, str, int]], policy: Policy
) -> None:
    """Compute shares (in place) from the counts as they are shown; hide what exact intervals would tell."""
    for column, (part, whole, scale) in shares.items():
        gone = hidden[part] | hidden[whole] | (shown[whole] == 0)
        hidden[column] |= gone
        again = scale * shown[part].astype(float) / shown[whole].astype(float).where(~gone)
        shown[column] = again.where(shown[column].notna())
    if shares and not policy.keeps_intervals:
        for column in shown.columns:
            if column not in shares and is_number(shown[column]) and _INTERVAL_NAME.search(str(column)):
                hidden[column] = shown[column].notna()
