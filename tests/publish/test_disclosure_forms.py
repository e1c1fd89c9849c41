"""Each form by which a text gives counts of people, with a text that has it and one that does not."""

import pytest

from vbhc.publish.disclosure.counting import FORMS, WORDS
from vbhc.publish.disclosure.said import masked

EXAMPLES = {
    "rate": ("one in ten of them", "ten of them"),
    "place": ("back to mark 1 of 3", "back to 1 of 3 patients"),
    "whose_things": ("3 nurse visits", "3 nurses visited"),
    "of_nobody": ("shared by at least 5 interviewees", "raised by 5 interviewees"),
    "thing": ("all 12 codes", "all 12 patients"),
    "n_is": ("n = 12", "n = 12 codes"),
    "before_noun": ("1 complete pair", "12 beds"),
    "doing": ("3 died", "3 (60%) of the 5 statements"),
    "all_but": ("none of them but 2", "none of 2 beds"),
    "of_them": ("of whom 26 had died", "of them 26% had died"),
    "mark_of": ("* of 11 got better", "* of 11 codes"),
    "not_counted": ("Not counted: 55 without an answer.", "55 without an answer."),
    "listed": ("left out: 55 without an answer", "in 55 without an answer"),
    "part_of": ("12 of the 248", "12 of 17 codes"),
    "slash": ("12/248 patients", "12/248"),
    "range": ("2 to 4 patients", "2 to 4 points"),
    "below": ("fewer than 3 patients", "fewer than 3 points"),
    "up_to": ("at most 3 patients", "at most 3 points"),
    "percent_of": ("2.5% of 40", "2.5% of 40 codes"),
    "of_percent": ("of 40 patients about 2.5%", "of 40 patients and 2 of them paid, as was said, 2.5%"),
    "people_percent": ("40 patients, of whom only 2.5%", "40 points, 2.5%"),
    "spelled": ("three patients", "three points"),
    "after_of": ("1 of the two", "1 for two"),
    "after_but": ("all but two", "all by two"),
    "single": ("a single patient", "a single patient's answer"),
    "couple": ("a couple of patients", "a couple of points"),
    "general": ("for ", "gave "),
    "extreme": ("the oldest patient was 99", "the oldest ward has 9 beds"),
    "share": ("12 of 248 patients (5%", "12 of 248 patients"),
    "share_interval": (", 3% to 8%", ", 3 to 8"),
    "shares_apart": ("(40%) against 9 of 30 (30%) (10 percentage points apart", "10 points apart"),
    "ends": ("by 12 (8 to 20, n = 55)", "8 to 20 patients"),
    "to_round": ("n = 12", "12 areas"),
    "apart": ("-10 percentage points apart, -20 to 4", "10 points lower"),
    "clause": ("it ends. Then", "it goes on, then"),
    "percentage": ("12%", "95% CI"),
    "interval": ("12%, 95% CI 3% to 8%", "12% and 8%"),
    "amount": ("EUR 222 and 889", "222 and 12 of them"),
    "whole": ("12 of them", "12%"),
    "spread": ("one SD", "0.41 SD per SD"),
    "exact": ("0.412", "0.41"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_found_where_it_stands_and_only_there(name):
    with_it, without = EXAMPLES[name]
    assert FORMS[name].search(with_it)
    assert not FORMS[name].search(without)


@pytest.mark.parametrize(
    "said", ["1 percentage point", "1 point apart", "1 percentage point apart, -9 to 11"]
)
def test_what_two_shares_differ_by_goes_in_the_singular_too(said):
    assert FORMS["apart"].fullmatch(said)
    assert FORMS["shares_apart"].search(f"5 of 10 (50%), 49 of 100 (49%) ({said}") or "apart" not in said
    shown = masked(f"Of 138 patients 69 got better against 60 ({said}).", {138})
    apart = " apart" * ("apart" in said)
    assert shown == f"Of * patients 69 got better against 60 (* percentage points{apart})."


def test_an_interval_goes_with_its_difference_though_an_end_is_as_many():
    text = "Of 138 patients 69 did against 60 (18 percentage points apart, -6 to 138)."
    shown = "Of * patients 69 did against 60 (* percentage points apart)."
    assert masked(text, {138}) == shown


@pytest.mark.parametrize("thing", ["1 highest answer", "1 pair of codes"])
def test_one_of_some_things_is_nobody(thing):
    assert FORMS["of_nobody"].fullmatch(thing)


def test_every_list_of_words_is_read_by_a_form():
    told = "\n".join(form.pattern for form in FORMS.values())
    assert [kind for kind, words in WORDS.items() if words not in told] == []
