"""Graded answers of a survey, around the middle of their scale."""

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import Affine2D

from vbhc.publish.figure_style import (
    DOWN,
    LINE,
    TOTAL,
    drawable,
    is_narrow,
    legend_below,
    nothing_to_draw,
    on_white,
)

_SCALE = LinearSegmentedColormap.from_list("answers", [DOWN, "#E8E8E8", TOTAL])


def _bar(ax: Axes, place: float, own: pd.Series, levels: list[float], into: dict[float, list[Path]]) -> None:
    """Write the shares of one stacked bar and collect its pieces, level -> paths.

    With a withheld answer it would stand in a wrong place, so it is left out.
    """
    if len(own) < len(levels):
        return
    left = -_below_middle(own, levels)
    for n, level in enumerate(levels):
        if own[level] > 0:
            box = Affine2D().scale(own[level], 0.8).translate(left, place - 0.4)
            into.setdefault(level, []).append(Path.unit_rectangle().transformed(box))
        if own[level] >= (0.22 if is_narrow(ax) else 0.08):
            colour = "white" if len(levels) > 1 and n in (0, len(levels) - 1) else "black"
            at = (left + own[level] / 2, place)
            ax.annotate(f"{own[level]:.0%}", at, ha="center", va="center", fontsize=8.2, color=colour)
        left += own[level]


def _colour(n: int, levels: list[float]) -> tuple:
    return _SCALE(n / max(len(levels) - 1, 1))


def _scale_legend(ax: Axes, levels: list[float], below: float) -> None:
    """Name the colours of the answers under the axis."""
    handles = [ax.bar(0, 0, color=_colour(n, levels)) for n in range(len(levels))]
    legend_below(ax, below, min(len(levels), 5), handles=handles, labels=[f"{level:g}" for level in levels])


def _below_middle(own: pd.Series, levels: list[float]) -> float:
    """The share that lies left of the middle line, half of a middle answer included."""
    half, odd = divmod(len(levels), 2)
    return float(own[levels[:half]].sum() + (own[levels[half]] / 2 if odd else 0))


def plot_statements(shares: pd.DataFrame, ax: Axes) -> Axes:
    """Draw every statement as a block of bars, one per group, around the middle of the scale.

    Parameters
    ----------
    shares : DataFrame
        From `stakeholders.statement_shares`; a bar with a withheld answer is left out.
    """
    known = drawable(shares, "share", "n")
    if known.empty:
        return nothing_to_draw(ax)
    blocks, at, ticks, names = list(dict.fromkeys(shares["label"])), 0.0, [], []
    narrow = is_narrow(ax)
    pieces: dict[float, list[Path]] = {}  # one path for each level keeps the page small
    for block in blocks:
        own = shares[shares["label"] == block]
        levels = sorted(own["answer"].unique())
        words = textwrap.fill(block, 38 if narrow else 80)
        at += 0.4 * words.count("\n")
        ax.annotate(
            words, (-1, at), ha="left", va="center", fontsize=8.2, fontweight="bold", annotation_clip=False
        )
        for group in dict.fromkeys(own["group"]):
            at += 1
            rows = known[(known["label"] == block) & (known["group"] == group)]
            _bar(ax, at, rows.set_index("answer")["share"], levels, pieces)
            ticks.append(at)
            names.append(f"{group} ({int(rows['n'].max())})" if len(rows) else str(group))
        ax.plot([0, 0], [at - own["group"].nunique() + 0.5, at + 0.5], color=LINE, linewidth=0.8)
        at += 1.3
    grades = sorted(shares["answer"].unique())
    for level, paths in pieces.items():
        look = {"facecolor": _colour(grades.index(level), grades), "edgecolor": "white", "zorder": 1}
        ax.add_patch(PathPatch(Path.make_compound_path(*paths), **look))
    ax.set_yticks(ticks, names, fontsize=8.2)
    ax.set_ylim(at - 0.6, -0.7)
    ax.set_xlim(-1, 1)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{abs(x):.0%}"))
    ax.spines[["left", "right", "top"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    _scale_legend(ax, grades, -2.3 / max(at, 4))
    ax.set_xlabel("Respondents, from the middle of the scale")
    return on_white(ax)
