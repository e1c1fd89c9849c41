"""Outcome and cost of two arms together: adjusted increments, and how they vary with each other.

Two equations, one for the outcome and one for the cost, whose errors belong to the same patients: seemingly
unrelated regressions (Zellner 1962, J Am Stat Assoc 57:348; for trials Willan, Briggs & Hoch 2004, Health
Econ 13:461, doi 10.1002/hec.843). Every bootstrap resample is refitted from its sums of products, so that
thousands cost milliseconds.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

CELLS_PER_BATCH = 2_000_000
NOTHING_LEFT = 1e-9  # share of a response that is only rounding
ONE_ANOTHER = 1e-10  # 1 - |r| of two errors that are one and the same


class Design(NamedTuple):
    """Complete patients: the union of both designs and both responses, and which columns each equation has.

    `values` has the columns constant, arm, covariates ..., outcome, cost. `equations` are the columns of the
    outcome's and of the cost's equation; `centre` the means of the union, at which levels are predicted.
    """

    values: np.ndarray
    equations: tuple[np.ndarray, np.ndarray]
    centre: np.ndarray


def design(
    outcome: pd.Series, cost: pd.Series, treated: pd.Series, for_outcome: pd.DataFrame, for_cost: pd.DataFrame
) -> Design:
    """Return the design of two equations over complete patients.

    `for_outcome` and `for_cost` hold numbers (`statistics.covariates` makes them of text); a column of one
    name in both is one column.
    """
    union = pd.concat([for_outcome, for_cost], axis=1)
    union = union.loc[:, ~union.columns.duplicated()].astype(float)
    columns = {name: at + 2 for at, name in enumerate(union)}
    parts = (for_outcome, for_cost)
    one, two = (np.array([0, 1, *(columns[name] for name in part)], dtype=int) for part in parts)
    x = np.column_stack([np.ones(len(union)), treated.to_numpy(dtype=float), union.to_numpy()])
    responses = np.column_stack([outcome.to_numpy(dtype=float), cost.to_numpy(dtype=float)])
    return Design(np.column_stack([x, responses]), (one, two), x.mean(axis=0))


def why_no_fit(values: np.ndarray, equations: tuple[np.ndarray, np.ndarray]) -> str:
    """Return why the equations cannot be fitted, or ""."""
    for columns in equations:
        part = values[:, columns]
        if len(part) < len(columns) + 3:
            return f"{len(part):,} complete patients are too few for {len(columns)} coefficients."
        if np.linalg.matrix_rank(part / np.maximum(np.abs(part).max(axis=0), 1e-300)) < len(columns):
            return "A covariate repeats the arm or another covariate, so that nothing can be held equal."
    return _why_no_errors(values, equations)


def _why_no_errors(values: np.ndarray, equations: tuple[np.ndarray, np.ndarray]) -> str:
    """Return why the errors have no covariance matrix that could be inverted, or ""."""
    errors = []
    for name, response, columns in zip(("outcome", "cost"), values[:, -2:].T, equations, strict=True):
        if np.ptp(response) == 0:
            return f"All {len(values):,} complete patients have the same {name}; nothing to compare."
        error = response - values[:, columns] @ np.linalg.lstsq(values[:, columns], response, rcond=None)[0]
        if np.linalg.norm(error) <= NOTHING_LEFT * np.linalg.norm(response):
            same = f"Within the arms the {name} does not vary beyond what is held equal"
            return f"{same}, so that no interval can be given."
        errors.append(error / np.linalg.norm(error))
    if abs(errors[0] @ errors[1]) > 1 - ONE_ANOTHER:
        return "Cost is a fixed multiple of the outcome, so that the two cannot be compared as two."
    return ""


def seemingly_unrelated(plan: Design) -> tuple[np.ndarray, np.ndarray]:
    """Return the increments (outcome, cost) and their covariance matrix, fitted as a system.

    Errors' covariance is estimated from the residuals of two separate least-squares fits, each divided by the
    root of its degrees of freedom; with the same columns in both equations the estimates are those of least
    squares.

    Without covariates the increments are differences of means: 1 point and 200.

    >>> y, x, treated = pd.Series([1.0, 3, 2, 4]), pd.Series([100.0, 350, 300, 550]), pd.Series([0, 0, 1, 1])
    >>> none = pd.DataFrame(index=y.index)
    >>> seemingly_unrelated(design(y, x, treated, none, none))[0].round(6).tolist()
    [1.0, 200.0]
    """
    products = np.einsum("ij,ik->jk", plan.values, plan.values)[None]
    coefficients, inverse = _system(products, plan.equations, _freedom(plan))
    at = [1, len(plan.equations[0]) + 1]
    return coefficients[0, at], inverse[0][np.ix_(at, at)]


def _freedom(plan: Design) -> tuple[int, int]:
    """Return the degrees of freedom that each equation leaves."""
    outcome, cost = plan.equations
    return len(plan.values) - len(outcome), len(plan.values) - len(cost)


def _system(
    products: np.ndarray, equations: tuple[np.ndarray, np.ndarray], freedom: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients of both equations and their covariance, per matrix of products (batch first)."""
    size = products.shape[1]
    places = (size - 2, size - 1)
    fits = []
    for columns, response in zip(equations, places, strict=True):
        left = products[:, columns[:, None], columns]
        fits.append(np.linalg.solve(left, products[:, columns, response][..., None])[..., 0])
    errors = _error_covariance(products, equations, places, fits, freedom)
    weights = np.linalg.inv(np.where(_singular(errors)[:, None, None], np.eye(2), errors))
    columns, equation = np.concatenate(equations), np.repeat([0, 1], [len(one) for one in equations])
    inverse = np.linalg.inv(weights[:, equation[:, None], equation] * products[:, columns[:, None], columns])
    right = (weights[:, equation] * products[:, columns[:, None], places]).sum(axis=2)
    return (inverse @ right[..., None])[..., 0], inverse


