"""Captions and labels that stand beside the code: each is used, and no word of a text stays unfilled."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pandas as pd
import pytest

from vbhc.chapters.stakeholders import layout


def test_every_layout_is_used_and_every_used_one_is_there():
    room = Path(inspect.getfile(layout)).parent
    code = "".join(path.read_text(encoding="utf-8") for path in room.glob("*.py"))
    used = re.findall(r'\b(?:table|drawing)\(\s*"([a-z-]+)"', code)
    assert set(used) == set(layout._LAYOUT)


def test_words_rules_and_notes_are_put_into_a_table():
    made = layout.table("quotations", pd.DataFrame({"id": []}), {"k": 5}, {"keep": ["id"]}, ["More."])
    assert made.notes == ["What is told of a speaker is shared by at least 5 interviewees.", "More."]
    assert (made.labels, made.rules) == ({"said": "In their own words"}, {"keep": ["id"]})
    with pytest.raises(KeyError, match="k"):
        layout.table("quotations", pd.DataFrame())


def test_a_figure_grows_with_its_rows():
    """By hand: 1 + 100 x 0.19 inches, 1 + 100 x 0.36 on a phone."""
    made = layout.drawing("tree", pd.DataFrame(), print, "Title", rows=100)
    assert (made.height, made.narrow_height) == pytest.approx((20, 37))
    assert layout.drawing("map", pd.DataFrame(), print, "Title", height=2.5, alt="A map").height == 2.5
