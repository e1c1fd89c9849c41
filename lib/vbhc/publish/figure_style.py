"""Colours, sizes and texts that all figures share: colour-blind-safe, and still told apart in grey."""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter

from vbhc.wording import NOTHING_SHOWN

# Okabe & Ito's colours, ordered so that neighbours differ in lightness as well as in hue; orange, sky blue
# and vermilion darkened until they stand out from white (WCAG 2.2, 1.4.11: 3:1; 4.5:1 under white letters).
PALETTE = ("#0072B2", "#C28600", "#882255", "#2E9BDB", "#B85000", "#CC79A7", "#009E73", "#7F7F7F")
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")
UP, DOWN, TOTAL, QUIET, LINE = "#2E9BDB", "#B85000", "#0072B2", "#919191", "#404040"
DENSITY = LinearSegmentedColormap.from_list("density", ["#DCEAF4", "#56B4E9", "#0072B2", "#00304D"])
PLATE = "plate"  # what `vbhc.report.drawings` knows it by


def dots(
    ax: Axes,
    rows: pd.DataFrame,
    at: Sequence[float] | np.ndarray,
    nth: int = 0,
    *,
    columns: Sequence[str] = ("estimate", "low", "high"),
    upright: bool = False,
    **look: Any,
) -> None:
    """Draw estimates as dots with their intervals, in the shape and colour of the `nth` group.

    Parameters
    ----------
    at : sequence of float
        Where each row stands: its height, or with `upright` its place from left to right.
    columns : sequence of str
        The middle and the two ends of each interval; an end never lies inside for want of rounding.
    look : keywords of `Axes.errorbar`
        Such as `label`, or what should look otherwise.
    """
    middle, low, high = (rows[name] for name in columns)
    reach = np.clip([middle - low, high - middle], 0, None)
    look = {"fmt": MARKERS[nth % len(MARKERS)], "color": PALETTE[nth % len(PALETTE)], "capsize": 3, **look}
    if upright:
        ax.errorbar(at, middle, yerr=reach, **look)
    else:
        ax.errorbar(middle, at, xerr=reach, **look)


def listed(ax: Axes, names: Sequence[str], **text: Any) -> None:
    """Name the rows of a figure, the first at the top."""
    ax.set_yticks(range(len(names)), names, **text)
    ax.set_ylim(len(names) - 0.5, -0.5)


def legend_below(ax: Axes, below: float, columns: int = 4, **kwargs: Any) -> None:
    """Draw the legend under the x label, so that the finding keeps the place above the axes."""
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, below), "ncols": columns}
    ax.legend(**(place | {"frameon": False, "fontsize": 8} | kwargs))


def with_commas(*axes: Axis) -> None:
    """Write the numbers of x or y axes in full, with commas: 12,000."""
    for axis in axes:
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".replace("-", "−")))


def finish(ax: Axes, xlabel: str = "", ylabel: str = "") -> Axes:
    """Say what the axes show."""
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return ax


def on_white(ax: Axes) -> Axes:
    """Keep the drawing on white paper on a dark page too, because its colours say something."""
    ax.get_figure().set_gid(PLATE)
    return ax


def nothing_to_draw(ax: Axes, text: str = NOTHING_SHOWN) -> Axes:
    """Say in the place of a plot why there is none."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, textwrap.fill(text, 60), ha="center", va="center", transform=ax.transAxes)
    return ax


def drawable(data: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the rows in which all these columns are known: a withheld row is not drawn."""
    return data[np.isfinite(data[list(columns)].astype(float)).all(axis=1)]


def is_narrow(ax: Axes) -> bool:
    """Whether a figure is drawn for a phone: labels then stand above their marks, and texts are wrapped."""
    return ax.get_figure(root=True).get_figwidth() < 5
