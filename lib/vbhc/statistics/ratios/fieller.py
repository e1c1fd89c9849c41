"""A ratio of two means with Fieller's (1954) interval: bounded, a complement or the whole line."""

from typing import NamedTuple

import numpy as np


class Fieller(NamedTuple):
    """A Fieller interval. `kind` "complement": everything *outside* low to high; "whole line": no limits."""

    estimate: float
    low: float
    high: float
    kind: str
    g: float


def fieller(
    mean_y: float, mean_x: float, var_y: float, var_x: float, cov_xy: float, quantile: float
) -> Fieller:
    """Return the ratio mean_y / mean_x with Fieller's (1954) interval.

    The interval holds every ratio r for which mean_y - r mean_x is not significantly different from zero: the
    solutions of (mean_x^2 - q var_x) r^2 - 2 (mean_x mean_y - q cov) r + (mean_y^2 - q var_y) <= 0, q =
    quantile^2.

    Parameters
    ----------
    mean_y, mean_x : float
        Means of numerator and denominator.
    var_y, var_x, cov_xy : float
        Variances and covariance *of the means*.
    quantile : float
        Of Student's t or the normal distribution.

    Returns
    -------
    Fieller
        `kind` is "bounded" when the denominator differs from zero (g < 1), else "complement" or "whole line".

    Examples
    --------
    >>> found = fieller(4.0, 2.0, 0.0, 0.0, 0.0, 1.96)  # known exactly
    >>> found.estimate, float(found.low), float(found.high), found.kind
    (2.0, 2.0, 2.0, 'bounded')
    >>> fieller(4.0, 0.1, 0.01, 1.0, 0.0, 1.96).kind  # a denominator that may be zero
    'complement'
    """
    q = quantile**2
    a, b, c = mean_x**2 - q * var_x, mean_x * mean_y - q * cov_xy, mean_y**2 - q * var_y
    g = q * var_x / mean_x**2 if mean_x != 0 else np.inf
    estimate = mean_y / mean_x if mean_x != 0 else np.nan
    inside = b**2 - a * c
    if a > 0:
        root = np.sqrt(max(inside, 0.0))
        return Fieller(estimate, (b - root) / a, (b + root) / a, "bounded", g)
    if inside <= 0 or a == 0:
        return Fieller(estimate, np.nan, np.nan, "whole line", g)
    root = np.sqrt(inside)
    return Fieller(estimate, (b + root) / a, (b - root) / a, "complement", g)
