"""Estimates with their intervals: on a phone a name in bold keeps clear of its number."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vbhc.publish.interval_figure import draw_intervals, height_of

PHONE = (3.6, 2.0)


@pytest.mark.parametrize("label", ["Motivation: pace x ambition", "Strain: pace x ambition", "gain"])
def test_the_name_of_a_row_and_its_number_do_not_meet_on_a_phone(label):
    figure = Figure(figsize=PHONE, layout="constrained")
    renderer = FigureCanvasAgg(figure).get_renderer()
    row = {"label": label, "estimate": -0.23, "low": -0.36, "high": -0.09}
    axes = draw_intervals(pd.DataFrame([row, {**row, "label": "b"}]), figure.subplots(), told=(0,))
    figure.draw(renderer)
    name, number, *_ = (text.get_window_extent(renderer) for text in axes.texts)
    assert name.x1 < number.x0


@pytest.mark.parametrize(
    "label",
    [
        "KCCQ overall summary, at admission: worst off third",
        "NYHA class at admission: III",
        "Age: middle third",
    ],
)
def test_the_name_of_a_row_keeps_clear_of_the_row_above_on_a_phone(label):
    """A name of three lines ran into the mark above it, one of two into the line of no difference."""
    row = {"label": label, "estimate": 0.0, "low": -5.95, "high": 4.17}
    rows = pd.DataFrame([row, row, row])
    figure = Figure(figsize=(PHONE[0], height_of(rows)["narrow_height"]), layout="constrained")
    renderer = FigureCanvasAgg(figure).get_renderer()
    axes = draw_intervals(rows, figure.subplots(), told=())
    figure.draw(renderer)
    names = [text.get_window_extent(renderer) for text in axes.texts[::2]]
    marks = [line.get_window_extent(renderer) for line in axes.lines if line.get_marker() == "o"]
    zeros = [line.get_window_extent(renderer) for line in axes.lines[: len(rows)]]
    for below, mark, zero in zip(names[1:], marks, zeros, strict=False):
        assert below.y1 < min(mark.y0, zero.y0)
    for name, number in zip(axes.texts[::2], axes.texts[1::2], strict=True):
        last = name.get_text().rpartition("\n")[2]
        assert len(last) + len(number.get_text()) <= 40
