"""Figures of what the costs are made of: stacked bars of the mean cost by component."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from vbhc import wording
from vbhc.publish.figure_style import HATCHES, PALETTE, drawable, finish, nothing_to_draw


def component_means(components: pd.DataFrame, group: pd.Series | None = None) -> pd.DataFrame:
    """Return the mean cost per patient of each component, by group, for a stacked bar.

    Parameters
    ----------
    components : DataFrame
        One column per component, one row per patient. A patient with any component missing is left out.
    group : Series, optional
        Splits patients; without it there is one bar, "all patients".

    Returns
    -------
    DataFrame
        `group, component, mean, share` (of the group's total), `n` patients, `n_users` with a cost above
        zero.
    """
    known = components.notna().all(axis=1)
    groups = pd.Series("all patients", index=components.index) if group is None else group
    rows = []
    for name in sorted(groups[known].dropna().unique(), key=str):
        part = components[known & (groups == name)].astype(float)
        means = part.mean()
        for component in components:
            share = means[component] / means.sum() if means.sum() > 0 else np.nan
            used = int((part[component] > 0).sum())
            rows.append((str(name), str(component), means[component], share, len(part), used))
    return pd.DataFrame(rows, columns=["group", "component", "mean", "share", "n", "n_users"])


def plot_components(
    data: pd.DataFrame,
    ax: Axes,
    xlabel: str = "Mean cost per patient",
    title: str = "",
    labels: dict[str, str] | None = None,
) -> Axes:
    """Draw the frame of `component_means` as horizontal stacked bars, a hatch and a colour per component."""
    shown = drawable(data, "mean")
    if shown.empty:
        return nothing_to_draw(ax)
    groups, components = list(dict.fromkeys(shown["group"])), list(dict.fromkeys(shown["component"]))
    start = dict.fromkeys(groups, 0.0)
    for i, component in enumerate(components):
        part = shown[shown["component"] == component]
        ax.barh(
            [groups.index(g) for g in part["group"]],
            part["mean"],
            left=[start[g] for g in part["group"]],
            color=PALETTE[i % len(PALETTE)],
            hatch=HATCHES[i % len(HATCHES)],
            edgecolor="white",
            label=(labels or {}).get(component, component.replace("_", " ")),
        )
        for row in part.itertuples():
            start[row.group] += row.mean
    ax.set_yticks(range(len(groups)), groups)
    ax.invert_yaxis()
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    ax.legend(frameon=False, ncols=min(4, len(components)), loc="upper center", bbox_to_anchor=(0.5, -0.18))
    return finish(ax, xlabel, "", title)


def alt_components(data: pd.DataFrame, currency: str) -> str:
    """Describe the stacked bars: per group the total and its parts, largest first."""
    shown = drawable(data, "mean")
    if shown.empty:
        return "Stacked bars of cost components: no group can be shown."
    parts = []
    for name, rows in shown.groupby("group", sort=False):
        ordered = rows.sort_values("mean", ascending=False)
        listed = [f"{r.component.replace('_', ' ')} {wording.percent(r.share)}" for r in ordered.itertuples()]
        total = wording.money(rows["mean"].sum(), currency)
        parts.append(f"{name} {total} per patient (n = {int(rows['n'].max()):,}): {wording.listing(listed)}")
    return f"Stacked bars of mean cost by component. {'; '.join(parts)}."
