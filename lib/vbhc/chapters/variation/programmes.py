"""Allocative value: spend and outcome across programmes, what is worth looking into, and moving money."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.variation.pathway import interval
from vbhc.statistics import cohort_model as cohort
from vbhc.statistics.standardisation import indirect_ratio, systematic_variation
from vbhc.statistics.variation.funnel import tau_dersimonian_laird
from vbhc.statistics.variation.reliability import against_peers
from vbhc.study import Study
from vbhc.study.declared.programmes import Programmes, read_programmes

FEWEST_PEERS = 5
load = read_programmes  # what the notebook starts from


def spend_and_outcome(study: Study, given: Programmes, ci_level: float = 0.95) -> pd.DataFrame:
    """Return each programme of the declared area beside those of all other areas.

    Returns
    -------
    DataFrame
        `programme`; `spend, spend_low, spend_high` (per head, over the mean of the others; the interval is
        that of one more such area); `estimate, low, high` (deaths over expected, over that of the others;
        Byar, NaN where nobody was expected to die); `quadrant`.
    """
    areas, rows = given.areas, []
    for programme, table in areas.groupby("programme", sort=False):
        head = table["spend"] / table["population"]
        here = table["area"] == study.config.allocative.here
        mean, n = head[~here].mean(), int((~here).sum())
        reach = stats.t.ppf((1 + ci_level) / 2, n - 1) * head[~here].std() * np.sqrt(1 + 1 / n)
        ratio, own = head[here].iloc[0] / mean, head[here].iloc[0]
        spent = (ratio, own / (mean + reach), own / (mean - reach) if mean > reach else np.inf)
        others = table[~here]
        rate = others["deaths"].sum() / others["expected"].sum() if others["expected"].sum() else np.nan
        observed, expected = table.loc[here, "deaths"], table.loc[here, "expected"] * rate
        died: Any = indirect_ratio(observed, expected, ci_level=ci_level).iloc[0]
        rows.append([programme, *spent, *died, quadrant(spent[1:], (died["low"], died["high"]))])
    names = ["programme", "spend", "spend_low", "spend_high", "estimate", "low", "high", "quadrant"]
    return pd.DataFrame(rows, columns=names)


def quadrant(spend: tuple[float, float], deaths: tuple[float, float]) -> str:
    """Return what two intervals of ratios to others allow to be said.

    >>> quadrant((1.1, 1.3), (0.8, 1.2)), quadrant((0.8, 1.2), (1.1, 1.5))
    ('spends more, with as many deaths', 'spends as others do, with more deaths')
    """
    spends, died = (int(low > 1) - int(high < 1) for low, high in (spend, deaths))
    ends = "no deaths to compare" if np.isnan(deaths[0]) else f"{('as many', 'more', 'fewer')[died]} deaths"
    return f"spends {('as others do', 'more', 'less')[spends]}, with {ends}"


def apart(table: pd.DataFrame) -> pd.DataFrame:
    """Return the programmes of `spend_and_outcome` that stand apart from other areas in either way."""
    return table[~table["quadrant"].str.fullmatch("spends as others do, with (as many|no) deaths.*")]


def screening(given: Programmes) -> pd.DataFrame:
    """Return how many each programme affects, what it costs and how much areas vary: where to look first.

    Returns
    -------
    DataFrame
        `programme, people, spend` (all areas), `scv` (systematic component of variation of deaths x 100),
        `times`: how many hold of people in the upper half, spend in it, and more variation than chance gives
        (chi-squared, 5 %).
    """
    totals = given.areas.groupby("programme", sort=False)[["people", "spend"]].sum()
    upper = (totals.rank(pct=True) > 0.5).sum(axis=1)
    for name, rows in given.areas.groupby("programme", sort=False):
        died, expected = rows["deaths"], rows["expected"]
        totals.loc[name, "scv"] = systematic_variation(died, expected) if (expected > 0).all() else np.nan
        upper[name] += ((died - expected) ** 2 / expected).sum() > stats.chi2.ppf(0.95, len(rows))
    table = totals.assign(times=upper).sort_values(["times", "spend"], ascending=False)
    return table.rename_axis("programme").reset_index()


def star(given: Programmes) -> pd.DataFrame:
    """Return what each option gives for its cost: people x benefit over cost, per 100,000 spent.

    Returns
    -------
    DataFrame
        `option, programme, people, cost`, `qalys` (people x benefit), `estimate, low, high` (QALYs per
        100,000), best first; after Airoldi et al. 2014 (doi 10.1177/0272989X13500720).
    """
    table = given.options
    cost = table["cost"] / table["people"] / 1e5
    kept = table[["option", "programme", "people", "cost"]].assign(qalys=table["people"] * table["benefit"])
    for name, of in {"estimate": "benefit", "low": "low", "high": "high"}.items():
        kept[name] = table[of] / cost
    return kept.sort_values("estimate", ascending=False, ignore_index=True)


def beside_peers(study: Study, given: Programmes, ci_level: float = 0.95) -> pd.DataFrame:
    """Return each metric of the declared area in its last period beside the mean of all other areas.

    Returns
    -------
    DataFrame
        `metric, n` (denominator), `share` (the area's own), `peer_median` (as published), `difference,
        difference_low, difference_high` (less the mean of peers; chance of both, and tau that peers truly
        differ, `against_peers`), `worth, worth_low, worth_high` (patients a year who would be better
        served at the mean of peers; NaN where the area is not worse). Never the best of the peers.
    """
    here, rows = study.config.allocative.here, []
    for metric, table in given.metrics.groupby("metric", sort=False):
        last = table[table["period"] == table["period"].max()].reset_index(drop=True)
        own = last.index[last["org"] == here]
        if len(own) != 1 or len(last) < FEWEST_PEERS:
            continue
        share, n = last["numerator"] / last["denominator"], last["denominator"]
        pooled = last["numerator"].sum() / n.sum()
        units = pd.DataFrame({"estimate": share, "standard_error": np.sqrt(pooled * (1 - pooled) / n)})
        others = units.drop(own)
        tau = tau_dersimonian_laird(others["estimate"], others["standard_error"])
        peers = np.array([[other for other in last.index if other != at] for at in last.index])
        gap = against_peers(units, peers, tau, ci_level).loc[own[0]]
        size = n[own[0]] * (1 if last["better"].iloc[0] == "lower" else -1) * gap
        worth = [size["estimate"], *sorted(size[["low", "high"]])] if size["estimate"] > 0 else [np.nan] * 3
        seen = last.loc[own[0]]
        rows.append([metric, int(seen["denominator"]), share[own[0]], seen["peer_median"], *gap, *worth])
    gaps = ["difference", "difference_low", "difference_high", "worth", "worth_low", "worth_high"]
    return pd.DataFrame(rows, columns=["metric", "n", "share", "peer_median", *gaps])


def moved(study: Study, given: Programmes, n_draws: int = 2000, seed: int = 1) -> pd.DataFrame:
    """Return what moving the declared sum to the programme of the cheapest QALY gains and loses.

    Returns
    -------
    DataFrame
        `programme` (from), `to`, `gained, lost` (QALYs), `estimate, low, high` (net), `probability` (that
        more is gained than lost), `weight`: how much more a QALY of the giving programme would have to count
        until nothing is gained, which is the break-even: its cost of a QALY over the other's.
    """
    amount, rows = study.config.allocative.move, given.returns
    costs = rows.rename(columns={"programme": "name", "cost_per_qaly": "value"}).assign(kind="ratio")
    draws = cohort.drawn(costs, n_draws, seed)
    cheapest = rows.loc[rows["cost_per_qaly"].idxmin(), "programme"]
    found = []
    for name in (one for one in rows["programme"] if one != cheapest):
        gained, lost = amount / draws[cheapest], amount / draws[name]
        net, sure = interval(gained - lost), float((gained > lost)[1:].mean())
        found.append([name, cheapest, gained[0], lost[0], *net.values(), sure, gained[0] / lost[0]])
    names = ["programme", "to", "gained", "lost", "estimate", "low", "high", "probability", "weight"]
    return pd.DataFrame(found, columns=names).sort_values("estimate", ascending=False, ignore_index=True)
