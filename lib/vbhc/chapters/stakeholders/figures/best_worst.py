"""Best-worst scores: a panel for each group, the items in one order, so that shapes can be compared."""

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc.chapters.stakeholders.heard import people
from vbhc.publish.figure_style import LINE, QUIET, TOTAL, drawable, is_narrow, nothing_to_draw
from vbhc.publish.interval_figure import GREY

LETTERS = 15  # of an item's name in one line


def draw_best_worst(data: pd.DataFrame, axes: Any) -> None:
    """Draw `group, item, score, low, high` in small multiples; a withheld score leaves its place empty."""
    panels: list[Axes] = list(np.atleast_1d(axes).ravel())
    known = drawable(data, "score")
    if known.empty:
        for ax in panels:
            nothing_to_draw(ax, "" if ax is not panels[0] else "Nothing can be shown here.")
        return
    items = list(known.groupby("item", sort=False)["score"].mean().sort_values(ascending=False).index)
    groups = list(dict.fromkeys(data["group"]))
    beside = 1 if is_narrow(panels[0]) else panels[0].get_subplotspec().get_gridspec().ncols
    for place, ax in enumerate(panels):
        if place >= len(groups):
            ax.set_axis_off()
            continue
        _panel(ax, known[known["group"] == groups[place]], items, named=place % beside == 0)
        n = data.loc[data["group"] == groups[place], "n"].max()
        size = f" ({n:.0f})" if np.isfinite(n) else ""
        ax.text(0, 1.01, f"{people(str(groups[place]))}{size}", transform=ax.transAxes, weight="bold")


def _panel(ax: Axes, own: pd.DataFrame, items: list[str], named: bool) -> None:
    ax.axvline(0, color=LINE, linewidth=0.8, zorder=1)
    best = own["score"].max()
    for row in own.itertuples():
        at, hot = items.index(row.item), row.score == best
        look: dict[str, Any] = {"color": TOTAL if hot else GREY, "zorder": 3}
        if np.isfinite([row.low, row.high]).all():
            ax.plot([row.low, row.high], [at, at], linewidth=2 if hot else 1.5, **look)
        ax.plot(row.score, at, "o", markersize=6, mfc=look["color"] if hot else "white", **look)
    ax.set_yticks(range(len(items)), [textwrap.fill(item, LETTERS) for item in items] if named else [])
    ax.set_ylim(len(items) - 0.5, -0.5)
    ax.set_xlim(-1.05, 1.05)
    ax.set_xticks([-1, 0, 1])
    ax.tick_params(length=0)
    ax.spines[["left", "right", "top"]].set_visible(False)
    ax.spines["bottom"].set_color(QUIET)
