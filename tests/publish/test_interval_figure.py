"""Estimates with their intervals: on a phone a name in bold keeps clear of its number."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vbhc.publish.interval_figure import draw_intervals

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
