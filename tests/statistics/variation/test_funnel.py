"""Funnels, tau, ranks, reliability and peers against published numbers, and the mistakes of others."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from vbhc.statistics.variation.alarms import event_tails
from vbhc.statistics.variation.funnel import (
    by_unit,
    limits,
    quantile,
    residuals,
    share_limits,
    share_outside,
    tau_dersimonian_laird,
    tau_interval,
    tau_paule_mandel,
    tau_winsorised,
    z_scores,
)
from vbhc.statistics.variation.reliability import (
    against_peers,
    beta_binomial,
    nearest,
    rank_intervals,
    rankability,
    records_for,
    reliability,
)


def units(k=200, tau=0.0, sd=8.0, seed=1):
    rng = np.random.default_rng(seed)
    n = rng.integers(30, 400, k)
    error = sd / np.sqrt(n)
    truth = tau * rng.standard_normal(k)
    estimate = truth + error * rng.standard_normal(k)
    return pd.DataFrame({"n": n, "estimate": estimate, "standard_error": error, "truth": truth})


def test_hand_worked_units():
    """Two units of two: 1 and 3 above what was expected, so 1 below and 1 above the mean of 2."""
    residual = residuals(pd.Series([1.0, 1.0, 3.0, 3.0]), pd.Series([0.0] * 4))
    found = by_unit(residual, pd.Series(list("aabb")), fewest=2)
    assert found["estimate"].tolist() == [-1, 1]
    assert found["standard_error"].tolist() == pytest.approx([np.sqrt(4 / 3) / np.sqrt(2)] * 2)


def test_units_that_are_too_small_are_counted_not_shown():
    found = by_unit(pd.Series([1.0, -1.0, 0.0]), pd.Series(["a", "a", "b"]), fewest=2)
    assert found["unit"].tolist() == ["a"]
    assert found.attrs["n_small"] == 1


def test_share_limits_as_published_for_public_health():
    """UKHSA's PHEindicatormethods v2.1.0, testdata_funnel_prop_outputs.csv: share 80.642448 %."""
    low, _ = share_limits(np.array([1, 2, 3, 4]), 0.80642448, 0.95)
    assert 100 * low == pytest.approx([3.204264, 25.885383, 35.933491, 41.923356], abs=1e-5)
    low, high = share_limits(np.array([3, 4]), 0.80642448, 0.998)
    assert 100 * low == pytest.approx([10.150815, 19.594903], abs=1e-4)
    assert high.tolist() == [1, 1]


def test_a_share_is_outside_exactly_where_wilsons_interval_leaves_the_common_share_out():
    from vbhc.statistics.tables2x2 import wilson

    for k in range(31):
        low, high = share_limits(np.array([30]), 0.8, 0.95)
        inside = low[0] <= k / 30 <= high[0]
        ends = wilson(k, 30, 0.95)
        assert inside == (ends[0] <= 0.8 <= ends[1])


@pytest.mark.parametrize(
    ("observed", "expected", "place"),
    [
        (85, 67.918498, ""), (275, 226.467924, "far above"), (72, 90.531875, ""), (83, 103.07998, "below"),
        (46, 61.186486, ""), (355, 318.557071, "above"), (118, 98.014785, ""), (77, 107.858244, "below"),
        (117, 140.709561, "below"), (261, 230.973451, ""), (141, 106.721163, "far above"),
        (66, 95.610604, "far below"), (46, 71.751677, "far below"), (94, 67.436688, "above"),
    ],
)  # fmt: skip
def test_exact_classes_as_published_for_public_health(observed, expected, place):
    """PHEindicatormethods @093fd28, testdata_funnel_ratio_inputs.csv: of 300 areas those next to a limit."""
    fewer, more = event_tails(np.array(observed), np.array(expected))
    tail, side = min((float(fewer), "below"), (float(more), "above"))
    assert place == ("far " if tail < 0.001 else "") + side * bool(tail < 0.025)


