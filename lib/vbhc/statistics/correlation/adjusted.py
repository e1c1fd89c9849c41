"""Association with other things held equal, and with patients of one site resembling each other."""

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.statistics.correlation.fisher_z import around_z
from vbhc.statistics.correlation.partial import _held_equal, clustered_spearman, partial_spearman
from vbhc.statistics.correlation.rank import spearman
from vbhc.statistics.samples import as_float, check_same_index


def clustered_partial_spearman(
    x: pd.Series, y: pd.Series, covariates: pd.DataFrame, cluster: pd.Series, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the partial Spearman correlation with an interval that holds for clustered patients.

    Ranks, adjustment and correlation are recomputed without each cluster in turn; the spread of these values
    gives the jackknife's standard error on Fisher's z scale, with clusters - 1 degrees of freedom. With five
    sites 94% to 95% of 95% intervals held the truth in 800 simulated samples, as in `clustered_spearman`.

    Parameters
    ----------
    x, y, cluster : Series
        On the index of `covariates`, which are as in `partial_spearman`.

    Returns
    -------
    DataFrame
        One row as `partial_spearman`, with `n_clusters`; NaN and a `reason` where there is no answer.
    """
    check_same_index(x, y, cluster)
    known = x.notna() & y.notna() & cluster.notna() & covariates.notna().all(axis=1)
    table = partial_spearman(x.where(known), y, covariates, ci_level)
    codes, names = pd.factorize(cluster[known])
    table = table.assign(n_clusters=len(names), method="partial, leave one cluster out", p=np.nan)
    row = table.iloc[0]
    if not row["reason"] and len(names) < 2:
        table["reason"] = f"All {int(row['n']):,} patients belong to one cluster: nothing to leave out."
        table[["estimate", "low", "high"]] = np.nan
    if table["reason"].iloc[0]:
        return table
    ties = [np.unique(as_float(side[known]), return_inverse=True)[1] for side in (x, y)]
    without = _without_each(ties, _held_equal(covariates.loc[known]), codes)
    low, high, p = _jackknife(row["estimate"], without, ci_level)
    return table.assign(low=low, high=high, p=p, df=len(names) - 1)


def _without_each(ties: list[np.ndarray], held: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the partial correlation without each cluster.

    Patients count by their tie group, and those of the cluster are taken off, so that leaving one out costs
    as much as there are different values, and no sort.
    """
    design = np.column_stack([np.ones(len(codes)), held])
    design[:, 1:] /= np.maximum(np.abs(held).max(axis=0, initial=0.0), 1e-300)
    sizes = [np.bincount(side) for side in ties]
    in_group = [_sums_by(side, design, len(size)) for side, size in zip(ties, sizes, strict=True)]
    cells, cell_sizes = np.unique(np.column_stack(ties), axis=0, return_counts=True)
    products, order = design.T @ design, np.argsort(codes, kind="stable")
    clusters = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    results = np.full(len(clusters), np.nan)
    for cluster, gone in enumerate(clusters):
        n, ranks, squares, crossed = len(codes) - len(gone), [], [], []
        for side, size, sums in zip(ties, sizes, in_group, strict=True):
            left = size - np.bincount(side[gone], minlength=len(size))
            rank = np.cumsum(left) - (left - 1) / 2 - (n + 1) / 2
            ranks.append(rank)
            squares.append(left @ rank**2)
            crossed.append(rank @ sums - rank[side[gone]] @ design[gone])
        together = cell_sizes @ (ranks[0][cells[:, 0]] * ranks[1][cells[:, 1]])
        together -= ranks[0][ties[0][gone]] @ ranks[1][ties[1][gone]]
        inside = products - design[gone].T @ design[gone]
        back = np.linalg.pinv(inside, rcond=1e-12, hermitian=True)
        shared, x, y = (crossed[a] @ back @ crossed[b] for a, b in ((0, 1), (0, 0), (1, 1)))
        spread_x, spread_y = squares[0] - x, squares[1] - y
        if spread_x > 1e-9 * squares[0] and spread_y > 1e-9 * squares[1]:
            results[cluster] = (together - shared) / np.sqrt(spread_x * spread_y)
    return results


def _sums_by(group: np.ndarray, design: np.ndarray, n_groups: int) -> np.ndarray:
    """Return the sums of the rows of a design over the tie groups."""
    return np.column_stack([np.bincount(group, column, n_groups) for column in design.T])


def _jackknife(r: float, without: np.ndarray, level: float) -> tuple[float, float, float]:
    usable = without[np.isfinite(without)]
    if len(usable) < 2 or abs(r) >= 1:
        return np.nan, np.nan, np.nan
    z = np.arctanh(np.clip(usable, -1 + 1e-12, 1 - 1e-12))
    g = len(z)
    error = np.sqrt((g - 1) / g * ((z - z.mean()) ** 2).sum())
    low, high = around_z(r, stats.t.ppf((1 + level) / 2, g - 1) * error)
    p = 2 * stats.t.sf(abs(np.arctanh(r)) / error, g - 1) if error > 0 else np.nan
    return low, high, float(p)


def adjusted_side_by_side(
    perception: pd.Series,
    measures: dict[str, pd.Series],
    covariates: pd.DataFrame | None = None,
    cluster: pd.Series | None = None,
    ci_level: float = 0.95,
) -> pd.DataFrame:
    """Return perception with each measure: plain, with covariates held equal, and with clustered intervals.

    Parameters
    ----------
    perception : Series
        Higher = better; `measures` such as {"outcome": gain, "cost": cost, "VQ": vq} on the same index.
    covariates : DataFrame, optional
        Held equal (baseline, age, arm ...).
    cluster : Series, optional
        Site or provider.

    Returns
    -------
    DataFrame
        `with, adjustment` ("none", "held equal", "clustered", "held equal, clustered"), `estimate, low,
        high, ci_level, p, n, n_missing, reason`. All rows of a measure use the same patients.

    Examples
    --------
    >>> felt, gain = pd.Series([1, 2, 3, 4, 5]), pd.Series([2, 1, 4, 3, 5])
    >>> adjusted_side_by_side(felt, {"gain": gain})[["with", "adjustment", "n"]].to_numpy().tolist()
    [['gain', 'none', 5]]
    """
    held = pd.DataFrame(index=perception.index) if covariates is None else covariates
    check_same_index(perception, *measures.values())
    known = held.notna().all(axis=1) & (True if cluster is None else cluster.notna())
    seen = perception.where(known)
    rows = []
    for name, side in measures.items():
        found = {"none": spearman(seen, side, ci_level)}
        if held.shape[1]:
            found["held equal"] = partial_spearman(seen, side, held, ci_level)
        if cluster is not None:
            found["clustered"] = clustered_spearman(seen, side, cluster, ci_level)
            if held.shape[1]:
                found["held equal, clustered"] = clustered_partial_spearman(
                    seen, side, held, cluster, ci_level
                )
        rows += [table.assign(**{"with": name, "adjustment": how}) for how, table in found.items()]
    columns = ["with", "adjustment", "estimate", "low", "high", "ci_level", "p", "n", "n_missing"]
    return pd.concat(rows, ignore_index=True).reindex(columns=[*columns, "reason"])
