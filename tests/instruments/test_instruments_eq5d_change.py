"""EQ-5D before and after: what R eq5d says of the same 400 pairs, and what can be worked by hand."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ORACLES

from vbhc.instruments import eq5d, eq5d_change

INSTRUMENTS = ORACLES / "instruments"
PAIRS = pd.read_csv(INSTRUMENTS / "eq5d_pairs.csv", dtype=str)
BEFORE, AFTER = PAIRS["before"], PAIRS["after"]
EXPECTED = json.loads((INSTRUMENTS / "eq5d_pairs.json").read_text())


def test_paretian_classes_equal_r_eq5d():
    table = eq5d_change.pchc(BEFORE, AFTER, "3L")
    for scope, counts in EXPECTED["pchc"].items():
        assert table.loc[table["scope"] == scope, "count"].tolist() == counts
    assert table.loc[0, "pct"] == pytest.approx(7.25)
    mobility = table[(table["scope"] == "mo") & (table["change"] == "improved")].iloc[0]
    assert mobility["pct"] == pytest.approx(40.5)
    assert mobility["pct_with_problems"] == pytest.approx(100 * 162 / 360)


def test_levels_equal_r_eq5d():
    levels = eq5d.levels_of(BEFORE, "3L")
    for dimension, counts in EXPECTED["levels_before"].items():
        assert levels[dimension].value_counts().sort_index().tolist() == counts


def test_paretian_classes_by_hand():
    before = ["11111", "11111", "22222", "22222", "22222", "11112"]
    after = ["11111", "11112", "22222", "12222", "13222", None]
    table = eq5d_change.pchc(before, after, "3L")
    assert table.loc[table["scope"] == "profile", "count"].tolist() == [1, 1, 1, 1, 1]
    assert table["n"].unique().tolist() == [5]
    assert table["n_missing"].unique().tolist() == [1]


def test_before_and_after_must_be_the_same_patients():
    with pytest.raises(ValueError, match="same patients"):
        eq5d_change.pchc(BEFORE, AFTER.iloc[::-1], "3L")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 5)] * 5), min_size=1, max_size=15))
def test_swapping_before_and_after_swaps_better_and_worse(rows):
    first = pd.DataFrame(rows)
    last = first.iloc[::-1].set_axis(first.index)
    forward = eq5d_change.pchc(first, last, "5L").set_index(["scope", "change"])["count"]
    back = eq5d_change.pchc(last, first, "5L").set_index(["scope", "change"])["count"]
    for scope in ("profile", "mo"):
        assert forward[scope, "improved"] == back[scope, "worsened"]
        assert forward[scope, "no change"] == back[scope, "no change"]
