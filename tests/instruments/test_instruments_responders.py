"""Responders, QALYs and reliability: by hand, against known values, and refused where they make no sense."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbhc.instruments import qaly, reliability, responders

CHANGE = pd.Series([8, 9.5, -8, 3, 0, 7.9999999999, np.nan])


def test_responders_by_hand():
    table = responders.responders(CHANGE, "ohs").set_index("category")
    assert table["count"].tolist() == [3, 2, 1]
    assert table["estimate"].tolist() == pytest.approx([0.5, 1 / 3, 1 / 6])
    assert table["n"].tolist() == [6] * 3
    assert table["n_missing"].tolist() == [1] * 3
    assert table.loc["improved", "threshold"] == 8
    # Wilson 3 of 6 (R: prop.test(3, 6, correct = FALSE)): 0.1876 to 0.8124
    assert table.loc["improved", ["low", "high"]].tolist() == pytest.approx([0.18761, 0.81239], abs=1e-5)


def test_lower_is_better_turns_the_change_round():
    table = responders.responders(pd.Series([-10, 10, 0]), "mlhfq", threshold=5).set_index("category")
    assert table["count"].to_dict() == {"improved": 1, "unchanged": 1, "worsened": 1}
    assert responders.classify(pd.Series([-10]), 5, "lower is better").tolist() == ["improved"]


@pytest.mark.parametrize("options", [{"kind": "between groups"}, {"mcid": 5}, {"threshold": 5}])
def test_a_between_group_mcid_cannot_sort_patients(options):
    with pytest.raises(ValueError, match=r"between groups.*means of groups.*cannot sort single patients.*8"):
        responders.responders(CHANGE, "ohs", **options)


def test_a_group_mcid_cannot_sort_patients_either():
    with pytest.raises(ValueError, match="'group' is about means of groups"):
        responders.responders(CHANGE, "ohs", mcid=11)
    with pytest.raises(ValueError, match=r"eq5d_index: no individual MCID; known: 0\.074 \(group"):
        responders.responders(CHANGE, "eq5d_index")


def test_a_threshold_of_your_own_is_named_as_such():
    table = responders.responders(CHANGE / 100, "eq5d_index", threshold=0.074)
    assert table["count"].tolist() == [3, 2, 1]
    assert table["source"].iloc[0] == "threshold given by the analyst (known as that of a group mean)"
    with pytest.raises(ValueError, match="threshold must be > 0"):
        responders.responders(CHANGE, "ohs", threshold=0)
    with pytest.raises(ValueError, match="no scale 'ohss'; did you mean 'ohs'"):
        responders.responders(CHANGE, "ohss")


def test_the_mcid_that_is_meant_can_be_named():
    assert responders.individual_mcid("kccq_os").value == 5
    assert responders.individual_mcid("kccq_os", 20).label == "large to very large change"
    with pytest.raises(ValueError, match="no individual MCID of 6"):
        responders.individual_mcid("kccq_os", 6)


def test_nobody_answered():
    table = responders.responders(pd.Series([np.nan]), "oks")
    assert table["estimate"].isna().all()
    assert table["n"].tolist() == [0] * 3


def test_nobody_answered_is_said_without_a_share():
    table = responders.responders(pd.Series([np.nan, np.inf]), "oks")
    assert table["n_missing"].tolist() == [2] * 3
    said = responders.responders_sentence(table, "the Oxford Knee Score")
    assert said.startswith("No patient has a change on the Oxford Knee Score")
    assert "nan" not in said


@pytest.mark.parametrize("threshold", [5.0, 5.0001, 4.9995])
def test_a_threshold_next_to_a_between_group_mcid_is_refused_too(threshold):
    with pytest.raises(ValueError, match="cannot sort single patients"):
        responders.responders(CHANGE, "ohs", threshold=threshold)


def test_responders_sentence():
    table = responders.responders(CHANGE, "ohs")
    assert responders.responders_sentence(table, "the Oxford Hip Score") == (
        "3 of 6 patients (50%, 95% CI 19% to 81%) improved by 8 or more on the Oxford Hip Score;"
        " 1 (17%) got worse by as much."
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20), st.floats(0.5, 20))
def test_the_classes_add_up_and_mirror(values, threshold):
    change = pd.Series(values)
    up = responders.classify(change, threshold).value_counts()
    down = responders.classify(-change, threshold).value_counts()
    assert up.sum() == len(values)
    assert up["improved"] == down["worsened"]


def test_qaly_by_hand():
    # 0.5 to 0.7 over half a year, 0.7 to 0.9 over the other half: 0.3 + 0.4
    utilities = pd.DataFrame(
        [[0.5, 0.7, 0.9], [1, 1, 1], [0.8, 0.4, 0], [0.5, None, 0.9]], index=list("abcd")
    )
    got = qaly.qalys(utilities, [0, 0.5, 1])
    assert got.tolist()[:3] == pytest.approx([0.7, 1.0, 0.4])
    assert np.isnan(got["d"])
    assert got.index.tolist() == list("abcd")


def test_qaly_discounting_counts_later_years_less():
    two_years = pd.DataFrame([[1.0, 1.0, 1.0]])
    assert qaly.qalys(two_years, [0, 1, 2])[0] == pytest.approx(2)
    # weights 1, 1 / 1.035, 1 / 1.035 ** 2
    expected = (1 + 1 / 1.035) / 2 + (1 / 1.035 + 1 / 1.035**2) / 2
    assert qaly.qalys(two_years, [0, 1, 2], discount=0.035)[0] == pytest.approx(expected)


def test_qaly_mistakes_are_named():
    one = pd.DataFrame([[0.5, 0.7]])
    for utilities, years, message in (
        (one, [0, 1, 2], "one time per visit"),
        (one, [1, 0], "times must rise"),
        (one * 100, [0, 1], "is at most 1; are these EQ VAS scores"),
    ):
        with pytest.raises(ValueError, match=message):
            qaly.qalys(utilities, years)


def test_adjusting_for_baseline_finds_the_true_difference():
    rng = np.random.default_rng(11)
    n = 400
    group = pd.Series(np.where(np.arange(n) % 2, "new", "usual"))
    baseline = pd.Series(rng.normal(0.6, 0.1, n)) - 0.05 * (group == "new")  # an unlucky draw
    total = 0.2 + baseline + 0.03 * (group == "new") + rng.normal(0, 0.02, n)
    table = qaly.qaly_difference(total, baseline, group, "usual").set_index("method")
    adjusted = table.loc["adjusted for baseline"]
    assert adjusted["low"] < 0.03 < adjusted["high"]
    assert table.loc["unadjusted", "estimate"] < 0
    assert adjusted["n"] == n
    means = total.groupby(group).mean()
    assert table.loc["unadjusted", "estimate"] == pytest.approx(means["new"] - means["usual"])


def test_qaly_difference_counts_who_is_left_out():
    total = pd.Series([0.5, 0.6, 0.7, np.nan, 0.9, 0.8])
    baseline = pd.Series([0.4, 0.5, 0.5, 0.6, 0.8, 0.6])
    group = pd.Series(["a", "b", "a", "b", "b", "a"])
    table = qaly.qaly_difference(total, baseline, group, "a")
    assert table["n"].tolist() == [5, 5]
    assert table["n_missing"].tolist() == [1, 1]
    assert table["group"].tolist() == ["b", "b"]
    with pytest.raises(ValueError, match="needs reference group 'c'"):
        qaly.qaly_difference(total, baseline, group, "c")


def test_alpha_equals_the_r_package_psych():
    # pingouin's example data; R psych::alpha(use = "complete.obs") gives 0.8016949. pingouin's own interval
    # for incomplete data, 0.581 to 0.933, counts the 3 of 12 rows that it left out; on the 9 complete rows
    # pingouin too gives 0.533 to 0.947.
    import pingouin

    data = pingouin.read_dataset("cronbach_wide_missing")
    table = reliability.reliability(data).set_index("statistic")
    assert table.loc["alpha", "estimate"] == pytest.approx(0.8016949, abs=1e-7)
    assert table.loc["alpha", ["low", "high"]].tolist() == pytest.approx([0.533, 0.947], abs=5e-4)
    assert table.loc["alpha", "n"] + table.loc["alpha", "n_missing"] == len(data)


def test_omega_of_a_known_one_factor_model():
    # loadings 0.9, 0.7, 0.5, 0.3, unique variances 1 - loading ** 2: omega = 2.4 ** 2 / (2.4 ** 2 + 2.36)
    loadings = np.array([0.9, 0.7, 0.5, 0.3])
    covariance = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    rng = np.random.default_rng(5)
    normal = rng.normal(size=(50, 4))
    white = (normal - normal.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(normal.T))).T
    items = pd.DataFrame(white @ np.linalg.cholesky(covariance).T)  # its covariance is exactly that
    assert reliability.omega_total(items) == pytest.approx(2.4**2 / (2.4**2 + 2.36), abs=1e-6)
    assert np.isnan(reliability.omega_total(items[[0, 1]]))


def test_floor_and_ceiling_know_which_end_is_worst():
    hip = pd.Series([48.0, 48, 0, None])
    table = reliability.floor_ceiling(hip, 0, 48, "higher is better").set_index("end")
    assert table["count"].to_dict() == {"worst": 1, "best": 2}
    assert table.loc["best", "estimate"] == pytest.approx(200 / 3)
    assert table["n_missing"].tolist() == [1, 1]
    worse = reliability.floor_ceiling(pd.Series([105.0]), 0, 105, "lower is better")
    assert worse.set_index("end")["count"].to_dict() == {"worst": 1, "best": 0}


def test_reliability_of_each_scale():
    rng = np.random.default_rng(8)
    trait = rng.normal(size=(60, 1))
    items = pd.DataFrame(np.clip(np.round(2 + trait + rng.normal(0, 0.7, (60, 12))), 0, 4))
    table = reliability.scale_reliability("oks", items)
    assert table["scale"].unique().tolist() == ["oks", "oks_pain", "oks_function"]
    assert table["estimate"].between(0.5, 1).all()
    assert reliability.scale_reliability("eq5d-3l", items.iloc[:, :5].clip(1, 3), value_set="3l-tto-uk").empty
    with pytest.raises(ValueError, match="needs 2 items and 3 patients"):
        reliability.reliability(items[[0]])
