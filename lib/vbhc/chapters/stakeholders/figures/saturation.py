"""How many codes each further interview brought."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vbhc.publish.figure_style import TOTAL, nothing_to_draw

PALE = "#E8E8E8"


def draw_saturation(curve: pd.DataFrame, ax: Axes) -> Axes:
    """Draw codes found after each interview and the band over random orders (`saturation_curve`).

    Without `codes` (see `stakeholders.saturation_shown`) the band and its median alone.
    """
    if curve.empty:
        return nothing_to_draw(ax)
    ax.fill_between(curve["interview"], curve["low"], curve["high"], color=PALE, label="95% of random orders")
    ax.plot(curve["interview"], curve["median"], color="grey", linestyle="--", label="median order")
    if "codes" in curve:
        ax.plot(
            curve["interview"], curve["codes"], color=TOTAL, marker="o", markersize=4, label="as interviewed"
        )
    ax.set_xlabel("Interviews")
    ax.set_ylabel("Different codes found")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylim(bottom=0)
    ax.legend(loc="lower right", frameon=False, fontsize=8.2)
    return ax


def alt_saturation(curve: pd.DataFrame) -> str:
    """Say in words what `plot_saturation` shows: how the number of codes grows and where it levels off."""
    if curve.empty:
        return "Codes found after each interview: nothing can be shown."
    half = curve.iloc[(len(curve) - 1) // 2]
    if "codes" not in curve:
        first, last = curve.iloc[0], curve.iloc[-1]
        return (
            f"Rising line, median of random orders: {first['median']:.0f} codes after "
            f"{int(first['interview'])} interviews, {half['median']:.0f} after {int(half['interview'])}, "
            f"{last['median']:.0f} after all {int(last['interview'])}."
        )
    return (
        f"Rising line: {int(curve['codes'].iloc[0])} codes after the first interview, "
        f"{int(half['codes'])} after {int(half['interview'])}, {int(curve['codes'].iloc[-1])} after all "
        f"{int(curve['interview'].iloc[-1])}."
    )
