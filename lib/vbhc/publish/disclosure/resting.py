"""Statistics that rest on people: which of them are withheld, and what they follow."""

import re
from collections.abc import Collection, Mapping, Sequence, Sized

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.layout import Marks, Sheet
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.said import may_say

EXTREME_NAME = re.compile(
    r"(^|_)(min|max|minimum|maximum|lowest|highest|range|youngest|oldest|shortest|longest|cheapest|dearest)(_|$)"
)
_QUANTILE_NAME = re.compile(r"(^|_)(median|iqr|(?:upper_|lower_)?quartile|q[13]|q\d{2}|p\d{1,2}|decile)(_|$)")
_DOF_NAME = re.compile(r"(^|_)(dof|df|df_resid)(_|$)")
DIFFERENCE_NAME = re.compile(r"(^|_)(difference|gap)$")
INTERVAL_NAME = re.compile(r"(^|_)(ci|low|high|lower|upper|se|sd|p)(_|$)")


def follows(
    sheet: Sheet, ratios: Mapping[str, tuple[str, str, int]], implied: Collection[str]
) -> dict[str, list[str]]:
    """Return by column the counts whose hiding hides its cell: a share's counts, or any of the row.

    A statistic whose base was named stays when its count is hidden only as a second cell; intervals follow
    the share before them, one of `ratios` (part, whole, scale) or `implied`, which gives a count itself.
    """
    found: dict[str, list[str]] = {}
    before: Sequence[str] = ()  # the counts of the shares before an interval
    for column in sheet.statistics:
        if column in sheet.rules.shares:
            found[column] = [sheet.rules.shares[column]]
        elif column in ratios:
            found[column] = list(ratios[column][:2])
        elif sheet.rules.count_behind(column) is None and sheet.people:
            found[column] = list(sheet.people)
        if INTERVAL_NAME.search(str(column)) and column not in implied:
            found[column] = list(dict.fromkeys([*found.get(column, ()), *before]))
        elif column in sheet.numbers:
            before = ratios[column][:2] if column in ratios else [column] if column in implied else ()
    return {column: counts for column, counts in found.items() if counts and column not in implied}


def with_intervals(told: Collection[str], columns: Sequence[str]) -> list[str]:
    """Return some columns with those right behind them that give their interval or spread."""
    found: list[str] = []
    for before, column in zip(["", *columns], columns, strict=False):
        if column in told or (before in found and INTERVAL_NAME.search(column)):
            found.append(column)
    return found


def hide_statistics(
    sheet: Sheet, hidden: Marks, small: Mapping[str, np.ndarray], following: Mapping[str, list[str]]
) -> None:
    """Mark (in place) what rests on too few people, shares of hidden counts, extremes, and dominated sums."""
    numbers = sheet.numbers
    told = _few_dof(sheet) | _dominated_rows(sheet) | _behind_rows(sheet)
    for column in sheet.statistics:
        count = sheet.rules.count_behind(column)
        if column in following:
            hidden[column] |= np.any([hidden[count] for count in following[column]], axis=0)
        if count is not None:
            hidden[column] |= small[count]
        if column not in numbers:
            continue
        if EXTREME_NAME.search(str(column)):
            hidden[column][:] = True
        counts = [count] if count else sheet.people
        if counts and _QUANTILE_NAME.search(str(column)):
            hidden[column] |= _thin_tail(sheet, column, counts)
        hidden[column] |= told & ~np.isnan(numbers[column])


def _thin_tail(sheet: Sheet, column: str, counts: Sequence[str]) -> np.ndarray:
    """Mark quantiles beyond which, on the thinner side, too few people stand."""
    digits = re.search(r"(?:^|_)(?:q(?=\d\d)|p)(\d{1,2})(?:_|$)", column)
    tail = int(digits[1]) / 100 if digits else (0.5 if "median" in column else 0.25)
    people = np.fmin.reduce([sheet.numbers[count] for count in counts])
    return people * min(tail, 1 - tail) <= sheet.policy.hides_up_to + 1e-9  # 140 * (1 - 0.95) is 7 and a bit


def _dominated_rows(sheet: Sheet) -> np.ndarray:
    """Mark rows whose sum or mean one or two people dominate: its interval would give it back, so all go."""
    rows = np.zeros(len(sheet.frame), dtype=bool)
    for column, given in sheet.rules.contributions.items():
        if column not in sheet.frame.columns:
            raise ValueError(f"contributions for {column!r}, which is no column of the table")
        _check_length("contributions", given, sheet.frame)
        rows |= np.array([dominated(values, sheet.policy) for values in given], dtype=bool)
    return rows


def dominated(values: Sequence[float] | np.ndarray | pd.Series, policy: Policy) -> bool:
    """Whether one or two people make up nearly the whole of a sum (or mean) of these values.

    The n-k rule and the p-ratio as ACRO checks them (github.com/AI-SDC/ACRO). Missing values are left out; a
    policy without such rules never says so.
    """
    ordered = np.sort(np.abs(np.asarray(values, dtype=float)))[::-1]
    ordered = ordered[~np.isnan(ordered)]
    total = ordered.sum()
    if total <= 0 or not policy.largest:
        return False
    rest = total - ordered[:2].sum()
    return bool(
        ordered[: policy.largest].sum() / total > policy.dominance or rest / ordered[0] < policy.p_ratio
    )


def _behind_rows(sheet: Sheet) -> np.ndarray:
    """Mark rows whose statistics would give a count back that may not be shown."""
    behind = [()] * len(sheet.frame) if sheet.rules.behind is None else sheet.rules.behind
    _check_length("behind", behind, sheet.frame)
    plain = [[tuple(one) if np.iterable(one) else one for one in counts] for counts in behind]
    known = [[one for one in counts if not np.any(pd.isna(one))] for counts in plain]
    return np.array([not may_say(counts, sheet.policy) for counts in known], dtype=bool)


def _check_length(rule: str, given: Sized, frame: pd.DataFrame) -> None:
    if len(given) != len(frame):
        raise ValueError(f"{rule}: {len(given)} rows given for a table of {len(frame)} rows")


def _few_dof(sheet: Sheet) -> np.ndarray:
    named = [values for column, values in sheet.numbers.items() if _DOF_NAME.search(str(column))]
    return np.any([values < sheet.policy.fewest_dof for values in named], axis=0)
