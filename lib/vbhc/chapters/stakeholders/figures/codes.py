"""Plots of the code tree, of gains and pains, and of codes that go together: counts of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from vbhc.chapters.stakeholders.together import closest
from vbhc.publish.figure_style import (
    DOWN,
    LINE,
    MARKERS,
    PALETTE,
    QUIET,
    TOTAL,
    drawable,
    finish,
    legend_below,
    listed,
    nothing_to_draw,
)
from vbhc.wording import number

Labels = Mapping[str, str] | None
SIDES = {"gain": (1, TOTAL, ""), "pain": (-1, DOWN, ""), "neutral": (1, QUIET, "////")}
INDENT = "\u2003"  # an em space: a drawing keeps it at the start of a line
FEW_CODES = 6  # joined codes under which pairs are bars: a circle of so few is mostly paper
FEW = 3  # interviewees below which a node of the tree is drawn pale


def plot_code_tree(table: pd.DataFrame, ax: Axes, title: str = "") -> Axes:
    """Draw the code tree, indented, with a bar of k of n interviewees at every node.

    Parameters
    ----------
    table : DataFrame
        From `stakeholders.code_tree`; a node with a withheld `k` keeps its name and has no bar.
    """
    known = drawable(table, "k", "n")
    if known.empty:
        return nothing_to_draw(ax)
    at = pd.Series(np.arange(len(table)), index=table.index)
    for leaf, rows in known.groupby("leaf"):
        colour = np.where(rows["k"] < FEW, QUIET, TOTAL if leaf else LINE)
        ax.barh(at[rows.index], rows["k"], height=0.7 if leaf else 0.3, color=colour)
    top = float(known["n"].max())
    for row in known.itertuples():
        ax.annotate(f"{row.k:.0f}/{row.n:.0f}", (row.k + top / 100, at[row.Index]), va="center", fontsize=7)
    names = [f"{INDENT * int(row.depth)}{_named(row)}" for row in table.itertuples()]
    listed(ax, names, fontsize=8, ha="left")
    for text, leaf in zip(ax.get_yticklabels(), table["leaf"], strict=True):
        text.set_fontweight("normal" if leaf else "bold")
    ax.get_figure(root=True).draw_without_rendering()  # measures the names
    widest = max(text.get_window_extent().width for text in ax.get_yticklabels())
    ax.tick_params(axis="y", length=0, pad=widest * 72 / ax.figure.dpi + 4)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlim(0, top * 1.1)
    return finish(ax, f"Interviewees who raise it (number; pale: fewer than {FEW})", "Code", title)


def _named(row) -> str:
    return str(row.label) if row.code == row.label else f"{row.code} {row.label}"


def alt_code_tree(table: pd.DataFrame) -> str:
    """Say in words what `plot_code_tree` shows: its size and its commonest and rarest leaf."""
    leaves = table[table["leaf"]]
    known = leaves.dropna(subset=["k"])
    if known.empty:
        return "Code tree: nothing can be shown."
    most, least = known.loc[known["k"].idxmax()], known.loc[known["k"].idxmin()]
    n = int(known["n"].max())
    return (
        f"Tree of {len(leaves)} codes under {int((~table['leaf']).sum())} categories, bars show how many of "
        f"{n} interviewees raise each. Most: {_named(most)} ({int(most['k'])}); least: {_named(least)} "
        f"({int(least['k'])})."
    )


def plot_gains_pains(counts: pd.DataFrame, ax: Axes, title: str = "") -> Axes:
    """Draw gains to the right and pains to the left for each theme, what is neutral hatched below.

    Parameters
    ----------
    counts : DataFrame
        From `stakeholders.effect_counts`: bars are all interviewees, markers the share of each group.
    """
    known = drawable(counts, "k", "n", "share")
    known = known[known["mechanisms"] > 0]
    if known.empty:
        return nothing_to_draw(ax, "No code carries a direction.")
    themes = list(dict.fromkeys(counts["theme"]))
    groups = [name for name in dict.fromkeys(counts["group"]) if name != "all"]
    for row in known[known["group"] == "all"].itertuples():
        side, colour, hatch = SIDES[row.polarity]
        neutral = row.polarity == "neutral"
        y = themes.index(row.theme) + (0.34 if neutral else 0)
        style: dict[str, Any] = {"height": 0.18 if neutral else 0.5, "color": "white" if neutral else colour}
        ax.barh(y, side * row.share, edgecolor=LINE if neutral else colour, hatch=hatch, **style)
        ha = "left" if side > 0 else "right"
        ax.annotate(f" {row.k:.0f}/{row.n:.0f} ", (side * 1.05, y), ha=ha, va="center", fontsize=7)
    for place, group in enumerate(groups):
        own = known[(known["group"] == group) & (known["polarity"] != "neutral")]
        x = own["share"] * own["polarity"].map({"gain": 1, "pain": -1})
        y = own["theme"].map(themes.index) + (place - (len(groups) - 1) / 2) * 0.18
        look: dict[str, Any] = {"marker": MARKERS[place % len(MARKERS)]}
        look["facecolor"] = PALETTE[(place + 1) % len(PALETTE)]
        ax.scatter(x, y, s=26, edgecolor="white", linewidth=0.6, zorder=3, label=str(group), **look)
    ax.axvline(0, color=LINE, linewidth=0.8)
    ax.set_yticks(range(len(themes)), themes, fontsize=8)
    ax.set_ylim(len(themes) - 0.4, -0.5)
    ax.set_xlim(-1.25, 1.25)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{abs(x):.0%}"))
    bars = [Patch(color=TOTAL, label="gain"), Patch(color=DOWN, label="pain")]
    bars.append(Patch(facecolor="white", edgecolor=LINE, hatch="////", label="neutral"))
    handles = [*bars, *ax.get_legend_handles_labels()[0]]
    legend_below(ax, -0.32, 5, handles=handles, loc="lower center")
    return finish(ax, "← pains   interviewees who raise at least one   gains →", "Theme", title)


def alt_gains_pains(counts: pd.DataFrame) -> str:
    """Say in words what `plot_gains_pains` shows: k of n interviewees with a gain and a pain per theme."""
    own = counts[(counts["group"] == "all") & (counts["mechanisms"] > 0)].dropna(subset=["k"])
    if own.empty:
        return "Gains and pains by theme: nothing can be shown."
    parts = [
        f"{theme}: " + ", ".join(f"{row.polarity} {int(row.k)} of {int(row.n)}" for row in rows.itertuples())
        for theme, rows in own.groupby("theme", sort=False)
    ]
    return f"Diverging bars of interviewees, pains to the left and gains to the right. {'; '.join(parts)}."


def plot_network(
    table: pd.DataFrame, ax: Axes, labels: Labels = None, most: int = 15, title: str = ""
) -> Axes:
    """Draw codes on a circle and join the pairs that go together most (`cooccurrence`).

    The circle keeps the order of the code book, so the picture does not hang on a random start; the width of
    a line is its c-coefficient (written beside the closest five), the size of a dot the passages with a code.
    Where fewer than six codes are joined, their pairs are drawn as bars.
    """
    known = drawable(table, "c", "n_a", "n_b", "n_both")
    joined = closest(known, most)
    if joined.empty and 0 < len(known) == len(table):
        return nothing_to_draw(ax, "No two codes were given to the same passage.")
    if joined.empty:
        return nothing_to_draw(ax)  # pairs that met may have been withheld
    used = set(joined["code_a"]) | set(joined["code_b"])
    if len(used) < FEW_CODES:
        return _plot_pairs(joined, ax, labels, title)
    codes = [c for c in dict.fromkeys([*table["code_a"], *table["code_b"]]) if c in used]
    sizes = pd.concat([joined.set_index("code_a")["n_a"], joined.set_index("code_b")["n_b"]])
    sizes = sizes.groupby(level=0).max()
    angle = np.pi / 2 - 2 * np.pi * np.arange(len(codes)) / len(codes)
    x, y = np.cos(angle), np.sin(angle)
    widest = joined["c"].max()
    for rank, row in enumerate(joined.itertuples()):
        ends = [codes.index(row.code_a), codes.index(row.code_b)]
        ax.plot(x[ends], y[ends], color=QUIET, linewidth=0.8 + 6 * row.c / widest, zorder=1)
        if rank < 5:
            # a third of the way along: in the middle of the circle the numbers would meet
            at = (0.65 * x[ends[0]] + 0.35 * x[ends[1]], 0.65 * y[ends[0]] + 0.35 * y[ends[1]])
            style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 7, "zorder": 4}
            style["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
            ax.annotate(number(row.c), at, **style)
    ax.scatter(x, y, s=30 + 170 * sizes[codes] / sizes.max(), color=TOTAL, edgecolor="white", zorder=3)
    for n, code in enumerate(codes):
        side = "left" if x[n] > 0.05 else "right" if x[n] < -0.05 else "center"
        place = (1.12 * x[n], 1.15 * y[n])
        ax.annotate((labels or {}).get(code, code), place, ha=side, va="center", fontsize=7)
    ax.set(xlim=(-2.6, 2.6), ylim=(-1.3, 1.3), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return finish(ax, "Line: c-coefficient; dot: passages with the code (numbers in the table)", "", title)


def _plot_pairs(joined: pd.DataFrame, ax: Axes, labels: Labels, title: str) -> Axes:
    names = [
        "\nand ".join((labels or {}).get(code, code) for code in (row.code_a, row.code_b))
        for row in joined.itertuples()
    ]
    ax.barh(range(len(joined)), joined["c"], height=0.5, color=TOTAL)
    for place, row in enumerate(joined.itertuples()):
        said = f" {number(row.c)} ({row.n_both:.0f} passages)"
        ax.annotate(said, (row.c, place), va="center", fontsize=8)
    listed(ax, names, fontsize=8)
    ax.set_xlim(0, 1.35 * joined["c"].max())
    return finish(ax, "c-coefficient (0-1)", "Pair of codes", title)


def together_height(table: pd.DataFrame, most: int = 15) -> float:
    """Return the height in inches that `plot_network` needs: little for the bars of a few pairs."""
    joined = closest(table, most)
    used = set(joined["code_a"]) | set(joined["code_b"])
    return 5.0 if len(used) >= FEW_CODES else 1.8 + 0.55 * max(len(joined), 1)


def alt_cooccurrence(table: pd.DataFrame, labels: Labels = None) -> str:
    """Say in words what `plot_network` shows: the closest pairs."""
    own = closest(drawable(table, "c", "n_both"), 5)
    if own.empty:
        return "Codes that go together: no pair can be shown."
    parts = [
        " and ".join((labels or {}).get(code, code) for code in (row.code_a, row.code_b))
        + f" (c {number(row.c)})"
        for row in own.itertuples()
    ]
    return f"Codes that go together in a passage, the closest {len(own)}: {'; '.join(parts)}."
