"""What has no manual: Likert items, a score formed before, patients' own goals and their own weights."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.answers import item_table, mean_of_answered, read_answers, to_100, to_numbers
from vbhc.instruments.instrument import HIGHER, LOWER, Scale, described

DIRECTIONS = {"higher": HIGHER, "lower": LOWER, HIGHER: HIGHER, LOWER: LOWER}
ENDS = (-2, 2)  # of a goal: much worse than expected, much better
RHO = 0.3  # correlation of goals that Kiresuk & Sherman take for granted


def likert_answers(
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

    >>> likert_answers(pd.DataFrame({"a": [1], "b": [4]}), reverse=["b"]).iloc[0].tolist()
    [1.0, 2.0]
    """
    if low >= high:
        raise ValueError(f"low must be under high; found low={low}, high={high}")
    names = [str(column) for column in items.columns]
    if len(set(names)) != len(names):
        raise ValueError("two items have the same column name")
    read = read_answers(items.set_axis(names, axis=1), names, [(low, high)] * len(names), label or scale)
    numbered: dict[Any, str] = dict(enumerate(names, 1))
    for item in reverse:  # numbers from 1, or column names
        name = numbered.get(item, str(item))
        if name not in names:
            raise ValueError(f"reverse: no item {item!r}; there are {len(names)}: {', '.join(names)}")
        read[name] = low + high - read[name]
    return read


