"""The change of each group that a study declares; two arms are compared with their start held equal."""

from functools import partial

import pandas as pd

from vbhc.chapters.outcomes.means import decimals, mean_with_range
from vbhc.chapters.value.groups import FEWEST, splits
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import Claim
from vbhc.publish.interval_figure import alt_intervals, draw_intervals, height_of
from vbhc.publish.results import Drawing, Result
from vbhc.statistics.by_pingouin import difference_held_equal
from vbhc.study import Study


def changes_by_group(study: Study, patients: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Return the mean gain of every level of every declared group, of those who answered.

    Returns
    -------
    DataFrame
        `label, estimate, low, high, n`; levels of fewer than ten are left out, as are many providers.
    """
    rows = [
        {"label": f"{split}: {level}", **mean_with_range(gains, ci_level)}
        for split, levels in splits(study, patients).items()
        for level, gains in patients["gain"].groupby(levels, observed=True)
        if gains.notna().sum() >= FEWEST
    ]
    return pd.DataFrame(rows, columns=["label", "estimate", "low", "high", "n"])


def groups_shown(
    study: Study, what: Definition, patients: pd.DataFrame, table: pd.DataFrame, ci_level: float = 0.95
) -> Result | None:
    """Show the change by group, and how two arms differ; nothing where no group is large enough.

    Parameters
    ----------
    table : DataFrame
        From `changes_by_group`.
    """
    if table.empty:
        return None
    drawing = Drawing(
        table,
        partial(draw_intervals, xlabel=f"Mean change, {what.outcome_unit}", told=()),
        title="How far each group came",
        caption=f"More is better. Groups of fewer than {FEWEST} are left out. Groups may differ although "
        "their ranges overlap.",
        alt=partial(alt_intervals, what=f"Mean change by group, {what.outcome_unit}"),
        **height_of(table),
    )
    claim = _arms(study, what, patients, ci_level)
    return Result("by-group", says=[claim] if claim else [], drawing=drawing)


def _arms(study: Study, what: Definition, patients: pd.DataFrame, ci_level: float) -> Claim | None:
    """Return how two arms differ in their gain, the score at the start held equal (Vickers & Altman 2001)."""
    declared = [one for one in study.config.groups.values() if one.kind == "arm" and one.column in patients]
    start = patients[f"{what.outcome}_{study.baseline}"].astype(float)
    for group in declared:
        arm = patients[group.column].astype(object)
        known = sorted(arm[patients["gain"].notna() & start.notna()].dropna().unique(), key=str)
        sizes = [int(patients["gain"][arm == name].notna().sum()) for name in known]
        if len(known) != 2 or min(sizes) < FEWEST:
            continue
        reference = group.reference if group.reference in known else known[0]
        first = next(name for name in known if name != reference)
        held = pd.DataFrame({"first": (arm == first).astype(float), "start": start})
        found = difference_held_equal(patients["gain"], held[arm.notna()], ci_level)
        lead, noun = "With the start held equal", f"the mean change in {what.outcome_unit}"
        return Claim(
            "difference",
            noun,
            decimals=decimals(study, what),
            first=str(first),
            second=str(reference),
            lead=lead,
            **found,
        )
    return None
