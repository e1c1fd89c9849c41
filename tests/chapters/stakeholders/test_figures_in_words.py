"""Figures of interviews and surveys in words: what is drawn, not how its data are kept."""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.stakeholders.code_pages import closest_in_words
from vbhc.chapters.stakeholders.coders import curve_in_words
from vbhc.chapters.stakeholders.felt import bars_in_words
from vbhc.chapters.stakeholders.survey_pages import answers_in_words
from vbhc.publish.alt_text import alt_text

CURVE = pd.DataFrame(
    {"interview": [1, 2, 3, 4], "codes": [2, 5, 6, 6], "median": [3.0, 5, 6, 6], "low": [1.0, 4, 5, 6]}
)
CURVE = CURVE.assign(high=[4.0, 6, 6, 6])


def test_a_curve_is_told_at_its_beginning_halfway_and_at_its_end():
    assert curve_in_words(CURVE) == (
        "Different codes found, as interviewed: 2 after 1, 6 after 3 and 6 after 4 interviews; "
        "in 95% of random orders 1 to 4, 5 to 6 and 6 to 6."
    )


def test_grades_are_told_statement_by_statement():
    rows = [("Cost counts", "payer", 1, 0.25), ("Cost counts", "payer", 2, 0.75)]
    rows += [("Cost counts", "nurse", 1, None), ("Cost counts", "nurse", 2, 0.5)]
    shares = pd.DataFrame(rows, columns=["label", "group", "answer", "share"])
    said = answers_in_words(shares)
    assert said == "Respondents who answered 1 and 2. Cost counts: payer 25%, 75%; nurse not shown, 50%."


def test_only_the_pairs_that_are_drawn_are_told():
    columns = ["code_a", "code_b", "n_a", "n_b", "n_both", "k_both", "c"]
    pairs = pd.DataFrame([("A", "B", 9, 9, 6, 3, 0.5), ("A", "C", 1, 9, 1, 1, 0.9)], columns=columns)
    assert closest_in_words(pairs) == "Closest pairs of codes, c-coefficient: A, B: 0.50."  # C is rare


def test_bars_of_gains_and_pains_are_told_of_all_interviewees():
    rows = [
        ("Joy", "gain", "all", 5, 9, 2),
        ("Joy", "gain", "nurse", 2, 4, 2),
        ("Joy", "pain", "all", 0, 9, 0),
    ]
    counts = pd.DataFrame(rows, columns=["theme", "polarity", "group", "k", "n", "mechanisms"])
    assert bars_in_words(counts).endswith("by theme: Joy, gain: 5 of 9.")


def test_the_estimate_is_told_whatever_else_stands_in_the_data():
    rows = pd.DataFrame({"label": ["A"], "kappa": [None], "estimate": [0.8], "low": [0.6], "high": [0.9]})
    assert alt_text(rows, "Alpha") == "Alpha: A: 0.8 (0.6 to 0.9)."