def _singular(errors: np.ndarray) -> np.ndarray:
    """Return which error covariances cannot be inverted, as in a resample of equal outcomes.

    Such a resample is fitted by separate least squares, which its increments do not depend on.
    """
    first, second = errors[:, 0, 0], errors[:, 1, 1]
    left = first * second - errors[:, 0, 1] * errors[:, 1, 0]
    return (first <= 0) | (second <= 0) | (left <= ONE_ANOTHER * first * second)


def _error_covariance(products, equations, places, fits, freedom) -> np.ndarray:
    """Return the covariance of the two equations' errors, each a combination of all columns, per batch."""
    errors = np.zeros((len(products), 2, products.shape[1]))
    for at, (columns, place, fit) in enumerate(zip(equations, places, fits, strict=True)):
        errors[:, at, columns], errors[:, at, place] = -fit, 1
    return errors @ products @ errors.transpose(0, 2, 1) / np.sqrt(np.outer(freedom, freedom))


def adjusted_draws(plan: Design, n_resamples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return adjusted levels of the reference arm and increments in bootstrap resamples within arms.

    Returns
    -------
    (array, array)
        Each (n_resamples, 2), outcome and cost: the level at average covariates without treatment, and the
        increment. A resample in which an equation cannot be fitted gives NaN.
    """
    n, k = plan.values.shape
    rng = np.random.default_rng(seed)
    crossed = np.einsum("ij,ik->ijk", plan.values, plan.values).reshape(n, k * k)
    parts = [np.flatnonzero(plan.values[:, 1] == arm) for arm in (0.0, 1.0)]
    size, levels, steps = max(1, CELLS_PER_BATCH // n), [], []
    for start in range(0, n_resamples, size):
        counts = np.zeros((min(size, n_resamples - start), n))
        for rows in parts:
            counts[:, rows] = rng.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), len(counts))
        level, step = _levels_and_steps((counts @ crossed).reshape(-1, k, k), plan)
        levels.append(level)
        steps.append(step)
    return np.concatenate(levels), np.concatenate(steps)


def _levels_and_steps(products: np.ndarray, plan: Design):
    """Return levels without treatment at the sample's mean covariates, and increments; NaN where singular."""
    one, two = plan.equations
    scale = np.sqrt(np.abs(np.einsum("rii->ri", products)))
    scaled = products / np.where(scale > 0, scale, 1)[:, :, None] / np.where(scale > 0, scale, 1)[:, None, :]
    usable = np.ones(len(products), dtype=bool)
    for columns in plan.equations:
        usable &= np.linalg.cond(scaled[:, columns[:, None], columns]) < 1e12
    levels, steps = np.full((2, len(products), 2), np.nan)
    if usable.any():
        coefficients, _ = _system(products[usable], plan.equations, _freedom(plan))
        first, second = coefficients[:, : len(one)], coefficients[:, len(one) :]
        steps[usable] = np.column_stack([first[:, 1], second[:, 1]])
        at = np.where(np.arange(len(plan.centre)) == 1, 0.0, plan.centre)
        levels[usable] = np.column_stack([first @ at[one], second @ at[two]])
    return levels, steps
