"""Figures of a multiverse: the specification curve, and what each choice does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.publish.figure_style import LINE, TOTAL, drawable, is_narrow, nothing_to_draw
from vbhc.publish.interval_figure import GREY, frame_rows, name_row

MOST_POINTS = 300
CORRELATION = "Correlation with what patients say"
# What a sentence is about is full and in colour; what never enters one is hollow.
LOOKS: dict[str, dict[str, Any]] = {
    "flawed": {"color": "#a6b0b9", "mfc": "white", "markersize": 3, "zorder": 2},
    "common": {"color": GREY, "markersize": 3, "zorder": 3},
    "principled": {"color": TOTAL, "markersize": 6, "zorder": 4},
}


def specification_rows(result: pd.DataFrame, most: int = MOST_POINTS) -> pd.DataFrame:
    """Return the curve from `multiverse.run` in ascending order, thinned to what a page can carry.

    Each tier is thinned by itself and evenly, with its lowest and highest, so that a tier of few definitions
    is seen whole between those of many.

    Returns
    -------
    DataFrame
        `rank` (1 = lowest of all), `estimate, p, tier, n`, `definitions` in all, and of the whole tier
        `in_tier` (how many) and `median`.
    """
    ordered = result[result["estimate"].notna()].sort_values("estimate", kind="stable", ignore_index=True)
    tiers = ordered.groupby("tier")["estimate"]
    table = ordered.assign(rank=ordered.index + 1, definitions=len(ordered))
    table = table.assign(in_tier=tiers.transform("size"), median=tiers.transform("median"))
    share = max(1, most // max(1, tiers.ngroups))
    kept = [
        rows.index[np.unique(np.linspace(0, len(rows) - 1, min(share, len(rows))).round().astype(int))]
        for _, rows in table.groupby("tier")
    ]
    names = ["rank", "estimate", "p", "tier", "n", "definitions", "in_tier", "median"]
    return (table.loc[np.sort(np.concatenate(kept))] if kept else table)[names].reset_index(drop=True)


def plot_specifications(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the specification curve: every definition's correlation in order, the flawed ones hollow.

    Parameters
    ----------
    data : DataFrame
        From `specification_rows` (`rank, estimate, tier, in_tier`).
    """
    shown = drawable(data, "estimate").sort_values("estimate", kind="stable").reset_index(drop=True)
    if shown.empty:
        return nothing_to_draw(ax)
    for tier, look in LOOKS.items():
        rows = shown[shown["tier"] == tier]
        ax.plot(
            rows["rank"],
            rows["estimate"],
            "o",
            **look,
            label=f"{tier} ({_in_tier(rows):,})" if len(rows) else None,
        )
    ax.axhline(0, color=LINE, linewidth=0.8)
    ax.legend(frameon=False, loc="upper left", handletextpad=0.2)
    ax.set_xlabel("Definition, from lowest to highest")
    ax.set_ylabel(CORRELATION)
    ax.spines[["right", "top"]].set_visible(False)
    return ax


def _in_tier(rows: pd.DataFrame) -> int:
    """Return how many definitions a tier has, drawn or not."""
    return int(rows["in_tier"].iloc[0]) if "in_tier" in rows else len(rows)


def alt_specifications(data: pd.DataFrame) -> str:
    """Describe the curve: how many definitions, lowest, median and highest correlation, by tier."""
    shown = drawable(data, "estimate")
    if shown.empty:
        return "Specification curve: no definition gives a correlation."
    whole = int(shown["definitions"].iloc[0]) if "definitions" in shown else len(shown)
    parts = [
        f"{_in_tier(rows):,} {tier} ones from {wording.number(rows['estimate'].min())} to "
        f"{wording.number(rows['estimate'].max())}, median "
        f"{wording.number(rows['median'].iloc[0] if 'median' in rows else rows['estimate'].median())}"
        for tier, rows in shown.groupby("tier", sort=False)
    ]
    return f"Specification curve of {whole:,} definitions in ascending order: {'; '.join(parts)}."


def plot_by_choice(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw `multiverse.by_choice`: the median and the span of nine in ten definitions, by option."""
    rows = drawable(data, "median", "low", "high").reset_index(drop=True)
    if rows.empty:
        return nothing_to_draw(ax)
    ax.axvline(0, color=LINE, linewidth=0.8)
    narrow, at, before = is_narrow(ax), 0.0, ""
    for row in rows.itertuples():
        if row.choice != before:
            at += 0.6 if before else 0
            ax.text(
                0,
                at - (0.35 if narrow else 0),
                row.choice,
                transform=ax.get_yaxis_transform(),
                weight="bold",
                ha="left" if narrow else "right",
                va="bottom" if narrow else "center",
            )
            at, before = at + (0.5 if narrow else 0.7), row.choice
        ax.plot([row.low, row.high], [at, at], color=GREY, linewidth=1.5)
        ax.plot(row.median, at, "o", color=TOTAL, markersize=6)
        value = (
            f"{wording.number(row.median)}, spread {wording.number(row.low)} to {wording.number(row.high)}"
        )
        name_row(ax, at, str(row.option), value, narrow, False)
        at += 1
    frame_rows(ax, 1, CORRELATION, narrow, False)
    ax.set_ylim(at - 0.4, -1.0 if narrow else -0.6)
    return ax


def alt_by_choice(data: pd.DataFrame) -> str:
    """Describe, per choice, the medians of its values."""
    shown = drawable(data, "median", "low", "high")
    if shown.empty:
        return "Correlation by choice: none can be shown."
    parts = []
    for choice, rows in shown.groupby("choice", sort=False):
        values = [f"{row.option} {wording.number(row.median)}" for row in rows.itertuples()]
        parts.append(f"{choice}: {wording.listing(values)}")
    return f"Dots with the spread over definitions. Median correlation by choice: {'; '.join(parts)}."
