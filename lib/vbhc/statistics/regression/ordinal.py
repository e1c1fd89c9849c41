"""Ordinal regression of graded answers on group and covariates, and whether its one assumption holds."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special, stats

from vbhc.statistics.samples import indicators
from vbhc.wording import listing

FAR = 15  # a log odds ratio beyond this says that a group can be told apart without error
MOST_STEPS, CLOSE, ROUNDING = 100, 1e-11, 1e-13  # of Newton's method


class OrdinalFit(NamedTuple):
    """A fitted model: `terms` (by term and threshold: `estimate, se`) and all predictors at once (`p`)."""

    terms: pd.DataFrame
    log_likelihood: float
    p: float


class Brant(NamedTuple):
    """Whether all predictors shift all cuts alike: Wald chi-square; `reason` names what was left out."""

    statistic: float
    df: int
    p: float
    reason: str


def ordinal_regression(data: pd.DataFrame, answer: str, predictors: Sequence[str]) -> OrdinalFit:
    """Fit a cumulative-logit (proportional-odds) model.

    Parameters
    ----------
    data : DataFrame
        One row per respondent; rows with a missing value are left out.
    answer : str
        Column of graded answers, higher = more.
    predictors : sequence of str
        Columns; text columns become one term per level but the first.

    Returns
    -------
    OrdinalFit
        A term's estimate is the log odds of a higher answer, a threshold's those of an answer at most that
        level. A term may run away to infinity: read the likelihood ratio `p`, which still stands.

    References
    ----------
    McCullagh 1980, J R Stat Soc B 42:109-42. Equal to `clm` of the R package ordinal.

    Examples
    --------
    Two answers and two groups, 1 and 3 of 4 above: the log odds ratio is ln 9.

    >>> data = pd.DataFrame({"grade": [0, 0, 0, 1, 0, 1, 1, 1], "group": list("aaaabbbb")})
    >>> float(np.exp(ordinal_regression(data, "grade", ["group"]).terms.loc["group: b", "estimate"]).round(6))
    9.0
    """
    design, codes, levels = _design(data, answer, predictors)
    fitted, estimate, covariance = cumulative_logit(codes, design.to_numpy(dtype=float))
    names = [*design.columns, *(f"{a:g}|{b:g}" for a, b in pairwise(levels))]
    errors = np.sqrt(np.clip(np.diag(covariance), 0, None))
    answers = np.bincount(codes)
    empty = float((answers * np.log(answers / len(codes))).sum())
    p = float(stats.chi2.sf(2 * (fitted - empty), design.shape[1]))
    return OrdinalFit(pd.DataFrame({"estimate": estimate, "se": errors}, index=names), fitted, p)


def proportional_odds(data: pd.DataFrame, answer: str, predictors: Sequence[str]) -> Brant:
    """Check that the predictors shift all cuts of the scale alike (Brant 1990).

    A cut at which the predictors tell the answers apart without error has no slope: it is left out, and the
    reason names it. With fewer than two cuts left the test does not exist: `statistic` and `p` are missing.

    References
    ----------
    Brant 1990, Biometrics 46:1171-8, eq. 3-5.

    Examples
    --------
    >>> data = pd.DataFrame({"grade": [0, 0, 0, 1, 0, 1, 1, 1], "group": list("aaaabbbb")})
    >>> proportional_odds(data, "grade", ["group"]).reason
    'the answer has two levels, so there is one cut only'
    """
    design, codes, levels = _design(data, answer, predictors)
    x = np.column_stack([np.ones(len(codes)), design.to_numpy(dtype=float)])
    fits, apart = [], []
    for cut in range(len(levels) - 1):
        _, (*slopes, below), _ = cumulative_logit((codes > cut).astype(int), x[:, 1:])
        beta = np.array([-below, *slopes])
        if np.abs(beta).max() > FAR:
            apart.append(f"{levels[cut]:g}")
        else:
            fits.append((beta, special.expit(x @ beta)))
    reason = _unchecked(len(levels), apart, len(fits))
    df = design.shape[1] * max(len(fits) - 1, 1)
    statistic = _wald(x, fits) if len(fits) > 1 else np.nan
    return Brant(statistic, df, float(stats.chi2.sf(statistic, df)), reason)


def _unchecked(levels: int, apart: list[str], cuts: int) -> str:
    """Return why a check of proportional odds is not there or rests on fewer cuts than the scale has."""
    if levels < 3:
        return "the answer has two levels, so there is one cut only"
    if not apart:
        return ""
    told = f"above {listing(apart, 'or')} the predictors tell the answers apart without error"
    return f"{told}; checked at the other cuts" if cuts > 1 else told


def _design(data, answer, predictors):
    """Return (dummy-coded predictors, answer codes from 0, levels) of the rows without a gap."""
    used = data[[answer, *predictors]].dropna()
    levels = sorted(used[answer].unique())
    if len(levels) < 2:
        raise ValueError(f"{answer!r} has one answer only; nothing to explain")
    design = indicators(used[list(predictors)])
    if np.linalg.matrix_rank(np.column_stack([np.ones(len(design)), design])) <= design.shape[1]:
        raise ValueError("the predictors overlap completely; leave one out")
    codes = used[answer].map({level: n for n, level in enumerate(levels)}).to_numpy(dtype=int)
    return design, codes, levels


def cumulative_logit(codes: np.ndarray, x: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Fit logit P(code <= j) = cut[j] - x @ slope by Newton's steps with exact derivatives.

    statsmodels' OrderedModel has numerical ones: its intervals differ between machines in the sixth digit.

    Parameters
    ----------
    codes : array of int, shape (n,)
        Answers from 0 without a gap, none missing.
    x : array, shape (n, q)
        Predictors without a constant.

    Returns
    -------
    (log_likelihood, estimates, covariance)
        q slopes, then the cuts. A slope that runs away (separation) is left beyond twice `FAR`.

    Examples
    --------
    Without predictors the cut is the log odds of the first answer: ln 3.

    >>> fitted, estimates, _ = cumulative_logit(np.array([0, 0, 0, 1]), np.empty((4, 0)))
    >>> round(fitted, 4), estimates.round(4).tolist()  # 3 ln 0.75 + ln 0.25
    (-2.2493, [1.0986])
    """
    upper, lower = _ends(codes, x)
    below = np.cumsum(np.bincount(codes))[:-1] / len(codes)
    at = np.concatenate([np.zeros(x.shape[1]), special.logit(below)])
    fitted, gradient, hessian = _likelihood(at, upper, lower)
    for _ in range(MOST_STEPS):
        step = np.linalg.lstsq(-hessian, gradient, rcond=None)[0]
        while not (further := _likelihood(at + step, upper, lower))[0] >= fitted - ROUNDING * abs(fitted):
            step = step / 2
        at = at + step
        fitted, gradient, hessian = further
        if np.abs(step).max() < CLOSE or np.abs(at[: x.shape[1]]).max(initial=0) > 2 * FAR:
            break
    return fitted, at, np.linalg.pinv(-hessian)


