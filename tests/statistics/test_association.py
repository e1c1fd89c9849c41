"""Perception with outcome, cost and VQ: size, interval, smallness, ceilings, causes."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from places import NHS_FILES, ORACLES
from scipy import stats

from vbhc.publish.claims import smallness
from vbhc.statistics import correlation
from vbhc.statistics.correlation import (
    compare,
    dominance,
    equivalence,
    latent,
    partial,
    replicates,
    waterfall,
)
from vbhc.statistics.resampling import resample_counts

ORACLE = json.loads((ORACLES / "statistics/statistics.json").read_text(encoding="utf-8"))
DATA60 = pd.DataFrame(ORACLE["data60"])
likert = hnp.arrays(float, st.shared(st.integers(5, 40), key="n"), elements=st.integers(1, 5).map(float))
amounts = hnp.arrays(float, st.shared(st.integers(5, 40), key="n"), elements=st.integers(-9, 60).map(float))


def cohort(n=248, seed=5):
    rng = np.random.default_rng(seed)
    outcome = pd.Series(rng.normal(13, 20, n), name="kccq_os_change")
    cost = pd.Series(np.exp(rng.normal(8.4, 0.8, n)), name="cost_eur")
    perception = pd.Series(np.clip(np.round(3.4 + 0.015 * outcome + rng.normal(0, 0.9, n)), 1, 5))
    return perception.rename("perceived_value"), outcome, cost


# --- coefficients, p and intervals ---


@pytest.mark.parametrize("pairs", ["HW9", "n12"])
@pytest.mark.parametrize("coefficient", ["spearman", "kendall"])
def test_untied_coefficients_and_p_equal_r(pairs, coefficient):
    case = ORACLE["cor_test"][f"{pairs}_{coefficient}_two.sided"]
    row = getattr(correlation, coefficient)(pd.Series(case["x"]), pd.Series(case["y"])).iloc[0]
    assert row["estimate"] == pytest.approx(case["estimate"], abs=1e-12)
    assert row["p"] == pytest.approx(case["p"], abs=1e-9)


@pytest.mark.parametrize(
    ("key", "y"),
    [("perc_vq_spearman_ties", "vq"), ("perc_vq_kendall_ties", "vq"), ("perc_out5_kendall", "out5")],
)
def test_tied_coefficients_and_p_equal_r(key, y):
    coefficient = key.split("_")[2]
    row = getattr(correlation, coefficient)(DATA60["perc"], DATA60[y]).iloc[0]
    assert row["estimate"] == pytest.approx(ORACLE["cor_test"][key]["estimate"], abs=1e-12)
    assert row["p"] == pytest.approx(ORACLE["cor_test"][key]["p"], abs=1e-9)


def test_the_interval_of_spearman_is_bonett_and_wrights():
    row = correlation.spearman(DATA60["perc"], DATA60["vq"]).iloc[0]
    assert [row["low"], row["high"]] == pytest.approx(ORACLE["spearman_ci"]["bonett_wright2000"], abs=1e-9)


@given(likert, amounts)
@settings(max_examples=30, deadline=None)
def test_coefficients_equal_scipy_and_stay_within_their_interval(x, y):
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    for function, reference in (
        (correlation.spearman, stats.spearmanr),
        (correlation.kendall, stats.kendalltau),
    ):
        row = function(pd.Series(x), pd.Series(y)).iloc[0]
        assert row["estimate"] == pytest.approx(reference(x, y).statistic, abs=1e-12)
        if np.isfinite(row["low"]):
            assert -1 <= row["low"] <= row["estimate"] <= row["high"] <= 1


@given(likert, amounts)
@settings(max_examples=20, deadline=None)
def test_turning_one_side_round_turns_the_sign(x, y):
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    for function in (correlation.spearman, correlation.kendall):
        one = function(pd.Series(x), pd.Series(y)).iloc[0]
        other = function(pd.Series(-x), pd.Series(y)).iloc[0]
        np.testing.assert_allclose(one["estimate"], -other["estimate"], atol=1e-12)
        np.testing.assert_allclose(one["low"], -other["high"], atol=1e-9)


def test_missing_rows_are_left_out_and_counted():
    x, y = pd.Series([1, 2, np.nan, 3, 5, 4]), pd.Series([2, np.nan, 1, 4, 3, 5])
    row = correlation.spearman(x, y).iloc[0]
    assert (row["n"], row["n_missing"]) == (4, 2)


def test_shifted_indexes_are_errors():
    with pytest.raises(ValueError, match="share one index"):
        correlation.spearman(pd.Series([1, 2, 3, 4]), pd.Series([1, 2, 3, 4], index=[1, 2, 3, 4]))


def test_ordered_categories_are_correlated_by_their_order():
    grades = pd.Series(["poor", "good", "fair", None, "good", "poor"])
    ordered = pd.Series(pd.Categorical(grades, ["poor", "fair", "good"], ordered=True))
    row = correlation.spearman(ordered, pd.Series([1, 3, 2, 9, 3, 1])).iloc[0]
    assert row["estimate"] == pytest.approx(1)
    assert row["n"] == 5


@pytest.mark.parametrize("far", [1e12, -1e300, 1e-300, np.nan])
def test_one_far_value_does_not_make_ties_of_the_others(far):
    x = pd.Series(np.append(np.linspace(0.01, 0.97, 49), far))
    y = pd.Series(np.append(np.linspace(0.01, 0.97, 49) ** 3, 2.0))
    row = correlation.spearman(x, y).iloc[0]
    assert row["ties_x"] == 0
    # one of 50 moved from the top to the bottom: 49 ranks fall by one, so d^2 = 49^2 + 49
    expected = 1 - 6 * (49**2 + 49) / (50 * (50**2 - 1)) if far < 0.01 else 1.0
    assert row["estimate"] == pytest.approx(expected, abs=1e-12)


def test_infinite_values_are_left_out_of_what_follows_a_quotient():
    perception, outcome, cost = (column.iloc[:60].copy() for column in cohort())
    full = perception.copy(), outcome.copy(), cost.copy()
    for endless in (np.inf, -np.inf):
        cost.iloc[3], outcome.iloc[4] = endless, -endless
        rest = [column.drop(column.index[[3, 4]]) for column in full]
        for function in (waterfall.waterfall, waterfall.ceiling):
            own, expected = function(perception, outcome, cost), function(*rest)
            unlike = ["n_missing"] if "n_missing" in own else []
            pd.testing.assert_frame_equal(own.drop(columns=unlike), expected.drop(columns=unlike))
        gap = compare.difference(perception, outcome, cost, 0.95, 50, 1).iloc[0]
        assert (gap["n"], gap["n_missing"]) == (58, 2)


def test_an_interval_that_hangs_on_one_patient_has_its_reason():
    x, y = pd.Series([1.0, 1, 1, 2, 1], name="perceived_value"), pd.Series([1.0, 5, 3, 4, 2], name="vq")
    row = correlation.kendall(x, y).iloc[0]
    assert row["reason"].startswith("All patients but one have the same perceived value, so that")
    assert np.isnan(row["low"])
    # four pairs with the odd one: 3 concordant, 1 discordant; tau-b = 2 / sqrt(4 x 10)
    assert correlation.kendall(x, y)["estimate"].iloc[0] == pytest.approx(2 / np.sqrt(40))


def test_what_subtracting_leaves_over_is_zero():
    gains = pd.Series([0.1 + 0.2 - 0.3, 0.0, 0.3 - 0.2, 0.1, 0.25])
    assert correlation.spearman(gains, pd.Series(range(5)))["ties_x"].iloc[0] == pytest.approx(2 * 2 / 20)


def test_equal_answers_stay_equal_whatever_their_last_bits():
    x = pd.Series([0.1 + 0.2, 0.3, 0.7 - 0.1, 0.6, 0.9])
    row = correlation.spearman(x, pd.Series([1, 1, 2, 2, 3])).iloc[0]
    assert row["estimate"] == 1
    assert row["ties_x"] == row["ties_y"]


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([3, 3, 3, 3, 3], [1, 2, 3, 4, 5], "same perceived value"),
        ([1, 2, 3], [3, 1, 2], "Only 3 patient"),
        ([np.nan, 1], [1, np.nan], "No patient has both"),
    ],
)
@pytest.mark.parametrize("function", [correlation.spearman, correlation.kendall])
def test_what_cannot_be_correlated_gives_a_reason(function, x, y, words):
    row = function(pd.Series(x, name="perceived_value"), pd.Series(y, name="vq")).iloc[0]
    assert np.isnan(row["estimate"])
    assert words in row["reason"]


def test_intervals_of_tau_b_with_ties_cover_about_95_percent():
    # the bivariate normal cut into 5 by 4 levels; tau-b of the population from one large sample
    def draw(rng, n):
        z = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n)
        return np.digitize(z[:, 0], [-1, -0.3, 0.3, 1]), np.digitize(z[:, 1], [-0.7, 0.2, 1])

    rng = np.random.default_rng(4)
    truth = stats.kendalltau(*draw(rng, 400_000)).statistic
    hits = []
    for _ in range(300):
        row = correlation.kendall(*(pd.Series(v) for v in draw(rng, 80))).iloc[0]
        hits.append(row["low"] <= truth <= row["high"])
    assert 0.91 <= np.mean(hits) <= 0.985


# --- resampling ---


@pytest.mark.parametrize(("n", "levels"), [(5, None), (25, 4), (120, None), (120, 3)])
def test_replicates_equal_recomputing_on_the_same_resamples(n, levels):
    rng = np.random.default_rng(n)
    x, y = rng.normal(size=n), rng.normal(size=n)
    if levels:
        x, y = np.round(x * levels / 3), np.round(y)
    counts = np.concatenate(list(resample_counts(n, 60, seed=9)))
    assert (counts.sum(axis=1) == n).all()
    draws = replicates.spearman_replicates(x, [y], 60, seed=9)[0]
    usable = np.isfinite(draws)
    again = [stats.spearmanr(np.repeat(x, c), np.repeat(y, c)).statistic for c in counts[usable]]
    np.testing.assert_allclose(draws[usable], again, atol=1e-12)


def test_replicates_do_not_depend_on_batch_or_number():
    perception, outcome, cost = (s.to_numpy() for s in cohort(90))

    def drawn(x, y, *settings, **more):
        return replicates.spearman_replicates(x, [y, cost], *settings, **more)[0]

    whole = drawn(perception, outcome, 100, seed=2)
    for batch in (1, 7, 100):
        assert np.array_equal(drawn(perception, outcome, 100, seed=2, batch=batch), whole)
    assert np.array_equal(drawn(perception, outcome, 40, seed=2), whole[:40])
    assert not np.array_equal(drawn(perception, outcome, 100, seed=3), whole)


@given(likert, amounts)
@settings(max_examples=30, deadline=None)
def test_leave_one_out_equals_leaving_one_out(x, y):
    for function, reference in (
        (dominance.spearman_leave_one_out, stats.spearmanr),
        (dominance.kendall_leave_one_out, stats.kendalltau),
    ):
        quick = function(x, y)
        for i in np.flatnonzero(np.isfinite(quick)):
            slow = reference(np.delete(x, i), np.delete(y, i)).statistic
            assert quick[i] == pytest.approx(slow, abs=1e-12)


def test_leave_one_out_gives_rs_jackknife_influence():
    case = ORACLE["boot"]["spearman_perc_vq"]
    rows = DATA60.iloc[:25]
    quick = dominance.spearman_leave_one_out(rows["perc"].to_numpy(float), rows["vq"].to_numpy())
    np.testing.assert_allclose((case["t0"] - quick) * 24, case["L_jackknife"], atol=1e-9)


# --- smallness ---


@pytest.mark.parametrize("case", [case for case in ORACLE["tost_r"] if case["n"] != 248])
def test_equivalence_equals_r(case):
    """The cases of 248 pairs are of Pearson's r, whose standard error is another."""
    row = equivalence.equivalence(case["r"], case["n"], case["bound"]).iloc[0]
    assert row["p"] == pytest.approx(case["p_tost"], abs=1e-9)


