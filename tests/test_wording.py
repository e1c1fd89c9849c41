"""Numbers in sentences: rounding, signs and edges."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vbhc import wording


@pytest.mark.parametrize(
    ("x", "decimals", "text"),
    [
        (12345.678, 2, "12,345.68"),
        (-0.001, 2, "0.00"),
        (-0.4, 0, "0"),
        (-1.5, 1, "-1.5"),
        (math.nan, 2, "not available"),
        (math.inf, 2, "infinite"),
        (-math.inf, 2, "minus infinite"),
    ],
)
def test_numbers_have_thousands_commas_and_no_negative_zero(x, decimals, text):
    assert wording.number(x, decimals) == text


def test_significant_digits_are_written_out():
    assert wording.significant(0.00043419) == "0.000434"
    assert wording.significant(1234.5) == "1,234"
    assert wording.significant(0) == "0"


@pytest.mark.parametrize(
    ("k", "n", "text"),
    [
        (12, 248, "12 of 248 (5%)"),
        (0, 248, "0 of 248 (0%)"),
        (1, 41280, "1 of 41,280 (<1%)"),
        (41279, 41280, "41,279 of 41,280 (>99%)"),
        (248, 248, "248 of 248 (100%)"),
        (0, 0, "0 of 0"),
    ],
)
def test_a_percentage_never_claims_none_or_all_by_rounding(k, n, text):
    assert wording.count(k, n) == text


def test_a_part_cannot_exceed_its_whole():
    with pytest.raises(ValueError, match="cannot be part"):
        wording.count(13, 12)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0123, "p = .012"),
        (0.00099, "p < .001"),
        (0.001, "p = .001"),
        (0.9999, "p > .999"),
        (1.0, "p > .999"),
        (0.0, "p < .001"),
        (math.nan, "p not available"),
    ],
)
def test_p_values_at_their_edges(p, text):
    assert wording.p_value(p) == text


@pytest.mark.parametrize(
    ("draws", "as_extreme", "text"),
    [
        (500, 0, "p <= .002"),  # 1 / 501 = .001996: of 500 draws none was as extreme
        (500, 1, "p = .004"),
        (999, 0, "p <= .001"),
        (399, 0, "p <= .003"),  # .0025: rounded up, or it would claim more
        (9_999, 0, "p <= .0001"),
        (9_999, 3, "p = .0004"),  # a number as it is, not "< .001"
        (9, 0, "p <= .100"),
        (99, 99, "p > .999"),
    ],
)
def test_a_resampled_p_claims_no_more_than_its_draws_can_show(draws, as_extreme, text):
    assert wording.p_value((as_extreme + 1) / (draws + 1), least=1 / (draws + 1)) == text


def test_without_a_least_a_p_is_written_as_it_was():
    assert wording.p_value(1 / 501, least=math.nan) == "p = .002"
    assert wording.p_value(math.nan, least=0.002) == "p not available"


@pytest.mark.parametrize(
    ("p", "few", "many"),
    [
        (0.0004, "p < .001", "p < .001"),
        (0.0096, "p = .01", "p = .010"),
        (0.04961, "p < .05", "p < .05"),  # rounding makes nothing of it that is not under .05
        (0.0521, "p = .05", "p = .052"),
        (0.0999, "p = .1", "p = .100"),
        (0.546, "p = .5", "p = .55"),
        (0.704, "p = .7", "p = .70"),
        (0.9962, "p > .9", "p > .99"),
        (1.0, "p > .9", "p > .99"),
    ],
)
def test_a_p_where_people_are_protected_at_its_edges(p, few, many):
    assert wording.rough_p(p) == few
    assert wording.rough_p(p, few=False) == many


def test_an_impossible_p_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        wording.p_value(1.2)


def test_intervals_name_their_level():
    assert wording.interval(0.12, 0.34) == "95% CI 0.12 to 0.34"
    assert wording.interval(-0.001, 0.5, 0.9, 1) == "90% CI 0.0 to 0.5"
    assert wording.interval(math.nan, 0.5) == "95% CI not available"


def test_a_percentage_given_as_level_is_questioned():
    with pytest.raises(ValueError, match="percentage"):
        wording.level_name(95)


def test_lists_are_joined_as_in_english():
    assert wording.listing(["a", "b", "c"]) == "a, b and c"
    assert wording.listing(["a", "b"], last="or") == "a or b"
    assert wording.listing([]) == ""


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_number_reads_back_to_its_rounding(x, decimals):
    assert float(wording.number(x, decimals).replace(",", "")) == pytest.approx(x, abs=0.51 * 10**-decimals)
