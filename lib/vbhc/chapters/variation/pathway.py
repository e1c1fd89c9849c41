"""A pathway without patients: what would follow if more people were treated, or found, year by year.

Everybody starts without an event; from then on people are well, live after an event, or are dead. Whoever had
an event is treated afterwards, with or without the change that is asked about.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vbhc.statistics import cohort_model as cohort
from vbhc.study import Study
from vbhc.study.config import Pathway
from vbhc.study.declared.pathway import Tables, read_pathway

Draws = Mapping[str, np.ndarray]
WELL, AFTER, DEAD = range(3)
TREAT, FIND = "treat more of those known", "find more, and treat them alike"


@dataclass(frozen=True)
class Model:
    """A pathway with its draws: the first of each parameter is its value, the others are drawn."""

    plan: Pathway
    tables: Tables
    draws: Draws

    def costs(self, perspective: str) -> pd.DataFrame:
        """Return the costs of one perspective by item."""
        rows = self.tables.costs
        return rows[rows["perspective"] == perspective].set_index("item")

    @property
    def perspectives(self) -> list[str]:
        """The perspectives, the declared order first."""
        return list(dict.fromkeys(self.tables.costs["perspective"]))


def load(study: Study, n_draws: int = 2000, seed: int = 1) -> Model:
    """Return the pathway of a study with its parameters drawn `n_draws` times; see `read_pathway`."""
    tables = read_pathway(study)
    costs = tables.costs.assign(name=tables.costs["perspective"] + tables.costs["item"], kind="cost")
    rows = pd.concat([tables.parameters, costs], ignore_index=True)
    return Model(study.config.pathway, tables, cohort.drawn(rows, n_draws, seed))


def follow(draws: Draws, years: int, discount: float, treated: bool) -> dict[str, np.ndarray]:
    """Return what happens to one person within `years`, treated from the start or only after an event.

    Returns
    -------
    dict of array, one value per draw
        `events`, `harms`, `deaths`, `treated` (years on treatment); discounted to today: `event`, `after`
        (years lived beyond the first after an event), `harm` and `treatment` (years), which costs multiply.
    """
    lower = draws["treatment_ratio"] * draws["newer_ratio"]
    first = draws["event_rate"] * (lower if treated else 1)
    again = draws["event_rate_after"] * lower
    moves = _moves(first, again, draws["event_fatal"], draws["death_rate"])
    path = cohort.trace(moves, [1, 0, 0], years)
    lived, later = cohort.time_in_states(path), cohort.discount(years, discount)
    well, after = lived[..., WELL], lived[..., AFTER]
    events, on = well * first + after * again, after + (well if treated else 0)
    harms = draws["harm_rate"] * (well + after + (draws["harm_ratio"] - 1) * on)
    beyond = np.concatenate([0 * after[:1], after[:-1] * moves[:, AFTER, AFTER]])
    totals = {"events": events, "harms": harms, "treated": on}
    discounted = {"event": events, "after": beyond, "harm": harms, "treatment": on}
    return {
        **{name: values.sum(axis=0) for name, values in totals.items()},
        **{name: later @ values for name, values in discounted.items()},
        "deaths": path[-1, :, DEAD],
    }


def _moves(first: np.ndarray, again: np.ndarray, fatal: np.ndarray, death_rate: np.ndarray) -> np.ndarray:
    """The chances of a year, (draws, 3, 3): other deaths come first, then events, of which some are fatal."""
    dies = cohort.chance(death_rate)
    had, had_again = (1 - dies) * cohort.chance(first), (1 - dies) * cohort.chance(again)
    moves = np.zeros((len(dies), 3, 3))
    moves[:, WELL, AFTER], moves[:, WELL, DEAD] = had * (1 - fatal), dies + had * fatal
    moves[:, WELL, WELL] = 1 - dies - had
    moves[:, AFTER, DEAD] = dies + had_again * fatal
    moves[:, AFTER, AFTER] = 1 - moves[:, AFTER, DEAD]
    moves[:, DEAD, DEAD] = 1
    return moves


def difference(model: Model, draws: Draws | None = None) -> dict[str, np.ndarray]:
    """Return per person newly treated: what treatment from the start changes in each entry of `follow`."""
    args = draws or model.draws, model.plan.years, model.plan.discount
    without, treated = (follow(*args, treated=arm) for arm in (False, True))
    return {name: treated[name] - without[name] for name in treated}


def per_100_years(change: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the events avoided per 100 further years on treatment."""
    return -100 * change["events"] / change["treated"]


