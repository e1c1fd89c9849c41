"""Does perception follow where patients end, where they began, or how far they came?

Regress perception on baseline and follow-up of one scale, side by side. If it follows the state at the end,
baseline adds nothing; if it follows the distance, baseline counts as much as follow-up, with the other sign.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.statistics.correlation.rank import spearman
from vbhc.statistics.covariates import indicators
from vbhc.statistics.regression.ordinal import cumulative_logit
from vbhc.statistics.samples import as_float, check_same_index, complete_rows
from vbhc.statistics.words import patients_with

MOST_LEVELS = 10  # more answers than this are a score, not an order of answers
COLUMNS = [
    *("model", "term", "estimate", "se", "ci_low", "ci_high", "ci_level", "p_val", "n", "n_missing", "reason")
]
TERMS = ("baseline", "follow-up", "weight of the start")


def journey(
    perception: pd.Series,
    baseline: pd.Series,
    follow_up: pd.Series,
    covariates: pd.DataFrame | None = None,
    ci_level: float = 0.95,
) -> pd.DataFrame:
    """Regress perception on baseline and follow-up, by a linear and (few answers) an ordinal model.

    Parameters
    ----------
    perception, baseline, follow_up : Series
        Higher = better; both visits on one scale. Patients without all of them, or with an infinite
        value, are left out.
    covariates : DataFrame, optional
        Held equal; text becomes indicators.

    Returns
    -------
    DataFrame
        `model` = "linear" (standard deviations of perception per standard deviation of follow-up; robust HC3
        errors) and, with ten answers or fewer, "ordinal" (log odds of a better answer, the same unit of x);
        `term` = "baseline", "follow-up" and "weight of the start" = -baseline / follow-up: 0 when only the
        end counts, 1 when only the distance does (Fieller's interval); `estimate, se, ci_low, ci_high, p_val,
        n, n_missing, reason`.
    """
    check_same_index(perception, baseline, follow_up)
    held = pd.DataFrame(index=perception.index) if covariates is None else indicators(covariates)
    frame = pd.DataFrame({"p": as_float(perception), "b": as_float(baseline), "f": as_float(follow_up)})
    frame.index = perception.index
    known = np.isfinite(frame).all(axis=1) & np.isfinite(held).all(axis=1)
    kept, held = frame[known], held.loc[known, held[known].nunique() > 1]
    shared = {"ci_level": ci_level, "n": len(kept), "n_missing": len(frame) - len(kept)}
    reason = _why_not(kept, held)
    if reason:
        rows = [{"model": "linear", "term": term, "reason": reason} for term in TERMS]
        return pd.DataFrame([{**row, **shared} for row in rows]).reindex(columns=COLUMNS)
    unit = kept["f"].std()
    scaled = [(kept[side] - kept[side].mean()) / unit for side in ("b", "f")]
    extra = (held - held.mean()) / held.std() if held.shape[1] else held
    x = np.column_stack([*scaled, extra.to_numpy(dtype=float)])
    freedom = len(kept) - x.shape[1] - 1
    fits = {"linear": _linear(((kept["p"] - kept["p"].mean()) / kept["p"].std()).to_numpy(), x)}
    if kept["p"].nunique() <= MOST_LEVELS:
        fits["ordinal"] = proportional_odds(kept["p"].to_numpy(), x)
    rows = [
        {"model": model, "reason": "", **row, **shared}
        for model, (beta, covariance) in fits.items()
        for row in _terms(beta[:2], covariance[:2, :2], ci_level, freedom if model == "linear" else np.inf)
    ]
    return pd.DataFrame(rows).reindex(columns=COLUMNS)


def journey_table(
    perception: pd.Series, baseline: pd.Series, follow_up: pd.Series, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return perception with start, end and distance: each alone, and start and end side by side.

    Returns
    -------
    DataFrame
        Rows `with` = "baseline", "follow-up", "gain": `estimate, ci_low, ci_high` (Spearman), `weight,
        weight_low, weight_high` (the linear model of `journey`; none for the gain, which both visits
        together are), `n, reason`. All rows use the patients who have all three values.
    """
    check_same_index(perception, baseline, follow_up)
    together = pd.Series(complete_rows(perception, baseline, follow_up), perception.index)
    sides = {"baseline": baseline, "follow-up": follow_up, "gain": follow_up - baseline}
    fitted = journey(perception, baseline, follow_up, ci_level=ci_level).query("model == 'linear'")
    fitted = fitted.set_index("term")[["estimate", "ci_low", "ci_high"]].reindex(list(sides))
    rows = [
        spearman(perception[together], side[together].rename(name), ci_level).assign(**{"with": name})
        for name, side in sides.items()
    ]
    table = pd.concat(rows, ignore_index=True)[["with", "estimate", "ci_low", "ci_high", "n", "reason"]]
    weights = dict(zip(("weight", "weight_low", "weight_high"), fitted.to_numpy().T, strict=True))
    return table.assign(**weights)[[*table.columns[:4], *weights, "n", "reason"]]


def _why_not(kept: pd.DataFrame, held: pd.DataFrame) -> str:
    n, needed = len(kept), 8 + held.shape[1]
    if n < needed:
        return f"{patients_with(n)} perception, baseline and follow-up; this needs {needed}."
    for side, name in (("p", "perception"), ("b", "baseline"), ("f", "follow-up")):
        if np.ptp(kept[side]) == 0:
            return f"All {n:,} patients have the same {name}; nothing can follow it or be followed."
    design = np.column_stack([kept[["b", "f"]], held])
    scaled = (design - design.mean(axis=0)) / design.std(axis=0)
    if np.linalg.matrix_rank(scaled, tol=1e-6) < design.shape[1]:
        return "Baseline, follow-up and covariates repeat each other, so that they cannot be told apart."
    return ""


def _linear(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return slopes and their HC3 covariance (Long & Ervin 2000, Am Stat 54:217)."""
    design = np.column_stack([np.ones(len(y)), x])
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ y
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    left = (y - design @ beta) / np.maximum(1 - leverage, 1e-12)
    meat = (design * left[:, None]).T @ (design * left[:, None])
    return beta[1:], (inverse @ meat @ inverse)[1:, 1:]


def proportional_odds(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return slopes of the log odds of a higher answer (proportional odds) and their covariance."""
    _, estimate, covariance = cumulative_logit(np.unique(y, return_inverse=True)[1], x)
    q = x.shape[1]
    return estimate[:q], covariance[:q, :q]


def _terms(beta: np.ndarray, covariance: np.ndarray, level: float, freedom: float) -> list[dict[str, object]]:
    from vbhc.statistics.ratios.fieller import fieller

    normal = np.isinf(freedom)
    quantile = stats.norm.ppf((1 + level) / 2) if normal else stats.t.ppf((1 + level) / 2, freedom)
    rows = []
    for at, term in enumerate(TERMS[:2]):
        error = float(np.sqrt(covariance[at, at]))
        t = abs(beta[at]) / error
        p = 2 * (stats.norm.sf(t) if normal else stats.t.sf(t, freedom))
        row = {"term": term, "estimate": beta[at], "se": error, "p_val": p}
        rows.append(row | {"ci_low": beta[at] - quantile * error, "ci_high": beta[at] + quantile * error})
    f = fieller(-beta[0], beta[1], covariance[0, 0], covariance[1, 1], -covariance[0, 1], quantile)
    bounded = f.kind == "bounded"
    ends = {"ci_low": f.low if bounded else np.nan, "ci_high": f.high if bounded else np.nan}
    return [*rows, {"term": TERMS[2], "estimate": f.estimate, "se": np.nan, "p_val": np.nan, **ends}]


def journey_sentence(table: pd.DataFrame, model: str = "linear", alone: pd.DataFrame | None = None) -> str:
    """Return whether perception follows where patients end or how far they came.

    The weight of the start decides, with its interval; `alone` (from `journey_table`) adds the correlations
    with each by itself, which cannot decide, since start, end and distance contain one another.
    """
    rows = table[table["model"] == model].set_index("term")
    if rows["reason"].iloc[0]:
        return rows["reason"].iloc[0]
    end, weight = rows.loc["follow-up"], rows.loc["weight of the start"]
    unit = "log odds" if model == "ordinal" else "SD"
    start, finish = (wording.number(rows.at[term, "estimate"]) for term in TERMS[:2])
    numbers = f"baseline {start}, follow-up {finish} {unit} per SD, n = {int(end['n']):,}"
    if end["ci_low"] <= 0 <= end["ci_high"] or end["estimate"] < 0 or np.isnan(weight["ci_low"]):
        return f"Perception does not clearly rise with where patients end ({numbers}).{_each_alone(alone)}"
    reach = wording.interval(weight["ci_low"], weight["ci_high"], weight["ci_level"])
    share = f"the start counts {wording.number(weight['estimate'])} of the end, {reach}"
    if weight["ci_low"] > 0 and weight["ci_high"] < 1:
        verdict = "Perception follows the end of the journey more than its length, but not the end alone"
        if weight["estimate"] > 0.5:
            verdict = "Perception follows how far patients came more than where they end, but not that alone"
    elif weight["ci_low"] <= 0 <= weight["ci_high"] and weight["ci_high"] < 1:
        verdict = "Perception follows where patients end, not how far they came"
    elif weight["ci_low"] <= 1 <= weight["ci_high"] and weight["ci_low"] > 0:
        verdict = "Perception follows how far patients came"
    elif weight["ci_high"] < 0:
        verdict = "Perception follows both where patients began and where they end, not how far they came"
    elif weight["ci_low"] > 1:
        verdict = "Perception follows how far patients came, and more so the worse they began"
    else:
        verdict = "These data cannot tell whether perception follows the end or the distance"
    return f"{verdict} ({share}; {numbers}).{_each_alone(alone)}"


def _each_alone(table: pd.DataFrame | None) -> str:
    if table is None or table["estimate"].isna().any():
        return ""
    parts = [f"{wording.number(row['estimate'])} with the {row['with']}" for row in table.to_dict("records")]
    return f" Each taken alone, perception correlates {wording.listing(parts)} (ρ)."
