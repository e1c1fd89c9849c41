"""Medians, quartiles, lowest and highest values, and rows of one person, under every policy."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbhc.publish.disclosure import disclose
from vbhc.publish.disclosure.policies import POLICIES, get_policy

PROTECTING = [name for name, policy in POLICIES.items() if policy.protects]
TAILS = {"median": 0.5, "q1": 0.25, "q3": 0.25, "p10": 0.1, "p90": 0.1, "p95": 0.05}
EXTREMES = ["min", "max", "lowest", "oldest_age", "range"]


def summary(sizes):
    """One row per group, with the statistics that a description of patients has."""
    rng = np.random.default_rng(sum(sizes))
    frame = pd.DataFrame({"group": [f"g{number}" for number in range(len(sizes))], "n": sizes})
    for column in (*TAILS, *EXTREMES, "mean"):
        frame[column] = rng.normal(50, 10, len(sizes)).round(2)
    return frame


@pytest.mark.parametrize("name", PROTECTING)
@settings(max_examples=12, deadline=None)
@given(sizes=st.lists(st.integers(1, 300), min_size=1, max_size=6))
def test_no_quantile_stands_on_too_few_and_no_single_value_at_all(name, sizes):
    """Beyond a shown quantile, on its thinner side, stand more people than the policy hides."""
    policy, frame = get_policy(name), summary(sizes)
    shown = disclose(frame, policy, base="n", parts=False).frame
    assert shown[EXTREMES].isna().all(axis=None)
    for column, tail in TAILS.items():
        thin = (frame["n"] * tail).round(9) <= policy.hides_up_to
        assert shown.loc[thin, column].isna().all(), column
    assert shown.loc[frame["n"] <= policy.hides_up_to].drop(columns="group").isna().all(axis=None)


@pytest.mark.parametrize("name", PROTECTING)
@settings(max_examples=12, deadline=None)
@given(sizes=st.lists(st.integers(1, 300), min_size=1, max_size=6))
def test_quantiles_of_large_groups_stay(name, sizes):
    """What is withheld is not more than the rule asks for."""
    policy, frame = get_policy(name), summary(sizes)
    shown = disclose(frame, policy, base="n", parts=False).frame
    for column, tail in TAILS.items():
        thick = (frame["n"] * tail).round(9) > policy.hides_up_to
        assert shown.loc[thick, column].notna().all(), column


@pytest.mark.parametrize("name", PROTECTING)
def test_a_row_per_person_shows_nothing_but_its_label(name):
    frame = pd.DataFrame({"mark": list("abcd"), "n": [1, 1, 1, 1], "gain": [1.5, 2.5, 3.5, 9.5]})
    assert disclose(frame, get_policy(name)).frame[["n", "gain"]].isna().all(axis=None)


def test_policy_none_shows_all_of_it():
    frame = summary([3, 40])
    pd.testing.assert_frame_equal(disclose(frame, get_policy("none"), base="n").frame, frame)


def test_a_tail_of_exactly_the_limit_is_too_few():
    """140 people: 7 stand above the 95th percentile, which `1 - 0.95` makes 7.000000000000006."""
    shown = disclose(summary([140]), get_policy("hes"), base="n", parts=False).frame
    assert shown["p95"].isna().all()
