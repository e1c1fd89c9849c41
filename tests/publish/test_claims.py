"""Claims in words: a sentence says no more than its interval, whatever the numbers are."""

import csv
import math
import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vbhc.publish.claims import KINDS, Claim, render, values_of, verdict, verdict_of
from vbhc.publish.counted import Counted

NUMBERS = st.floats(-5, 5, allow_nan=False).map(lambda x: round(x, 3))
COMPARED = ("difference", "tie", "change")
UP = re.compile(r"\b(higher|more)\b|\brose (very )?\w+ with\b")
DOWN = re.compile(r"\b(lower|fell)\b")


@st.composite
def claims(draw):
    low, estimate, high = sorted(draw(st.tuples(NUMBERS, NUMBERS, NUMBERS)))
    kind = draw(st.sampled_from(COMPARED))
    if kind == "tie":
        low, estimate, high = (max(-0.999, min(0.999, x / 5)) for x in (low, estimate, high))
    margin = draw(st.none() | st.sampled_from([0.1, 0.2, 1.0]))
    return Claim(kind, "the gain", estimate, low, high, n=120, first="the ward", second="home", margin=margin)


@given(claims())
def test_a_direction_is_said_only_where_the_whole_interval_lies_on_that_side(claim):
    text = render(claim)
    assert bool(UP.search(text)) == (verdict_of(claim) == "more")
    assert bool(DOWN.search(text)) == (verdict_of(claim) == "less")
    if claim.low <= 0 <= claim.high:
        assert not UP.search(text)
        assert not DOWN.search(text)


@given(claims())
def test_every_claim_gives_its_range_and_its_n_and_ends_like_a_sentence(claim):
    text = render(claim)
    assert " to " in text
    assert "n = 120" in text
    assert text.endswith(".")
    assert text[0].isupper()
    assert not re.search(r"nan|None|not available|inf", text)


@given(claims())
def test_a_heading_says_the_same_without_numbers_in_brackets(claim):
    heading = render(claim, numbers=False)
    assert "(" not in heading
    assert not heading.endswith(".")
    assert bool(UP.search(heading)) == bool(UP.search(render(claim)))


@given(NUMBERS, NUMBERS, NUMBERS, st.none() | st.floats(0.01, 2))
def test_small_is_said_only_where_nothing_beyond_the_margin_is_left(a, b, c, margin):
    low, estimate, high = sorted((a, b, c))
    said = verdict(estimate, low, high, margin)
    assert (said == "small") == (margin is not None and -margin < low and high < margin)
    assert said != "indistinct" or margin is None
    assert said != "undecided" or (margin is not None and low <= 0 <= high)


def test_without_an_interval_or_an_estimate_nothing_is_judged():
    nan = math.nan
    assert verdict(0.4, nan, 0.5) == "unjudged"
    assert verdict(nan, 0.1, 0.5) == "unknown"
    assert verdict_of(Claim("level", "the mean", 1.0)) == "known"
    assert render(Claim("tie", "rating", 0.4, first="cost", n=9)).startswith("Rating goes with cost")
    assert render(Claim("difference", "the mean", reason="Nobody answered.")) == "Nobody answered."


def test_a_tie_that_could_not_be_worked_out_is_said_without_a_degree():
    """All alike in what patients are ranked by: no correlation, and no page that breaks."""
    assert "nan" not in render(Claim("tie", "the state reached", first="deprivation"))


def test_every_kind_and_verdict_has_words():
    text = resources.files("vbhc.publish").joinpath("claims.csv").read_text(encoding="utf-8")
    known = {(row["kind"], row["verdict"]) for row in csv.DictReader(text.splitlines())}
    compared = ("more", "less", "indistinct", "undecided", "small", "unjudged", "unknown")
    wanted = {(kind, one) for kind in (*COMPARED, "gain", "gap") for one in compared}
    wanted |= {(kind, one) for kind in ("level", "outlook", "share") for one in ("known", "unknown")}
    wanted |= {("gap", one) for one in compared if any(kind == "gap" for kind, _ in known)}
    wanted |= {("smallness", one) for one in ("small", "beyond", "against", "undecided", "unknown")}
    assert known == wanted
    assert {kind for kind, _ in known} == set(KINDS)


def test_a_level_says_who_is_counted_and_who_is_not():
    counted = Counted(192, among={"deaths counted at the worst score": 26}, without={"without an answer": 55})
    claim = Claim(
        "level",
        "the mean gain",
        1.331,
        0.736,
        1.926,
        192,
        unit="points",
        lead="Per EUR 1,000 spent",
        counted=counted,
    )
    assert render(claim) == (
        "Per EUR 1,000 spent, the mean gain was 1.33 points (0.74 to 1.93, n = 192), with 26 deaths counted "
        "at the worst score. Not counted: 55 without an answer."
    )
    assert values_of(claim)["among"] == {"deaths counted at the worst score": 26}
    assert values_of(claim)["verdict"] == "known"


def test_a_share_gives_k_of_n_with_its_range_in_one_pair_of_brackets():
    claim = Claim("share", "got better", 103 / 193, 0.463, 0.603, 193, k=103)
    assert render(claim) == "103 of 193 (53%, 46% to 60%) got better."
    assert render(claim, numbers=False) == "103 of 193 got better"


@pytest.mark.parametrize(
    ("r", "word"), [(0.05, "very slightly"), (0.2, "weakly"), (0.4, "moderately"), (0.8, "strongly")]
)
def test_a_tie_names_its_degree_by_cohens_bands(r, word):
    # Cohen 1988: .1 small, .3 medium, .5 large.
    assert f"rose {word} with cost" in render(
        Claim("tie", "rating", r, r - 0.04, r + 0.04, 900, first="cost")
    )


@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from([0.1, 0.2]))
def test_poor_is_said_only_of_what_lies_inside_the_margin_and_not_poor_only_beyond_it(a, b, c, margin):
    low, estimate, high = sorted(max(-0.999, min(0.999, x / 5)) for x in (a, b, c))
    claim = Claim("smallness", "the rating", estimate, low, high, 90, first="gain", margin=margin, level=0.9)
    text = render(claim)
    assert (" is poor, less than" in text and "whether" not in text.lower()) == (max(-low, high) < margin)
    assert ("is not poor: more than" in text) == (low > margin)
    assert ("goes the other way" in text) == (high < -margin)
    assert "90% interval" in text


def test_a_test_of_smallness_without_numbers_says_that_it_cannot_be_said():
    assert render(Claim("smallness", "the rating", first="gain", margin=0.2)) == (
        "Whether the tie of the rating with gain is poor cannot be said from these data."
    )


@pytest.mark.parametrize(
    ("size", "unit", "said"),
    [
        (1.2, "percentage points", "was 1 percentage point higher"),
        (1.2, "points per EUR 1,000", "was 1 point per EUR 1,000 higher"),
        (2.4, "points", "was 2 points higher"),
    ],
)
def test_a_unit_of_one_is_no_plural(size, unit, said):
    claim = Claim("difference", "the share", size, 0.6, 3.0, 50, first="a", second="b", unit=unit, decimals=0)
    assert said in render(claim)
