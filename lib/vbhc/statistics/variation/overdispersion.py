"""How far units differ beyond chance: tau, the standard deviation of their true differences."""

import numpy as np
from scipy import optimize

WINSORISED = 0.6787  # mean of squared normal z-scores of which the outer tenths are pulled in to the 10th


def tau_dersimonian_laird(estimate: np.ndarray, error: np.ndarray) -> float:
    """Return tau by moments (DerSimonian & Laird 1986, Control Clin Trials 7:177); 0 where chance suffices.

    >>> round(tau_dersimonian_laird(np.array([-1.0, 1.0]), np.array([0.1, 0.1])), 3)
    1.411
    """
    if len(estimate) < 2:
        return 0.0
    weight = 1 / np.asarray(error, dtype=float) ** 2
    apart = estimate - np.average(estimate, weights=weight)
    return _moment(float((weight * apart**2).sum()), weight, len(weight))


def tau_winsorised(estimate: np.ndarray, error: np.ndarray, share: float = 0.1) -> float:
    """Return tau from z-scores of which a tenth at each end is pulled in (Spiegelhalter 2005,
    Stat Med 24:1185).

    The outer units then do not widen their own limits. Pulled-in scores vary less than 1 by chance alone, so
    their mean square is divided by what it would be (0.6787 for a tenth); without that tau is too small.
    """
    z = np.asarray(estimate) / np.asarray(error)
    inside = np.clip(z, *np.quantile(z, [share, 1 - share]))
    expected = WINSORISED if share == 0.1 else _expected(share)
    return _moment(float((inside**2).sum() / expected), 1 / np.asarray(error, dtype=float) ** 2, len(z))


def _expected(share: float) -> float:
    from scipy.stats import norm

    edge = norm.ppf(1 - share)
    return float(1 - 2 * share - 2 * edge * norm.pdf(edge) + 2 * share * edge**2)


def _moment(q: float, weight: np.ndarray, units: int) -> float:
    room = weight.sum() - (weight**2).sum() / weight.sum()
    return float(np.sqrt(max((q - (units - 1)) / room, 0))) if room > 0 else 0.0


def tau_paule_mandel(estimate: np.ndarray, error: np.ndarray) -> float:
    """Return the tau at which the units' weighted squares add up to their degrees of freedom (1982)."""

    def left(tau2: float) -> float:
        weight = 1 / (np.asarray(error, dtype=float) ** 2 + tau2)
        return (
            float((weight * (estimate - np.average(estimate, weights=weight)) ** 2).sum()) - len(weight) + 1
        )

    if len(estimate) < 2 or left(0.0) <= 0:
        return 0.0
    return float(np.sqrt(optimize.brentq(left, 0.0, 100 * np.var(estimate) + 1)))


TAUS = {
    "random-effects": tau_dersimonian_laird,
    "paule-mandel": tau_paule_mandel,
    "winsorised": tau_winsorised,
    "none": lambda estimate, error: 0.0,
}
