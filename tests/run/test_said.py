"""The checks of what is said find what they are for, and leave honest sentences alone."""

import pytest
from said import holes, overstated

ZERO = {"estimate": 0.1, "low": -0.2, "high": 0.4}
CLEAR = {"estimate": 0.3, "low": 0.1, "high": 0.5}


@pytest.mark.parametrize(
    "text",
    [
        "The mean was nan points.",
        "ρ = 0.30, 95% CI not available, n = 11",
        "It cost None per patient.",
        "A ratio of -inf.",
        "inf to 3",
    ],
)
def test_a_hole_is_seen(text):
    assert holes(text)


@pytest.mark.parametrize(
    "text",
    ["None of 11 patients got worse.", "An infection is information.", "Nancy paid; the nan-ny did not."],
)
def test_words_are_no_holes(text):
    assert not holes(text)


@pytest.mark.parametrize(
    "text",
    [
        "New care gains more than usual care (-0.05 to 0.09, n = 11).",
        "The gain was 3 points higher (95% CI -1.0 to 7.0).",
        "Perception rises with cost (ρ = 0.10, 95% CI −0.05 to 0.25, n = 200).",
        "All is well. Patients fell ill more often (12%, -3% to 27%).",
        "Costs rose by EUR 1,200 (-1,000 to 3,400).",
    ],
)
def test_a_direction_whose_interval_holds_zero_is_seen(text):
    assert overstated(text)


@pytest.mark.parametrize(
    "text",
    [
        "New care gains more than usual care (0.05 to 0.09, n = 11).",
        "No clear sign that those whose care cost more judge it better (ρ = 0.01, -0.05 to 0.07).",
        "Whether the gain is higher is undecided (-1.0 to 7.0).",
        "Better outcomes went with more value. The tie with cost is 0.01 (-0.05 to 0.07).",
        "117 of 200 improved by 5 points or more (the scale runs from -0.6 to 1).",
        "The gap is smaller than the margin (-0.05 to 0.07).",
        "More was gained on the scale (0 to 100).",
    ],
)
def test_an_honest_sentence_passes(text):
    assert not overstated(text)


@pytest.mark.parametrize("values", [ZERO, {"claim_2": ZERO}, {"arms": {"new": ZERO, "old": ZERO}}])
def test_published_values_are_read_however_deep(values):
    assert overstated("Those under new care did better.", values)
    assert not overstated("The data do not settle who did better.", values)


def test_one_clear_interval_may_bear_the_direction():
    assert not overstated("Those under new care did better.", CLEAR | {"claim_2": ZERO})
    assert not overstated("Those under new care did better.", {"estimate": 0.1, "low": None, "high": None})
