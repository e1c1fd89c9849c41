"""The two steps that most scales share: rescale answers, and average those that were given."""

from collections.abc import Sequence

import numpy as np
import pandas as pd


def mean_of_answered(answers: pd.DataFrame, items: Sequence[str], needs: int) -> np.ndarray:
    """Mean of the given answers per row; NaN where fewer than `needs` of the items were answered.

    >>> two = pd.DataFrame({"a": [1.0, None], "b": [3.0, 4.0]})
    >>> mean_of_answered(two, ["a", "b"], 1).tolist(), mean_of_answered(two, ["a", "b"], 2).tolist()
    ([2.0, 4.0], [2.0, nan])
    """
    block = answers[list(items)].to_numpy(dtype=np.float64)
    count = (~np.isnan(block)).sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean = np.nansum(block, axis=1) / np.maximum(count, 1)
    return np.where(count >= max(needs, 1), mean, np.nan)


def to_100(value: np.ndarray, low: float, high: float) -> np.ndarray:
    """Stretch a value from low-high to 0-100.

    >>> to_100(np.array([1.0, 3.0, 5.0]), 1, 5).tolist()
    [0.0, 50.0, 100.0]
    """
    return 100 * (value - low) / (high - low)