def likert_score(
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
    >>> likert_score(pd.DataFrame({"a": [2, 5], "b": [4, None]}), "care")["care"].tolist()
    [50.0, nan]
    """
    read = likert_answers(items, scale, low, high, **options)
    needs = read.shape[1] if min_answered is None else min_answered
    if not 1 <= needs <= read.shape[1]:
        raise ValueError(f"min_answered must be 1-{read.shape[1]}; found {needs}")
    value = to_100(mean_of_answered(read, read.columns, needs), low, high)
    return pd.DataFrame({scale: value}, index=read.index)


def likert_scales(
    scale: str = "likert", min_answered: int | None = None, direction: str = HIGHER, label: str = "", **_: Any
) -> tuple[Scale, ...]:
    """Describe the one scale that the options make; the others say how answers are read.

    >>> likert_scales("perceived_care")[0].label
    'perceived care'
    """
    title = label or scale.replace("_", " ")
    return (Scale(scale, title, 0, 100, direction, "points (0-100)", needs=min_answered or 0),)


def attained(items: pd.DataFrame, **unused: Any) -> pd.DataFrame:
    """Return how far each goal was attained, -2 to +2, on the caller's columns; a goal not set is missing.

    >>> attained(pd.DataFrame({"g1": ["1"], "g2": [""]})).iloc[0].tolist()
    [1.0, nan]
    """
    names = [str(column) for column in items.columns]
    return read_answers(items.set_axis(names, axis=1), names, [ENDS] * len(names), "goal attainment")


def t_score(
    items: pd.DataFrame, weights: pd.DataFrame | None = None, scale: str = "goals", **unused: Any
) -> pd.DataFrame:
    """Return the goal attainment T score: 50 + 10 sum(wx) / sqrt((1 - rho) sum(w^2) + rho sum(w)^2).

    rho is 0.3: Kiresuk & Sherman 1968, Community Ment Health J 4:443-53. 50: goals attained as expected.

    Parameters
    ----------
    items : DataFrame
        One column per goal, -2 to +2; missing where a patient set fewer goals.
    weights : DataFrame, optional
        In the order of the goals, how much each counts for the patient (above 0); all alike when left out.

    Returns
    -------
    DataFrame
        One column named by `scale`; NaN for a patient without a goal, or with a goal that has no weight.

    >>> t_score(pd.DataFrame({"g1": [0, 1], "g2": [0, 1], "g3": [0, 1]}))["goals"].round(1).tolist()
    [50.0, 63.7]
    """
    x = attained(items).to_numpy()
    w = np.where(np.isnan(x), 0, _weights(items, weights))
    spread = np.sqrt((1 - RHO) * (w**2).sum(axis=1) + RHO * w.sum(axis=1) ** 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = 50 + 10 * (w * np.nan_to_num(x)).sum(axis=1) / spread
    return pd.DataFrame({scale: score}, index=items.index)


def rated(items: pd.DataFrame, low: float = 0, high: float = 100, name: str = "", **_: Any) -> pd.DataFrame:
    """Return numbers from `low` to `high`, on the caller's columns; missing stays NaN.

    Raises ValueError for texts and for values outside, said of `name` (the columns when left out).

    >>> rated(pd.DataFrame({"pain": ["71.5", ""]}))["pain"].tolist()
    [71.5, nan]
    """
    read = {str(column): to_numbers(items[column]) for column in items}
    outside = sorted({f"{v:g}" for values, _ in read.values() for v in values if v < low or v > high})
    if wrong := [*(text for _, texts in read.values() for text in texts), *outside]:
        raise ValueError(f"{name or ', '.join(read)} must be {low:g}-{high:g}; found {', '.join(wrong[:5])}")
    return pd.DataFrame({column: values for column, (values, _) in read.items()}, index=items.index)


def _weights(items: pd.DataFrame, weights: pd.DataFrame | None) -> np.ndarray:
    """Return the weights as floats; all 1 where none are given."""
    return np.ones(items.shape) if weights is None else rated(weights, 0, np.inf).to_numpy()


def weighted(
    items: pd.DataFrame, weights: pd.DataFrame | None = None, scale: str = "own", **options: Any
) -> pd.DataFrame:
    """Return the mean over dimensions as each patient weighs them, 0 to 100, more is better.

    sum(wx) / sum(w), as in SEIQoL-DW (Hickey 1996, BMJ 313:29-33). With `direction="lower"` the dimensions
    are turned. NaN where a dimension that weighs anything is missing, or nothing weighs.

    >>> two, w = pd.DataFrame({"pain": [20.0], "walking": [80.0]}), pd.DataFrame({"a": [3], "b": [1]})
    >>> weighted(two, w)["own"].tolist()  # (3 x 20 + 1 x 80) / 4
    [35.0]
    """
    low, high = options.get("low", 0), options.get("high", 100)
    ends = (high, low) if str(options.get("direction")).startswith("lower") else (low, high)
    share, w = to_100(rated(items, low, high).to_numpy(), *ends), _weights(items, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.where(w == 0, 0, w * share).sum(axis=1) / w.sum(axis=1)
    return pd.DataFrame({scale: score}, index=items.index)


def scales_of(scale: str, low: float, high: float, title: str) -> Callable[..., tuple[Scale, ...]]:
    """Return how an instrument of the patients' own describes its one score."""

    def scales(scale: str = scale, label: str = "", unit: str = "points", **unused: Any) -> tuple[Scale, ...]:
        return (Scale(scale, label or title, low, high, HIGHER, unit, needs=1),)

    return scales


def ready_answers(items: pd.DataFrame, scale: str = "score", **options: Any) -> pd.DataFrame:
    """Return a score that somebody formed before (a total, a utility, days), as floats in the column `score`.

    >>> ready_answers(pd.DataFrame({"x": ["71.5", ""]}))["score"].tolist()
    [71.5, nan]
    """
    ends = {end: options[end] for end in ("low", "high") if end in options}
    return rated(item_table(items, ("score",), scale), name=scale, **ends)


def ready_score(items: pd.DataFrame, scale: str = "score", **options: Any) -> pd.DataFrame:
    """Return one column named by `scale`: the values as they were recorded.

    >>> ready_score(pd.DataFrame({"x": [0.8]}), "utility", low=-0.6, high=1)["utility"].tolist()
    [0.8]
    """
    return ready_answers(items, scale, **options).set_axis([scale], axis=1)


def ready_scales(
    scale: str = "score",
    low: float | None = None,
    high: float | None = None,
    direction: str = "",
    unit: str = "points",
    label: str = "",
) -> tuple[Scale, ...]:
    """Describe the score; which end is good and how far it can go, nobody but the study can say.

    >>> ready_scales("kccq_os", 0, 100, "higher", label="KCCQ overall summary")[0].direction
    'higher is better'
    """
    if scale != "score" and (low is None or high is None or low >= high or direction not in DIRECTIONS):
        needed = "`range: [low, high]` and `direction: higher` or `lower`"
        raise ValueError(f"{scale}: a ready-made score needs {needed}")
    title = label or scale.replace("_", " ")
    good = DIRECTIONS.get(direction, HIGHER)
    return (Scale(scale, title, low, high, good, unit, items=("score",), needs=1),)


LIKERT = described("likert")._replace(
    answers=likert_answers, score=likert_score, scales_for=likert_scales,
    options=("scale", "low", "high", "reverse", "min_answered", "direction", "label"),
)  # fmt: skip
READY_MADE = described("score")._replace(
    answers=ready_answers, score=ready_score, scales_for=ready_scales,
    options=("scale", "low", "high", "direction", "unit", "label"),
)  # fmt: skip
OPTIONS = ("scale", "weights", "label", "unit")
FARTHEST = 20 / np.sqrt(RHO)  # of a T score from 50, with ever more goals all at one end
GOALS = described("goals")._replace(
    answers=attained, score=t_score, options=OPTIONS,
    scales_for=scales_of("goals", 50 - FARTHEST, 50 + FARTHEST, "Goal attainment (T score)"),
)  # fmt: skip
OWN_WEIGHTS = described("own-weights")._replace(
    answers=rated, score=weighted, options=(*OPTIONS, "low", "high", "direction"),
    scales_for=scales_of("own", 0, 100, "Score by the patients' own weights"),
)  # fmt: skip