def test_equivalence_verdict_agrees_with_its_p():
    for r in np.linspace(-0.5, 0.5, 21):
        row = equivalence.equivalence(r, 248, 0.2).iloc[0]
        assert (smallness(row["low"], row["high"], 0.2) == "small") == (row["p"] < 0.05)


def test_power_of_smallness_equals_the_published_table():
    # facts: n = 248 gives 0, .874, .999 for margins .1, .2, .3; 80% needs 854, 378, 212, 93
    table = equivalence.what_n_could_show(248, (0.1, 0.15, 0.2, 0.3)).set_index("margin")
    assert table.loc[[0.1, 0.2, 0.3], "power"].round(3).tolist() == [0, 0.874, 0.999]
    assert table["n_needed"].tolist() == [854, 378, 212, 93]


def test_a_wide_margin_needs_the_fewest_pairs_there_can_be():
    assert equivalence.equivalence_size(0.999) == 4
    assert equivalence.what_n_could_show(50, (0.999,))["n_needed"].tolist() == [4]


def test_a_margin_must_be_a_correlation():
    with pytest.raises(ValueError, match="margin"):
        equivalence.equivalence(0.1, 50, 20)


# --- side by side, adjusted ---


def test_side_by_side_uses_the_same_patients():
    perception, outcome, cost = cohort()
    outcome.iloc[:40] = np.nan
    rows = compare.side_by_side(perception, outcome, cost, outcome / cost)
    assert rows["n"].unique().tolist() == [208]
    assert rows["with"].tolist() == ["outcome", "cost", "VQ"] * 3


