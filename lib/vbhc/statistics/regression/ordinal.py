"""Ordinal regression of graded answers on group and covariates, and whether its one assumption holds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.miscmodels.ordinal_model import OrderedModel

from vbhc.wording import listing

FAR = 15  # a log odds ratio beyond this says that a group can be told apart without error


def ordinal_regression(
    data: pd.DataFrame,
    answer: str,
    predictors: Sequence[str],
    references: dict[str, object] | None = None,
    ci_level: float = 0.95,
) -> pd.DataFrame:
    """Fit a cumulative-logit (proportional-odds) model.

    Parameters
    ----------
    data : DataFrame
        One row per respondent; rows with a missing value are left out and counted.
    answer : str
        Column of graded answers, higher = more.
    predictors : sequence of str
        Columns; text columns become one term per level but the reference.
    references : dict, optional
        Column -> level to compare with; default the level that stands first.

    Returns
    -------
    DataFrame
        Terms, then thresholds: `term, kind` (term or threshold), `estimate` (log odds of a higher answer;
        for a threshold the log odds of an answer at most that level, in the reference), `se, ci_low, ci_high,
        odds_ratio, p_val` (Wald), and repeated in each row `log_likelihood, lr_statistic, lr_df, lr_p` (all
        predictors at once), `n, n_missing, separated` (a term runs away to infinity: read the likelihood
        ratio, not Wald), `method`.

    Notes
    -----
    statsmodels gives thresholds after the first as log increments; here they are on the scale of the logits.

    References
    ----------
    McCullagh 1980, J R Stat Soc B 42:109-42. Equal to `clm` of the R package ordinal.
    """
    used, design, codes, levels = _design(data, answer, predictors, references or {})
    fitted, moved, covariance = _fit(codes, design)
    q = design.shape[1]
    cuts = np.concatenate([[moved[q]], moved[q] + np.cumsum(np.exp(moved[q + 1 :]))])
    jacobian = np.eye(len(moved))
    for row in range(q + 1, len(moved)):
        jacobian[row, q] = 1
        jacobian[row, q + 1 : row + 1] = np.exp(moved[q + 1 : row + 1])
    spread = np.sqrt(np.clip(np.diag(jacobian @ covariance @ jacobian.T), 0, None))
    estimate = np.concatenate([moved[:q], cuts])
    z = stats.norm.ppf((1 + ci_level) / 2)
    names = [*design.columns, *(f"{a:g}|{b:g}" for a, b in pairwise(levels))]
    table = pd.DataFrame({"term": names, "kind": ["term"] * q + ["threshold"] * len(cuts)})
    table = table.assign(estimate=estimate, se=spread)
    table = table.assign(ci_low=estimate - z * spread, ci_high=estimate + z * spread)
    table["odds_ratio"] = np.exp(np.where(table["kind"] == "term", table["estimate"], np.nan))
    with np.errstate(divide="ignore", invalid="ignore"):
        table["p_val"] = 2 * stats.norm.sf(np.abs(table["estimate"] / table["se"]))
    shares = np.bincount(codes) / len(codes)
    empty = float((np.bincount(codes) * np.log(shares)).sum())
    lr = 2 * (fitted - empty)
    return table.assign(
        log_likelihood=fitted,
        lr_statistic=lr,
        lr_df=q,
        lr_p=float(stats.chi2.sf(lr, q)),
        n=len(used),
        n_missing=len(data) - len(used),
        separated=bool((np.abs(moved[:q]) > FAR).any()),
        method="proportional odds, logit",
    )


def proportional_odds(
    data: pd.DataFrame, answer: str, predictors: Sequence[str], references: dict[str, object] | None = None
) -> pd.DataFrame:
    """Check that each predictor shifts all cuts of the scale alike (Brant 1990).

    Returns
    -------
    DataFrame
        A row "all" and a row per term: `term, statistic` (Wald chi-square), `df, p_val, n, cuts, method,
        reason`. A cut at which the predictors tell the answers apart without error has no slope: it is left
        out, and `reason` names it. With fewer than two cuts left the test does not exist: `p_val` is missing.

    References
    ----------
    Brant 1990, Biometrics 46:1171-8, eq. 3-5.
    """
    used, design, codes, levels = _design(data, answer, predictors, references or {})
    x = np.column_stack([np.ones(len(used)), design.to_numpy(dtype=float)])
    fits, apart = [], []
    for cut in range(len(levels) - 1):
        beta = _logit(x, (codes > cut).astype(float))
        if beta is None:
            apart.append(f"{levels[cut]:g}")
        else:
            fits.append((beta, 1 / (1 + np.exp(-x @ beta))))
    reason = _unchecked(len(levels), apart, len(fits))
    names, possible = list(design.columns), len(fits) > 1
    rows = [{"term": name, "df": 1} for name in names]
    tests = [[n] for n in range(len(names))]
    if len(names) > 1:
        rows, tests = [{"term": "all", "df": len(names)}, *rows], [list(range(len(names))), *tests]
    for row, columns in zip(rows, tests, strict=True):
        row["df"] *= max(len(fits) - 1, 1)
        row["statistic"] = _wald(x, fits, [c + 1 for c in columns]) if possible else np.nan
        row["p_val"] = float(stats.chi2.sf(row["statistic"], row["df"])) if possible else np.nan
        row |= {"n": len(used), "cuts": len(fits), "method": "Brant", "reason": reason}
    return pd.DataFrame(rows)[["term", "statistic", "df", "p_val", "n", "cuts", "method", "reason"]]


def _unchecked(levels: int, apart: list[str], cuts: int) -> str:
    """Return why a check of proportional odds is not there or rests on fewer cuts than the scale has."""
    if levels < 3:
        return "the answer has two levels, so there is one cut only"
    if not apart:
        return ""
    told = f"above {listing(apart, 'or')} the predictors tell the answers apart without error"
    return f"{told}; checked at the other cuts" if cuts > 1 else told


def _design(data, answer, predictors, references):
    """Return (rows used, dummy-coded predictors, answer codes from 0, levels)."""
    used = data[[answer, *predictors]].dropna()
    levels = sorted(used[answer].unique())
    if len(levels) < 2:
        raise ValueError(f"{answer!r} has one answer only; nothing to explain")
    parts = []
    for name in predictors:
        column = used[name]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            parts.append(column.astype(float).rename(name))
            continue
        values = list(dict.fromkeys(column))
        reference = references.get(name, values[0])
        if reference not in values:
            raise ValueError(f"{name!r} has no level {reference!r}; found {', '.join(map(str, values))}")
        for value in (v for v in values if v != reference):
            parts.append((column == value).astype(float).rename(f"{name}: {value}"))
    design = pd.concat(parts, axis=1)
    if np.linalg.matrix_rank(np.column_stack([np.ones(len(design)), design])) <= design.shape[1]:
        raise ValueError("the predictors overlap completely; leave one out")
    codes = used[answer].map({level: n for n, level in enumerate(levels)}).to_numpy(dtype=int)
    return used, design, codes, levels


def _fit(codes: np.ndarray, design: pd.DataFrame) -> tuple[float, np.ndarray, np.ndarray]:
    """Return (log likelihood, parameters as statsmodels has them, their covariance)."""
    model = OrderedModel(codes, design.to_numpy(dtype=float), distr="logit")
    start = model.start_params
    # separation shows in the column `separated`, in words a reader can use
    quiet = {"disp": False, "skip_hessian": True, "warn_convergence": False}
    result = model.fit(start_params=start, method="bfgs", maxiter=2_000, gtol=1e-9, **quiet)
    result = model.fit(start_params=result.params, method="newton", maxiter=50, **quiet)
    hessian = model.hessian(result.params)
    return float(result.llf), np.asarray(result.params), np.linalg.pinv(-hessian)


def _logit(x: np.ndarray, y: np.ndarray) -> np.ndarray | None:
    """Return the coefficients of a binary logit, or None where they run away (separation)."""
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        share = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        information = (x * (share * (1 - share))[:, None]).T @ x
        if np.linalg.cond(information) > 1e12:
            return None
        step = np.linalg.solve(information, x.T @ (y - share))
        beta = beta + step
        if np.abs(beta).max() > FAR:
            return None
        if np.abs(step).max() < 1e-10:
            return beta
    return None


def _wald(x: np.ndarray, fits: list[tuple[np.ndarray, np.ndarray]], columns: list[int]) -> float:
    """Return the chi-square that the chosen coefficients are the same at every cut."""
    bread = [np.linalg.inv((x * (p * (1 - p))[:, None]).T @ x) for _, p in fits]
    blocks = [
        [
            bread[a] @ ((x * (fits[max(a, b)][1] - fits[a][1] * fits[b][1])[:, None]).T @ x) @ bread[b]
            for b in range(len(fits))
        ]
        for a in range(len(fits))
    ]
    covariance = np.block([[block[np.ix_(columns, columns)] for block in row] for row in blocks])
    beta = np.concatenate([b[columns] for b, _ in fits])
    q = len(columns)
    contrast = np.hstack([np.tile(np.eye(q), (len(fits) - 1, 1)), -np.eye(q * (len(fits) - 1))])
    gap = contrast @ beta
    return float(gap @ np.linalg.solve(contrast @ covariance @ contrast.T, gap))
