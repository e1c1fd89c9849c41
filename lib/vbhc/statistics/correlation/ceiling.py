"""The largest rank correlation that ties, the spread of cost and the noise of the measures allow."""

import numpy as np
import pandas as pd

from vbhc.statistics.correlation.rank import spearman_rho
from vbhc.statistics.correlation.waterfall import shuffled_spearman, why_no_quota
from vbhc.statistics.samples import columns_of, complete_rows

LIMITS = ("ties in the answers", "and the spread of cost", "and reliability")


def ceiling(
    perception: pd.Series,
    outcome: pd.Series,
    cost: pd.Series,
    reliability_perception: float = 1.0,
    reliability_outcome: float = 1.0,
    n_shuffles: int = 200,
    seed: int = 1,
) -> pd.DataFrame:
    """Return how high Spearman(perception, VQ) could be if perception followed the outcome perfectly.

    Patients keep their outcomes; perception answers are handed out in order of outcome, as many of each
    answer as were given. Costs are shuffled over patients (spread kept, relations removed). So a "poor"
    correlation can be read against what arithmetic allows, rather than against 1.

    Parameters
    ----------
    perception, outcome, cost : Series
        On one index; incomplete patients, and those with an infinite value, are left out and counted.
    reliability_perception, reliability_outcome : float
        Between 0 and 1 (for instance Cronbach's alpha); the last row is multiplied by the root of their
        product (Spearman's attenuation, which holds for ranks as an approximation).
    n_shuffles, seed : int
        Of the shuffled costs.

    Returns
    -------
    DataFrame
        Rows `limit` (ties; ties and cost; ties, cost and reliability) with `estimate, n, n_missing, reason`.

    Raises
    ------
    ValueError
        If a reliability is not above 0 and up to 1, or the indexes differ.

    Examples
    --------
    Without ties and with one cost for all nothing stands in the way; reliabilities of 0.81 do.

    >>> ceiling(
    ...     pd.Series([3, 1, 2, 4]), pd.Series([1, 2, 3, 4]), pd.Series([5, 5, 5, 5]), 0.81, 0.81
    ... )["estimate"].round(2).tolist()
    [1.0, 1.0, 0.81]
    """
    for name, value in (("perception", reliability_perception), ("outcome", reliability_outcome)):
        if not 0 < value <= 1:
            raise ValueError(f"the reliability of {name} lies between 0 and 1, not {value}")
    values = columns_of(perception, outcome, cost)
    kept = values[complete_rows(values)]
    reason = why_no_quota(kept)
    limits = [np.nan] * 3 if reason else _limits(kept, n_shuffles, seed)
    if not reason:
        limits.append(limits[-1] * np.sqrt(reliability_perception * reliability_outcome))
    table = pd.DataFrame({"limit": LIMITS, "estimate": limits})
    return table.assign(n=len(kept), n_missing=len(values) - len(kept), reason=reason)


def _limits(kept: np.ndarray, n_shuffles: int, seed: int) -> list[float]:
    p, o, c = kept.T
    shuffled = np.random.default_rng(seed).permutation(
        len(o)
    )  # equal outcomes: whose answer is better is chance
    order = shuffled[np.argsort(o[shuffled], kind="stable")]
    follows = np.empty(len(p))
    follows[order] = np.sort(p)
    return [spearman_rho(follows, o), float(shuffled_spearman(follows, o, c, n_shuffles, seed).mean())]
