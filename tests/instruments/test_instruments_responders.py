"""Responders, QALYs and reliability: by hand, against known values, and refused where they make no sense."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbhc.instruments import qaly, reliability, responders

CHANGE = pd.Series([8, 9.5, -8, 3, 0, 7.9999999999, np.nan])


def test_responders_by_hand():
    """A change that equals the threshold counts, but for the last binary digit."""
    sorted_ = responders.classify(CHANGE, 8)
    assert sorted_.tolist()[:6] == ["improved", "improved", "worsened", "unchanged", "unchanged", "improved"]
    assert sorted_.isna().tolist() == [False] * 6 + [True]
    assert responders.classify(pd.Series([np.inf]), 5).isna().all()
    with pytest.raises(ValueError, match="threshold must be > 0"):
        responders.classify(CHANGE, 0)


@pytest.mark.parametrize(
    ("value", "kind"), [(5, "between groups"), (5.0001, "between groups"), (11, "group")]
)
def test_the_mcid_of_a_mean_cannot_sort_patients(value, kind):
    with pytest.raises(ValueError, match=rf"{kind}.*means of groups and cannot sort single patients.*8"):
        responders.individual_mcid("ohs", value)
    with pytest.raises(ValueError, match=r"eq5d_index: no individual MCID; known: 0\.074 \(group"):
        responders.individual_mcid("eq5d_index")


def test_the_mcid_that_is_meant_can_be_named():
    assert responders.individual_mcid("kccq_os").value == 5
    assert responders.individual_mcid("kccq_os", 20).label == "large to very large change"
    with pytest.raises(ValueError, match="no individual MCID of 6"):
        responders.individual_mcid("kccq_os", 6)


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


def test_alpha_equals_the_r_package_psych():
    # pingouin's example data; R psych::alpha(use = "complete.obs") gives 0.8016949. pingouin's own interval
    # for incomplete data, 0.581 to 0.933, counts the 3 of 12 rows that it left out; on the 9 complete rows
    # pingouin too gives 0.533 to 0.947.
    import pingouin

    data = pingouin.read_dataset("cronbach_wide_missing")
    row = reliability.reliability(data).iloc[0]
    assert row["alpha"] == pytest.approx(0.8016949, abs=1e-7)
    assert row[["low", "high"]].tolist() == pytest.approx([0.533, 0.947], abs=5e-4)
    assert row["n"] + row["n_missing"] == len(data)


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


def test_reliability_of_each_scale():
    rng = np.random.default_rng(8)
    trait = rng.normal(size=(60, 1))
    items = pd.DataFrame(np.clip(np.round(2 + trait + rng.normal(0, 0.7, (60, 12))), 0, 4))
    table = reliability.scale_reliability("oks", items)
    assert table["scale"].unique().tolist() == ["oks", "oks_pain", "oks_function"]
    assert table[["alpha", "omega"]].stack().between(0.5, 1).all()
    assert reliability.scale_reliability("eq5d-3l", items.iloc[:, :5].clip(1, 3), value_set="3l-tto-uk").empty
    with pytest.raises(ValueError, match="needs 2 items and 3 patients"):
        reliability.reliability(items[[0]])
