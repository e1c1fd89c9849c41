"""Figures about association: correlations side by side, perception along outcome and VQ, and what is lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from vbhc import wording
from vbhc.publish.figure_style import (
    DOWN,
    LINE,
    MARKERS,
    QUIET,
    TOTAL,
    UP,
    dots,
    drawable,
    finish,
    listed,
    nothing_to_draw,
)
from vbhc.statistics.samples import as_float, check_same_index


def plot_associations(
    data: pd.DataFrame,
    ax: Axes,
    xlabel: str = "Rank correlation with perception",
    title: str = "",
    margin: float | None = None,
) -> Axes:
    """Draw estimates with their intervals, a row per `with` and a marker per coefficient.

    Parameters
    ----------
    data : DataFrame
        From `correlation.side_by_side` (or any frame with `estimate, low, high, coefficient` and
        `with`).
    margin : float, optional
        Shades -margin to +margin: what was called negligible beforehand.
    """
    shown = drawable(data, "estimate", "low", "high")
    if shown.empty:
        return nothing_to_draw(ax)
    names = {"spearman": "Spearman's ρ", "kendall": "Kendall's τ-b", "polychoric": "Polychoric r"}
    sides, kinds = list(dict.fromkeys(data["with"])), list(dict.fromkeys(shown["coefficient"]))
    if margin is not None:
        ax.axvspan(
            -margin, margin, color=QUIET, alpha=0.3, linewidth=0, label=f"negligible: within ±{margin:g}"
        )
    ax.axvline(0, color=LINE, linewidth=0.8)
    for i, kind in enumerate(kinds):
        rows = shown[shown["coefficient"] == kind]
        at = [sides.index(side) + 0.22 * (i - (len(kinds) - 1) / 2) for side in rows["with"]]
        dots(ax, rows, at, i, label=names.get(kind, kind))
    listed(ax, sides)
    if len(kinds) > 1 or margin is not None:
        ax.legend(frameon=False)
    return finish(ax, xlabel, "", title)


def alt_associations(data: pd.DataFrame, what: str = "Rank correlation of perception") -> str:
    """Describe the dots and intervals in numbers."""
    shown = drawable(data, "estimate", "low", "high")
    if shown.empty:
        return f"{what}: no estimate can be shown."
    parts = [
        f"{row['coefficient']} with {row['with']} {wording.number(row['estimate'])} "
        f"({wording.interval(row['low'], row['high'], row['ci_level'])})"
        for row in shown.to_dict("records")
    ]
    return f"Dots with intervals. {what}: {'; '.join(parts)}."


def perception_by_quantile(
    perception: pd.Series, measures: dict[str, pd.Series], n_groups: int = 5, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return mean perception in equal-sized groups along each measure, with a t interval.

    Parameters
    ----------
    perception : Series
        Higher = better.
    measures : dict
        Name -> Series on the same index, such as {"outcome": gain, "VQ": vq}.
    n_groups : int
        Groups of equal size; fewer where ties make edges coincide.

    Returns
    -------
    DataFrame
        `measure, group` (1 = lowest), `left, right` (medians of neighbouring groups are not shown: these are
        the group's quantile edges, open at both ends), `estimate, low, high, ci_level, n`.
    """
    check_same_index(perception, *measures.values())
    tables = []
    for name, values in measures.items():
        frame = pd.DataFrame({"p": as_float(perception), "m": as_float(values)}).dropna()
        if len(frame) >= n_groups:
            tables.append(_means_along(frame, n_groups, ci_level).assign(measure=name))
    columns = ["measure", "group", "left", "right", "estimate", "low", "high", "ci_level", "n"]
    return (
        pd.concat(tables, ignore_index=True)[columns]
        if tables
        else pd.DataFrame(columns=columns, dtype=float)
    )


def _means_along(frame: pd.DataFrame, n_groups: int, ci_level: float) -> pd.DataFrame:
    edges = np.unique(np.quantile(frame["m"], np.linspace(0, 1, n_groups + 1)[1:-1]))
    groups = frame.groupby(np.searchsorted(edges, frame["m"], side="left"))["p"]
    mean, n, sd = groups.mean(), groups.size(), groups.std(ddof=1)
    half = stats.t.ppf((1 + ci_level) / 2, np.maximum(n - 1, 1)) * sd / np.sqrt(n)
    limits = np.concatenate([[-np.inf], edges, [np.inf]])
    at = mean.index.to_numpy()
    return pd.DataFrame(
        {
            "group": np.arange(1, len(mean) + 1),
            "left": limits[at],
            "right": limits[at + 1],
            "estimate": mean.to_numpy(),
            "low": (mean - half).to_numpy(),
            "high": (mean + half).to_numpy(),
            "ci_level": ci_level,
            "n": n.to_numpy(),
        }
    )


