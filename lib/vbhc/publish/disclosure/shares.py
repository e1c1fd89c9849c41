"""Shares of people: those that two counts of the table give, and those that give a count themselves.

2.5% of 40 patients is one patient, whether a table has a column for that count or not.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.layout import is_number
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.resting import INTERVAL_NAME, Rests

_SHARE_NAME = re.compile(r"(^|_)(share|percent|percentage|pct|proportion|prevalence)(_|$)")
_PERCENT_NAME = re.compile(r"(^|_)(percent|percentage|pct)(_|$)")


def share_columns(
    frame: pd.DataFrame, people: Sequence[str], rests: Rests
) -> dict[str, tuple[str, str, int]]:
    """Return the columns that are shares: part, whole and scale (1, or 100 for percentages).

    Found by their numbers, whether declared or not: a column is a share if it equals the ratio of two counts
    in every row that has them.
    """
    found: dict[str, tuple[str, str, int]] = {}
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


def parts_of(
    frame: pd.DataFrame, people: Sequence[str], ratios: Mapping[str, tuple[str, str, int]]
) -> list[tuple[str, str]]:
    """Return the pairs (part, whole) of counts of a row: what is left of the whole counts people too.

    A share of the table says so, or the names do: `k`, or `k_...`, beside `n`. 10 of 11 tells of one.
    """
    found = [(part, whole) for part, whole, _ in ratios.values()]
    if "n" in people:
        found += [(c, "n") for c in people if str(c) == "k" or str(c).startswith("k_")]
    return [
        (part, whole)
        for part, whole in dict.fromkeys(found)
        if not (frame[part].astype(float) > frame[whole].astype(float)).any()
    ]


def implied_counts(
    frame: pd.DataFrame,
    people: Sequence[str],
    rests: Rests,
    places: int | Mapping[str, int | Sequence[int]] | None,
    policy: Policy,
) -> pd.DataFrame:
    """Return the counts that columns of shares give, with the count that they are shares of.

    A column is taken for a share by its name (share, percent, proportion ...), or because it times its count
    is a whole number in every row.

    Parameters
    ----------
    places : int, mapping or None
        Decimals to which shares are shown; None shows them exactly. Where they leave several counts open, no
        closer than the policy's own mark, there is no count (missing).

    Returns
    -------
    DataFrame
        A column per share, missing where no count follows; shares of two counts that stand in the table are
        left out.
    """
    known = {*people, *rests.keep, *(rests.shares or {}), *share_columns(frame, people, rests)}
    found = pd.DataFrame(index=frame.index)
    for column in frame.columns:
        whole = whole_of(column, people, rests)
        if column in known or whole is None or not is_number(frame[column]):
            continue
        if INTERVAL_NAME.search(str(column)) or not _is_share(frame, column, whole):
            continue
        digits = places.get(column, 2) if isinstance(places, Mapping) else places
        by_row = digits if isinstance(digits, Sequence) else [digits] * len(frame)
        scale = scale_of(frame, column)
        rows = zip(frame[column].astype(float), frame[whole].astype(float), by_row, strict=True)
        found[column] = [_count(value / scale, n, shown, scale, policy) for value, n, shown in rows]
    return found


def whole_of(column: str, people: Sequence[str], rests: Rests) -> str | None:
    """Return the count that a share is a share of: its base, else `n`, else the only count."""
    behind = rests.count_behind(column)
    if behind is not None:
        return behind
    return "n" if "n" in people else people[0] if len(people) == 1 else None


def scale_of(frame: pd.DataFrame, column: str) -> int:
    """Return 100 for percentages, 1 for shares."""
    percent = _PERCENT_NAME.search(str(column)) or frame[column].abs().max() > 1
    return 100 if percent else 1


def _is_share(frame: pd.DataFrame, column: str, whole: str) -> bool:
    values, n = frame[column].astype(float), frame[whole].astype(float)
    given = values.notna() & n.notna()
    if not given.any() or (values[given] < 0).any():
        return False
    if _SHARE_NAME.search(str(column)):
        return bool((values[given] <= scale_of(frame, column)).all())
    counts = (values * n)[given]
    inside = ((values[given] > 0) & (values[given] < 1)).any() and (values[given] <= 1).all()
    return bool(inside and (n[given] >= 2).all() and np.allclose(counts, counts.round(), atol=1e-9))


def _count(share: float, n: float, digits: int | None, scale: int, policy: Policy) -> float:
    """The count behind a share as it is shown; missing where it could be one of many."""
    if not (np.isfinite(share) and np.isfinite(n)):
        return math.nan
    half = 0.0 if digits is None else 0.5 * 10.0**-digits / scale
    middle = share if digits is None else round(share * scale, digits) / scale
    low = max(math.ceil((middle - half) * n - 1e-9), 0)
    high = min(math.floor((middle + half) * n + 1e-9), int(n))
    return math.nan if high - low >= policy.bound else float(round(share * n))


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
        hide_intervals(shown, hidden, shares)


def implied_again(
    shown: pd.DataFrame,
    hidden: pd.DataFrame,
    implied: pd.DataFrame,
    wholes: Mapping[str, pd.Series],
    policy: Policy,
) -> None:
    """Compute shares without a count column of their own (in place) from rounded counts."""
    for column in implied.columns:
        scale, whole = scale_of(shown, column), wholes[column].map(policy.rounded)
        given = implied[column].notna() & (whole > 0)
        again = scale * implied[column].map(policy.rounded) / whole.where(given)
        shown[column] = again.where(given, shown[column])
    if len(implied.columns) and not policy.keeps_intervals:
        hide_intervals(shown, hidden, implied.columns)


def hide_intervals(shown: pd.DataFrame, hidden: pd.DataFrame, shares: Collection[str]) -> None:
    """Hide (in place) intervals around shares: they were computed from exact counts."""
    for column in shown.columns:
        if column not in shares and is_number(shown[column]) and INTERVAL_NAME.search(str(column)):
            hidden[column] = shown[column].notna()
