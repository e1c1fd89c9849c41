"""Figures of a multiverse: the specification curve, and which choice drives its spread."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.figures.style import LINE, MARKERS, PALETTE, drawable, finish, nothing_to_draw


def plot_specifications(
    data: pd.DataFrame,
    ax: Axes,
    ylabel: str = "Correlation with perception",
    title: str = "",
    headline: str = "principled",
) -> Axes:
    """Draw the specification curve: every definition's correlation in order, tiers by marker and colour.

    Parameters
    ----------
    data : DataFrame
        From `multiverse.run`: `estimate, tier` (one row per definition).
    """
    shown = drawable(data, "estimate").sort_values("estimate", kind="stable").reset_index(drop=True)
    if shown.empty:
        return nothing_to_draw(ax)
    for i, tier in enumerate(dict.fromkeys(sorted(shown["tier"], key=lambda t: t != headline))):
        rows = shown[shown["tier"] == tier]
        ax.plot(
            rows.index + 1,
            rows["estimate"],
            MARKERS[i],
            color=PALETTE[i],
            markersize=3,
            label=f"{tier} ({len(rows):,})",
        )
    ax.axhline(0, color=LINE, linewidth=0.8)
    ax.legend(frameon=False)
    return finish(ax, "Definition, from lowest to highest correlation", ylabel, title)


def plot_shares(
    data: pd.DataFrame, ax: Axes, xlabel: str = "Share of the spread (η²)", title: str = ""
) -> Axes:
    """Draw which choice drives the spread of a multiverse: a bar per choice (`choice, eta_squared`)."""
    shown = drawable(data, "eta_squared").sort_values("eta_squared", ascending=False)
    if shown.empty:
        return nothing_to_draw(ax)
    ax.barh(range(len(shown)), shown["eta_squared"], color=PALETTE[0])
    ax.set_yticks(range(len(shown)), shown["choice"])
    ax.invert_yaxis()
    return finish(ax, xlabel, "", title)


def alt_specifications(data: pd.DataFrame) -> str:
    """Describe the curve: how many definitions, lowest, median and highest correlation, by tier."""
    shown = drawable(data, "estimate")
    if shown.empty:
        return "Specification curve: no definition gives a correlation."
    parts = [
        f"{len(rows):,} {tier} ones from {wording.number(rows['estimate'].min())} to "
        f"{wording.number(rows['estimate'].max())}, median {wording.number(rows['estimate'].median())}"
        for tier, rows in shown.groupby("tier", sort=False)
    ]
    return f"Specification curve of {len(shown):,} definitions in ascending order: {'; '.join(parts)}."


def alt_shares(data: pd.DataFrame) -> str:
    """Describe the bars, largest first."""
    shown = drawable(data, "eta_squared").sort_values("eta_squared", ascending=False)
    if shown.empty:
        return "Bars of what drives the spread: none."
    parts = [f"{row.choice} {wording.percent(row.eta_squared)}" for row in shown.itertuples()]
    return f"Bars of the share of the spread by choice: {wording.listing(parts)}."
