"""The bill: what made it up, where its prices come from, what was assumed, and how it falls on patients.

What is paid is the mean; zeros and the dearest are told beside it.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.chapters.cleaning.scale_quality import together
from vbhc.chapters.value import layout
from vbhc.chapters.value.costs.prices import ENDS, coarse_items, item_rules, largest_items, most_moved
from vbhc.chapters.value.distribution import BEYOND, OPEN, distribution_bins, plot_distribution
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.sentences import say
from vbhc.cleaning.costs.resources import event_lines
from vbhc.publish.disclosure.policies import FEW
from vbhc.publish.figure_style import LINE, drawable, is_narrow
from vbhc.publish.findings.made import coarse
from vbhc.publish.results import Claim, Counted, Result, either
from vbhc.statistics.samples import mean_with_range, patients_with
from vbhc.study import Study

FIRST = 3
TENTH = 0.1


def components(vq: Definition, parts: pd.DataFrame, items: pd.DataFrame) -> Result:
    """Show the mean cost and the share of each component, from `cost_parts`.

    One of a single resource (of `cost_items`) counts the users of that one.
    """
    table = largest_items(parts).rename(columns={"item": "component"})
    whole = int(parts.notna().all(axis=1).sum())
    counted = Counted(whole, without={"without a known cost": len(parts) - whole})
    alone = {part: item for part in parts for item in items if (parts[part] - items[item]).abs().max() < 1e-9}
    rules = {"called": alone, **item_rules(parts, table["component"])}
    made = layout.table("components", coarse_items(table, parts), {"vq": vq}, rules)
    return Result("components", table=made, counted=counted)


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
    rules = item_rules(items, table["resource"], "share_so_far")
    return Result("resources", table=layout.table("resources", coarse_items(table, items), {"vq": vq}, rules))


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
    return Result("missing-events", table=layout.table("missing-events", table))


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
    shown = layout.table("unit-costs", _in_words(together(prices, "source")[names]))
    assumed = prices["source"].str.lower().str.startswith("assumption").mean()
    said = say("assumed-all" if assumed == 1 else "assumed", share=assumed) if assumed else ""
    return Result("unit-costs", says=[said], table=shown)


def _in_words(prices: pd.DataFrame) -> pd.DataFrame:
    return prices.assign(resource=prices["resource"].str.replace("_", " "))


def converted_prices(study: Study, vq: Definition, prices: pd.DataFrame) -> Result | None:
    """Show how prices of another year or currency were brought to the study's; nothing where none were."""
    changed = prices[prices["conversion"] != ""]
    if changed.empty:
        return None
    frame = _in_words(changed[["resource", "conversion", "source"]])
    words = {"vq": vq, "index": study.config.cost.price_index}
    return Result("conversions", table=layout.table("conversions", frame, words))


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
    whose = f"Counted here: {cost.perspective}{time}, in {vq.currency} of {vq.price_year}."
    return Result("perspective", says=[whose, made_of])


def cost_by_patient(vq: Definition, cost: pd.Series, ci_level: float = 0.95) -> Result:
    """Show how the bill falls on patients: a histogram, its mean and median, what the dearest carry.

    The mean has its t interval.
    """
    known = mean_with_range(cost, ci_level)
    n, mean, median = known["n"], known["estimate"], cost.median()
    if n < 2:
        return Result("cost", says=[f"{patients_with(n)} a cost; a spread needs two."])
    counted = Counted(n, without={"without a known cost": len(cost) - n})
    what = f"the mean cost per patient in {vq.currency}"
    # Beside the means of who answered, who did not and who died a finer one tells how many have no cost.
    rough = known | {name: float(f"{known[name]:.2g}") for name in ("estimate", "low", "high")}
    claims = (Claim("level", what, **one, decimals=0, counted=counted) for one in (known, rough))
    none = int((cost == 0).sum())
    free = f"{wording.count(none, n)} cost nothing." if none else ""
    data, step = {"bins": distribution_bins(cost)}, _step_of_bars(cost)
    data["middle"] = pd.DataFrame({"label": ["median", "mean"], "estimate": [median, mean]})
    near = {"middle": data["middle"].assign(estimate=coarse(data["middle"]["estimate"], 2))}
    rules, bars = {}, BEYOND
    if step:
        near["bins"] = data["bins"].assign(n=(data["bins"]["n"] / step).round() * step)
        rules = {"protected": {"bins": "", "counts": (), "not_people": ("n",)}}
        bars = f"{OPEN}; each is given to the nearest {step} patients"
    words = {"vq": vq, "open": either(OPEN, bars)}
    told = either(data, data | near)
    drawn = layout.drawing("cost", told, draw_spread, partial(_middle_and_mean, vq), words, rules=rules)
    carried = dearest(cost)  # of few people it tells how many are in the tail, whose bars are withheld
    says = [either(*claims), free, either(carried, "" if n < FEW else carried)]
    return Result("cost", says=says, drawing=drawn)


