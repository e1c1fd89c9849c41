"""Two arms compared on outcome and cost at once: all that a cost-effectiveness analysis shows."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.statistics.covariates import indicators
from vbhc.statistics.economics.acceptability import acceptability
from vbhc.statistics.economics.comparison import ICER_COLUMNS, icer, quadrant_shares, ratio_columns
from vbhc.statistics.regression.seemingly_unrelated import (
    Design,
    adjusted_draws,
    design,
    seemingly_unrelated,
    why_no_fit,
)
from vbhc.statistics.samples import complete_rows

INCREMENT_COLUMNS = [
    *("measure", "method", "estimate", "se", "low", "high", "ci_level", "p"),
    *("n", "n_reference", "n_missing"),
]
MEAN_COLUMNS = ["arm", "n", "n_missing", "outcome", "outcome_sd", "cost", "cost_sd"]
DRAW_COLUMNS = ["delta_outcome", "delta_cost"]
BENEFIT_COLUMNS = [*("arm", "willingness_to_pay", "estimate", "low", "high", "ci_level", "p_positive", "n")]
CURVE_COLUMNS = [*("willingness_to_pay", "option", "probability", "expected_net_benefit", "optimal", "evpi")]
QALY_PRICES = tuple(range(0, 100_001, 2_500))


class TwoArms(NamedTuple):
    """What figures and tables of a two-arm study need; all empty, with a `reason`, when there is no answer.

    `means`: per arm `arm, n, n_missing, outcome, outcome_sd, cost, cost_sd` as observed. `increments`: of
    outcome and cost, "unadjusted" (Welch) and "adjusted" (seemingly unrelated regressions), `estimate, se,
    low, high, p, n ...`. `icer`: one row as from `icer`, adjusted. `draws`: `delta_outcome,
    delta_cost` of bootstrap resamples. `net_benefit`: incremental, per
    `willingness_to_pay` as `estimate, low, high, p_positive` (normal approximation). `curve`: as
    `acceptability` (CEAC; `optimal` marks the frontier; `evpi`).
    """

    means: pd.DataFrame
    increments: pd.DataFrame
    icer: pd.DataFrame
    draws: pd.DataFrame
    net_benefit: pd.DataFrame
    curve: pd.DataFrame
    reason: str = ""


def two_arms(
    outcome: pd.Series,
    cost: pd.Series,
    arm: pd.Series,
    reference: str,
    baseline: pd.Series | None = None,
    covariates: pd.DataFrame | None = None,
    willingness_to_pay: Sequence[float] = QALY_PRICES,
    treatment: str = "",
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
        The arm to compare with; `treatment` names the other where there are more than two.
    baseline : Series, optional
        The outcome before; held equal in the outcome's equation, whatever its p-value (Manca, Hawkins &
        Sculpher 2005, doi 10.1002/hec.944).
    covariates : DataFrame, optional
        Held equal in both equations; text becomes one indicator per level but the first.
    willingness_to_pay : sequence of float
        Currency per unit of outcome, at which net benefit and acceptability are given.
    ci_level, n_resamples, seed
        Level; number and seed of the bootstrap resamples of patients within arms, each refitted.

    Returns
    -------
    TwoArms
        Only patients with every value (none infinite) are compared; `n_missing` counts the others.

    Raises
    ------
    ValueError
        If the indexes differ or there is no arm of the name `reference`.

    Notes
    -----
    Intervals of increments, ratio and net benefit rest on the system's covariance (Student's t with the
    degrees of freedom of the larger equation), plane and acceptability on the bootstrap. Adjustment makes
    arms alike in what was measured; it does not make a before/after study a trial.
    """
    before = pd.DataFrame(index=outcome.index) if baseline is None else baseline.rename("baseline").to_frame()
    held = pd.DataFrame(index=outcome.index) if covariates is None else indicators(covariates)
    for other in (cost, arm, before, held):
        if not outcome.index.equals(other.index):
            raise ValueError("outcome, cost, arm and covariates must share one index; merge on the key first")
    names, reason = _pair(arm, reference, treatment)
    if reason:
        return no_answer(reason)
    inside = arm.isin(names)
    usable = complete_rows(outcome, cost, *(part[name] for part in (before, held) for name in part))
    known = inside & usable
    held = held.loc[:, held[known].nunique() > 1]
    treated = (arm[known] == names[1]).astype(float)
    for_outcome = pd.concat([before, held], axis=1)[known].astype(float)
    sizes = {name: int((arm[known] == name).sum()) for name in names}
    if min(sizes.values()) < 2:
        return no_answer(f"{wording.listing(names)} need two complete patients each; nothing to compare.")
    plan = design(outcome[known].astype(float), cost[known].astype(float), treated, for_outcome, held[known])
    reason = why_no_fit(plan.values, plan.equations)
    if reason:
        return no_answer(reason)
    missing = int(inside.sum() - known.sum())
    return _compared(
        plan, outcome[known], cost[known], arm, known, names, missing,
        list(willingness_to_pay), ci_level, n_resamples, seed,
    )  # fmt: skip


