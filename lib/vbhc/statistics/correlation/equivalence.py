"""Is an association too small to matter? Two one-sided tests against a margin fixed before the data.

p > .05 says only that zero has not been ruled out; "poor association" is a claim of smallness and needs this.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats

from vbhc.statistics.correlation.fisher_z import fisher_interval, standard_error_of_z
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
        One row: `estimate, margin, low, high, ci_level, z_lower, z_upper, p_lower, p_upper, p,
        verdict, n, smallest_margin, method, reason`. `verdict` is "smaller than the margin" (both tests
        reject), "larger than the margin" (the interval lies outside on one side) or "undecided".
        `smallest_margin` is the smallest margin that these data could have met.

    Raises
    ------
    ValueError
        If the margin is not between 0 and 1.

    Examples
    --------
    >>> [equivalence(r, 400, 0.2).loc[0, "verdict"] for r in (0.0, 0.2, 0.5)]
    ['smaller than the margin', 'undecided', 'larger than the margin']
    """
    if not 0 < margin < 1:
        raise ValueError(f"the equivalence margin of a correlation lies between 0 and 1, not {margin}")
    low = high = z_lower = z_upper = np.nan
    reason = ""
    if np.isnan(r) or n <= 3:
        reason = f"{plural(n, 'patient', 'patients')} with both values cannot show smallness."
    else:
        error = standard_error_of_z(r, n, method)
        centre = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
        z_lower, z_upper = (float((centre + side * np.arctanh(margin)) / error) for side in (1, -1))
        low, high = fisher_interval(r, error, 1 - 2 * alpha)
    p_lower, p_upper = stats.norm.sf(z_lower), stats.norm.cdf(z_upper)
    row: dict[str, Any] = {"estimate": r, "margin": margin, "low": low, "high": high}
    row |= {"ci_level": 1 - 2 * alpha, "z_lower": z_lower, "z_upper": z_upper, "p_lower": p_lower}
    row |= {"p_upper": p_upper, "p": max(p_lower, p_upper)}
    row |= {"verdict": "undecided" if reason else verdict(low, high, margin), "n": n}
    row |= {"smallest_margin": max(abs(low), abs(high)), "method": method, "reason": reason}
    return pd.DataFrame([row])


def verdict(low: float, high: float, margin: float) -> str:
    """Return what an interval of level 1 - 2 alpha says about a margin; touching it is undecided.

    >>> verdict(-0.05, 0.05, 0.1), verdict(0.15, 0.3, 0.1), verdict(0.05, 0.1, 0.1)
    ('smaller than the margin', 'larger than the margin', 'undecided')
    """
    if -margin < low and high < margin:
        return VERDICTS[0]
    if low > margin or high < -margin:
        return VERDICTS[1]
    return VERDICTS[2]


def equivalence_power(n: float, margin: float, alpha: float = 0.05) -> float:
    """Return the chance that n pairs show |correlation| < margin when it is truly 0.

    >>> round(equivalence_power(93, 0.3), 2), equivalence_power(3, 0.3)
    (0.8, 0.0)
    """
    if n <= 3:
        return 0.0
    reach = np.arctanh(margin) / standard_error_of_z(0.0, n, "bonett-wright") - stats.norm.ppf(1 - alpha)
    return float(max(0.0, stats.norm.cdf(reach) - stats.norm.cdf(-reach)))


def equivalence_size(margin: float, power: float = 0.80, alpha: float = 0.05) -> int:
    """Return how many pairs show |correlation| < margin with this power when it is truly 0; 4 at least.

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
    if margin <= 0:
        raise ValueError(f"a true correlation of 0 is not smaller than the margin {margin}")
    n = 4
    if equivalence_power(n, margin, alpha) >= power:
        return n
    while equivalence_power(n, margin, alpha) < power:
        n *= 2

    def short_of(m: float) -> float:
        return equivalence_power(m, margin, alpha) - power

    return int(np.ceil(optimize.brentq(short_of, max(4, n / 2 - 1), n)))


def what_n_could_show(
    n: int, margins: tuple[float, ...] = (0.1, 0.2, 0.3), power: float = 0.80, alpha: float = 0.05
) -> pd.DataFrame:
    """Return, per margin, the power that n pairs give to show smallness, and the n that takes.

    >>> what_n_could_show(100, margins=(0.3,))["n_needed"].tolist()
    [93]
    """
    table = pd.DataFrame({"margin": list(margins), "n": n})
    table["power"] = [equivalence_power(n, margin, alpha=alpha) for margin in margins]
    table["n_needed"] = [equivalence_size(margin, power, alpha=alpha) for margin in margins]
    return table.assign(power_wanted=power)
