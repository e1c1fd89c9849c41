"""What made up the bill: its components, and each thing that was used."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value.costs.prices import largest_items
from vbhc.chapters.value.quota.declared import Definition
from vbhc.cleaning.costs.resources import event_lines
from vbhc.publish.counted import Counted
from vbhc.publish.results import Result, Table
from vbhc.study import Study

MOST_OF_IT = 0.8
MOST_NAMED = 5


def cost_parts(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Return what each component cost each patient, a column per component by its name in words.

    Missing where it is missing; a patient without every component has no cost.
    """
    names = {name: study.cost_component_column(name) for name in study.config.cost.components}
    return pd.DataFrame(
        {name.replace("_", " "): patients[column].astype(float) for name, column in names.items()}
    )


def components(vq: Definition, parts: pd.DataFrame) -> Result:
    """Show the mean cost and the share of each component.

    Parameters
    ----------
    parts : DataFrame
        From `cost_parts`.
    """
    table = largest_items(parts).rename(columns={"item": "component"})
    caption = f"What the care of one patient cost by component, {vq.currency} of {vq.price_year}"
    shown = Table(table, caption, rules=_rules(parts, table["component"]))
    whole = int(parts.notna().all(axis=1).sum())
    return Result("components", table=shown, counted=Counted(whole, without=_without(len(parts) - whole)))


def _without(n: int) -> dict[str, int]:
    return {"without a known cost": n}


def _rules(parts: pd.DataFrame, names: pd.Series) -> dict:
    own = [parts[name].dropna() for name in names]
    return {"base": "n_users", "contributions": {"cost": own}, "keep": ["share"]}


def resources(vq: Definition, items: pd.DataFrame, parts: pd.DataFrame) -> Result | None:
    """Show every thing that was used, dearest first; nothing where only components are known.

    Parameters
    ----------
    items, parts : DataFrame
        From `cost_items` and `cost_parts`.
    """
    if set(items) == set(parts):
        return None
    table = largest_items(items).rename(columns={"item": "resource"})
    if not np.isfinite(table["share"]).all():
        return None
    table["share_so_far"] = table["share"].cumsum()
    rules = _rules(items, table["resource"])
    rules["keep"] = [*rules["keep"], "share_so_far"]
    caption = f"Everything that was used, {vq.currency} of {vq.price_year} per patient"
    return Result("resources", says=[_few(table)], table=Table(table, caption, rules=rules))


def _few(table: pd.DataFrame) -> str:
    """What most of the bill was for, the dearest first."""
    needed = int((table["share_so_far"] < MOST_OF_IT - 1e-9).sum()) + 1
    top = table.head(min(needed, MOST_NAMED))
    shares = [f" ({wording.percent(share)})" if len(top) > 1 else "" for share in top["share"]]
    named = [f"{name}{share}" for name, share in zip(top["resource"], shares, strict=True)]
    return f"Of the bill, {wording.percent(top['share'].sum())} was for {wording.listing(named)}."


def missing_events(study: Study, patients: pd.DataFrame) -> Result | None:
    """Show how often an answer that a cost rests on is missing; nothing where no cost rests on answers.

    Counting them as "not used" is a choice that lowers cost.
    """
    cost = study.config.cost
    if cost is None or not cost.events:
        return None
    _, missing = event_lines(patients, study.config.key, cost.events)
    missing = missing.drop_duplicates("column")
    labels = [study.dictionary[c].label if c in study.dictionary else c for c in missing["column"]]
    table = pd.DataFrame({"event": labels, "n_missing": missing["n_missing"], "counted_as": "not used"})
    return Result("missing-events", table=Table(table, "Missing answers about events that cost something"))
