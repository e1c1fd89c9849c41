"""Statistics of counts that a table does not hold itself: which of them would give such a count back.

The p-value of an exact test of 11 and 8 people leaves one pair of counts open, or two. The rank statistic of
four small groups, with the difference of each pair of them, leaves one set of answers. Such numbers go where
the counts behind them would go: where an author names these counts, and where the same notebook has withheld
counts of the same row's name.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from vbhc.publish.disclosure import Disclosed
from vbhc.publish.disclosure.layout import is_number, label_columns
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.said import may_say

FEW = 100  # of more people a statistic with two decimals leaves several counts open
Labels = tuple[str, ...]
_OF_COUNTS = re.compile(
    r"(^|_)(p|mid_?p|p_?val(ue)?|statistic|median|q[13]|iqr|estimate|low|high|odds_ratio|delta|epsilon_squared)(_|$)"
)


def hide_behind(
    disclosed: Disclosed,
    behind: Sequence[Iterable],
    people: Sequence[str],
    keep: Sequence[str],
    policy: Policy,
) -> Disclosed:
    """Withhold the statistics of the rows that rest on a count that may not be shown.

    Parameters
    ----------
    behind : sequence of iterables
        By row the counts that its statistics were computed from: numbers of people, or (part, whole), whose
        rest counts too. A row without any is left as it is.
    people, keep : sequences of str
        Columns that count people, and numbers that describe the row; they stay.

    Raises
    ------
    ValueError
        If there are not as many as rows.
    """
    if len(behind) != len(disclosed.frame):
        raise ValueError(f"behind: {len(behind)} rows of counts for a table of {len(disclosed.frame)} rows")
    if not policy.protects:
        return disclosed
    few = np.array([not may_say(_given(counts), policy) for counts in behind], dtype=bool)
    return _hide_rows(disclosed, few, _statistics(disclosed.frame, people, keep), policy)


def hide_told(
    disclosed: Disclosed,
    withheld: Collection[Labels],
    people: Sequence[str],
    keep: Sequence[str],
    policy: Policy,
) -> Disclosed:
    """Withhold tests, intervals and quantiles of rows whose counts the same notebook has withheld.

    Parameters
    ----------
    withheld : collection of tuples of str
        The labels of counts of too few people, from `withheld_labels`.
    """
    if not policy.protects or not withheld:
        return disclosed
    rows = np.array([_is_told(labels, withheld) for labels in _names(disclosed.frame, keep)], dtype=bool)
    told = [c for c in _statistics(disclosed.frame, people, keep) if _OF_COUNTS.search(str(c))]
    return _hide_rows(disclosed, rows, told, policy)


def withheld_labels(counts: Mapping, policy: Policy) -> set[Labels]:
    """Return the labels of rows that withhold a count of too few of fewer than a hundred people.

    Parameters
    ----------
    counts : mapping
        The true counts of one table (`Disclosed.counts`). Of how many people a count is, the largest count of
        its row says; a row with one count does not.
    """
    found = set()
    for row, values in enumerate(counts.get("values", ())):
        known = [value for value in values if value is not None]
        small = [
            hidden and value is not None and policy.hides(value)
            for value, hidden in zip(values, counts["hidden"][row], strict=True)
        ]
        if any(small) and len(known) > 1 and max(known) < FEW:
            found.add(tuple(label.strip().lower() for label in counts["labels"][row]))
    return found


def _is_told(labels: Labels, withheld: Collection[Labels]) -> bool:
    """Whether a row is about what withheld counts are about, in one of their groups or between it and others.

    What a count is about its first labels say; the last, where there are several, name group and answer.
    """
    about = {label for one in withheld if labels and labels[0] in one[: _subject(one)] for label in one}
    return bool(about) and (len(labels) == 1 or not about.isdisjoint(labels[1:]))


def _subject(labels: Labels) -> int:
    return max(1, min(2, len(labels) - 1))


def _names(frame: pd.DataFrame, keep: Sequence[str]) -> list[Labels]:
    """By row the texts before the first number: what the row is about."""
    texts: list[str] = []
    for column in frame.columns:
        if is_number(frame[column]) and column not in keep:
            break
        if not is_number(frame[column]):
            texts.append(column)
    return [tuple(str(cell).strip().lower() for cell in row) for row in frame[texts].to_numpy().tolist()]


def _statistics(frame: pd.DataFrame, people: Sequence[str], keep: Sequence[str]) -> list[str]:
    stay = {*people, *keep, *label_columns(frame, people, keep)}
    return [column for column in frame.columns if column not in stay and is_number(frame[column])]


def _hide_rows(disclosed: Disclosed, rows: np.ndarray, columns: Iterable[str], policy: Policy) -> Disclosed:
    hidden, frame = disclosed.hidden.copy(), disclosed.frame.copy()
    why, log = f"would give a count of {policy.few()} people back", list(disclosed.log)
    for column in columns:
        new = rows & ~hidden[column].to_numpy() & frame[column].notna().to_numpy()
        if new.any():
            log.append({"column": str(column), "cells": int(new.sum()), "why": why})
        hidden[column] |= new
        frame[column] = frame[column].mask(hidden[column])
    return replace(disclosed, frame=frame, hidden=hidden, log=log)


def _given(counts: Iterable) -> list:
    """Counts as plain numbers and pairs, those that are missing left out."""
    plain = [tuple(count) if np.iterable(count) else count for count in counts]
    return [one for one in plain if not np.any(pd.isna(one))]
