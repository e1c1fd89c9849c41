"""Quality-adjusted life years: area under the curve of the index, and the difference between groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def qalys(utilities: pd.DataFrame, years: Sequence[float], discount: float = 0.0) -> pd.Series:
    """Return QALYs per patient: the area under straight lines between the visits (trapezia).

    Manca 2005, Health Econ 14:487-96, doi 10.1002/hec.944, equation 1.

    Parameters
    ----------
    utilities : DataFrame
        Index values (1 = full health, 0 = dead), one column per visit in order of time. A patient who died
        has 0 from the visit after death on: enter it, missing is not 0.
    years : sequence of float
        Time of each visit in years, rising.
    discount : float
        Rate per year: the utility at t years counts 1 / (1 + rate) ** t. 0 for a horizon of a year.

    Returns
    -------
    Series
        Named "qaly", on the caller's index; NaN where any visit is missing.

    Raises
    ------
    ValueError
        If times and columns differ in number, times do not rise, or a utility is over 1.

    Examples
    --------
    >>> qalys(pd.DataFrame({"start": [0.5], "year": [0.7]}), [0, 1]).round(2).tolist()
    [0.6]
    """
    times = np.asarray(years, dtype=float)
    if len(times) != utilities.shape[1] or len(times) < 2:
        raise ValueError(
            f"one time per visit, at least two; found {len(times)} and {utilities.shape[1]} columns"
        )
    if not (np.diff(times) > 0).all():
        raise ValueError(f"times must rise; found {', '.join(f'{t:g}' for t in times)} (years)")
    values = utilities.to_numpy(dtype=float, na_value=np.nan)
    if (values > 1).any():
        raise ValueError("a utility is at most 1; are these EQ VAS scores or per cent?")
    area = np.trapezoid(values * (1 + discount) ** -times, times, axis=1)
    return pd.Series(area, index=utilities.index, name="qaly")


def qaly_difference(
    qaly: pd.Series,
    baseline: pd.Series,
    group: pd.Series,
    reference: str,
    covariates: pd.DataFrame | None = None,
    ci_level: float = 0.95,
) -> pd.DataFrame:
    """Return the mean QALY difference to the reference group, plain and adjusted for baseline utility.

    Baseline utility is part of the QALY, so that a chance imbalance at baseline biases the plain difference;
    regressing QALYs on group and baseline utility removes it (Manca 2005, equation 3).

    Parameters
    ----------
    qaly, baseline, group : Series
        QALYs, baseline index and group of the same patients (same index).
    reference : str
        The group that the others are compared with.
    covariates : DataFrame, optional
        Further numeric columns for the adjusted row.

    Returns
    -------
    DataFrame
        Per other group, rows "unadjusted" and "adjusted for baseline": group, method, estimate, se, low,
        high, p, n, n_missing (patients left out for a missing value, of all groups).

    Raises
    ------
    ValueError
        If there is no group `reference`, or no other.

    Examples
    --------
    By hand: means 0.70 and 0.60; those of the new group also began 0.05 higher.

    >>> qaly = pd.Series([0.5, 0.6, 0.7, 0.6, 0.7, 0.8])
    >>> base = pd.Series([0.40, 0.50, 0.60, 0.45, 0.55, 0.65])
    >>> table = qaly_difference(qaly, base, pd.Series(["old"] * 3 + ["new"] * 3), "old")
    >>> table["estimate"].round(2).tolist()
    [0.1, 0.05]
    """
    groups = [name for name in pd.unique(group.dropna()) if name != reference]
    if reference not in set(group) or not groups:
        found = ", ".join(map(str, pd.unique(group.dropna())))
        raise ValueError(f"needs reference group {reference!r} and another; found {found}")
    frame = pd.DataFrame({"qaly": qaly, "baseline": baseline})
    if covariates is not None:
        frame = frame.join(covariates)
    dummies = pd.DataFrame({str(name): (group == name).astype(float) for name in groups})
    complete = frame.notna().all(axis=1) & group.notna()
    data, dummies = frame[complete], dummies[complete]
    rest = data.drop(columns="qaly")
    rows = []
    for method, columns in (("unadjusted", dummies), ("adjusted for baseline", dummies.join(rest))):
        fitted = _least_squares(data["qaly"], columns, ci_level).loc[[str(name) for name in groups]]
        rows.append(fitted.assign(method=method))
    table = pd.concat(rows).rename_axis("group").reset_index()
    table = table.assign(n=int(complete.sum()), n_missing=int((~complete).sum()))
    return table[["group", "method", "estimate", "se", "low", "high", "p", "n", "n_missing"]]


def _least_squares(outcome: pd.Series, columns: pd.DataFrame, ci_level: float) -> pd.DataFrame:
    """Ordinary least squares with an intercept: one row per column."""
    # slow to import, and most scores need no model
    from statsmodels.regression.linear_model import OLS
    from statsmodels.tools.tools import add_constant

    fit = OLS(outcome, add_constant(columns, has_constant="add")).fit()
    interval = fit.conf_int(alpha=1 - ci_level)
    return pd.DataFrame({"estimate": fit.params, "se": fit.bse, "low": interval[0], "high": interval[1],
                         "p": fit.pvalues})  # fmt: skip
