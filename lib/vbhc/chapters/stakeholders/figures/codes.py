"""Plots of the code tree and of codes that go together: counts of people and of passages."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vbhc.chapters.stakeholders.together import closest
from vbhc.publish.figure_style import LINE, QUIET, TOTAL, drawable, is_narrow, listed, nothing_to_draw
from vbhc.wording import number

Labels = Mapping[str, str] | None
INDENT = "\u2003"  # an em space: a drawing keeps it at the start of a line
NARROW_PAIRS = 8  # pairs that a phone shows
FEW_CODES = 6  # joined codes under which pairs are bars: a circle of so few is mostly paper
FEW = 3  # interviewees below which a node of the tree is drawn pale


def draw_code_tree(table: pd.DataFrame, ax: Axes) -> Axes:
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
        ax.barh(at[rows.index], rows["k"], height=0.5 if leaf else 0.25, color=colour)
    top = float(known["n"].max())
    for row in known.itertuples():
        ax.annotate(f"{row.k:.0f}", (row.k + top / 100, at[row.Index]), va="center", fontsize=8.2)
    _name_nodes(ax, table, is_narrow(ax))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlim(0, top * 1.1)
    ax.set_xlabel(f"Interviewees who raise it, of {top:.0f}")
    return ax


def _name_nodes(ax: Axes, table: pd.DataFrame, narrow: bool) -> None:
    """Write the names of the nodes: beside their bars, above them on a phone."""
    for place, row in enumerate(table.itertuples()):
        weight = "normal" if row.leaf else "bold"
        text = f"{INDENT * int(row.depth)}{_named(row)}"
        if narrow:
            ax.text(0, place - 0.26, text, va="bottom", fontsize=8.2, weight=weight)
    if narrow:
        ax.set_yticks([])
        ax.set_ylim(len(table) - 0.5, -0.9)
        return
    listed(
        ax, [f"{INDENT * int(row.depth)}{_named(row)}" for row in table.itertuples()], fontsize=8.2, ha="left"
    )
    for label, leaf in zip(ax.get_yticklabels(), table["leaf"], strict=True):
        label.set_fontweight("normal" if leaf else "bold")
    ax.get_figure(root=True).draw_without_rendering()  # measures the names
    widest = max(label.get_window_extent().width for label in ax.get_yticklabels())
    ax.tick_params(axis="y", length=0, pad=widest * 72 / ax.figure.dpi + 4)


def _named(row) -> str:
    return str(row.label) if row.code == row.label else f"{row.code} {row.label}"


def alt_code_tree(table: pd.DataFrame) -> str:
    """Say in words what `draw_code_tree` shows: its size and its commonest and rarest leaf."""
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


def draw_network(table: pd.DataFrame, ax: Axes, labels: Labels = None, most: int = 15) -> Axes:
    """Draw codes on a circle and join the pairs that go together most (`cooccurrence`).

    The circle keeps the order of the code book, so the picture does not hang on a random start; the width of
    a line is its c-coefficient (written beside the closest five), the size of a dot the passages with a code.
    Where fewer than six codes are joined, and on a phone, pairs are drawn as bars.
    """
    known = drawable(table, "c", "n_a", "n_b", "n_both")
    joined = closest(known, most)
    if joined.empty and 0 < len(known) == len(table):
        return nothing_to_draw(ax, "No two codes were given to the same passage.")
    if joined.empty:
        return nothing_to_draw(ax)  # pairs that met may have been withheld
    used = set(joined["code_a"]) | set(joined["code_b"])
    if is_narrow(ax) or len(used) < FEW_CODES:
        return _draw_pairs(joined.head(NARROW_PAIRS) if is_narrow(ax) else joined, ax, labels)
    codes = [c for c in dict.fromkeys([*table["code_a"], *table["code_b"]]) if c in used]
    _draw_circle(joined, codes, ax, labels)
    return ax


def _draw_circle(joined: pd.DataFrame, codes: list[str], ax: Axes, labels: Labels) -> None:
    sizes = pd.concat([joined.set_index("code_a")["n_a"], joined.set_index("code_b")["n_b"]])
    sizes = sizes.groupby(level=0).max()
    angle = np.pi / 2 - 2 * np.pi * np.arange(len(codes)) / len(codes)
    x, y = np.cos(angle), np.sin(angle)
    for rank, row in enumerate(joined.itertuples()):
        ends = [codes.index(row.code_a), codes.index(row.code_b)]
        ax.plot(x[ends], y[ends], color=QUIET, linewidth=0.8 + 6 * row.c / joined["c"].max(), zorder=1)
        if rank < 5:
            # a third of the way along: in the middle of the circle the numbers would meet
            at = (0.65 * x[ends[0]] + 0.35 * x[ends[1]], 0.65 * y[ends[0]] + 0.35 * y[ends[1]])
            style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8.2, "zorder": 4}
            style["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
            ax.annotate(number(row.c), at, **style)
    ax.scatter(x, y, s=30 + 170 * sizes[codes] / sizes.max(), color=TOTAL, edgecolor="white", zorder=3)
    for n, code in enumerate(codes):
        side = "left" if x[n] > 0.05 else "right" if x[n] < -0.05 else "center"
        name = textwrap.fill((labels or {}).get(code, code), 26)
        ax.annotate(name, (1.12 * x[n], 1.15 * y[n]), ha=side, va="center", fontsize=8.2)
    ax.set(xlim=(-2.6, 2.6), ylim=(-1.3, 1.3), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def _draw_pairs(joined: pd.DataFrame, ax: Axes, labels: Labels) -> Axes:
    narrow = is_narrow(ax)
    across = ax.get_yaxis_transform()
    beside: dict[str, Any] = {"ha": "right", "va": "center", "multialignment": "right"}
    ax.barh(range(len(joined)), joined["c"], height=0.25 if narrow else 0.5, color=TOTAL)
    for place, row in enumerate(joined.itertuples()):
        said = f" {number(row.c)} ({row.n_both:.0f} passages)"
        names = " and ".join((labels or {}).get(code, code) for code in (row.code_a, row.code_b))
        ax.annotate(said, (row.c, place), va="center", fontsize=8.2)
        if narrow:
            ax.text(0, place - 0.18, textwrap.fill(names, 48), transform=across, va="bottom", fontsize=8.2)
        else:
            name = textwrap.fill(names, 34)
            ax.text(-0.02, place, name, transform=across, fontsize=8.2, **beside)
    ax.set_yticks([])
    ax.set_ylim(len(joined) - 0.5, -1.0 if narrow else -0.5)
    ax.set_xlim(0, (2.2 if narrow else 1.35) * joined["c"].max())
    ax.set_xlabel("c-coefficient (0-1)")
    return ax


def together_height(table: pd.DataFrame, most: int = 15, *, narrow: bool = False) -> float:
    """Return the height in inches that `draw_network` needs: little for the bars of a few pairs."""
    joined = closest(table, most)
    if narrow:
        return 1.0 + 0.75 * max(min(len(joined), NARROW_PAIRS), 1)
    used = set(joined["code_a"]) | set(joined["code_b"])
    return 5.0 if len(used) >= FEW_CODES else 1.8 + 0.55 * max(len(joined), 1)


def alt_cooccurrence(table: pd.DataFrame, labels: Labels = None) -> str:
    """Say in words what `draw_network` shows: the closest pairs."""
    own = closest(drawable(table, "c", "n_both"), 5)
    if own.empty:
        return "Codes that go together: no pair can be shown."
    parts = [
        " and ".join((labels or {}).get(code, code) for code in (row.code_a, row.code_b))
        + f" (c {number(row.c)})"
        for row in own.itertuples()
    ]
    return f"Codes that go together in a passage, the closest {len(own)}: {'; '.join(parts)}."
