"""What programmes of care take and give: areas to compare, the cost of a QALY, and options to choose from."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from vbhc.problems import Problem, did_you_mean, refuse
from vbhc.study import Study
from vbhc.study.declared import declared_table

AREAS = ("area", "programme"), ("population", "people", "spend", "deaths", "expected")
RETURNS = ("programme", "source", "seen"), ("cost_per_qaly", "low", "high")
OPTIONS = ("option", "programme", "source"), ("people", "benefit", "low", "high", "cost")


NUMBERS = ("value", "numerator", "denominator", "peer_median", "national_median", "quartile")
METRICS = ("org", "metric", "better", "period"), NUMBERS
ROUNDED = 0.0051  # how far a published value may lie from its own numerator over denominator


class Programmes(NamedTuple):
    """The tables of `allocative`.

    areas: a row per area and programme, money in the declared currency. returns: the cost of a QALY by
    programme, low to high a range of 95 %. options: what could be done, QALYs per person (`benefit`).
    metrics: shares by organisation and period as a benchmark publishes them.
    """

    areas: pd.DataFrame
    returns: pd.DataFrame
    options: pd.DataFrame
    metrics: pd.DataFrame


def read_programmes(study: Study) -> Programmes:
    """Return the tables that `allocative` names; `options` and `metrics` are empty where it names none.

    Raises
    ------
    StudyError
        For an absent table, a cell that is no number, an area or programme that nothing else has, and
        spend, people or costs of a QALY that are not above 0.
    """
    plan = study.config.allocative
    areas = declared_table(study, plan.areas, *AREAS)
    returns = declared_table(study, plan.returns, *RETURNS)
    options = declared_table(study, plan.options, *OPTIONS)
    metrics = declared_table(study, plan.metrics, *METRICS, may_lack=NUMBERS[3:])
    problems = []
    if plan.here not in set(areas["area"]):
        fix = did_you_mean(plan.here, areas["area"].unique())
        problems.append(Problem(study.shown("study.yml"), f"no area {plan.here!r}", fix, "allocative.here"))
    positive = [(plan.areas, areas, name) for name in ("spend", "population")]
    positive += [(plan.returns, returns, "low"), (plan.options, options, "cost")]
    for file, table, column in positive:
        if len(table) and not (table[column] > 0).all():
            problems.append(Problem(study.shown(file), f"{column} of 0 or less", "numbers above 0", column))
    for name in sorted({*returns["programme"], *options["programme"]} - set(areas["programme"])):
        fix = did_you_mean(name, areas["programme"].unique())
        problems.append(Problem(study.shown(plan.areas), f"no programme {name!r}", fix, "programme"))
    refuse([*problems, *_metric_faults(study, metrics)])
    return Programmes(areas, returns, options, metrics)


def _metric_faults(study: Study, metrics: pd.DataFrame) -> Iterator[Problem]:
    """Metrics whose value is not that of its numerator and denominator, or whose better end is none."""
    shown = study.shown(study.config.allocative.metrics)
    for row in metrics[~metrics["better"].isin(["higher", "lower"])].itertuples():
        yield Problem(shown, f"{row.better!r}", "higher or lower", "better")
    ratio = metrics["numerator"] / metrics["denominator"]
    for row in metrics[~((metrics["value"] - ratio).abs() < ROUNDED)].itertuples():
        found = f"{row.org}, {row.metric}: {row.value:g} of {row.numerator:g} in {row.denominator:g}"
        yield Problem(shown, found, "a share, numerator over denominator", "value")
