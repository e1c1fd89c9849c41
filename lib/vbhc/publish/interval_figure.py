"""Estimates with their intervals, a row each: the form that most figures of a report share.

On a page the name of a row stands left of its mark and the number right of it; on a phone both stand above.
"""

import textwrap
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.publish.figure_style import LINE, QUIET, TOTAL, drawable, is_narrow, nothing_to_draw
from vbhc.publish.results import Drawing

GREY = "#6b7480"
LETTERS = {False: 34, True: 27}  # of a row's name in one line, by whether the figure is narrow
ACROSS = {False: 44, True: 40}  # letters of name and number on one line of a phone, by whether they are bold


def draw_intervals(
    data: pd.DataFrame,
    ax: Axes,
    *,
    xlabel: str = "",
    told: Collection[int] = (0,),
    zero: float | None = 0.0,
    margin: float | None = None,
    share: bool = False,
) -> Axes:
    """Draw `label, estimate, low, high`, a row each from the top.

    Parameters
    ----------
    told : collection of int
        Places of the rows that the title is about: full and in colour, all others grey and hollow.
    zero : float, optional
        Where "no difference" or "nothing" lies.
    margin : float, optional
        A band around zero in which a difference was declared too small to matter.
    share : bool
        Whether the numbers are shares (0-1), written as percentages.
    """
    rows = drawable(data, "estimate").reset_index(drop=True)
    if rows.empty:
        return nothing_to_draw(ax)
    narrow = is_narrow(ax)
    if margin:
        ax.axvspan(-margin, margin, color="#e8ebee", zorder=0)
    if zero is not None:
        draw_zero(ax, zero, len(rows), narrow)
    for place, row in rows.iterrows():
        hot = place in told
        look: dict[str, Any] = {"color": TOTAL if hot else GREY, "zorder": 3}
        ax.plot([row["low"], row["high"]], [place, place], linewidth=2 if hot else 1.5, **look)
        ax.plot(row["estimate"], place, "o", markersize=7, mfc=look["color"] if hot else "white", **look)
        name_row(ax, place, str(row["label"]), value_text(row, share), narrow, hot)
    frame_rows(ax, len(rows), xlabel, narrow, share)
    return ax


def draw_zero(ax: Axes, zero: float, rows: int, narrow: bool) -> None:
    """Draw the line of no difference; on a phone beside the marks only, since names stand between them."""
    if not narrow:
        ax.axvline(zero, color=LINE, linewidth=0.8, zorder=1)
        return
    for place in range(rows):
        ax.plot([zero, zero], [place - 0.14, place + 0.14], color=LINE, linewidth=0.8, zorder=1)


def value_text(row: pd.Series, share: bool = False) -> str:
    """Return an estimate with its interval as it stands in a figure: "1.33 (0.74 to 1.93)"."""
    known = np.isfinite(row["low"]) and np.isfinite(row["high"])
    places = wording.decimals_of(*row[["estimate", "low", "high"]]) if known else 2
    numbers = [
        wording.percent(x) if share else wording.number(x, places) for x in row[["estimate", "low", "high"]]
    ]
    return f"{numbers[0]} ({numbers[1]} to {numbers[2]})" if known else numbers[0]


def name_row(ax: Axes, place: float, label: str, value: str, narrow: bool, hot: bool) -> None:
    """Write the name and the number of a row: beside its mark on a page, above it on a phone."""
    name = textwrap.fill(label, LETTERS[False])
    if narrow:  # the number stands beside the last line, so lines before it may be as long as both
        room = ACROSS[hot] - len(value)
        folded = (textwrap.fill(label, letters) for letters in range(LETTERS[True], ACROSS[hot] + 1))
        fits = (name for name in folded if len(name.rpartition("\n")[2]) <= room)
        name = next(fits, textwrap.fill(label, room))
    look: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "weight": "bold" if hot else "normal"}
    look["va"], up = ("bottom", place - 0.22) if narrow else ("center", place)
    side, left, right = ("left", 0, 1) if narrow else ("right", -0.02, 1.02)
    ax.text(left, up, name, ha=side, multialignment=side, **look)
    ax.text(right, up, value, ha="right" if narrow else "left", **look)


def frame_rows(ax: Axes, rows: int, xlabel: str, narrow: bool, share: bool) -> None:
    """Leave a figure of rows its axis of values and nothing else."""
    ax.set_yticks([])
    ax.set_ylim(rows - 0.5, -1.0 if narrow else -0.5)
    ax.spines[["left", "right", "top"]].set_visible(False)
    ax.spines["bottom"].set_color(QUIET)
    ax.tick_params(axis="x", color=QUIET)
    ax.locator_params(axis="x", nbins=5)
    if share:
        ax.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.0f}%")
    if xlabel:
        ax.set_xlabel(textwrap.fill(xlabel, 45 if narrow else 90))


def height_of(data: pd.DataFrame) -> dict[str, Any]:
    """Return the heights of such a figure on a page and on a phone, for `results.Drawing`."""
    return {"height": 0.9 + 0.42 * len(data), "narrow_height": 1.0 + 0.62 * len(data)}


LOOK = ("xlabel", "told", "zero", "margin", "share")


def interval_drawing(rows: pd.DataFrame, title: Any, alt: str | Callable, **more: Any) -> Drawing:
    """Return such a figure, as high as its rows are many.

    `more` says how it is drawn (`draw_intervals`), or is as `results.Drawing` takes it. Counts stand in its
    data and are not drawn.
    """
    draw = partial(draw_intervals, **{name: more.pop(name) for name in LOOK if name in more})
    rules = {"undrawn": True, **more.pop("rules", {})}
    return Drawing(rows, draw, title, alt, rules=rules, **more, **height_of(rows))
