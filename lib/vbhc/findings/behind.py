"""Statistics of counts that a table does not hold itself: which of them would give such a count back.

The p-value of an exact test of 11 and 8 people leaves one pair of counts open, or two. The rank statistic of
four small groups, with the difference of each pair of them, leaves one set of answers. Such numbers go where
the counts behind them would go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from vbhc.disclosure import Disclosed
from vbhc.disclosure.layout import is_number, label_columns
from vbhc.disclosure.policies import Policy
from vbhc.disclosure.said import may_say


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
    stay = {*people, *keep, *label_columns(disclosed.frame, people, keep)}
    told = [c for c in disclosed.frame.columns if c not in stay and is_number(disclosed.frame[c])]
    hidden, frame = disclosed.hidden.copy(), disclosed.frame.copy()
    why, log = f"would give a count of {policy.few()} people back", list(disclosed.log)
    for column in told:
        new = few & ~hidden[column].to_numpy() & frame[column].notna().to_numpy()
        if new.any():
            log.append({"column": str(column), "cells": int(new.sum()), "why": why})
        hidden[column] |= new
        frame[column] = frame[column].mask(hidden[column])
    return replace(disclosed, frame=frame, hidden=hidden, log=log)


def _given(counts: Iterable) -> list:
    """Counts as plain numbers and pairs, those that are missing left out."""
    plain = [tuple(count) if np.iterable(count) else count for count in counts]
    return [one for one in plain if not np.any(pd.isna(one))]
