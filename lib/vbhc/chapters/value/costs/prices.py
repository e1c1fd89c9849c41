"""What drives the cost, and what the value quota would be if prices or the perimeter were others.

Prices move one at a time (a tornado), and components of the cost are left out in turn.
"""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import cleaning, wording
from vbhc.chapters.value import layout
from vbhc.chapters.value.group_value import bounded_alone, noun, rank_agreement, who_counts
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.quota.numerators import quota_where_possible
from vbhc.cleaning.sources import RESOURCE
from vbhc.publish.claims import in_tens
from vbhc.publish.either import Either
from vbhc.publish.figure_style import LINE, TOTAL, drawable, is_narrow, nothing_to_draw
from vbhc.publish.findings.made import DIGITS, coarse_decimals, in_digits
from vbhc.publish.interval_figure import frame_rows, height_of, name_row
from vbhc.publish.results import Claim, Result, either
from vbhc.statistics.ratios.means import ratio_of_means
from vbhc.study import Study

TOP = 4
LEFT_OUT = " Prices that move it by less than its last digit are left out."
ENDS = ["estimate", "low", "high"]
FIGURES = [*ENDS, "ci_kind", "n", "n_missing", "reason"]
SHOWN = ["perimeter", *ENDS, "relative_change", "rank_agreement"]


