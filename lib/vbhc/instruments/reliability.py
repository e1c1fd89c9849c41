"""How far the items of a scale say the same in this sample: internal consistency."""

from typing import Any

import numpy as np
import pandas as pd

from vbhc.instruments.registry import get, scales


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
        One row: alpha (Cronbach, by pingouin), low, high (interval of Feldt 1987), omega (McDonald 1999, one
        factor), n, n_missing, n_items. Patients with a missing answer are left out and counted.

    Raises
    ------
    ValueError
        With fewer than two items, or than three patients with all answers.

    Examples
    --------
    By hand: variances 1, 1 and covariance 0.5, so that alpha is 2 (1 - 2 / 3).

    >>> reliability(pd.DataFrame({"a": [1, 2, 3], "b": [1, 3, 2]})).loc[0, "alpha"].round(3).item()
    0.667
    """
    import pingouin
    from scipy.stats import f

    complete = answers.dropna().astype(float)
    n, k = complete.shape
    if k < 2 or n < 3:
        raise ValueError(f"needs 2 items and 3 patients with all answers; found {k} and {n}")
    if (complete.nunique() < 2).all():
        alpha = low = high = float("nan")
    else:
        alpha = float(pingouin.cronbach_alpha(complete)[0])
        tail = (1 - ci_level) / 2
        low, high = 1 - (1 - alpha) * f.ppf([1 - tail, tail], n - 1, (n - 1) * (k - 1))
    found = {"alpha": alpha, "low": low, "high": high, "omega": omega_total(complete)}
    return pd.DataFrame([{**found, "n": n, "n_missing": len(answers) - n, "n_items": k}])


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
