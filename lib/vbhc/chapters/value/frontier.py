"""Which places of a study give several outcomes at least cost: a frontier without chosen weights (DEA).

Value as economists of the field compute it when there are several outcomes (Lindgren & Althin 2020, Eur J
Health Econ). Needs units with many patients and more units than a handful: at least three for each outcome
and the cost together (Cooper, Seiford & Tone 2007, Data Envelopment Analysis, ch. 9). Efficiency is against
the best units observed, not the best there could be (Simar & Wilson 1998, Manage Sci 44:49). Intervals count
which patients happened to be treated where (`economics.frontier_intervals`).
"""

from functools import partial
from typing import NamedTuple

import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value.groups import FEWEST, MOST
from vbhc.chapters.value.outcomes import separate_outcomes, states
from vbhc.chapters.value.quota.declared import outcome_name
from vbhc.publish.alt_text import alt_text
from vbhc.publish.interval_figure import draw_intervals, height_of
from vbhc.publish.results import Drawing, Result
from vbhc.statistics.economics.frontier_bounds import frontier_intervals
from vbhc.statistics.words import plural
from vbhc.study import Study

PER_MEASURE = 3
NO_UNITS = "The study declares no sites or providers, so there are no units to compare."
ON = 1 - 1e-6  # an efficiency of 1, but for rounding


class Frontier(NamedTuple):
    """Units with their means and efficiency (empty without an answer), and the sentence."""

    units: pd.DataFrame
    said: str
    ci_level: float = 0.95


