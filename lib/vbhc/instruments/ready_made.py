"""A score that somebody formed before (a total, a utility, days), in one column and taken as it is."""

from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.answers import item_table, to_numbers
from vbhc.instruments.described import described, offered
from vbhc.instruments.instrument import HIGHER, LOWER, Scale

DIRECTIONS = {"higher": HIGHER, "lower": LOWER, HIGHER: HIGHER, LOWER: LOWER}


def answers(
    items: pd.DataFrame, scale: str = "score", low: float = 0, high: float = 100, **unused: Any
) -> pd.DataFrame:
    """Return the score as floats, missing stays NaN.

    Raises ValueError for texts and for values outside `low` to `high`.

    >>> answers(pd.DataFrame({"x": ["71.5", ""]}))["score"].tolist()
    [71.5, nan]
    """
    values, texts = to_numbers(item_table(items, ("score",), scale).iloc[:, 0])
    outside = values[~np.isnan(values) & ((values < low) | (values > high))]
    found = [*texts, *(f"{value:g}" for value in np.unique(outside))]
    if found:
        raise ValueError(f"{scale} must be {low:g}-{high:g}; found {', '.join(found[:5])}")
    return pd.DataFrame({"score": values}, index=items.index)


def score(items: pd.DataFrame, scale: str = "score", **options: Any) -> pd.DataFrame:
    """Return one column named by `scale`: the values as they were recorded.

    >>> score(pd.DataFrame({"x": [0.8]}), "utility", low=-0.6, high=1)["utility"].tolist()
    [0.8]
    """
    return answers(items, scale, **options).set_axis([scale], axis=1)


def scales(
    scale: str = "score",
    low: float | None = None,
    high: float | None = None,
    direction: str = "",
    unit: str = "points",
    label: str = "",
) -> tuple[Scale, ...]:
    """Describe the score; which end is good and how far it can go, nobody but the study can say.

    >>> scales("kccq_os", 0, 100, "higher", label="KCCQ overall summary")[0].direction
    'higher is better'
    """
    if scale != "score" and (low is None or high is None or low >= high or direction not in DIRECTIONS):
        raise ValueError(
            f"{scale}: a ready-made score needs `range: [low, high]` and `direction: higher` or `lower`"
        )
    title = label or scale.replace("_", " ")
    good = DIRECTIONS.get(direction, HIGHER)
    return (Scale(scale, title, low, high, good, unit, items=("score",), needs=1),)


READY_MADE = offered(
    described("score"), answers=answers, score=score, scales_for=scales,
    options=("scale", "low", "high", "direction", "unit", "label"),
)  # fmt: skip
