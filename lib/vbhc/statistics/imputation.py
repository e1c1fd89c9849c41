"""Missing outcomes: complete cases, multiple imputation and a not-at-random sensitivity, side by side.

Imputed values never become anyone's outcome: they only show how far a result depends on who is missing.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

DONORS = 5
ROUNDS = 10


class Pooled(NamedTuple):
    """A result of imputed data sets with its interval; `fmi`: the fraction of missing information."""

    estimate: float
    low: float
    high: float
    fmi: float


def rubin(
    estimates: Sequence[float], variances: Sequence[float], n: int, k: int = 1, ci_level: float = 0.95
) -> Pooled:
    """Pool results of imputed data sets: Rubin's rules, Barnard & Rubin's (1999) degrees of freedom.

    Parameters
    ----------
    estimates, variances : sequence of float
        One per imputed data set, two or more, on a scale on which the estimate is about normal (Fisher's z
        for a correlation).
    n, k : int
        Patients, and parameters estimated: complete data have n - k degrees of freedom.

    Examples
    --------
    >>> found = rubin([1.0, 1.0], [4.0, 4.0], n=50)  # nothing hangs on what was filled in
    >>> found.estimate, round(found.high - found.low, 2)  # twice the standard error of 2, times 2.01
    (1.0, 8.05)
    """
    q, u = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    m, within, between = len(q), u.mean(), q.var(ddof=1)
    total = within + (1 + 1 / m) * between
    df = barnard_rubin(m, within, between, total, n - k)
    riv = (1 + 1 / m) * between / within if within > 0 else np.inf  # relative increase in variance
    half = stats.t.ppf((1 + ci_level) / 2, df) * np.sqrt(total)
    fmi = (riv + 2 / (df + 3)) / (riv + 1)
    return Pooled(*map(float, (q.mean(), q.mean() - half, q.mean() + half, fmi)))


def barnard_rubin(m: int, within: float, between: float, total: float, complete: float) -> float:
    """Return the degrees of freedom of a pooled estimate; `complete` are those of complete data.

    >>> round(barnard_rubin(m=20, within=1.0, between=0.0, total=1.0, complete=97), 2)  # 98 / 100 x 97
    95.06
    """
    share = (1 + 1 / m) * between / total if total > 0 else 0.0
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    if share == 0:
        return observed
    classic = (m - 1) / share**2
    return classic * observed / (classic + observed)


def impute(
    patients: pd.DataFrame, n_imputations: int = 20, seed: int = 1, rounds: int = ROUNDS
) -> list[pd.DataFrame]:
    """Return imputed copies of the patients: chained equations with predictive mean matching.

    Each numeric column with missing values is regressed on all others among donors, who are drawn anew, with
    replacement, from the patients who have a value (approximate Bayesian bootstrap, Rubin & Schenker 1986, J
    Am Stat Assoc 81:366): fixed donors hide that other patients might have been asked. A missing value takes
    that of one of the five donors with the nearest prediction (van Buuren 2018, section 3.4), so that imputed
    values stay on the scale. As many donors are drawn as there are patients with a value less the
    coefficients that are fitted: their residuals are too small by as much (as Rao & Wu 1988, J Am Stat Assoc
    83:231, draw n - 1 for a mean).

    Of 95% intervals of an imputed difference in QALYs 94% to 95% held the truth; with fixed donors 92%
    (`simulate`: "imputed arms").

    Parameters
    ----------
    patients : DataFrame
        Numeric columns only (code groups as 0/1); put in what predicts the outcome *and* who is missing.

    Raises
    ------
    ValueError
        If a column is not numeric, or has fewer than ten observed values.

    Examples
    --------
    >>> patients = pd.DataFrame({"before": range(12), "after": [*range(11), None]})
    >>> [copy["after"].isin(range(11)).all().item() for copy in impute(patients, n_imputations=2)]
    [True, True]
    """
    frame = patients.astype(float)
    if few := [name for name in frame if frame[name].notna().sum() < 2 * DONORS]:
        told = f"(at least {2 * DONORS}): {', '.join(map(str, few))}"
        raise ValueError(f"too few observed values to impute from {told}")
    rng = np.random.default_rng(seed)
    missing = frame.isna().to_numpy()
    order = [j for j in np.argsort(missing.sum(axis=0), kind="stable") if missing[:, j].any()]
    copies = []
    for _ in range(n_imputations):
        values = _start(frame.to_numpy().copy(), missing, rng)
        design, scale = _standardised(values)
        for _ in range(rounds if len(order) > 1 else 1):
            for j in order:
                gone = missing[:, j]
                values[gone, j] = _draw(values[:, j], gone, np.delete(design, j, axis=1), rng)
                design[gone, j] = (values[gone, j] - scale[0, j]) / scale[1, j]
        copies.append(pd.DataFrame(values, index=frame.index, columns=frame.columns))
    return copies


def _start(values: np.ndarray, missing: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    for j in range(values.shape[1]):
        values[missing[:, j], j] = rng.choice(values[~missing[:, j], j], missing[:, j].sum())
    return values


def _standardised(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns in standard deviations from their means, a column of ones behind, and both."""
    spread = values.std(axis=0)
    scale = np.stack([values.mean(axis=0), np.where(spread > 0, spread, 1)])
    return np.column_stack([(values - scale[0]) / scale[1], np.ones(len(values))]), scale


def _draw(target: np.ndarray, gone: np.ndarray, others: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return imputed values of one column, from the other columns, by predictive mean matching."""
    known = np.flatnonzero(~gone)
    drawn = rng.choice(known, max(len(known) - others.shape[1], DONORS))
    donors, y = others[drawn], target[drawn]
    slopes = np.linalg.solve(donors.T @ donors + 1e-5 * np.eye(others.shape[1]), donors.T @ y)
    return _matched(donors @ slopes, others[gone] @ slopes, y, rng)


def _matched(
    known: np.ndarray, wanted: np.ndarray, donors: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return, per wanted prediction, the value of one of the donors with the nearest predictions.

    Donors come in random order, so that of equal predictions none is favoured.
    """
    order = np.argsort(known, kind="stable")
    place = np.searchsorted(known[order], wanted)
    window = np.clip(place[:, None] + np.arange(-DONORS, DONORS), 0, len(order) - 1)
    distance = np.abs(known[order][window] - wanted[:, None])
    distance[:, 1:][window[:, 1:] == window[:, :-1]] = np.inf
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :DONORS]
    pick = nearest[np.arange(len(wanted)), rng.integers(0, min(DONORS, len(order)), len(wanted))]
    return donors[order[window[np.arange(len(wanted)), pick]]]
