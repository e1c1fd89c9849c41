"""Is an association too small to matter? Two one-sided tests against a margin fixed before the data.

p > .05 says only that zero has not been ruled out; "poor association" is a claim of smallness and needs this.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from vbhc.statistics.correlation.rank import fisher_interval, standard_error_of_z
from vbhc.statistics.words import plural

VERDICTS = ("smaller than the margin", "larger than the margin", "undecided")


def equivalence(
    r: float, n: int, margin: float, alpha: float = 0.05, method: str = "bonett-wright"
) -> pd.DataFrame:
    """Test whether a correlation lies between -margin and +margin (TOST on Fisher's z), as one row.

    Parameters
    ----------
    r, n : float, int
        The correlation and the number of complete pairs.
    margin : float
        Largest correlation still called negligible, between 0 and 1; from study.yml, chosen before the data.
    alpha : float
        Size of each one-sided test; the matching interval has level 1 - 2 alpha.
    method : str
        Standard error: "bonett-wright" (for Spearman's rho), "fisher" (Pearson's r) or "fieller".

    Returns
    -------
    DataFrame
        One row: `estimate, margin, ci_low, ci_high, ci_level, z_lower, z_upper, p_lower, p_upper, p_val,
        verdict, n, smallest_margin, method, reason`. `verdict` is "smaller than the margin" (both tests
        reject), "larger than the margin" (the interval lies outside on one side) or "undecided".
        `smallest_margin` is the smallest margin that these data could have met.

    Raises
    ------
    ValueError
        If the margin is not between 0 and 1.
    """
    if not 0 < margin < 1:
        raise ValueError(f"the equivalence margin of a correlation lies between 0 and 1, not {margin}")
    if np.isnan(r) or n <= 3:
        return _row(
            r,
            n,
            margin,
            alpha,
            method,
            reason=f"{plural(n, 'patient', 'patients')} with both values cannot show smallness.",
        )
    error = standard_error_of_z(r, n, method)
    centre = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
    z_lower, z_upper = ((centre + side * np.arctanh(margin)) / error for side in (1, -1))
    low, high = fisher_interval(r, error, 1 - 2 * alpha)
    return _row(r, n, margin, alpha, method, low, high, float(z_lower), float(z_upper))


def _row(
    r: float,
    n: int,
    margin: float,
    alpha: float,
    method: str,
    low: float = np.nan,
    high: float = np.nan,
    z_lower: float = np.nan,
    z_upper: float = np.nan,
    reason: str = "",
) -> pd.DataFrame:
    p_lower, p_upper = stats.norm.sf(z_lower), stats.norm.cdf(z_upper)
    return pd.DataFrame(
        {
            "estimate": [r],
            "margin": [margin],
            "ci_low": [low],
            "ci_high": [high],
            "ci_level": [1 - 2 * alpha],
            "z_lower": [z_lower],
            "z_upper": [z_upper],
            "p_lower": [p_lower],
            "p_upper": [p_upper],
            "p_val": [max(p_lower, p_upper)],
            "verdict": ["undecided" if reason else verdict(low, high, margin)],
            "n": [n],
            "smallest_margin": [max(abs(low), abs(high))],
            "method": [method],
            "reason": [reason],
        }
    )


def verdict(low: float, high: float, margin: float) -> str:
    """Return what an interval of level 1 - 2 alpha says about a margin; touching it is undecided."""
    if -margin < low and high < margin:
        return VERDICTS[0]
    if low > margin or high < -margin:
        return VERDICTS[1]
    return VERDICTS[2]


def equivalence_power(n: int, margin: float, rho: float = 0.0, alpha: float = 0.05) -> float:
    """Return the chance that n pairs show |correlation| < margin when it is truly `rho`."""
    if n <= 3:
        return 0.0
    error = standard_error_of_z(rho, n, "bonett-wright")
    critical = stats.norm.ppf(1 - alpha)
    upper = (np.arctanh(margin) - np.arctanh(rho)) / error - critical
    lower = -(np.arctanh(margin) + np.arctanh(rho)) / error + critical
    return float(max(0.0, stats.norm.cdf(upper) - stats.norm.cdf(lower)))


def equivalence_size(margin: float, power: float = 0.80, rho: float = 0.0, alpha: float = 0.05) -> int:
    """Return how many pairs show |correlation| < margin with this power when it is truly `rho`; 4 at least.

    Raises
    ------
    ValueError
        If the true correlation is not inside the margin: no number of patients would then show it.
    """
    if abs(rho) >= margin:
        raise ValueError(f"a true correlation of {rho} is not smaller than the margin {margin}")
    n = 4
    if equivalence_power(n, margin, rho, alpha) >= power:
        return n
    while equivalence_power(n, margin, rho, alpha) < power:
        n *= 2
    return int(
        np.ceil(
            optimize.brentq(lambda m: equivalence_power(m, margin, rho, alpha) - power, max(4, n / 2 - 1), n)
        )
    )


def what_n_could_show(
    n: int, margins: tuple[float, ...] = (0.1, 0.2, 0.3), power: float = 0.80, alpha: float = 0.05
) -> pd.DataFrame:
    """Return, per margin, the power that n pairs give to show smallness, and the n that takes."""
    return pd.DataFrame(
        {
            "margin": list(margins),
            "n": n,
            "power": [equivalence_power(n, margin, alpha=alpha) for margin in margins],
            "n_needed": [equivalence_size(margin, power, alpha=alpha) for margin in margins],
            "power_wanted": power,
        }
    )
