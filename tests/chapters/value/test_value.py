"""The value quota, the ratio of means, and whether either is sound."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from places import ORACLES

from vbhc.chapters import value
from vbhc.chapters.value.artefacts import shuffle_test
from vbhc.chapters.value.quota.numerators import quota_where_possible
from vbhc.chapters.value.soundness import (
    mean_of_ratios_sentence,
    spreads_sentence,
    what_it_follows,
    whom_not,
)
from vbhc.publish.claims import render
from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.either import picked
from vbhc.statistics import ratios, resampling

ORACLE = json.loads((ORACLES / "statistics/statistics.json").read_text(encoding="utf-8"))
DATA60 = pd.DataFrame(ORACLE["data60"])

gains = hnp.arrays(float, 12, elements=st.integers(-40, 60).map(float))
costs = hnp.arrays(float, 12, elements=st.integers(1, 9000).map(float))


def cohort(n=248, sd_log_cost=0.8, seed=5):
    rng = np.random.default_rng(seed)
    outcome = pd.Series(rng.normal(13, 20, n), name="kccq_os_change")
    cost = pd.Series(np.exp(rng.normal(8.4, sd_log_cost, n)), name="cost_eur")
    return outcome, cost


def checked(outcome, cost, said=None):
    return value.soundness(outcome, cost, said, per=1000, n_shuffles=5, seed=1)


def series(*values, name=None):
    return pd.Series(values, index=[f"p{i}" for i in range(1, len(values) + 1)], name=name, dtype=float)


# --- the quota of a patient ---


def test_hand_worked_example():
    vq = quota_where_possible(series(12, -6, 0), series(3000, 2000, 1500))
    assert vq.tolist() == [4.0, -3.0, 0.0]
    assert vq.name == "vq"


def test_who_lacks_a_part_or_has_a_cost_that_cannot_divide_has_no_quota():
    outcome = series(1, np.nan, 1, 1, 1, np.nan, np.inf)
    cost = series(1, 1, np.nan, 0, -1, np.nan, 1)
    assert quota_where_possible(outcome, cost).notna().tolist() == [True] + [False] * 6


def test_a_shifted_index_is_an_error_not_a_join():
    with pytest.raises(ValueError, match="share one index"):
        quota_where_possible(series(1, 2), series(1, 2).rename({"p2": "p3"}))


def test_per_must_be_positive():
    with pytest.raises(ValueError, match="per"):
        quota_where_possible(series(1), series(1), per=0)


@given(gains, costs)
@settings(max_examples=25, deadline=None)
def test_scaling_cost_and_per_together_changes_nothing(outcome, cost):
    o, c = pd.Series(outcome), pd.Series(cost)
    pd.testing.assert_series_equal(quota_where_possible(o, c * 7, 7000), quota_where_possible(o, c, 1000))


def test_inputs_come_back_unchanged():
    outcome, cost = cohort(20)
    before = outcome.copy(), cost.copy()
    quota_where_possible(outcome, cost)
    checked(outcome, cost)
    pd.testing.assert_series_equal(outcome, before[0])
    pd.testing.assert_series_equal(cost, before[1])


# --- the ratio of means ---


def test_fieller_equals_r_and_the_inverted_t_test():
    case = ORACLE["fieller"]["paired_eff_over_cost"]
    row = ratios.ratio_of_means(DATA60["eff"], DATA60["cost"], per=1, n_resamples=99).iloc[0]
    assert [row["estimate"], row["low"], row["high"]] == pytest.approx(
        [case["estimate"], *case["limits"]], rel=1e-9
    )
    assert row["ci_kind"] == "bounded"


def test_fieller_tells_its_three_kinds():
    names = {"bounded": "bounded", "complement_of_interval": "complement", "whole_line": "whole line"}
    for case in ORACLE["fieller"]["synthetic"]:
        result = ratios.fieller(*(case[k] for k in ("my", "mx", "vy", "vx", "cxy", "tq")))
        assert result.kind == names[case["type"]]
        if case["limits"]:
            assert [result.low, result.high] == pytest.approx(case["limits"], rel=1e-9)
        else:
            assert np.isnan(result.low)


@pytest.mark.parametrize(
    "statistic", ["ratio_of_means_eff_cost", "city_ratio", "spearman_perc_vq", "pearson_eff_cost"]
)
def test_bootstrap_intervals_equal_r_on_the_same_replicates(statistic):
    case = ORACLE["boot"][statistic]
    draws = np.array(case["t"])
    assert resampling.percentile_interval(draws, 0.95) == pytest.approx(case["perc"], rel=1e-9)
    if "norm" in case:
        assert resampling.percentile_interval(draws, 0.9) == pytest.approx(case["perc90"], rel=1e-9)


def test_both_intervals_agree_on_a_large_well_behaved_sample():
    outcome, cost = cohort(4000, 0.3)
    table = ratios.ratio_of_means(outcome, cost, n_resamples=2000)
    widths = table["high"] - table["low"]
    assert widths.max() / widths.min() < 1.1
    assert table["n"].unique().tolist() == [4000]


@given(gains, costs)
@settings(max_examples=20, deadline=None)
def test_shuffling_patients_does_not_move_the_ratio(outcome, cost):
    o, c = pd.Series(outcome), pd.Series(cost)
    order = np.random.default_rng(0).permutation(len(o))
    first = ratios.ratio_of_means(o, c, n_resamples=20)
    second = ratios.ratio_of_means(o.iloc[order], c.iloc[order], n_resamples=20)
    columns = ["estimate", "low", "high"]
    np.testing.assert_allclose(
        first.loc[0, columns].astype(float), second.loc[0, columns].astype(float), atol=1e-9
    )


@pytest.mark.parametrize(
    ("outcome", "cost", "reason"),
    [
        (series(1, 2, 3), series(1, 2, 3), "Only 3 patient"),
        (series(1, 2, 3, 4), series(-1, 2, 3, 4), "1 of 4 (25%) costs are negative"),
        (series(1, 2, 3, 4), series(0, 0, 0, 0), "All 4 costs are zero"),
        (series(np.nan, 2), series(1, np.nan), "No patient has both"),
    ],
)
def test_what_cannot_be_divided_gives_a_sentence(outcome, cost, reason):
    table = ratios.ratio_of_means(outcome, cost)
    assert table["estimate"].isna().all()
    assert table["reason"].str.startswith(reason).all()


@pytest.mark.parametrize("where", ["outcome", "cost"])
@pytest.mark.parametrize("endless", [np.inf, -np.inf])
def test_an_infinite_value_counts_as_missing(where, endless):
    columns = {"outcome": series(1, 4, 2, 5, 3, 9), "cost": series(2, 3, 1, 4, 6, 5)}
    last = columns["cost"].index == columns["cost"].index[-1]
    without = {name: column.mask(last) for name, column in columns.items()}
    columns[where] = columns[where].mask(last, endless)
    y, x = columns["outcome"], columns["cost"]
    own = ratios.ratio_of_means(y, x, n_resamples=99)
    pd.testing.assert_frame_equal(own, ratios.ratio_of_means(*without.values(), n_resamples=99))
    assert own["estimate"].iloc[0] == pytest.approx(15 / 16 * 1000)
    assert own["n_missing"].eq(1).all()
    assert quota_where_possible(y, x).notna().sum() == 5
    pd.testing.assert_frame_equal(checked(y, x), checked(*without.values()))


def test_a_bootstrap_without_limits_has_none():
    table = ratios.ratio_of_means(series(1, 2, 3, 5), series(0, 0, 0, 4), n_resamples=400)
    # without the only patient who cost anything there is no ratio, as in (3/4)^4 = 32% of the resamples
    assert table.set_index("method").loc["bootstrap-t", "ci_kind"] == ""


def test_equal_costs_still_have_a_ratio():
    row = ratios.ratio_of_means(series(1, 2, 3, 6), series(2, 2, 2, 2), per=1, n_resamples=50).iloc[0]
    assert row["estimate"] == 1.5
    assert row["ci_kind"] == "bounded"


def test_ratio_by_group_holds_every_group_and_all():
    outcome, cost = cohort(60)
    group = pd.Series(np.where(np.arange(60) < 3, "tiny", "rest"))
    table = ratios.ratio_of_means_by(outcome, cost, group)
    assert table["group"].unique().tolist() == ["rest", "tiny"]
    assert table.loc[table["group"] == "tiny", "reason"].str.startswith("Only 3").all()


def test_mean_of_ratios_exceeds_the_ratio_of_means_by_the_lognormal_factor():
    # outcome independent of a lognormal cost: E(O/C) / (E(O)/E(C)) = exp(sigma^2)
    rng = np.random.default_rng(2)
    cost = pd.Series(np.exp(rng.normal(8, 0.6, 200_000)))
    outcome = pd.Series(rng.normal(10, 3, 200_000))
    row = ratios.mean_of_ratios(outcome, cost).iloc[0]
    assert row["quotient"] == pytest.approx(np.exp(0.36), rel=0.02)


# --- soundness ---


def test_the_shuffle_test_never_gives_zero():
    rng = np.random.default_rng(1)
    gain = pd.Series(rng.normal(size=200))
    row = shuffle_test(gain, pd.Series(np.ones(200)), gain.rename("felt"), n_shuffles=49).iloc[0]
    assert row["p"] == 1 / 50


@pytest.mark.parametrize(("sign", "moved"), [(1, "gained more"), (-1, "lost more")])
def test_a_small_mean_of_ratios_is_explained_by_the_sign_of_the_outcome(sign, moved):
    # costs 1 and 3, outcomes 1 and 9: mean of ratios (1 + 3) / 2 = 2, ratio of means 10 / 4 = 2.5
    result = ratios.mean_of_ratios(pd.Series([1.0, 9]) * sign, pd.Series([1.0, 3]), per=1)
    assert result["quotient"].iloc[0] == pytest.approx(0.8)
    said = picked(mean_of_ratios_sentence(result), OPEN)
    assert said.endswith(f"only 0.80 times as large, as the dearer patients {moved}.")


def test_the_sign_paradox_is_found_and_counted():
    outcome, cost = cohort(400)
    found = value.sign_paradox(outcome, cost)
    assert found["estimate"].iloc[0] > 0.5
    assert (found["n"].iloc[0], found["n_all"].iloc[0]) == ((outcome < 0).sum(), 400)
    start, tie = map(render, whom_not(found))
    assert start.startswith(f"Do not rank those who lost, by however little ({(outcome < 0).sum()} of 400, ")
    assert tie.startswith("Among them, the value quota rose strongly with cost (ρ = ")


def test_the_sign_paradox_carries_its_interval():
    found = pd.DataFrame([{"estimate": 0.3, "low": -0.1, "high": 0.6, "n": 40, "n_all": 100, "reason": ""}])
    said = render(whom_not(found)[1])
    assert said.startswith(
        "Among them, the value quota shows no clear tie with cost (ρ = 0.30, -0.10 to 0.60"
    )


def test_without_worsened_patients_there_is_no_paradox():
    outcome, cost = cohort(50)
    assert whom_not(value.sign_paradox(outcome.abs() + 1, cost)) == []
    assert checked(outcome.abs() + 1, cost)["sentence"].str.startswith("None of 50 patients lost").sum() == 1


def test_skewed_costs_make_vq_a_reciprocal_cost():
    outcome, cost = cohort(2000, 1.2)
    follow_up = outcome * 0.1 + 60
    result = value.reciprocal_cost(follow_up, cost)
    assert result["pearson_reciprocal"].iloc[0] > 0.9
    assert "is mostly one over the cost" in what_it_follows(result)
    calm = value.reciprocal_cost(outcome, pd.Series(np.exp(np.random.default_rng(1).normal(8, 0.05, 2000))))
    assert "follows mainly the outcome" in what_it_follows(calm)


def test_two_unrelated_outcomes_agree_once_they_share_a_cost():
    # Pearson 1897; the published simulation has rho = .73 for a cost with CV 1.0
    rng = np.random.default_rng(8)
    first = pd.Series(np.clip(rng.normal(51, 22, 2000), 1, 100), name="kccq")
    second = pd.Series(np.clip(rng.normal(60, 20, 2000), 1, 100), name="eq_vas")
    cost = pd.Series(np.exp(rng.normal(8, np.sqrt(np.log(2)), 2000)), name="cost")
    row = shuffle_test(first, cost, quota_where_possible(second, cost), n_shuffles=40).iloc[0]
    assert row["estimate"] > 0.6
    assert row["shuffled_mean"] == pytest.approx(row["estimate"], abs=0.05)


def test_the_shuffle_keeps_what_cost_and_perception_share():
    outcome, cost = cohort(1500, 0.8)
    cheap_is_good = (-cost).rename("perceived_value")
    row = shuffle_test(outcome.abs() + 5, cost, cheap_is_good, n_shuffles=40).iloc[0]
    assert row["shuffled_mean"] > 0.5
    unrelated = pd.Series(np.random.default_rng(0).normal(size=1500), name="perceived_value")
    assert abs(shuffle_test(outcome, cost, unrelated, n_shuffles=40)["shuffled_mean"].iloc[0]) < 0.06


def test_one_nearly_free_patient_moves_the_mean_of_ratios_only():
    outcome, cost = cohort(100, 0.2)
    without = ratios.mean_of_ratios(outcome.iloc[1:], cost.iloc[1:]).iloc[0]
    cost.iloc[0], outcome.iloc[0] = 1.0, 20.0
    row = ratios.mean_of_ratios(outcome, cost).iloc[0]
    assert row["mean_of_ratios"] > 5 * without["mean_of_ratios"]
    assert row["ratio_of_means"] == pytest.approx(without["ratio_of_means"], rel=0.1)


@pytest.mark.parametrize("n", [0, 1, 3, 4])
def test_every_soundness_sentence_is_said_however_few_the_patients(n):
    outcome, cost = cohort(n) if n else (pd.Series(dtype=float), pd.Series(dtype=float))
    table = checked(outcome, cost)
    assert len(table) == 5
    assert table["sentence"].str.len().gt(20).all()
    for policy in (OPEN, get_policy("nhs-proms")):
        assert all(picked(text, policy).endswith(".") for text in table["sentence"])


def test_soundness_of_equal_costs_is_said_not_raised():
    outcome, cost = cohort(40)
    table = checked(outcome, cost * 0 + 500, pd.Series(1.0, index=outcome.index, name="perceived_value"))
    assert "same cost" in table["sentence"].iloc[0]


@pytest.mark.parametrize(
    ("of_cost", "of_outcome", "words"),
    [
        (1.0, 1.25, "vary about equally"),
        (1.25, 1.0, "vary about equally"),
        (1.26, 1.0, "Cost varies more than the outcome"),
        (0.79, 1.0, "The outcome varies more than cost"),
    ],
)
def test_relative_spreads_are_told_apart_only_when_they_differ(of_cost, of_outcome, words):
    row = {"cv_outcome": of_outcome, "cv_cost": of_cost, "log_sd": 0.4}
    assert words in spreads_sentence(pd.DataFrame([row]))
