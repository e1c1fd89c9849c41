"""A figure in words tells every number of few rows, and the ends and extremes of many."""

import numpy as np
import pandas as pd

from vbhc.publish.alt_text import alt_text


def test_rows_are_told_with_their_intervals_and_those_withheld_are_counted():
    data = pd.DataFrame({"label": ["all", "few"], "estimate": [1.2, np.nan], "low": [1.0, np.nan]})
    data["high"] = [1.5, np.nan]
    assert alt_text(data, "Value") == "Value: all: 1.2 (1.0 to 1.5); 1 not shown."


def test_shares_are_percentages_and_counts_stand_with_their_whole():
    shares = pd.DataFrame({"label": ["a"], "estimate": [0.25], "low": [0.1], "high": [0.4]})
    assert alt_text(shares, "Better", share=True) == "Better: a: 25% (10% to 40%)."
    assert alt_text(pd.DataFrame({"group": ["payers"], "k": [13], "n": [15]}), "Say so").endswith("13 of 15.")


def test_of_many_rows_the_ends_and_the_extremes_are_told():
    bins = pd.DataFrame({"left": np.arange(40.0), "right": np.arange(40.0) + 1, "n": [1, 5, 9] + [4] * 37})
    told = alt_text(bins, "Patients by cost")
    marks = "first and lowest 0 to 1: 1, highest 2 to 3: 9, last 39 to 40: 4"
    assert told == f"Patients by cost: 40 marks, {marks}."


def test_groups_of_many_rows_are_told_apart():
    curve = pd.DataFrame({"tier": ["common"] * 30 + ["flawed"] * 2, "estimate": np.linspace(0, 0.62, 32)})
    told = alt_text(curve, "Correlation")
    assert "30 marks" in told
    assert "2 marks, first and lowest flawed: 0.60, highest and last flawed: 0.62" in told


def test_nothing_left_says_so():
    assert alt_text(pd.DataFrame({"label": ["a"], "n": [np.nan]}), "Patients") == "Patients: 1 not shown."
    assert alt_text(pd.DataFrame({"label": [], "n": []}), "Patients") == "Patients: nothing can be shown."
