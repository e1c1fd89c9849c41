"""Figures of a multiverse: the specification curve, and which choice drives its spread."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.publish.figure_style import LINE, MARKERS, PALETTE, dots, drawable, finish, listed, nothing_to_draw

MOST_POINTS = 300
HEADLINE = "principled"
CORRELATION = "Correlation with perception"


def specification_rows(result: pd.DataFrame, most: int = MOST_POINTS) -> pd.DataFrame:
    """Return the curve from `multiverse.run` in ascending order, thinned to what a page can carry.

    Each tier is thinned by itself and evenly, with its lowest and highest, so that a tier of few definitions
    is seen whole between those of many.

    Returns
    -------
    DataFrame
        `rank` (1 = lowest of all), `estimate, p, tier, n`, `definitions` in all, and of the whole tier
        `in_tier` (how many) and `median`.
    """
    ordered = result[result["estimate"].notna()].sort_values("estimate", kind="stable", ignore_index=True)
    tiers = ordered.groupby("tier")["estimate"]
    table = ordered.assign(rank=ordered.index + 1, definitions=len(ordered))
    table = table.assign(in_tier=tiers.transform("size"), median=tiers.transform("median"))
    share = max(1, most // max(1, tiers.ngroups))
    kept = [
        rows.index[np.unique(np.linspace(0, len(rows) - 1, min(share, len(rows))).round().astype(int))]
        for _, rows in table.groupby("tier")
    ]
    names = ["rank", "estimate", "p", "tier", "n", "definitions", "in_tier", "median"]
    return (table.loc[np.sort(np.concatenate(kept))] if kept else table)[names].reset_index(drop=True)


def plot_specifications(data: pd.DataFrame, ax: Axes, title: str = "") -> Axes:
    """Draw the specification curve: every definition's correlation in order, tiers by marker and colour.

    Parameters
    ----------
    data : DataFrame
        From `specification_rows` (`rank, estimate, tier`), or from `multiverse.run`.
    """
    shown = drawable(data, "estimate").sort_values("estimate", kind="stable").reset_index(drop=True)
    if shown.empty:
        return nothing_to_draw(ax)
    at = shown["rank"] if "rank" in shown else pd.Series(shown.index + 1)
    for i, tier in enumerate(dict.fromkeys(sorted(shown["tier"], key=lambda t: t != HEADLINE))):
        rows = shown[shown["tier"] == tier]
        ax.plot(
            at[rows.index],
            rows["estimate"],
            MARKERS[i],
            color=PALETTE[i],
            markersize=5 if tier == HEADLINE else 3,  # few points, to be seen on a line of many
            label=f"{tier} ({_in_tier(rows):,})",
            zorder=3 - i / 10,  # the headline's few points stand on top of the many others
        )
    ax.axhline(0, color=LINE, linewidth=0.8)
    ax.legend(frameon=False)
    return finish(ax, "Definition, from lowest to highest correlation", CORRELATION, title)


def _in_tier(rows: pd.DataFrame) -> int:
    """Return how many definitions a tier has, drawn or not."""
    return int(rows["in_tier"].iloc[0]) if "in_tier" in rows else len(rows)


def plot_shares(data: pd.DataFrame, ax: Axes, title: str = "") -> Axes:
    """Draw which choice drives the spread of a multiverse: a bar per choice (`choice, eta_squared`)."""
    shown = drawable(data, "eta_squared").sort_values("eta_squared", ascending=False)
    if shown.empty:
        return nothing_to_draw(ax)
    ax.barh(range(len(shown)), shown["eta_squared"], color=PALETTE[0])
    ax.set_yticks(range(len(shown)), shown["choice"])
    ax.invert_yaxis()
    return finish(ax, "Share of the spread (η²)", "", title)


def alt_specifications(data: pd.DataFrame) -> str:
    """Describe the curve: how many definitions, lowest, median and highest correlation, by tier."""
    shown = drawable(data, "estimate")
    if shown.empty:
        return "Specification curve: no definition gives a correlation."
    whole = int(shown["definitions"].iloc[0]) if "definitions" in shown else len(shown)
    parts = [
        f"{_in_tier(rows):,} {tier} ones from {wording.number(rows['estimate'].min())} to "
        f"{wording.number(rows['estimate'].max())}, median "
        f"{wording.number(rows['median'].iloc[0] if 'median' in rows else rows['estimate'].median())}"
        for tier, rows in shown.groupby("tier", sort=False)
    ]
    return f"Specification curve of {whole:,} definitions in ascending order: {'; '.join(parts)}."


def alt_shares(data: pd.DataFrame) -> str:
    """Describe the bars, largest first."""
    shown = drawable(data, "eta_squared").sort_values("eta_squared", ascending=False)
    if shown.empty:
        return "Bars of what drives the spread: none."
    parts = [f"{row.choice} {wording.percent(row.eta_squared)}" for row in shown.itertuples()]
    return f"Bars of the share of the spread by choice: {wording.listing(parts)}."


def plot_by_choice(data: pd.DataFrame, ax: Axes, title: str = "") -> Axes:
    """Draw `multiverse.by_choice`: the median and the 5% to 95% span of each value of each choice."""
    shown = drawable(data, "median", "low", "high").reset_index(drop=True)
    if shown.empty:
        return nothing_to_draw(ax)
    ax.axvline(0, color=LINE, linewidth=0.8)
    for i, (_, rows) in enumerate(shown.groupby("choice", sort=False)):
        dots(ax, rows, rows.index, i, columns=("median", "low", "high"), capsize=2)
    listed(ax, [f"{row.choice}: {row.value}" for row in shown.itertuples()])
    return finish(ax, CORRELATION, "", title)


def alt_by_choice(data: pd.DataFrame) -> str:
    """Describe, per choice, the medians of its values."""
    shown = drawable(data, "median", "low", "high")
    if shown.empty:
        return "Correlation by choice: none can be shown."
    parts = []
    for choice, rows in shown.groupby("choice", sort=False):
        values = [f"{row.value} {wording.number(row.median)}" for row in rows.itertuples()]
        parts.append(f"{choice}: {wording.listing(values)}")
    return f"Dots with spans. Median correlation by choice: {'; '.join(parts)}."
