"""Mean costs of groups that are alike in everything measured: gamma-log and two-part models.

The mean is what is paid; taking logs or medians answers another question (Ramsey et al. 2015, Value Health
18:161). A gamma model with a log link keeps the mean on its own scale; the modified Park test says whether
its variance fits (Manning & Mullahy 2001, J Health Econ 20:461). Costs of zero need a first part.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from vbhc import wording
from vbhc.statistics.covariates import indicators
from vbhc.statistics.regression.variance import POWERS, family_log, gamma_log, two_part

COLUMNS = [
    *("model", "group", "estimate", "low", "high", "difference", "difference_low", "difference_high"),
    *("p", "ci_level", "n", "n_missing", "reason"),
]


class Part(NamedTuple):
    """One fitted model: its design, coefficients, and their robust covariance (`kind`: its link)."""

    design: np.ndarray
    coefficients: np.ndarray
    covariance: np.ndarray
    kind: str


def adjusted_means(
    cost: pd.Series,
    group: pd.Series,
    covariates: pd.DataFrame | None = None,
    reference: str = "",
    ci_level: float = 0.95,
    also: str = "",
) -> pd.DataFrame:
    """Return the mean cost of each group: as observed, and as if all groups had the patients of the whole.

    Parameters
    ----------
    cost, group : Series
        On one index; with a negative cost there is no answer.
    covariates : DataFrame, optional
        Held equal; text becomes one indicator per level but the first.
    reference : str
        The group that differences are against; by default the first by name.
    also : str
        A variance family beside gamma ("poisson", "inverse gaussian", "gaussian", as `park_test` finds it),
        each with a log link; not beside a two-part model.

    Returns
    -------
    DataFrame
        `model` = "observed" (t interval), "gamma-log" (when no cost is zero) or "two-part" (when some are),
        and the one of `also` ("poisson-log"); per group
        `group, estimate, low, high, difference, difference_low, difference_high, p,
        ci_level, n, n_missing, reason`. Intervals of the models: delta method, robust (HC1) covariance, the
        mean's on the log scale. Without an answer the numbers are NaN and `reason` says why.

    Raises
    ------
    ValueError
        If the indexes differ, or the reference is no group.

    Examples
    --------
    >>> cost, ward = pd.Series([1, 3] * 4 + [2, 6] * 4, dtype=float), pd.Series(["a"] * 8 + ["b"] * 8)
    >>> adjusted_means(cost, ward)[["model", "estimate"]].round(6).to_numpy().tolist()
    [['observed', 2.0], ['observed', 4.0], ['gamma-log', 2.0], ['gamma-log', 4.0]]
    """
    held = pd.DataFrame(index=cost.index) if covariates is None else indicators(covariates)
    if not (cost.index.equals(group.index) and cost.index.equals(held.index)):
        raise ValueError("cost, group and covariates must share one index; merge on the patient's key first")
    names = [str(name) for name in sorted(group.dropna().unique(), key=str)]
    if reference and reference not in names:
        raise ValueError(f"no group {reference!r}; known: {', '.join(names)}")
    first = reference or (names[0] if names else "")
    names = [name for name in (first, *names) if name][:1] + [name for name in names if name != first]
    known = cost.notna() & group.notna() & held.notna().all(axis=1)
    y, g = cost[known].astype(float), group[known].astype(str)
    held = held.loc[known, held[known].nunique() > 1]
    sizes = {name: int((g == name).sum()) for name in names}
    shared = {"ci_level": ci_level, "n_missing": len(cost) - len(y)}
    model = "two-part" if (y == 0).any() else "gamma-log"
    reason = why_no_model(y, g, names, held)
    rows = _observed(y, g, names, ci_level) if (y >= 0).all() else []
    if reason:
        rows += [{"model": model, "group": name, "reason": reason} for name in names]
    else:
        rows += _modelled(y, g, names, held, model, ci_level)
        if model == "gamma-log" and also and also != "gamma":
            rows += _modelled(y, g, names, held, f"{also}-log", ci_level)
    table = pd.DataFrame([{"reason": "", **row, **shared, "n": sizes[str(row["group"])]} for row in rows])
    return table.reindex(columns=COLUMNS)


def why_no_model(y: pd.Series, g: pd.Series, names: list[str], held: pd.DataFrame) -> str:
    """Return why no model of these costs can be fitted, or ""."""
    negative = int((y < 0).sum())
    if negative:
        return f"{wording.count(negative, len(y))} costs are negative; a cost is never below zero."
    if len(names) < 2:
        return "There is only one group; nothing to adjust for."
    if y.groupby(g).nunique().max() == 1:
        return "Within the groups all costs are the same, so there is nothing to model."
    k = len(names) + held.shape[1]
    if len(y) < k + 5:
        return f"{len(y):,} patients are too few for a model of {k} coefficients."
    for name in names:
        if (y[g == name] > 0).sum() < 2:
            return f"Fewer than two patients of {name} have a cost above zero."
    design = group_design(g, names, held)
    if np.linalg.matrix_rank(design.to_numpy()) < design.shape[1]:
        return "A covariate repeats the groups, so that nothing can be held equal."
    return ""


def _observed(y: pd.Series, g: pd.Series, names: list[str], level: float) -> list[dict[str, object]]:
    rows = []
    first = y[g == names[0]] if names else y
    for name in names:
        part = y[g == name]
        row: dict[str, object] = {"model": "observed", "group": name, "estimate": part.mean()}
        if len(part) > 1:
            half = stats.t.ppf((1 + level) / 2, len(part) - 1) * part.std() / np.sqrt(len(part))
            row |= {"low": part.mean() - half, "high": part.mean() + half}
        if name != names[0] and min(len(part), len(first)) > 1 and np.ptp(part) + np.ptp(first) > 0:
            test = stats.ttest_ind(part, first, equal_var=False)
            ends = test.confidence_interval(level)
            row |= {"difference": part.mean() - first.mean(), "p": float(test.pvalue)}
            row |= {"difference_low": float(ends.low), "difference_high": float(ends.high)}
        rows.append(row)
    return rows


def group_design(g: pd.Series, names: list[str], held: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a model: a constant, one indicator per group but the first, what is held.

    >>> held = pd.DataFrame({"age": [70.0, 80.0]})
    >>> group_design(pd.Series(["a", "b"]), ["a", "b"], held).to_numpy().tolist()
    [[1.0, 0.0, 70.0], [1.0, 1.0, 80.0]]
    """
    columns = {"constant": pd.Series(1.0, index=g.index)}
    columns |= {f"group: {name}": (g == name).astype(float) for name in names[1:]}
    return pd.concat([pd.DataFrame(columns), held], axis=1)