def _pair(arm: pd.Series, reference: str, treatment: str) -> tuple[list[str], str]:
    """Return reference and treatment, or why there are no two arms."""
    known = [str(name) for name in sorted(arm.dropna().unique(), key=str)]
    if reference not in known:
        raise ValueError(f"no arm {reference!r}; known: {', '.join(known)}")
    others = [name for name in known if name != reference]
    if treatment and treatment not in others:
        raise ValueError(f"no arm {treatment!r} to compare; known: {', '.join(others)}")
    if not others:
        return [], "There is only one arm; nothing to compare."
    if len(others) > 1 and not treatment:
        return [], f"There are {len(known)} arms; name the one to compare with {reference}."
    return [reference, treatment or others[0]], ""


def no_answer(reason: str) -> TwoArms:
    """Return empty frames with the reason in words."""
    row = pd.DataFrame([{"arm": "", "reference": "", "reason": reason}]).reindex(columns=ICER_COLUMNS)
    means, increments, draws, benefit, curve = (
        pd.DataFrame(columns=names, dtype=float)
        for names in (MEAN_COLUMNS, INCREMENT_COLUMNS, DRAW_COLUMNS, BENEFIT_COLUMNS, CURVE_COLUMNS)
    )
    return TwoArms(means, increments, row, draws, benefit, curve, reason)


def _compared(
    plan: Design, outcome, cost, arm, known, names, missing, prices, ci_level, n_resamples, seed
) -> TwoArms:
    steps, covariance = seemingly_unrelated(plan)
    freedom = len(plan.values) - max(len(columns) for columns in plan.equations)
    quantile = float(stats.t.ppf((1 + ci_level) / 2, freedom))
    levels, draws = adjusted_draws(plan, n_resamples, seed)
    usable = np.isfinite(draws).all(axis=1) & np.isfinite(levels).all(axis=1)
    levels, draws = levels[usable], draws[usable]
    pair = arm[known]
    sizes = {"n": int((pair == names[1]).sum()), "n_reference": int((pair == names[0]).sum())}
    counts = {**sizes, "n_missing": missing}
    welch = icer(outcome, cost, pair, names[0], ci_level, n_resamples=1, seed=seed).iloc[0]
    row = {"arm": names[1], "reference": names[0], **_ratio(steps, covariance, quantile), **counts}
    row |= quadrant_shares(*draws.T) | {"ci_level": ci_level, "reason": ""}
    both = levels + draws
    effects, costs = (pd.DataFrame({names[0]: levels[:, side], names[1]: both[:, side]}) for side in (0, 1))
    increments = _increments(steps, covariance, quantile, freedom, welch, ci_level)
    return TwoArms(
        _means(outcome, cost, pair, arm, names),
        pd.DataFrame(increments).assign(**counts)[INCREMENT_COLUMNS],
        pd.DataFrame([row]).reindex(columns=ICER_COLUMNS),
        pd.DataFrame(draws, columns=DRAW_COLUMNS),
        _net_benefit(steps, covariance, quantile, prices, names[1], len(plan.values), ci_level),
        acceptability(effects, costs, prices),
    )


def _means(outcome, cost, pair, arm, names) -> pd.DataFrame:
    rows = []
    for name in names:
        y, x = outcome[pair == name].astype(float), cost[pair == name].astype(float)
        missing = int((arm == name).sum()) - len(y)
        rows.append((name, len(y), missing, y.mean(), y.std(), x.mean(), x.std()))
    return pd.DataFrame(rows, columns=MEAN_COLUMNS)


def _increments(steps, covariance, quantile, freedom, welch, ci_level) -> list[dict[str, object]]:
    rows = []
    for side, measure in enumerate(("outcome", "cost")):
        low, high = welch[f"delta_{measure}_low"], welch[f"delta_{measure}_high"]
        plain = {"estimate": welch[f"delta_{measure}"], "low": low, "high": high}
        rows.append({"measure": measure, "method": "unadjusted", **plain})
        error = float(np.sqrt(covariance[side, side]))
        p = 2 * stats.t.sf(abs(steps[side]) / error, freedom) if error > 0 else np.nan
        ends = {"low": steps[side] - quantile * error, "high": steps[side] + quantile * error}
        adjusted = {"estimate": steps[side], "se": error, **ends, "p": p}
        rows.append({"measure": measure, "method": "adjusted", **adjusted})
    return [{"se": np.nan, "p": np.nan, **row, "ci_level": ci_level} for row in rows]


def _ratio(steps: np.ndarray, covariance: np.ndarray, quantile: float) -> dict[str, object]:
    """Return increments, quadrant and the ratio with its Fieller interval, as in `economics.icer`."""
    (gain, extra), error = steps, np.sqrt(np.diag(covariance))
    row: dict[str, object] = {"delta_outcome": gain, "delta_cost": extra}
    for side, measure in enumerate(("outcome", "cost")):
        row[f"delta_{measure}_low"] = steps[side] - quantile * error[side]
        row[f"delta_{measure}_high"] = steps[side] + quantile * error[side]
    return row | ratio_columns(gain, extra, covariance, quantile)


def _net_benefit(steps, covariance, quantile, prices, name, n, ci_level) -> pd.DataFrame:
    rows = []
    for price in prices:
        weights = np.array([price, -1.0])
        estimate, error = float(weights @ steps), float(np.sqrt(weights @ covariance @ weights))
        positive = float(stats.norm.cdf(estimate / error)) if error > 0 else float(estimate > 0)
        ends = (estimate - quantile * error, estimate + quantile * error)
        rows.append((name, float(price), estimate, *ends, ci_level, positive, n))
    return pd.DataFrame(rows, columns=BENEFIT_COLUMNS)
