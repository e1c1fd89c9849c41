"""People by what became of them: a bar for all and for each group, on a page and on a phone."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from vbhc.chapters.cleaning.fates import ANSWERED, DIED
from vbhc.publish.figure_style import TOTAL, drawable, is_narrow, nothing_to_draw
from vbhc.wording import percent

COLOURS = {ANSWERED: TOTAL, DIED: "#1a1f24"}  # the others are white and hatched
FIRST = (ANSWERED, "coded", "may be quoted")


def draw_parts(data: pd.DataFrame, ax: Axes) -> Axes:
    """Draw `label, part, n`: a bar as wide as the page for each label, its parts named beside it.

    The first and the last part are named above their ends of the bar, one between them below.
    """
    groups = [
        (label, parts) for label, parts in data.groupby("label", sort=False) if parts["n"].notna().all()
    ]
    if not groups:
        return nothing_to_draw(ax)
    for place, (label, parts) in enumerate(groups):
        _bar(ax, place, parts[parts["n"] > 0])
        _name(ax, place, str(label))
    ax.set_xlim(0, 1)
    ax.set_ylim(len(groups) - 0.45, -0.75 if is_narrow(ax) else -0.55)
    ax.set_axis_off()
    return ax


def _bar(ax: Axes, place: int, parts: pd.DataFrame) -> None:
    whole, left, last = parts["n"].sum(), 0.0, len(parts) - 1
    edge = 0.3 if is_narrow(ax) else 0.15  # so that the name of a middle part keeps within the bar
    for number, (part, n) in enumerate(zip(parts["part"], parts["n"], strict=True)):
        share = n / whole
        colour = TOTAL if part in FIRST else COLOURS.get(part, "white")
        look: dict[str, Any] = {"color": colour, "edgecolor": "#59626b", "linewidth": 0.8}
        ax.barh(place, share, left=left, height=0.3, hatch="////" if colour == "white" else "", **look)
        text = f"{part} {n:,.0f} ({percent(share)})"
        if number in (0, last):
            side = "left" if number == 0 else "right"
            ax.text(0 if number == 0 else 1, place - 0.2, text, ha=side, va="bottom")
        else:
            ax.text(min(max(left + share / 2, edge), 1 - edge), place + 0.2, text, ha="center", va="top")
        left += share


def _name(ax: Axes, place: int, name: str) -> None:
    if is_narrow(ax):
        ax.text(0, place - 0.42, name, weight="bold", va="bottom")
    else:
        ax.text(-0.02, place, name, weight="bold", ha="right", va="center")


def heights(data: pd.DataFrame) -> dict[str, Any]:
    """Return the heights of the figure in inches, on a page and on a phone."""
    bars = data["label"].nunique()
    return {"height": 0.3 + 0.85 * bars, "narrow_height": 0.4 + 1.15 * bars}


def alt_parts(data: pd.DataFrame) -> str:
    """Return the figure in words, with all its numbers."""
    shown = drawable(data, "n")
    if shown.empty:
        return "What became of the people in the study: nothing can be shown."
    told = [
        f"{label}: {', '.join(f'{n:,.0f} {part}' for part, n in zip(rows['part'], rows['n'], strict=True))}"
        for label, rows in shown.groupby("label", sort=False)
    ]
    return f"What became of the people in the study. {'; '.join(told)}."
