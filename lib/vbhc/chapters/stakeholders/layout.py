"""How the chapter's tables and figures are laid out, and the figure that several share: shares of people.

Shares have their intervals and k of n beside each, in blocks under a heading if there are any.
"""

import textwrap
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc.chapters.layout import laid_out
from vbhc.chapters.stakeholders.heard import people, raised_by_group
from vbhc.publish.claims import Claim
from vbhc.publish.figure_style import TOTAL, drawable, is_narrow, nothing_to_draw
from vbhc.publish.interval_figure import GREY, frame_rows, name_row
from vbhc.statistics.tables2x2 import wilson
from vbhc.wording import percent

table, drawing, intervals = laid_out(__file__)
HEADING_LETTERS = {False: 80, True: 38}  # of a heading in one line, by whether the figure is narrow
HEADING = 0.8  # of a row's height that a heading takes


def group_counts(presence: pd.DataFrame, groups: pd.Series, ci_level: float = 0.95) -> pd.DataFrame:
    """Return k of n interviewees per code and group, for any number of groups.

    Returns
    -------
    DataFrame
        One row per code and group, in the order of the columns and of the groups' first appearance:
        `code, group, k, n, estimate` (k / n), `low, high` (Wilson).
    """
    counted = [(code, *one) for code in presence for one in raised_by_group(presence[code], groups)]
    rows = [(code, name, k, n, k / n, *wilson(k, n, ci_level)) for code, name, k, n in counted]
    return pd.DataFrame(rows, columns=["code", "group", "k", "n", "estimate", "low", "high"])


def share_claim(what: str, k: int, n: int, ci_level: float) -> Claim:
    """Return how many of n people do something, with Wilson's interval."""
    return Claim("share", what, k / n if n else np.nan, *wilson(k, n, ci_level), n, k=k)


def furthest_groups(
    rows: pd.DataFrame, by: str = "label", value: str = "estimate"
) -> tuple[pd.Series, pd.Series] | None:
    """Return the rows of the two groups that lie furthest apart on one thing, the higher first.

    `rows` holds `group`, the thing `by` and the `value`; of like gaps the first. None where none parts.
    """
    known = rows.dropna(subset=[value])
    values = known.groupby(by, sort=False)[value]
    gap = values.max() - values.min()
    if not gap.max() > 0:
        return None
    own = known[known[by] == gap.idxmax()]
    return own.loc[own[value].idxmax()], own.loc[own[value].idxmin()]


def draw_shares(data: pd.DataFrame, ax: Axes, *, told: Collection[str] = (), xlabel: str = "") -> Axes:
    """Draw `group, estimate, low, high`, a row each; `label` heads the rows that share it.

    Parameters
    ----------
    data : DataFrame
        With `k, n` they are written beside the mark, else the share in per cent.
    told : collection of str
        Groups that the title is about: full and in colour, all others grey and hollow.
    """
    rows = drawable(data, "estimate", "low", "high")
    if rows.empty:
        return nothing_to_draw(ax)
    narrow, place = is_narrow(ax), 0.0
    heads = "label" in rows
    for label, block in rows.groupby("label" if heads else lambda _: "", sort=False):
        if heads:
            name = textwrap.fill(str(label), HEADING_LETTERS[narrow])
            place += 0.35 * name.count("\n")
            across: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "va": "center", "weight": "bold"}
            ax.text(0 if narrow else -0.02, place - 0.1, name, ha="left", **across)
            place += HEADING
        for row in block.itertuples():
            _mark(ax, place, row, row.group in told, narrow)
            place += 1
        place += 0.25 if heads else 0
    frame_rows(ax, 1, xlabel, narrow, share=True)
    ax.set_ylim(place - 0.4, -1.0 if narrow else -0.6)
    ax.set_xlim(-0.02, 1.02)
    return ax


def _mark(ax: Axes, place: float, row: Any, hot: bool, narrow: bool) -> None:
    """Draw one share; its numbers are "13 of 15", or "87%" where the counts are not told."""
    look: dict[str, Any] = {"color": TOTAL if hot else GREY, "zorder": 3}
    ax.plot([row.low, row.high], [place, place], linewidth=2 if hot else 1.5, **look)
    ax.plot(row.estimate, place, "o", markersize=7, mfc=look["color"] if hot else "white", **look)
    k, n = getattr(row, "k", np.nan), getattr(row, "n", np.nan)
    said = f"{k:.0f} of {n:.0f}" if np.isfinite([k, n]).all() else percent(row.estimate)
    name_row(ax, place, people(str(row.group)), said, narrow, hot)


def height_of(data: pd.DataFrame) -> dict[str, Any]:
    """Return the heights of such a figure on a page and on a phone, for `results.Drawing`."""
    rows = len(data) + (HEADING + 0.25) * (data["label"].nunique() if "label" in data else 0)
    return {"height": 0.9 + 0.36 * rows, "narrow_height": 1.0 + 0.55 * rows}
