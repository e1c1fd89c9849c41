"""The bill in a sentence: what made it up, and how far prices and the perimeter could move the value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value.costs.perimeter import most_moved
from vbhc.chapters.value.costs.prices import largest_items
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Result

FIRST = 3


def bill_answer(
    vq: Definition, items: pd.DataFrame, moved: pd.DataFrame, parts: pd.DataFrame, by: float
) -> Result:
    """Return the answer of the page, without a count of people.

    Parameters
    ----------
    items, moved, parts : DataFrame
        From `cost_items`, `if_prices_differ` and `without_each_part`.
    by : float
        The share by which prices were moved.
    """
    says = [_made_of(items), _prices(vq, moved, by), *most_moved(vq, parts)[:1]]
    return Result("answer", says=[one for one in says if one], role="answer")


def _made_of(items: pd.DataFrame) -> str:
    top = largest_items(items)
    if top.empty or not np.isfinite(top["share"]).all():
        return "No patient has a known cost above zero, so the bill is made of nothing."
    if len(top) == 1:
        return f"The bill has one part, {top['item'].iloc[0]}."
    shown = top.head(FIRST)
    return f"Of the bill, {wording.percent(shown['share'].sum())} was for {wording.listing(shown['item'])}."


def _prices(vq: Definition, moved: pd.DataFrame, by: float) -> str:
    """What all prices together would do, up and down; nothing without a value."""
    if moved.empty or not np.isfinite(moved["estimate"].iloc[0]):
        return ""
    row = moved.iloc[-1]
    dear, cheap, whole = (wording.significant(row[name]) for name in ("low", "high", "estimate"))
    share = wording.percent(by)
    return (
        f"The value is {whole} {vq.unit}; were all prices {share} higher it would be {dear}, and "
        f"{share} lower {cheap}."
    )