def test_exact_tails_where_limits_drawn_as_an_interval_of_a_count_are_not():
    """FunnelPlotR 0.6.0 (test-poisson_limits.R) draws .6108 to 1.5444 at 20 expected as "95%"."""
    inside_low, outside_high = np.floor(20 * 0.610826), np.ceil(20 * 1.544419)
    fewer, _ = event_tails(inside_low, 20)
    _, more = event_tails(outside_high, 20)
    assert fewer == pytest.approx(0.039, abs=5e-4)
    assert more == pytest.approx(0.0135, abs=5e-4)


def test_limits_are_the_same_as_the_z_score_they_are_drawn_for():
    """A peer adds 1/n twice to the variance it tests with and not to the one it draws: half lie outside."""
    made = units(tau=0.5)
    outside = made["estimate"].abs() > limits(made["n"].to_numpy(), 8.0, 0.95, 0.5)
    assert (outside == (z_scores(made, 0.5).abs() > stats.norm.ppf(0.975))).all()


def test_chance_alone_leaves_five_in_a_hundred_outside():
    assert share_outside(units(k=20_000), 0.95) == pytest.approx(0.05, abs=0.005)
    assert share_outside(units(k=20_000), 0.998) == pytest.approx(0.002, abs=0.001)


def test_tau_by_moments_equals_statsmodels():
    made = units(tau=0.8)
    outside = combine_effects(made["estimate"], made["standard_error"] ** 2, method_re="chi2")
    assert tau_dersimonian_laird(made["estimate"], made["standard_error"]) ** 2 == pytest.approx(
        outside.tau2, rel=1e-10
    )
    iterated = combine_effects(
        made["estimate"], made["standard_error"] ** 2, method_re="iterated", atol=1e-10
    )
    assert tau_paule_mandel(made["estimate"], made["standard_error"]) ** 2 == pytest.approx(
        iterated.tau2, rel=1e-4
    )


def test_units_whose_records_are_all_alike_do_not_differ_and_nothing_is_divided_by_nothing():
    import warnings

    with warnings.catch_warnings(action="error"):
        for tau in (tau_dersimonian_laird, tau_paule_mandel, tau_winsorised):
            assert tau(np.zeros(3), np.zeros(3)) == 0
        assert np.isnan(tau_interval(np.zeros(3), np.zeros(3))).all()
        assert reliability(np.zeros(3), 0.0).tolist() == [0, 0, 0]
        assert rankability(np.zeros(3), 0.0) == 0


def test_interval_of_tau_as_published():
    """BCG vaccine, 13 trials, log risk ratios: tau2 .1197 to 1.1115 in the R package metafor."""
    effect = [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713,
              -0.3394, 0.4459, -0.0173]  # fmt: skip
    variance = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124,
                0.5325, 0.0714]  # fmt: skip
    low, high = tau_interval(np.array(effect), np.sqrt(variance))
    assert (low**2, high**2) == pytest.approx((0.1197, 1.1115), abs=2e-3)


def test_interval_of_tau_holds_it():
    inside = []
    for seed in range(300):
        made = units(k=60, tau=0.76, sd=7.7, seed=seed)
        low, high = tau_interval(made["estimate"], made["standard_error"])
        inside.append(low <= 0.76 <= high)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.04)


def test_pulled_in_scores_give_the_planted_tau_only_when_put_right():
    """Uncorrected, a tenth pulled in at each end turns .76 into about .55."""
    made = units(k=20_000, tau=0.76, sd=7.7)
    estimate, error = made["estimate"].to_numpy(), made["standard_error"].to_numpy()
    assert tau_winsorised(estimate, error) == pytest.approx(0.76, abs=0.05)
    assert tau_dersimonian_laird(estimate, error) == pytest.approx(0.76, abs=0.03)


def test_no_difference_beyond_chance_is_a_tau_of_nothing():
    same = np.array([0.1, -0.1, 0.05])
    for tau in (tau_dersimonian_laird, tau_paule_mandel, tau_winsorised):
        assert tau(same, np.ones(3)) == 0


