"""The correlation of every definition, and one test of them all by permutation.

Simonsohn, Simmons & Nelson 2020, doi 10.1038/s41562-020-0912-z.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.multiverse.coefficients import kendall_tau, ranked, unit
from vbhc.multiverse.definitions import Multiverse
from vbhc.multiverse.reasons import AXES, TIERS
from vbhc.value.missing import barnard_rubin

SIGNIFICANT = 0.05
CELLS_PER_BATCH = 4_000_000  # patients x permutations held at once
LINEAR = ("spearman", "pearson")  # a product of two unit vectors, so that permutations are one matrix product


def run(multiverse: Multiverse) -> pd.DataFrame:
    """Return the correlation of every definition: the choices, `tier, estimate, p_val, n`.

    Kendall's tau-b stands on the scale of a correlation, sin(pi tau / 2) (Greiner's relation), because tau is
    smaller by nature and definitions are compared. `p_val` is Student's t for Spearman and Pearson, normal,
    corrected for ties, for Kendall, and Barnard & Rubin's t for imputed outcomes; NaN (with n)
    where fewer than four patients are complete or a side is constant.
    """
    table = multiverse.table
    copies = table["copies"].to_numpy()
    starts = np.concatenate([[0], np.cumsum(copies)])
    estimates, variances = np.full(starts[-1], np.nan), np.full(starts[-1], np.nan)
    n = np.zeros(len(table), dtype=int)
    for group in _groups(multiverse):
        found = _correlations(multiverse, group)
        for row, column, coefficient in group.cells:
            n[row] = len(group.patients)
            place = starts[row] + column - table["value_column"].iat[row]
            estimates[place], variances[place] = found[coefficient][column]
    results = _pooled(estimates, variances, starts, n, table["coefficient"].to_numpy())
    return table[[*AXES, "tier"]].assign(estimate=results[0], p_val=results[1], n=n)


class _Group(NamedTuple):
    """Definitions that share perception and patients; `cells` are (row, value column, coefficient)."""

    cells: list[tuple[int, int, str]]
    patients: np.ndarray
    perception: int


def _groups(multiverse: Multiverse, rows: np.ndarray | None = None) -> Iterator[_Group]:
    """Yield the definitions (of the chosen rows) by the patients that they use."""
    known = ~np.isnan(multiverse.values)
    masks, mask_of = np.unique(np.packbits(known, axis=1), axis=0, return_inverse=True)
    mask_of = mask_of.ravel()
    cells: dict[tuple[int, int], list[tuple[int, int, str]]] = {}
    table = multiverse.table if rows is None else multiverse.table.loc[rows]
    for row in table.itertuples():
        for column in range(row.value_column, row.value_column + row.copies):
            cells.setdefault((mask_of[column], row.perception_column), []).append(
                (row.Index, column, row.coefficient)
            )
    for (mask, k), members in cells.items():
        with_value = np.unpackbits(masks[mask], count=known.shape[1]).astype(bool)
        patients = np.flatnonzero(with_value & ~np.isnan(multiverse.perceptions[k]))
        if len(patients) >= 4:
            yield _Group(members, patients, k)


def _correlations(multiverse: Multiverse, group: _Group) -> dict[str, dict[int, tuple[float, float]]]:
    """Return, per coefficient and value column, the estimate and its variance under no association."""
    answers = multiverse.perceptions[group.perception][group.patients]
    n = len(answers)
    rank_p, codes = ranked(answers)
    sides = {"spearman": unit(rank_p), "pearson": unit(answers)}
    found: dict[str, dict[int, tuple[float, float]]] = {"spearman": {}, "pearson": {}, "kendall": {}}
    wanted: dict[int, set[str]] = {}
    for _, column, coefficient in group.cells:
        wanted.setdefault(column, set()).add(coefficient)
    for column, coefficients in wanted.items():
        values = multiverse.values[column][group.patients]
        ranks, ties = ranked(values)
        for coefficient in coefficients:
            if coefficient == "kendall":
                found[coefficient][column] = kendall_tau(ties, codes)
                continue
            r = float(unit(ranks if coefficient == "spearman" else values) @ sides[coefficient])
            found[coefficient][column] = r, max(1 - r**2, 1e-300) / (n - 2)
    return found


def _pooled(
    estimates: np.ndarray, variances: np.ndarray, starts: np.ndarray, n: np.ndarray, coefficient: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return estimate and p of every definition; those with several imputations by Rubin's rules."""
    copies = np.diff(starts)
    mean = np.add.reduceat(estimates, starts[:-1]) / copies
    within = np.add.reduceat(variances, starts[:-1]) / copies
    df = np.where(coefficient == "kendall", np.inf, np.maximum(n - 2, 1)).astype(float)
    total = within.copy()
    for row in np.flatnonzero((copies > 1) & np.isfinite(mean)):
        part = estimates[starts[row] : starts[row + 1]]
        between = part.var(ddof=1)
        total[row] += (1 + 1 / len(part)) * between
        df[row] = barnard_rubin(len(part), within[row], between, total[row], n[row] - 2)
    t = np.abs(mean) / np.sqrt(total)
    normal, student = stats.norm.sf(t), stats.t.sf(t, np.where(np.isinf(df), 1, df))
    shown = np.where(coefficient == "kendall", np.sin(np.pi / 2 * mean), mean)
    return shown, 2 * np.where(np.isinf(df), normal, student)


