"""XmR charts, CUSUM and alarms against published numbers."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vbhc.statistics.variation.alarms import (
    by_chance,
    chance_peaks,
    cusum,
    looks_at,
    stops_by_chance,
    vlad,
    weights,
    worse,
)
from vbhc.statistics.variation.spc import RULES, assurance, xmr, xmr_limits

PLAIN, SCREENED = RULES["seven points"], RULES["seven points, screened"]


@pytest.mark.parametrize(
    ("values", "mean", "low", "high"),
    [
        ("1 2 3 4 5 6 7 8 9 10", 5.5, 2.84, 8.16),
        ("1 2 3 4 5 4 3 2 1 2", 2.7, 0.04, 5.36),
        ("3 1 4 1 5 9 2", 3.5714285714, -6.6252380952, 13.7680952381),
        ("1 2 3 2 1 2 3 4 5 6 7 4 3 2 1 2", 3.0, -0.0146666667, 6.0146666667),
    ],
)
def test_limits_as_the_nhs_python_package_has_them(values, mean, low, high):
    """nhs-pycom/nhspy-plotthedots, tests/unittests/test_limits_calculations.py (screened moving ranges)."""
    found = xmr_limits(np.array(values.split(), dtype=float), screened=True)
    assert found == pytest.approx((mean, low, high), abs=1e-9)


# R's set.seed(123); rnorm(20), as its tests draw them.
DRAWN = [-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123,
         -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314,
         0.49785048, -1.96661716, 0.70135590, -0.47279141]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "screened", "mean", "low", "high"),
    [
        (DRAWN, True, 0.1416238, -3.01138, 3.294627),
        ([*DRAWN[:14], 10, *DRAWN[15:]], True, 0.6694159, -2.383666, 3.722497),
        ([*DRAWN[:14], 10, *DRAWN[15:]], False, 0.6694159, -4.596625, 5.935457),
    ],
)
def test_limits_as_the_nhs_r_package_has_them(values, screened, mean, low, high):
    """nhs-r-community/NHSRplotthedots @050b07d, tests/testthat/_snaps/ptd_spc_standard.md (MIT)."""
    assert xmr_limits(np.array(values), screened) == pytest.approx((mean, low, high), abs=1e-6)


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("value", [4.0, 0.1, 0.3, -1e6 / 3, 0.0])
def test_a_series_that_never_moves_has_limits(rules, value):
    """Fifteen times 0.1 has a mean that is not 0.1 in its last bits: none of the months is beyond it."""
    found = xmr(pd.Series([value] * 15), RULES[rules])
    assert found[["low", "high"]].to_numpy() == pytest.approx(np.full((15, 2), value))
    assert (found["signal"] == "").all()


def test_means_of_the_same_number_that_part_in_their_last_bits_are_no_signal():
    same = pd.Series([np.mean([0.1] * n) for n in range(3, 40)])
    assert same.nunique() > 1
    assert (xmr(same, SCREENED)["signal"] == "").all()


def test_one_month_that_moves_does_not_put_all_others_beyond_their_limits():
    """Screened, no move is left; nhspy-plotthedots then flags all five of 1 1 1 1 2."""
    assert xmr(pd.Series([1.0, 1, 1, 1, 2]), SCREENED)["signal"].tolist() == [""] * 4 + ["beyond a limit"]


def test_one_far_month_widens_its_own_limits_unless_moving_ranges_are_screened():
    values = np.array([5.0, 6, 5, 6, 5, 6, 40, 5, 6, 5, 6, 5, 6])
    assert xmr_limits(values, True)[2] < xmr_limits(values)[2]


def test_each_signal_by_hand():
    steady = [5.0, 6, 5, 6, 5, 6, 5, 6, 5, 6]
    assert xmr(pd.Series([*steady, 30]), PLAIN)["signal"].iloc[-1] == "beyond a limit"
    shifted = xmr(pd.Series([*steady, *steady, *[5.9] * 7]), PLAIN)["signal"]
    assert (shifted.iloc[-7:] == "run").all()
    rising = xmr(pd.Series([3.0, 9, 3, 9, 2, 3, 4, 5, 6, 7, 8, 3, 9]), PLAIN)["signal"]
    assert set(rising.iloc[4:11]) == {"trend"}


def test_two_of_three_needs_all_three_on_one_side():
    """NHS-R's rule; a rule that takes two far points with one across the mean between them says otherwise."""
    base = [0.0, 3, 0, -3] * 30
    third = xmr_limits(np.array(base))[2] * 2 / 3
    across = xmr(pd.Series([*base, third * 1.2, -0.1, third * 1.2]), PLAIN)["signal"]
    assert (across.iloc[-3:] != "two of three").all()
    beside = xmr(pd.Series([*base, third * 1.2, 0.5, third * 1.2]), PLAIN)["signal"]
    assert beside.iloc[[-3, -1]].tolist() == ["two of three"] * 2


def test_a_point_beyond_a_limit_makes_no_other_one_signal():
    """NHSRplotthedots counts as near what is near and inside; its names go by the same order."""
    base = [0.0, 3, 0, -3] * 30
    _, _, high = xmr_limits(np.array(base))
    found = xmr(pd.Series([*base, high * 1.3, 0.5, high * 0.8]), PLAIN)["signal"]
    assert found.iloc[-3:].tolist() == ["beyond a limit", "", ""]
    climb = xmr(pd.Series([*[0.0, 1] * 20, *np.linspace(0.6, 0.9, 8), 0.0]), PLAIN)["signal"]
    assert set(climb.iloc[40:48]) == {"trend"}  # a run too