def test_a_paired_difference_of_a_column_with_itself_is_zero():
    perception, outcome, cost = cohort()
    row = compare.difference(perception, outcome, outcome, 0.95, 2_000, 1).iloc[0]
    assert (row["estimate"], row["low"], row["high"]) == (0, 0, 0)
    closer = compare.difference(perception, outcome, cost, 0.95, 500, 1)
    assert closer["low"].iloc[0] > 0


def test_reasons_are_said_in_plain_words():
    x = pd.Series([1.0, np.nan, 3, 4], name="perceived_value")
    y = pd.Series([1.0, 2, np.nan, np.nan], name="vq")
    assert (
        correlation.spearman(x, y)["reason"]
        .iloc[0]
        .startswith("Only 1 patient has both perceived value and VQ;")
    )
    cost = pd.Series([5.0, 6, 7, 8], name="cost_eur_2011")
    assert (
        correlation.spearman(x, cost)["reason"]
        .iloc[0]
        .startswith("Only 3 patients have both perceived value and cost;")
    )
    one = equivalence.equivalence(np.nan, 1, 0.2)["reason"].iloc[0]
    assert one == "1 patient with both values cannot show smallness."
    assert "2 patients with" in equivalence.equivalence(np.nan, 2, 0.2)["reason"].iloc[0]


