"""Every definition's correlation when perceptions change places between patients."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from vbhc.chapters.perception.multiverse.coefficients import ranked, unit
from vbhc.chapters.perception.multiverse.definitions import Multiverse

CELLS_PER_BATCH = 1_000_000  # patients x permutations held at once
LINEAR = ("spearman", "pearson")  # a product of two unit vectors, so that permutations are one matrix product


class Group(NamedTuple):
    """Definitions that share patients; `cells` are (row, value column, perception, coefficient)."""

    cells: list[tuple[int, int, int, str]]
    patients: np.ndarray


def groups(multiverse: Multiverse, rows: np.ndarray | None = None) -> Iterator[Group]:
    """Yield the definitions (of the chosen rows) by the patients that they use."""
    valued, answered = (
        np.packbits(~np.isnan(side), axis=1) for side in (multiverse.values, multiverse.perceptions)
    )
    cells: dict[bytes, list[tuple[int, int, int, str]]] = {}
    table = multiverse.table if rows is None else multiverse.table.loc[rows]
    for row in table.itertuples():
        k = row.perception_column
        for column in range(row.value_column, row.value_column + row.copies):
            both = (valued[column] & answered[k]).tobytes()
            cells.setdefault(both, []).append((row.Index, column, k, row.coefficient))
    for both, members in cells.items():
        known = np.unpackbits(np.frombuffer(both, np.uint8), count=multiverse.values.shape[1])
        patients = np.flatnonzero(known)
        if len(patients) >= 4:
            yield Group(members, patients)


class Permuted(NamedTuple):
    """Per definition: the correlation as it is, one per permutation (columns), and how many patients."""

    observed: np.ndarray
    estimates: np.ndarray
    n: np.ndarray


def permute(multiverse: Multiverse, n_permutations: int, seed: int) -> Permuted:
    """Return every definition's correlation as it is and under every permutation.

    A patient takes the same other patient's perception in all definitions, whoever else is missing in some.
    Patients without a perception keep their place, so that no definition changes its n.
    NaN in Kendall's tau-b, which is no product of two vectors. An imputed outcome is the mean of its copies.
    """
    rng = np.random.default_rng(seed)
    patients = multiverse.perceptions.shape[1]
    places = _places(multiverse.perceptions)
    codes = [np.unique(answers, return_inverse=True) for answers in multiverse.perceptions]
    sides, n = list(_sides(multiverse)), np.zeros(len(multiverse.table), dtype=int)
    alone = np.arange(patients)
    observed = _correlations(multiverse, sides, codes, alone[None, :])[:, 0]
    for side in sides:
        n[side.rows] = len(side.patients)
        if np.ptp(multiverse.perceptions[side.perception][side.patients]) == 0:
            observed[side.rows] = np.nan
    estimates = np.empty((len(n), n_permutations))
    size = max(1, CELLS_PER_BATCH // patients)
    for start in range(0, n_permutations, size):
        rows = min(size, n_permutations - start)
        shuffled = rng.permuted(np.tile(alone, (rows, 1)), axis=1)
        orders = _within(shuffled, places)
        estimates[:, start : start + rows] = _correlations(multiverse, sides, codes, orders)
    return Permuted(observed, estimates, n)


def _places(perceptions: np.ndarray) -> np.ndarray:
    """Return, per patient, a number shared by those who may change places: the same answers known."""
    places = np.unique(~np.isnan(perceptions), axis=1, return_inverse=True)[1].ravel()
    return places.astype(
        np.min_scalar_type(places.max(initial=0))
    )  # numbers of one or two bytes sort fastest


class _Side(NamedTuple):
    """Unit vectors of definitions that share patients, perception and coefficient.

    A definition with several copies (imputations) has each divided by their number; `whole` is the share of
    its copies that are here, 1 unless some of them lack patients that others have.
    """

    rows: np.ndarray
    values: np.ndarray
    whole: np.ndarray
    patients: np.ndarray
    perception: int
    ranks: bool


def _sides(multiverse: Multiverse) -> Iterator[_Side]:
    copies = multiverse.table["copies"].to_numpy()
    linear = np.flatnonzero(multiverse.table["coefficient"].isin(LINEAR))
    for group in groups(multiverse, linear):
        made: dict[tuple[int, str], np.ndarray] = {}
        sums: dict[tuple[int, str], dict[int, tuple[np.ndarray, float]]] = {}
        for row, column, k, coefficient in group.cells:
            if (column, coefficient) not in made:
                values = multiverse.values[column][group.patients]
                made[column, coefficient] = unit(ranked(values)[0] if coefficient == "spearman" else values)
            so_far, share = sums.setdefault((k, coefficient), {}).get(row, (0.0, 0.0))
            part = made[column, coefficient] / copies[row]
            sums[k, coefficient][row] = so_far + part, share + 1 / copies[row]
        for (k, coefficient), rows in sums.items():
            values, whole = np.array([v for v, _ in rows.values()]), np.array([s for _, s in rows.values()])
            yield _Side(np.array(list(rows)), values, whole, group.patients, k, coefficient == "spearman")


def _within(shuffled: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return shuffles of all patients in which each place is filled from its own kind."""
    if (places == places[0]).all():
        return shuffled
    home = np.argsort(places, kind="stable")
    orders = np.empty_like(shuffled)
    order = np.argsort(places[shuffled], axis=1, kind="stable")
    orders[:, home] = np.take_along_axis(shuffled, order, axis=1)
    return orders


def _correlations(multiverse: Multiverse, sides: list[_Side], codes: list, orders: np.ndarray) -> np.ndarray:
    """Return the correlation of every definition (rows) with perceptions in every order (columns)."""
    results, whole = (np.zeros((len(multiverse.table), width)) for width in (len(orders), 1))
    last: tuple[int, int] | None = None
    for side in sides:
        if last != (id(side.patients), side.perception):
            last = id(side.patients), side.perception
            levels, code = codes[side.perception]
            places, counts = _counted(code.ravel(), len(levels), orders, side.patients)
        tables = _unit_tables(counts, None if side.ranks else levels)
        results[side.rows] += side.values @ tables.ravel().take(places).T
        whole[side.rows] += side.whole[:, None]
    return np.where(np.isclose(whole, 1), results, np.nan)


def _counted(
    code: np.ndarray, levels: int, orders: np.ndarray, patients: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return, per order, each patient's answer as a place in a table (orders x levels), and its counts."""
    rows = len(orders)
    places = code.take(orders[:, patients])
    places += np.arange(rows)[:, None] * levels
    return places, np.bincount(places.ravel(), minlength=rows * levels).reshape(rows, levels)


def _unit_tables(counts: np.ndarray, scores: np.ndarray | None) -> np.ndarray:
    """Return each level's score (its mid-rank without `scores`), centred and scaled; 0 where constant."""
    ranks = np.cumsum(counts, axis=1) - counts / 2
    known = ranks if scores is None else np.broadcast_to(np.nan_to_num(scores), counts.shape)
    n = counts.sum(axis=1, keepdims=True)
    centred = known - (counts * known).sum(axis=1, keepdims=True) / n
    length = np.sqrt((counts * centred**2).sum(axis=1, keepdims=True))
    return centred / np.where(length > 1e-12 * np.abs(known).max(axis=1, keepdims=True), length, np.inf)
