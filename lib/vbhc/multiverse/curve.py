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
JOINT_COLUMNS = [
    *("statistic", "observed", "permuted_median", "p_val", "n_permutations", "definitions", "n_imputed")
]
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

    Perceptions change places between patients, the same way in every definition, so that definitions keep
    going together as they do. Left out are definitions in Kendall's tau-b, which order the patients as their
    Spearman twins do, and those with imputed outcomes: perception helped to impute them (left out of the
    imputation it would be drawn as unrelated to the outcome, and the estimate pulled towards 0), so that no
    permutation after imputing shows what chance alone would do.

    Parameters
    ----------
    block : Series, optional
        Permute only within its values (arm, site).

    Returns
    -------
    DataFrame
        Rows `statistic` = "median", "share significant" (p < .05 in the direction of the median), "Stouffer
        Z" with `observed, permuted_median, p_val, n_permutations, definitions, n_imputed` (definitions left
        out because their outcomes are imputed).
    """
    inside = multiverse.table["tier"].isin(tiers) & multiverse.table["coefficient"].isin(LINEAR)
    imputed = inside & (multiverse.table["missing"] == "imputed")
    inside &= ~imputed
    chosen = multiverse._replace(table=multiverse.table[inside].reset_index(drop=True))
    observed = run(chosen)["estimate"].to_numpy() if inside.any() else np.array([])
    usable = np.isfinite(observed)
    if not usable.any():
        return pd.DataFrame(columns=JOINT_COLUMNS)
    permuted, n = permuted_estimates(chosen, n_permutations, seed, block)
    real = _curve_statistics(observed[usable][:, None], n[usable])
    null = _curve_statistics(permuted[usable], n[usable])
    rows = []
    for name, value in real.items():
        beyond = (np.abs(null[name]) >= abs(value[0]) - 1e-12).sum()
        rows.append((name, value[0], np.median(null[name]), (1 + beyond) / (1 + n_permutations)))
    table = pd.DataFrame(rows, columns=JOINT_COLUMNS[:4])
    return table.assign(
        n_permutations=n_permutations, definitions=int(usable.sum()), n_imputed=int(imputed.sum())
    )


def permuted_estimates(
    multiverse: Multiverse, n_permutations: int, seed: int, block: pd.Series | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return every definition's correlation under every permutation, and its number of patients.

    A patient takes the same other patient's perception in all definitions, whoever else is missing in some.
    Patients without a perception keep their place, so that no definition changes its n.
    NaN in Kendall's tau-b, which is no product of two vectors. An imputed outcome is the mean of its copies.
    """
    rng = np.random.default_rng(seed)
    table, patients = multiverse.table, multiverse.perceptions.shape[1]
    places = _places(multiverse.perceptions, block)
    sides = list(_sides(multiverse))
    estimates = np.full((len(table), n_permutations), np.nan)
    n = np.zeros(len(table), dtype=int)
    for side in sides:
        n[side.rows] = len(side.patients)
    size = max(1, CELLS_PER_BATCH // patients)
    for start in range(0, n_permutations, size):
        rows = min(size, n_permutations - start)
        shuffled = rng.permuted(np.tile(np.arange(patients), (rows, 1)), axis=1)
        orders = _within(shuffled, places)
        for side in sides:
            answers = _units(side.perception[orders[:, side.patients]], side.ranks)
            estimates[side.rows, start : start + rows] = side.values @ answers.T
    return estimates, n


def _places(perceptions: np.ndarray, block: pd.Series | None) -> np.ndarray:
    """Return, per patient, a number shared by those who may change places: same block, same answers known."""
    known = np.unique(~np.isnan(perceptions), axis=1, return_inverse=True)[1].ravel()
    if block is None:
        return known
    return known * (len(known) + 1) + pd.factorize(block)[0] + 1


class _Side(NamedTuple):
    """Unit vectors of definitions that share perception, coefficient and patients.

    `perception` holds every patient's answer, or the number of its tie group where `ranks` are wanted.
    """

    rows: np.ndarray
    values: np.ndarray
    perception: np.ndarray
    patients: np.ndarray
    ranks: bool


def _sides(multiverse: Multiverse) -> Iterator[_Side]:
    copies = multiverse.table["copies"].to_numpy()
    linear = np.flatnonzero(multiverse.table["coefficient"].isin(LINEAR))
    for group in _groups(multiverse, linear):
        answers = multiverse.perceptions[group.perception]
        for coefficient in LINEAR:
            ranks = coefficient == "spearman"
            sums: dict[int, np.ndarray] = {}
            made: dict[int, np.ndarray] = {}
            for row, column, kind in group.cells:
                if kind != coefficient:
                    continue
                if column not in made:
                    values = multiverse.values[column][group.patients]
                    made[column] = unit(ranked(values)[0] if ranks else values)
                sums[row] = sums.get(row, 0) + made[column] / copies[row]
            if sums:
                side = np.unique(answers, return_inverse=True)[1].ravel() if ranks else answers
                yield _Side(np.array(list(sums)), np.array(list(sums.values())), side, group.patients, ranks)


def _within(shuffled: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return shuffles of all patients in which each place is filled from its own kind."""
    if (places == places[0]).all():
        return shuffled
    home = np.argsort(places, kind="stable")
    orders = np.empty_like(shuffled)
    order = np.argsort(places[shuffled], axis=1, kind="stable")
    orders[:, home] = np.take_along_axis(shuffled, order, axis=1)
    return orders


def _units(answers: np.ndarray, ranks: bool) -> np.ndarray:
    """Return each row centred and scaled to length one, its mid-ranks where `ranks`; 0 where constant."""
    if ranks:
        rows, groups = len(answers), int(answers.max()) + 1
        cells = answers + np.arange(rows)[:, None] * groups
        sizes = np.bincount(cells.ravel(), minlength=rows * groups).reshape(rows, groups)
        answers = (np.cumsum(sizes, axis=1) - sizes / 2).ravel()[cells]
    centred = answers - answers.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    return centred / np.where(length > 0, length, 1)


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