def plot_perception_by_quantile(
    data: pd.DataFrame, ax: Axes, ylabel: str = "Mean perception", xlabel: str = "", title: str = ""
) -> Axes:
    """Draw mean perception from the lowest to the highest group of each measure, with intervals."""
    shown = drawable(data, "estimate", "low", "high")
    if shown.empty:
        return nothing_to_draw(ax)
    measures = list(dict.fromkeys(shown["measure"]))
    for i, measure in enumerate(measures):
        rows = shown[shown["measure"] == measure]
        at = rows["group"].astype(float) + 0.08 * (i - (len(measures) - 1) / 2)
        dots(ax, rows, at, i, upright=True, fmt=MARKERS[i] + ("-" if i == 0 else "--"), label=f"by {measure}")
    last = int(shown["group"].max())
    words = {1: "1\n(lowest)", last: f"{last}\n(highest)"}
    ax.set_xticks(range(1, last + 1), [words.get(g, str(g)) for g in range(1, last + 1)])
    ax.legend(frameon=False)
    return finish(ax, xlabel or "Group of patients, equal in size", ylabel, title)


def alt_perception_by_quantile(data: pd.DataFrame, what: str = "perception") -> str:
    """Describe how mean perception moves from the lowest to the highest group of each measure."""
    shown = drawable(data, "estimate", "low", "high")
    if shown.empty:
        return f"Mean {what} by groups: no group can be shown."
    parts = []
    for measure, rows in shown.groupby("measure", sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        parts.append(
            f"by {measure} it goes from {wording.number(first['estimate'])} in group {int(first['group'])} "
            f"to {wording.number(last['estimate'])} in group {int(last['group'])}"
        )
    return f"Lines with intervals. Mean {what} over groups from lowest to highest: {'; '.join(parts)}."


def plot_waterfall(data: pd.DataFrame, ax: Axes, title: str = "") -> Axes:
    """Draw the steps of `correlation.waterfall` or `log_waterfall`: totals and the changes between."""
    shown = drawable(data, "start", "end")
    if shown.empty:
        return nothing_to_draw(ax, str(data.attrs.get("reason", "There is nothing to follow.")))
    for at, row in enumerate(shown.itertuples()):
        colour, hatch = _bar_look(row.kind, row.change)
        look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "width": 0.65}
        ax.bar(at, row.end - row.start, bottom=row.start, **look)
        text = wording.number(row.end) if row.kind == "total" else f"{row.change:+.2f}"
        ax.annotate(
            text, (at, max(row.start, row.end)), xytext=(0, 3), textcoords="offset points", ha="center"
        )
        if at + 1 < len(shown):
            ax.plot([at + 0.33, at + 0.67], [row.end, row.end], color=LINE, linewidth=0.8)
    ax.axhline(0, color=LINE, linewidth=0.8)
    ax.set_xticks(range(len(shown)), [_two_lines(step) for step in shown["step"]])
    _room_above(ax, shown)
    return finish(ax, "", "Spearman's ρ", title)


def _room_above(ax: Axes, steps: pd.DataFrame) -> None:
    levels = np.append(steps[["start", "end"]].to_numpy().ravel(), 0.0)
    room = 0.12 * (levels.max() - levels.min() or 1.0)
    ax.set_ylim(levels.min() - (room if levels.min() < 0 else 0), levels.max() + room)


def _bar_look(kind: str, change: float) -> tuple[str, str]:
    if kind == "total":
        return TOTAL, ""
    return (DOWN, "///") if change < 0 else (UP, "\\\\\\")


def _two_lines(text: str) -> str:
    """Break a label at the space nearest its middle."""
    spaces = [i for i, letter in enumerate(text) if letter == " "]
    if len(text) < 12 or not spaces:
        return text
    middle = min(spaces, key=lambda i: abs(i - len(text) / 2))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


def alt_waterfall(data: pd.DataFrame) -> str:
    """Describe the waterfall step by step."""
    shown = drawable(data, "start", "end")
    if shown.empty:
        return str(data.attrs.get("reason", "Waterfall: nothing can be shown."))
    parts = [
        f"{row.step} {wording.number(row.end)}" if row.kind == "total" else f"{row.step} {row.change:+.2f}"
        for row in shown.itertuples()
    ]
    return f"Waterfall of the correlation: {', '.join(parts)}."