def _modelled(y, g, names, held, model, level) -> list[dict[str, object]]:
    parts = _parts(y, group_design(g, names, held), model)
    means, gradients = {}, {}
    for name in names:
        everyone = group_design(pd.Series(name, index=g.index), names, held).to_numpy()
        means[name], gradients[name] = _mean_if(parts, everyone)
    z = stats.norm.ppf((1 + level) / 2)
    rows = []
    for name in names:
        error = _error(parts, gradients[name])
        spread = np.exp(z * error / means[name])
        row = {"model": model, "group": name, "estimate": means[name]}
        row |= {"low": means[name] / spread, "high": means[name] * spread}
        if name != names[0]:
            change = means[name] - means[names[0]]
            error = _error(parts, [a - b for a, b in zip(gradients[name], gradients[names[0]], strict=True)])
            row |= {"difference": change, "p": float(2 * stats.norm.sf(abs(change) / error))}
            row |= {"difference_low": change - z * error, "difference_high": change + z * error}
        rows.append(row)
    return rows


def _parts(y: pd.Series, design: pd.DataFrame, model: str) -> list[Part]:
    """Return the fitted parts with robust covariance: the gamma-log model, and before it the logit."""
    if model == "gamma-log":
        return [_part(gamma_log(y, design), design, "log")]
    if model != "two-part":
        family = model.removesuffix("-log")
        return [_part(family_log(y, design, family), design, "log", POWERS[family])]
    first, second = two_part(y, design)
    return [_part(first, design, "logit"), _part(second, design, "log")]


def _part(fitted, design: pd.DataFrame, kind: str, power: int = 2) -> Part:
    x = np.asarray(fitted.model.exog)
    residual = np.asarray(fitted.resid_response)
    mean = np.asarray(fitted.fittedvalues)
    weight = mean ** (2.0 - power) if kind == "log" else mean * (1 - mean)
    score = x * (residual * mean ** (1.0 - power) if kind == "log" else residual)[:, None]
    bread = np.linalg.inv(x.T @ (x * weight[:, None]))
    n, k = x.shape
    return Part(x, np.asarray(fitted.params), n / (n - k) * bread @ (score.T @ score) @ bread, kind)


def _mean_if(parts: list[Part], everyone: np.ndarray) -> tuple[float, list[np.ndarray]]:
    """Return the mean cost if all patients had this design, and its gradient in each part's coefficients."""
    levels = [_level(part, everyone) for part in parts]
    product = np.prod([level for level, _ in levels], axis=0)
    gradients = []
    for level, slope in levels:
        others = product / np.where(level > 0, level, 1)
        gradients.append((everyone * (others * slope)[:, None]).mean(axis=0))
    return float(product.mean()), gradients


def _level(part: Part, everyone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    line = everyone @ part.coefficients
    if part.kind == "log":
        level = np.exp(line)
        return level, level
    level = 1 / (1 + np.exp(-line))
    return level, level * (1 - level)


def _error(parts: list[Part], gradients: list[np.ndarray]) -> float:
    return float(np.sqrt(sum(g @ part.covariance @ g for g, part in zip(gradients, parts, strict=True))))
