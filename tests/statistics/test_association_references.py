"""Associations against outside references: scipy on the same resamples, pingouin, closed forms."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats

from vbhc.chapters import perception
from vbhc.chapters.perception import multiverse
from vbhc.chapters.perception.multiverse import curve
from vbhc.chapters.perception.multiverse.definitions import Outcome, define
from vbhc.statistics import correlation
from vbhc.statistics.correlation import compare, equivalence, latent, partial, waterfall
from vbhc.statistics.resampling import resample_counts


def pair(n=80, seed=1, levels=5):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = 0.5 * x + rng.normal(size=n)
    return pd.Series(np.round(x * levels / 4), name="perceived_value"), pd.Series(y, name="vq")


# --- dtypes and sizes ---


@pytest.mark.parametrize(
    "dtype", ["Int64", "Float64", "int8", "uint8", "float32", "int64[pyarrow]", "object", "category"]
)
def test_the_type_of_a_column_changes_nothing(dtype):
    x, y = pd.Series([1, 2, 3, 4, 5, 3, 2, 5]), pd.Series([2, 1, 4, 3, 5, 5, 1, 4])
    kept = pd.Series(pd.Categorical(x, ordered=True)) if dtype == "category" else x.astype(dtype)
    for function, reference in (
        (correlation.spearman, stats.spearmanr),
        (correlation.kendall, stats.kendalltau),
    ):
        expected = reference(x, y)
        row = function(kept, y).iloc[0]
        assert row["estimate"] == pytest.approx(expected.statistic, abs=1e-12)
        assert row["p"] == pytest.approx(expected.pvalue, abs=1e-9)


@pytest.mark.parametrize("dtype", ["Int64", "boolean", "Float64"])
def test_missing_in_a_nullable_column_is_left_out(dtype):
    x = pd.Series([1, 0, 1, 1, 0, 0, 1, 0]).astype(dtype)
    x[2] = pd.NA
    y = pd.Series([2.0, 1, 4, 3, 5, 5, 1, 4])
    row = correlation.spearman(x, y).iloc[0]
    assert (row["n"], row["n_missing"]) == (7, 1)
    rest = [0, 1, 3, 4, 5, 6, 7]
    expected = stats.spearmanr(x[rest].astype(float), y[rest]).statistic
    assert row["estimate"] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("n", [4, 5, 10, 50, 248, 1300])
def test_ties_and_size_leave_scipys_p(n):
    x, y = pair(n, seed=n, levels=3)
    if x.nunique() < 2:
        x.iloc[0] += 1
    y = y.round()
    if y.nunique() < 2:
        y.iloc[-1] += 1
    assert correlation.spearman(x, y)["p"].iloc[0] == pytest.approx(stats.spearmanr(x, y).pvalue, abs=1e-9)
    ours, theirs = correlation.kendall(x, y).iloc[0], stats.kendalltau(x, y, method="asymptotic")
    assert ours["p"] == pytest.approx(theirs.pvalue, abs=1e-9)


def test_infinite_values_never_crash_a_regression():
    x, y = pair(40)
    y[3] = np.inf
    table = perception.journey(x, y, y + x)
    assert table["n"].eq(39).all()


# --- intervals recomputed with scipy ---


def test_the_jackknife_interval_of_tau_b_equals_leaving_each_out_with_scipy():
    x, y = pair(60)
    tau = stats.kendalltau(x, y).statistic
    without = np.array([stats.kendalltau(x.drop(i), y.drop(i)).statistic for i in range(60)])
    error = np.sqrt(59 / 60 * ((without - without.mean()) ** 2).sum()) / (1 - tau**2)
    ends = np.tanh(np.arctanh(tau) + stats.t.ppf([0.025, 0.975], 59) * error)
    row = correlation.kendall(x, y).iloc[0]
    assert [row["low"], row["high"]] == pytest.approx(ends.tolist(), abs=1e-9)


def test_the_paired_difference_equals_recomputing_both_on_the_same_resamples():
    x, y = pair()
    z = (y + np.random.default_rng(2).normal(size=80)).rename("cost")
    counts = np.concatenate(list(resample_counts(80, 399, seed=5)))
    draws = [
        stats.spearmanr(np.repeat(x, c), np.repeat(y, c)).statistic
        - stats.spearmanr(np.repeat(x, c), np.repeat(z, c)).statistic
        for c in counts
    ]
    row = compare.difference(x, y, z, 0.95, 399, 5).iloc[0]
    # (399 + 1) x .025 = 10: the tenth of each end, no interpolation
    assert [row["low"], row["high"]] == pytest.approx([np.sort(draws)[9], np.sort(draws)[-10]], abs=1e-12)


def test_the_cluster_robust_interval_sums_the_influence_of_leaving_each_patient_out():
    x, y = pair(90)
    site = pd.Series(np.arange(90) % 15)
    rho = stats.spearmanr(x, y).statistic
    without = np.array([stats.spearmanr(x.drop(i), y.drop(i)).statistic for i in range(90)])
    sums = pd.Series(without.mean() - without).groupby(site).sum()
    error = np.sqrt(15 / 14 * (sums**2).sum()) * 89 / 90 / (1 - rho**2)
    ends = np.tanh(np.arctanh(rho) + stats.t.ppf([0.025, 0.975], 14) * error)
    row = partial.clustered_spearman(x, y, site).iloc[0]
    assert [row["low"], row["high"]] == pytest.approx(ends.tolist(), abs=1e-9)


@pytest.mark.parametrize("n", [8, 60, 300])
def test_partial_spearman_equals_pingouin(n):
    rng = np.random.default_rng(n)
    frame = pd.DataFrame(rng.normal(size=(n, 4)), columns=list("xyab")).round(1)
    theirs = pingouin.partial_corr(frame, x="x", y="y", covar=["a", "b"], method="spearman").iloc[0]
    row = partial.partial_spearman(frame["x"], frame["y"], frame[["a", "b"]]).iloc[0]
    assert row["estimate"] == pytest.approx(theirs["r"], abs=1e-9)
    assert row["p"] == pytest.approx(theirs["p_val"], abs=1e-9)


def test_providers_are_compared_by_their_means():
    x, y = pair(300)
    provider = pd.Series(np.arange(300) % 7)
    table = partial.level_by_level(x, y, provider).set_index("level")
    means = pd.DataFrame({"x": x, "y": y}).groupby(provider).mean()
    assert table.loc["providers", "estimate"] == pytest.approx(
        stats.spearmanr(means["x"], means["y"]).statistic
    )


# --- closed forms ---


@pytest.mark.parametrize(("same", "other"), [(30, 10), (25, 25), (12, 40)])
def test_polychoric_of_two_even_halves_has_a_closed_form(same, other):
    # P(both above their medians) = 1/4 + arcsin(r) / 2 pi (Sheppard 1899)
    x, y = (
        np.repeat([0, 0, 1, 1], [same, other, other, same]),
        np.repeat([0, 1, 0, 1], [same, other, other, same]),
    )
    expected = np.sin(np.pi / 2 * (same - other) / (same + other))
    row = latent.polychoric(pd.Series(x), pd.Series(y)).iloc[0]
    assert row["estimate"] == pytest.approx(expected, abs=1e-6)


def test_polychoric_without_a_maximum_says_so():
    row = latent.polychoric(pd.Series([0, 0, 1, 1, 1]), pd.Series([0, 0, 1, 1, 0])).iloc[0]
    assert np.isnan(row["estimate"])
    assert "no maximum" in row["reason"]


@pytest.mark.parametrize(("empty", "answered"), [(0, False), (1, True), (2, True)])
def test_two_by_two_answers_with_an_empty_cell_have_no_polychoric(empty, answered):
    """With r = 1 the margins alone give such a table exactly: the search must not stop at .998."""
    cells = [(0, 0)] * 10 + [(0, 1)] * empty + [(1, 0)] * 5 + [(1, 1)] * 12
    row = latent.polychoric(*(pd.Series(side) for side in zip(*cells, strict=True))).iloc[0]
    assert (row["reason"] == "") == answered
    assert np.isfinite(row[["estimate", "low", "high"]].astype(float)).all() == answered


def test_groups_of_a_score_split_even_where_nearly_all_have_the_best_or_the_worst():
    assert latent.in_groups(pd.Series([5.0] * 8 + [1, 2])).tolist() == [1] * 8 + [0, 0]
    assert latent.in_groups(pd.Series([1.0] * 8 + [2, 5])).tolist() == [0] * 8 + [1, 1]
    assert latent.in_groups(pd.Series([np.nan, 2, 3], dtype="Float64")).isna().tolist() == [
        True,
        False,
        False,
    ]
    fifths = latent.in_groups(pd.Series(np.arange(100.0)))
    assert fifths.value_counts().tolist() == [20] * 5
    answers = pd.Series([1, 2, 3, 4, 5] * 4)
    assert latent.answers_or_groups(answers) is answers


@pytest.mark.parametrize(("spread_outcome", "spread_cost"), [(0.5, 0.78), (0.3, 0.3), (1.0, 0.2)])
def test_ceiling_and_first_step_have_a_closed_form_for_lognormal_measures(spread_outcome, spread_cost):
    """All lognormal: Pearson of the logs s_O / sqrt(s_O^2 + s_C^2), Spearman 6 / pi arcsin(r / 2)."""
    rng = np.random.default_rng(7)
    n = 4_000
    outcome = pd.Series(np.exp(rng.normal(0, spread_outcome, n)))
    cost = pd.Series(np.exp(rng.normal(0, spread_cost, n)))
    r = spread_outcome / np.hypot(spread_outcome, spread_cost)
    limits = waterfall.ceiling(outcome.rank(), outcome, cost, 0.8, 0.9)["estimate"]
    assert limits[0] == pytest.approx(1)
    assert limits[1] == pytest.approx(6 / np.pi * np.arcsin(r / 2), abs=0.01)
    assert limits[2] == pytest.approx(limits[1] * np.sqrt(0.72))
    seen = pd.Series(0.6 * stats.zscore(np.log(outcome)) + 0.8 * rng.normal(size=n))
    steps = waterfall.waterfall(seen, outcome, cost)
    assert steps["end"].iloc[1] == pytest.approx(6 / np.pi * np.arcsin(0.6 * r / 2), abs=0.03)


def test_ties_alone_set_the_ceiling_of_their_closed_form():
    # k even groups of an untied score: rho = sqrt(1 - 1 / k^2) for many patients
    n = 3_000
    outcome = pd.Series(np.arange(n, dtype=float))
    for k in (2, 3, 5):
        limits = waterfall.ceiling(outcome // (n / k), outcome, outcome * 0 + 1)["estimate"]
        assert limits[0] == pytest.approx(np.sqrt(1 - 1 / k**2), abs=1e-6)
        assert limits[1] == pytest.approx(limits[0])  # equal costs take nothing away


@pytest.mark.parametrize("seed", range(5))
def test_every_waterfall_adds_up_exactly(seed):
    rng = np.random.default_rng(seed)
    outcome, cost = np.exp(rng.normal(size=60)), np.exp(rng.normal(size=60))
    seen = pd.Series(np.round(outcome - 0.3 * cost + rng.normal(size=60)))
    outcome, cost = pd.Series(outcome), pd.Series(cost)
    steps = waterfall.waterfall(seen, outcome, cost, 0.9, 0.8)
    changes = steps.loc[steps["kind"] == "change", "change"].sum()
    assert steps["end"].iloc[0] + changes == pytest.approx(steps["end"].iloc[-1], abs=1e-12)
    assert steps["end"].iloc[-1] == pytest.approx(stats.spearmanr(seen, outcome / cost).statistic, abs=1e-12)


def test_power_of_smallness_equals_drawing_correlations():
    rng = np.random.default_rng(9)
    z = rng.normal(0, 1 / np.sqrt(245), 200_000)
    shown = np.abs(z) + stats.norm.ppf(0.95) / np.sqrt(245) < np.arctanh(0.2)
    assert equivalence.equivalence_power(248, 0.2) == pytest.approx(shown.mean(), abs=0.005)


# --- multiverse ---


def small_multiverse(n=50, seed=3):
    rng = np.random.default_rng(seed)
    outcomes = {"a": Outcome(*(pd.Series(rng.normal(50, 10, n)) for _ in range(2)), 100.0)}
    costs = {name: pd.Series(np.exp(rng.normal(8, 0.5, n))) for name in ("all", "ward")}
    answers = {"p": pd.Series(rng.integers(1, 6, n)), "q": pd.Series(rng.normal(size=n))}
    return define(outcomes, costs, answers)


def test_permuted_correlations_equal_scipys_of_the_same_shuffles():
    made = small_multiverse()
    made = made._replace(table=made.table[made.table["coefficient"] != "kendall"].reset_index(drop=True))
    drawn = curve.permute(made, 4, seed=11).estimates
    orders = np.random.default_rng(11).permuted(np.tile(np.arange(50), (4, 1)), axis=1)
    functions = {"spearman": stats.spearmanr, "pearson": stats.pearsonr}
    for row in made.table.itertuples():
        v = made.values[row.value_column]()[made.kinds[row.value_column]]
        p = made.perceptions[row.perception_column]
        known = ~np.isnan(v)
        for k, order in enumerate(orders):
            expected = functions[row.coefficient](v[known], p[order][known]).statistic
            assert drawn[row.Index, k] == pytest.approx(expected, abs=1e-12)


def test_the_joint_p_is_the_share_of_shuffles_as_extreme():
    made = small_multiverse()
    sound = made.table["tier"].ne("flawed") & made.table["coefficient"].ne("kendall")
    found = curve.permute(made._replace(table=made.table[sound].reset_index(drop=True)), 60, seed=2)
    beyond = (np.abs(np.median(found.estimates, axis=0)) >= abs(np.median(found.observed))).sum()
    table = multiverse.joint_test(made, 60, seed=2).set_index("statistic")
    assert table.loc["median", "p"] == pytest.approx((1 + beyond) / 61)


def test_infinite_values_count_as_missing_in_every_definition():
    rng = np.random.default_rng(4)
    before, after, answers = (pd.Series(rng.normal(50, 10, 30)) for _ in range(3))
    cost = pd.Series(np.exp(rng.normal(8, 0.5, 30)))
    broken, gone = after.copy(), after.copy()
    broken[3], gone[3] = np.inf, np.nan
    made = [
        multiverse.run(
            define(
                {"a": Outcome(before, side)},
                {"all": cost},
                {"p": answers},
                forms=("follow-up",),
                missing=("complete",),
                negatives=("keep",),
            )
        ).query("value == 'value quota'")[["estimate", "n"]]
        for side in (broken, gone)
    ]
    pd.testing.assert_frame_equal(*made)
