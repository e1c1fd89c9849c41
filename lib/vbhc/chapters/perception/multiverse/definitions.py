"""Every distinct definition of value: the choices, what speaks for each, and the columns that they give."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from vbhc import shipped
from vbhc.chapters.value.quota.numerators import adjusted_outcome
from vbhc.problems import did_you_mean
from vbhc.statistics.samples import kinds_of_rows

TIERS = ("principled", "common", "flawed")
DEFENSIBLE = TIERS[:2]
AXES = ("outcome", "form", "missing", "cost", "value", "negatives", "perception", "coefficient")
_WRITTEN = shipped.tree(__file__, "reasons.yml")
REASONS = {axis: {value: tuple(why) for value, why in values.items()} for axis, values in _WRITTEN.items()}
DECLARED = ("principled", "declared by the study")
Judged = Mapping[str, tuple[str, str]]
Column = Callable[[], Any]  # makes an array of floats, a value per kind of patient
Pair = tuple[pd.Series, pd.Series]  # an outcome before and after
FIRST = 1_000  # patients by whom most definitions are told apart


class Outcome(NamedTuple):
    """An outcome measured twice, higher = better.

    With `willingness_to_pay` net benefit is a choice; with `imputed` (pairs of a filled baseline and
    follow-up, one per imputation) multiple imputation is.
    """

    baseline: pd.Series
    follow_up: pd.Series
    willingness_to_pay: float | None = None
    imputed: tuple[Pair, ...] = ()


def value_columns(
    outcomes: Mapping[str, Outcome],
    costs: Mapping[str, pd.Series],
    chosen: Mapping[str, tuple[str, ...]],
    judged: Mapping[str, Judged],
) -> Iterator[tuple[dict[str, str], Sequence[Column], list[np.ndarray]]]:
    """Yield path, columns and kinds (one per imputation) of every distinct value with one flaw at most.

    A column is made when it is called, of one patient of each kind: patients of one kind have the same
    scores and costs. A choice without effect on a path is not repeated.
    """
    priced = {name: finite(cost) for name, cost in costs.items()}
    alike_in_costs = kinds_of_rows(*priced.values())[1]
    for name, outcome in outcomes.items():
        for rule in _rules_that_matter(outcome.follow_up.isna().any(), chosen["missing"], "complete"):
            pairs = _filled(outcome, rule)
            alike = [kinds_of_rows(alike_in_costs, *map(finite, pair)) for pair in pairs]
            firsts, kinds = [first for first, _ in alike], [kind for _, kind in alike]
            bills = {name: (cost, [cost[first] for first in firsts]) for name, cost in priced.items()}
            for form in chosen["form"]:
                if flawed(judged, outcome=name, missing=rule, form=form) > 1:
                    continue
                numerators = [_numerator(*pair, form) for pair in pairs]
                if not numerators or numerators[0] is None:
                    continue
                path = {"outcome": name, "form": form, "missing": rule}
                given = list(map(finite, numerators)), firsts, bills
                price = outcome.willingness_to_pay
                for step, copies in _over_costs(path, *given, chosen["negatives"], price):
                    if flawed(judged, **step) < 2:
                        yield step, copies, kinds


def _rules_that_matter(matters: bool, rules: tuple[str, ...], plain: str) -> tuple[str, ...]:
    return rules if matters else tuple(rule for rule in rules if rule == plain) or rules[:1]


def _filled(outcome: Outcome, rule: str) -> list[Pair]:
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
    outcomes: list[np.ndarray],
    firsts: list[np.ndarray],
    bills: Mapping[str, tuple[np.ndarray, list[np.ndarray]]],
    negatives: tuple[str, ...],
    willingness_to_pay: float | None,
) -> Iterator[tuple[dict[str, str], Sequence[Column]]]:
    """Yield path and columns of every way to set outcomes against costs.

    Outcomes are of all patients, one per imputation; `firsts` are the first patients of each kind, and
    `bills` the cost of all patients and of those first ones.
    """
    scores = [outcome[first] for outcome, first in zip(outcomes, firsts, strict=True)]
    for name, (cost_of_all, costs) in bills.items():
        here, both = {**path, "cost": name}, list(zip(scores, costs, strict=True))
        for rule in _rules_that_matter(any((y < 0).any() for y in scores), negatives, "keep"):
            kept = [partial(_quota, y, cost, rule) for y, cost in both]
            yield {**here, "value": "value quota", "negatives": rule}, kept
        if willingness_to_pay is not None:
            benefit = [partial(_net_benefit, y, cost, willingness_to_pay) for y, cost in both]
            yield {**here, "value": "net benefit", "negatives": "keep"}, benefit
        lines = [_line_on_log_cost(outcome, cost_of_all) for outcome in outcomes]
        if lines[0] is not None:
            beyond = [partial(_beyond_cost, *both, line) for both, line in zip(both, lines, strict=True)]
            yield {**here, "value": "beyond cost", "negatives": "keep"}, beyond


def finite(series: pd.Series) -> np.ndarray:
    """Return the values as floats; an infinite one, a division by zero somewhere before, is missing."""
    values = series.to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isinf(values), np.nan, values)


def _quota(outcome: np.ndarray, cost: np.ndarray, rule: str) -> np.ndarray:
    """Return outcome over cost under a rule for outcomes below zero."""
    dividing = np.where(cost > 0, cost, np.nan)
    if rule == "zero":
        return np.maximum(outcome, 0) / dividing
    return (np.where(outcome >= 0, outcome, np.nan) if rule == "drop" else outcome) / dividing


def _net_benefit(outcome: np.ndarray, cost: np.ndarray, price: float) -> np.ndarray:
    return price * outcome - cost


def _line_on_log_cost(outcome: np.ndarray, cost: np.ndarray) -> tuple[float, float, float] | None:
    """Return both means and the slope of the outcome on the log of the cost; None where there is no line."""
    known = ~np.isnan(outcome) & (cost > 0)
    y, x = outcome[known], np.log(cost[known])
    if len(x) < 3 or np.ptp(x) == 0:
        return None
    mean = x.mean()
    centred = x - mean
    return y.mean(), mean, centred @ y / (centred**2).sum()


def _beyond_cost(outcome: np.ndarray, cost: np.ndarray, line: tuple[float, float, float]) -> np.ndarray:
    """Return the outcome less what the line on log cost expects."""
    mean, mean_cost, slope = line
    x = np.log(cost, where=cost > 0, out=np.full(len(cost), np.nan))
    return outcome - mean - slope * (x - mean_cost)


def flawed(judged: Mapping[str, Judged], **path: str) -> int:
    """Return how many of these choices are flawed."""
    return sum(judged[axis].get(value, DECLARED)[0] == TIERS[2] for axis, value in path.items())


class Multiverse(NamedTuple):
    """All definitions.

    `table` has a row per definition: the choices, its tier, the first of its `copies` (imputations) among
    `values`, and its row of `perceptions`. A column of `values` is made when it is called, since all of them
    together are large, and has a value per kind of patient; `kinds` has the kind of each patient, `known` the
    patients whose value is known, packed. `tiers` is the study's own judgement.
    """

    table: pd.DataFrame
    values: list[Column]
    known: list[np.ndarray]
    kinds: list[np.ndarray]
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
    paths, first = [], []
    seen: dict[bytes, list[int]] = {}
    columns: list[Column] = []
    known: list[np.ndarray] = []
    kinds: list[np.ndarray] = []
    judged = {axis: {**REASONS.get(axis, {}), **(tiers or {}).get(axis, {})} for axis in AXES}
    for path, copies, alike in value_columns(outcomes, costs, chosen, judged):
        values, kind = copies[0](), alike[0]
        twins = seen.setdefault(np.nan_to_num(values, nan=np.inf)[kind[:FIRST]].tobytes(), [])
        same = (np.array_equal(values[kind], columns[c]()[kinds[c]], equal_nan=True) for c in twins)
        if not any(same):  # two paths to the very same numbers are one definition
            twins.append(len(columns))
            paths.append({**path, "copies": len(copies)})
            first.append(len(columns))
            columns += copies
            known += [np.packbits(~np.isnan(copy())[one]) for copy, one in zip(copies, alike, strict=True)]
            kinds += alike
    rows = [
        {**path, "perception": name, "coefficient": coefficient, "value_column": at, "perception_column": k}
        for path, at in zip(paths, first, strict=True)
        for k, name in enumerate(perceptions)
        for coefficient in coefficients
    ]
    table = pd.DataFrame(rows, columns=[*AXES, "value_column", "copies", "perception_column"])
    ranks = pd.DataFrame({axis: table[axis].map(partial(_rank, judged[axis])) for axis in AXES})
    table = table.assign(tier=ranks.max(axis=1).map(dict(enumerate(TIERS))).astype("str"))
    table = table[ranks.eq(TIERS.index("flawed")).sum(axis=1) < 2].reset_index(drop=True)
    answers = np.array([finite(p) for p in perceptions.values()])
    return Multiverse(table, columns, known, kinds, answers, tiers or {})


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
        raise ValueError("outcomes, costs and perceptions must share one index; merge on the patient's key")


def _rank(judged: Judged, value: str) -> int:
    """Return the place of the tier of a choice among `TIERS`."""
    return TIERS.index(judged.get(value, DECLARED)[0])


def choices(multiverse: Multiverse) -> pd.DataFrame:
    """Return every value of every choice in use: `choice, option, tier, reason, definitions`."""
    rows = []
    for axis in AXES:
        judged = {**REASONS.get(axis, {}), **multiverse.tiers.get(axis, {})}
        for value, used in multiverse.table[axis].value_counts(sort=False).items():
            rows.append((axis, value, *judged.get(value, DECLARED), int(used)))
    return pd.DataFrame(rows, columns=["choice", "option", "tier", "reason", "definitions"])
