"""A cohort that moves between states year by year: how many are where, and draws of uncertain parameters."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats


def trace(transitions: ArrayLike, start: ArrayLike, cycles: int) -> np.ndarray:
    """Return who is in which state at the start and after each cycle.

    Parameters
    ----------
    transitions : array, (..., states, states)
        Chances to go from a state (row) to another; leading axes are draws of a probabilistic model.
    start : array, (..., states)
    cycles : int

    Returns
    -------
    array, (cycles + 1, ..., states)

    Raises
    ------
    ValueError
        Where the chances of a row are negative or do not sum to 1.

    Notes
    -----
    Sonnenberg and Beck 1993 (doi 10.1177/0272989X9301300409).
    """
    p = np.asarray(transitions, float)
    if (p < -1e-12).any() or not np.allclose(p.sum(axis=-1), 1):
        raise ValueError("every row of transitions must hold chances that sum to 1")
    at = [np.broadcast_to(np.asarray(start, float), p.shape[:-1]).copy()]
    for _ in range(cycles):
        at.append(np.einsum("...i,...ij->...j", at[-1], p))
    return np.stack(at)


def time_in_states(path: np.ndarray) -> np.ndarray:
    """Return the cycles lived in each state during each cycle, as if on average people moved halfway."""
    return (path[:-1] + path[1:]) / 2


def chance(rate: ArrayLike) -> np.ndarray:
    """Return the chance of an event within a year at a constant rate per person-year."""
    return -np.expm1(-np.asarray(rate, float))


def discount(cycles: int, rate: float) -> np.ndarray:
    """Return what an amount in the middle of each yearly cycle counts for today."""
    return (1 + rate) ** -(np.arange(cycles) + 0.5)


def drawn(parameters: pd.DataFrame, n: int, seed: int) -> dict[str, np.ndarray]:
    """Return every parameter's value and then `n` draws; one without a range, or "fixed", keeps its value.

    Parameters
    ----------
    parameters : DataFrame
        `name, value, low, high, kind`; low and high are the ends of a 95 % range. A "ratio" is drawn
        lognormal, a "share" beta, a "rate" and a "cost" gamma, with mean (of a ratio the median) the value.
    """
    rng = np.random.default_rng(seed)
    rows = parameters.to_dict("records")
    return {row["name"]: np.append(float(row["value"]), _one(row, n, rng)) for row in rows}


def _one(row: dict[Any, Any], n: int, rng: np.random.Generator) -> np.ndarray:
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    if row["kind"] == "fixed" or not high > low or value <= 0:
        return np.full(n, value)
    wide = 2 * stats.norm.ppf(0.975)
    if row["kind"] == "ratio":
        return value * np.exp(rng.standard_normal(n) * np.log(high / low) / wide)
    spread = (high - low) / wide
    if row["kind"] == "share":
        k = value * (1 - value) / spread**2 - 1
        return rng.beta(value * k, (1 - value) * k, n)
    return rng.gamma((value / spread) ** 2, spread**2 / value, n)