def test_partial_spearman_equals_r():
    reference = ORACLE["partial"]
    one = partial.partial_spearman(DATA60["perc"], DATA60["vq"], DATA60[["base"]]).iloc[0]
    two = partial.partial_spearman(DATA60["perc"], DATA60["vq"], DATA60[["base", "arm"]]).iloc[0]
    assert one["estimate"] == pytest.approx(reference["spearman_given_base"], abs=1e-9)
    assert two["estimate"] == pytest.approx(reference["spearman_given_base_arm"], abs=1e-9)
    assert two["p"] == pytest.approx(reference["spearman_given_base_arm_p"], abs=1e-9)
    assert two["df"] == reference["df"]


def test_holding_a_copy_equal_leaves_nothing():
    perception, outcome, _ = cohort(60)
    row = partial.partial_spearman(perception, outcome, pd.DataFrame({"same": outcome})).iloc[0]
    assert "Nothing is left" in row["reason"]


def test_a_covariate_given_twice_costs_no_degrees_of_freedom():
    perception, outcome, cost = (column.iloc[:40] for column in cohort())
    once = partial.partial_spearman(perception, outcome, cost.to_frame("cost"))
    more = cost.to_frame("cost").assign(again=cost * 2 + 1, flat=7.0, site="one")
    again = partial.partial_spearman(perception, outcome, more)
    assert again["df"].iloc[0] == once["df"].iloc[0] == 40 - 2 - 1
    pd.testing.assert_frame_equal(again, once)


