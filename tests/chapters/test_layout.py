"""Captions and labels that stand beside the code: each is used, and no word of a text stays unfilled."""

from __future__ import annotations

import re
from dataclasses import fields

import pandas as pd
import pytest
import yaml
from places import REPO

from vbhc.chapters.stakeholders import layout
from vbhc.chapters.value import layout as of_value
from vbhc.publish.interval_figure import LOOK
from vbhc.publish.results import Drawing, Table

ROOMS = {path.parent.name: path for path in sorted((REPO / "lib/vbhc/chapters").glob("*/layout.yml"))}
SHOWN = pd.DataFrame({"label": ["one"], "estimate": [1.0], "low": [0.0], "high": [2.0]})


@pytest.mark.parametrize("room", ROOMS)
def test_every_layout_is_used_and_every_used_one_is_there(room):
    code = "".join(path.read_text(encoding="utf-8") for path in ROOMS[room].parent.rglob("*.py"))
    used = re.findall(
        r'\b(?:table|drawing|intervals|_laid_out|partial)\(\s*(?:trial, |layout\.drawing, )?"([a-z-]+)"', code
    )
    assert set(used) == set(yaml.safe_load(ROOMS[room].read_text(encoding="utf-8")))


@pytest.mark.parametrize("room", ROOMS)
def test_a_layout_has_the_fields_of_a_table_or_of_a_figure(room):
    known = {one.name for kind in (Table, Drawing) for one in fields(kind)} | set(LOOK)
    for name, plan in yaml.safe_load(ROOMS[room].read_text(encoding="utf-8")).items():
        assert set(plan) <= known, name


def test_words_rules_and_notes_are_put_into_a_table():
    made = layout.table("quotations", pd.DataFrame({"id": []}), {"k": 5}, {"keep": ["id"]}, ["More."])
    assert made.notes == ["What is told of a speaker is shared by at least 5 interviewees.", "More."]
    assert (made.labels, made.rules) == ({"said": "In their own words"}, {"keep": ["id"]})
    with pytest.raises(KeyError, match="k"):
        layout.table("quotations", pd.DataFrame())


def test_a_figure_grows_with_its_rows():
    """By hand: 1 + 100 x 0.19 inches, 1 + 100 x 0.36 on a phone."""
    made = layout.drawing("tree", pd.DataFrame(), print, "Title", {"few": 3}, rows=100)
    assert (made.height, made.narrow_height) == pytest.approx((20, 37))
    assert layout.drawing("map", pd.DataFrame(), print, "Title", height=2.5, alt="A map").height == 2.5


def test_a_figure_of_intervals_is_told_as_its_axis_unless_it_has_other_words():
    made = of_value.intervals("group-value", SHOWN, "Title", {"vq": Unit, "filled": " Filled."}, told=())
    assert (made.alt, made.caption) == (
        "Value quota of the group, points", "Full circle: the number to quote. Filled."
    )  # fmt: skip
    assert (made.key, made.draw.keywords) == (True, {"xlabel": "VQ, points", "told": ()})
    assert made.rules == {"undrawn": True}


class Unit:
    """What a text takes of a definition: its unit."""

    unit = "points"
