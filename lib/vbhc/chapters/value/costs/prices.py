"""What drives the cost, and what the value quota would be if prices were others (one-way, a tornado)."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import cleaning, wording
from vbhc.chapters.value.quota.declared import Definition
from vbhc.cleaning.sources import RESOURCE
from vbhc.publish.figure_style import LINE, TOTAL, drawable, is_narrow, nothing_to_draw
from vbhc.publish.interval_figure import frame_rows, height_of, name_row
from vbhc.publish.results import Drawing, Result, Table
from vbhc.study import Study

TOP = 4


def costs_by_resource(lines: pd.DataFrame, key: str) -> dict[str, pd.Series]:
    """Return what each patient's use of a resource cost, by resource."""
    sums = lines[lines["cost"].notna()].groupby([RESOURCE, key], observed=True)["cost"].sum()
    return {str(name): own for name, own in sums.groupby(level=0, observed=True)}


def cost_items(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Return what each item cost each patient: resources where the study has lines, else components.

    Returns
    -------
    DataFrame
        A row per patient, on the index of `patients`, a column per item; 0 where it was not used, missing
        where the patient's cost is not known.
    """
    lines, key = cleaning.load_cost_lines(study), study.config.key
    if len(lines):
        used = costs_by_resource(lines, key)
        items = pd.DataFrame({name: patients[key].map(own.droplevel(0)) for name, own in used.items()})
        items = items.set_axis(patients.index).fillna(0.0)
    else:
        names = {name: study.cost_component_column(name) for name in study.config.cost.components}
        items = pd.DataFrame({name: patients[column].astype(float) for name, column in names.items()})
    return items.where(patients["cost"].notna()).rename(columns=lambda name: str(name).replace("_", " "))


def largest_items(items: pd.DataFrame) -> pd.DataFrame:
    """Return the items, dearest first: `item, n_users, cost` (per patient, mean over all), `share`."""
    whole = items.dropna()
    mean = whole.mean().sort_values(ascending=False, kind="stable")
    table = pd.DataFrame({"n_users": (whole > 0).sum(), "cost": mean}).loc[mean.index]
    return (
        table.assign(share=mean / mean.sum() if mean.sum() > 0 else np.nan).rename_axis("item").reset_index()
    )


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
    rules = {"base": "n_users", "contributions": {"cost": [items[name].dropna() for name in shown["item"]]}}
    caption = f"What costs most, {vq.currency} of {vq.price_year} per patient"
    return Result("cost-drivers", says=[said], table=Table(shown, caption, rules=rules))


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
    drawing = Drawing(
        table,
        partial(draw_prices, band=band, xlabel=f"VQ, {vq.unit}"),
        title=_title(table, band, share),
        caption=f"Bars: the value quota if a price were {share} higher or lower. Band: chance alone.",
        alt=f"Value quota ({vq.unit}) if a price were {share} higher or lower",
        **height_of(table),
    )
    return Result("price-sensitivity", drawing=drawing)


def _title(table: pd.DataFrame, band: tuple[float, float] | None, share: str) -> str:
    single = table.iloc[:-1]
    widest = single.loc[(single["high"] - single["low"]).abs().idxmax()]
    if band is None:
        return f"The price of {widest['label']} moves the value quota most"
    ends = sorted(table.iloc[-1][["low", "high"]].astype(float))
    if band[0] <= ends[0] and ends[1] <= band[1]:
        return f"All prices {share} higher or lower move the value quota less than chance could"
    inside = abs(widest["high"] - widest["low"]) <= band[1] - band[0]
    more = "less" if inside else "more"
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
        text = f"{wording.number(row['low'])} to {wording.number(row['high'])}"
        name_row(ax, place, str(row["label"]), text, is_narrow(ax), False)
    frame_rows(ax, len(rows), xlabel, is_narrow(ax), False)
    return ax
