"""Plots of coded interviews: small numbers shown as counts, groups told apart by colour and by shape."""

import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from vbhc.publish.figure_style import is_narrow, listed, nothing_to_draw

PALE, DARK = "#E8E8E8", "#1F3A5F"
Labels = Mapping[str, str] | None


def draw_presence(cells: pd.DataFrame, ax: Axes, labels: Labels = None) -> Axes:
    """Draw a map of codes by interviewees (`stakeholders.presence_cells`); a line parts the groups."""
    if cells.empty:
        return nothing_to_draw(ax, "No interviewee has a group.")
    codes = _in_order(cells["code"])
    wide = cells.pivot(index="code", columns="position", values="raised").reindex(codes)
    people, height = wide.shape[1], len(codes)
    ax.add_patch(Rectangle((0.5, -0.5), people, height, color=PALE, linewidth=0))
    rows, columns = np.nonzero((wide.astype(float) == 1).to_numpy())
    # one path for all cells: a path for each would fill half the page
    squares = [
        Path.unit_rectangle().transformed(Affine2D().translate(x + 0.5, y - 0.5))
        for y, x in zip(rows, columns, strict=True)
    ]
    if squares:
        ax.add_patch(PathPatch(Path.make_compound_path(*squares), facecolor=DARK, linewidth=0))
    ax.vlines(np.arange(1, people) + 0.5, -0.5, height - 0.5, color="white", linewidth=0.8)
    ax.hlines(np.arange(height - 1) + 0.5, 0.5, people + 0.5, color="white", linewidth=0.8)
    ax.set_xlim(0.5, people + 0.5)
    if is_narrow(ax):  # a name in full would leave no room for the people
        listed(ax, [textwrap.fill(code, 16) for code in codes], fontsize=8.2)
    else:
        _code_axis(ax, codes, labels)
    place = cells.drop_duplicates("position").sort_values("position")
    bounds = place.groupby("group", sort=False)["position"].agg(["min", "max"])
    for low in bounds["min"].iloc[1:]:
        ax.axvline(low - 0.5, color="black", linewidth=1.5)
    for row, k in enumerate(wide.sum(axis=1, skipna=False).dropna().astype(int)):
        ax.annotate(str(k), (wide.shape[1] + 0.7, row), va="center", fontsize=8.2, annotation_clip=False)
    sizes = place["group"].value_counts(sort=False)
    ax.set_xticks(bounds.mean(axis=1), [f"{group}\n(n = {sizes[group]})" for group in bounds.index])
    ax.tick_params(length=0)
    ax.set_xlabel("Interviewees by group")
    return ax


def _in_order(values: pd.Series) -> list[str]:
    return list(dict.fromkeys(values))


def _code_axis(ax: Axes, codes: list[str], labels: Labels) -> None:
    """Name the rows by their codes: beside them, on a phone above."""
    names = [(labels or {}).get(code, code) for code in codes]
    if not is_narrow(ax):
        listed(ax, [textwrap.fill(name, 44) for name in names], fontsize=8.2)
        return
    for place, name in enumerate(names):
        ax.text(0, place - 0.3, name, transform=ax.get_yaxis_transform(), va="bottom", fontsize=8.2)
    ax.set_yticks([])
    ax.set_ylim(len(codes) - 0.5, -0.9)
