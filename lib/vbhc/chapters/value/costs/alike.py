"""Mean costs of two ways of care with patients held alike in what was measured: a model for skewed costs."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from vbhc import wording
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.two_arms.trial import in_words
from vbhc.publish.claims import Claim
from vbhc.publish.results import Result, Table
from vbhc.statistics.covariates import indicators
from vbhc.statistics.regression.adjusted_means import adjusted_means, group_design, why_no_model
from vbhc.statistics.regression.variance import POWERS, gamma_log, park_test
from vbhc.study import Study

ENDS = ("difference", "difference_low", "difference_high")


class Alike(NamedTuple):
    """Mean costs by arm (`adjusted_means`), Park's test, what is held equal, the costs behind each row."""

    table: pd.DataFrame
    park: pd.DataFrame
    held: list[str]
    costs: list[pd.Series]
    label: str


def costs_alike(study: Study, patients: pd.DataFrame, ci_level: float = 0.95) -> Alike | None:
    """Return the mean cost of each arm as observed, and had all arms had the patients of the whole.

    The family of variances that Park's test finds stands beside gamma where the two differ (Manning & Mullahy
    2001, J Health Econ 20:461). None without arms; where no model can be fitted the rows say why.
    """
    arm = next((group for group in study.config.groups.values() if group.kind == "arm"), None)
    if arm is None:
        return None
    held = [name for name in study.config.covariates if name != arm.column and name in patients]
    group, cost = patients[arm.column], patients["cost"]
    park, family = variance_family(cost, group, patients[held])
    reference = arm.reference if arm.reference in set(group.dropna()) else ""
    table = adjusted_means(cost, group, patients[held], reference, ci_level, also=family)
    by_arm = dict(list(cost.groupby(group.astype(str))))
    costs = [by_arm.get(str(name), cost.iloc[:0]) for name in table["group"]]
    return Alike(table, park, in_words(study, held), costs, arm.label)


def variance_family(
    cost: pd.Series, group: pd.Series, covariates: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, str]:
    """Return Park's test of a gamma-log model of the costs above 0, and the family it finds.

    Returns
    -------
    (table, family)
        As `park_test`; the family is "gamma" unless the test's interval rules it out. Where no model can be
        fitted the table is empty and the family "".
    """
    held = pd.DataFrame(index=cost.index) if covariates is None else indicators(covariates)
    known = cost.notna() & (cost != 0) & group.notna() & held.notna().all(axis=1)
    y, g = cost[known].astype(float), group[known].astype(str)
    held = held.loc[known, held[known].nunique() > 1]
    names = sorted(g.unique())
    if why_no_model(y, g, names, held):
        return pd.DataFrame(), ""
    table = park_test(gamma_log(y, group_design(g, names, held)))
    found = table.iloc[-1]
    fits = not found["family"] or found["low"] <= POWERS["gamma"] <= found["high"]
    return table, "gamma" if fits else str(found["family"])


def adjusted_costs(vq: Definition, alike: Alike | None) -> Result | None:
    """Show the mean cost of each arm, as observed and alike, and how far the arms differ.

    Nothing without arms; a sentence with the reason where no model can be fitted.
    """
    if alike is None:
        return None
    table = alike.table
    shown = table[["model", "group", "n", "estimate", "low", "high"]].dropna(subset=["estimate"])
    alike_in = f" and with {wording.listing(alike.held)} held equal" if alike.held else ""
    caption = f"Mean cost by {alike.label.lower()}, {vq.currency}, observed{alike_in}"
    costs = [own for own, known in zip(alike.costs, table["estimate"].notna(), strict=True) if known]
    rules = {"decimals": 0, "contributions": {"estimate": costs}}
    notes = [park_note(alike.park)] if len(alike.park) else []
    return Result(
        "adjusted-costs",
        says=_differences(vq, alike),
        table=Table(shown, caption, "model", notes=notes, rules=rules),
        counts=table["n"].tolist(),
    )


def _differences(vq: Definition, alike: Alike) -> list[Claim | str]:
    """The difference of two arms alike and as observed, and under the other family where one was found."""
    models = [name for name in alike.table["model"].unique() if name != "observed"]
    rows = dict(list(alike.table.groupby("model", sort=False)))
    model = rows.get(models[0]) if models else None
    if model is None or model["reason"].iloc[0]:
        return [model["reason"].iloc[0] if model is not None else "No group has a cost."]
    if len(model) != 2:
        return []
    beside = [f"With the {name} model it is {_gap(rows[name])}." for name in models[1:]]
    return [_claim(vq, alike, model), f"As observed the difference is {_gap(rows['observed'])}.", *beside]


def _gap(rows: pd.DataFrame) -> str:
    row = rows.dropna(subset=["difference"]).iloc[0]
    gap, low, high = (wording.number(row[name], 0) for name in ENDS)
    return f"{gap} ({low} to {high})"


def _claim(vq: Definition, alike: Alike, model: pd.DataFrame) -> Claim:
    known = model["difference"].notna()
    new, old = model[known].iloc[0], model[~known].iloc[0]
    gap, low, high = (float(new[name]) for name in ENDS)
    lead = f"Among patients alike in {wording.listing(alike.held)}" if alike.held else ""
    what = f"the mean cost per patient in {vq.currency}"
    n = int(model["n"].sum())
    sides: dict[str, Any] = {"first": str(new["group"]), "second": str(old["group"])}
    return Claim("difference", what, gap, low, high, n, lead=lead, decimals=0, **sides)


def park_note(park: pd.DataFrame) -> str:
    """Return whether a gamma model's variance fits these costs."""
    row = park.iloc[-1]
    if not row["family"]:
        return "All fitted means are alike, so that how variance grows with the mean cannot be told."
    reach = f"{wording.number(row['low'], 1)} to {wording.number(row['high'], 1)}"
    numbers = f"Park's power {wording.number(row['power'], 1)}, {reach}, n = {int(row['n']):,}"
    if row["low"] <= POWERS["gamma"] <= row["high"]:
        return f"The variance of costs grows with their mean as a gamma model has it ({numbers})."
    return f"The variance of costs grows as in a {row['family']} model, not a gamma ({numbers})."
