"""Two arms compared on outcome and cost at once: all that a cost-effectiveness analysis shows.

A ratio ranks patients; a decision compares options. Stinnett & Mullahy 1998 (Med Decis Making 18:S68) for net
benefit; Barton, Briggs & Fenwick 2008 (doi 10.1111/j.1524-4733.2008.00358.x) for the frontier.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.statistics.ratios.intervals import fieller
from vbhc.statistics.regression import seemingly_unrelated as models
from vbhc.statistics.samples import check_same_index, complete_rows, indicators

CURVE = ["willingness_to_pay", "option", "probability", "optimal", "evpi"]


class TwoArms(NamedTuple):
    """What figures and tables of a two-arm study need; all empty, with a `reason`, when there is no answer.

    `row`: adjusted by seemingly unrelated regressions, `arm, reference, delta_outcome, delta_cost,
    delta_net_benefit` (at the price; each with `_low, _high`), `quadrant, icer, low, high, ci_kind` (Fieller;
    NaN where one option dominates: a negative ratio has no meaning), `share_ne, share_se, share_nw, share_sw`
    (of resamples), `n, n_reference, n_missing`. `complete`: `outcome, cost, treated` (1 or 0) of the patients
    compared. `draws`: `delta_outcome, delta_cost` of bootstrap resamples. `curve`: as `acceptability`, at
    `prices_around` the price.
    """

    row: pd.Series
    complete: pd.DataFrame
    draws: pd.DataFrame
    curve: pd.DataFrame
    reason: str = ""


def two_arms(
    outcome: pd.Series,
    cost: pd.Series,
    arm: pd.Series,
    reference: str,
    baseline: pd.Series | None = None,
    covariates: pd.DataFrame | None = None,
    price: float = 20_000,
    ci_level: float = 0.95,
    n_resamples: int = 2_000,
    seed: int = 1,
) -> TwoArms:
    """Compare two arms on outcome and cost, adjusted, with their joint uncertainty.

    Parameters
    ----------
    outcome, cost, arm : Series
        One row per patient on one index: QALYs (or points; higher = better), cost, name of the arm.
    reference : str
        The arm to compare with, one of `arm`.
    baseline : Series, optional
        The outcome before; held equal in the outcome's equation, whatever its p-value (Manca, Hawkins &
        Sculpher 2005, doi 10.1002/hec.944).
    covariates : DataFrame, optional
        Held equal in both equations; text becomes one indicator per level but the first.
    price : float
        Currency per unit of outcome, at which net benefit is given.
    ci_level, n_resamples, seed
        Level; number and seed of the bootstrap resamples of patients within arms, each refitted.

    Returns
    -------
    TwoArms
        Only patients with every value (none infinite) are compared; `n_missing` counts the others.

    Raises
    ------
    ValueError
        If the indexes differ.

    Notes
    -----
    Intervals of increments, ratio and net benefit rest on the system's covariance (Student's t with the
    degrees of freedom of the larger equation), plane and acceptability on the bootstrap. Adjustment makes
    arms alike in what was measured; it does not make a before/after study a trial.
    """
    before = pd.DataFrame(index=outcome.index) if baseline is None else baseline.rename("baseline").to_frame()
    held = pd.DataFrame(index=outcome.index) if covariates is None else indicators(covariates)
    check_same_index(outcome, cost, arm, *(part[name] for part in (before, held) for name in part))
    names, reason = _pair(arm, reference)
    if reason:
        return no_answer(reason)
    inside = arm.isin(names)
    known = inside & complete_rows(outcome, cost, *(part[name] for part in (before, held) for name in part))
    held = held.loc[known, held[known].nunique() > 1]
    sides = {"outcome": outcome, "cost": cost, "treated": arm == names[1]}
    complete = pd.DataFrame(sides)[known].astype(float)
    n = int(complete["treated"].sum())
    counts = {"n": n, "n_reference": len(complete) - n, "n_missing": int(inside.sum() - known.sum())}
    if min(counts["n"], counts["n_reference"]) < 2:
        return no_answer(f"{wording.listing(names)} need two complete patients each; nothing to compare.")
    first = pd.concat([before[known], held], axis=1).astype(float)
    plan = models.design(complete["outcome"], complete["cost"], complete["treated"], first, held)
    if reason := models.why_no_fit(plan.values, plan.equations):
        return no_answer(reason)
    row = {"arm": names[1], "reference": names[0], **counts, "ci_level": ci_level}
    return _compared(plan, complete, row, price, n_resamples, seed)


def prices_around(price: float) -> list[float]:
    """Return the prices of a QALY that are computed: from nothing to twice the declared one, in tenths."""
    return [price * (tenths / 10) for tenths in range(21)] if price else [0.0]


def _compared(
    plan: models.Design, complete: pd.DataFrame, row: dict, price: float, n_resamples: int, seed: int
) -> TwoArms:
    """Return the comparison of complete patients; `row` has the arms, their sizes and the level."""
    freedom = len(plan.values) - max(len(columns) for columns in plan.equations)
    quantile = float(stats.t.ppf((1 + row["ci_level"]) / 2, freedom))
    steps, covariance = models.seemingly_unrelated(plan)
    levels, draws = models.adjusted_draws(plan, n_resamples, seed)
    usable = np.isfinite(draws).all(axis=1) & np.isfinite(levels).all(axis=1)
    levels, draws = levels[usable], draws[usable]
    both, options = levels + draws, (row["reference"], row["arm"])
    sides = [np.column_stack([levels[:, at], both[:, at]]) for at in (0, 1)]
    effects, costs = (pd.DataFrame(side, columns=options) for side in sides)
    row |= _increments(steps, covariance, quantile, price) | quadrant_shares(*draws.T)
    resampled = pd.DataFrame(draws, columns=["delta_outcome", "delta_cost"])
    return TwoArms(pd.Series(row), complete, resampled, acceptability(effects, costs, prices_around(price)))


def _pair(arm: pd.Series, reference: str) -> tuple[list[str], str]:
    """Return reference and treatment, or why there are no two arms."""
    known = [str(name) for name in sorted(arm.dropna().unique(), key=str)]
    if not (others := [name for name in known if name != reference]):
        return [], "There is only one arm; nothing to compare."
    return [reference, *others], "" if len(others) == 1 else f"There are {len(known)} arms; two are compared."


def no_answer(reason: str) -> TwoArms:
    """Return empty frames with the reason in words."""
    nothing = pd.DataFrame()
    return TwoArms(pd.Series(dtype=object), nothing, nothing, nothing, reason)


def contrasts(price: float) -> dict[str, np.ndarray]:
    """Return what makes each measure from two increments (outcome, cost)."""
    weights = {"outcome": (1.0, 0.0), "cost": (0.0, 1.0), "net_benefit": (price, -1.0)}
    return {measure: np.array(pair) for measure, pair in weights.items()}


def _increments(
    steps: np.ndarray, covariance: np.ndarray, quantile: float, price: float
) -> dict[str, object]:
    """Return increments with their ends, the quadrant, and the ratio with its Fieller interval."""
    row: dict[str, object] = {}
    for measure, w in contrasts(price).items():
        step, half = w @ steps, quantile * np.sqrt(w @ covariance @ w)
        ends = {"": step, "_low": step - half, "_high": step + half}
        row |= {f"delta_{measure}{end}": value for end, value in ends.items()}
    return row | ratio_columns(steps, covariance, quantile)


def ratio_columns(steps: np.ndarray, covariance: np.ndarray, quantile: float) -> dict[str, object]:
    """Return the quadrant and the ratio of two increments (outcome, cost) with its Fieller interval.

    >>> ratio_columns(np.array([2.0, 100.0]), np.zeros((2, 2)), 1.96)["icer"]
    50.0
    >>> [ratio_columns(np.array([gain, -5.0]), np.eye(2), 1.96)["quadrant"] for gain in (1.0, 0.0)]
    ['SE', 'origin line']
    """
    gain, extra = (float(step) for step in steps)
    f = fieller(extra, gain, covariance[1, 1], covariance[0, 0], covariance[0, 1], quantile)
    place = ("N" if extra > 0 else "S") + ("E" if gain > 0 else "W") if gain and extra else "origin line"
    ratio = f.estimate if place in ("NE", "SW") else np.nan
    return {"quadrant": place, "icer": ratio, "low": f.low, "high": f.high, "ci_kind": f.kind}


def quadrant_shares(gain: np.ndarray, extra: np.ndarray) -> dict[str, float]:
    """Return the share of resampled increments in each quadrant; those on a line count south and west.

    >>> quadrant_shares(np.array([1, 1, -1, -1]), np.array([1, -1, 1, -1]))
    {'share_ne': 0.25, 'share_se': 0.25, 'share_nw': 0.25, 'share_sw': 0.25}
    """
    east, north = gain > 0, extra > 0
    places = {"ne": east & north, "se": east & ~north, "nw": ~east & north, "sw": ~east & ~north}
    return {f"share_{place}": float(inside.mean()) for place, inside in places.items()}


def acceptability(
    effects: pd.DataFrame, costs: pd.DataFrame, willingness_to_pay: list[float] | np.ndarray
) -> pd.DataFrame:
    """Return the acceptability curve, its frontier and the value of perfect information.

    Parameters
    ----------
    effects, costs : DataFrame
        One row per draw (bootstrap resample or model run), one column per option, same columns.
    willingness_to_pay : list of float
        Currency per unit of effect.

    Returns
    -------
    DataFrame
        Per willingness to pay and option: `willingness_to_pay, option, probability` (of the highest net
        benefit; ties are shared), `optimal` (highest expected net benefit), `evpi` per decision. The frontier
        (CEAF) is the probability of the *optimal* option, which need not be the highest probability.

    Examples
    --------
    One of two draws favours the new option at 10 per point: gains 1 and 1, costs 5 and 15.

    >>> effects = pd.DataFrame({"old": [0, 0], "new": [1, 1]})
    >>> curve = acceptability(effects, pd.DataFrame({"old": [0, 0], "new": [5, 15]}), [10])
    >>> curve["probability"].tolist(), curve["evpi"].tolist()
    ([0.5, 0.5], [2.5, 2.5])
    """
    e, c = effects.to_numpy(dtype=float), costs.to_numpy(dtype=float)
    rows = []
    for price in willingness_to_pay:
        benefit = price * e - c
        best = benefit.max(axis=1)
        winners = benefit == best[:, None]
        probability = (winners / winners.sum(axis=1, keepdims=True)).mean(axis=0)
        expected = benefit.mean(axis=0)
        evpi = max(0.0, float(best.mean() - expected.max()))
        optimal = int(expected.argmax())
        for i, option in enumerate(effects.columns):
            rows.append((float(price), str(option), probability[i], i == optimal, evpi))
    return pd.DataFrame(rows, columns=CURVE)
