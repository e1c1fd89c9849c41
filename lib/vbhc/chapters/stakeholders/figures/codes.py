"""Plots of the code tree and of codes that go together: counts of people and of passages."""

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vbhc.publish.figure_style import LINE, QUIET, TOTAL, drawable, is_narrow, listed, nothing_to_draw
from vbhc.wording import number

Labels = Mapping[str, str] | None
INDENT = "\u2003"  # an em space: a drawing keeps it at the start of a line
NARROW_PAIRS = 8  # pairs that a phone shows
OFTEN = 5  # passages that two codes share from which on their c-coefficient says something
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


def closest(table: pd.DataFrame, most: int = 15) -> pd.DataFrame:
    """Return the pairs with the highest c-coefficients, the closest first.

    Pairs that share fewer than `OFTEN` passages come in only where no pair shares so many: of two rare codes
    c says little.
    """
    met = table[(table["n_both"] > 0) & table["c"].notna()]
    often = met[met["n_both"] >= OFTEN]
    order = (often if len(often) else met).sort_values(["c", "n_both"], ascending=False, kind="stable")
    return order.head(most)


def draw_pairs(table: pd.DataFrame, ax: Axes, labels: Labels = None, most: int = 15) -> Axes:
    """Draw the pairs of codes that go together most (`cooccurrence`) as bars of their c-coefficient."""
    known = drawable(table, "c", "n_a", "n_b", "n_both")
    joined = closest(known, most)
    if joined.empty and 0 < len(known) == len(table):
        return nothing_to_draw(ax, "No two codes were given to the same passage.")
    if joined.empty:
        return nothing_to_draw(ax)  # pairs that met may have been withheld
    narrow = is_narrow(ax)
    joined = joined.head(NARROW_PAIRS) if narrow else joined
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
    """Return the height in inches that `draw_pairs` needs."""
    n = max(len(closest(table, most)), 1)
    return 1.0 + 0.75 * min(n, NARROW_PAIRS) if narrow else 1.2 + 0.36 * n
