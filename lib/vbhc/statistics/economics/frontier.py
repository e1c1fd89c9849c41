"""The value frontier: which units turn cost into several outcomes best, without chosen weights (DEA)."""

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from vbhc import wording


def value_frontier(outcomes: pd.DataFrame, cost: pd.Series) -> pd.DataFrame:
    """Return each unit's efficiency: the share of its cost at which its peers could give its outcomes.

    Charnes, Cooper & Rhodes 1978 (input-oriented, constant returns). With one outcome it equals the unit's
    ratio over the best ratio. Half the outcome at half the cost counts as equally efficient, so that where a
    scale has its zero matters. The frontier is that of the units observed: with few, efficiency is biased
    towards 1. Meant for units with many patients each (providers, clinics), not for patients.

    Parameters
    ----------
    outcomes : DataFrame
        One row per unit; higher is better and all values >= 0.
    cost : Series
        > 0, same index.

    Returns
    -------
    DataFrame
        `efficiency` (1 = on the frontier), `peers` (units it is compared with), index as given. Units with a
        missing value are NaN.

    Raises
    ------
    ValueError
        If the indexes differ, a cost is not positive or an outcome negative.

    Examples
    --------
    >>> gain, cost = pd.DataFrame({"gain": [2, 1, 3]}), pd.Series([10, 10, 15])
    >>> value_frontier(gain, cost)["efficiency"].round(6).tolist()
    [1.0, 0.5, 1.0]
    """
    if not outcomes.index.equals(cost.index):
        raise ValueError("outcomes and cost must share one index")
    known = outcomes.notna().all(axis=1) & cost.notna()
    y, x = outcomes[known].to_numpy(dtype=float), cost[known].to_numpy(dtype=float)
    if (x <= 0).any():
        raise ValueError(f"cost must be > 0; {wording.rows_named(cost.index[known][x <= 0])}")
    if (y < 0).any():
        raise ValueError("outcomes must be >= 0; shift a gain to its scale's minimum first")
    names = outcomes.index[known]
    rows = [_efficiency(y, x, unit, names) for unit in range(len(x))]
    return pd.DataFrame(rows, index=names, columns=["efficiency", "peers"]).reindex(outcomes.index)


def _efficiency(y: np.ndarray, x: np.ndarray, unit: int, names: pd.Index) -> tuple[float, str]:
    """Minimise theta with theta x_unit >= sum(lambda x) and sum(lambda y) >= y_unit, lambda >= 0."""
    goal = np.zeros(len(x) + 1)
    goal[0] = 1.0
    scale = np.where(y.max(axis=0) > 0, y.max(axis=0), 1.0)
    bounds_left = np.vstack(
        [np.append(-x[unit], x) / x.max(), np.column_stack([np.zeros(y.shape[1]), -(y / scale).T])]
    )
    bounds_right = np.append(0.0, -y[unit] / scale)
    result = linprog(goal, A_ub=bounds_left, b_ub=bounds_right, method="highs")
    peers = [str(names[i]) for i in np.flatnonzero(result.x[1:] > 1e-9)]
    return float(min(1.0, result.x[0])), ", ".join(peers)
