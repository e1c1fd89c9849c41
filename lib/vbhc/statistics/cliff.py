"""How often one group answers higher than another: Cliff's delta, with an interval for small groups."""

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.statistics.tables2x2 import wilson

# What `make simulate` finds; see `cliffs_delta`.
CLIFF_NOTE = (
    "Interval of Cliff's delta: on the logit scale, with Brunner and Munzel's degrees of freedom; simulated, "
    "95% intervals cover 93% to 99% in groups of 5 to 50."
)


def cliffs_delta(first: pd.Series, second: pd.Series, ci_level: float = 0.95) -> pd.DataFrame:
    """Return Cliff's delta, P(first > second) - P(first < second), with an interval on the logit scale.

    Returns
    -------
    DataFrame
        One row: `estimate, low, high, n_first, n_second, method`. The interval is missing with fewer
        than two answers in a group; where all pairs point one way it is the point 1 or -1 widened by
        Wilson's limit for a share of the smaller group.

    Notes
    -----
    The logit of theta = (1 + delta) / 2, the chance that the first answers higher, is twice the artanh of
    delta; its error comes from DeLong's variance of the placements, not less than (1 - delta^2) / (mn - 1)
    (Cliff 1996), with Student's t on Brunner and Munzel's degrees of freedom. Perme & Manevski (2019) find
    this variance on the logit scale the most reliable of those published.

    On five answers, true delta 0 to 0.8, spreads alike or not, groups of 5 to 50 people, 93% to 99% of 95%
    intervals held the truth (1,000 to 3,000 simulated samples of each of 30 settings). Cliff's asymmetric
    limits held it in 88% to 96% (91% at 12 and 8 people, delta 0.62); Newcombe's (2006) method 5 in 97%
    there, but in 81% where the smaller group is the more varied.

    References
    ----------
    Cliff 1996, Multivariate Behav Res 31:331-50; DeLong et al. 1988, Biometrics 44:837-45; Brunner & Munzel
    2000, Biom J 42:17-25; Perme & Manevski 2019, Stat Methods Med Res 28:3755-68.

    Examples
    --------
    By hand: of nine pairs the first is higher in four and lower in three.

    >>> cliffs_delta(pd.Series([1, 2, 3]), pd.Series([1, 1, 4])).loc[0, "estimate"].round(3).item()
    0.111
    """
    x, y = (np.asarray(side.dropna(), dtype=float) for side in (first, second))
    m, n = len(x), len(y)
    signs = np.sign(x[:, None] - y[None, :])
    d = signs.mean() if m and n else np.nan
    low = high = np.nan
    if min(m, n) > 1 and abs(d) == 1:
        edge = 2 * wilson(min(m, n), min(m, n), ci_level)[0] - 1
        low, high = (edge, 1.0) if d > 0 else (-1.0, -edge)
    elif min(m, n) > 1:
        error, freedom = _placements(signs)
        half = stats.t.ppf((1 + ci_level) / 2, freedom) * error / (1 - d**2)
        low, high = np.tanh(np.arctanh(d) - half), np.tanh(np.arctanh(d) + half)
    row = {"estimate": d, "low": low, "high": high, "n_first": m, "n_second": n}
    return pd.DataFrame([row | {"method": "Cliff's delta"}])


def _placements(signs: np.ndarray) -> tuple[float, float]:
    """Return the standard error of the mean sign over all pairs, and its degrees of freedom."""
    m, n = signs.shape
    parts = signs.mean(axis=1).var(ddof=1) / m, signs.mean(axis=0).var(ddof=1) / n
    least = (1 - signs.mean() ** 2) / (m * n - 1)
    below = parts[0] ** 2 / (m - 1) + parts[1] ** 2 / (n - 1)
    freedom = sum(parts) ** 2 / below if below > 0 else m + n - 2
    return float(np.sqrt(max(sum(parts), least))), float(freedom)
