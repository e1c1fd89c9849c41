"""Interval of a ratio of means whose costs are lognormal: few patients, and a tail that few of them show.

The mean of a skewed cost hangs on the dearest patients, and a small sample seldom holds them. Where the logs
of costs are normal their mean and spread tell how dear those are, and the interval reaches as far as it
should.
"""

import numpy as np
from scipy import stats

FEWEST, MOST = 20, 5_000  # fewer tell no shape; with more no shape is needed, and the test's p is not exact
LEAST_P = 0.1
CLEAR = 4.0  # standard errors of the mean outcome above zero: its log is about normal from there on


def is_lognormal(outcome: np.ndarray, cost: np.ndarray) -> bool:
    """Return whether the lognormal interval may be given: costs fit it and the mean outcome is positive.

    Costs fit where none is zero and the Shapiro-Wilk test of their logs gives p >= .1. That test misses a
    second, dearer kind of patient of whom the sample holds none. Of the outcome only the mean is used, so its
    shape is free; the mean lies at least four standard errors above zero. From 20 to 5,000 patients.

    >>> cost = np.exp(np.random.default_rng(1).normal(8, 1, 60))
    >>> is_lognormal(np.full(60, 0.7), cost), is_lognormal(np.full(60, 0.7), cost - cost.min())
    (True, False)
    """
    n = len(cost)
    if not FEWEST <= n <= MOST or not cost.min() > 0 or np.ptp(cost) == 0:
        return False
    if outcome.mean() <= CLEAR * outcome.std(ddof=1) / np.sqrt(n):
        return False
    return bool(stats.shapiro(np.log(cost)).pvalue >= LEAST_P)


def lognormal_interval(outcome: np.ndarray, cost: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of mean outcome over mean cost where costs are lognormal (see `is_lognormal`).

    Cox's estimate of the log of a lognormal mean, m + s^2 / 2, taken from the log of the mean outcome;
    variances add up (delta method), less twice the covariance of outcome and log cost; Student's t on n - 1.
    Its middle is not the ratio of the sample's means. Cox in Land 1972, Technometrics 14:145-58; Zhou & Gao
    1997, Stat Med 16:783-90.

    Coverage of 95% intervals (3,000 samples each, mean outcome at least four standard errors above zero):
    with lognormal costs of log sd 0.6 or 1.2 95% to 96% at n = 60 and 248. Of gamma costs of shape 2, which
    are not lognormal, 41% of samples of 60 pass the check and 97% of their intervals cover.
    """
    n, log_cost = len(cost), np.log(cost)
    mean, spread = outcome.mean(), log_cost.var(ddof=1)
    middle = np.log(mean) - log_cost.mean() - spread / 2
    cov = np.cov(outcome, log_cost) / n
    variance = cov[0, 0] / mean**2 + spread / n + spread**2 / (2 * (n - 1)) - 2 * cov[0, 1] / mean
    half = stats.t.ppf((1 + level) / 2, n - 1) * np.sqrt(max(variance, 0.0))
    return float(np.exp(middle - half)), float(np.exp(middle + half))
