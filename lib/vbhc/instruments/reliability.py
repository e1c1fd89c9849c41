"""How a score behaves in this sample: floor, ceiling, missing, and the internal consistency of its items."""

from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.registry import get, scales
from vbhc.instruments.shares import percent


def floor_ceiling(
    values: pd.Series, low: float, high: float, direction: str, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return how many patients sit at the worst and the best score of a scale from `low` to `high`.

    15% at either end is the usual warning (Terwee 2007, J Clin Epidemiol 60:34-42): changes beyond it cannot
    be seen.

    Returns
    -------
    DataFrame
        Two rows: end ("worst", "best"), value, count, estimate (per cent), low, high (Wilson), n
        (scored), n_missing, method.

    Examples
    --------
    >>> floor_ceiling(pd.Series([0, 0, 50, 100, None]), 0, 100, "higher is better")["estimate"].tolist()
    [50.0, 25.0]
    """
    given = values.dropna().astype(float)
    ends = [low, high] if not direction.startswith("lower") else [high, low]
    rows = []
    for end, value in zip(("worst", "best"), ends, strict=True):
        count = int(np.isclose(given, value, rtol=0, atol=1e-9).sum())
        rows.append({"end": end, "value": value, "count": count, **percent(count, len(given), ci_level)})
    counts = {"n": len(given), "n_missing": len(values) - len(given), "method": "Wilson interval"}
    return pd.DataFrame(rows).assign(**counts)


def scale_reliability(name: str, items: pd.DataFrame, ci_level: float = 0.95, **options: Any) -> pd.DataFrame:
    """Return `reliability` for every scale that is made of two items or more, with the scale's name.

    Left out: scales with fewer than three complete patients, further scores of the same items (T score beside
    raw sum), and EQ-5D, whose dimensions are valued, not added up.

    >>> scale_reliability("eq5d-3l", pd.DataFrame([[1] * 5])).empty
    True
    """
    if name.startswith("eq5d"):
        return pd.DataFrame()
    given = get(name).answers(items, **options)
    tables, seen = [], set()
    for scale in scales(name, **options):
        codes = tuple(scale.items or (() if scale.parts else given.columns))
        if len(codes) > 1 and codes not in seen and len(given[list(codes)].dropna()) > 2:
            seen.add(codes)
            tables.append(reliability(given[list(codes)], ci_level).assign(scale=scale.column))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def reliability(answers: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Internal consistency of items that all point the same way (such as `get(name).answers(items)`).

    Returns
    -------
    DataFrame
        Rows alpha (Cronbach, by pingouin; interval of Feldt 1987) and omega (McDonald 1999, one factor; no
        interval): statistic, estimate, low, high, n, n_missing, n_items, method. Patients with a
        missing answer are left out and counted; `by_pairs` is the alpha of all pairs of answers that exist,
        which pingouin gives unasked.

    Raises
    ------
    ValueError
        With fewer than two items, or than three patients with all answers.

    Examples
    --------
    By hand: variances 1, 1 and covariance 0.5, so that alpha is 2 (1 - 2 / 3).

    >>> reliability(pd.DataFrame({"a": [1, 2, 3], "b": [1, 3, 2]})).loc[0, "estimate"].round(3).item()
    0.667
    """
    import pingouin
    from scipy.stats import f

    complete = answers.dropna().astype(float)
    n, k = complete.shape
    if k < 2 or n < 3:
        raise ValueError(f"needs 2 items and 3 patients with all answers; found {k} and {n}")
    counts = {"n": n, "n_missing": len(answers) - n, "n_items": k}
    if (complete.nunique() < 2).all():
        alpha, by_pairs, low, high = (float("nan"),) * 4
    else:
        alpha, by_pairs = (
            float(pingouin.cronbach_alpha(rows)[0]) for rows in (complete, answers.astype(float))
        )
        tail = (1 - ci_level) / 2
        low = 1 - (1 - alpha) * f.ppf(1 - tail, n - 1, (n - 1) * (k - 1))
        high = 1 - (1 - alpha) * f.ppf(tail, n - 1, (n - 1) * (k - 1))
    omega = {"statistic": "omega", "estimate": omega_total(complete), "low": np.nan, "high": np.nan}
    return pd.DataFrame([
        {"statistic": "alpha", "estimate": alpha, "low": low, "high": high, **counts,
         "method": "Cronbach, Feldt interval", "by_pairs": by_pairs},
        {**omega, **counts, "method": "McDonald, one factor"},
    ])  # fmt: skip


def omega_total(items: pd.DataFrame, tolerance: float = 1e-10) -> float:
    """Return McDonald's omega: squared sum of loadings, over that plus the unique variances.

    McDonald 1999, Test Theory. One common factor by principal axis factoring of the covariances. NaN with
    under three items, or where an item does not vary.

    By hand: all loadings 1 and all unique variances 1, so that omega is 9 / (9 + 3).

    >>> from itertools import product
    >>> people = pd.DataFrame(product([-1, 1], repeat=4))  # one thing shared, and one of each item's own
    >>> round(omega_total(people[[1, 2, 3]].add(people[0], axis=0)), 3)
    0.75
    """
    if items.shape[1] < 3:
        return float("nan")
    covariance = np.cov(items.to_numpy(dtype=float), rowvar=False)
    variances = np.diag(covariance).copy()
    if (variances <= 0).any():
        return float("nan")
    shared = variances - 1 / np.diag(np.linalg.pinv(covariance))
    loadings = np.zeros_like(shared)
    for _ in range(5000):
        values, vectors = np.linalg.eigh(covariance - np.diag(variances - shared))
        loadings = vectors[:, -1] * np.sqrt(max(values[-1], 0))
        updated = np.minimum(loadings**2, variances)
        moved, shared = np.abs(updated - shared).max(), updated
        if moved < tolerance:
            break
    common = loadings.sum() ** 2
    return float(common / (common + (variances - shared).sum()))
