"""What economists would compute instead of a ratio: increments, net benefit, acceptability, EVPI.

A ratio ranks patients; a decision compares options. Stinnett & Mullahy 1998 (Med Decis Making 18:S68) for net
benefit; Barton, Briggs & Fenwick 2008 (doi 10.1111/j.1524-4733.2008.00358.x) for the frontier.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.statistics.ratios.fieller import fieller
from vbhc.statistics.samples import complete_rows

DOMINANCE = {"SE": "dominates", "NW": "is dominated"}


def arms(
    outcome: pd.Series, cost: pd.Series, arm: pd.Series, reference: str
) -> tuple[pd.DataFrame, list[str]]:
    """Return complete rows (`outcome, cost, arm`, none infinite) and the arms with the reference first.

    Raises
    ------
    ValueError
        If the indexes differ or the reference is not an arm.
    """
    if not (outcome.index.equals(cost.index) and outcome.index.equals(arm.index)):
        raise ValueError("outcome, cost and arm must share one index; merge on the patient's key first")
    frame = pd.DataFrame({"outcome": outcome.astype(float), "cost": cost.astype(float), "arm": arm})
    frame = frame[complete_rows(frame[["outcome", "cost"]].to_numpy()) & arm.notna().to_numpy()]
    names = sorted(arm.dropna().unique(), key=str)
    if reference not in names:
        raise ValueError(f"no arm {reference!r}; known: {', '.join(map(str, names))}")
    return frame, [reference, *(name for name in names if name != reference)]


def quadrant(delta_outcome: float, delta_cost: float) -> str:
    """Return the quadrant of the plane, "origin line" when either increment is exactly zero.

    >>> quadrant(1, -100), quadrant(1, 100), quadrant(0, 100)
    ('SE', 'NE', 'origin line')
    """
    if delta_outcome == 0 or delta_cost == 0:
        return "origin line"
    return ("N" if delta_cost > 0 else "S") + ("E" if delta_outcome > 0 else "W")


def bootstrap_means(
    outcome: pd.Series,
    cost: pd.Series,
    arm: pd.Series,
    reference: str,
    n_resamples: int = 5_000,
    seed: int = 1,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return mean outcome and mean cost per arm in bootstrap resamples of patients within arms.

    Outcome and cost of a patient stay together, so the joint uncertainty is kept.

    Patients with a missing value are left out.

    Returns
    -------
    (DataFrame, DataFrame)
        Effects and costs: one row per resample, one column per arm (reference first).

    Examples
    --------
    >>> y, x, arm = pd.Series([1, 1, 2, 2]), pd.Series([5, 5, 9, 9]), pd.Series(list("aabb"))
    >>> effects, costs = bootstrap_means(y, x, arm, "a", n_resamples=2)
    >>> effects.iloc[0].tolist(), costs.iloc[0].tolist()
    ([1.0, 2.0], [5.0, 9.0])
    """
    frame, names = arms(outcome, cost, arm, reference)
    rng = np.random.default_rng(seed)
    effects, costs = {}, {}
    for name in names:
        y, x = frame.loc[frame["arm"] == name, ["outcome", "cost"]].to_numpy().T
        drawn = [rng.integers(0, len(y), len(y)) for _ in range(n_resamples)]
        effects[name] = np.array([y[rows].mean() for rows in drawn])
        costs[name] = np.array([x[rows].mean() for rows in drawn])
    return pd.DataFrame(effects), pd.DataFrame(costs)


