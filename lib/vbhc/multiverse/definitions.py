"""Every defensible definition of value, laid out: each choice with a tier and a reason.

A definition is a path through the choices (outcome, form, missing, cost, value, negatives, perception,
coefficient). Choices that change nothing on a path are left out, because padding with copies or with invalid
definitions can manufacture "no consistent effect" (arXiv:2409.06930).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.problems import did_you_mean
from vbhc.value.forms import adjusted_outcome

TIERS = ("principled", "common", "flawed")
AXES = ("outcome", "form", "missing", "cost", "value", "negatives", "perception", "coefficient")
REASONS = {
    "form": {
        "adjusted": (
            "principled",
            "follow-up at average baseline: neither rewards nor punishes where patients start",
        ),
        "gain": ("common", "how far patients came; carries the noise of the baseline"),
        "follow-up": ("common", "where patients ended; credits care with health they came with"),
        "percent": ("flawed", "divides by the baseline, so the sickest count most"),
    },
    "missing": {
        "complete": ("common", "only patients with an answer; right only if missing is unrelated to outcome"),
        "worst": ("common", "a missing follow-up counts as the worst one observed, as after a death"),
        "no change": ("flawed", "a missing follow-up counts as no change, which invents outcomes"),
    },
    "value": {
        "quotient": ("common", "outcome / cost, the definition of VQ"),
        "net benefit": ("principled", "willingness to pay x outcome - cost: no division"),
    },
    "negatives": {
        "keep": ("principled", "every patient as they are"),
        "zero": ("common", "a loss counts as no gain, so that costly harm is not rewarded"),
        "drop": ("flawed", "selects patients by their own outcome"),
    },
    "coefficient": {
        "spearman": ("principled", "perception is ordinal and cost skewed"),
        "pearson": ("common", "assumes a straight line; moved by a few extreme quotients"),
    },
}
DECLARED = ("principled", "declared by the study")


class Outcome(NamedTuple):
    """An outcome measured twice, higher = better; with `willingness_to_pay`, net benefit is a choice."""

    baseline: pd.Series
    follow_up: pd.Series
    willingness_to_pay: float | None = None


class Multiverse(NamedTuple):
    """All definitions: `table` has a row per definition, `values` the value columns in use."""

    table: pd.DataFrame
    values: np.ndarray
    perceptions: np.ndarray


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

    Parameters
    ----------
    outcomes, costs, perceptions : mapping
        Name -> what the study measured; all on one index, higher = better for outcomes and perceptions.
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
    paths, columns, seen = [], [], set()
    for path, column in _value_columns(outcomes, costs, chosen):
        content = np.nan_to_num(column, nan=np.inf).tobytes()
        if content not in seen:  # two paths to the very same numbers are one definition
            seen.add(content)
            paths.append(path)
            columns.append(column)
    rows = [
        {**path, "perception": name, "coefficient": coefficient, "value_column": i, "perception_column": k}
        for i, path in enumerate(paths)
        for k, name in enumerate(perceptions)
        for coefficient in coefficients
    ]
    table = pd.DataFrame(rows, columns=[*AXES, "value_column", "perception_column"])
    table["tier"] = _tier_of_each(table, tiers or {})
    answers = np.array([p.to_numpy(dtype=float, na_value=np.nan) for p in perceptions.values()])
    return Multiverse(table, np.array(columns), answers)


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
    outcomes: Mapping[str, Outcome], costs: Mapping[str, pd.Series], chosen: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[dict[str, str], np.ndarray]]:
    """Yield path and column of every distinct value; a choice without effect on a path is not repeated."""
    for name, outcome in outcomes.items():
        for rule in _rules_that_matter(outcome.follow_up.isna().any(), chosen["missing"], "complete"):
            follow_up = _filled(outcome, rule)
            for form in chosen["form"]:
                numerator = _numerator(outcome.baseline, follow_up, form)
                if numerator is None:
                    continue
                path = {"outcome": name, "form": form, "missing": rule}
                yield from _over_costs(
                    path, numerator, costs, chosen["negatives"], outcome.willingness_to_pay
                )


def _rules_that_matter(matters: bool, rules: tuple[str, ...], plain: str) -> tuple[str, ...]:
    return rules if matters else tuple(rule for rule in rules if rule == plain) or rules[:1]


def _filled(outcome: Outcome, rule: str) -> pd.Series:
    if rule == "worst":
        return outcome.follow_up.fillna(outcome.follow_up.min())
    return outcome.follow_up.fillna(outcome.baseline) if rule == "no change" else outcome.follow_up


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
    numerator: pd.Series,
    costs: Mapping[str, pd.Series],
    negatives: tuple[str, ...],
    willingness_to_pay: float | None,
) -> Iterator[tuple[dict[str, str], np.ndarray]]:
    for cost_name, cost in costs.items():
        dividing = cost.where(cost > 0)
        for rule in _rules_that_matter((numerator < 0).any(), negatives, "keep"):
            kept = numerator.clip(lower=0) if rule == "zero" else numerator
            kept = kept.where(kept >= 0) if rule == "drop" else kept
            quotient = (kept / dividing).to_numpy(dtype=float, na_value=np.nan)
            yield {**path, "cost": cost_name, "value": "quotient", "negatives": rule}, quotient
        if willingness_to_pay is not None:
            benefit = (willingness_to_pay * numerator - cost).to_numpy(dtype=float, na_value=np.nan)
            yield {**path, "cost": cost_name, "value": "net benefit", "negatives": "keep"}, benefit


def _tier_of_each(table: pd.DataFrame, tiers: Mapping) -> pd.Series:
    """Return, per definition, the worst tier among its choices."""
    worst = np.zeros(len(table), dtype=int)
    for axis in AXES:
        judged = {**REASONS.get(axis, {}), **tiers.get(axis, {})}
        rank = table[axis].map(lambda value, judged=judged: TIERS.index(judged.get(value, DECLARED)[0]))
        worst = np.maximum(worst, rank.to_numpy(dtype=int))
    return pd.Series([TIERS[i] for i in worst], index=table.index, dtype="str")


def choices(
    multiverse: Multiverse, tiers: Mapping[str, Mapping[str, tuple[str, str]]] | None = None
) -> pd.DataFrame:
    """Return every value of every choice in use: `choice, value, tier, reason, definitions`."""
    rows = []
    for axis in AXES:
        judged = {**REASONS.get(axis, {}), **(tiers or {}).get(axis, {})}
        for value, used in multiverse.table[axis].value_counts(sort=False).items():
            rows.append((axis, value, *judged.get(value, DECLARED), int(used)))
    return pd.DataFrame(rows, columns=["choice", "value", "tier", "reason", "definitions"])
