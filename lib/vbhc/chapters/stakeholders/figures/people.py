"""The map of interviewees and codes, and the places of its labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc.publish.figure_style import MARKERS, PALETTE, QUIET, drawable, legend_below, nothing_to_draw
from vbhc.wording import number


def draw_people_map(points: pd.DataFrame, ax: Axes, shares: tuple = ()) -> Axes:
    """Draw the first two dimensions of a correspondence analysis (`stakeholders.people_map`).

    Interviewees are dots by group, without names; codes are written where they lie. `shares` of inertia of
    the two dimensions, for the axes.
    """
    known = drawable(points, "dim1", "dim2")
    if known.empty:
        return nothing_to_draw(ax)
    people, codes = (known[known["kind"] == kind] for kind in ("interviewee", "code"))
    ax.axhline(0, color=QUIET, linewidth=0.6)
    ax.axvline(0, color=QUIET, linewidth=0.6)
    for n, group in enumerate(dict.fromkeys(people["name"])):
        own = people[people["name"] == group]
        look: dict[str, Any] = {"marker": MARKERS[n % len(MARKERS)], "color": PALETTE[n % len(PALETTE)]}
        ax.scatter(own["dim1"], own["dim2"], s=28, label=f"{group} (n = {len(own)})", **look)
    low, high = known[["dim1", "dim2"]].min() - 0.1, known[["dim1", "dim2"]].max() + 0.1
    ax.set_xlim(low["dim1"], high["dim1"])
    ax.set_ylim(low["dim2"], high["dim2"])
    room = high - low
    wide, tall = 0.05 * room["dim1"], 0.032 * room["dim2"]  # of a code, in the units of the axes
    places = apart(codes[["dim1", "dim2"]].to_numpy(dtype=float), wide, tall)
    for row, (x, y) in zip(codes.itertuples(), places, strict=True):
        ax.annotate(row.name, (x, y), fontsize=9, fontstyle="italic", ha="center", va="center", zorder=4)
    legend_below(ax, -0.13)
    names = [
        f"Dimension {n + 1}" + (f" ({shares[n]:.0%} of the inertia)" if len(shares) > n else "")
        for n in (0, 1)
    ]
    ax.set(xlabel=names[0], ylabel=names[1])
    return ax


def apart(points: np.ndarray, wide: float, tall: float, rounds: int = 60) -> np.ndarray:
    """Return the places of labels, moved up and down until no two of them overlap, as far as `rounds` go.

    Parameters
    ----------
    points : array (n, 2)
        Where the labels should stand; not changed.
    wide, tall : float
        The room of one label.
    """
    places = np.array(points, dtype=float)
    for _ in range(rounds):
        moved = False
        order = np.lexsort((np.arange(len(places)), places[:, 1]))
        for n, low in enumerate(order):
            for high in order[n + 1 :]:
                gap = places[high, 1] - places[low, 1]
                if abs(places[high, 0] - places[low, 0]) < wide and gap < 0.999 * tall:
                    places[low, 1] -= (tall - gap) / 2
                    places[high, 1] += (tall - gap) / 2
                    moved = True
        if not moved:
            break
    return places


def alt_people_map(points: pd.DataFrame) -> str:
    """Say in words what `draw_people_map` shows: where the groups lie on the first dimension."""
    people = points[points["kind"] == "interviewee"]
    if people.empty:
        return "Map of interviewees and codes: nothing can be shown."
    means = people.groupby("name", sort=False)["dim1"].mean()
    parts = ", ".join(f"{group} {number(mean)}" for group, mean in means.items())
    return f"Map of interviewees and codes. Mean place on the first dimension: {parts}."
