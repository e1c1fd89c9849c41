"""The bill: what made it up, where its prices come from, what was assumed, and whose costs these are."""

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.cleaning.scale_quality import together
from vbhc.chapters.value.costs.perimeter import most_moved
from vbhc.chapters.value.costs.prices import largest_items
from vbhc.chapters.value.quota.declared import Definition
from vbhc.cleaning.costs.price_index import conversions
from vbhc.cleaning.costs.resources import event_lines
from vbhc.publish.results import Counted, Result, Table
from vbhc.study import Study

MOST_OF_IT = 0.8
FIRST, MOST_NAMED = 3, 5


def cost_parts(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Return what each component cost each patient, a column per component by its name in words.

    Missing where it is missing; a patient without every component has no cost.
    """
    names = {
        name.replace("_", " "): study.cost_component_column(name) for name in study.config.cost.components
    }
    return pd.DataFrame({name: patients[column].astype(float) for name, column in names.items()})


def components(vq: Definition, parts: pd.DataFrame) -> Result:
    """Show the mean cost and the share of each component, from `cost_parts`."""
    table = largest_items(parts).rename(columns={"item": "component"})
    caption = f"What the care of one patient cost by component, {vq.currency} of {vq.price_year}"
    whole = int(parts.notna().all(axis=1).sum())
    counted = Counted(whole, without={"without a known cost": len(parts) - whole})
    shown = Table(table, caption, rules=_rules(parts, table["component"], "share"))
    return Result("components", table=shown, counted=counted)


def _rules(parts: pd.DataFrame, names: pd.Series, *keep: str) -> dict:
    own = [parts[name].dropna() for name in names]
    return {"base": "n_users", "contributions": {"cost": own}, "keep": list(keep)}


def resources(vq: Definition, items: pd.DataFrame, parts: pd.DataFrame) -> Result | None:
    """Show every thing that was used, dearest first; nothing where only components are known.

    Parameters
    ----------
    items, parts : DataFrame
        From `cost_items` and `cost_parts`.
    """
    table = largest_items(items).rename(columns={"item": "resource"})
    if set(items) == set(parts) or not np.isfinite(table["share"]).all():
        return None
    table["share_so_far"] = table["share"].cumsum()
    rules = _rules(items, table["resource"], "share", "share_so_far")
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


def price_list(prices: pd.DataFrame) -> Result | None:
    """Show what one unit of each thing cost and who says so; nothing where the data hold costs already.

    Parameters
    ----------
    prices : DataFrame
        From `read_unit_costs`.
    """
    if prices.empty:
        return None
    names = ["source", "resource", "unit", "unit_cost", "currency", "price_year"]
    shown = _in_words(together(prices, "source")[names])
    table = Table(shown, "Unit costs by source", by="source", rules={"keep": ["unit_cost"]})
    return Result("unit-costs", says=[_assumed(prices["source"])], table=table)


def _in_words(prices: pd.DataFrame) -> pd.DataFrame:
    return prices.assign(resource=prices["resource"].str.replace("_", " "))


def _assumed(source: pd.Series) -> str:
    """How many of the prices are the study's own assumption."""
    share = source.str.lower().str.startswith("assumption").mean()
    if share == 1:
        return "Every price is an assumption of the study."
    return f"Assumptions of the study make up {wording.percent(share)} of the prices." if share else ""


def converted_prices(study: Study, vq: Definition, prices: pd.DataFrame) -> Result | None:
    """Show how prices of another year or currency were brought to the study's; nothing where none were."""
    changed = conversions(prices) if len(prices) else prices
    if changed.empty:
        return None
    frame = _in_words(changed[["resource", "conversion", "source"]])
    caption = f"Prices converted to {vq.currency} of {vq.price_year} by {study.config.cost.price_index}"
    return Result("conversions", table=Table(frame, caption))


def cost_assumptions(study: Study) -> Result | None:
    """Say what the study assumed about its costs, in its own words; nothing where it names nothing."""
    said = [wording.sentence_case(text).rstrip(".") + "." for text in study.config.cost.assumptions]
    return Result("cost-assumptions", says=said, role="limit") if said else None


def whose_costs(study: Study, vq: Definition) -> Result:
    """Say whose costs are counted, over which time, in which money: as `study.yml` has it."""
    cost = study.config.cost
    time = f", {cost.horizon}" if cost.horizon else ""
    names = wording.listing(name.replace("_", " ") for name in cost.components)
    made_of = f"Made of: {names}." if len(cost.components) > 1 else ""
    return Result(
        "perspective",
        says=[f"Counted here: {cost.perspective}{time}, in {vq.currency} of {vq.price_year}.", made_of],
    )


def bill_answer(
    vq: Definition, items: pd.DataFrame, moved: pd.DataFrame, parts: pd.DataFrame, by: float
) -> Result:
    """Return the answer of the page, without a count of people.

    Parameters
    ----------
    items, moved, parts : DataFrame
        From `cost_items`, `if_prices_differ` and `without_each_part`.
    by : float
        The share by which prices were moved.
    """
    mean = wording.money(items.sum(axis=1, min_count=1).mean(), vq.currency)
    alone = "" if vq.outcome else f"Care cost {mean} per patient on average."
    says = [alone, _made_of(items), _prices(vq, moved, by), *most_moved(vq, parts)[:1]]
    return Result("answer", says=[one for one in says if one], role="answer")


def _made_of(items: pd.DataFrame) -> str:
    top = largest_items(items)
    if top.empty or not np.isfinite(top["share"]).all():
        return "No patient has a known cost above zero, so the bill is made of nothing."
    if len(top) == 1:
        return f"The bill has one part, {top['item'].iloc[0]}."
    shown = top.head(FIRST)
    return f"Of the bill, {wording.percent(shown['share'].sum())} was for {wording.listing(shown['item'])}."


def _prices(vq: Definition, moved: pd.DataFrame, by: float) -> str:
    """What all prices together would do, up and down; nothing without a value quota."""
    if moved.empty or not np.isfinite(moved["estimate"].iloc[0]):
        return ""
    dear, cheap, whole = (wording.significant(moved.iloc[-1][name]) for name in ("low", "high", "estimate"))
    share = wording.percent(by)
    return (
        f"The value quota is {whole} {vq.unit}; were all prices {share} higher it would be {dear}, and "
        f"{share} lower {cheap}."
    )
