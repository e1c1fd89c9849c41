"""Score Likert items: a questionnaire whose answers share one scale and that has no manual of its own."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.described import described, offered
from vbhc.instruments.instrument import HIGHER, Scale
from vbhc.instruments.means import mean_of_answered, to_100


def answers(
    items: pd.DataFrame,
    scale: str = "likert",
    low: int = 1,
    high: int = 5,
    reverse: Sequence[int | str] = (),
    label: str = "",
    **unused: Any,
) -> pd.DataFrame:
    """Return the answers as floats on the caller's columns, reversed items turned round (low + high - x).

    Raises ValueError if `low` is not under `high`, two items share a name, or `reverse` names none.

    >>> answers(pd.DataFrame({"a": [1], "b": [4]}), reverse=["b"]).iloc[0].tolist()
    [1.0, 2.0]
    """
    if low >= high:
        raise ValueError(f"low must be under high; found low={low}, high={high}")
    names = [str(column) for column in items.columns]
    if len(set(names)) != len(names):
        raise ValueError("two items have the same column name")
    read = read_answers(items.set_axis(names, axis=1), names, [(low, high)] * len(names), label or scale)
    for position in _positions(names, reverse):
        read.iloc[:, position] = low + high - read.iloc[:, position]
    return read


def _positions(names: list[str], reverse: Sequence[int | str]) -> list[int]:
    """Positions of the reversed items, given as numbers from 1 or as column names."""
    found = []
    for item in reverse:
        if isinstance(item, int) and 1 <= item <= len(names):
            found.append(item - 1)
        elif str(item) in names:
            found.append(names.index(str(item)))
        else:
            raise ValueError(f"reverse: no item {item!r}; there are {len(names)}: {', '.join(names)}")
    return found


def score(
    items: pd.DataFrame,
    scale: str = "likert",
    low: int = 1,
    high: int = 5,
    min_answered: int | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Score Likert items as the mean of the given answers, stretched to 0-100.

    Parameters
    ----------
    items : DataFrame
        One column per item, whole numbers from `low` to `high`.
    scale : str
        Name of the score's column.
    min_answered : int, optional
        Answers that a score needs. All of them when left out: no answer is filled in unless you say so.
    options
        `reverse` (items worded the other way round: numbers from 1, or column names); for the dictionary,
        `direction` (which end is good) and `label` (what the score is called).

    Returns
    -------
    DataFrame
        One column, named by `scale`; NaN where too few items were answered.

    Examples
    --------
    >>> score(pd.DataFrame({"a": [2, 5], "b": [4, None]}), "care")["care"].tolist()
    [50.0, nan]
    """
    read = answers(items, scale, low, high, **options)
    needs = _needs(min_answered, read.shape[1])
    value = to_100(mean_of_answered(read, read.columns, needs), low, high)
    return pd.DataFrame({scale: value}, index=read.index)


def _needs(min_answered: int | None, n_items: int) -> int:
    if min_answered is None:
        return n_items
    if not 1 <= min_answered <= n_items:
        raise ValueError(f"min_answered must be 1-{n_items}; found {min_answered}")
    return min_answered


def scales(
    scale: str = "likert",
    min_answered: int | None = None,
    direction: str = HIGHER,
    label: str = "",
    **unused: Any,
) -> tuple[Scale, ...]:
    """Describe the one scale that the options make; the others say how answers are read.

    >>> scales("perceived_care")[0].label
    'perceived care'
    """
    title = label or scale.replace("_", " ")
    return (Scale(scale, title, 0, 100, direction, "points (0-100)", needs=min_answered or 0),)


LIKERT = offered(
    described("likert"), answers=answers, score=score, scales_for=scales,
    options=("scale", "low", "high", "reverse", "min_answered", "direction", "label"),
)  # fmt: skip
