"""Plots of coded interviews: small numbers shown as counts, groups told apart by colour and by shape."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.ticker import MaxNLocator, PercentFormatter

from vbhc.figures.style import finish

# Okabe and Ito: safe for colour-blind readers
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")
MARKERS = ("o", "s", "^", "D", "v")
PALE, DARK = "#E8E8E8", "#1F3A5F"


def plot_group_dots(
    table: pd.DataFrame, ax: Axes, labels: Mapping[str, str] | None = None, title: str = ""
) -> Axes:
    """Draw k of n per code and group as dots with Wilson bars.

    Parameters
    ----------
    table : DataFrame
        From `stakeholders.group_counts`; a cell withheld (missing `estimate`) leaves its place empty.
    labels : mapping, optional
        Readable name of each code.
    """
    codes, groups = _in_order(table["code"]), _in_order(table["group"])
    step = 0.6 / max(len(groups), 1)
    for number, group in enumerate(groups):
        own = table[table["group"] == group].dropna(subset=["estimate"])
        at = own["code"].map(codes.index).to_numpy() + (number - (len(groups) - 1) / 2) * step
        sides = np.clip([own["estimate"] - own["ci_low"], own["ci_high"] - own["estimate"]], 0, None)
        colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
        style = {"fmt": marker, "color": colour, "markersize": 5, "elinewidth": 1.2, "capsize": 2}
        name = f"{group} (n = {int(own['n'].max())})" if len(own) else str(group)
        ax.errorbar(own["estimate"], at, xerr=sides, label=name, **style)
        for y, row in zip(at, own.itertuples(), strict=True):
            ax.annotate(f"{row.k:.0f}/{row.n:.0f}", (1.02, y), va="center", fontsize=7, color=colour)
    _code_axis(ax, codes, labels)
    ax.set_xlim(-0.02, 1.13)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set_xlabel("Interviewees who raise the code (%), with Wilson interval")
    _legend_below(ax, len(groups))
    return _titled(ax, title)


def plot_differences(
    table: pd.DataFrame, ax: Axes, labels: Mapping[str, str] | None = None, title: str = ""
) -> Axes:
    """Draw the difference of two groups per code with its interval (`stakeholders.compare_codes`)."""
    codes = _in_order(table["code"])
    own = table.dropna(subset=["estimate"])
    at = own["code"].map(codes.index).to_numpy()
    sides = np.clip([own["estimate"] - own["ci_low"], own["ci_high"] - own["estimate"]], 0, None)
    ax.axvline(0, color="grey", linewidth=0.8)
    ax.errorbar(own["estimate"] * 100, at, xerr=sides * 100, fmt="o", color=DARK, markersize=5, capsize=2)
    _code_axis(ax, codes, labels)
    first, second = (str(table[side].iloc[0]) if len(table) else side for side in ("first", "second"))
    ax.set_xlabel(f"More {second}  ←  difference (percentage points)  →  more {first}")
    return _titled(ax, title)


def plot_presence(
    cells: pd.DataFrame, ax: Axes, labels: Mapping[str, str] | None = None, title: str = ""
) -> Axes:
    """Draw a map of codes by interviewees (`stakeholders.presence_cells`); a line parts the groups."""
    codes = _in_order(cells["code"])
    wide = cells.pivot(index="code", columns="position", values="raised").reindex(codes)
    ax.pcolormesh(
        np.arange(wide.shape[1] + 1) + 0.5,
        np.arange(len(codes) + 1) - 0.5,
        wide.astype(float).to_numpy(),
        cmap=ListedColormap([PALE, DARK]),
        vmin=0,
        vmax=1,
        edgecolors="white",
        linewidth=0.8,
    )
    _code_axis(ax, codes, labels)
    place = cells.drop_duplicates("position").sort_values("position")
    bounds = place.groupby("group", sort=False)["position"].agg(["min", "max"])
    for low in bounds["min"].iloc[1:]:
        ax.axvline(low - 0.5, color="black", linewidth=1.5)
    sizes = place["group"].value_counts(sort=False)
    ax.set_xticks(bounds.mean(axis=1), [f"{group}\n(n = {sizes[group]})" for group in bounds.index])
    ax.tick_params(length=0)
    ax.set_xlabel("Interviewees, by group and number of codes raised (dark: raised)")
    return _titled(ax, title)


def plot_saturation(curve: pd.DataFrame, ax: Axes, reached_at: float | None = None, title: str = "") -> Axes:
    """Draw codes found after each interview and the band over random orders (`saturation_curve`)."""
    ax.fill_between(curve["interview"], curve["low"], curve["high"], color=PALE, label="95% of random orders")
    ax.plot(curve["interview"], curve["median"], color="grey", linestyle="--", label="median order")
    ax.plot(curve["interview"], curve["codes"], color=DARK, marker="o", markersize=4, label="as interviewed")
    if reached_at is not None and not pd.isna(reached_at):
        ax.axvline(
            float(reached_at), color=COLOURS[1], linewidth=1, linestyle=":", label="saturation reached"
        )
    ax.set_xlabel("Interviews (number)")
    ax.set_ylabel("Different codes found (number)")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylim(bottom=0)
    ax.legend(loc="lower right", frameon=False, fontsize=8)
    return _titled(ax, title)


def plot_agreement(
    table: pd.DataFrame, ax: Axes, labels: Mapping[str, str] | None = None, title: str = ""
) -> Axes:
    """Draw alpha and AC1 per code with intervals; the prevalence stands at the right (`coder_agreement`)."""
    codes = _in_order(table["code"])
    for number, (name, shown) in enumerate((("alpha", "Krippendorff alpha"), ("ac1", "Gwet AC1"))):
        own = table.dropna(subset=[name])
        at = own["code"].map(codes.index).to_numpy() + (number - 0.5) * 0.3
        sides = np.clip([own[name] - own[f"{name}_low"], own[f"{name}_high"] - own[name]], 0, None)
        style = {"fmt": MARKERS[number], "color": COLOURS[number], "markersize": 5, "capsize": 2}
        ax.errorbar(own[name], at, xerr=np.nan_to_num(sides), label=shown, **style)
    for y, share in enumerate(table["prevalence"]):
        if not pd.isna(share):
            ax.annotate(f"{share:.0%}", (1.04, y), va="center", fontsize=7)
    _code_axis(ax, codes, labels)
    ax.set_xlim(min(-0.1, *ax.get_xlim()), 1.16)
    ax.set_xlabel('Agreement (1 = full, 0 = chance) with interval; at the right: share of "yes"')
    _legend_below(ax, 2)
    return _titled(ax, title)


def _in_order(values: pd.Series) -> list[str]:
    return list(dict.fromkeys(values))


def _code_axis(ax: Axes, codes: list[str], labels: Mapping[str, str] | None) -> None:
    ax.set_yticks(range(len(codes)), [(labels or {}).get(code, code) for code in codes], fontsize=8)
    ax.set_ylim(len(codes) - 0.5, -0.5)
    ax.set_ylabel("Code")


def _titled(ax: Axes, title: str) -> Axes:
    return finish(ax, ax.get_xlabel(), ax.get_ylabel(), title)


def _legend_below(ax: Axes, columns: int) -> None:
    """Under the x label, so that the finding keeps the place above the axes."""
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, -45 / (ax.get_window_extent().height or 45))}
    ax.legend(**place, ncols=max(columns, 1), frameon=False, fontsize=8)


def alt_group_dots(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Say in words what `plot_group_dots` shows: k of n per code and group."""
    parts = []
    for code, rows in table.dropna(subset=["estimate"]).groupby("code", sort=False):
        counts = ", ".join(f"{row.group} {int(row.k)} of {int(row.n)}" for row in rows.itertuples())
        parts.append(f"{(labels or {}).get(code, code)}: {counts}")
    listed = "; ".join(parts) or "nothing can be shown"
    return f"Dots with intervals, interviewees who raise each code. {listed}."


def alt_presence(cells: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Say in words what `plot_presence` shows: how full the map is, its commonest and its rarest code."""
    shares = cells.groupby("code", sort=False)["raised"].sum().astype(int)
    names = [(labels or {}).get(code, code) for code in (shares.idxmax(), shares.idxmin())]
    people = cells["position"].nunique()
    return (
        f"Map of {len(shares)} codes by {people} interviewees in {cells['group'].nunique()} groups. "
        f"Most often raised: {names[0]} ({shares.max()} of {people}); least: {names[1]} ({shares.min()} of {people})."
    )


def alt_saturation(curve: pd.DataFrame) -> str:
    """Say in words what `plot_saturation` shows: how the number of codes grows and where it levels off."""
    half = curve.iloc[(len(curve) - 1) // 2]
    return (
        f"Rising line: {int(curve['codes'].iloc[0])} codes after the first interview, "
        f"{int(half['codes'])} after {int(half['interview'])}, {int(curve['codes'].iloc[-1])} after all "
        f"{int(curve['interview'].iloc[-1])}."
    )
