"""EQ-5D profiles: what R eq5d says of the same 400 pairs, and what can be worked by hand."""

import json

import matplotlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from places import ORACLES

from vbhc.instruments import eq5d, eq5d_change, eq5d_profile, eq5d_report

matplotlib.use("agg")
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


def test_paretian_classes_by_hand():
    before = ["11111", "11111", "22222", "22222", "22222", "11112"]
    after = ["11111", "11112", "22222", "12222", "13222", None]
    kinds = eq5d_change.paretian_class(before, after, "3L")
    assert kinds.tolist()[:5] == ["no problems", "worsened", "no change", "improved", "mixed change"]
    assert pd.isna(kinds.iloc[5])
    table = eq5d_change.pchc(before, after, "3L", no_problems=False)
    assert table.loc[table["scope"] == "profile", "count"].tolist() == [2, 1, 1, 1]
    assert table["n"].unique().tolist() == [5]
    assert table["n_missing"].unique().tolist() == [1]


def test_before_and_after_must_be_the_same_patients():
    with pytest.raises(ValueError, match="same patients"):
        eq5d_change.pchc(BEFORE, AFTER.iloc[::-1], "3L")


def test_probability_of_superiority_equals_r_eq5d():
    table = eq5d_change.probability_of_superiority(BEFORE, AFTER, "3L").set_index("dimension")
    for dimension, value in EXPECTED["probability_of_superiority_2dp"].items():
        assert table.loc[dimension, "estimate"] == pytest.approx(value, abs=0.0051)
    assert table.loc["mo", "estimate"] == (162 + 223 / 2) / 400
    assert (table["ci_low"] < table["estimate"]).all()
    assert (table["estimate"] < table["ci_high"]).all()


def test_shannon_equals_r_eq5d():
    table = eq5d_profile.shannon(BEFORE, "3L").set_index("scope")
    for scope, values in EXPECTED["shannon_before"].items():
        assert table.loc[scope, ["h", "h_max", "j"]].tolist() == pytest.approx(values, abs=6e-7)


def test_shannon_bounds():
    same = eq5d_profile.shannon(["11111"] * 5, "5L").set_index("scope")
    assert same["h"].eq(0).all()
    assert same.loc["profile", "h_max"] == pytest.approx(np.log2(3125))
    assert eq5d_profile.shannon(["11111", "22222", "33333"], "3L")["j"].iloc[1] == pytest.approx(1)


def test_density_index_equals_r_eq5d():
    assert eq5d_profile.density_index(BEFORE, "3L") == pytest.approx(EXPECTED["hsdi"]["before"], abs=6e-8)
    assert eq5d_profile.density_index(AFTER, "3L") == pytest.approx(EXPECTED["hsdi"]["after"], abs=6e-8)
    assert eq5d_profile.density_index(["11111", "11112"], "3L") == pytest.approx(1)
    assert np.isnan(eq5d_profile.density_index(pd.Series([None], dtype=object), "3L"))


def test_level_scores_equal_r_eq5d():
    assert eq5d_profile.level_frequency_score(BEFORE, "3L").head(12).tolist() == EXPECTED["lfs_first_12"]
    assert eq5d_profile.level_sum_score(BEFORE, "3L").head(12).tolist() == EXPECTED["lss_first_12"]
    missing = eq5d_profile.level_sum_score(pd.DataFrame([[1, 1, 1, 1, np.nan]]), "5L")
    assert missing.isna().all()


def test_profile_frequencies_equal_r_eq5d():
    table = eq5d_profile.profile_frequencies(BEFORE, "3L").head(8)
    assert table["profile"].tolist() == [row[0] for row in EXPECTED["top_profiles"]]
    assert table["n"].tolist() == [row[1] for row in EXPECTED["top_profiles"]]
    expected = [row[2] for row in EXPECTED["top_profiles"]]
    assert table["cumulative_profiles"].tolist() == pytest.approx(expected, abs=6e-9)
    assert table["cumulative_share"].iloc[7] == pytest.approx(0.5475)