def test_six_points_signal_where_seven_are_asked_for_otherwise():
    values = pd.Series([5.0, 6, 5, 6, 5, 6, 5, 6, 6, 6, 6, 6, 6, 5])
    assert "run" in set(xmr(values, RULES["six points, screened"])["signal"])
    assert "run" not in set(xmr(values, SCREENED)["signal"])


def test_limits_start_anew_where_told_and_few_points_are_on_trial():
    found = xmr(pd.Series([1.0, 2] * 8 + [11.0, 12] * 4), PLAIN, starts=[16])
    assert found["mean"].unique().tolist() == [1.5, 11.5]
    assert found["trial"].tolist() == [False] * 16 + [True] * 8
    assert (found["signal"] == "").all()


@pytest.mark.parametrize(
    ("low", "high", "more", "less"),
    [
        (1, 3, "will not be met", "will be met"),
        (5, 7, "will be met", "will not be met"),
        (1, 5, "met or missed by chance", "met or missed by chance"),
    ],
)
def test_assurance_as_the_nhs_r_package_has_it(low, high, more, less):
    """NHSRplotthedots, tests/testthat/test-ptd_calculate_assurance_type.R: a target of 4."""
    assert (assurance(low, high, 4), assurance(low, high, 4, higher_is_better=False)) == (more, less)


def risk_of(intercept, slope, score):
    return np.array([1 / (1 + np.exp(-(intercept + slope * score)))])


@pytest.mark.parametrize(
    ("intercept", "score", "died", "ratio", "weight", "digits"),
    [
        (-3.68, 0, 0, 2, -0.024, 3),
        (-3.68, 0, 1, 2, 0.669, 3),
        (-3.68, 50, 0, 2, -0.433, 3),
        (-3.68, 50, 1, 2, 0.26, 3),
        (-3.68, 0, 0, 0.5, 0.012, 3),
        (-3.68, 0, 1, 0.5, -0.681, 3),
        (-3.68, 50, 0, 0.5, 0.316, 3),
        (-3.68, 50, 1, 0.5, -0.377, 3),
        (-3.67, 19, 0, 0.5, 0.05083, 5),
    ],
)
def test_weights_as_published(intercept, score, died, ratio, weight, digits):
    """Steiner 2000 p. 446, Steiner 2014 p. 234, Rigdon & Fricker p. 225, quoted in the R package vlad."""
    found = weights(np.array([died]), risk_of(intercept, 0.077, score), ratio)[0]
    assert round(found, digits) == pytest.approx(weight)


def test_vlad_steps_as_published():
    """Same source: .025, .975, .542 and .458 with the sign of expected minus observed."""
    for score, died, step in ((0, 0, 0.025), (0, 1, -0.975), (50, 0, 0.542), (50, 1, -0.458)):
        assert vlad(np.array([died]), risk_of(-3.68, 0.077, score))[0] == pytest.approx(step, abs=5e-4)


def test_a_cusum_never_falls_below_nothing():
    rng = np.random.default_rng(1)
    event, risk = rng.random(300) < 0.1, np.full(300, 0.1)
    by_hand, now = [], 0.0
    for one in weights(event, risk):
        now = max(0.0, now + one)
        by_hand.append(now)
    assert cusum(event, risk) == pytest.approx(by_hand)


def test_a_false_alarm_is_as_frequent_as_drawn_anew():
    risk = np.random.default_rng(2).uniform(0.02, 0.3, 200)
    limit = np.quantile(chance_peaks(risk, seed=5), 0.95)
    peaks = [cusum(np.random.default_rng([9, i]).random(200) < risk, risk).max() for i in range(1_000)]
    assert np.mean(np.array(peaks) >= limit) == pytest.approx(0.05, abs=0.02)


def test_many_looks_make_some_alarm_likely():
    expected, any_at_all = by_chance(0.95, 60, 24)
    assert expected == pytest.approx(72)
    assert any_at_all > 0.999


def test_worse_and_its_loss_by_integration():
    from scipy.integrate import quad

    found = worse(0.5, 1.0)
    loss, _ = quad(lambda d: max(-d, 0) * stats.norm.pdf(d, 0.5, 1), -9, 9)
    assert found["probability"] == pytest.approx(stats.norm.cdf(-0.5))
    assert found["loss"] == pytest.approx(loss, abs=1e-7)


def test_looking_often_stops_a_harmless_change_more_often():
    """Armitage, McPherson & Rowe 1969, J R Stat Soc A 132:235: 14.2 % of five looks at two-sided 5 %."""
    assert 2 * stops_by_chance(5, 0.975) == pytest.approx(0.142, abs=0.012)


def test_looks_follow_the_order_of_time():
    new = pd.Series([True, False] * 10)
    found = looks_at(pd.Series(np.where(new, 1.0, 0.0)) + pd.Series([0.1, 0.2, 0.3, 0.4] * 5), new, 2)
    assert found["n"].tolist() == [10, 20]
    assert found["estimate"].iloc[-1] == pytest.approx(0.9)
