"""Where the prices come from, which were converted, what the study assumed, and whose costs these are."""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.chapters.value.groups import together
from vbhc.chapters.value.quota.declared import Definition
from vbhc.cleaning.costs.price_index import conversions
from vbhc.publish.results import Result, Table
from vbhc.study import Study


def price_list(prices: pd.DataFrame) -> Result | None:
    """Show what one unit of each thing cost and who says so; nothing where the data hold costs already.

    Parameters
    ----------
    prices : DataFrame
        From `read_unit_costs`.
    """
    if prices.empty:
        return None
    shown = together(prices, "source")[
        ["source", "resource", "unit", "unit_cost", "currency", "price_year"]
    ].assign(resource=lambda table: table["resource"].str.replace("_", " "))
    table = Table(shown, "Unit costs by source", by="source", rules={"keep": ["unit_cost"]})
    return Result("unit-costs", says=[_assumed(prices["source"])], table=table)


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
    frame = changed[["resource", "conversion", "source"]].assign(
        resource=lambda table: table["resource"].str.replace("_", " ")
    )
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
    said = [
        f"Counted here: {cost.perspective}{time}, in {vq.currency} of {vq.price_year}.",
        f"Made of: {names}." if len(cost.components) > 1 else "",
    ]
    return Result("perspective", says=said)
