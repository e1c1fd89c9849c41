"""What the patients chose themselves: goals of their own, and how much each dimension counts for them."""

from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.answers import read_answers, to_numbers
from vbhc.instruments.described import described, offered
from vbhc.instruments.instrument import HIGHER, Scale
from vbhc.instruments.means import to_100

ENDS = (-2, 2)  # much worse than expected, much better
RHO = 0.3  # correlation of goals that Kiresuk & Sherman take for granted


def attained(items: pd.DataFrame, **unused: Any) -> pd.DataFrame:
    """Return how far each goal was attained, -2 to +2, on the caller's columns; a goal not set is missing.

    >>> attained(pd.DataFrame({"g1": ["1"], "g2": [""]})).iloc[0].tolist()
    [1.0, nan]
    """
    names = [str(column) for column in items.columns]
    return read_answers(items.set_axis(names, axis=1), names, [ENDS] * len(names), "goal attainment")


def t_score(
    items: pd.DataFrame,
    weights: pd.DataFrame | None = None,
    scale: str = "goals",
    rho: float = RHO,
    **unused: Any,
) -> pd.DataFrame:
    """Return the goal attainment T score: 50 + 10 sum(wx) / sqrt((1 - rho) sum(w^2) + rho sum(w)^2).

    Kiresuk & Sherman 1968, Community Ment Health J 4:443-53. 50: goals attained as expected.

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
    spread = np.sqrt((1 - rho) * (w**2).sum(axis=1) + rho * w.sum(axis=1) ** 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = 50 + 10 * (w * np.nan_to_num(x)).sum(axis=1) / spread
    return pd.DataFrame({scale: score}, index=items.index)


def rated(items: pd.DataFrame, low: float = 0, high: float = 100, **unused: Any) -> pd.DataFrame:
    """Return the dimensions as numbers from `low` to `high`, on the caller's columns; missing stays NaN.

    >>> rated(pd.DataFrame({"pain": ["71.5", ""]}))["pain"].tolist()
    [71.5, nan]
    """
    read = {str(name): to_numbers(items[name]) for name in items}
    outside = {f"{v:g}" for values, _ in read.values() for v in values if v < low or v > high}
    if wrong := [*sorted(outside), *(text for _, texts in read.values() for text in texts)]:
        raise ValueError(f"{', '.join(read)} must be {low:g}-{high:g}; found {', '.join(wrong[:5])}")
    return pd.DataFrame({name: values for name, (values, _) in read.items()}, index=items.index)


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


def scales_of(scale: str, low: float, high: float, title: str) -> Any:
    """Return how an instrument of the patients' own describes its one score."""

    def scales(scale: str = scale, label: str = "", unit: str = "points", **unused: Any) -> tuple[Scale, ...]:
        return (Scale(scale, label or title, low, high, HIGHER, unit, needs=1),)

    return scales


OPTIONS = ("scale", "weights", "label", "unit")
FARTHEST = 20 / np.sqrt(RHO)  # of a T score from 50, with ever more goals all at one end
GOALS = offered(
    described("goals"), answers=attained, score=t_score, options=(*OPTIONS, "rho"),
    scales_for=scales_of("goals", 50 - FARTHEST, 50 + FARTHEST, "Goal attainment (T score)"),
)  # fmt: skip
OWN_WEIGHTS = offered(
    described("own-weights"), answers=rated, score=weighted, options=(*OPTIONS, "low", "high", "direction"),
    scales_for=scales_of("own", 0, 100, "Score by the patients' own weights"),
)  # fmt: skip
