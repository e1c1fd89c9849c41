"""Every definition's correlation when perceptions change places between patients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.multiverse.coefficients import ranked, unit
from vbhc.multiverse.definitions import Multiverse

CELLS_PER_BATCH = 4_000_000  # patients x permutations held at once
LINEAR = ("spearman", "pearson")  # a product of two unit vectors, so that permutations are one matrix product


class Group(NamedTuple):
    """Definitions that share perception and patients; `cells` are (row, value column, coefficient)."""

    cells: list[tuple[int, int, str]]
    patients: np.ndarray
    perception: int


def groups(multiverse: Multiverse, rows: np.ndarray | None = None) -> Iterator[Group]:
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
            yield Group(members, patients, k)


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
    for group in groups(multiverse, linear):
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