def cost_parts(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Return what each component cost each patient, a column per component by its name in words.

    Missing where it is missing; a patient without every component has no cost.
    """
    names = {name: study.cost_component_column(name) for name in study.config.cost.components}
    return pd.DataFrame({name.replace("_", " "): patients[own].astype(float) for name, own in names.items()})


def costs_by_resource(lines: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return what each patient's use of a resource cost, a column per resource; 0 where it was not used."""
    known = lines[lines["cost"].notna()]
    return known.groupby([key, RESOURCE], observed=True)["cost"].sum().astype(float).unstack(fill_value=0.0)


def cost_items(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Return what each item cost each patient: resources where the study has lines, else components.

    Returns
    -------
    DataFrame
        A row per patient, on the index of `patients`, a column per item; 0 where it was not used, missing
        where the patient's cost is not known.
    """
    lines, key = cleaning.load_cost_lines(study), study.config.key
    items = cost_parts(study, patients)
    if len(lines):
        used = costs_by_resource(lines, key).rename(columns=lambda name: str(name).replace("_", " "))
        items = used.reindex(patients[key], fill_value=0.0).set_axis(patients.index)
    return items.where(patients["cost"].notna())


def largest_items(items: pd.DataFrame) -> pd.DataFrame:
    """Return the items, dearest first: `item, n_users, cost` (per patient, mean over all), `share`."""
    whole = items.dropna()
    mean = whole.mean().sort_values(ascending=False, kind="stable")
    share = mean / mean.sum() if mean.sum() > 0 else np.nan
    table = pd.DataFrame({"n_users": (whole > 0).sum(), "cost": mean, "share": share}).loc[mean.index]
    return table.rename_axis("item").reset_index()


def coarse_items(table: pd.DataFrame, items: pd.DataFrame) -> Either:
    """Return a table of items, where people are protected with steps of mean costs that hold a use at least.

    75 a patient at a price of 120 are 43 uses by 69 patients: where 41 used it, 2 did more than once. 1,000,
    to the nearest ten, at a price of 2,300 are 39 uses by 90 patients, or 40 by 92, of 93.
    """
    cost, once = table["cost"], items.where(items > 0).min()[table.iloc[:, 0]] / len(items.dropna())
    step = 10.0 ** np.ceil(np.log10(once.to_numpy()))
    seen = 10.0 ** np.floor(np.log10(cost.where(cost > 0, 1)) - 1 - (cost >= 10**DIGITS))  # by its digits
    return either(table, table.assign(cost=cost.where(~(step > seen), (cost / step).round() * step)))


def item_rules(items: pd.DataFrame, names: pd.Series, *keep: str) -> dict:
    """Return how a table of items is protected: by who used each, and by how its sum is made up.

    The `share` of the bill, as what else is to `keep`, is no share of people: it follows no count. Who used
    one used others too: nobody knows what all users add up to.
    """
    own = [items[name].dropna() for name in names]
    return {"base": "n_users", "contributions": {"cost": own}, "keep": ["share", *keep], "parts": False}


def cost_drivers(study: Study, vq: Definition, items: pd.DataFrame) -> Result | None:
    """Show the few items that make up most of the bill; nothing where the cost has one part only."""
    top = largest_items(items)
    if len(top) < 2:
        return None
    shown = top.head(TOP)
    few = shown if len(top) > TOP else shown.head(1)
    named = wording.sentence_case(wording.listing(few["item"]))
    make = "make" if len(few) > 1 else "makes"
    said = f"{named} {make} up {wording.percent(few['share'].sum())} of the bill."
    table = layout.table(
        "cost-drivers", coarse_items(shown, items), {"vq": vq}, item_rules(items, shown["item"])
    )
    return Result("cost-drivers", says=[said], table=table)


def if_prices_differ(
    patients: pd.DataFrame, items: pd.DataFrame, vq: Definition, by: float, top: int = TOP
) -> pd.DataFrame:
    """Return the value quota if the price of an item were a share `by` higher or lower, each in turn.

    Parameters
    ----------
    top : int
        How many items have a row of their own; the others move together.

    Returns
    -------
    DataFrame
        `label, estimate` (as it is), `low` (dearer), `high` (cheaper): the largest items, the others
        together, all at once; patients with outcome and cost.
    """
    used = patients["gain_counting_deaths"].notna() & patients["cost"].notna()
    gain, total = patients.loc[used, ["gain_counting_deaths", "cost"]].mean()
    total = total if total > 0 else np.nan
    means = items[used].mean().sort_values(ascending=False, kind="stable")
    moved = means.iloc[:top].to_dict()
    if rest := len(means) - len(moved):
        moved[f"the {rest} others" if rest > 1 else "the other one"] = means.iloc[top:].sum()
    part = pd.Series(moved | {"all prices at once": total})
    ends = {"low": vq.per * gain / (total + by * part), "high": vq.per * gain / (total - by * part)}
    table = pd.DataFrame({"estimate": vq.per * gain / total, **ends}, index=part.index)
    return table.rename_axis("label").reset_index()


def price_sensitivity(table: pd.DataFrame, ratio: pd.DataFrame, vq: Definition, by: float) -> Result | None:
    """Show by how much another price would move the value quota, beside how far chance could."""
    chance, share = ratio.iloc[0], wording.percent(by)
    if len(table) < 3 or not np.isfinite(table["estimate"].iloc[0]):
        return None
    band = (chance["low"], chance["high"]) if chance["ci_kind"] == "bounded" else None
    places, title = coarse_decimals(chance["low"], chance["high"]), _title(table, band, share)
    # Where people are protected the quota has as many decimals elsewhere; what moves none is left out.
    near, moved = band and tuple(np.round(band, places)), table.round(places).query("low != high")
    words = {"vq": vq, "share": share, "left": either("", LEFT_OUT if len(moved) < len(table) else "")}
    lay = partial(layout.drawing, "price-sensitivity", title=title, words=words)
    each = ((rows, partial(draw_prices, band=ends)) for rows, ends in ((table, band), (moved, near)))
    return Result("price-sensitivity", drawing=either(*(lay(*one, **height_of(one[0])) for one in each)))


def _title(table: pd.DataFrame, band: tuple[float, float] | None, share: str) -> str:
    single = table.iloc[:-1]
    widest = single.loc[(single["high"] - single["low"]).abs().idxmax()]
    if band is None:
        return f"The price of {widest['label']} moves the value quota most"
    ends = sorted(table.iloc[-1][["low", "high"]].astype(float))
    if band[0] <= ends[0] and ends[1] <= band[1]:
        return f"All prices {share} higher or lower move the value quota less than chance could"
    more = "less" if abs(widest["high"] - widest["low"]) <= band[1] - band[0] else "more"
    return f"One price {share} higher or lower moves the value quota {more} than chance could"


def draw_prices(
    data: pd.DataFrame, ax: Axes, band: tuple[float, float] | None = None, xlabel: str = ""
) -> Axes:
    """Draw a bar from the value quota at dearer to that at cheaper prices, a row for each item."""
    rows = drawable(data, "low", "high").reset_index(drop=True)
    if rows.empty:
        return nothing_to_draw(ax)
    if band:
        ax.axvspan(*band, color="#e8ebee", zorder=0)
    ax.axvline(rows["estimate"].iloc[0], color=LINE, linewidth=0.8, zorder=3)
    ax.barh(rows.index, rows["high"] - rows["low"], left=rows["low"], height=0.3, color=TOTAL, zorder=2)
    for place, row in rows.iterrows():
        places = min(2, wording.decimals_of(*row[["estimate", "low", "high"]]))
        text = f"{wording.number(row['low'], places)} to {wording.number(row['high'], places)}"
        name_row(ax, place, str(row["label"]), text, is_narrow(ax), False)
    frame_rows(ax, len(rows), xlabel, is_narrow(ax), False)
    return ax


def without_each_part(
    outcome: pd.Series,
    parts: pd.DataFrame,
    per: float = 1_000,
    ci_level: float = 0.95,
    cluster: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the group's value quota with every component of the cost, and without each in turn.

    Parameters
    ----------
    outcome : Series
        On the index of `parts`, one column per cost component (`cost_parts`).
    cluster : Series, optional
        Whose patients are taken as alike (`opening.providers`).

    Returns
    -------
    DataFrame
        `perimeter` ("all components", "without ward" ...), `estimate` with its first interval, `ci_kind, n,
        n_missing, reason`, `rank_agreement` (Spearman between patients' VQ with and without; patients with a
        positive cost in both), `share_of_cost` (of what is left out), `relative_change` against all.
    """
    complete = parts.where(parts.notna().all(axis=1)).astype(float)
    total = complete.sum(axis=1, skipna=False)
    smaller = {"all components": total} | {f"without {name}": total - complete[name] for name in parts}
    whole, rows = quota_where_possible(outcome, total, 1), []
    for name, cost in smaller.items():
        cost = cost.mask(cost.abs() < 1e-9 * total.abs(), 0.0)  # what subtraction leaves of nothing
        row = ratio_of_means(outcome, cost, per, ci_level, cluster=cluster).iloc[0]
        alike = rank_agreement(quota_where_possible(outcome, cost, 1), whole)
        rows.append({"perimeter": name, **row[FIGURES], "rank_agreement": alike})
    used = outcome.notna() & total.notna()
    spent = total[used].sum()
    shares = complete[used].sum() / (spent if spent > 0 else np.nan)
    table = pd.DataFrame(rows).assign(share_of_cost=[0.0, *shares])
    return table.assign(relative_change=table["estimate"] / (table["estimate"].iloc[0] or np.nan) - 1)


def perimeters(vq: Definition, patients: pd.DataFrame, table: pd.DataFrame) -> Result | None:
    """Show the value quota without each component; nothing where the cost has a single one.

    Parameters
    ----------
    table : DataFrame
        From `without_each_part`.
    """
    if len(table) < 3 or table["reason"].iloc[0]:
        return None
    shown, unbounded = bounded_alone(table)
    rules = {"behind": [[int(n)] for n in shown["n"]]}
    frame = layout.table("perimeter", shown[SHOWN], {"vq": vq}, rules, unbounded)
    return Result("perimeter", says=most_moved(vq, table), table=frame, counted=who_counts(patients))


def most_moved(vq: Definition, table: pd.DataFrame) -> list[Claim | str]:
    """Say which component moves the quota most, its share of the bill, and what becomes of the order."""
    rest = table.iloc[1:].dropna(subset=["relative_change"])
    if rest.empty or not np.isfinite(table["estimate"].iloc[0]):
        return []
    top = rest.loc[rest["relative_change"].abs().idxmax()]
    ends = [in_digits(*row[ENDS]) for row in (table.iloc[0], top)]
    agree = f"Patients' order with and without it agrees to ρ = {wording.number(top['rank_agreement'])}."
    return [*_change(vq, top, ends), agree if np.isfinite(top["rank_agreement"]) else ""]


def _change(vq: Definition, top: pd.Series, ends: list[str]) -> list[Claim | str]:
    """The change as a share; of a loss, of which a share says nothing, the two values alone."""
    without = f"{top['perimeter']} ({wording.percent(top['share_of_cost'])} of the bill of those counted)"
    what = f"{noun(vq)} per {vq.currency} {vq.per:,.0f}"
    if not top["estimate"] > 0:
        return [f"{wording.sentence_case(what)} goes from {ends[0]} to {ends[1]} {without}."]
    claim = Claim("change", what, top["relative_change"], first=without, second="with every component")
    return [either(claim, in_tens(claim)), f"It goes from {ends[0]} to {ends[1]}."]
