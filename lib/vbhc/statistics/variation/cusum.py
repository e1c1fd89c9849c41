"""Deaths, readmissions and the like, patient after patient, against each one's own risk."""

import numpy as np


def weights(event: np.ndarray, risk: np.ndarray, odds_ratio: float = 2.0) -> np.ndarray:
    """Return the log-likelihood ratio of each patient for odds `odds_ratio` times those expected.

    An event weighs log(R / (1 - p + R p)), none log(1 / (1 - p + R p)): Steiner 2000, Biostatistics 1:441.
    """
    happened, p = np.asarray(event, dtype=float), np.asarray(risk, dtype=float)
    return happened * np.log(odds_ratio) - np.log1p((odds_ratio - 1) * p)


def cusum(event: np.ndarray, risk: np.ndarray, odds_ratio: float = 2.0) -> np.ndarray:
    """Return the risk-adjusted CUSUM after each patient: weights added up, never below 0."""
    total = np.cumsum(weights(event, risk, odds_ratio))
    return total - np.minimum(np.minimum.accumulate(total), 0)


def vlad(event: np.ndarray, risk: np.ndarray) -> np.ndarray:
    """Return expected minus observed events so far: above 0 fewer happened than were expected.

    >>> vlad(np.array([0, 1]), np.array([0.25, 0.25])).tolist()
    [0.25, -0.5]
    """
    return np.cumsum(np.asarray(risk, dtype=float) - np.asarray(event, dtype=float))


def chance_peaks(risk: np.ndarray, odds_ratio: float = 2.0, runs: int = 2_000, seed: int = 1) -> np.ndarray:
    """Return the highest point of each of `runs` CUSUMs of these patients with events as expected."""
    rng, p = np.random.default_rng(seed), np.asarray(risk, dtype=float)
    now, peak = np.zeros(runs), np.zeros(runs)
    for one, drop in zip(p, np.log1p((odds_ratio - 1) * p), strict=True):
        now = np.maximum(now + (rng.random(runs) < one) * np.log(odds_ratio) - drop, 0)
        np.maximum(peak, now, out=peak)
    return peak
