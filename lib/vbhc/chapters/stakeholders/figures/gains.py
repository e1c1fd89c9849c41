"""Gains to the right and pains to the left, theme by theme, in numbers of people."""

import textwrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from vbhc.chapters.stakeholders.heard import people
from vbhc.publish.figure_style import (
    DOWN,
    LINE,
    MARKERS,
    PALETTE,
    QUIET,
    TOTAL,
    drawable,
    is_narrow,
    legend_below,
    nothing_to_draw,
)

SIDES = {"gain": (1, TOTAL, ""), "pain": (-1, DOWN, ""), "neutral": (1, QUIET, "////")}
LETTERS = 24  # of a theme's name in one line


def draw_gains_pains(counts: pd.DataFrame, ax: Axes) -> Axes:
    """Draw gains to the right and pains to the left for each theme, what is neutral hatched below.

    Parameters
    ----------
    counts : DataFrame
        From `stakeholders.effect_counts`: bars are all interviewees, marks the share of each group.
    """
    known = drawable(counts, "k", "n", "share")
    known = known[known["mechanisms"] > 0]
    if known.empty:
        return nothing_to_draw(ax, "No code carries a direction.")
    themes, narrow = list(dict.fromkeys(counts["theme"])), is_narrow(ax)
    for row in known[known["group"] == "all"].itertuples():
        _bar(ax, row, themes.index(row.theme))
    _groups(ax, known, themes)
    for place, theme in enumerate(themes):
        name: dict[str, Any] = {
            "transform": ax.get_yaxis_transform(),
            "weight": "bold" if narrow else "normal",
        }
        if narrow:
            ax.text(0, place - 0.36, theme, va="bottom", **name)
        else:
            ax.text(
                -0.02,
                place,
                textwrap.fill(theme, LETTERS),
                ha="right",
                va="center",
                multialignment="right",
                **name,
            )
    _frame(ax, len(themes), narrow)
    return ax


def _bar(ax: Axes, row: Any, place: int) -> None:
    side, colour, hatch = SIDES[row.polarity]
    neutral = row.polarity == "neutral"
    y = place + (0.33 if neutral else 0)
    style: dict[str, Any] = {"height": 0.16 if neutral else 0.42, "color": "white" if neutral else colour}
    ax.barh(y, side * row.share, edgecolor=LINE if neutral else colour, hatch=hatch, **style)
    word = " neutral" if neutral else ""
    said, ha = f" {row.k:.0f}{word} ", "left" if side > 0 else "right"
    ax.annotate(said, (side * row.share if neutral else side * 1.05, y), ha=ha, va="center", fontsize=8.2)


def _groups(ax: Axes, known: pd.DataFrame, themes: list[str]) -> None:
    groups = [name for name in dict.fromkeys(known["group"]) if name != "all"]
    for nth, group in enumerate(groups):
        own = known[(known["group"] == group) & (known["polarity"] != "neutral")]
        x = own["share"] * own["polarity"].map({"gain": 1, "pain": -1})
        y = own["theme"].map(themes.index) + (nth - (len(groups) - 1) / 2) * 0.16
        look: dict[str, Any] = {"marker": MARKERS[nth % len(MARKERS)], "s": 30, "edgecolor": "white"}
        look["facecolor"] = PALETTE[(nth + 1) % len(PALETTE)]
        ax.scatter(x, y, linewidth=0.6, zorder=3, label=people(str(group)), **look)
    if groups:
        legend_below(ax, -55 / (ax.get_window_extent().height or 55), 3)


def _frame(ax: Axes, rows: int, narrow: bool) -> None:
    ax.axvline(0, color=LINE, linewidth=0.8)
    ax.set_yticks([])
    ax.set_ylim(rows - 0.4, -0.9 if narrow else -0.5)
    ax.set_xlim(-1.25, 1.25)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{abs(x):.0%}"))
    ax.spines[["left", "right", "top"]].set_visible(False)
    ax.spines["bottom"].set_color(QUIET)
    ax.set_xlabel("← pains    gains →" if narrow else "← pains    interviewees who raise any    gains →")
