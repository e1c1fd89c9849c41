"""EQ-5D before and after: what R eq5d says of the same 400 pairs, and what can be worked by hand."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ORACLES

from vbhc.instruments import eq5d
from vbhc.instruments.responders import pchc

INSTRUMENTS = ORACLES / "instruments"
PAIRS = pd.read_csv(INSTRUMENTS / "eq5d_pairs.csv", dtype=str)
BEFORE, AFTER = PAIRS["before"], PAIRS["after"]
EXPECTED = json.loads((INSTRUMENTS / "eq5d_pairs.json").read_text())


def test_paretian_classes_equal_r_eq5d():
    table = pchc(BEFORE, AFTER, "3L")
    assert table["k"].tolist() == EXPECTED["pchc"]["profile"]
    assert table.loc[0, "share"] == pytest.approx(0.0725)


def test_levels_equal_r_eq5d():
    levels = eq5d.levels_of(BEFORE, "3L")
    for dimension, counts in EXPECTED["levels_before"].items():
        assert levels[dimension].value_counts().sort_index().tolist() == counts


def test_paretian_classes_by_hand():
    before = ["11111", "11111", "22222", "22222", "22222", "11112"]
    after = ["11111", "11112", "22222", "12222", "13222", None]
    table = pchc(before, after, "3L")
    assert table["k"].tolist() == [1, 1, 1, 1, 1]
    assert table["n"].unique().tolist() == [5]
    assert table["n_missing"].unique().tolist() == [1]


def test_before_and_after_must_be_the_same_patients():
    with pytest.raises(ValueError, match="same patients"):
        pchc(BEFORE, AFTER.iloc[::-1], "3L")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 5)] * 5), min_size=1, max_size=15))
def test_swapping_before_and_after_swaps_better_and_worse(rows):
    first = pd.DataFrame(rows)
    last = first.iloc[::-1].set_axis(first.index)
    forward = pchc(first, last, "5L").set_index("change")["k"]
    back = pchc(last, first, "5L").set_index("change")["k"]
    assert forward["improved"] == back["worsened"]
    assert forward["no change"] == back["no change"]
