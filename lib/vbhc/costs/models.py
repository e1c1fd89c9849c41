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
from vbhc.association.covariates import indicators

FAMILIES = ((0.5, "gaussian"), (1.5, "poisson"), (2.5, "gamma"), (np.inf, "inverse gaussian"))
COLUMNS = [
    *("model", "group", "estimate", "ci_low", "ci_high", "difference", "difference_low", "difference_high"),
    *("p_val", "ci_level", "n", "n_missing", "reason"),
]


class Part(NamedTuple):
    """One fitted model: its design, coefficients, and their robust covariance."""

    design: np.ndarray
    coefficients: np.ndarray
    covariance: np.ndarray
    kind: str


def gamma_log(cost: pd.Series, design: pd.DataFrame):
    """Return the fitted gamma model with a log link (statsmodels), scale by Pearson's chi-squared.

    `design` has a constant where one is wanted. Costs must be above 0.
    """
    import statsmodels.api as sm  # slow to import, and most uses of this package need no model

    family = sm.families.Gamma(sm.families.links.Log())
    return sm.GLM(cost.to_numpy(dtype=float), design.astype(float), family=family).fit(scale="X2")


def two_part(cost: pd.Series, design: pd.DataFrame) -> tuple[object, object]:
    """Return the fitted logit of any cost, and the gamma-log model of costs above zero."""
    import statsmodels.api as sm

    any_cost = (cost > 0).astype(float).to_numpy()
    first = sm.GLM(any_cost, design.astype(float), family=sm.families.Binomial()).fit()
    positive = cost > 0
    return first, gamma_log(cost[positive], design[positive])


def park_test(fitted) -> pd.DataFrame:
    """Return how variance grows with the mean, from a fitted model with a log link (Park's test).

    The power of the mean is the slope of squared residuals on the log of the fitted mean: by least squares on
    their log (Park 1966), and by a gamma-log model (the modified test of Manning & Mullahy 2001).

    Returns
    -------
    DataFrame
        Rows `method` = "least squares", "gamma-log" with `power, ci_low, ci_high` (95%, robust), `family`
        (the nearest of 0 gaussian, 1 poisson, 2 gamma, 3 inverse gaussian), `intercept, n`; NaN and "" where
        all fitted means are alike.
    """
    import statsmodels.api as sm

    squared = np.maximum(np.asarray(fitted.resid_response) ** 2, 1e-12)
    log_mean = sm.add_constant(np.log(np.asarray(fitted.fittedvalues)), has_constant="add")
    names = ("least squares", "gamma-log")
    if np.ptp(log_mean[:, 1]) < 1e-12:
        empty = dict.fromkeys(("power", "ci_low", "ci_high", "intercept"), np.nan)
        return pd.DataFrame([{"method": name, **empty, "family": "", "n": len(squared)} for name in names])
    family = sm.families.Gamma(sm.families.links.Log())
    fits = (
        sm.OLS(np.log(squared), log_mean).fit(cov_type="HC1"),
        sm.GLM(squared, log_mean, family=family).fit(scale="X2", cov_type="HC1"),
    )
    rows = []
    for name, fit in zip(names, fits, strict=True):
        power, half = float(fit.params[1]), 1.96 * float(fit.bse[1])
        nearest = next(word for edge, word in FAMILIES if power < edge)
        row = {"method": name, "power": power, "ci_low": power - half, "ci_high": power + half}
        rows.append(row | {"family": nearest, "intercept": float(fit.params[0]), "n": len(squared)})
    return pd.DataFrame(rows)


def park_sentence(result: pd.DataFrame) -> str:
    """Return whether a gamma model's variance fits these costs."""
    row = result.iloc[-1]
    if not row["family"]:
        return "All fitted means are alike, so that how variance grows with the mean cannot be told."
    reach = wording.interval(row["ci_low"], row["ci_high"], 0.95, 1)
    numbers = f"power {wording.number(row['power'], 1)}, {reach}, n = {int(row['n']):,}"
    if row["ci_low"] <= 2 <= row["ci_high"]:
        return f"The variance of costs grows with their mean as a gamma model has it ({numbers})."
    return (
        f"The variance of costs grows with their mean as in a {row['family']} model, not a gamma ({numbers})."
    )


def adjusted_means(
    cost: pd.Series,
    group: pd.Series,
    covariates: pd.DataFrame | None = None,
    reference: str = "",
    ci_level: float = 0.95,
) -> pd.DataFrame:
    """Return the mean cost of each group: as observed, and as if all groups had the patients of the whole.

    Parameters
    ----------
    cost, group : Series
        On one index; a negative cost is an error.
    covariates : DataFrame, optional
        Held equal; text becomes one indicator per level but the first.
    reference : str
        The group that differences are against; by default the first by name.

    Returns
    -------
    DataFrame
        `model` = "observed" (t interval), "gamma-log" (when no cost is zero) or "two-part" (when some are);
        per group `group, estimate, ci_low, ci_high, difference, difference_low, difference_high, p_val,
        ci_level, n, n_missing, reason`. Intervals of the models: delta method, robust (HC1) covariance, the
        mean's on the log scale. Without an answer the numbers are NaN and `reason` says why.

    Raises
    ------
    ValueError
        If the indexes differ, a cost is negative, or the reference is no group.
    """
    held = pd.DataFrame(index=cost.index) if covariates is None else indicators(covariates)
    if not (cost.index.equals(group.index) and cost.index.equals(held.index)):
        raise ValueError("cost, group and covariates must share one index; merge on the patient's key first")
    if (cost < 0).any():
        raise ValueError(f"a cost cannot be negative; {wording.rows_named(cost.index[cost < 0])}")
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
    rows = _observed(y, g, names, ci_level)
    reason = _why_no_model(y, g, names, held)
    if reason:
        rows += [{"model": model, "group": name, "reason": reason} for name in names]
    else:
        rows += _modelled(y, g, names, held, model, ci_level)
    table = pd.DataFrame([{"reason": "", **row, **shared, "n": sizes[row["group"]]} for row in rows])
    return table.reindex(columns=COLUMNS)


