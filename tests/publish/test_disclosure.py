"""What a disclosure policy hides, what it leaves, and that what it hides cannot be worked out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vbhc.publish.disclosure import count_columns, disclose, disclose_parts
from vbhc.publish.disclosure.counting import counts_said
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.disclosure.said import may_say

NONE, PROMS = get_policy("none"), get_policy("nhs-proms")


def providers(**columns):
    return pd.DataFrame({"provider": ["A", "B", "C", "D"], "n": [120, 3, 48, 9], **columns})


def test_hand_worked_small_count_takes_the_next_smallest_with_it():
    shown = disclose(providers(), PROMS)
    assert shown.hidden["n"].tolist() == [False, True, False, True]  # 3 is small; 9 hides it from 180 - 168
    assert shown.frame["n"].isna().tolist() == [False, True, False, True]
    assert shown.frame["provider"].tolist() == ["A", "B", "C", "D"]


def test_policy_none_hides_nothing():
    frame = providers(mean=[1.0, 2.0, 3.0, 4.0])
    shown = disclose(frame, NONE)
    pd.testing.assert_frame_equal(shown.frame, frame)
    assert not shown.hidden.to_numpy().any()
    assert shown.log == []


def test_bounds_of_the_policy_are_one_and_five():
    frame = pd.DataFrame({"group": list("abcdef"), "n": [0, 1, 5, 6, 7, 100]})
    shown = disclose(frame, PROMS)
    assert shown.hidden["n"].tolist() == [False, True, True, False, False, False]


def test_rows_that_are_no_parts_of_a_whole_need_no_second_cell():
    assert disclose(providers(), PROMS, parts=False).hidden["n"].sum() == 1


def test_two_small_cells_that_add_up_to_too_few_take_a_third():
    frame = pd.DataFrame({"group": list("abcd"), "n": [1, 1, 80, 40]})  # 122 - 120 = 2 would give both away
    assert disclose(frame, PROMS).hidden["n"].tolist() == [True, True, False, True]


def test_statistics_of_a_small_group_go_and_of_a_second_cell_stay_when_their_base_is_named():
    frame = providers(mean=[1.5, 2.5, 3.5, 4.5])
    assert disclose(frame, PROMS, base="n").hidden["mean"].tolist() == [False, True, False, False]
    assert disclose(frame, PROMS).hidden["mean"].tolist() == [False, True, False, True]


def test_a_share_goes_wherever_its_count_goes():
    frame = providers(percent=[66.7, 1.7, 26.7, 5.0])
    shown = disclose(frame, PROMS, base="n", shares={"percent": "n"})
    assert shown.hidden["percent"].tolist() == shown.hidden["n"].tolist()


def test_a_hidden_missing_count_hides_the_count_that_it_is_taken_from():
    frame = pd.DataFrame({"scale": ["x", "y"], "n": [245, 200], "n_missing": [3, 48]})
    shown = disclose(frame, PROMS, parts=False)
    assert shown.hidden.loc[0, ["n", "n_missing"]].all()  # 248 - 245 would give the 3 away
    assert not shown.hidden.loc[1].any()


def test_lowest_and_highest_values_are_answers_of_single_people():
    frame = pd.DataFrame({"n": [50, 60], "min_age": [18, 22], "mean": [40.0, 41.0], "max": [99, 87]})
    shown = disclose(frame, PROMS)
    assert shown.hidden.columns[shown.hidden.any()].tolist() == ["min_age", "max"]


def test_formatted_text_beside_a_hidden_count_goes_too_and_labels_stay():
    frame = pd.DataFrame({"provider": ["A", "B"], "n": [4, 90], "says": ["4 (4%)", "90 (96%)"]})
    shown = disclose(frame, PROMS)
    assert shown.hidden["says"].all()
    assert not shown.hidden["provider"].any()


def test_columns_that_describe_rows_are_kept_on_request():
    frame = pd.DataFrame({"left": [0, 10], "right": [10, 20], "n": [2, 40]})
    shown = disclose(frame, PROMS, keep=("left", "right"), parts=False)
    assert shown.frame["left"].tolist() == [0, 10]


@pytest.mark.parametrize("name", ["n", "n_missing", "patients", "count", "event_count", "responders_n"])
def test_a_forgotten_count_is_found_by_its_name(name):
    assert count_columns(pd.DataFrame({name: [3, 40]})) == [name]


def test_things_that_are_no_people_are_not_counted():
    frame = pd.DataFrame({"n_items": [3, 4], "n": [50, 60]})
    assert count_columns(frame, not_people=("n_items",)) == ["n"]
    assert not disclose(frame, PROMS, not_people=("n_items",)).hidden["n_items"].any()


def test_a_misspelt_column_is_an_error():
    with pytest.raises(ValueError, match="no column 'patient' in the table; did you mean 'patients'"):
        disclose(pd.DataFrame({"patients": [3]}), PROMS, counts=("patient",))


def test_a_misspelt_policy_is_an_error_and_never_no_policy():
    with pytest.raises(ValueError, match="did you mean 'nhs-proms'"):
        get_policy("nhs-prom")


def test_figure_data_must_say_what_counts_people():
    with pytest.raises(ValueError, match=r"no count column 'n'.*counts=\(\)"):
        disclose_parts({"": pd.DataFrame({"x": [1.0]})}, PROMS, counts=("n",))


def test_log_names_columns_and_cells_but_no_values():
    log = disclose(providers(mean=[1.5, 777.25, 3.5, 4.5]), PROMS, base="n").log
    assert [(entry["column"], entry["cells"]) for entry in log] == [("n", 2), ("mean", 1)]
    assert "777" not in str(log)


def test_input_is_left_as_it_is():
    frame = providers(mean=[1.5, 2.5, 3.5, 4.5])
    before = frame.copy()
    disclose(frame, PROMS)
    pd.testing.assert_frame_equal(frame, before)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=8))
def test_no_small_count_follows_from_the_column_total(counts):
    hidden = disclose(
        pd.DataFrame({"group": range(len(counts)), "n": counts}), PROMS, keep=("group",)
    ).hidden["n"]
    values = np.array(counts)
    # Where the total itself is too small it is not published either, and no further cell helps.
    assume(values.sum() > 5)
    small = (values > 0) & (values <= 5)
    assert hidden[small].all()
    if small.any() and not hidden.all():
        left_over = values[hidden].sum()  # what total minus the shown cells tells
        assert hidden.sum() > 1
        assert left_over > 5


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=6))
def test_no_line_of_a_two_way_table_hides_a_single_cell(rows):
    frame = pd.DataFrame(rows, columns=["n_yes", "n_no"])
    # Where a sum itself is too small, no further cells help.
    assume(min(frame.sum(axis=0).min(), frame.sum(axis=1).min()) > 5)
    hidden = disclose(frame, PROMS).hidden.to_numpy()
    assert (hidden.sum(axis=1) != 1).all()
    assert (hidden.sum(axis=0) != 1).all()


@pytest.mark.parametrize(
    ("counts", "allowed"),
    [([0], True), ([1], False), ([5], False), ([6], True), ([(120, 248)], True), ([(245, 248)], False)],
)
def test_sentences_are_held_to_the_same_threshold(counts, allowed):
    assert may_say(counts, PROMS) is allowed
    assert may_say(counts, NONE) is True


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("r = 0.04, n = 236", [236]),
        ("12 of 1,248 patients", [(12, 1248)]),
        ("3 of the 40 clinicians (n=3)", [3, (3, 40)]),
        ("It ends with n = 3.", [3]),
        ("3 of 17 codes differ", []),
        ("0.5 of 2.5 points, p = .03", []),
        ("Only 1 patient(s) have a cost", [1]),
        ("44 patients answered", [44]),
        ("3 people, 5 interviewees and 12 records", [3, 5, 12]),
        ("1 complete pairs", [1]),
        ("2 older female patients", [2]),
        ("5 improved of 248 patients", [(5, 248)]),
        ("36,951 of 40,383 patients improved; 229 (1%) got worse", [(36951, 40383), 229]),
        ("Of those, 4 died", [4]),
        ("Counts of 1 to 5 people are withheld", []),
        ("6 months after surgery patients gain", []),
        ("95% of patients, PHQ-9 patients, 3-year patients", []),
        ("a mean of 3 hospital days per patient, 3.2 patients a day", []),
    ],
)
def test_counts_in_a_text_are_found_without_being_named(text, counts):
    assert counts_said(text) == counts


def test_counts_of_a_flow_that_lie_close_are_not_both_shown():
    flow = pd.DataFrame({"step": ["assessed", "excluded", "kept", "with cost"], "n": [252, 4, 248, 246]})
    assert disclose(flow, PROMS, nested=True).hidden["n"].tolist() == [False, True, True, False]
    assert disclose(flow, NONE, nested=True).hidden["n"].sum() == 0


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=9))
def test_no_two_shown_counts_of_a_flow_differ_by_too_few(counts):
    shown = disclose(pd.DataFrame({"n": counts}), PROMS, nested=True).frame["n"].dropna().unique()
    assert not any(0 < abs(one - other) <= 5 for one in shown for other in shown if one and other)


def test_a_text_in_a_table_that_gives_a_small_count_is_withheld_like_a_sentence():
    frame = pd.DataFrame({"check": ["a", "b"], "n": [80, 90], "says": ["3 of 80 patients died", "Fine."]})
    shown = disclose(frame, PROMS, parts=False)
    assert shown.hidden["says"].tolist() == [True, False]
    assert shown.log == [{"column": "says", "cells": 1, "why": "a text that gives a count of 1 to 5 people"}]
    assert not disclose(frame, NONE).hidden.to_numpy().any()


HES, OPENSAFELY, ACRO = get_policy("hes"), get_policy("opensafely"), get_policy("acro")


@pytest.mark.parametrize("name", ["nhs-proms", "hes", "opensafely", "acro"])
def test_every_policy_that_protects_says_its_rule_and_its_source(name):
    policy = get_policy(name)
    assert policy.protects
    assert policy.rule.endswith(".")
    assert len(policy.source) > 20


# ACRO's default.yaml: safe_threshold 10; its check fails a count below the threshold, zero included.
@pytest.mark.parametrize(("policy", "most"), [(PROMS, 5), (HES, 7), (OPENSAFELY, 7), (ACRO, 9)])
def test_each_policy_hides_up_to_its_own_threshold(policy, most):
    assert policy.hides(most)
    assert not policy.hides(most + 1)
    assert policy.hides(0) is (policy is ACRO)


def test_hand_worked_rounding_with_totals_from_the_cells():
    frame = pd.DataFrame({"site": ["A", "B", "C", "all"], "n": [122, 6, 48, 176], "died": [13, 0, 9, 22]})
    shown = disclose(frame, OPENSAFELY, counts=["died"])
    assert shown.hidden["n"].tolist() == [False, True, False, False]
    assert shown.frame["n"].tolist()[0] == 120
    assert shown.frame["n"].tolist()[3] == 170  # 120 + 50, not the 175 that 176 rounds to
    assert shown.frame["died"].tolist()[3] == 25  # 15 + 0 + 10
    assert disclose(frame, HES, counts=["died"]).frame["n"].tolist()[3] == 175


def test_shares_are_computed_from_rounded_counts_whether_declared_or_not():
    frame = pd.DataFrame({"arm": ["a", "b"], "k": [12, 33], "n": [48, 61]})
    frame["share"], frame["percent"] = frame["k"] / frame["n"], 100 * frame["k"] / frame["n"]
    frame["low"] = [0.1, 0.4]
    shown = disclose(frame, OPENSAFELY, counts=["k", "n"], parts=False)
    assert shown.frame["share"].tolist() == [10 / 50, 35 / 60]
    assert shown.frame["percent"].tolist() == pytest.approx([100 * 10 / 50, 100 * 35 / 60])
    assert shown.hidden["low"].all()  # an exact interval would give the exact counts away
    assert not disclose(frame, HES, counts=["k", "n"], parts=False).hidden["low"].any()


def test_an_interval_that_is_of_no_percentage_stays_beside_one():
    """OpenSAFELY leaves intervals around percentages out: that of a mean in the same row is none of them."""
    frame = pd.DataFrame({"arm": ["a", "b"], "n": [48, 61], "value": [1.32, 0.4], "value_low": [0.5, 0.1]})
    frame["share"], frame["low"], frame["high"] = [0.25, 33 / 61], [0.15, 0.41], [0.39, 0.66]
    frame["gain"], frame["gain_low"] = [9.1, 8.2], [5.2, 4.1]
    frame["difference"], frame["difference_low"] = [0.01, 0.3], [-0.1, 0.2]  # of two shares
    hidden = disclose(frame, OPENSAFELY, base="n", parts=False).hidden
    gone = ["low", "high", "difference_low"]
    assert hidden.columns[hidden.all()].tolist() == gone
    assert not hidden.drop(columns=gone).to_numpy().any()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=7), st.sampled_from(["hes", "opensafely"]))
def test_rounded_tables_show_multiples_of_five_and_no_small_counts(counts, name):
    frame = pd.DataFrame({"group": list("abcdefg")[: len(counts)], "n": counts})
    shown = disclose(frame, get_policy(name)).frame["n"].dropna()
    assert (shown % 5 == 0).all()
    assert not ((shown > 0) & (shown < 10)).any()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12 of 248 patients (5%) died.", "10 of 250 patients (4%) died."),
        ("1,123 patients, n = 1,123.", "1,125 patients, n = 1,125."),
        ("3 of 248 patients died.", None),
        ("245 of 248 patients lived.", "245 of 250 patients lived."),
        ("22 of 48 patients (46%, 95% CI 33% to 60%) gained.", "20 of 50 patients (40%) gained."),
        ("r = 0.12, 23.5 points", "r = 0.12, 23.5 points"),
    ],
)
def test_counts_in_texts_are_rounded_where_the_policy_rounds(text, shown):
    from vbhc.publish.disclosure.said import may_show

    assert may_show(text, OPENSAFELY) == shown


def test_a_count_that_is_named_is_rounded_wherever_it_stands():
    from vbhc.publish.disclosure.said import may_show

    assert may_show("Of all, 405 were left, 405 in sum.", HES, [405]) == "Of all, 405 were left, 405 in sum."
    assert (
        may_show("Of all, 402 were left; 402.5 points.", HES, [402]) == "Of all, 400 were left; 402.5 points."
    )
    assert may_show("Of all, 4 were left.", HES, [4]) is None


def test_quantiles_beyond_which_too_few_stand_are_withheld():
    frame = pd.DataFrame(
        {"n": [9, 24, 400], "median_cost": [1.0, 2, 3], "p90": [4.0, 5, 6], "iqr": [7.0, 8, 9]}
    )
    shown = disclose(frame, PROMS, base="n", parts=False)
    assert shown.hidden["median_cost"].tolist() == [True, False, False]  # 4.5 people on each side of 9
    assert shown.hidden["p90"].tolist() == [True, True, False]  # 2.4 people above it of 24
    assert shown.hidden["iqr"].tolist() == [True, False, False]


# The two rules as ACRO words them: the two largest over 90% of the sum; the rest under 10% of the largest.
@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        ([50, 45, 2, 2, 1], True),
        ([100, 80, 5, 3, 1], True),
        ([10] * 12, False),
        ([60, 20, 10, 5, 5], False),
        ([float("nan"), 0, 0], False),
    ],
)
def test_sums_that_one_or_two_people_dominate_are_withheld(values, hidden):
    frame = pd.DataFrame({"ward": ["x"], "n": [40], "sum_cost": [float(np.nansum(values))]})
    rules = {"base": "n", "contributions": {"sum_cost": [values]}, "parts": False}
    assert disclose(frame, ACRO, **rules).hidden["sum_cost"].tolist() == [hidden]
    assert not disclose(frame, PROMS, **rules).hidden["sum_cost"].any()


def test_statistics_with_few_degrees_of_freedom_are_withheld_under_acro():
    frame = pd.DataFrame({"model": ["a", "b"], "n": [15, 40], "dof": [9, 30], "slope": [1.0, 2.0]})
    assert disclose(frame, ACRO, base="n", keep=["dof"], parts=False).hidden["slope"].tolist() == [
        True,
        False,
    ]


def test_parts_of_one_split_are_no_help_for_another():
    frame = pd.DataFrame(
        {"split": ["age"] * 3 + ["sex"] * 2, "group": ["young", "old", "oldest", "f", "m"]}
        | {"n": [90, 80, 3, 60, 113]}
    )
    hidden = disclose(frame, PROMS).hidden["n"].tolist()
    assert hidden == [False, True, True, False, False]  # 60 is smaller, but of another whole


def test_totals_are_found_in_rows_whose_label_is_missing():
    """Labels withheld or empty: a policy that rounds totals from cells must not stumble over them."""
    frame = pd.DataFrame(
        {
            "split": pd.Series(["Age", None, "Age"], dtype="str"),
            "group": pd.Series(["young", None, "all"], dtype="str"),
            "n": [33, 41, 33],
        }
    )
    shown = disclose(frame, get_policy("opensafely"))
    assert shown.frame["n"].tolist() == [35, 40, 35]


def test_a_count_goes_with_how_many_are_missing_beside_it():
    """248 took part, which every reader knows: 245 with an answer and 3 without, whatever stands beside."""
    frame = pd.DataFrame(
        {"change": ["better", "worse"], "count": [145, 100], "n": [245] * 2, "n_missing": [3] * 2}
    )
    hidden = disclose(frame, get_policy("nhs-proms"), base="n").hidden
    assert hidden["n_missing"].all()
    assert hidden["n"].all()


def test_a_column_may_have_a_number_for_a_name_and_a_table_no_row():
    frame = pd.DataFrame({0: ["3 patients", "ward B"], "n": [40, 50]})
    assert disclose(frame, PROMS).hidden[0].tolist() == [True, False]
    assert disclose(frame[:0], PROMS).hidden.shape == (0, 2)
