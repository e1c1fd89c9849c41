"""Units against what was expected of them, with the limits that chance alone would keep.

A unit's estimate is its mean of observed minus expected, recentred so that all units together stand at 0. The
official rule for English PROMs is the same: |adjusted gain - England's| > z x national residual SD / sqrt(n).
"""

import numpy as np
import pandas as pd
from scipy import stats

FEWEST = 30  # modelled records below which NHS England publishes no adjusted gain
INNER, OUTER = 0.95, 0.998


def residuals(observed: pd.Series, expected: pd.Series) -> pd.Series:
    """Return observed minus expected, less its mean over all; missing where either is.

    The constant is the reason why published adjusted gains cannot be had from the published formula: official
    expectations are of an older year, recentred to each (England's mean of observed minus expected).

    >>> residuals(pd.Series([5.0, 7.0, None]), pd.Series([4.0, 4.0, 4.0])).tolist()
    [-1.0, 1.0, nan]
    """
    apart = observed.astype(float) - expected.astype(float)
    return apart - apart.mean()


def by_unit(residual: pd.Series, unit: pd.Series, fewest: int = FEWEST) -> pd.DataFrame:
    """Return one row per unit of `fewest` records or more: `unit, n, estimate, standard_error`.

    The standard error takes the spread over all records, not a unit's own: a small unit's own is itself
    mostly chance. `attrs` holds `sd`, that spread, and `n_small`, how many units are too small.
    """
    frame = pd.DataFrame({"unit": unit.astype("object"), "residual": residual.astype(float)}).dropna()
    sd = float(frame["residual"].std())
    found = frame.groupby("unit")["residual"].agg(n="size", estimate="mean").reset_index()
    large = found[found["n"] >= fewest].reset_index(drop=True)
    made = large.assign(standard_error=sd / np.sqrt(large["n"]))
    made.attrs = {"sd": sd, "n_small": int((found["n"] < fewest).sum())}
    return made


def z_scores(units: pd.DataFrame, tau: float = 0.0) -> pd.Series:
    """Return how many standard errors each unit lies from what was expected; `tau` widens every one."""
    return units["estimate"] / np.sqrt(units["standard_error"] ** 2 + tau**2)


def share_outside(units: pd.DataFrame, level: float, tau: float = 0.0) -> float:
    """Return the share of units outside the limits of a level (0-1)."""
    return float((z_scores(units, tau).abs() > quantile(level)).mean())


def quantile(level: float) -> float:
    """Return z of a two-sided level: 1.96 of 0.95, 3.09 of 0.998."""
    return float(stats.norm.ppf((1 + level) / 2))


def limits(n: np.ndarray, sd: float, level: float, tau: float = 0.0) -> np.ndarray:
    """Return how far from 0 the limits of a mean of `n` records lie.

    >>> limits(np.array([100]), 10.0, 0.95).round(2).tolist()
    [1.96]
    """
    return quantile(level) * np.sqrt(sd**2 / np.asarray(n, dtype=float) + tau**2)


def share_limits(n: np.ndarray, share: float, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of a share among `n` people where all units have the same: those of the score test.

    A share lies outside exactly where Wilson's interval of it leaves the common share out.
    """
    reach = quantile(level) * np.sqrt(share * (1 - share) / np.asarray(n, dtype=float))
    return np.clip(share - reach, 0, 1), np.clip(share + reach, 0, 1)


def event_tails(observed: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact Poisson chances of as few events, and of as many, where `expected` is right.

    A unit is outside a level where either is below half of what the level leaves. Limits that are the
    interval of a count (as some tools draw them) are not these: at 20 expected they leave .039 and .014.
    """
    fewer = stats.poisson.cdf(observed, expected)
    return fewer, stats.poisson.sf(np.asarray(observed) - 1, expected)