def joint_test(
    multiverse: Multiverse,
    n_permutations: int = 500,
    seed: int = 1,
    tiers: tuple[str, ...] = TIERS[:2],
    block: pd.Series | None = None,
) -> pd.DataFrame:
    """Test all definitions of these tiers at once: would perception unrelated to any value give such a curve?

    Patients' perceptions are permuted, the same way in every definition, among the patients that it uses.
    Definitions in Kendall's tau-b are left out: they order the patients as their Spearman twins do.

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
    inside = multiverse.table["tier"].isin(tiers) & multiverse.table["coefficient"].isin(LINEAR)
    chosen = multiverse._replace(table=multiverse.table[inside].reset_index(drop=True))
    observed = run(chosen)["estimate"].to_numpy() if inside.any() else np.array([])
    usable = np.isfinite(observed)
    if not usable.any():
        return pd.DataFrame(
            columns=["statistic", "observed", "permuted_median", "p_val", "n_permutations", "definitions"]
        )
    permuted, n = permuted_estimates(chosen, n_permutations, seed, block)
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
    """Return every definition's correlation under every permutation, and its number of patients.

    NaN in Kendall's tau-b, which is no product of two vectors. An imputed outcome is the mean of its copies.
    """
    rng = np.random.default_rng(seed)
    table, patients = multiverse.table, multiverse.perceptions.shape[1]
    blocks = None if block is None else pd.factorize(block)[0]
    sides = list(_sides(multiverse))
    estimates = np.full((len(table), n_permutations), np.nan)
    n = np.zeros(len(table), dtype=int)
    for side in sides:
        n[side.rows] = len(side.patients)
        estimates[side.rows] = 0.0
    size = max(1, CELLS_PER_BATCH // patients)
    for start in range(0, n_permutations, size):
        rows = min(size, n_permutations - start)
        shuffled = rng.permuted(np.tile(np.arange(patients), (rows, 1)), axis=1)
        orders: dict[bytes, np.ndarray] = {}
        for side in sides:
            who = side.patients.tobytes()
            if who not in orders:
                orders[who] = _orders(shuffled, side.patients, blocks)
            estimates[side.rows, start : start + rows] += side.values @ side.perception[orders[who]].T
    return estimates, n


class _Side(NamedTuple):
    """Unit vectors of definitions that share perception, coefficient and patients."""

    rows: np.ndarray
    values: np.ndarray
    perception: np.ndarray
    patients: np.ndarray


def _sides(multiverse: Multiverse) -> Iterator[_Side]:
    copies = multiverse.table["copies"].to_numpy()
    linear = np.flatnonzero(multiverse.table["coefficient"].isin(LINEAR))
    for group in _groups(multiverse, linear):
        answers = multiverse.perceptions[group.perception][group.patients]
        for coefficient in LINEAR:
            sums: dict[int, np.ndarray] = {}
            made: dict[int, np.ndarray] = {}
            for row, column, kind in group.cells:
                if kind != coefficient:
                    continue
                if column not in made:
                    values = multiverse.values[column][group.patients]
                    made[column] = unit(ranked(values)[0] if kind == "spearman" else values)
                sums[row] = sums.get(row, 0) + made[column] / copies[row]
            if sums:
                side = unit(ranked(answers)[0] if coefficient == "spearman" else answers)
                yield _Side(np.array(list(sums)), np.array(list(sums.values())), side, group.patients)


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