def test_clusters_of_one_patient_give_the_plain_interval():
    perception, outcome, _ = cohort(200)
    own = partial.clustered_spearman(perception, outcome, pd.Series(np.arange(200))).iloc[0]
    plain = correlation.spearman(perception, outcome).iloc[0]
    assert own["high"] - own["low"] == pytest.approx(plain["high"] - plain["low"], rel=0.1)


def test_patients_copied_within_clusters_do_not_narrow_the_interval():
    perception, outcome, _ = (s.iloc[:60].reset_index(drop=True) for s in cohort())
    once = partial.clustered_spearman(perception, outcome, pd.Series(np.arange(60))).iloc[0]
    copies = [pd.concat([s] * 5, ignore_index=True) for s in (perception, outcome)]
    five = partial.clustered_spearman(*copies, pd.Series(np.tile(np.arange(60), 5))).iloc[0]
    assert five["high"] - five["low"] == pytest.approx(once["high"] - once["low"], rel=0.05)


# --- latent, repeated ---


@pytest.mark.parametrize("case", ["perc_out5", "table3x3"])
def test_polychoric_equals_r(case):
    # polycor stops its search early: on perc_out5 its likelihood is lower than ours by 6e-6
    reference = ORACLE["polychoric"][case]
    table = np.array(reference["table"])
    rows, columns = np.indices(table.shape)
    x, y = (pd.Series(np.repeat(side.ravel(), table.ravel())) for side in (rows, columns))
    ml = latent.polychoric(x, y).iloc[0]
    assert ml["estimate"] == pytest.approx(reference["ml"], abs=3e-4)
    error = (
        (np.arctanh(ml["high"]) - np.arctanh(ml["low"]))
        / (2 * stats.norm.ppf(0.975))
        * (1 - ml["estimate"] ** 2)
    )
    assert error == pytest.approx(reference["ml_se"], rel=1e-3)


@pytest.mark.parametrize("r", [-0.95, -0.3, 0, 0.5, 0.9, 0.99])
def test_the_bivariate_normal_equals_scipy(r):
    ours = latent.bivariate_normal(np.array([0.3, -2.0]), np.array([-0.7, 1.0]), r)
    theirs = stats.multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([[0.3, -0.7], [-2.0, 1.0]])
    np.testing.assert_allclose(ours, theirs, atol=1e-10)


def test_groups_of_a_score_are_of_one_size():
    assert latent.in_groups(pd.Series(np.arange(40.0)), 4).value_counts().tolist() == [10, 10, 10, 10]


def test_repeated_measures_equal_the_library():
    # pingouin 0.7.0, rm_corr on the same six rows: r .801784, dof 2, p .198216
    visits = pd.DataFrame({"x": [1, 2, 3, 4, 5, 7], "y": [2, 1, 4, 6, 5, 9], "patient": list("aabbcc")})
    row = partial.repeated_measures(visits["x"], visits["y"], visits["patient"]).iloc[0]
    assert row["estimate"] == pytest.approx(0.801784, abs=1e-6)
    assert (row["df"], row["n_patients"]) == (2, 3)
    assert row["p"] == pytest.approx(0.198216, abs=1e-6)
    single = partial.repeated_measures(visits["x"], visits["y"], pd.Series(list("abcdef"))).iloc[0]
    assert "No patient has" in single["reason"]


