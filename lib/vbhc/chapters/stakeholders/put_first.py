"""What each group puts first: ranks, and choices of the most and the least important."""

import textwrap
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.choices import enough_chose, ranks_sentence
from vbhc.chapters.stakeholders.heard import people
from vbhc.chapters.stakeholders.layout import drawing, furthest_groups
from vbhc.publish import figure_style as style
from vbhc.publish.claims import Claim, render
from vbhc.publish.interval_figure import GREY
from vbhc.publish.results import Drawing, Result
from vbhc.statistics.tables2x2 import mover
from vbhc.wording import level_name

ABREAST = 4  # panels side by side
LETTERS = 15  # of an item's name in one line


def put_first(asked: Asked | None) -> Result | None:
    """Show what each group ranks first, and chooses as most and least important; None without a survey."""
    if asked is None:
        return None
    scores, policy = enough_chose(asked.chosen, asked.policy), asked.policy
    says = [ranks_sentence(asked.ranks, asked.orders, policy)] if len(asked.ranks) else []
    drawn = best_worst_drawing(scores, asked.ci_level) if len(scores) else None
    return Result("survey-ranking", says=says, drawing=drawn) if says or drawn else None


def best_worst_drawing(scores: pd.DataFrame, ci_level: float) -> Drawing:
    """Return the best-worst scores of every group, a panel each."""
    data = scores[["group", "item", "n", "shown", "best", "worst", "score", "low", "high"]]
    groups, items = data["group"].nunique(), data["item"].nunique()
    rows, columns = ceil(groups / ABREAST), min(groups, ABREAST)
    words = {"level": level_name(ci_level)}
    shape: dict[str, Any] = {"panels": (rows, columns), "narrow_panels": (groups, 1)}
    shape |= {"height": (0.6 + 0.34 * items) * rows, "narrow_height": (0.5 + 0.23 * items) * groups}
    return drawing("survey-ranking", data, draw_best_worst, widest_item, words, **shape)


def widest_item(scores: pd.DataFrame) -> str:
    """Return the item on which two groups' scores lie furthest apart, as a heading from a claim."""
    claim = item_claim(scores)
    return "What was chosen as best and as worst" if claim is None else render(claim, numbers=False)


def item_claim(scores: pd.DataFrame) -> Claim | None:
    """Return by how much two groups' scores of an item lie apart, where it is most; None where none parts."""
    ends = furthest_groups(scores, "item", "score")
    if ends is None:
        return None
    first, second = (people(str(row["group"])) for row in ends)
    gap = mover(*(row[["score", "low", "high"]].to_numpy(dtype=float) for row in ends))
    return Claim("difference", f"the score of “{ends[0]['item']}”", *gap, first=first, second=second)


def draw_best_worst(data: pd.DataFrame, axes: Any) -> None:
    """Draw `group, item, score, low, high` in small multiples; a withheld score leaves its place empty."""
    panels: list[Axes] = list(np.atleast_1d(axes).ravel())
    known = style.drawable(data, "score")
    if known.empty:
        for place, ax in enumerate(panels):
            style.nothing_to_draw(ax, "" if place else "Nothing can be shown here.")
        return
    items = list(known.groupby("item", sort=False)["score"].mean().sort_values(ascending=False).index)
    groups = list(dict.fromkeys(data["group"]))
    beside = 1 if style.is_narrow(panels[0]) else panels[0].get_subplotspec().get_gridspec().ncols
    for ax in panels[len(groups) :]:
        ax.set_axis_off()
    for place, (ax, group) in enumerate(zip(panels, groups, strict=False)):
        _panel(ax, known[known["group"] == group], items, named=place % beside == 0)
        size = f" ({data.loc[data['group'] == group, 'n'].max():.0f})" if "n" in data else ""
        ax.text(0, 1.01, f"{people(str(group))}{size}", transform=ax.transAxes, weight="bold")


def _panel(ax: Axes, own: pd.DataFrame, items: list[str], named: bool) -> None:
    ax.axvline(0, color=style.LINE, linewidth=0.8, zorder=1)
    best = own["score"].max()
    for row in own.itertuples():
        at, hot = items.index(row.item), row.score == best
        look: dict[str, Any] = {"color": style.TOTAL if hot else GREY, "zorder": 3}
        if np.isfinite([row.low, row.high]).all():
            ax.plot([row.low, row.high], [at, at], linewidth=2 if hot else 1.5, **look)
        ax.plot(row.score, at, "o", markersize=6, mfc=look["color"] if hot else "white", **look)
    ax.set_yticks(range(len(items)), [textwrap.fill(item, LETTERS) for item in items] if named else [])
    ax.set_ylim(len(items) - 0.5, -0.5)
    ax.set_xlim(-1.05, 1.05)
    ax.set_xticks([-1, 0, 1])
    ax.tick_params(length=0)
    ax.spines[["left", "right", "top"]].set_visible(False)
    ax.spines["bottom"].set_color(style.QUIET)
