"""Participant flow: who came in, who left and why, who answers each question."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes

from vbhc import wording
from vbhc.publish.figure_style import LINE, PALETTE, drawable, finish, nothing_to_draw

LEAVES = "excluded"
BOX_WIDTH, SIDE_WIDTH, FOOT_WIDTH = 34, 44, 76  # characters; the boxes of the foot share theirs
PADDING, GAP = 0.7, 1.4  # lines of text
LINE_HEIGHT = 1.3  # of the size of the letters
SPINE = 0.26  # where the steps stand, from left to right


def plot_flow(data: pd.DataFrame, ax: Axes, title: str | Callable[[pd.DataFrame], str] = "") -> Axes:
    """Draw the flow from top to bottom: steps as boxes, those who leave as boxes to the right.

    Parameters
    ----------
    data : DataFrame
        `step, n` and `reason` or `detail`. Rows whose step is "excluded" leave to the right; steps that start
        with "with " answer a question and stand side by side at the foot.
    title : str or callable
        A callable gets `data`, so that a title cannot say what the data withhold.
    """
    shown = drawable(data, "n")
    if shown.empty:
        return nothing_to_draw(ax)
    column = "reason" if "reason" in data else "detail"
    spine, foot = _spine_and_foot(shown)
    size = min(9.0, 72 * ax.get_figure(root=True).get_figheight() / _lines(data) / LINE_HEIGHT)
    ax.set_axis_off()
    level = _draw_spine(ax, spine, column, size)
    level = _draw_foot(ax, foot, level, column, size)
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(level - 0.5, 0.5)
    return finish(ax, title=title(data) if callable(title) else title)


def flow_size(data: pd.DataFrame) -> tuple[float, float]:
    """Return the size in inches that keeps the letters readable: page width, as high as needed."""
    return 7.0, max(2.5, round(_lines(data) * LINE_HEIGHT * 9 / 72, 1))


def _spine_and_foot(shown: pd.DataFrame) -> tuple[list[dict], list[dict]]:
    """Return the steps that follow one another, and those that answer a question side by side."""
    at_foot = shown["step"].astype(str).str.startswith("with ")
    return shown[~at_foot].to_dict("records"), shown[at_foot].to_dict("records")


def _lines(data: pd.DataFrame) -> float:
    """Height of the diagram in lines of text, boxes and gaps included."""
    steps = [str(step) for step in data["step"]]
    spine = sum(4 + 2 * PADDING + GAP for step in steps if not step.startswith("with "))
    shown = drawable(data, "n")
    foot = _spine_and_foot(shown)[1]
    column = "reason" if "reason" in data else "detail"
    lines = [_words(row, column, FOOT_WIDTH // len(foot)).count("\n") + 1 for row in foot]
    return spine + (max(lines) + 2 * PADDING + GAP if lines else 0)


def _draw_spine(ax: Axes, spine: list[dict], column: str, size: float) -> float:
    """Draw steps downwards and exclusions to the right; return the height below the last step, in lines."""
    height, bottom = 0.0, None
    for row in spine:
        leaves = row["step"] == LEAVES
        text = _words(row, column, SIDE_WIDTH if leaves else BOX_WIDTH)
        reach = (text.count("\n") + 1) / 2 + PADDING
        middle = height - reach - (0 if leaves or bottom is None else GAP)
        if leaves:
            _arrow(ax, (SPINE, middle), (0.58, middle))
            _box(ax, 0.59, middle, text, PALETTE[4], size, ha="left")
        else:
            if bottom is not None:
                _arrow(ax, (SPINE, bottom), (SPINE, middle + reach))
            _box(ax, SPINE, middle, text, PALETTE[0], size)
            bottom = middle - reach
        height = middle - reach - GAP / 2
    return height


def _draw_foot(ax: Axes, foot: list[dict], top: float, column: str, size: float) -> float:
    texts = [_words(row, column, FOOT_WIDTH // len(foot)) for row in foot]
    reach = max((text.count("\n") + 1 for text in texts), default=0) / 2 + PADDING
    for i, text in enumerate(texts):
        x = (i + 0.5) / len(foot)
        _arrow(ax, (SPINE, top + GAP / 2), (x, top - GAP))
        _box(ax, x, top - GAP - reach, text, PALETTE[6], size)
    return top - GAP - 2 * reach if foot else top


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": LINE, "shrinkA": 0, "shrinkB": 0})


def _words(row: dict, column: str, width: int) -> str:
    name = row["step"]
    detail = str(row.get(column) or "")
    lines = textwrap.wrap(wording.sentence_case(name), width)
    if detail and detail != name:
        lines += textwrap.wrap(detail, width)
    return "\n".join([*lines, f"n = {int(row['n']):,}"])


def _box(ax: Axes, x: float, y: float, text: str, colour: str, size: float, ha: str = "center") -> None:
    box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": colour, "linewidth": 1.3}
    ax.text(x, y, text, ha=ha, va="center", multialignment="left", fontsize=size, bbox=box)


def alt_flow(data: pd.DataFrame) -> str:
    """Describe the flow from top to bottom."""
    shown = drawable(data, "n")
    if shown.empty:
        return "Flow of participants: no step can be shown."
    column = "reason" if "reason" in data else "detail"
    parts = []
    for row in shown.to_dict("records"):
        detail = str(row.get(column) or "")
        parts.append(f"{row['step']} {int(row['n']):,}" + (f" ({detail})" if detail else ""))
    return f"Flow of participants, from top to bottom: {'; '.join(parts)}."
