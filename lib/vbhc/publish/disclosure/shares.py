"""Shares of people: those that two counts of the table give, and those that give a count themselves.

2.5% of 40 patients is one patient, whether a table has a column for that count or not.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import permutations, product

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.counting import fitting
from vbhc.publish.disclosure.layout import PERCENT_NAME, SHARE_NAME, Sheet, is_number, total_rows
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.resting import INTERVAL_NAME
from vbhc.publish.disclosure.said import may_show


def share_columns(sheet: Sheet) -> dict[str, tuple[str, str, int]]:
    """Return the columns that are shares: part, whole and scale (1, or 100 for percentages).

    Found by their numbers, whether declared or not: a column is a share if it equals the ratio of two counts
    in every row that has them.
    """
    found: dict[str, tuple[str, str, int]] = {}
    statistics = [column for column in sheet.statistics if is_number(sheet.frame[column])]
    numbers = sheet.frame[[*sheet.people, *statistics]].astype(float)
    for column in statistics:
        for (part, whole), scale in product(permutations(sheet.people, 2), (1, 100)):
            with np.errstate(all="ignore"):
                ratio = scale * numbers[part] / numbers[whole]
            both = numbers[column].notna() & np.isfinite(ratio)
            if both.any() and np.allclose(numbers.loc[both, column], ratio[both], atol=1e-9):
                found.setdefault(column, (part, whole, scale))
    return found


def parts_of(sheet: Sheet, ratios: Mapping[str, tuple[str, str, int]]) -> list[tuple[str, str]]:
    """Return the pairs (part, whole) of counts of a row: what is left of the whole counts people too.

    A share of the table says so, or the names do: `k`, or `k_...`, beside `n`. 10 of 11 tells of one.
    """
    found = [(part, whole) for part, whole, _ in ratios.values()]
    if "n" in sheet.people:
        found += [(c, "n") for c in sheet.people if str(c) == "k" or str(c).startswith("k_")]
    return [
        (part, whole)
        for part, whole in dict.fromkeys(found)
        if not (sheet.frame[part].astype(float) > sheet.frame[whole].astype(float)).any()
    ]


def implied_counts(sheet: Sheet, ratios: Collection[str]) -> pd.DataFrame:
    """Return the counts that columns of shares give, with the count that they are shares of.

    A column is taken for a share by its name (share, percent, proportion ...), or because it times its count
    is a whole number in every row. Where the decimals shown leave several counts open, no closer than the
    policy's own mark, there is no count.

    Returns
    -------
    DataFrame
        A column per share, missing where no count follows; shares of two counts that stand in the table
        (`ratios`) are left out.
    """
    frame, policy, places = sheet.frame, sheet.policy, sheet.rules.places
    found = pd.DataFrame(index=frame.index)
    for column in sheet.statistics:
        whole = whole_of(column, sheet)
        if column in ratios or column in sheet.rules.shares or whole is None or not is_number(frame[column]):
            continue
        if INTERVAL_NAME.search(str(column)) or not _is_share(frame, column, whole):
            continue
        digits = places.get(column, 2) if isinstance(places, Mapping) else places
        by_row = digits if isinstance(digits, Sequence) else [digits] * len(frame)
        scale = scale_of(frame, column)
        rows = zip(frame[column].astype(float), frame[whole].astype(float), by_row, strict=True)
        found[column] = [_count(value / scale, n, shown, scale, policy) for value, n, shown in rows]
    return found


def whole_of(column: str, sheet: Sheet) -> str | None:
    """Return the count that a share is a share of: its base, else `n`, else the only count."""
    behind, people = sheet.rules.count_behind(column), sheet.people
    if behind is not None:
        return behind
    return "n" if "n" in people else people[0] if len(people) == 1 else None


def scale_of(frame: pd.DataFrame, column: str) -> int:
    """Return 100 for percentages, 1 for shares."""
    percent = PERCENT_NAME.search(str(column)) or frame[column].abs().max() > 1
    return 100 if percent else 1


def _is_share(frame: pd.DataFrame, column: str, whole: str) -> bool:
    values, n = frame[column].astype(float), frame[whole].astype(float)
    given = values.notna() & n.notna()
    if not given.any() or (values[given] < 0).any():
        return False
    if SHARE_NAME.search(str(column)):
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
    return float(round(share * n)) if len(fitting(middle, half, n)) <= policy.bound else math.nan


def share_again(sheet: Sheet, hidden: pd.DataFrame, shares: Mapping[str, tuple[str, str, int]]) -> None:
    """Compute shares (in place) from the counts as they are shown."""
    shown = sheet.frame
    for column, (part, whole, scale) in shares.items():
        gone = hidden[part] | hidden[whole] | (shown[whole] == 0)
        hidden[column] |= gone
        again = scale * shown[part].astype(float) / shown[whole].astype(float).where(~gone)
        shown[column] = again.where(shown[column].notna())


def implied_again(sheet: Sheet, implied: pd.DataFrame, wholes: Mapping[str, pd.Series]) -> None:
    """Compute shares without a count column of their own (in place) from rounded counts."""
    shown, policy = sheet.frame, sheet.policy
    for column in implied.columns:
        scale, whole = scale_of(shown, column), wholes[column].map(policy.rounded)
        given = implied[column].notna() & (whole > 0)
        again = scale * implied[column].map(policy.rounded) / whole.where(given)
        shown[column] = again.where(given, shown[column])


def hide_intervals(shown: pd.DataFrame, hidden: pd.DataFrame, shares: Collection[str]) -> None:
    """Hide (in place) intervals around shares: they were computed from exact counts."""
    for column in shown.columns:
        if column not in shares and is_number(shown[column]) and INTERVAL_NAME.search(str(column)):
            hidden[column] = shown[column].notna()


def round_counts(sheet: Sheet, hidden: pd.DataFrame) -> None:
    """Round counts (in place); a total of rounded cells is their sum where that is the rule."""
    shown, labels, policy = sheet.frame, sheet.labels, sheet.policy
    totals = np.flatnonzero(total_rows(shown, labels))
    first = shown.groupby(list(labels[:-1]), dropna=False, sort=False).ngroup() if len(labels) > 1 else None
    for column in sheet.people:
        exact = shown[column].astype(float)
        shown[column] = exact.map(policy.rounded)
        for row in totals if policy.totals_from_cells else ():
            mates = pd.Series(True, index=shown.index) if first is None else first == first.iloc[row]
            mates.iloc[totals] = False
            if exact[mates].sum() == exact.iloc[row]:
                cells = shown.loc[mates & ~hidden[column], column]
                shown.iloc[row, shown.columns.get_loc(column)] = cells.sum()


def show_texts(shown: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Round the counts in texts (in place) where the policy does; mark texts that give too few people."""
    tells = pd.DataFrame(False, index=shown.index, columns=shown.columns)
    for place, column in enumerate(shown.columns):
        cells = shown[column].tolist()
        texts = [may_show(cell, policy) if isinstance(cell, str) else cell for cell in cells]
        told = [isinstance(cell, str) and text is None for cell, text in zip(cells, texts, strict=True)]
        tells.isetitem(place, np.array(told, dtype=bool))
        kept = [cell if gone else text for cell, text, gone in zip(cells, texts, told, strict=True)]
        if any(isinstance(text, str) for text in texts) and kept != cells:
            shown.isetitem(place, pd.Series(kept, index=shown.index, dtype=shown[column].dtype))
    return tells


def log_of(hidden: pd.DataFrame, texts: pd.DataFrame, people: Sequence[str], policy: Policy) -> list[dict]:
    """Return what was withheld and why, one entry per column and reason, without any value."""
    few = f"{policy.few()} people"
    counted = f"counts of {few}, and counts that would reveal them by subtraction"
    resting = f"rests on {few}, or on the answer of a single person"
    gone = [(hidden, c, counted if c in people else resting) for c in hidden.columns[hidden.any()]]
    gone += [(texts, c, f"a text that gives a count of {few}") for c in texts.columns[texts.any()]]
    return [{"column": str(c), "cells": int(marked[c].sum()), "why": why} for marked, c, why in gone]
