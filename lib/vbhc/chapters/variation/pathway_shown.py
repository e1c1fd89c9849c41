"""What a modelled pathway says: who is treated today, the risk first, what would change, cost, how sure."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from vbhc.chapters.variation import pathway
from vbhc.chapters.variation.pathway import FIND, TREAT, Model
from vbhc.publish.claims import Claim
from vbhc.publish.interval_figure import alt_intervals, draw_intervals, height_of
from vbhc.publish.results import Drawing, Result, Table
from vbhc.wording import inside_sentence, listing, money, number, percent

NOBODY: dict[str, Any] = {"counts": ()}
WHOLE: dict[str, Any] = {**NOBODY, "decimals": dict.fromkeys(("estimate", "low", "high"), 0)}
PUBLISHED = "PUBLISHED: "


def treated_today(model: Model, most: Mapping[str, float], spread: float, unequal: pd.DataFrame) -> Result:
    """Say what share of those eligible is treated, how much areas differ beyond chance, and by deprivation.

    Parameters
    ----------
    most, spread, unequal
        `extremal_quotient`, `systematic_variation` and `concentration_index` of those not treated, areas
        ranked from the most deprived; an interval over areas takes them as a sample of areas.
    """
    areas, plan = model.tables.areas, model.plan
    eligible, index = areas["eligible"], unequal.iloc[0]
    share, whole = areas["treated"] / eligible, areas["treated"].sum() / eligible.sum()
    by_deprivation = Claim(
        *("tie", "the share not treated", index["estimate"], index["low"], index["high"], len(areas)),
        first="how well off an area is",
        symbol="concentration index",
        decimals=3,
    )
    says: list[Claim | str] = [
        f"Of {int(eligible.sum()):,} people with {plan.condition} who are eligible, {percent(whole, 1)} are "
        f"given {plan.treatment}: from {percent(share.min())} to {percent(share.max())} in {len(areas):,} "
        "areas.",
        f"The largest share not treated is {number(most['estimate'], 1)} times the smallest; areas that do "
        f"not differ would show {number(most['null'])} ({number(most['null_low'])} to "
        f"{number(most['null_high'])}). The systematic component of variation is {number(spread, 1)} (times "
        "100).",
        by_deprivation,
    ]
    return Result("treated-today", says=says)


def risk_first(model: Model, own: pd.DataFrame, others: pd.DataFrame) -> Result:
    """Show events avoided per 100 years on treatment by the risk without it, beside what others published.

    Parameters
    ----------
    own, others : DataFrame
        From `by_baseline` and `published`.
    """
    plan = model.plan
    own = own.assign(label=own["label"] + ": " + own["value"].map(lambda x: f"{x:.1f} a year"))
    others = others.assign(label=PUBLISHED + others["label"], low=np.nan, high=np.nan)
    rows = pd.concat([own, others], ignore_index=True)[["label", "estimate", "low", "high"]]
    rows = rows.sort_values("estimate", ignore_index=True)
    what = f"{plan.event.capitalize()}s avoided per 100 years on treatment"
    told = [place for place, name in enumerate(rows["label"]) if name.startswith(PUBLISHED)]
    reach = f"{number(rows['estimate'].min(), 1)} to {number(rows['estimate'].max(), 1)}"
    drawing = Drawing(
        rows,
        partial(draw_intervals, told=told, xlabel=what),
        title=f"What treatment avoids hangs on the risk without it: {reach} per 100 years",
        caption=f"Grey: this model, by the risk without treatment ({plan.event}s a year per 100 people); "
        "lines: middle 95% of draws of what treatment does. Colour: what others published.",
        alt=partial(alt_intervals, what=what),
        key=True,
        rules=NOBODY,
        **height_of(rows),
    )
    return Result("risk-first", says=_beside_published(model, others), drawing=drawing)


def _beside_published(model: Model, others: pd.DataFrame) -> list[Claim | str]:
    """The model's own number, and at which risk it would agree with each published one."""
    found, event = pathway.interval(pathway.per_100_years(pathway.difference(model))), model.plan.event
    what = f"the number of {event}s avoided per 100 years on treatment"
    claim = Claim("level", what, found["estimate"], found["low"], found["high"], decimals=1)
    if others.empty:
        return [claim]
    agree = listing(number(x, 1) for x in others["value"].dropna())
    return [
        claim,
        f"Published estimates run from {number(others['estimate'].min(), 1)} to "
        f"{number(others['estimate'].max(), 1)}. This model agrees with them at {agree} {event}s a year per "
        f"100 people untreated; it takes {number(100 * model.draws['event_rate'][0], 1)}.",
    ]


def would_change(model: Model, table: pd.DataFrame) -> Result:
    """Show what each lever would change within the declared years; `table` from `what_would_change`."""
    plan = model.plan
    measures = {
        "people": "People newly treated",
        "events": f"{plan.event.capitalize()}s avoided",
        "harms": f"{plan.harm.capitalize()}s added",
        "deaths": "Deaths avoided",
    }
    levers = {
        TREAT: f"Treat {percent(plan.uptake)} of those known, where fewer are",
        FIND: f"Find {percent(plan.found)} of those unknown, and treat them alike",
    }
    frame = table.assign(lever=table["lever"].map(levers), measure=table["measure"].map(measures))
    shown = Table(
        frame[["lever", "measure", "estimate", "low", "high"]],
        f"What would follow in {plan.years} years, for all areas together",
        by="lever",
        notes=["Brackets: middle 95% of draws of all parameters. Year by year, half-cycle corrected."],
        rules=WHOLE,
    )
    return Result("would-change", says=[_for_each_harm(model)], table=shown)


