"""Colours, sizes and texts that all figures share: colour-blind-safe, and still told apart in grey."""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from vbhc.publish.findings.drawing import STYLE
from vbhc.wording import NOTHING_SHOWN

# Okabe & Ito's colours, ordered so that neighbours differ in lightness as well as in hue; orange, sky blue
# and vermilion darkened until they stand out from white (WCAG 2.2, 1.4.11: 3:1; 4.5:1 under white letters).
PALETTE = ("#0072B2", "#C28600", "#882255", "#2E9BDB", "#B85000", "#CC79A7", "#009E73", "#7F7F7F")
# Lines only: a pattern of dots or rings is drawn circle by circle and makes an SVG of 150 kB.
HATCHES = ("", "///", "\\\\\\", "xx", "--", "||", "++", "////")
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")
UP, DOWN, TOTAL, QUIET, LINE = "#2E9BDB", "#B85000", "#0072B2", "#919191", "#404040"
DENSITY = LinearSegmentedColormap.from_list("density", ["#DCEAF4", "#56B4E9", "#0072B2", "#00304D"])
CHARACTERS_PER_INCH = 10
PLATE = "plate"  # what `vbhc.report.drawings` knows it by


def new_axes(size: tuple[float, float] = (7, 4)) -> Axes:
    """Return the axes of a fresh figure in the house style, outside pyplot (no notebook shows it twice)."""
    with rc_context(STYLE):
        return Figure(figsize=size, layout="constrained").subplots()


def finish(ax: Axes, xlabel: str = "", ylabel: str = "", title: str = "") -> Axes:
    """Set the axis labels and a left-aligned title, wrapped to the width of the figure."""
    if xlabel:
        ax.set_xlabel(xlabel)
    if ylabel:
        ax.set_ylabel(ylabel)
    if title:
        width = int(ax.get_figure().get_figwidth() * CHARACTERS_PER_INCH)
        ax.set_title(balanced(title, width), loc="left")
    return ax


def balanced(text: str, width: int) -> str:
    """Return a text in as few lines of at most `width` characters as it needs, of nearly equal length.

    A comparison such as "n = 166" stays in one line.
    """
    glued = re.sub(r" ([=<>≤≥±]) (?=\S)", "\u00a0\\1\u00a0", " ".join(text.split(" ")))
    lines = textwrap.wrap(glued, width)
    narrower = width - 1
    while len(lines) > 1 and len(closer := textwrap.wrap(glued, narrower)) == len(lines):
        lines, narrower = closer, narrower - 1
    return "\n".join(lines).replace("\u00a0", " ")


def cycled(choices: Sequence[str], groups: Sequence) -> dict:
    """Give each group one of a few colours, markers or hatches, from the start again where they run out."""
    return dict(zip(groups, itertools.cycle(choices), strict=False))


def on_white(ax: Axes) -> Axes:
    """Keep the drawing on white paper on a dark page too, because letters stand on its colours."""
    ax.get_figure().set_gid(PLATE)
    return ax


def nothing_to_draw(ax: Axes, text: str = NOTHING_SHOWN) -> Axes:
    """Say in the place of a plot why there is none."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, textwrap.fill(text, 60), ha="center", va="center", transform=ax.transAxes)
    return ax


def drawable(data: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the rows in which all these columns are known: a withheld row is not drawn."""
    known = np.isfinite(data[list(columns)].astype(float)).all(axis=1)
    return data[known]
