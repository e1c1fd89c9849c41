"""Every distinct definition of value: the choices, what speaks for each, and the columns that they give."""

import hashlib
from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.chapters.perception.multiverse.columns import (
    AXES,
    DECLARED,
    REASONS,
    TIERS,
    Judged,
    Outcome,
    finite,
    flawed,
    value_columns,
)
from vbhc.problems import did_you_mean


class Multiverse(NamedTuple):
    """All definitions.

    `table` has a row per definition: the choices, its tier, the first of its `copies` (imputations) among the
    rows of `values`, and its row of `perceptions`. `tiers` is the study's own judgement.
    """

    table: pd.DataFrame
    values: np.ndarray
    perceptions: np.ndarray
    tiers: Mapping[str, Mapping[str, tuple[str, str]]] = {}


def define(
    outcomes: Mapping[str, Outcome],
    costs: Mapping[str, pd.Series],
    perceptions: Mapping[str, pd.Series],
    forms: tuple[str, ...] = tuple(REASONS["form"]),
    missing: tuple[str, ...] = tuple(REASONS["missing"]),
    negatives: tuple[str, ...] = tuple(REASONS["negatives"]),
    coefficients: tuple[str, ...] = tuple(REASONS["coefficient"]),
    tiers: Mapping[str, Mapping[str, tuple[str, str]]] | None = None,
) -> Multiverse:
    """Lay out every definition.

    No definition has two flawed choices.

    Parameters
    ----------
    outcomes, costs, perceptions : mapping
        Name -> what the study measured; all on one index, higher = better for outcomes and perceptions. An
        infinite value counts as missing.
    forms, missing, negatives, coefficients : tuple of str
        The values of these choices to use (keys of `REASONS`).
    tiers : mapping, optional
        Choice -> value -> (tier, reason): the study's own judgement, over `REASONS`. Outcomes, costs and
        perceptions are "principled" unless said otherwise.

    Raises
    ------
    ValueError
        If a value, a choice or a tier is unknown, or the indexes differ.
    """
    chosen = {"form": forms, "missing": missing, "negatives": negatives, "coefficient": coefficients}
    _check(chosen, tiers or {}, outcomes, costs, perceptions)
    paths, first, seen = [], [], set()
    columns: list[np.ndarray] = []
    judged = {axis: {**REASONS.get(axis, {}), **(tiers or {}).get(axis, {})} for axis in AXES}
    for path, copies in value_columns(outcomes, costs, chosen, judged):
        content = hashlib.blake2b(np.nan_to_num(copies[0], nan=np.inf).tobytes()).digest()
        if content not in seen:  # two paths to the very same numbers are one definition
            seen.add(content)
            paths.append({**path, "copies": len(copies)})
            first.append(len(columns))
            columns += copies
    rows = [
        {**path, "perception": name, "coefficient": coefficient, "value_column": at, "perception_column": k}
        for path, at in zip(paths, first, strict=True)
        for k, name in enumerate(perceptions)
        for coefficient in coefficients
    ]
    table = pd.DataFrame(rows, columns=[*AXES, "value_column", "copies", "perception_column"])
    table = table[_flaws(table, judged) < 2].reset_index(drop=True)
    table["tier"] = _tier_of_each(table, judged)
    answers = np.array([finite(p) for p in perceptions.values()])
    return Multiverse(table, np.array(columns), answers, tiers or {})


def _check(chosen: Mapping, tiers: Mapping, *named: Mapping) -> None:
    given: list[tuple[str, str, Collection[str]]]
    given = [(axis, value, REASONS[axis]) for axis, values in chosen.items() for value in values]
    given += [("choice", axis, AXES) for axis in tiers]
    given += [("tier", tier, TIERS) for judged in tiers.values() for tier, _ in judged.values()]
    for what, value, known in given:
        if value not in known:
            raise ValueError(f"unknown {what} {value!r}; {did_you_mean(value, known)}")
    items = [item for group in named for item in group.values()]
    series = [s for item in items for s in (item[:2] if isinstance(item, Outcome) else [item])]
    if not series or not all(s.index.equals(series[0].index) for s in series):
        raise ValueError(
            "outcomes, costs and perceptions must share one index; merge on the patient's key first"
        )


def _flaws(table: pd.DataFrame, judged: Mapping[str, Judged]) -> pd.Series:
    """Return how many choices of each definition are flawed."""
    bad = [table[axis].map(lambda value, axis=axis: flawed(judged, **{axis: value})) for axis in AXES]
    return sum(bad[1:], bad[0]).astype(int)


def _tier_of_each(table: pd.DataFrame, judged: Mapping[str, Judged]) -> pd.Series:
    """Return, per definition, the worst tier among its choices."""
    worst = np.zeros(len(table), dtype=int)
    for axis in AXES:
        rank = table[axis].map(lambda value, axis=axis: TIERS.index(judged[axis].get(value, DECLARED)[0]))
        worst = np.maximum(worst, rank.to_numpy(dtype=int))
    return pd.Series([TIERS[i] for i in worst], index=table.index, dtype="str")


def choices(multiverse: Multiverse) -> pd.DataFrame:
    """Return every value of every choice in use: `choice, value, tier, reason, definitions`."""
    rows = []
    for axis in AXES:
        judged = {**REASONS.get(axis, {}), **multiverse.tiers.get(axis, {})}
        for value, used in multiverse.table[axis].value_counts(sort=False).items():
            rows.append((axis, value, *judged.get(value, DECLARED), int(used)))
    return pd.DataFrame(rows, columns=["choice", "value", "tier", "reason", "definitions"])