def _step_of_bars(cost: pd.Series) -> int:
    """Return to how many patients bars are rounded where people are protected; 0 where they need not be.

    Of a few prices each bar is the patients of one or two uses, and bars add up to those who used a thing:
    150 + * + 480 + 690 are the 1,400 with further surgery, and a second star is what the bars leave of all.

    >>> _step_of_bars(pd.Series([6352.0, 10261] * 20_000)), _step_of_bars(pd.Series([6352.1, 10261.5]))
    (100, 0)
    """
    n = int(cost.count())
    return max(20, 10 ** int(np.log10(n) - 2)) if cost.nunique() <= n / 10 else 0


def _middle_and_mean(vq: Definition, data: Mapping[str, pd.DataFrame]) -> str:
    middle, mean = (wording.money(size, vq.currency) for size in data["middle"]["estimate"])
    return f"The patient in the middle cost {middle}; the mean was {mean}"


def dearest(cost: pd.Series) -> str:
    """Return what the dearest tenth of patients carries of the sum, and Gini's coefficient.

    >>> dearest(pd.Series([0.0, 100, 200, 700] + [0.0] * 6))
    'The dearest 10% of patients make up 70% of all costs (Gini 0.82).'
    """
    known = np.sort(cost.dropna().to_numpy(dtype=float))[::-1]
    n, whole = len(known), known.sum()
    if not whole > 0:
        return say("dearest-none")
    top = int(np.ceil(TENTH * n - 1e-9))
    gini = max(float(1 + 1 / n - 2 * (known * np.arange(1, n + 1)).sum() / (n * whole)), 0.0)
    return say("dearest", tenth=TENTH, share=known[:top].sum() / whole, gini=gini)


def draw_spread(data: Mapping[str, pd.DataFrame], ax: Axes, xlabel: str = "") -> Axes:
    """Draw patients by their cost, with the median and the mean as named lines."""
    plot_distribution(data["bins"], ax, xlabel)
    top = data["bins"]["n"].max() * 1.15
    for row in drawable(data["middle"], "estimate").itertuples() if top > 0 else ():
        left = row.label == "median"
        ax.plot([row.estimate] * 2, [0, top], color=LINE, linestyle="--" if left else "-", linewidth=1)
        ax.text(row.estimate, top, f" {row.label} ", ha="right" if left else "left", va="top")
    ax.locator_params(axis="x", nbins=4 if is_narrow(ax) else 8)
    return ax


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
        return say("bill-none")
    if len(top) == 1:
        return say("bill-one", item=top["item"].iloc[0])
    shown = top.head(FIRST)
    return say("bill", share=shown["share"].sum(), items=wording.listing(shown["item"]))


def _prices(vq: Definition, moved: pd.DataFrame, by: float) -> str:
    """What all prices together would do, up and down; nothing without a value quota."""
    if moved.empty or not np.isfinite(moved["estimate"].iloc[0]):
        return ""
    sizes = {name: wording.significant(moved[name].iloc[-1]) for name in ENDS}
    # Where people are protected each would tell a further digit of the quota.
    return either(say("all-prices", **sizes, unit=vq.unit, by=by))
