"""The value of the group had those without an answer fared worse or better."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.statistics.imputation import impute, rubin

ENDS = ("estimate", "low", "high")


def missing_sensitivity(
    patients: pd.DataFrame,
    analysis: Callable[[pd.DataFrame], tuple[float, float]],
    shifted: str,
    deltas: tuple[float, ...] = (0.0,),
    n_imputations: int = 20,
    seed: int = 1,
    ci_level: float = 0.95,
    back: Callable[[float], float] | None = None,
    needed: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return a result for complete cases, imputed data, and imputed data in which the missing did worse.

    Parameters
    ----------
    patients : DataFrame
        Numeric columns, as for `impute`.
    analysis : callable
        Takes complete patients; returns an estimate and its variance, on an about normal scale.
    shifted : str
        The column whose imputed values are shifted by each delta: 0 = missing at random given the other
        columns, -5 = those who did not answer are 5 points worse than others like them.
    back : callable, optional
        Turns estimate and ends back to the reader's scale (np.tanh for Fisher's z).
    needed : sequence of str, optional
        Columns that `analysis` reads; a patient with all of them is a complete case.

    Returns
    -------
    DataFrame
        `handling` ("complete cases", "imputed", "imputed, missing shifted by -5"), `delta, estimate, low,
        high, ci_level, n, n_missing, fmi`.
    """
    turn = back or (lambda value: value)
    complete = patients.dropna(subset=list(needed) if needed else None)
    estimate, variance = analysis(complete)
    half = stats.norm.ppf((1 + ci_level) / 2) * np.sqrt(variance)
    gone = len(patients) - len(complete)
    whole = (estimate, estimate - half, estimate + half)
    rows = [("complete cases", np.nan, *whole, len(complete), gone, np.nan)]
    copies = impute(patients, n_imputations, seed)
    hidden = patients[shifted].isna()
    for delta in deltas:
        moved = [one.assign(**{shifted: one[shifted].where(~hidden, one[shifted] + delta)}) for one in copies]
        results = [analysis(copy) for copy in moved]
        estimates, variances = zip(*results, strict=True)
        pooled = rubin(estimates, variances, n=len(patients), ci_level=ci_level).iloc[0]
        name = "imputed" if delta == 0 else f"imputed, missing shifted by {delta:g}"
        rows.append((name, delta, *pooled[list(ENDS)], len(patients), gone, pooled["fmi"]))
    table = pd.DataFrame(rows, columns=["handling", "delta", *ENDS, "n", "n_missing", "fmi"])
    table[list(ENDS)] = table[list(ENDS)].map(turn)
    return table.assign(ci_level=ci_level)


def side_of_zero(low: float, high: float) -> int:
    """Return 1 where a whole interval lies above zero, -1 below, and 0 where it holds zero."""
    return int(low > 0) - int(high < 0)
