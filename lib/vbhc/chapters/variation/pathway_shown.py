"""What a modelled pathway says: who is treated today, the risk first, what would change, cost, how sure."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from vbhc.chapters.variation import layout, pathway
from vbhc.chapters.variation.pathway import FIND, TREAT, Model
from vbhc.chapters.variation.sentences import say
from vbhc.publish.claims import Claim
from vbhc.publish.results import Result
from vbhc.wording import inside_sentence, listing, money, number, sentence_case

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
    ends, first, symbol = index[["estimate", "low", "high"]], "how well off an area is", "concentration index"
    by_deprivation = Claim("tie", "the share not treated", **ends, first=first, symbol=symbol, decimals=3)
    people = {"eligible": int(eligible.sum()), "whole": float(whole), "areas": len(areas)}
    today = say("treated-today", plan=plan, least=share.min(), most=share.max(), **people)
    extremes = say("treated-extremes", **most, spread=spread)
    return Result("treated-today", says=[today, extremes, by_deprivation])


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
    title = say("risk-title", least=rows["estimate"].min(), most=rows["estimate"].max())
    drawn = layout.intervals("risk-first", rows, title, {"what": what, "plan": plan}, told=told)
    return Result("risk-first", says=_beside_published(model, others), drawing=drawn)


def _beside_published(model: Model, others: pd.DataFrame) -> list[Claim | str]:
    """The model's own number, and at which risk it would agree with each published one."""
    found, event = pathway.interval(pathway.per_100_years(pathway.difference(model))), model.plan.event
    what = f"the number of {event}s avoided per 100 years on treatment"
    claim = Claim("outlook", what, found["estimate"], found["low"], found["high"], decimals=1)
    if others.empty:
        return [claim]
    agree = listing(number(x, 1) for x in others["value"].dropna())
    ends = {"least": others["estimate"].min(), "most": others["estimate"].max()}
    taken = 100 * model.draws["event_rate"][0]
    return [claim, say("risk-published", **ends, agree=agree, event=event, taken=taken)]


def would_change(model: Model, table: pd.DataFrame) -> Result:
    """Show what each lever would change within the declared years; `table` from `what_would_change`."""
    plan = model.plan
    levers = {TREAT: say("lever-treat", plan=plan), FIND: say("lever-find", plan=plan)}
    frame = table.assign(lever=table["lever"].map(levers), measure=_measures(model, table))
    frame = frame[["lever", "measure", "estimate", "low", "high"]]
    shown = layout.table("would-change", frame, {"plan": plan})
    change = pathway.difference(model)
    each = pathway.interval(-change["events"] / change["harms"])
    return Result("would-change", says=[say("per-harm", plan=plan, **each)], table=shown)


def _avoided(model: Model, table: pd.DataFrame) -> str:
    plan, events = model.plan, table[table["measure"] == "events"].set_index("lever")
    said = events.apply(lambda row: f"{_rounded(row['estimate'])} {plan.event}s ({_reach(row)})", axis=1)
    return say("avoided", plan=plan, treat=said[TREAT], find=said[FIND])


def _measures(model: Model, table: pd.DataFrame) -> pd.Series:
    return table["measure"].map(lambda name: sentence_case(say(f"measure-{name}", plan=model.plan)))


def what_it_costs(model: Model, table: pd.DataFrame) -> Result:
    """Show cost per event avoided and the break-even price, perspective by perspective; from `money`."""
    label = table["perspective"] + ", " + table["currency"] + " of " + table["price_year"]
    frame = table.assign(perspective=label, measure=_measures(model, table))
    frame = frame[["perspective", "measure", "estimate", "low", "high"]]
    prices = model.tables.costs.query("item == 'treatment'").itertuples()
    notes = [f"Treatment, {inside_sentence(row.perspective)}: {row.source}." for row in prices]
    shown = layout.table("what-it-costs", frame, {"plan": model.plan}, notes=notes)
    return Result("what-it-costs", says=[_net(model, table)], table=shown)


def _net(model: Model, table: pd.DataFrame) -> str:
    """What an event avoided costs, or saves, in each perspective."""
    parts = [
        f"{'saves' if row['high'] < 0 else 'costs' if row['low'] > 0 else 'saves or costs'} "
        f"{money(abs(row['estimate']), row['currency'])} counting {inside_sentence(row['perspective'])}"
        for row in table[table["measure"] == "net"].to_dict("records")
    ]
    return say("cost-net", event=model.plan.event, parts=listing(parts))


def _pays(model: Model, table: pd.DataFrame) -> str:
    """At which price of a year treatment pays for itself in the first perspective, and the price taken."""
    name = model.perspectives[0]
    rows: Any = table[table["perspective"] == name].set_index("measure")
    even, price = rows.loc["even"], rows.loc["price"]
    side = "below" if price["high"] < even["low"] else "above" if price["low"] > even["high"] else "within"
    amounts = {"even": money(even["estimate"], even["currency"]), "year": even["price_year"]}
    amounts |= {"price": money(price["estimate"], even["currency"]), "reach": _reach(even)}
    return say("pays", perspective=inside_sentence(name), side=side, **amounts)


def what_it_hangs_on(model: Model, rows: pd.DataFrame) -> Result:
    """Draw the break-even price with each parameter at either end of its range; `rows` from `tornado`."""
    name = model.perspectives[0]
    costs: Any = model.costs(name).loc["treatment"]
    first, price, currency = rows.iloc[0], float(costs["value"]), costs["currency"]
    label = inside_sentence(first["label"])
    words = {"perspective": name, "price": money(price, currency), "currency": currency}
    whole = rows.round({"estimate": 0, "low": 0, "high": 0})
    drawn = layout.intervals("hangs-on", whole, say("hangs-title", first=label), words, zero=price)
    crossed = int(((rows["low"] < price) & (price < rows["high"])).sum())
    ends = {end: money(first[end], currency) for end in ("low", "high")}
    said = say("hangs", first=label, **ends, crossed=crossed or "None", n=len(rows))
    return Result("hangs-on", says=[said], drawing=drawn)


def pathway_answer(model: Model, table: pd.DataFrame, cost: pd.DataFrame) -> Result:
    """Return the answer: what would be avoided, the price at which it pays, and what has no source."""
    assumed = model.tables.parameters.query("seen == 'assumed'")["label"]
    weak = say("no-source", parameters=listing(map(inside_sentence, assumed))) if len(assumed) else ""
    return Result("answer", says=[_avoided(model, table), _pays(model, cost), weak], role="answer")


def not_to_conclude() -> Result:
    """Name the one conclusion that a model does not bear."""
    return Result("not-to-conclude", says=[say("model-not-to-conclude")], role="limit")


def _rounded(x: float) -> str:
    """A number in two digits that count: no model knows more."""
    return number(float(f"{x:.2g}"), 0)


def _reach(row: Any) -> str:
    return f"{_rounded(row['low'])} to {_rounded(row['high'])}"
