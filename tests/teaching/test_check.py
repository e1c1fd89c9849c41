"""A student types into all exercises: right in many forms, each known mistake, nothing, and nonsense."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from places import NOTEBOOKS

from vbhc import teaching
from vbhc.teaching import answers

DATA = NOTEBOOKS / "teaching" / "data"
KNOWN = teaching.known_answers()
each_exercise = pytest.mark.parametrize("number", KNOWN)


def of(number: str, right: bool) -> list[dict]:
    return [one for one in KNOWN[number]["answers"] if one["right"] is right]


def test_there_are_three_exercises_a_lesson():
    assert list(KNOWN) == [f"{lesson}.{k}" for lesson in range(1, 11) for k in (1, 2, 3)]


def rounded(known):
    """The same without last digits, in which processors differ."""
    if isinstance(known, dict):
        return {name: rounded(one) for name, one in known.items()}
    if isinstance(known, list):
        return [rounded(one) for one in known]
    return round(known, 12) if isinstance(known, float) else known


def test_what_check_knows_is_what_the_tables_give_and_cannot_be_read_at_a_glance():
    assert rounded(answers.computed(DATA)) == rounded(KNOWN)
    packed = Path(answers.__file__).with_name("answers.txt").read_text(encoding="ascii")
    assert "Right" not in packed
    assert "1907" not in packed


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("1.1", 1_907),  # 616 / .323: the two numbers of DiRECT, doi 10.1007/s00125-020-05224-2
        ("1.2", "Cedar, Elm, Ash, Birch, Hazel, Oak"),  # 4,177 4,369 4,955 7,427 8,389 12,635 by hand
        ("2.1", 142),  # a million / 7,038, doi 10.3310/hta19140 table 31
        ("2.2", "447 QALYs"),  # 500.5 - 53.4
        ("3.1", 0.202),  # NHS England's guide to PROMs gives .202 for state 23312
        ("3.2", 75),  # (4 - 1) / 4
        ("4.1", "GBP 3,110"),  # 6 days at 340, 5 tests at 60, 7 visits at 110
        ("6.3", 1_540),  # (1.96 / .05)^2 + 3
        ("7.2", 0.0587),  # (165 + 2,640 + 1,540 + 88 + 1) of the 75,582 ways to choose 11 of 19
        ("10.1", 235),  # 1,742 x .027 x 5
        ("10.2", "£324"),  # .027 x 12,000
        ("10.3", 243),  # 170 / .7, rounded up
    ],
)
def test_answers_by_hand(number, value):
    assert teaching.verdict(number, value).startswith("Right. ")


@each_exercise
def test_right_is_accepted_in_every_form_that_a_student_hands_in(number):
    for one in of(number, True):
        right = one["value"]
        forms = [right, np.array([right]), [right]] if isinstance(right, str) else []
        if isinstance(right, float):
            rounded = float(f"{right:.3g}")
            forms = [right, rounded, str(rounded), f" {rounded} ", pd.Series([right]), np.float64(right)]
        elif isinstance(right, list):
            forms = [right, tuple(right), pd.Series(right), ", ".join(map(str, right)), np.array(right)]
        for form in forms:
            assert teaching.verdict(number, form) == f"Right. {one['text']}", form


@each_exercise
def test_each_known_mistake_gets_its_own_hint(number):
    assert of(number, False), "an exercise without a hint"
    for one in of(number, False):
        assert teaching.verdict(number, one["value"]) == f"Not yet. {one['text']}"
    hints = [one["text"] for one in of(number, False)]
    assert len(hints) == len(set(hints))


@each_exercise
@pytest.mark.parametrize("empty", [..., None, "", "  ", [], float("nan")])
def test_nothing_typed_says_what_is_asked_for(number, empty):
    asked = f"Nothing to check yet. Put {KNOWN[number]['ask']} in place of the three dots."
    assert teaching.verdict(number, empty) == asked


@each_exercise
def test_twenty_wrong_answers_are_not_accepted(number):
    chance, right = random.Random(number), of(number, True)
    for _ in range(20):
        wrong = chance.choice([chance.uniform(-3, 3), chance.uniform(0, 5_000), chance.choice("abxyz") * 3])
        if isinstance(wrong, float) and any(
            isinstance(one["value"], float) and abs(wrong - one["value"]) <= one["within"] for one in right
        ):
            continue
        assert teaching.verdict(number, wrong).startswith("Not yet. ")
    if isinstance(right[0]["value"], list):
        assert teaching.verdict(number, right[0]["value"][:-1]).startswith("Not yet. ")


@each_exercise
@pytest.mark.parametrize(
    "odd", [object(), {}, {"a": 1}, print, 1j, b"1", [[1, 2]], pd.DataFrame({"a": [1]}), pd.NA, float("inf")]
)
def test_whatever_is_handed_over_nothing_is_raised_or_accepted(number, odd, capsys):
    teaching.check(number, odd)
    said = capsys.readouterr().out
    assert said.startswith(("Not yet.", "Nothing"))
    assert said.count("\n") == 1


@each_exercise
def test_what_is_said_never_gives_the_answer_away(number):
    """Neither hints nor praise hold the right number."""
    right = [one["value"] for one in of(number, True) if isinstance(one["value"], float)]
    said = [KNOWN[number]["ask"], *(one["text"] for one in KNOWN[number]["answers"])]
    for value in right:
        forms = {f"{value:.3g}", f"{value:,.0f}", f"{value:.2f}", f"{value:.3f}"} - {"0", "-0", "4", "6", "1"}
        assert not [text for text in said for form in forms if form in text.split()], forms


def test_an_exercise_that_is_not_there_is_said_to_be_so(capsys):
    teaching.check("11.4", 1)
    assert "no exercise '11.4'" in capsys.readouterr().out


def test_a_table_is_read_with_numbers_and_gaps():
    rows = teaching.read(str(DATA / "patients.csv"))
    assert len(rows) == 248
    assert rows[0]["gain"] == pytest.approx(29.6)
    assert {type(row["gain"]) for row in rows if row["died"] == "yes"} == {type(None)}
    assert isinstance(teaching.read(str(DATA / "clinics.csv"))[0]["contacts"], int)