def people(model: Model) -> dict[str, np.ndarray]:
    """Return how many would be newly treated, by lever: areas below the declared uptake brought to it, and
    the declared share of those who do not know found, as many of them eligible as among those known."""
    areas, plan = model.tables.areas, model.plan
    more = (plan.uptake * areas["eligible"] - areas["treated"]).clip(lower=0).sum()
    unknown = areas["eligible"].sum() * model.draws["undetected"] / (1 - model.draws["undetected"])
    return {TREAT: np.full(len(unknown), more), FIND: unknown * plan.found * plan.uptake}


def what_would_change(model: Model) -> pd.DataFrame:
    """Return events avoided, harms added and deaths avoided within the declared years, by lever.

    Returns
    -------
    DataFrame
        `lever, measure` (people, events, harms, deaths), `estimate, low, high`: the model at its values, and
        the middle 95 % of draws.
    """
    change = difference(model)
    each = {"people": 1 + 0 * change["events"], "events": -change["events"]}
    each |= {"harms": change["harms"], "deaths": -change["deaths"]}
    rows = []
    for lever, n in people(model).items():
        rows += [{"lever": lever, "measure": name, **interval(n * value)} for name, value in each.items()]
    return pd.DataFrame(rows)


def interval(draws: np.ndarray) -> dict[str, float]:
    """Return the value (the first draw) and the middle 95 % of the others."""
    low, high = np.quantile(draws[1:], [0.025, 0.975])
    return {"estimate": float(draws[0]), "low": float(low), "high": float(high)}


def by_baseline(model: Model) -> pd.DataFrame:
    """Return the events avoided per 100 years on treatment by what the risk without treatment is taken to be.

    Returns
    -------
    DataFrame
        `label, value` (events a year per 100 untreated), `estimate, low, high`; low and high are of what
        treatment does, the risk being held.
    """
    rows = []
    for row in model.tables.baselines.sort_values("value").itertuples():
        held = {**model.draws, "event_rate": np.full_like(model.draws["event_rate"], row.value)}
        change = difference(model, held)
        rows.append({"label": row.label, "value": 100 * row.value, **interval(per_100_years(change))})
    return pd.DataFrame(rows)


def published(model: Model) -> pd.DataFrame:
    """Return the published estimates, and the risk without treatment at which this model would agree.

    Returns
    -------
    DataFrame
        `label`, `estimate` (events avoided per 100 years on treatment), `value` (events a year per 100
        untreated; NaN where no risk up to 50 gives it).
    """
    risks = np.linspace(0.0005, 0.5, 400)
    first = {name: np.full(len(risks), draws[0]) for name, draws in model.draws.items()}
    avoided = per_100_years(difference(model, {**first, "event_rate": risks}))
    checks = model.tables.checks
    own = 100 * checks["avoided"] / checks["treated_years"]
    value = np.interp(own, avoided, 100 * risks, left=np.nan, right=np.nan)
    return pd.DataFrame({"label": checks["label"], "estimate": own, "value": value})


def money(model: Model) -> pd.DataFrame:
    """Return what treatment costs and saves in each perspective, at its own prices.

    Returns
    -------
    DataFrame
        `perspective, price_year, currency, measure` (price: of a year of treatment; net: cost per event
        avoided, below 0 where it saves; even: the price of a year at which it costs nothing), `estimate, low,
        high`.
    """
    change, rows = difference(model), []
    for name in model.perspectives:
        costs = model.costs(name)
        item = {one: model.draws[name + one] for one in costs.index}
        even = break_even(change, item)
        net = (item["treatment"] - even) * change["treatment"] / -change["events"]
        told = costs.iloc[0][["price_year", "currency"]].to_dict()
        for measure, value in (("price", item["treatment"]), ("net", net), ("even", even)):
            rows.append({"perspective": name, **told, "measure": measure, **interval(value)})
    return pd.DataFrame(rows)


def break_even(change: Mapping[str, np.ndarray], item: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the price of a year of treatment at which the care it saves, less the harm, pays for it."""
    return -sum(change[name] * item[name] for name in ("event", "after", "harm")) / change["treatment"]


def tornado(model: Model) -> pd.DataFrame:
    """Return the break-even price with each parameter at either end of its range, the others at their value.

    Returns
    -------
    DataFrame
        `label, estimate, low, high` of the first perspective, the widest first.
    """
    name = model.perspectives[0]
    params, rows = model.tables.parameters.dropna(subset=["low", "high"]), []
    item = {one: row["value"] for one, row in model.costs(name).iterrows()}
    for row in params[params["name"] != "undetected"].itertuples():
        ends = {key: np.full(3, draws[0]) for key, draws in model.draws.items()}
        ends[row.name] = np.array([row.value, row.low, row.high])
        at, one, other = break_even(difference(model, ends), item)
        rows.append({"label": row.label, "estimate": at, "low": min(one, other), "high": max(one, other)})
    table = pd.DataFrame(rows)
    return table.iloc[(table["low"] - table["high"]).argsort(kind="stable")].reset_index(drop=True)
