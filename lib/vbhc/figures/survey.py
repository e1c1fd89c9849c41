"""Plots of graded answers: stacked bars around the middle of the scale, one bar per group."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter

from vbhc.figures.style import DOWN, LINE, TOTAL, drawable, finish, nothing_to_draw

_SCALE = LinearSegmentedColormap.from_list("answers", [DOWN, "#E8E8E8", TOTAL])


def plot_answers(shares: pd.DataFrame, ax: Axes, labels: dict | None = None, title: str = "") -> Axes:
    """Draw low answers to the left and high ones to the right of a middle line, one bar per group.

    Parameters
    ----------
    shares : DataFrame
        From `stakeholders.answer_shares`. With an odd number of levels the middle one is split in half.
    labels : dict, optional
        Level -> its wording in the questionnaire.
    """
    known = drawable(shares, "share", "n")
    groups = list(dict.fromkeys(shares["group"]))
    levels = sorted(shares["answer"].unique())
    if known.empty:
        return nothing_to_draw(ax)
    sizes = known.groupby("group")["n"].max()
    for place, group in enumerate(groups):
        own = known[known["group"] == group].set_index("answer")["share"]
        if len(own) < len(levels):  # with a withheld answer the bar would stand in a wrong place
            continue
        left = -_below_middle(own, levels)
        for n, level in enumerate(levels):
            colour = _SCALE(n / max(len(levels) - 1, 1))
            ax.barh(place, own[level], left=left, height=0.7, color=colour, edgecolor="white")
            if own[level] >= 0.07:
                style = {"ha": "center", "va": "center", "fontsize": 7}
                ax.annotate(f"{own[level]:.0%}", (left + own[level] / 2, place), **style)
            left += own[level]
    ax.axvline(0, color=LINE, linewidth=0.8)
    names = [f"{group} (n = {int(sizes[group])})" if group in sizes else str(group) for group in groups]
    ax.set_yticks(range(len(groups)), names)
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.set_xlim(-1, 1)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{abs(x):.0%}"))
    handles = [ax.bar(0, 0, color=_SCALE(n / max(len(levels) - 1, 1))) for n in range(len(levels))]
    words = [str((labels or {}).get(level, f"{level:g}")) for level in levels]
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.2), "ncols": min(len(levels), 5)}
    ax.legend(handles, words, frameon=False, fontsize=8, **place)
    return finish(ax, "Respondents (%), from the middle of the scale", "Group", title)


def _below_middle(own: pd.Series, levels: list[float]) -> float:
    """The share that lies left of the middle line, half of a middle answer included."""
    half, odd = divmod(len(levels), 2)
    return float(own[levels[:half]].sum() + (own[levels[half]] / 2 if odd else 0))


def alt_answers(shares: pd.DataFrame) -> str:
    """Say in words what `plot_answers` shows: each group's size, commonest answer and mean answer."""
    parts = []
    for group, own in shares.dropna(subset=["share"]).groupby("group", sort=False):
        most = own.loc[own["share"].idxmax()]
        mean = np.average(own["answer"], weights=own["share"]) if own["share"].sum() else np.nan
        parts.append(
            f"{group} (n = {int(own['n'].max())}): most often {most['answer']:g} ({most['share']:.0%}), "
            f"mean {mean:.1f}"
        )
    return f"Stacked bars of answers by group. {'; '.join(parts) or 'Nothing can be shown'}."