def icer(
    outcome: pd.Series,
    cost: pd.Series,
    arm: pd.Series,
    reference: str,
    ci_level: float = 0.95,
    n_resamples: int = 5_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Return increments and the incremental cost-effectiveness ratio of every arm against the reference.

    Returns
    -------
    DataFrame
        One row per arm: `arm, reference, delta_outcome, delta_outcome_low, delta_outcome_high, delta_cost,
        delta_cost_low, delta_cost_high` (Welch), `quadrant, verdict, icer, low, high, ci_kind`
        (Fieller), `ci_level, share_ne, share_se, share_nw, share_sw` (of bootstrap resamples), `n,
        n_reference, n_missing, reason`. The ICER is NaN where one option dominates: a negative ratio has no
        meaning.

    Examples
    --------
    By hand: 1 point more for 200 more.

    >>> y, x, arm = pd.Series([1, 3, 2, 4]), pd.Series([100, 300, 300, 500]), pd.Series(list("aabb"))
    >>> icer(y, x, arm, "a", n_resamples=10)[["quadrant", "icer"]].to_numpy().tolist()
    [['NE', 200.0]]
    """
    frame, names = arms(outcome, cost, arm, reference)
    sizes = frame["arm"].value_counts()
    rows = []
    for name in names[1:]:
        row: dict[str, Any] = {"arm": str(name), "reference": str(reference), "n": int(sizes.get(name, 0))}
        row |= {"n_reference": int(sizes.get(reference, 0)), "n_missing": len(outcome) - len(frame)}
        if min(row["n"], row["n_reference"]) < 2:
            row["reason"] = f"{name} or {reference} has fewer than two complete patients; nothing to compare."
        else:
            pair = frame[frame["arm"].isin([name, reference])]
            row |= _increments(pair, name, reference, ci_level)
            row |= _shares(pair, name, reference, n_resamples, seed) | {"reason": ""}
        rows.append(row)
    if not rows:
        rows = [
            {"arm": "", "reference": str(reference), "reason": "There is only one arm; nothing to compare."}
        ]
    return pd.DataFrame(rows).reindex(columns=ICER_COLUMNS)


ICER_COLUMNS = [
    *("arm", "reference", "delta_outcome", "delta_outcome_low", "delta_outcome_high", "delta_cost"),
    *("delta_cost_low", "delta_cost_high", "quadrant", "verdict", "icer", "low", "high", "ci_kind"),
    "ci_level",
    *("share_ne", "share_se", "share_nw", "share_sw", "n", "n_reference", "n_missing", "reason"),
]


def _increments(pair: pd.DataFrame, name: str, reference: str, ci_level: float) -> dict[str, object]:
    new, old = (pair[pair["arm"] == which] for which in (name, reference))
    row: dict[str, Any] = {}
    for measure in ("outcome", "cost"):
        test = stats.ttest_ind(new[measure], old[measure], equal_var=False)
        ends = test.confidence_interval(ci_level)
        row[f"delta_{measure}"] = float(new[measure].mean() - old[measure].mean())
        row[f"delta_{measure}_low"], row[f"delta_{measure}_high"] = float(ends.low), float(ends.high)
    covs = [np.cov(part["outcome"], part["cost"]) / len(part) for part in (new, old)]
    t = stats.t.ppf((1 + ci_level) / 2, len(pair) - 2)
    row |= ratio_columns(row["delta_outcome"], row["delta_cost"], covs[0] + covs[1], t)
    return row | {"ci_level": ci_level}


def ratio_columns(gain: float, extra: float, covariance: np.ndarray, quantile: float) -> dict[str, object]:
    """Return the quadrant, what it means, and the ratio of two increments with its Fieller interval.

    `covariance` is that of both increments, the outcome's first; `quantile` of Student's t.

    >>> ratio_columns(2.0, 100.0, np.zeros((2, 2)), 1.96)["icer"]
    50.0
    >>> ratio_columns(1.0, -5.0, np.eye(2), 1.96)["verdict"]
    'dominates'
    """
    f = fieller(extra, gain, covariance[1, 1], covariance[0, 0], covariance[0, 1], quantile)
    place = quadrant(gain, extra)
    meaningful = place in ("NE", "SW")
    row: dict[str, object] = {"icer": f.estimate if meaningful else np.nan, "quadrant": place}
    row |= {"verdict": DOMINANCE.get(place, "trade-off" if meaningful else "no increment")}
    return row | {"low": f.low, "high": f.high, "ci_kind": f.kind}


def _shares(pair: pd.DataFrame, name: str, reference: str, n_resamples: int, seed: int) -> dict[str, float]:
    effects, costs = bootstrap_means(pair["outcome"], pair["cost"], pair["arm"], reference, n_resamples, seed)
    return quadrant_shares(effects[name] - effects[reference], costs[name] - costs[reference])


def quadrant_shares(gain: np.ndarray | pd.Series, extra: np.ndarray | pd.Series) -> dict[str, float]:
    """Return the share of resampled increments in each quadrant; those on a line count south and west.

    >>> quadrant_shares(np.array([1, 1, -1, -1]), np.array([1, -1, 1, -1]))
    {'share_ne': 0.25, 'share_se': 0.25, 'share_nw': 0.25, 'share_sw': 0.25}
    """
    return {
        "share_ne": float(((gain > 0) & (extra > 0)).mean()),
        "share_se": float(((gain > 0) & (extra <= 0)).mean()),
        "share_nw": float(((gain <= 0) & (extra > 0)).mean()),
        "share_sw": float(((gain <= 0) & (extra <= 0)).mean()),
    }


def net_benefit(outcome: pd.Series, cost: pd.Series, willingness_to_pay: float) -> pd.Series:
    """Return each patient's net monetary benefit: willingness to pay per unit of outcome x outcome - cost.

    Raises ValueError if the indexes differ. Missing gives NaN.

    >>> net_benefit(pd.Series([2.0, 0.5]), pd.Series([3000, 4000]), 2000).tolist()
    [1000.0, -3000.0]
    """
    if not outcome.index.equals(cost.index):
        raise ValueError("outcome and cost must share one index; merge on the patient's key first")
    return (willingness_to_pay * outcome.astype(float) - cost.astype(float)).rename("net_benefit")
