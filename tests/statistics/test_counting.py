"""Counts of people in prose: every way of saying them is found, and what counts nobody is not."""

import pytest

from vbhc.publish.disclosure.counting import counts_said, implied
from vbhc.publish.disclosure.policies import POLICIES, get_policy
from vbhc.publish.disclosure.said import may_show, tells_of_one

PROMS, HES = get_policy("nhs-proms"), get_policy("hes")


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Three patients died.", [3]),
        ("Only one patient has a cost.", [1]),
        ("one of the 40 patients, two of twelve nurses", [(1, 40), (2, 12)]),
        ("Of all, three died.", [3]),
        ("A single patient has no cost; the only nurse left.", [1]),
        ("A couple of patients left.", [2]),
        ("None but two answered.", [2]),
        ("All but three of them stayed.", [3]),
        ("1 out of 40 was left", [(1, 40)]),
        ("3/40 patients, 3/40 (8%)", [(3, 40), (3, 40)]),
        ("N = 3; n: 4", [3, 4]),
        ("Between 2 and 4 patients, two or three nurses, 3–5 people", [2, 4, 2, 3, 3, 5]),
        ("Fewer than 3 patients; at most four nurses", [2, 4]),
        ("2.5% of 40 patients died", [(1, 40)]),
        ("Of 40 patients, 5% died", [(2, 40)]),
        ("40 patients, 5% of whom died", [(2, 40)]),
        ("twelve patients", [12]),
        ("One patient withdrew, two complete pairs stayed", [1, 2]),
    ],
)
def test_counts_are_found_however_they_are_said(text, counts):
    assert counts_said(text) == counts


@pytest.mark.parametrize(
    "text",
    [
        "One patient's VQ tells you how well they did.",
        "the smallest change that matters to one patient",
        "the answer of a single person",
        "one row per patient; one record per patient",
        "one in three patients",
        "need two complete patients each; nothing to compare",
        "3% of the 400 codes, 2 of 17 codes",
        "Counts of 1 to 5 people, fewer than 6 patients, 0 to 9 people, at most 7 people",
        "More than 15% of patients sit at an end of the scale",
        "Patient P0002 said",
        "Back to mark 1 of 3; page 2 of 7",
        "silent: one of the two is missing",
        "Each notebook asks one question and answers it in one line",
        *(policy.rule for policy in POLICIES.values()),
    ],
)
def test_what_counts_nobody_is_left_out(text):
    assert counts_said(text) == []


@pytest.mark.parametrize(
    "text",
    ["VQ rises: of two patients who lost the same, the dearer", "do two interviewees of the same role"],
)
def test_typed_prose_may_speak_of_people_in_general(text):
    assert counts_said(text, typed=True) == []
    assert counts_said(text) == [2]


@pytest.mark.parametrize("text", ["Three patients died.", "Of these, three died.", "2.5% of 40 patients"])
def test_typed_prose_may_not_count_people(text):
    assert counts_said(text, typed=True)


# By hand: 2.5% of 40 is 1 alone; 3% of 400 is 10 to 14 (2.5% is 10, 3.5% is 14), five whole numbers.
@pytest.mark.parametrize(
    ("percent", "whole", "count"),
    [("2.5", 40, 1), ("3", 400, None), ("3", 200, 6), ("0", 40, 0), ("100", 40, 40), ("120", 40, None)],
)
def test_a_percentage_of_a_known_whole_gives_its_count(percent, whole, count):
    assert implied(percent, whole) == count


@pytest.mark.parametrize(
    "text", ["Three of forty died: three died.", "97.5% of 40 patients lived.", "The oldest patient was 99."]
)
def test_such_a_text_does_not_pass_a_policy(text):
    assert may_show(text, PROMS) is None
    assert may_show(text, get_policy("none")) == text


def test_rounding_reaches_words_and_percentages():
    assert may_show("Twelve patients improved.", HES) == "10 patients improved."
    assert may_show("30% of 40 patients died.", HES) == "25% of 40 patients died."  # 12 is shown as 10
    assert may_show("Of 48 patients, 25% died.", HES) == "Of 50 patients, 20% died."


def test_lowest_and_highest_values_of_people_are_answers_of_single_ones():
    assert tells_of_one("the dearest patient cost EUR 99,000")
    assert not tells_of_one("The dearest 10% of patients make up 16% of all costs.")
