"""Answers of exercises: sentences that everybody can check."""

import pandas as pd

from vbhc.chapters import exercises


def test_the_rules_that_set_aside_most_rows_are_named_with_their_source():
    rules = pd.DataFrame(
        {
            "source": ["patients", "survey", "answers"],
            "reason": ["twice", "other value", "above 5"],
            "set_aside": [2, 2, 1],
        }
    )
    said = "Most rows, 2 each, were set aside in patients (twice) and survey (other value)."
    assert exercises.rules_answer(rules) == said
    assert exercises.rules_answer(rules.tail(1)) == "Most rows, 1, were set aside in answers (above 5)."
    assert exercises.rules_answer(rules.head(0)) == "No rule set aside a row."


def test_shares_count_patients_by_group_and_leave_out_who_has_none():
    followed = pd.Series([True, False, True, True, True])
    group = pd.Series(["new", "new", "usual", "usual", None])
    said = "With an outcome at follow-up: new 50% (1 of 2), usual 100% (2 of 2)."
    assert exercises.shares_answer(followed, group) == said


def test_everyone_missing_at_the_floor_moves_the_mean_by_hand():
    """(60 + 40) / 2 = 50; with two zeros (60 + 40) / 4 = 25."""
    scores = pd.Series([60.0, 40.0, None, None])
    said = "The mean is 50.0 as observed and 25.0 with the 2 missing at 0: 25.0 lower."
    assert exercises.floor_answer(scores, 0) == said
    assert "No lowest score" in exercises.floor_answer(scores, float("nan"))
    assert "Nobody" in exercises.floor_answer(scores[2:], 0)


def test_overlap_counts_patients_on_both_lists():
    """Highest quota: a, b; cheapest: b, c."""
    quota = pd.Series({"a": 3.0, "b": 2.0, "c": 1.0})
    cost = pd.Series({"a": 30.0, "b": 10.0, "c": 20.0, "without a quota": 1.0})
    said = "1 of the 2 patients with the highest VQ are among the 2 who cost least."
    assert exercises.overlap_answer(quota, cost, 2) == said
    assert exercises.overlap_answer(quota, cost).startswith("3 of the 3")


def test_codes_that_pass_alone_and_all_at_once():
    codes = pd.DataFrame(
        {"code": ["cost", "time", "team"], "mid_p": [0.01, 0.04, 0.5], "max_t_p": [0.02, 0.1, 1.0]}
    )
    said = exercises.uncorrected_answer(codes, 0.05)
    assert said.startswith(
        "Tested alone, cost and time (mid-p 0.05 or below); of all 3 tested at once, cost (max-T)."
    )
    assert exercises.uncorrected_answer(codes, 0.5).endswith("about 1.5 would pass alone.")  # 3 x 0.5
    assert exercises.uncorrected_answer(codes.tail(1), 0.05).startswith("None of the 1 codes")


def test_the_fit_that_fewest_resamples_share_is_named():
    display = pd.DataFrame(
        {"statement": ["A", "B", "C"], "fit": ["agree", "silent", "part"], "resamples": [0.9, 0.4, None]}
    )
    assert exercises.loosest_fit_answer(display).startswith(
        '"B": its fit (silent) is shared by 40% of the resamples'
    )
    assert "No statement" in exercises.loosest_fit_answer(pd.DataFrame())


def test_sizes_and_moves():
    assert exercises.size_answer(854, 0.1, 0.8).startswith("854 patients, to rule out a correlation of 0.1")
    said = "Whole profiles of codes: p < .001 with the labels as they are, p = .079 with two swapped."
    assert exercises.moved_answer(0.0004, 0.079) == said
    sampled = "p <= .001 with the labels as they are, p = .079 with two swapped."
    assert exercises.moved_answer(0.001, 0.079, least=0.001).endswith(sampled)
