"""The value quota (VQ): outcome per unit of cost, one number per patient."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.problems import did_you_mean
from vbhc.statistics.ratios.means import _check

FORMS = ("gain", "follow-up")
WITHOUT_QUOTA = (
    *("outcome and cost missing", "outcome missing", "cost missing", "outcome infinite", "cost infinite"),
    *("cost zero", "cost negative"),
)


def value_quota(outcome: pd.Series, cost: pd.Series, per: float = 1_000) -> pd.Series:
    """Return outcome units per `per` currency units spent, one row per patient.

    Parameters
    ----------
    outcome : Series
        The outcome in its chosen form (see `outcome_in_form`): a gain in points, or a state at follow-up.
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
    endless = np.isinf(outcome.to_numpy(float, na_value=np.nan)) | np.isinf(
        cost.to_numpy(float, na_value=np.nan)
    )
    if endless.any():
        raise ValueError(f"outcome and cost must be finite; {wording.rows_named(cost.index[endless])}")
    return (outcome.astype(float) / cost.astype(float) * per).rename("vq")


def outcome_in_form(baseline: pd.Series, follow_up: pd.Series, form: str = "gain") -> pd.Series:
    """Return the numerator of VQ: "gain" (follow-up minus baseline) or "follow-up" (the state reached).

    Raises
    ------
    ValueError
        If the form is unknown or the indexes differ.
    """
    if form not in FORMS:
        raise ValueError(f"unknown form {form!r}; {did_you_mean(form, FORMS)}")
    if not baseline.index.equals(follow_up.index):
        raise ValueError("baseline and follow-up must share one index; merge on the patient's key first")
    return follow_up - baseline if form == "gain" else follow_up


def without_quota(outcome: pd.Series, cost: pd.Series) -> pd.Series:
    """Return, per patient, why no VQ can be formed; "" where it can.

    Returns
    -------
    Series of str
        Named "reason": one of `WITHOUT_QUOTA` or "". Each patient has one reason, a missing value before a
        cost that cannot be a denominator.
    """
    _check(outcome, cost, per=1)
    amounts = cost.astype(float)
    checks = [
        outcome.isna() & cost.isna(),
        outcome.isna(),
        cost.isna(),
        np.isinf(outcome.astype(float)),
        np.isinf(amounts),
        amounts == 0,
        amounts < 0,
    ]
    reasons = np.select([check.to_numpy(dtype=bool) for check in checks], WITHOUT_QUOTA, default="")
    return pd.Series(reasons, index=outcome.index, name="reason", dtype="str")


def quota_where_possible(outcome: pd.Series, cost: pd.Series, per: float = 1_000) -> pd.Series:
    """Return `value_quota` where one can be formed and NaN elsewhere (`without_quota` says why)."""
    possible = without_quota(outcome, cost) == ""
    return value_quota(outcome.where(possible), cost.where(possible), per)


def count_without_quota(outcome: pd.Series, cost: pd.Series) -> pd.DataFrame:
    """Return `reason, n, share` for every reason that occurs, and a first row "VQ formed"."""
    reasons = without_quota(outcome, cost)
    counts = reasons.value_counts()
    rows = [("VQ formed", int(counts.get("", 0)))]
    rows += [(reason, int(counts[reason])) for reason in WITHOUT_QUOTA if reason in counts]
    table = pd.DataFrame(rows, columns=["reason", "n"])
    return table.assign(share=table["n"] / len(reasons) if len(reasons) else np.nan)


def without_quota_sentence(counts: pd.DataFrame) -> str:
    """Return how many patients have a VQ and why the others do not, from `count_without_quota`."""
    n = int(counts["n"].sum())
    formed, left_out = int(counts["n"].iloc[0]), counts.iloc[1:]
    start = f"VQ can be formed for {wording.count(formed, n)} patients"
    if left_out.empty:
        return f"{start}."
    reasons = [f"{row.n:,} with {row.reason}" for row in left_out.itertuples()]
    return f"{start}; left out: {wording.listing(reasons)}."


def quota_unit(outcome_unit: str, currency: str, per: float) -> str:
    """Return the unit of VQ for axes and tables: "points per EUR 1,000"."""
    return f"{outcome_unit} per {currency} {wording.number(per, 0)}"