def test_health_profile_grid_equals_r_eq5d():
    table = eq5d_change.health_profile_grid(BEFORE, AFTER, "3l-tto-uk")
    got = [[int(a), int(b), c] for a, b, c in table.head(10).itertuples(index=False)]
    assert got == EXPECTED["grid_first_10"]


def test_grid_starts_with_the_best_profile_and_ties_share_a_place():
    table = eq5d_change.health_profile_grid(["11111", "33333"], ["11111", "33333"], "3l-tto-uk")
    assert table["before"].tolist() == [1, 243]
    # Germany 2005: usual activities carry no weight, so 11211 equals 11311 but for the level-3 term
    tied = eq5d_change.health_profile_grid(["11211", "11121"], ["11212", "11212"], "3l-tto-germany")
    assert tied["after"].nunique() == 1


@pytest.mark.parametrize("bins", [0, 27])
def test_grid_figure_has_labels_and_returns_the_axes(bins):
    ax = Figure().subplots()
    grid = eq5d_change.health_profile_grid(BEFORE, AFTER, "3l-tto-uk")
    assert eq5d_change.plot_health_profile_grid(grid, ax, "3L", bins=bins) is ax
    assert "243 = worst" in ax.get_xlabel()
    assert "after" in ax.get_ylabel()


def test_density_figure_has_labels_and_returns_the_axes():
    ax = Figure().subplots()
    curve = eq5d_profile.density_curve(BEFORE, "3L")
    assert eq5d_profile.plot_density_curve(curve, ax, label="before") is ax
    assert "patients" in ax.get_xlabel()


def test_levels_by_visit_count_everybody():
    table = eq5d_report.levels_by_visit({"before": BEFORE, "after": [*AFTER[:-1], None]}, "3L")
    before = table[table["visit"] == "before"]
    for dimension, counts in EXPECTED["levels_before"].items():
        rows = before[(before["dimension"] == dimension) & before["level"].isin(["1", "2", "3"])]
        assert rows["count"].tolist() == counts
    missing = table[(table["visit"] == "after") & (table["level"] == "missing")]
    assert missing["count"].tolist() == [1] * 5
    assert missing["pct"].tolist() == pytest.approx([0.25] * 5)


def test_summary_by_hand():
    row = eq5d_report.summary({"baseline": pd.Series([0.0, 0.5, 1.0, np.nan])}).iloc[0]
    assert row[["estimate", "sd", "median", "min", "max"]].tolist() == [0.5, 0.5, 0.5, 0.0, 1.0]
    assert row[["n", "n_missing"]].tolist() == [3, 1]
    # t with 2 degrees of freedom: 4.302653
    assert row["ci_high"] == pytest.approx(0.5 + 4.302653 * 0.5 / np.sqrt(3), abs=1e-6)


def test_summaries_by_group_and_severity_add_up():
    index = eq5d.index(BEFORE, "3l-tto-uk")
    groups = pd.Series(["a", "b"] * 200)
    table = eq5d_report.summary_by_group(index, groups)
    assert table["name"].tolist() == ["a", "b", "all"]
    assert table["n"].tolist() == [200, 200, 400]
    severity = eq5d_report.summary_by_severity(index, BEFORE, "3L")
    assert severity["n"].sum() == 400
    assert severity["lss"].astype(int).is_monotonic_increasing


def test_top_profiles_of_each_visit():
    table = eq5d_report.top_profiles({"before": BEFORE, "after": AFTER}, "3L", top=3)
    assert table["visit"].tolist() == ["before"] * 3 + ["after"] * 3
    assert table["profile"].iloc[0] == "21221"


def test_vas_bands_hold_each_score_once():
    table = eq5d_report.vas_bands(pd.Series([*range(101), np.nan]))
    assert table["count"].tolist() == [1, *[10] * 9, 9, 1]
    assert table["n_missing"].iloc[0] == 1


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
    ps = eq5d_change.probability_of_superiority(first, last, "5L")["estimate"]
    reverse = eq5d_change.probability_of_superiority(last, first, "5L")["estimate"]
    assert (ps + reverse).tolist() == pytest.approx([1] * 5)
