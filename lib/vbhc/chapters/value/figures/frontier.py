"""The figure of a value frontier: how efficient each place is, and how sure that is."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from vbhc import wording
from vbhc.publish.figure_style import LINE, QUIET, dots, drawable, finish, listed, nothing_to_draw


def plot_frontier(data: pd.DataFrame, ax: Axes, title: str = "") -> Axes:
    """Draw `unit, efficiency, low, high` of `frontier.study_frontier`, a row per unit."""
    shown = drawable(data, "efficiency", "low", "high")
    if shown.empty:
        return nothing_to_draw(ax)
    ax.axvline(1, color=LINE, linewidth=0.8)
    dots(ax, shown, range(len(shown)), columns=("efficiency", "low", "high"), ecolor=QUIET)
    listed(ax, shown["unit"].astype(str))
    ax.set_xlim(0, 1.03)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return finish(ax, "Efficiency (100% = on the frontier)", "", title)


def alt_frontier(data: pd.DataFrame) -> str:
    """Describe the dots and intervals in numbers."""
    shown = drawable(data, "efficiency", "low", "high")
    if shown.empty:
        return "Efficiency of places with intervals: no place can be shown."
    parts = [
        f"{row.unit} {wording.percent(row.efficiency)} "
        f"({wording.percent(row.low)} to {wording.percent(row.high)})"
        for row in shown.itertuples()
    ]
    missing = len(data) - len(shown)
    withheld = f" {missing} places are withheld." if missing else ""
    return f"Efficiency of places, with intervals: {'; '.join(parts)}.{withheld}"
