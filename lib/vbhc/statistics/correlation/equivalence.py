"""Is an association too small to matter? Two one-sided tests against a margin fixed before the data.

p > .05 says only that zero has not been ruled out; "poor association" is a claim of smallness and needs this.
"""

import numpy as np
import pandas as pd
from scipy import optimize, stats

from vbhc.statistics.correlation.rank import fisher_interval, standard_error_of_z

ALPHA = 0.05  # size of each one-sided test; the matching interval has level 1 - 2 alpha
POWER = 0.80


def equivalence(r: float, n: int, margin: float) -> pd.DataFrame:
    """Test whether a rank correlation lies between -margin and +margin (TOST on Fisher's z), as one row.

    Parameters
    ----------
    r, n : float, int
        The correlation and the number of complete pairs.
    margin : float
        Largest correlation still called negligible, between 0 and 1; from study.yml, chosen before the data.

    Returns
    -------
    DataFrame
        One row: `estimate, margin, low, high` (90%), `ci_level, p` (the larger of both tests), `n, reason`.
        Smaller than the margin is a correlation whose interval lies within it: then both tests reject.

    Raises
    ------
    ValueError
        If the margin is not between 0 and 1.

    Examples
    --------
    >>> [bool(equivalence(r, 400, 0.2).loc[0, "p"] < 0.05) for r in (0.0, 0.2, 0.5)]
    [True, False, False]
    """
    if not 0 < margin < 1:
        raise ValueError(f"the equivalence margin of a correlation lies between 0 and 1, not {margin}")
    low = high = p = np.nan
    reason, level = "", 1 - 2 * ALPHA
    if np.isnan(r) or n <= 3:
        reason = f"{n:,} patient{'' if n == 1 else 's'} with both values cannot show smallness."
    else:
        error = standard_error_of_z(r, n)
        centre = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
        above_lower, above_upper = ((centre + side * np.arctanh(margin)) / error for side in (1, -1))
        p = max(stats.norm.sf(above_lower), stats.norm.cdf(above_upper))
        low, high = fisher_interval(r, error, level)
    row = {"estimate": r, "margin": margin, "low": low, "high": high, "ci_level": level, "p": p}
    return pd.DataFrame([row | {"n": n, "reason": reason}])


def equivalence_power(n: float, margin: float) -> float:
    """Return the chance that n pairs show |correlation| < margin when it is truly 0.

    >>> round(equivalence_power(93, 0.3), 2), equivalence_power(3, 0.3)
    (0.8, 0.0)
    """
    if n <= 3:
        return 0.0
    reach = np.arctanh(margin) / standard_error_of_z(0.0, n) - stats.norm.ppf(1 - ALPHA)
    return float(max(0.0, stats.norm.cdf(reach) - stats.norm.cdf(-reach)))


def equivalence_size(margin: float) -> int:
    """Return how many pairs show |correlation| < margin with 80% power when it is truly 0; 4 at least.

    Raises
    ------
    ValueError
        If the margin is not above 0: no number of patients would then show it.

    Examples
    --------
    By hand: ((1.645 + 1.282) / artanh 0.3) squared and 3 more is 92.4.

    >>> equivalence_size(0.3)
    93
    """
    n = 4
    while equivalence_power(n, margin) < POWER:
        n *= 2
    if n == 4:
        return n
    found = optimize.brentq(lambda m: equivalence_power(m, margin) - POWER, max(4, n / 2 - 1), n)
    return int(np.ceil(found))


def what_n_could_show(n: int, margins: tuple[float, ...] = (0.1, 0.2, 0.3)) -> pd.DataFrame:
    """Return, per margin, the power that n pairs give to show smallness, and the n that 80% takes.

    >>> what_n_could_show(100, margins=(0.3,))["n_needed"].tolist()
    [93]
    """
    rows = [(margin, n, equivalence_power(n, margin), equivalence_size(margin), POWER) for margin in margins]
    return pd.DataFrame(rows, columns=["margin", "n", "power", "n_needed", "power_wanted"])
