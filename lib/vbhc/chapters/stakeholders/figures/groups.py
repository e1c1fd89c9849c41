"""Plots of coded interviews: small numbers shown as counts, groups told apart by colour and by shape."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import PercentFormatter
from matplotlib.transforms import Affine2D

from vbhc.publish.figure_style import dots, drawable, is_narrow, legend_below, listed, nothing_to_draw

PALE, DARK = "#E8E8E8", "#1F3A5F"
Labels = Mapping[str, str] | None


def draw_group_dots(table: pd.DataFrame, ax: Axes, labels: Labels = None) -> Axes:
    """Draw k of n per code and group as dots with Wilson bars.

    Parameters
    ----------
    table : DataFrame
        From `stakeholders.group_counts`; a cell withheld (missing `estimate`) leaves its place empty.
    labels : mapping, optional
        Readable name of each code.
    """
    known = drawable(table, "k", "n", "estimate", "low", "high")
    if known.empty:
        return nothing_to_draw(ax)
    codes, groups = _in_order(table["code"]), _in_order(table["group"])
    step = 0.5 / len(groups)
    for place, group in enumerate(groups):
        own = known[known["group"] == group]
        at = _rows(own, codes) + (place - (len(groups) - 1) / 2) * step
        name = f"{group} (n = {int(own['n'].max())})" if len(own) else str(group)
        dots(ax, own, at, place, label=name, markersize=5, capsize=2)
        for y, row in zip(at, own.itertuples(), strict=True):
            ax.annotate(f"{row.k:.0f}/{row.n:.0f}", (1.02, y), va="center", fontsize=8.2)
    _code_axis(ax, codes, labels)
    ax.set_xlim(-0.02, 1.13)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set_xlabel("Interviewees who raise the code")
    legend_below(ax, -45 / (ax.get_window_extent().height or 45), len(groups) if not is_narrow(ax) else 2)
    return ax


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


def _rows(table: pd.DataFrame, codes: list[str]) -> np.ndarray:
    return table["code"].map(codes.index).to_numpy(dtype=float)


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


def alt_group_dots(table: pd.DataFrame, labels: Labels = None) -> str:
    """Say in words what `draw_group_dots` shows: k of n per code and group."""
    parts = []
    for code, rows in table.dropna(subset=["estimate"]).groupby("code", sort=False):
        counts = ", ".join(f"{row.group} {int(row.k)} of {int(row.n)}" for row in rows.itertuples())
        parts.append(f"{(labels or {}).get(code, code)}: {counts}")
    listed = "; ".join(parts) or "nothing can be shown"
    return f"Dots with intervals, interviewees who raise each code. {listed}."


def alt_presence(cells: pd.DataFrame, labels: Labels = None) -> str:
    """Say in words what `draw_presence` shows: how full the map is, its commonest and its rarest code."""
    known = cells.dropna(subset=["raised"])
    if known.empty:
        return "Map of codes by interviewees: nothing can be shown."
    sums = known.groupby("code", sort=False)["raised"].sum().astype(int)
    most, least = ((labels or {}).get(code, code) for code in (sums.idxmax(), sums.idxmin()))
    people = known["position"].nunique()
    return (
        f"Map of {len(sums)} codes by {people} interviewees in {known['group'].nunique()} groups. Most often "
        f"raised: {most} ({sums.max()} of {people}); least: {least} ({sums.min()} of {people})."
    )