def study_frontier(
    study: Study, patients: pd.DataFrame, ci_level: float = 0.95, n_resamples: int = 500, seed: int = 1
) -> Frontier:
    """Return the value frontier of a study's providers, or of its sites (by arm, where there are arms).

    Returns
    -------
    Frontier
        `units`: `unit, n, cost`, a column per outcome (mean state at follow-up, more = better), `efficiency`
        (share of its cost at which the frontier gives its outcomes), `low, high, peers`. Patients
        lacking one of the outcomes or the cost, and units of fewer than ten patients, are left out. As many
        outcomes are used as the units allow, the declared one first.
    """
    label, unit = _units(study, patients)
    if unit is None:
        return Frontier(pd.DataFrame(), NO_UNITS)
    values = _complete(study, patients, unit)
    table = values.groupby("unit").mean().assign(n=values.groupby("unit").size())
    table = table[table["n"] >= FEWEST]
    outcomes = [name for name in values if name not in ("cost", "unit")]
    used = outcomes[: max(len(table) // PER_MEASURE - 1, 0)]
    if reason := _why_none(table, label, outcomes, used):
        return Frontier(pd.DataFrame(), reason)
    inside = values[values["unit"].isin(table.index)]
    found = frontier_intervals(inside[used], inside["cost"], inside["unit"], ci_level, n_resamples, seed)
    units = table[["n", "cost", *used]].join(found.drop(columns="n"))
    units = units.sort_values("efficiency", ascending=False, kind="stable").rename_axis("unit").reset_index()
    return Frontier(units, frontier_sentence(units, label, used, ci_level), ci_level)


def _why_none(table: pd.DataFrame, label: str, outcomes: list[str], used: list[str]) -> str:
    if len(outcomes) < 2:
        return "With one outcome the frontier is the ratio itself; it needs a second outcome."
    if len(used) < 2:
        found = f"{len(table):,} units ({label}) with at least {FEWEST} patients are too few"
        return f"{found} for a frontier of two outcomes and cost, which needs {PER_MEASURE * 3}."
    if (table[used] < 0).any(axis=None) or (table["cost"] <= 0).any():
        return "A unit's mean outcome is below zero or it has no cost, so no frontier can be drawn."
    return ""


def _units(study: Study, patients: pd.DataFrame) -> tuple[str, pd.Series | None]:
    """Return what the units are, and each patient's: the provider, or the site (by arm)."""
    groups = [group for group in study.config.groups.values() if group.column in patients]
    first = next((group for kind in ("provider", "site") for group in groups if group.kind == kind), None)
    if first is None:
        return "", None
    arm = next((group for group in groups if group.kind == "arm"), None)
    unit = patients[first.column].astype("object")
    if first.kind == "provider" or arm is None:
        return first.label.lower(), unit
    both = unit.astype(str) + ", " + patients[arm.column].astype(str)
    known = unit.notna() & patients[arm.column].notna()
    return f"{first.label.lower()} by {arm.label.lower()}", both.where(known)


def _complete(study: Study, patients: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    """Return the outcomes by name, `cost` and `unit` of patients who have them all."""
    columns = cleaning.load_columns(study)
    stems = [stem for stem in separate_outcomes(study, columns) if f"{stem}_{study.follow_up}" in patients]
    names = {stem: outcome_name(study, columns, stem) for stem in stems}
    values = pd.DataFrame({name: states(study, patients, columns, stem) for stem, name in names.items()})
    known = values.assign(cost=patients[study.cost_column].astype(float), unit=unit).dropna()
    return known.assign(unit=known["unit"].astype(str))


def frontier_sentence(units: pd.DataFrame, label: str, outcomes: list[str], ci_level: float = 0.95) -> str:
    """Return how many units are on the frontier, how far the others are, and which can be told from it.

    A few units are named; of many only the number is given, since a list would be read as a ranking.
    """
    on = units["efficiency"] > ON
    start = (
        f"The frontier of {wording.listing(outcomes)} per cost has {plural(int(on.sum()), 'unit')} "
        f"({label}; {len(units):,} in all)"
    )
    if len(units) <= MOST:
        start += f": {'; '.join(units.loc[on, 'unit'].astype(str))}"
    rest = units[~on]
    if rest.empty:
        return f"{start}. Nothing tells them apart."
    furthest, median = (wording.percent(share) for share in rest["efficiency"].agg(["min", "median"]))
    return (
        f"{start}. At its rate the median of the others would reach its outcomes at {median} of its cost, "
        f"the furthest at {furthest}. {_told_apart(rest, ci_level)} Half the outcome at half the cost "
        "counts as equal (constant returns). Nothing here is adjusted for who their patients were."
    )


def _told_apart(rest: pd.DataFrame, ci_level: float) -> str:
    """Return how many units off the frontier lie clearly below it, whoever happened to be treated there."""
    below = int((rest["high"] <= ON).sum())
    told = "none of the others can be told from the frontier"
    why = ": with so few patients in each, who happened to be treated where may account for it."
    if below:
        told = f"{wording.count(below, len(rest))} of the others lie clearly below the frontier"
        why = "; the rest may be there by who happened to be treated."
    return f"By their {wording.percent(ci_level)} intervals {told}{why}"


def places(found: Frontier) -> Result | None:
    """Show how efficient each place is, and how sure that is; one sentence where no frontier can be drawn.

    Nothing where the study has no places at all; of more than a dozen only the sentence, since a list would
    be read as a ranking.
    """
    if found.said == NO_UNITS:
        return None
    counts = list(found.units.get("n", []))
    if not 0 < len(found.units) <= MOST:
        return Result("frontier", says=[found.said], counts=counts)
    rows = found.units.rename(columns={"unit": "label", "efficiency": "estimate"})
    rows = rows[["label", "n", "estimate", "low", "high"]]
    below = int((rows["high"] <= ON).sum())
    clear = f"{wording.count(below, len(rows))} places lie clearly below the frontier"
    drawing = Drawing(
        rows,
        partial(draw_intervals, xlabel="Efficiency (100% = on the frontier)", told=(), zero=None, share=True),
        title=clear if below else "No place can be told from the frontier by its patients",
        caption=f"Efficiency of each place, with {wording.percent(found.ci_level)} intervals.",
        alt=partial(alt_text, what="Efficiency of places", share=True),
        **height_of(rows),
    )
    return Result("frontier", says=[found.said], drawing=drawing, counts=counts)
