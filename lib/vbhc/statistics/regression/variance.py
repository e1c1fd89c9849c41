"""How the variance of costs grows with their mean, and the models that take it so (log link).

The modified Park test says which family fits (Manning & Mullahy 2001, J Health Econ 20:461). A mean from a
model with robust errors is right under each; the family decides how much a dear patient counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import OLS
from statsmodels.tools.tools import add_constant

FAMILIES = ((0.5, "gaussian"), (1.5, "poisson"), (2.5, "gamma"), (np.inf, "inverse gaussian"))
POWERS = {"gaussian": 0, "poisson": 1, "gamma": 2, "inverse gaussian": 3}


def gamma_log(cost: pd.Series, design: pd.DataFrame) -> Any:
    """Return the fitted gamma model with a log link (statsmodels), scale by Pearson's chi-squared.

    `design` has a constant where one is wanted. Costs must be above 0.

    >>> fit = gamma_log(pd.Series([1.0, 3.0]), pd.DataFrame({"constant": [1.0, 1.0]}))
    >>> round(float(np.exp(fit.params.iloc[0])), 6)  # the mean
    2.0
    """

    family = families.Gamma(families.links.Log())
    return GLM(cost.to_numpy(dtype=float), design.astype(float), family=family).fit(scale="X2")


def family_log(cost: pd.Series, design: pd.DataFrame, family: str) -> Any:
    """Return the fitted model of another variance family with a log link (a name of `POWERS`)."""

    if family == "gamma":
        return gamma_log(cost, design)
    names = {"gaussian": "Gaussian", "poisson": "Poisson", "inverse gaussian": "InverseGaussian"}
    chosen = getattr(families, names[family])(families.links.Log())
    start = gamma_log(cost, design).params  # near enough for families that are slow to get there
    return GLM(cost.to_numpy(dtype=float), design.astype(float), family=chosen).fit(
        start_params=start, scale="X2"
    )


def two_part(cost: pd.Series, design: pd.DataFrame) -> tuple[Any, Any]:
    """Return the fitted logit of any cost, and the gamma-log model of costs above zero."""

    any_cost = (cost > 0).astype(float).to_numpy()
    first = GLM(any_cost, design.astype(float), family=families.Binomial()).fit()
    positive = cost > 0
    return first, gamma_log(cost[positive], design[positive])


def park_test(fitted: Any) -> pd.DataFrame:
    """Return how variance grows with the mean, from a fitted model with a log link (Park's test).

    The power of the mean is the slope of squared residuals on the log of the fitted mean: by least squares on
    their log (Park 1966), and by a gamma-log model (the modified test of Manning & Mullahy 2001).

    Returns
    -------
    DataFrame
        Rows `method` = "least squares", "gamma-log" with `power, low, high` (95%, robust), `family`
        (the nearest of 0 gaussian, 1 poisson, 2 gamma, 3 inverse gaussian), `intercept, n`; NaN and "" where
        all fitted means are alike.
    """

    squared = np.maximum(np.asarray(fitted.resid_response) ** 2, 1e-12)
    log_mean = add_constant(np.log(np.asarray(fitted.fittedvalues)), has_constant="add")
    names = ("least squares", "gamma-log")
    if np.ptp(log_mean[:, 1]) < 1e-12:
        empty = dict.fromkeys(("power", "low", "high", "intercept"), np.nan)
        return pd.DataFrame([{"method": name, **empty, "family": "", "n": len(squared)} for name in names])
    family = families.Gamma(families.links.Log())
    fits = (
        OLS(np.log(squared), log_mean).fit(cov_type="HC1"),
        GLM(squared, log_mean, family=family).fit(scale="X2", cov_type="HC1"),
    )
    rows = []
    for name, fit in zip(names, fits, strict=True):
        power, half = float(fit.params[1]), 1.96 * float(fit.bse[1])
        nearest = next(word for edge, word in FAMILIES if power < edge)
        row = {"method": name, "power": power, "low": power - half, "high": power + half}
        rows.append(row | {"family": nearest, "intercept": float(fit.params[0]), "n": len(squared)})
    return pd.DataFrame(rows)
