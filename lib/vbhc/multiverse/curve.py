"""The correlation of every definition, and one test of them all by permutation.

Simonsohn, Simmons & Nelson 2020, doi 10.1038/s41562-020-0912-z.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.multiverse.definitions import AXES, TIERS, Multiverse

SIGNIFICANT = 0.05
CELLS_PER_BATCH = 4_000_000  # patients x permutations held at once


def run(multiverse: Multiverse) -> pd.DataFrame:
    """Return the correlation of every definition: the choices, `tier, estimate, p_val, n`.

    `p_val` is Student's t; NaN (with n) where fewer than four patients are complete or a side is constant.
    """
    estimates, n = np.full(len(multiverse.table), np.nan), np.zeros(len(multiverse.table), dtype=int)
    for group in _groups(multiverse):
        estimates[group.rows] = group.values @ group.perception
        n[group.rows] = len(group.perception)
    t = estimates * np.sqrt((n - 2) / np.maximum(1 - estimates**2, 1e-300))
    p = 2 * stats.t.sf(np.abs(t), np.maximum(n - 2, 1))
    return multiverse.table[[*AXES, "tier"]].assign(estimate=estimates, p_val=p, n=n)


class _Group(NamedTuple):
    """Definitions that share perception, coefficient and patients: unit vectors, so that r is a product."""

    rows: np.ndarray
    values: np.ndarray
    perception: np.ndarray
    patients: np.ndarray


def _groups(multiverse: Multiverse) -> Iterator[_Group]:
    table, known = multiverse.table, ~np.isnan(multiverse.values)
    masks, mask_of = np.unique(known, axis=0, return_inverse=True)
    keys = table.assign(mask=mask_of.ravel()[table["value_column"]])
    for (mask, k, coefficient), part in keys.groupby(
        ["mask", "perception_column", "coefficient"], sort=False
    ):
        patients = np.flatnonzero(masks[mask] & ~np.isnan(multiverse.perceptions[k]))
        if len(patients) < 4:
            continue
        values = multiverse.values[part["value_column"].to_numpy()][:, patients]
        perception = multiverse.perceptions[k][patients][None, :]
        if coefficient == "spearman":
            values, perception = stats.rankdata(values, axis=1), stats.rankdata(perception, axis=1)
        yield _Group(part.index.to_numpy(), _unit(values), _unit(perception)[0], patients)


def _unit(rows: np.ndarray) -> np.ndarray:
    """Centre each row and scale it to length one; constant rows become NaN."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    tiny = length <= 1e-12 * np.abs(rows).max(axis=1, keepdims=True)
    return centred / np.where(tiny, np.nan, length)


def joint_test(
    multiverse: Multiverse,
    n_permutations: int = 500,
    seed: int = 1,
    tiers: tuple[str, ...] = TIERS[:2],
    block: pd.Series | None = None,
) -> pd.DataFrame:
    """Test all definitions of these tiers at once: would perception unrelated to any value give such a curve?

    Patients' perceptions are permuted, the same way in every definition, among the patients that it uses.

    Parameters
    ----------
    block : Series, optional
        Permute only within its values (arm, site).

    Returns
    -------
    DataFrame
        Rows `statistic` = "median", "share significant" (p < .05 in the direction of the median), "Stouffer
        Z" with `observed, permuted_median, p_val, n_permutations, definitions`.
    """
    inside = multiverse.table["tier"].isin(tiers).to_numpy()
    observed = run(multiverse)["estimate"].to_numpy()
    usable = inside & np.isfinite(observed)
    if not usable.any():
        return pd.DataFrame(
            columns=["statistic", "observed", "permuted_median", "p_val", "n_permutations", "definitions"]
        )
    permuted, n = permuted_estimates(multiverse, n_permutations, seed, block)
    real = _curve_statistics(observed[usable][:, None], n[usable])
    null = _curve_statistics(permuted[usable], n[usable])
    rows = []
    for name, value in real.items():
        beyond = (np.abs(null[name]) >= abs(value[0]) - 1e-12).sum()
        rows.append((name, value[0], np.median(null[name]), (1 + beyond) / (1 + n_permutations)))
    table = pd.DataFrame(rows, columns=["statistic", "observed", "permuted_median", "p_val"])
    return table.assign(n_permutations=n_permutations, definitions=int(usable.sum()))


def permuted_estimates(
    multiverse: Multiverse, n_permutations: int, seed: int, block: pd.Series | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return every definition's correlation under every permutation, and its number of patients."""
    rng = np.random.default_rng(seed)
    patients = multiverse.perceptions.shape[1]
    blocks = None if block is None else pd.factorize(block)[0]
    groups = list(_groups(multiverse))
    estimates = np.full((len(multiverse.table), n_permutations), np.nan)
    n = np.zeros(len(multiverse.table), dtype=int)
    for group in groups:
        n[group.rows] = len(group.patients)
    size = max(1, CELLS_PER_BATCH // patients)
    for start in range(0, n_permutations, size):
        rows = min(size, n_permutations - start)
        shuffled = rng.permuted(np.tile(np.arange(patients), (rows, 1)), axis=1)
        orders: dict[bytes, np.ndarray] = {}
        for group in groups:
            who = group.patients.tobytes()
            if who not in orders:
                orders[who] = _orders(shuffled, group.patients, blocks)
            estimates[group.rows, start : start + rows] = group.values @ group.perception[orders[who]].T
    return estimates, n


def _orders(shuffled: np.ndarray, chosen: np.ndarray, blocks: np.ndarray | None) -> np.ndarray:
    """Return, per shuffle of all patients, the order of the chosen ones, as positions among them.

    With blocks, the places of a block are filled by its own patients only.
    """
    place = np.full(shuffled.shape[1], -1)
    place[chosen] = np.arange(len(chosen))
    moved = place[shuffled]
    moved = moved[moved >= 0].reshape(len(shuffled), len(chosen))
    if blocks is None:
        return moved
    own = blocks[chosen]
    home = np.argsort(own, kind="stable")
    orders = np.empty_like(moved)
    orders[:, home] = np.take_along_axis(moved, np.argsort(own[moved], axis=1, kind="stable"), axis=1)
    return orders


def _curve_statistics(estimates: np.ndarray, n: np.ndarray) -> dict[str, np.ndarray]:
    """Return the three statistics of each column of estimates (definitions in rows)."""
    degrees = np.maximum(n - 2, 1)[:, None]
    t = estimates * np.sqrt(degrees / np.maximum(1 - estimates**2, 1e-300))
    critical = stats.t.ppf(1 - SIGNIFICANT / 2, degrees)
    median = np.median(estimates, axis=0)
    same_way = np.where(median >= 0, (t > critical).mean(axis=0), (t < -critical).mean(axis=0))
    z = np.arctanh(np.clip(estimates, -1 + 1e-15, 1 - 1e-15)) * np.sqrt(np.maximum(n - 3, 1))[:, None]
    stouffer = z.sum(axis=0) / np.sqrt(len(n))
    return {"median": median, "share significant": same_way, "Stouffer Z": stouffer}