# --- why: waterfall and ceiling ---


def test_waterfall_starts_and_ends_at_the_real_correlations():
    perception, outcome, cost = cohort()
    steps = waterfall.waterfall(perception, outcome, cost, 0.87, 0.93)
    assert steps["end"].iloc[1] == pytest.approx(stats.spearmanr(perception, outcome).statistic)
    assert steps["end"].iloc[-1] == pytest.approx(stats.spearmanr(perception, outcome / cost).statistic)
    assert steps["end"].iloc[0] > steps["end"].iloc[1]


def test_a_correlation_without_noise_is_never_above_one():
    # ranks 1 to 8 with two neighbours exchanged: rho = 1 - 6 x 2 / (8 x 63) = 0.976; / 0.6 would be 1.63
    outcome = pd.Series([1.0, 2, 3, 4, 5, 6, 8, 7])
    perception, cost = pd.Series(np.arange(1.0, 9)), pd.Series([5.0, 3, 8, 4, 7, 6, 5.5, 4.5])
    steps = waterfall.waterfall(perception, outcome, cost, 0.6, 0.6)
    assert steps["step"].iloc[0] == "without noise of measurement (capped)"
    assert steps["end"].abs().max() == 1
    for useless in (np.nan, -0.2, None):  # Cronbach's alpha may be either
        assert (
            waterfall.waterfall(perception, outcome, cost, useless, 0.6)["step"].iloc[0].endswith("outcome")
        )


@pytest.mark.parametrize(("sd", "ceiling"), [(0.2, 0.77), (0.4, 0.55), (0.6, 0.41), (0.8, 0.33), (1.2, 0.23)])
def test_ceiling_equals_the_published_simulation(sd, ceiling):
    # statistics facts 4: perception a pure function of outcome, cost independent
    rng = np.random.default_rng(1)
    n = 3000
    outcome = pd.Series(np.clip(rng.normal(0.7, 0.2, n), 0.01, 1))
    perception = pd.Series(np.digitize(outcome, [0.3, 0.45, 0.6, 0.75]))
    cost = pd.Series(np.exp(rng.normal(0, sd, n)))
    limits = waterfall.ceiling(perception, outcome, cost)
    assert limits["estimate"].iloc[1] == pytest.approx(ceiling, abs=0.04)


def test_reliability_lowers_the_ceiling_by_its_root():
    perception, outcome, cost = cohort()
    limits = waterfall.ceiling(perception, outcome, cost, 0.81, 0.64)["estimate"]
    assert limits.iloc[2] == pytest.approx(limits.iloc[1] * 0.72)


# --- real data ---

NHS = NHS_FILES


@pytest.mark.skipif(not NHS.is_dir(), reason="the NHS PROMs files are not here (make data fetches them)")
@pytest.mark.parametrize(
    ("file", "joint", "rho"),
    [("hip-provider-2018-19.csv.zip", "Hip", 0.43), ("knee-provider-2017-18.csv.zip", "Knee", 0.531)],
)
def test_nhs_patients_follow_their_gain_as_measured_before(file, joint, rho):
    # facts on the NHS data, section 3: Spearman of Oxford gain with satisfaction, by year
    pre, post = (f"{joint} Replacement {when}-Op Q Score" for when in ("Pre", "Post"))
    columns = [pre, post, "Post-Op Q Satisfaction"]
    frame = pd.read_csv(NHS / file, usecols=columns, na_values=["*"])
    satisfaction = -frame[columns[2]].where(frame[columns[2]].between(1, 5))
    row = correlation.spearman(frame[post] - frame[pre], satisfaction).iloc[0]
    assert row["estimate"] == pytest.approx(rho, abs=0.006)
    assert row["low"] < row["estimate"] < row["high"]
    assert row["n"] > 30_000
