"""What drives the cost, and what the value would be if prices were others (one-way, a tornado)."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import cleaning, wording
from vbhc.chapters.value.costs.breakdown import costs_by_resource
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.figure_style import LINE, TOTAL, drawable, is_narrow, nothing_to_draw
from vbhc.publish.interval_figure import frame_rows, height_of, name_row
from vbhc.publish.results import Drawing, Result, Table
from vbhc.study import Study

TOP = 4
COLUMNS = ["item", "n_users", "cost", "share"]


def cost_items(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Return what each item cost each patient: resources where the study has lines, else components.

    Returns
    -------
    DataFrame
        A row per patient, on the index of `patients`, a column per item; 0 where it was not used, missing
        where the patient's cost is not known.
    """
    lines = cleaning.load_cost_lines(study)
    if len(lines):
        by_name = costs_by_resource(lines, study.config.key)
        items = pd.DataFrame(
            {name: patients[study.config.key].map(own.droplevel(0)) for name, own in by_name.items()}
        )
        items = items.set_axis(patients.index).fillna(0.0)
    else:
        names = {name: study.cost_component_column(name) for name in study.config.cost.components}
        items = pd.DataFrame({name: patients[column].astype(float) for name, column in names.items()})
    return items.where(patients["cost"].notna()).rename(columns=lambda name: str(name).replace("_", " "))


def largest_items(items: pd.DataFrame) -> pd.DataFrame:
    """Return the items, dearest first: `item, n_users, cost` (per patient, mean over all), `share`."""
    whole = items.dropna()
    mean = whole.mean().sort_values(ascending=False, kind="stable")
    total = mean.sum()
    return pd.DataFrame(
        {
            "item": mean.index,
            "n_users": (whole > 0).sum().reindex(mean.index).to_numpy(),
            "cost": mean.to_numpy(),
            "share": mean.to_numpy() / total if total > 0 else np.nan,
        }
    )[COLUMNS]


def cost_drivers(study: Study, vq: Definition, items: pd.DataFrame) -> Result | None:
    """Show the few items that make up most of the bill; nothing where the cost has one part only."""
    top = largest_items(items)
    if len(top) < 2:
        return None
    shown = top.head(TOP)
    few = shown if len(top) > TOP else shown.head(1)
    make = "make" if len(few) > 1 else "makes"
    named = wording.sentence_case(wording.listing(few["item"]))
    said = f"{named} {make} up {wording.percent(few['share'].sum())} of the bill."
    table = Table(
        shown,
        f"What costs most, {vq.currency} of {vq.price_year} per patient",
        rules={
            "base": "n_users",
            "contributions": {"cost": [items[name].dropna() for name in shown["item"]]},
        },
    )
    return Result("cost-drivers", says=[said], table=table)


def if_prices_differ(
    patients: pd.DataFrame, items: pd.DataFrame, vq: Definition, by: float, top: int = TOP
) -> pd.DataFrame:
    """Return the value if the price of an item were a share `by` higher or lower, each in turn.

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
    gain = patients.loc[used, "gain_counting_deaths"].mean()
    means = items[used].mean().sort_values(ascending=False, kind="stable")
    total = patients.loc[used, "cost"].mean()
    total = total if total > 0 else np.nan
    moved = {name: means[name] for name in means.index[:top]}
    if len(means) > top:
        rest = len(means) - top
        moved[f"the {rest} others" if rest > 1 else "the other one"] = means.iloc[top:].sum()
    moved["all prices at once"] = total
    rows = [
        {
            "label": label,
            "estimate": vq.per * gain / total,
            "low": vq.per * gain / (total + by * part),
            "high": vq.per * gain / (total - by * part),
        }
        for label, part in moved.items()
    ]
    return pd.DataFrame(rows)


def price_sensitivity(table: pd.DataFrame, ratio: pd.DataFrame, vq: Definition, by: float) -> Result | None:
    """Show by how much another price would move the value, beside how far chance could."""
    chance = ratio.iloc[0]
    if len(table) < 3 or not np.isfinite(table["estimate"].iloc[0]):
        return None
    band = (chance["low"], chance["high"]) if chance["ci_kind"] == "bounded" else None
    drawing = Drawing(
        table,
        partial(draw_prices, band=band, xlabel=vq.unit),
        title=_title(table, band, by),
        caption=f"Bars: the value if a price were {wording.percent(by)} higher or lower. Band: chance alone.",
        alt=partial(_alt, by=by, unit=vq.unit),
        **height_of(table),
    )
    return Result("price-sensitivity", drawing=drawing)


def _title(table: pd.DataFrame, band: tuple[float, float] | None, by: float) -> str:
    single, share = table.iloc[:-1], wording.percent(by)
    widest = single.loc[(single["high"] - single["low"]).abs().idxmax()]
    if band is None:
        return f"The price of {widest['label']} moves the value most"
    ends = sorted(table.iloc[-1][["low", "high"]].astype(float))
    if band[0] <= ends[0] and ends[1] <= band[1]:
        return f"All prices {share} higher or lower move the value less than chance could"
    inside = abs(widest["high"] - widest["low"]) <= band[1] - band[0]
    return (
        f"One price {share} higher or lower moves the value {'less' if inside else 'more'} than chance could"
    )


def _alt(data: pd.DataFrame, by: float, unit: str) -> str:
    told = [
        f"{row.label} {wording.number(row.low)} to {wording.number(row.high)}"
        for row in drawable(data, "low", "high").itertuples()
    ]
    return f"Value ({unit}) if a price were {wording.percent(by)} higher or lower: {'; '.join(told)}."


def draw_prices(
    data: pd.DataFrame, ax: Axes, band: tuple[float, float] | None = None, xlabel: str = ""
) -> Axes:
    """Draw a bar from the value at dearer to that at cheaper prices, a row for each item."""
    rows = drawable(data, "low", "high").reset_index(drop=True)
    if rows.empty:
        return nothing_to_draw(ax)
    if band:
        ax.axvspan(*band, color="#e8ebee", zorder=0)
    ax.axvline(rows["estimate"].iloc[0], color=LINE, linewidth=0.8, zorder=3)
    narrow = is_narrow(ax)
    for place, row in rows.iterrows():
        ax.barh(place, row["high"] - row["low"], left=row["low"], height=0.3, color=TOTAL, zorder=2)
        text = f"{wording.number(row['low'])} to {wording.number(row['high'])}"
        name_row(ax, place, str(row["label"]), text, narrow, False)
    frame_rows(ax, len(rows), xlabel, narrow, False)
    return ax
