"""What is left of a table under a policy: rounded counts, texts that may stand, the log of what went."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.layout import total_rows
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.said import may_show


def round_counts(
    shown: pd.DataFrame, hidden: pd.DataFrame, people: Sequence[str], labels: Sequence[str], policy: Policy
) -> None:
    """Round counts (in place); a total of rounded cells is their sum where that is the rule."""
    totals = np.flatnonzero(total_rows(shown, labels))
    first = shown.groupby(list(labels[:-1]), dropna=False, sort=False).ngroup() if len(labels) > 1 else None
    for column in people:
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
    entries = [
        {
            "column": str(column),
            "cells": int(hidden[column].sum()),
            "why": (
                f"counts of {policy.few()} people, and counts that would reveal them by subtraction"
                if column in people
                else f"rests on {policy.few()} people, or on the answer of a single person"
            ),
        }
        for column in hidden.columns[hidden.any()]
    ]
    why = f"a text that gives a count of {policy.few()} people"
    return entries + [
        {"column": str(column), "cells": int(texts[column].sum()), "why": why}
        for column in texts.columns[texts.any()]
    ]
