"""What a modelled pathway rests on: people by area, parameters, costs by perspective, published estimates."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from vbhc.problems import Problem, refuse
from vbhc.study import Study
from vbhc.study.declared import declared_table

NEEDED = (
    *("event_rate", "event_rate_after", "treatment_ratio", "newer_ratio", "event_fatal"),
    *("harm_rate", "harm_ratio", "death_rate", "undetected"),
)
BASELINE = "baseline"  # rows of `parameters` with another risk of the untreated
ITEMS = ("event", "after", "harm", "treatment")
KINDS = ("fixed", "share", "rate", "ratio", "cost")
RANGE = ("value", "low", "high")
AREAS = ("area", "name", "region"), ("listed", "known", "eligible", "treated", "deprivation")
PARAMETERS = ("name", "label", "kind", "source", "seen")
COSTS = ("perspective", "currency", "price_year", "item", "source", "seen")
CHECKS = ("label", "source"), ("avoided", "treated_years")


class Tables(NamedTuple):
    """The tables of a pathway.

    areas: `area, name, region, listed, known, eligible, treated, deprivation`, people by area.
    parameters: `name, label, value, low, high, kind, source, seen`, every one of `NEEDED`, rates a year and
    shares 0-1; ranges are of 95 %. baselines: the same of other risks without treatment. costs:
    `perspective, currency, price_year, item, value, low, high, source, seen`, all `ITEMS` of each
    perspective. checks: `label, avoided, treated_years, source` (empty without a file).
    """

    areas: pd.DataFrame
    parameters: pd.DataFrame
    baselines: pd.DataFrame
    costs: pd.DataFrame
    checks: pd.DataFrame


def read_pathway(study: Study) -> Tables:
    """Return the tables that `pathway` names.

    Raises
    ------
    StudyError
        For a table that is absent, a cell that is no number, more treated than eligible, a parameter or a
        cost that lacks or stands twice, a value outside its range, two price years in one perspective.
    """
    plan = study.config.pathway
    areas = declared_table(study, plan.areas, *AREAS)
    rows = declared_table(study, plan.parameters, PARAMETERS, RANGE, RANGE[1:])
    costs = declared_table(study, plan.costs, COSTS, RANGE, RANGE[1:])
    checks = declared_table(study, plan.checks, *CHECKS)
    own = rows[rows["name"] != BASELINE].reset_index(drop=True)
    refuse([*_area_faults(study, areas), *_faults(study, rows, own), *_cost_faults(study, costs)])
    return Tables(areas, own, rows[rows["name"] == BASELINE].reset_index(drop=True), costs, checks)


def _area_faults(study: Study, areas: pd.DataFrame) -> Iterator[Problem]:
    """Areas with more treated than eligible, or nobody to treat."""
    wrong = areas[(areas["treated"] > areas["eligible"]) | (areas["eligible"] <= 0)]
    shown = study.shown(study.config.pathway.areas)
    for row in wrong.itertuples():
        found = f"{row.area}: {row.treated:g} treated of {row.eligible:g}"
        yield Problem(shown, found, "treated people among those eligible", "treated")


def _faults(study: Study, rows: pd.DataFrame, own: pd.DataFrame) -> Iterator[Problem]:
    """Parameters that lack, stand twice, are of an unknown kind, or lie outside their range."""
    shown, held = study.shown(study.config.pathway.parameters), own["name"].value_counts()
    yield from (Problem(shown, f"no {name!r}", "the model needs it") for name in NEEDED if name not in held)
    yield from (Problem(shown, f"{name!r} {n} times", "keep one") for name, n in held.items() if n > 1)
    for row in rows.itertuples():
        if row.kind not in KINDS:
            yield Problem(shown, f"{row.kind!r}", f"one of {', '.join(KINDS)}", "kind")
        if row.low > row.value or row.value > row.high:
            found = f"{row.value:g} is not within {row.low:g} to {row.high:g}"
            yield Problem(shown, found, "low <= value <= high", "low")


def _cost_faults(study: Study, costs: pd.DataFrame) -> Iterator[Problem]:
    """Perspectives that lack an item, or mix price years or currencies."""
    shown = study.shown(study.config.pathway.costs)
    for name, rows in costs.groupby("perspective", sort=False):
        if sorted(rows["item"]) != sorted(ITEMS):
            found = f"{name}: {', '.join(rows['item'])}"
            yield Problem(shown, found, f"each once: {', '.join(ITEMS)}", "item")
        for column in ("price_year", "currency"):
            if rows[column].nunique() > 1:
                found = f"{name}: {' and '.join(rows[column].unique())}"
                yield Problem(shown, found, "one in a perspective", column)
