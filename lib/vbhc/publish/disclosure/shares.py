"""Shares of people: those that two counts of the table give, and those that give a count themselves.

2.5% of 40 patients is one patient, whether a table has a column for that count or not.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import permutations, product

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.counting import fitting
from vbhc.publish.disclosure.layout import PERCENT_NAME, SHARE_NAME, Marks, Sheet, is_number, total_rows
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.resting import DIFFERENCE_NAME, INTERVAL_NAME, with_intervals
from vbhc.publish.disclosure.said import may_show


def share_columns(sheet: Sheet) -> dict[str, tuple[str, str, int]]:
    """Return the columns that equal the ratio of two counts in every row: part, whole, scale (1 or 100)."""
    found: dict[str, tuple[str, str, int]] = {}
    numbers = sheet.numbers
    for column in (name for name in sheet.statistics if name in numbers):
        for (part, whole), scale in product(permutations(sheet.people, 2), (1, 100)):
            with np.errstate(all="ignore"):
                ratio = scale * numbers[part] / numbers[whole]
            both = ~np.isnan(numbers[column]) & np.isfinite(ratio)
            if both.any() and np.allclose(numbers[column][both], ratio[both], atol=1e-9):
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
        if not (sheet.numbers[part] > sheet.numbers[whole]).any()
    ]


def implied_counts(sheet: Sheet, ratios: Collection[str]) -> dict[str, np.ndarray]:
    """Return by share, but for `ratios` of the table, the count that it gives per row; missing where none.

    A column is taken for a share by its name (share, percent, proportion ...), or because it times its count
    is a whole number in every row. Decimals may leave several counts open, no closer than the policy's mark.
    """
    numbers, policy, places = sheet.numbers, sheet.policy, sheet.rules.places
    found: dict[str, np.ndarray] = {}
    for column in (name for name in sheet.statistics if name in numbers):
        whole = whole_of(column, sheet)
        if column in ratios or column in sheet.rules.shares or whole is None:
            continue
        if INTERVAL_NAME.search(str(column)) or not _is_share(sheet, column, whole):
            continue
        digits = places.get(column, 2) if isinstance(places, Mapping) else places
        by_row = digits if isinstance(digits, Sequence) else [digits] * len(numbers[column])
        scale = scale_of(column, numbers[column])
        rows = zip(numbers[column] / scale, numbers[whole], by_row, strict=True)
        found[column] = np.array([_count(share, n, shown, scale, policy) for share, n, shown in rows])
    return found


def whole_of(column: str, sheet: Sheet) -> str | None:
    """Return the count that a share is a share of: its base, else `n`, else the only count."""
    behind, people = sheet.rules.count_behind(column), sheet.people
    if behind is not None:
        return behind
    return "n" if "n" in people else people[0] if len(people) == 1 else None


def scale_of(column: str, values: np.ndarray) -> int:
    """Return 100 for percentages, 1 for shares."""
    return 100 if PERCENT_NAME.search(str(column)) or (abs(values) > 1).any() else 1


def _is_share(sheet: Sheet, column: str, whole: str) -> bool:
    every, n = sheet.numbers[column], sheet.numbers[whole]
    given = ~np.isnan(every) & ~np.isnan(n)
    values, n = every[given], n[given]
    lows = sheet.numbers.get("low" if column == "estimate" else f"{column}_low", every)
    if not len(values) or (values < 0).any() or (lows < 0).any():  # no share has an interval below nothing
        return False
    if SHARE_NAME.search(str(column)):
        return bool((values <= scale_of(column, every)).all())
    counts = values * n
    inside = ((values > 0) & (values < 1)).any() and (values <= 1).all()
    return bool(inside and (n >= 2).all() and np.allclose(counts, counts.round(), atol=1e-9))


def _count(share: float, n: float, digits: int | None, scale: int, policy: Policy) -> float:
    """The count behind a share as it is shown; missing where it could be one of many."""
    if not (np.isfinite(share) and np.isfinite(n)):
        return math.nan
    half = 0.0 if digits is None else 0.5 * 10.0**-digits / scale
    middle = share if digits is None else round(share * scale, digits) / scale
    return float(round(share * n)) if len(fitting(middle, half, n)) <= policy.bound else math.nan


def share_again(sheet: Sheet, hidden: Marks, shares: Mapping[str, tuple[str, str, int]]) -> None:
    """Compute shares (in place) from the counts as they are shown."""
    for column, (part, whole, scale) in shares.items():
        k, n = (sheet.frame[c].to_numpy(dtype=float) for c in (part, whole))
        gone = hidden[part] | hidden[whole] | (n == 0)
        hidden[column] |= gone
        missing = gone | np.isnan(sheet.numbers[column])
        sheet.frame[column] = scale * np.where(missing, np.nan, k) / np.where(missing, np.nan, n)


def implied_again(sheet: Sheet, implied: Mapping[str, np.ndarray], wholes: Mapping[str, np.ndarray]) -> None:
    """Compute shares without a count column of their own (in place) from rounded counts."""
    for column, counts in implied.items():
        exact = sheet.numbers[column]
        k, n = (np.array([*map(sheet.policy.rounded, side.tolist())]) for side in (counts, wholes[column]))
        given = ~np.isnan(k) & (n > 0)
        again = scale_of(column, exact) * k / np.where(given, n, np.nan)
        sheet.frame[column] = np.where(given, again, exact)


def hide_intervals(sheet: Sheet, hidden: Marks, shares: Collection[str]) -> None:
    """Hide (in place) the intervals of shares, and of differences beside them: they are of exact counts."""
    told = {*shares, *(c for c in sheet.statistics if shares and DIFFERENCE_NAME.search(c))}
    for column in {*with_intervals(told, sheet.statistics)} - told:
        hidden[column] = ~np.isnan(sheet.numbers[column])


def round_counts(sheet: Sheet, hidden: Marks) -> None:
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


def show_texts(shown: pd.DataFrame, policy: Policy) -> Marks:
    """Round the counts in texts (in place) where the policy does; mark texts that give too few people."""
    tells: Marks = {}
    for column in [name for name in shown if not is_number(shown[name])]:
        cells = shown[column].tolist()
        texts = [may_show(cell, policy) if isinstance(cell, str) else cell for cell in cells]
        told = [isinstance(cell, str) and text is None for cell, text in zip(cells, texts, strict=True)]
        tells[column] = np.array(told, dtype=bool)
        kept = [cell if gone else text for cell, text, gone in zip(cells, texts, told, strict=True)]
        if any(isinstance(text, str) for text in texts) and kept != cells:
            shown[column] = pd.Series(kept, index=shown.index, dtype=shown[column].dtype)
    return tells


def log_of(hidden: Marks, texts: Marks, people: Collection[str], policy: Policy) -> list[dict]:
    """Return what was withheld and why, one entry per column and reason, without any value."""
    few = f"{policy.few()} people"
    counted = f"counts of {few}, and counts that would reveal them by subtraction"
    resting = f"rests on {few}, or on the answer of a single person"
    gone = [(c, marked, counted if c in people else resting) for c, marked in hidden.items()]
    gone += [(c, marked, f"a text that gives a count of {few}") for c, marked in texts.items()]
    return [
        {"column": str(c), "cells": int(marked.sum()), "why": why} for c, marked, why in gone if marked.any()
    ]