def _ends(codes: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what makes the upper and the lower end of each answer's interval from slopes and cuts.

    Rows of the first answer have no lower end and rows of the last no upper one: NaN.
    """
    cuts = np.eye(codes.max())
    empty = np.full((1, cuts.shape[1]), np.nan)
    return np.hstack([-x, np.vstack([cuts, empty])[codes]]), np.hstack([-x, np.vstack([empty, cuts])[codes]])


def _likelihood(at: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the log likelihood, its gradient and its Hessian; -inf where cuts are out of order."""
    high, low = upper @ at, lower @ at
    share = special.expit(np.where(np.isnan(high), np.inf, high))
    share = share - special.expit(np.where(np.isnan(low), -np.inf, low))
    if not (share > 0).all():
        return -np.inf, at, np.eye(len(at))
    parts = [(np.nan_to_num(upper), high, 1.0), (np.nan_to_num(lower), low, -1.0)]
    slopes, bends = [], []
    for rows, end, sign in parts:
        known = special.expit(np.nan_to_num(end))
        density = np.where(np.isnan(end), 0, known * (1 - known)) * sign
        slopes.append(density / share)
        bends.append((rows * (density * (1 - 2 * known) / share)[:, None]).T @ rows)
    moved = sum(rows * slope[:, None] for (rows, _, _), slope in zip(parts, slopes, strict=True))
    return float(np.log(share).sum()), moved.sum(axis=0), sum(bends) - moved.T @ moved


def _wald(x: np.ndarray, fits: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """Return the chi-square that the slopes are the same at every cut."""
    bread = [np.linalg.inv((x * (p * (1 - p))[:, None]).T @ x) for _, p in fits]
    cuts = range(len(fits))

    def block(a: int, b: int) -> np.ndarray:
        shared = fits[max(a, b)][1] - fits[a][1] * fits[b][1]
        return (bread[a] @ ((x * shared[:, None]).T @ x) @ bread[b])[1:, 1:]

    covariance = np.block([[block(a, b) for b in cuts] for a in cuts])
    beta = np.concatenate([b[1:] for b, _ in fits])
    q = x.shape[1] - 1
    contrast = np.hstack([np.tile(np.eye(q), (len(fits) - 1, 1)), -np.eye(q * (len(fits) - 1))])
    gap = contrast @ beta
    return float(gap @ np.linalg.solve(contrast @ covariance @ contrast.T, gap))
