"""Figures of a multiverse: the specification curve, and what each choice does."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc.publish.figure_style import LINE, TOTAL, drawable, nothing_to_draw
from vbhc.publish.interval_figure import GREY

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
        `rank` (1 = lowest of all), `estimate, p, tier, n`, `definitions` in all and `in_tier`, how many its
        tier has.
    """
    ordered = result[result["estimate"].notna()].sort_values("estimate", kind="stable", ignore_index=True)
    tiers = ordered.groupby("tier")["estimate"]
    table = ordered.assign(rank=ordered.index + 1, definitions=len(ordered))
    table = table.assign(in_tier=tiers.transform("size"))
    share = max(1, most // max(1, tiers.ngroups))
    kept = [
        rows.index[np.unique(np.linspace(0, len(rows) - 1, min(share, len(rows))).round().astype(int))]
        for _, rows in table.groupby("tier")
    ]
    names = ["rank", "estimate", "p", "tier", "n", "definitions", "in_tier"]
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
