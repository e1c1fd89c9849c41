"""Figures about association: perception along outcome and VQ, and what is lost on the way."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from vbhc import wording
from vbhc.publish.figure_style import (
    DOWN,
    LINE,
    TOTAL,
    UP,
    dots,
    drawable,
    is_narrow,
    nothing_to_draw,
)
from vbhc.publish.interval_figure import GREY, frame_rows, name_row
from vbhc.statistics.samples import as_float, check_same_index


def perception_by_quantile(
    perception: pd.Series, measures: dict[str, pd.Series], n_groups: int = 5, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return mean perception in equal-sized groups along each measure, with a t interval.

    Parameters
    ----------
    perception : Series
        Higher = better.
    measures : dict
        Name -> Series on the same index, such as {"outcome": gain, "VQ": vq}.
    n_groups : int
        Groups of equal size; fewer where ties make edges coincide.

    Returns
    -------
    DataFrame
        `measure, group` (1 = lowest), `left, right` (medians of neighbouring groups are not shown: these are
        the group's quantile edges, open at both ends), `estimate, low, high, ci_level, n`.
    """
    check_same_index(perception, *measures.values())
    tables = []
    for name, values in measures.items():
        frame = pd.DataFrame({"p": as_float(perception), "m": as_float(values)}).dropna()
        if len(frame) >= n_groups:
            tables.append(_means_along(frame, n_groups, ci_level).assign(measure=name))
    columns = ["measure", "group", "left", "right", "estimate", "low", "high", "ci_level", "n"]
    return (
        pd.concat(tables, ignore_index=True)[columns]
        if tables
        else pd.DataFrame(columns=columns, dtype=float)
    )


def _means_along(frame: pd.DataFrame, n_groups: int, ci_level: float) -> pd.DataFrame:
    edges = np.unique(np.quantile(frame["m"], np.linspace(0, 1, n_groups + 1)[1:-1]))
    groups = frame.groupby(np.searchsorted(edges, frame["m"], side="left"))["p"]
    mean, n, sd = groups.mean(), groups.size(), groups.std(ddof=1)
    half = stats.t.ppf((1 + ci_level) / 2, np.maximum(n - 1, 1)) * sd / np.sqrt(n)
    limits = np.concatenate([[-np.inf], edges, [np.inf]])
    at = mean.index.to_numpy()
    return pd.DataFrame(
        {
            "group": np.arange(1, len(mean) + 1),
            "left": limits[at],
            "right": limits[at + 1],
            "estimate": mean.to_numpy(),
            "low": (mean - half).to_numpy(),
            "high": (mean + half).to_numpy(),
            "ci_level": ci_level,
            "n": n.to_numpy(),
        }
    )


def plot_perception_by_quantile(data: pd.DataFrame, ax: Axes, ylabel: str = "Mean perception") -> Axes:
    """Draw mean perception from the lowest to the highest group of each measure; names stand at the lines."""
    shown = drawable(data, "estimate", "low", "high")
    if shown.empty:
        return nothing_to_draw(ax)
    narrow, last = is_narrow(ax), int(shown["group"].max())
    ends = shown.groupby("measure", sort=False)["estimate"].last()
    for i, (measure, rows) in enumerate(shown.groupby("measure", sort=False)):
        look: dict[str, Any] = {"color": TOTAL if i else GREY, "mfc": TOTAL if i else "white"}
        at = rows["group"].astype(float) + 0.12 * (i - 0.5)
        dots(ax, rows, at, i, upright=True, fmt="o-" if i else "o--", capsize=0, **look)
        name: dict[str, Any] = {"color": look["color"], "weight": "bold" if i else "normal"}
        if narrow:  # above the axes: a phone has no room beside the last group
            place: dict[str, Any] = {
                "transform": ax.transAxes,
                "ha": ("left", "right")[i % 2],
                "va": "bottom",
            }
            ax.text(i % 2, 1.02, f"{'●' if i else '○'} {measure}", **name, **place)
        else:
            above = "bottom" if ends[measure] == ends.max() else "top"
            ax.text(last + 0.2, ends[measure], str(measure), ha="left", va=above, **name)
    words = {1: "1\n(lowest)", last: f"{last}\n(highest)"}
    ax.set_xticks(range(1, last + 1), [words.get(g, str(g)) for g in range(1, last + 1)])
    ax.set_xlim(0.6, last + (0.5 if narrow else 1.4))
    ax.set_xlabel("Fifth of patients" if last == 5 else "Group of patients, equal in size")
    ax.set_ylabel(textwrap.fill(ylabel, 40))
    ax.spines[["right", "top"]].set_visible(False)
    return ax


def alt_perception_by_quantile(data: pd.DataFrame, what: str = "perception") -> str:
    """Describe how mean perception moves from the lowest to the highest group of each measure."""
    shown = drawable(data, "estimate", "low", "high")
    if shown.empty:
        return f"Mean {what} by groups: no group can be shown."
    parts = []
    for measure, rows in shown.groupby("measure", sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        parts.append(
            f"by {measure} it goes from {wording.number(first['estimate'])} in group {int(first['group'])} "
            f"to {wording.number(last['estimate'])} in group {int(last['group'])}"
        )
    return f"Lines with intervals. Mean {what} over groups from lowest to highest: {'; '.join(parts)}."


def plot_waterfall(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the steps of `waterfall` or `log_waterfall` as rows: totals, and the changes between them."""
    shown = drawable(data, "start", "end")
    if shown.empty:
        return nothing_to_draw(ax, str(data.attrs.get("reason", "There is nothing to follow.")))
    ax.axvline(0, color=LINE, linewidth=0.8)
    for at, row in enumerate(shown.itertuples()):
        colour, hatch = _bar_look(row.kind, row.end - row.start)
        look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "height": 0.3}
        ax.barh(at, row.end - row.start, left=row.start, **look)
        if at + 1 < len(shown):
            ax.plot([row.end, row.end], [at + 0.15, at + 0.85], color=LINE, linewidth=0.8)
        name_row(ax, at, str(row.step), _size(row), is_narrow(ax), row.kind == "total")
    frame_rows(ax, len(shown), "Spearman's ρ", is_narrow(ax), False)
    left, right = ax.get_xlim()
    ax.set_xlim(left, right + 0.12 * (right - left))  # room for the numbers of a phone
    return ax


def _size(row: Any) -> str:
    """A total as it is, a change with its sign."""
    return wording.number(row.end) if row.kind == "total" else f"{row.end - row.start:+.2f}"


def _bar_look(kind: str, change: float) -> tuple[str, str]:
    if kind == "total":
        return TOTAL, ""
    return (DOWN, "///") if change < 0 else (UP, "\\\\\\")


def alt_waterfall(data: pd.DataFrame) -> str:
    """Describe the waterfall step by step."""
    shown = drawable(data, "start", "end")
    if shown.empty:
        return str(data.attrs.get("reason", "Waterfall: nothing can be shown."))
    parts = [f"{row.step} {_size(row)}" for row in shown.itertuples()]
    return f"Waterfall of the correlation: {', '.join(parts)}."