def test_rank_intervals_without_true_differences_are_the_whole_table():
    places = rank_intervals(np.arange(20.0), np.ones(20), 0.0)
    assert (places["low"] <= 2).all()
    assert (places["high"] >= 18).all()
    assert places["rank"].tolist() == list(range(20, 0, -1))


def test_rank_intervals_of_units_that_are_known_are_their_places():
    places = rank_intervals(np.array([3.0, 1.0, 2.0]), np.full(3, 1e-6), 1.0)
    assert places[["rank", "low", "high"]].to_numpy().tolist() == [[1, 1, 1], [3, 3, 3], [2, 2, 2]]


def test_rank_intervals_hold_the_true_place():
    made = units(k=100, tau=0.8)
    places = rank_intervals(made["estimate"], made["standard_error"], 0.8)
    truth = stats.rankdata(-made["truth"])
    assert ((places["low"] <= truth) & (truth <= places["high"])).mean() == pytest.approx(0.9, abs=0.07)


def test_rankability_and_records_for_reliability():
    assert rankability(np.array([0.7, 0.7]), 0.0) == 0
    assert records_for(0.7, 8.0, 0.0) == np.inf


def test_beta_binomial_reliability_as_the_package_qualitymeasure_gives_it():
    """Its first four of 100 units under its alpha 4.782918 and beta 16.493944 (tutorial_BB_results.rda)."""
    n = np.array([46, 58, 38, 50])
    expected = [0.6837417667, 0.7316132230, 0.6410595834, 0.7014899238]
    assert n / (n + 4.782917577998995 + 16.493943712912564) == pytest.approx(expected, abs=1e-9)
    rng = np.random.default_rng(3)
    many = rng.integers(30, 300, 4_000)
    found = beta_binomial(rng.binomial(many, rng.beta(4.78, 16.5, 4_000)), many)
    assert found["alpha"].iloc[0] == pytest.approx(4.78, rel=0.06)
    assert found["reliability"].iloc[0] == pytest.approx(many[0] / (many[0] + 21.28), abs=0.01)


@pytest.mark.parametrize("events", [[0, 0, 0], [30, 40, 50]])
def test_an_event_of_nobody_or_everybody_tells_no_units_apart(events):
    assert beta_binomial(np.array(events), np.array([30, 40, 50]))["reliability"].tolist() == [0, 0, 0]


def test_the_best_five_of_ten_flag_who_does_not_differ_and_the_mean_of_ten_does_not():
    """Dropkin 2017 (doi 10.1093/pubmed/fdx136): 12 % for RightCare's rule with no true difference."""
    made = units(k=4_000)
    peers = nearest(pd.DataFrame({"x": np.random.default_rng(2).random(4_000)}), k=10)
    found = against_peers(made, peers)
    assert ((found["low"] > 0) | (found["high"] < 0)).mean() == pytest.approx(0.05, abs=0.01)
    values, errors = made["estimate"].to_numpy(), made["standard_error"].to_numpy()
    best = np.sort(values[peers], axis=1)[:, 5:].mean(axis=1)
    assert (values + 1.96 * errors < best).mean() > 0.1


def test_no_unit_is_its_own_peer_and_a_constant_column_tells_nothing():
    peers = nearest(pd.DataFrame({"a": [1.0, 2, 3, 10], "b": [5.0] * 4}), k=2)
    assert all(place not in row for place, row in enumerate(peers))
    assert sorted(peers[3]) == [1, 2]


def test_the_outer_limit_is_that_of_the_official_rule():
    """English PROMs flag beyond 3.0902 and 1.96 standard errors: with 3 in place of 3.0902 flags differ."""
    assert quantile(0.998) == pytest.approx(3.0902, abs=5e-5)
    assert quantile(0.95) == pytest.approx(1.96, abs=5e-5)
