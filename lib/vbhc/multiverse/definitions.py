"""Every defensible definition of value, laid out: each choice with a tier and a reason.

A definition is a path through the choices (outcome, form, missing, cost, value, negatives, perception,
coefficient). Choices that change nothing on a path are left out, because padding with copies or with invalid
definitions can manufacture "no consistent effect" (arXiv:2409.06930). For the same reason no definition has
more than one flawed choice: one is enough to learn from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.multiverse.reasons import AXES, DECLARED, REASONS, TIERS
from vbhc.problems import did_you_mean
from vbhc.value.forms import adjusted_outcome

Judged = Mapping[str, tuple[str, str]]


class Outcome(NamedTuple):
    """An outcome measured twice, higher = better.

    With `willingness_to_pay` net benefit is a choice; with `imputed` (pairs of a filled baseline and
    follow-up, one per imputation) multiple imputation is.
    """

    baseline: pd.Series
    follow_up: pd.Series
    willingness_to_pay: float | None = None
    imputed: tuple[tuple[pd.Series, pd.Series], ...] = ()


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
    paths, first, columns, seen = [], [], [], set()
    judged = {axis: {**REASONS.get(axis, {}), **(tiers or {}).get(axis, {})} for axis in AXES}
    for path, copies in _value_columns(outcomes, costs, chosen, judged):
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
    flaws = _flaws(table, judged)
    table = table[flaws < 2].reset_index(drop=True)
    table["tier"] = _tier_of_each(table, judged)
    answers = np.array([_finite(p) for p in perceptions.values()])
    return Multiverse(table, np.array(columns), answers, tiers or {})


def _check(chosen: Mapping, tiers: Mapping, *named: Mapping) -> None:
    for axis, values in chosen.items():
        for value in values:
            if value not in REASONS[axis]:
                raise ValueError(f"unknown {axis} {value!r}; {did_you_mean(value, REASONS[axis])}")
    for axis, judged in tiers.items():
        if axis not in AXES:
            raise ValueError(f"unknown choice {axis!r}; {did_you_mean(axis, AXES)}")
        for tier, _ in judged.values():
            if tier not in TIERS:
                raise ValueError(f"unknown tier {tier!r}; {did_you_mean(tier, TIERS)}")
    series = [
        s
        for group in named
        for item in group.values()
        for s in (item[:2] if isinstance(item, Outcome) else [item])
    ]
    if not series or not all(s.index.equals(series[0].index) for s in series):
        raise ValueError(
            "outcomes, costs and perceptions must share one index; merge on the patient's key first"
        )


def _value_columns(
    outcomes: Mapping[str, Outcome],
    costs: Mapping[str, pd.Series],
    chosen: Mapping[str, tuple[str, ...]],
    judged: Mapping[str, Judged],
) -> Iterator[tuple[dict[str, str], list[np.ndarray]]]:
    """Yield path and column (one per imputation) of every distinct value with one flaw at most.

    A choice without effect on a path is not repeated.
    """
    for name, outcome in outcomes.items():
        for rule in _rules_that_matter(outcome.follow_up.isna().any(), chosen["missing"], "complete"):
            for form in chosen["form"]:
                if _flawed(judged, outcome=name, missing=rule, form=form) > 1:
                    continue
                numerators = [_numerator(*pair, form) for pair in _filled(outcome, rule)]
                if not numerators or numerators[0] is None:
                    continue
                path = {"outcome": name, "form": form, "missing": rule}
                price = outcome.willingness_to_pay
                for step, copies in _over_costs(path, numerators, costs, chosen["negatives"], price):
                    if _flawed(judged, **step) < 2:
                        yield step, copies


def _rules_that_matter(matters: bool, rules: tuple[str, ...], plain: str) -> tuple[str, ...]:
    return rules if matters else tuple(rule for rule in rules if rule == plain) or rules[:1]


def _filled(outcome: Outcome, rule: str) -> list[tuple[pd.Series, pd.Series]]:
    """Return baseline and follow-up under a rule for missing follow-ups: one pair, or one per imputation."""
    if rule == "imputed":
        return list(outcome.imputed)
    follow_up = outcome.follow_up
    if rule == "worst":
        follow_up = follow_up.fillna(follow_up.min())
    if rule == "no change":
        follow_up = follow_up.fillna(outcome.baseline)
    return [(outcome.baseline, follow_up)]


def _numerator(baseline: pd.Series, follow_up: pd.Series, form: str) -> pd.Series | None:
    """Return the outcome in a form; None where the form has no meaning for these data."""
    if form == "gain":
        return follow_up - baseline
    if form == "percent":
        return ((follow_up - baseline) / baseline.where(baseline > 0) * 100) if (baseline > 0).any() else None
    if form == "adjusted":
        enough = (baseline.notna() & follow_up.notna()).sum() >= 3 and baseline.nunique() > 1
        return adjusted_outcome(baseline, follow_up) if enough else None
    return follow_up


def _over_costs(
    path: dict[str, str],
    numerators: list[pd.Series],
    costs: Mapping[str, pd.Series],
    negatives: tuple[str, ...],
    willingness_to_pay: float | None,
) -> Iterator[tuple[dict[str, str], list[np.ndarray]]]:
    outcomes = [_finite(numerator) for numerator in numerators]
    for cost_name, series in costs.items():
        cost = _finite(series)
        dividing = np.where(cost > 0, cost, np.nan)
        here = {**path, "cost": cost_name}
        for rule in _rules_that_matter(any((y < 0).any() for y in outcomes), negatives, "keep"):
            kept = [_without_negatives(y, rule) / dividing for y in outcomes]
            yield {**here, "value": "quotient", "negatives": rule}, kept
        if willingness_to_pay is not None:
            benefit = [willingness_to_pay * y - cost for y in outcomes]
            yield {**here, "value": "net benefit", "negatives": "keep"}, benefit
        beyond = [_beyond_cost(y, dividing) for y in outcomes]
        if beyond[0] is not None:
            yield {**here, "value": "beyond cost", "negatives": "keep"}, beyond


def _finite(series: pd.Series) -> np.ndarray:
    values = series.to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isinf(values), np.nan, values)


def _without_negatives(outcome: np.ndarray, rule: str) -> np.ndarray:
    if rule == "zero":
        return np.maximum(outcome, 0)
    return np.where(outcome >= 0, outcome, np.nan) if rule == "drop" else outcome


def _beyond_cost(outcome: np.ndarray, dividing: np.ndarray) -> np.ndarray | None:
    """Return the outcome less what a straight line on log cost expects; None where there is no line."""
    known = ~np.isnan(outcome) & ~np.isnan(dividing)
    x = np.log(dividing, where=known, out=np.full(len(dividing), np.nan))
    if known.sum() < 3 or np.ptp(x[known]) == 0:
        return None
    centred = x - x[known].mean()
    slope = (centred[known] @ outcome[known]) / (centred[known] ** 2).sum()
    return outcome - outcome[known].mean() - slope * centred


def _flawed(judged: Mapping[str, Judged], **path: str) -> int:
    """Return how many of these choices are flawed."""
    return sum(judged[axis].get(value, DECLARED)[0] == TIERS[2] for axis, value in path.items())


def _flaws(table: pd.DataFrame, judged: Mapping[str, Judged]) -> pd.Series:
    """Return how many choices of each definition are flawed."""
    bad = [table[axis].map(lambda value, axis=axis: _flawed(judged, **{axis: value})) for axis in AXES]
    return sum(bad[1:], bad[0]).astype(int)


def _tier_of_each(table: pd.DataFrame, judged: Mapping[str, Judged]) -> pd.Series:
    """Return, per definition, the worst tier among its choices."""
    worst = np.zeros(len(table), dtype=int)
    for axis in AXES:
        rank = table[axis].map(lambda value, axis=axis: TIERS.index(judged[axis].get(value, DECLARED)[0]))
        worst = np.maximum(worst, rank.to_numpy(dtype=int))
    return pd.Series([TIERS[i] for i in worst], index=table.index, dtype="str")


def choices(
    multiverse: Multiverse, tiers: Mapping[str, Mapping[str, tuple[str, str]]] | None = None
) -> pd.DataFrame:
    """Return every value of every choice in use: `choice, value, tier, reason, definitions`."""
    rows = []
    for axis in AXES:
        judged = {**REASONS.get(axis, {}), **(tiers or multiverse.tiers).get(axis, {})}
        for value, used in multiverse.table[axis].value_counts(sort=False).items():
            rows.append((axis, value, *judged.get(value, DECLARED), int(used)))
    return pd.DataFrame(rows, columns=["choice", "value", "tier", "reason", "definitions"])
