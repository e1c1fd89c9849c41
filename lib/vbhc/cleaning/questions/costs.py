"""Costs that nobody has: negative, nothing for anybody, the same for everybody, a sum beside its parts."""

from collections.abc import Iterator

import pandas as pd

from vbhc.cleaning.questions.question import Question
from vbhc.study import Study

FEWEST = 5  # patients of whom something is said
NEARLY_ALL = 0.95


def cost_questions(study: Study, patients: pd.DataFrame) -> Iterator[Question]:
    """Ask about the recorded cost columns and the total of the cleaned patients."""
    cost = study.config.cost
    if cost is None or study.cost_column not in patients:
        return
    file, source = study.shown("study.yml"), "cost"
    if len(cost.columns) == 1:
        columns = {next(iter(cost.columns.values())): study.cost_column}
    else:
        columns = {name: name for name in cost.columns.values()} | {study.cost_column: study.cost_column}
    for shown, name in columns.items():
        values = patients[name].dropna()
        if values.empty and cost.columns:
            continue  # asked of the column
        for kind, found in _faults(values, len(patients), name == study.cost_column):
            yield Question(kind, source, shown, file, found)
    for name in _sums(patients[list(cost.columns.values())].astype("float64")):
        found = "equals the sum of the other costs for nearly every patient, so that they count twice"
        yield Question("summed-cost", source, name, file, found)


def threshold_question(study: Study, patients: pd.DataFrame) -> Iterator[Question]:
    """Ask for the price of a QALY where there are arms, which nothing compares without one."""
    config = study.config
    arms = any(group.kind == "arm" for group in config.groups.values())
    if config.cost and config.value_quota and arms and config.utilities and not config.has_threshold:
        found = "no `willingness_to_pay`, so that arms are not compared: what is a QALY worth in "
        found += config.cost.currency
        yield Question("no-threshold", "cost", "", study.shown("study.yml"), found)


def _faults(values: pd.Series, n: int, total: bool) -> Iterator[tuple[str, str]]:
    if values.empty:
        yield "empty-cost", f"no cost for any of {n:,} patients"
        return
    if (values < 0).any():
        yield "negative-cost", f"below 0 for {(values < 0).sum():,} of {n:,} patients"
    if total and (values == 0).any():
        yield "zero-cost", f"0 for {(values == 0).sum():,} of {n:,} patients: nothing used, not unknown"
    if total and values.nunique() == 1 and len(values) >= FEWEST:
        yield "equal-costs", f"the same for all {len(values):,} patients"


def _sums(costs: pd.DataFrame) -> list[str]:
    """Return the column that is the sum of the others, if there is one (the first of two that are equal)."""
    whole = costs.dropna()
    if costs.shape[1] < 2 or len(whole) < FEWEST:
        return []
    for name in whole:
        others = whole.drop(columns=name).sum(axis=1)
        if (others > 0).any() and ((whole[name] - others).abs() <= 0.01 + 1e-6 * others).mean() >= NEARLY_ALL:
            return [str(name)]
    return []