def _why_no_model(y: pd.Series, g: pd.Series, names: list[str], held: pd.DataFrame) -> str:
    if len(names) < 2:
        return "There is only one group; nothing to adjust for."
    k = len(names) + held.shape[1]
    if len(y) < k + 5:
        return f"{len(y):,} patients are too few for a model of {k} coefficients."
    for name in names:
        if (y[g == name] > 0).sum() < 2:
            return f"Fewer than two patients of {name} have a cost above zero."
    design = _design(g, names, held)
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
            row |= {"ci_low": part.mean() - half, "ci_high": part.mean() + half}
        if name != names[0] and min(len(part), len(first)) > 1:
            test = stats.ttest_ind(part, first, equal_var=False)
            ends = test.confidence_interval(level)
            row |= {"difference": part.mean() - first.mean(), "p_val": float(test.pvalue)}
            row |= {"difference_low": float(ends.low), "difference_high": float(ends.high)}
        rows.append(row)
    return rows


def _design(g: pd.Series, names: list[str], held: pd.DataFrame) -> pd.DataFrame:
    columns = {"constant": pd.Series(1.0, index=g.index)}
    columns |= {f"group: {name}": (g == name).astype(float) for name in names[1:]}
    return pd.concat([pd.DataFrame(columns), held], axis=1)


def _modelled(y, g, names, held, model, level) -> list[dict[str, object]]:
    parts = _parts(y, _design(g, names, held), model)
    means, gradients = {}, {}
    for name in names:
        everyone = _design(pd.Series(name, index=g.index), names, held).to_numpy()
        means[name], gradients[name] = _mean_if(parts, everyone)
    z = stats.norm.ppf((1 + level) / 2)
    rows = []
    for name in names:
        error = _error(parts, gradients[name])
        spread = np.exp(z * error / means[name])
        row = {"model": model, "group": name, "estimate": means[name]}
        row |= {"ci_low": means[name] / spread, "ci_high": means[name] * spread}
        if name != names[0]:
            change = means[name] - means[names[0]]
            error = _error(parts, [a - b for a, b in zip(gradients[name], gradients[names[0]], strict=True)])
            row |= {"difference": change, "p_val": float(2 * stats.norm.sf(abs(change) / error))}
            row |= {"difference_low": change - z * error, "difference_high": change + z * error}
        rows.append(row)
    return rows


def _parts(y: pd.Series, design: pd.DataFrame, model: str) -> list[Part]:
    """Return the fitted parts with robust covariance: the gamma-log model, and before it the logit."""
    if model == "gamma-log":
        return [_part(gamma_log(y, design), design, "log")]
    first, second = two_part(y, design)
    return [_part(first, design, "logit"), _part(second, design, "log")]


def _part(fitted, design: pd.DataFrame, kind: str) -> Part:
    x = np.asarray(fitted.model.exog)
    residual = np.asarray(fitted.resid_response)
    mean = np.asarray(fitted.fittedvalues)
    weight = np.ones(len(mean)) if kind == "log" else mean * (1 - mean)
    score = x * (residual / mean if kind == "log" else residual)[:, None]
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


def adjusted_means_sentence(table: pd.DataFrame, currency: str, held: str = "") -> str:
    """Return the mean costs of groups once they are alike, and how far that moved them."""
    model = table[table["model"] != "observed"]
    if model.empty or model["reason"].iloc[0]:
        return model["reason"].iloc[0] if len(model) else "No group has a cost."
    parts = [
        f"{row['group']} {wording.money(row['estimate'], currency)} "
        f"({wording.interval(row['ci_low'], row['ci_high'], row['ci_level'], 0)})"
        for row in model.to_dict("records")
    ]
    alike = f" among patients alike in {held}" if held else ""
    text = f"Mean cost{alike}: {wording.listing(parts)} ({model['model'].iloc[0]} model)"
    if len(model) != 2:
        return f"{text}."
    row, plain = model.iloc[1], table[table["model"] == "observed"].iloc[1]
    reach = wording.interval(row["difference_low"], row["difference_high"], row["ci_level"], 0)
    return (
        f"{text}; {row['group']} differs by {wording.money(row['difference'], currency)} ({reach}), "
        f"as observed by {wording.money(plain['difference'], currency)}."
    )
