"""The numbers behind every definition: a numerator in its form, over or against a cost.

A choice that changes nothing on a path is not repeated, and no path has more than one flawed choice.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import yaml

from vbhc.chapters.value.quota.numerators import adjusted_outcome

TIERS = ("principled", "common", "flawed")
DEFENSIBLE = TIERS[:2]
AXES = ("outcome", "form", "missing", "cost", "value", "negatives", "perception", "coefficient")
_WRITTEN = yaml.safe_load(Path(__file__).with_name("reasons.yml").read_text(encoding="utf-8"))
REASONS = {axis: {value: tuple(why) for value, why in values.items()} for axis, values in _WRITTEN.items()}
DECLARED = ("principled", "declared by the study")
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


def value_columns(
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
                if flawed(judged, outcome=name, missing=rule, form=form) > 1:
                    continue
                numerators = [_numerator(*pair, form) for pair in _filled(outcome, rule)]
                if not numerators or numerators[0] is None:
                    continue
                path = {"outcome": name, "form": form, "missing": rule}
                price = outcome.willingness_to_pay
                for step, copies in _over_costs(path, numerators, costs, chosen["negatives"], price):
                    if flawed(judged, **step) < 2:
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
    outcomes = [finite(numerator) for numerator in numerators]
    for cost_name, series in costs.items():
        cost = finite(series)
        dividing = np.where(cost > 0, cost, np.nan)
        here = {**path, "cost": cost_name}
        for rule in _rules_that_matter(any((y < 0).any() for y in outcomes), negatives, "keep"):
            kept = [_without_negatives(y, rule) / dividing for y in outcomes]
            yield {**here, "value": "value quota", "negatives": rule}, kept
        if willingness_to_pay is not None:
            benefit = [willingness_to_pay * y - cost for y in outcomes]
            yield {**here, "value": "net benefit", "negatives": "keep"}, benefit
        beyond = [_beyond_cost(y, dividing) for y in outcomes]
        if beyond[0] is not None:
            yield {**here, "value": "beyond cost", "negatives": "keep"}, beyond


def finite(series: pd.Series) -> np.ndarray:
    """Return the values as floats; an infinite one, a division by zero somewhere before, is missing."""
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


def flawed(judged: Mapping[str, Judged], **path: str) -> int:
    """Return how many of these choices are flawed."""
    return sum(judged[axis].get(value, DECLARED)[0] == TIERS[2] for axis, value in path.items())
