"""Agreement on graded ratings: a near miss is not a full disagreement. Weighted alpha and Gwet's AC2."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from vbhc.statistics.agreement.resampled import resampled_table

WEIGHTS = ("identity", "ordinal", "linear", "quadratic")


def agreement_weights(values: Sequence[float], kind: str = "quadratic") -> np.ndarray:
    """Return the weights of Gwet 2014 (table 3.x): 1 on the diagonal, less the further apart two ratings are.

    Parameters
    ----------
    values : sequence of numbers
        The categories, ascending; for "ordinal" only their order counts.
    kind : "identity", "ordinal", "linear" or "quadratic"

    Raises
    ------
    ValueError
        For unknown weights, and for categories that do not ascend.

    Examples
    --------
    >>> agreement_weights([1, 2, 3]).tolist()
    [[1.0, 0.75, 0.0], [0.75, 1.0, 0.75], [0.0, 0.75, 1.0]]
    """
    if kind not in WEIGHTS:
        raise ValueError(f"unknown weights {kind!r}; known: {', '.join(WEIGHTS)}")
    numbers = np.asarray(values, dtype=float)
    if (np.diff(numbers) <= 0).any():
        raise ValueError("categories must ascend")
    gap = np.abs(numbers[:, None] - numbers[None, :])
    if kind == "identity" or len(numbers) < 2:
        return np.eye(len(numbers))
    if kind == "ordinal":
        steps = np.abs(np.subtract.outer(np.arange(len(numbers)), np.arange(len(numbers))))
        pairs = steps * (steps + 1) / 2  # ways to choose two categories from those between, ends included
        return 1 - pairs / pairs.max()
    return 1 - (gap / gap.max()) ** (2 if kind == "quadratic" else 1)


def weighted_agreement(
    ratings: pd.DataFrame,
    categories: Sequence[float] | None = None,
    weights: str = "quadratic",
    *,
    ci_level: float = 0.95,
    n_resamples: int = 2_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return weighted percent agreement, Krippendorff's alpha and Gwet's AC2.

    Parameters
    ----------
    ratings : DataFrame
        Units x coders of numbers; NaN where a coder did not rate.
    categories : sequence of numbers, optional
        All ratings that could be given; default those that were. AC2 depends on them.
    weights : str
        "identity" gives the nominal alpha and AC1, "quadratic" the interval alpha. The "ordinal" alpha here
        uses Gwet's ordinal weights, not Krippendorff's ordinal metric (which depends on the ratings made).
    ci_level, n_resamples, seed
        Percentile interval from resampled units.

    Returns
    -------
    DataFrame
        `statistic, estimate, ci_low, ci_high, n, n_missing, method`. NaN where undefined: alpha where
        everybody always says the same.

    Raises
    ------
    ValueError
        For a rating that is none of the categories.

    References
    ----------
    Gwet 2014, Handbook of Inter-Rater Reliability, ch. 3-5; Krippendorff 2011.

    Examples
    --------
    >>> same = pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]})
    >>> weighted_agreement(same, n_resamples=10)["estimate"].tolist()
    [1.0, 1.0, 1.0]
    """
    values = ratings.to_numpy(dtype=float)
    known = sorted(set(categories) if categories is not None else set(values[~np.isnan(values)]))
    weight = agreement_weights(known, weights)
    counts = np.stack([(values == c).sum(axis=1) for c in known], axis=1).astype(float)
    rated = counts.sum(axis=1)
    unknown = (~np.isnan(values)).sum(axis=1) != rated
    if unknown.any():
        row = values[unknown.argmax()]
        raise ValueError(f"rating {row[~np.isnan(row)][0]:g} or another is none of {known}")
    return resampled_table(
        partial(_coefficients, counts, rated, weight), rated, f"{weights} weights, bootstrap of units",
        ci_level=ci_level, n_resamples=n_resamples, seed=seed,
    )  # fmt: skip


def _coefficients(
    counts: np.ndarray, rated: np.ndarray, weight: np.ndarray, times: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the coefficients for every row of unit multiplicities."""
    q = counts.shape[1]
    paired = (rated >= 2).astype(float)
    m = np.where(rated >= 2, rated, 2)
    agree = (counts * (counts @ weight - 1)).sum(axis=1) / (m * (m - 1)) * paired
    share = counts / np.maximum(rated, 1)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = times @ agree / (times @ paired)
        pi = times @ share / (times @ (rated > 0))[:, None]
        chance = weight.sum() / (q * (q - 1)) * (pi * (1 - pi)).sum(axis=1) if q > 1 else np.nan
        kept = counts * paired[:, None]
        totals = times @ kept
        n = totals.sum(axis=1)
        apart = 1 - weight
        differ = times @ ((kept * (kept @ apart)).sum(axis=1) / (m - 1))
        expected = (totals * (totals @ apart)).sum(axis=1)
        alpha = np.where(expected > 1e-12, 1 - (n - 1) * differ / expected, np.nan)
        return {"percent": observed, "alpha": alpha, "ac2": (observed - chance) / (1 - chance)}
