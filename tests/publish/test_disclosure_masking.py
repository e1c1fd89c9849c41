"""A sentence keeps its words where one number has to go, and gives that number by no other way."""

import pytest

from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.disclosure.said import masked, may_show

POLICY = get_policy("nhs-proms")


def test_a_part_that_leaves_too_few_out_goes_and_the_rest_stays():
    text = "248 of 252 records could be used; of them 167 with outcome and 162 with all of these."
    assert may_show(text, POLICY) == text.replace("248", "*")
    assert may_show("Raised by 7 of 11 payers.", POLICY) == "Raised by * of 11 payers."  # any of 6 to 10


@pytest.mark.parametrize(
    "text",
    [
        "3 of 252 patients died.",  # small itself
        "248 of 252 records could be used; 3 patients died.",
        # So few that the interval counts them; an interval that the standard deviation turns into a count.
        "18 of 19 interviewees agreed (rho = 0.32, 95% CI 0.10 to 0.50).",
        "248 of 252 patients gained 10.1 points (SD 3.2; 95% CI 9.7 to 10.5).",
        "Raised by 7 of 8 payers.",  # "* of 8" is 6 or 7
    ],
)
def test_what_rests_on_too_few_is_withheld_whole(text):
    assert may_show(text, POLICY) is None


def test_percentages_and_pairs_give_no_masked_number_back():
    """103 of 166 are 62%, and so of 165 to 167 only; 10% of some pairs and 40% of 90 tell nothing of 166."""
    text = "10% of 13,695 pairs of patients (n = 166); 62% of 166, or 103, got better. 40% of 90 did not."
    new = "10% of * pairs of patients (n = *); *% of *, or 103, got better. 40% of 90 did not."
    assert masked(text, [166]) == new


def test_a_percentage_that_leads_to_no_number_stays():
    """25 patients are 10% of anything from 239 to 263."""
    text = "The dearest 10% of patients (25 of 246) make up 32% of all costs."
    assert masked(text, [246]) == text.replace("246", "*")


def test_a_percentage_of_a_number_that_stands_elsewhere_goes():
    """67% of 248 are 165 to 167."""
    assert masked("67% of them answered (n = 166).", [166]) == "67% of them answered (n = *)."
    assert masked("67% of them answered (n = 166).", [166], known=[248]) == "*% of them answered (n = *)."


def test_a_share_with_its_interval_goes_since_both_rounded_may_leave_one_number():
    text = "Better were 62% (95% CI 54% to 69%), n = 166."
    assert masked(text, [166]) == "Better were *% (95% CI *% to *%), n = *."


def test_what_is_no_count_of_people_stays_beside_a_number_that_goes():
    text = "Each unit is worth EUR 222 (n = 166)."
    assert masked(text, [166, 222]) == text.replace("166", "*")


def test_the_ends_of_an_interval_are_no_counts_and_no_pairs_of_people():
    """56 times 55 are 3,080, and so is the upper end."""
    text = "It cost -6 (-3,090 to 3,080, n = 56), 90% interval (56 to 80)."
    assert masked(text, [56]) == text.replace("n = 56", "n = *")
    pairs = "They put 10% of pairs of patients in another order (3,080 pairs of 56 patients)."
    assert masked(pairs, [56]) == pairs.replace("3,080", "*").replace("56", "*")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It differs by -8 points (-18 to 38, n = 53).", "It differs by -8 points (-18 to 38, n = 55)."),
        ("It differs by 18 points (-18 to 38, n = 53).", "It differs by 18 points (-18 to 38, n = 55)."),
        (
            "A tie of 0.2 takes 212 and 0.3 takes 93 patients.",
            "A tie of 0.2 takes 212 and 0.3 takes 93 patients.",
        ),
        ("EUR 18 (18 to 38), of 38 patients.", "EUR 18 (18 to 38), of 40 patients."),
    ],
)
def test_sizes_that_happen_to_be_as_large_as_a_count_are_not_rounded(text, shown):
    """18 and 38 people are counted behind the sentence; what a study would need counts nobody."""
    assert may_show(text, get_policy("hes"), [(18, 38)]) == shown


def test_the_unit_of_a_coefficient_is_no_standard_deviation():
    assert masked("It was 0.41 SD per SD, n = 163.", [163]) == "It was 0.41 SD per SD, n = *."


@pytest.mark.parametrize(
    "text",
    [
        "Between EUR 222 and 480 it is less (n = 480).",
        "It cost 480 euros, or €480, a head (n = 480).",
        "They gained 230 to 480 days (n = 480).",
    ],
)
def test_an_amount_is_no_count_of_as_many_people(text):
    assert masked(text, {480}) == text.replace("n = 480", "n = *")
    odd = text.replace("480", "483")
    assert may_show(odd, get_policy("hes")) == odd.replace("n = 483", "n = 485")


def test_a_count_behind_an_amount_goes():
    text = "Spent were EUR 222 and 480 patients came, 480 with a cost of EUR 222."
    assert masked(text, {480}) == text.replace("480", "*")


def test_the_level_of_an_interval_is_no_percentage_of_people():
    assert masked("0.3 (95% CI 0.1 to 0.5), n = 162.", [162]) == "0.3 (95% CI 0.1 to 0.5), n = *."


def test_a_number_with_thousands_is_found_both_ways():
    assert masked("1,240 patients; n = 1240.", [1240]) == "* patients; n = *."


def test_everybody_is_no_part_under_a_policy_that_hides_zeros():
    """The word "all" would tell it though the number were gone."""
    assert may_show("All 26 of 26 interviewees could be used.", get_policy("acro")) is None


@pytest.mark.parametrize(
    "text",
    [
        "137 respondents answered (58 patients, 40 clinicians, 24 managers and 15 payers).",
        "Of 248 patients 137 answered and 111 did not.",
    ],
)
def test_a_number_that_the_others_add_up_to_is_no_secret_and_the_text_goes(text):
    assert masked(text, [137]) is None
