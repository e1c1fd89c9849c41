"""Intervals of a correlation that are symmetric on Fisher's z scale, the artanh of the correlation."""

import numpy as np
from scipy import stats


def around_z(r: float, half: float) -> tuple[float, float]:
    """Return the interval that reaches `half` to both sides of r on Fisher's z scale.

    >>> around_z(0.0, 0.0), [round(end, 4) for end in around_z(0.0, 1.0)]  # the tanh of 1
    ((0.0, 0.0), [-0.7616, 0.7616])
    """
    return float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half))


def fisher_interval(r: float, standard_error: float, ci_level: float) -> tuple[float, float]:
    """Return the interval that is symmetric on Fisher's z scale; at r = 1 or -1 it is that point.

    >>> [round(end, 3) for end in fisher_interval(0.0, 0.5, 0.95)]  # the tanh of 0.98
    [-0.753, 0.753]
    """
    if abs(r) >= 1:
        return r, r
    return around_z(r, stats.norm.ppf((1 + ci_level) / 2) * standard_error)


def standard_error_of_z(r: float, n: float, method: str = "bonett-wright") -> float:
    """Return the standard error of Fisher's z for a rank correlation of n pairs.

    >>> standard_error_of_z(0.9, 28, "fisher")  # 1 / root of 25
    0.2
    """
    variance = {"fisher": 1.0, "fieller": 1.06, "bonett-wright": 1 + r**2 / 2}[method]
    return float(np.sqrt(variance / (n - 3)))


def jackknife_interval(estimate: float, without_each: np.ndarray, level: float) -> tuple[float, float]:
    """Return the jackknife interval of a correlation on Fisher's z scale, with n - 1 degrees of freedom.

    >>> jackknife_interval(1.0, np.array([1.0, 1.0, 1.0]), 0.95)
    (1.0, 1.0)
    """
    n = len(without_each)
    if abs(estimate) >= 1 or np.isnan(without_each).any():
        return (estimate, estimate) if abs(estimate) >= 1 else (float("nan"), float("nan"))
    error = np.sqrt((n - 1) / n * ((without_each - without_each.mean()) ** 2).sum()) / (1 - estimate**2)
    return around_z(estimate, stats.t.ppf((1 + level) / 2, n - 1) * error)
