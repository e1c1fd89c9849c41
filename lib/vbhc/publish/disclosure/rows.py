"""Rows of published tables: whom they are about, and what is believed of their numbers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from vbhc.publish.disclosure.counts import Told


class Statistic(NamedTuple):
    """A number as it is written: what it can be at least and at most, and which one of the report it is."""

    low: float
    high: float
    number: int


class Place(NamedTuple):
    """Where a statistic stands: its finding, the row of its published table (0 is the first), its column."""

    finding: int
    row: int
    column: str


class Row(NamedTuple):
    """A row of a table: whom it is about, its counts (cells) and its other numbers, by column."""

    labels: frozenset[str]
    total: bool
    counts: Mapping[str, int]
    statistics: Mapping[str, Statistic]


Table = Sequence[Row]


def base_of(row: Row, column: str) -> str | None:
    """Return the count that a mean of a row rests on: `n_x` for `mean_x`, else `n`, else the only one."""
    own = [name for name in row.counts if name.startswith("n_") and column.endswith(name[1:])]
    known = [*own, *(name for name in row.counts if name == "n")]
    return next(iter(known), next(iter(row.counts), None) if len(row.counts) == 1 else None)


def holding(tables: Iterable[Mapping]) -> dict[Any, list[int]]:
    """Return by key the numbers of the tables that hold it."""
    found: dict[Any, list[int]] = {}
    for number, table in enumerate(tables):
        for key in table:
            found.setdefault(key, []).append(number)
    return found


def sums_at(signs: Sequence[Mapping[int, float]], at: float, values: np.ndarray, least: int) -> list[Told]:
    """Return that sums of signed cells are at a level, if they are where all is known, and often enough."""
    sums = np.array([sum(sign * values[cell] for cell, sign in one.items()) for one in signs])
    seen = ~np.isnan(sums)
    holds = seen.sum() >= least and (abs(sums[seen] - at) < 1e-6).all()
    return [Told(dict(one), at, at) for one in signs] if holds else []


def never_less(signs: Sequence[Mapping[int, float]], values: np.ndarray, least: int) -> list[Told]:
    """Return that sums of signed cells never fall below zero, or never rise above it, if they do not."""
    sums = np.array([sum(sign * values[cell] for cell, sign in one.items()) for one in signs])
    seen = sums[~np.isnan(sums)]
    if len(seen) < least or ((seen < 0).any() and (seen > 0).any()):
        return []
    low, high = (0.0 if (seen >= 0).all() else -np.inf, 0.0 if (seen <= 0).all() else np.inf)
    return [Told(dict(one), low, high) for one in signs]


def fits(told: Sequence[Sequence[Told]], values: np.ndarray, least: int) -> bool:
    """Whether each of some sets of statements holds as far as it is known, and is known often enough."""
    seen = 0
    for statements in told:
        sums = [sum(sign * values[cell] for cell, sign in one.signs.items()) for one in statements]
        if np.isnan(sums).any() or not any(values[cell] for one in statements for cell in one.signs):
            continue
        inside = (one.low - 1e-6 <= s <= one.high + 1e-6 for one, s in zip(statements, sums, strict=True))
        if not all(inside):
            return False
        seen += 1
    return seen >= least
