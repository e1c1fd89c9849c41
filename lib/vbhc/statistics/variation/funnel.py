"""Units against what was expected of them: the limits that chance keeps, and tau, how far they truly differ.

A unit's estimate is its mean of observed minus expected, recentred so that all units together stand at 0. The
official rule for English PROMs is the same: |adjusted gain - England's| > z x national residual SD / sqrt(n).
"""

import numpy as np
import pandas as pd
from scipy import optimize, stats

FEWEST = 30  # modelled records below which NHS England publishes no adjusted gain
WINSORISED = 0.6787  # mean of squared normal z-scores of which the outer tenths are pulled in to the 10th


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


def around(estimate: pd.Series, error: pd.Series, level: float) -> dict[str, pd.Series]:
    """Return the ends of the interval of estimates with normal errors: `low, high`."""
    reach = quantile(level) * error
    return {"low": estimate - reach, "high": estimate + reach}


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


def tau_dersimonian_laird(estimate: np.ndarray, error: np.ndarray) -> float:
    """Return tau by moments (DerSimonian & Laird 1986, Control Clin Trials 7:177); 0 where chance suffices.

    >>> round(tau_dersimonian_laird(np.array([-1.0, 1.0]), np.array([0.1, 0.1])), 3)
    1.411
    """
    return _by_moments(_cochran(0.0, estimate, error), error) if _told_apart(error) else 0.0


def tau_winsorised(estimate: np.ndarray, error: np.ndarray) -> float:
    """Return tau from z-scores of which a tenth at each end is pulled in (Spiegelhalter 2005,
    Stat Med 24:1185).

    The outer units then do not widen their own limits. Pulled-in scores vary less than 1 by chance alone, so
    their mean square is divided by what it would be; without that tau is too small.
    """
    if not _told_apart(error):
        return 0.0
    z = np.asarray(estimate) / np.asarray(error)
    inside = np.clip(z, *np.quantile(z, [0.1, 0.9]))
    return _by_moments(float((inside**2).sum() / WINSORISED), error)


def tau_paule_mandel(estimate: np.ndarray, error: np.ndarray) -> float:
    """Return the tau at which the units' weighted squares add up to their degrees of freedom (1982)."""
    return _tau_at(len(estimate) - 1, estimate, error) if _told_apart(error) else 0.0


def tau_interval(estimate: np.ndarray, error: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of tau by Q-profiling (Viechtbauer 2007, Stat Med 26:37); NaN where none is known.

    Its ends are where the weighted squares reach the outer points of chi-squared; it holds tau however it
    was estimated.
    """
    if not _told_apart(error):
        return float("nan"), float("nan")
    ends = stats.chi2.ppf([(1 + level) / 2, (1 - level) / 2], len(estimate) - 1)
    low, high = (_tau_at(end, estimate, error) for end in ends)
    return low, high


def _told_apart(error: np.ndarray) -> bool:
    """Whether there are two units or more, and records that differ: without spread there is no chance."""
    return len(error) > 1 and bool((np.asarray(error) > 0).all())


def _cochran(tau2: float, estimate: np.ndarray, error: np.ndarray) -> float:
    """Return the weighted squares of units whose true differences have the variance `tau2`."""
    weight = 1 / (np.asarray(error, dtype=float) ** 2 + tau2)
    return float((weight * (estimate - np.average(estimate, weights=weight)) ** 2).sum())


def _by_moments(q: float, error: np.ndarray) -> float:
    weight = 1 / np.asarray(error, dtype=float) ** 2
    room = weight.sum() - (weight**2).sum() / weight.sum()
    return float(np.sqrt(max((q - (len(weight) - 1)) / room, 0)))


def _tau_at(q: float, estimate: np.ndarray, error: np.ndarray) -> float:
    """Return the tau at which the weighted squares come down to `q`; 0 where they lie below it already."""
    if _cochran(0.0, estimate, error) <= q:
        return 0.0
    most = len(estimate) * float(np.var(estimate)) / q  # squares over tau2 alone: no larger tau can be it
    return float(np.sqrt(optimize.brentq(lambda tau2: _cochran(tau2, estimate, error) - q, 0.0, most)))


TAUS = {
    "random-effects": tau_dersimonian_laird,
    "paule-mandel": tau_paule_mandel,
    "winsorised": tau_winsorised,
    "none": lambda estimate, error: 0.0,
}
