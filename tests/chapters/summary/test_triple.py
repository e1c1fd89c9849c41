"""Three kinds of value in one place: the number of each, or why there is none."""

import pandas as pd
import pytest
from places import DATA

from vbhc.chapters.summary import kinds_of_value
from vbhc.chapters.summary.limits import which_kinds
from vbhc.study import load_study

FOUND = [
    {"notebook": "02-value-quota", "id": "answer", "kind": "sentence", "text": "Per EUR 1,000 it was 1.33.",
     "values": {"what": "the mean gain", "estimate": 1.331, "low": 0.757, "high": 1.964, "unit": "points"}},
    {"notebook": "03-perception", "id": "answer", "kind": "sentence", "text": "They go together.",
     "values": {"kind": "tie", "what": "the rating", "first": "the gain", "estimate": 0.352, "low": 0.215,
                "high": 0.476}},
    {"notebook": "05c-programmes", "id": "answer", "kind": "sentence",
     "text": "The net gain of moving GBP 1,000,000 would be 447 QALYs. In Area 01 nothing stands apart.",
     "values": {"kind": "outlook", "what": "the net gain of moving GBP 1,000,000", "estimate": 447.0,
                "low": 191.0, "high": 944.0, "unit": "QALYs"}},
]  # fmt: skip


def said(study: str, found: list) -> list[str]:
    frame: pd.DataFrame = kinds_of_value(load_study(str(DATA / study)), found)
    return frame["numbers"].tolist()


def test_each_kind_has_its_number():
    assert said("heart-failure", FOUND) == [
        "The rating, with the gain: ρ = 0.35 (0.21 to 0.48).",
        "The mean gain: 1.33 points per EUR 1,000 (0.76 to 1.96).",
        "The net gain of moving GBP 1,000,000: 447 QALYs (191 to 944).",
    ]


@pytest.mark.parametrize(
    ("study", "reasons"),
    [
        ("professionals", ["patients were not asked", "no cost, or no value quota", "no other programmes"]),
        ("nhs-hip", ["was not run", "was not run", "no other programmes"]),
    ],
)
def test_what_has_no_number_says_why(study, reasons):
    for text, reason in zip(said(study, []), reasons, strict=True):
        assert text.startswith("No number: ")
        assert reason in text


def test_a_tie_is_a_rank_correlation_whatever_was_claimed_of_it():
    values = {"kind": "smallness", "first": "the value quota", "level": 0.9}
    small = FOUND[1] | {"values": FOUND[1]["values"] | values}
    told = "The rating, with the value quota: ρ = 0.35 (90% interval 0.21 to 0.48)."
    assert said("heart-failure", [small])[0] == told


def test_a_test_of_smallness_without_its_interval_leaves_the_number_to_the_next_tie():
    values = {"kind": "smallness", "what": "the rating", "estimate": 0.6, "claim_2": FOUND[1]["values"]}
    assert said("heart-failure", [FOUND[1] | {"values": values}])[0] == said("heart-failure", FOUND)[0]


def test_a_page_without_people_leads_with_the_kinds_of_value_that_have_a_number():
    """A reason is no number, however many digits it holds."""
    study = load_study(str(DATA / "heart-failure"))
    reason = FOUND[1] | {"text": "Fewer than 10 patients answered.", "values": {}}
    told = [which_kinds(kinds_of_value(study, found)) for found in (FOUND, [FOUND[0], reason], [])]
    assert told == [
        "This study has a number for personal, technical and allocative value.",
        "This study has a number for technical value, and none for personal and allocative value.",
        "This study has no number for personal, technical and allocative value.",
    ]
