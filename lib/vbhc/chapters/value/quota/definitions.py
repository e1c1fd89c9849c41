"""The value quota (VQ): outcome per unit of cost, one number per patient."""

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.statistics.ratios.means import _check

WITHOUT_QUOTA = (
    *("outcome and cost missing", "outcome missing", "cost missing", "outcome infinite", "cost infinite"),
    *("cost zero", "cost negative"),
)


def value_quota(outcome: pd.Series, cost: pd.Series, per: float = 1_000) -> pd.Series:
    """Return outcome units per `per` currency units spent, one row per patient.

    Parameters
    ----------
    outcome : Series
        The outcome in its chosen form: a gain in points, or a state at follow-up.
    cost : Series
        Cost of the same episode in one currency and price year; must be > 0.
    per : float
        Denominator in currency units. 1_000 gives "points per EUR 1,000".

    Returns
    -------
    Series
        Named "vq", same index. A missing outcome or cost gives NaN; nothing is imputed.

    Raises
    ------
    ValueError
        If the indexes differ, `per` is not positive, any cost is zero or negative or any value is infinite
        (the rows are named; on real data set them aside first with `without_quota`).

    Notes
    -----
    VQ = outcome / cost * per. When outcomes are negative, a dearer episode has the *higher* (less negative)
    VQ, so patients who got worse must not be ranked by VQ: `sign_paradox` counts them.
    """
    _check(outcome, cost, per)
    bad = cost.index[(cost <= 0).fillna(False).astype(bool)]
    if len(bad):
        raise ValueError(f"cost must be > 0 to form a quota; {wording.rows_named(bad)}")
    sides = (side.to_numpy(float, na_value=np.nan) for side in (outcome, cost))
    endless = np.logical_or(*map(np.isinf, sides))
    if endless.any():
        raise ValueError(f"outcome and cost must be finite; {wording.rows_named(cost.index[endless])}")
    return (outcome.astype(float) / cost.astype(float) * per).rename("vq")


def without_quota(outcome: pd.Series, cost: pd.Series) -> pd.Series:
    """Return, per patient, why no VQ can be formed; "" where it can.

    Returns
    -------
    Series of str
        Named "reason": one of `WITHOUT_QUOTA` or "". Each patient has one reason, a missing value before a
        cost that cannot be a denominator.
    """
    _check(outcome, cost, per=1)
    y, x = (side.to_numpy(dtype=float, na_value=np.nan) for side in (outcome, cost))
    no_y, no_x = np.isnan(y), np.isnan(x)
    checks = [no_y & no_x, no_y, no_x, np.isinf(y), np.isinf(x), x == 0, x < 0]
    reasons = np.select(checks, WITHOUT_QUOTA, default="")
    return pd.Series(reasons, index=outcome.index, name="reason", dtype="str")


def quota_where_possible(outcome: pd.Series, cost: pd.Series, per: float = 1_000) -> pd.Series:
    """Return `value_quota` where one can be formed and NaN elsewhere (`without_quota` says why)."""
    possible = without_quota(outcome, cost) == ""
    return value_quota(outcome.where(possible), cost.where(possible), per)