def _for_each_harm(model: Model) -> str:
    """How many events are avoided for each harm that is added."""
    change = pathway.difference(model)
    found = pathway.interval(-change["events"] / change["harms"])
    return (
        f"For each {model.plan.harm} added {number(found['estimate'], 1)} {model.plan.event}s would be "
        f"avoided ({number(found['low'], 1)} to {number(found['high'], 1)})."
    )


def _avoided(model: Model, table: pd.DataFrame) -> str:
    plan, events = model.plan, table[table["measure"] == "events"].set_index("lever")
    said = {
        lever: f"{_rounded(row['estimate'])} {plan.event}s ({_reach(row)})"
        for lever, row in events.iterrows()
    }
    return (
        f"Over {plan.years} years {said[TREAT]} would be avoided if {percent(plan.uptake)} of those known "
        f"were treated in every area, and {said[FIND]} if {percent(plan.found)} of those unknown were found "
        "and treated alike."
    )


def what_it_costs(model: Model, table: pd.DataFrame) -> Result:
    """Show cost per event avoided and the break-even price, perspective by perspective; from `money`."""
    plan = model.plan
    names = {
        "price": "A year of treatment",
        "net": f"Net cost per {plan.event} avoided",
        "even": "Break-even price of a year",
    }
    label = table["perspective"] + ", " + table["currency"] + " of " + table["price_year"]
    frame = table.assign(perspective=label, measure=table["measure"].map(names))
    prices = model.tables.costs.query("item == 'treatment'")
    shown = Table(
        frame[["perspective", "measure", "estimate", "low", "high"]],
        f"What treatment costs and saves over {plan.years} years",
        by="perspective",
        notes=[
            "Below 0: it saves more than it costs. Perspectives and price years are never mixed.",
            *(f"Treatment, {inside_sentence(row.perspective)}: {row.source}." for row in prices.itertuples()),
        ],
        rules=WHOLE,
    )
    return Result("what-it-costs", says=[_net(model, table)], table=shown)


def _net(model: Model, table: pd.DataFrame) -> str:
    """What an event avoided costs, or saves, in each perspective."""
    rows = table[table["measure"] == "net"].to_dict("records")
    parts = [
        f"{'saves' if row['high'] < 0 else 'costs' if row['low'] > 0 else 'saves or costs'} "
        f"{money(abs(row['estimate']), row['currency'])} counting {inside_sentence(row['perspective'])}"
        for row in rows
    ]
    return f"Each {model.plan.event} avoided by treatment {listing(parts)}, each at its own prices."


def _pays(model: Model, table: pd.DataFrame) -> str:
    """At which price of a year treatment pays for itself in the first perspective, and the price taken."""
    name = model.perspectives[0]
    rows: Any = table[table["perspective"] == name].set_index("measure")
    even, price = rows.loc["even"], rows.loc["price"]
    side = "below" if price["high"] < even["low"] else "above" if price["low"] > even["high"] else "within"
    return (
        f"Counting {inside_sentence(name)}, treatment pays for itself up to "
        f"{money(even['estimate'], even['currency'])} a year ({_reach(even)}, prices of "
        f"{even['price_year']}); the price taken, {money(price['estimate'], even['currency'])}, is {side} "
        "that range."
    )


def what_it_hangs_on(model: Model, rows: pd.DataFrame) -> Result:
    """Draw the break-even price with each parameter at either end of its range; `rows` from `tornado`."""
    name = model.perspectives[0]
    costs: Any = model.costs(name).loc["treatment"]
    first, price, currency = rows.iloc[0], float(costs["value"]), costs["currency"]
    drawing = Drawing(
        rows,
        partial(draw_intervals, zero=price, xlabel=f"Break-even price of a year, {currency}"),
        title=f"The price at which it pays hangs most on: {inside_sentence(first['label'])}",
        caption=f"{name}: each parameter at the ends of its range, all others at their value. Upright line: "
        f"the price taken, {money(price, currency)}.",
        alt=partial(alt_intervals, what="Break-even price of a year of treatment by parameter"),
        rules=NOBODY,
        **height_of(rows),
    )
    crossed = int(((rows["low"] < price) & (price < rows["high"])).sum())
    said = (
        f"From one end of its range to the other, {inside_sentence(first['label'])} moves the break-even "
        f"price from {money(first['low'], currency)} to {money(first['high'], currency)}. "
        f"{crossed or 'None'} of {len(rows)} ranges, each alone, would turn saving into cost or back."
    )
    return Result("hangs-on", says=[said], drawing=drawing)


def pathway_answer(model: Model, table: pd.DataFrame, cost: pd.DataFrame) -> Result:
    """Return the answer: what would be avoided, the price at which it pays, and what has no source."""
    assumed = model.tables.parameters.query("seen == 'assumed'")["label"]
    weak = f"No source was found for {listing(map(inside_sentence, assumed))}." if len(assumed) else ""
    return Result("answer", says=[_avoided(model, table), _pays(model, cost), weak], role="answer")


def not_to_conclude() -> Result:
    """Name the one conclusion that a model does not bear."""
    said = "Do not conclude that this will happen: a model says what follows if its numbers hold."
    return Result("not-to-conclude", says=[said], role="limit")


def _rounded(x: float) -> str:
    """A number in two digits that count: no model knows more."""
    return number(float(f"{x:.2g}"), 0)


def _reach(row: Any) -> str:
    return f"{_rounded(row['low'])} to {_rounded(row['high'])}"
