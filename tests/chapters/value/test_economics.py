"""Increments, net benefit, acceptability, published forms, frontier, and missing outcomes."""

import json

import numpy as np
import pandas as pd
import pytest
from places import ORACLES
from scipy import stats

from vbhc.chapters.value.artefacts import opposite_orders
from vbhc.chapters.value.missing_data import missing_sensitivity
from vbhc.chapters.value.quota.numerators import adjusted_outcome
from vbhc.statistics import economics, imputation
from vbhc.study.forms import FORMS

ORACLE = json.loads((ORACLES / "statistics/statistics.json").read_text("utf-8"))
DATA60 = pd.DataFrame(ORACLE["data60"])
ARM = DATA60["arm"].map({0: "usual care", 1: "person-centred care"})


# --- increments ---


def test_the_ratio_of_a_noisy_trial_has_no_limits_as_in_r():
    case = ORACLE["fieller"]["icer_cost_over_eff_by_arm"]
    row = economics.two_arms(DATA60["eff"], DATA60["cost"], ARM, "usual care", n_resamples=20).row
    assert row["delta_outcome"] == pytest.approx(case["deltaE"], abs=1e-9)
    assert row["delta_cost"] == pytest.approx(case["deltaC"], abs=1e-9)
    assert row["ci_kind"] == "whole line"
    assert np.isnan(row["icer"])  # more outcome at less cost: a negative ratio means nothing


@pytest.mark.parametrize(
    ("gain", "extra", "place", "ratio"),
    [(2, 100, "NE", 50), (-2, -100, "SW", 50), (2, -100, "SE", None), (-2, 100, "NW", None)],
)
def test_a_ratio_is_given_where_both_differences_go_the_same_way(gain, extra, place, ratio):
    rng = np.random.default_rng(1)
    arm = pd.Series(["old", "new"] * 40)
    new = (arm == "new").astype(float)
    outcome, cost = 10 + gain * new + rng.normal(0, 0.01, 80), 1000 + extra * new + rng.normal(0, 0.01, 80)
    row = economics.two_arms(outcome, cost, arm, "old", n_resamples=100).row
    assert row["quadrant"] == place
    assert np.isnan(row["icer"]) if ratio is None else row["icer"] == pytest.approx(ratio, rel=0.01)
    shares = row[["share_ne", "share_se", "share_nw", "share_sw"]]
    assert shares.sum() == pytest.approx(1)
    assert row[f"share_{place.lower()}"] == 1


def test_rankings_by_vq_and_by_net_benefit_disagree_as_counted_by_hand():
    # VQ: 2, 1, 3 per 1,000; net benefit at 500: 2000, 3000, -500 + 0 -> orders 2>1>3 against 3>1>2
    outcome, cost = np.array([8.0, 10.0, 0.3]), np.array([4000.0, 10_000.0, 100.0])
    row = opposite_orders(outcome, cost, 1500)
    vq, benefit = outcome / cost, 1500 * outcome - cost
    opposite = sum((vq[i] - vq[j]) * (benefit[i] - benefit[j]) < 0 for i, j in ((0, 1), (0, 2), (1, 2)))
    assert row["discordant_share"] == opposite / 3
    assert opposite_orders(outcome[:1], cost[:1], 1)["reason"]


# --- acceptability ---


def test_the_frontier_is_the_optimal_option_not_the_likeliest():
    # Barton, Briggs & Fenwick 2008: B is best in 60% of draws by 1, A in 40% by 10, so A has the higher mean
    effects = pd.DataFrame({"A": [10.0] * 4 + [0.0] * 6, "B": [0.0] * 4 + [1.0] * 6})
    curve = economics.acceptability(effects, effects * 0, [1.0])
    frontier = curve[curve["optimal"]]
    assert frontier["option"].tolist() == ["A"]
    assert frontier["probability"].tolist() == [0.4]
    # perfect information: 0.4 * 10 + 0.6 * 1 - max(4, 0.6)
    assert frontier["evpi"].iloc[0] == pytest.approx(0.6)


def test_probabilities_sum_to_one_even_when_options_tie():
    effects = pd.DataFrame({"A": [1.0, 2.0], "B": [1.0, 2.0], "C": [0.0, 3.0]})
    curve = economics.acceptability(effects, effects * 0, [0.0, 1.0])
    assert curve.groupby("willingness_to_pay")["probability"].sum().tolist() == pytest.approx([1, 1])


# --- published forms ---


def test_published_forms_have_a_source():
    assert all(len(form.source) > 10 for form in FORMS.values())


def test_without_a_line_to_adjust_by_nobody_has_an_adjusted_outcome():
    assert adjusted_outcome(pd.Series([40.0, 40, 40]), pd.Series([1.0, 2, 3])).isna().all()


def test_adjusted_outcomes_keep_their_mean_and_lose_the_baseline():
    rng = np.random.default_rng(3)
    baseline = pd.Series(rng.normal(40, 20, 200))
    follow_up = 0.5 * baseline + rng.normal(30, 10, 200)
    adjusted = adjusted_outcome(baseline, follow_up)
    assert adjusted.mean() == pytest.approx(follow_up.mean())
    assert np.corrcoef(adjusted, baseline)[0, 1] == pytest.approx(0, abs=1e-12)


# --- missing outcomes ---


def test_rubins_rules_equal_r():
    case = ORACLE["rubin"]
    found = imputation.rubin(case["Q"], case["U"], case["n"], case["k"])
    half = stats.t.ppf(0.975, case["df"]) * np.sqrt(case["t"])
    assert found == pytest.approx(
        (case["qbar"], case["qbar"] - half, case["qbar"] + half, case["fmi"]), rel=1e-9
    )


def incomplete(n=400, seed=2):
    rng = np.random.default_rng(seed)
    baseline = rng.normal(40, 15, n)
    follow_up = 20 + 0.7 * baseline + rng.normal(0, 8, n)
    frame = pd.DataFrame({"baseline": baseline, "follow_up": follow_up})
    frame["gone"] = rng.random(n) < 1 / (1 + np.exp((baseline - 32) / 4))
    return frame


def mean_of_follow_up(frame):
    return frame["follow_up"].mean(), frame["follow_up"].var() / len(frame)


def test_imputation_undoes_a_loss_that_the_baseline_explains():
    full = incomplete()
    seen = full[["baseline", "follow_up"]].assign(follow_up=full["follow_up"].where(~full["gone"]))
    copies = imputation.impute(seen)
    table = missing_sensitivity(seen, mean_of_follow_up, list(seen), copies, (0.0, -10.0))
    table = table.set_index("handling")
    truth = full["follow_up"].mean()
    assert table.loc["complete cases", "estimate"] - truth > 2
    assert table.loc["imputed", "low"] < truth < table.loc["imputed", "high"]
    share = full["gone"].mean()
    shift = table.loc["imputed, missing shifted by -10", "estimate"] - table.loc["imputed", "estimate"]
    assert shift == pytest.approx(-10 * share, abs=1e-9)


def test_imputed_values_are_observed_ones_and_observed_ones_stay():
    full = incomplete(120)
    seen = full[["baseline", "follow_up"]].assign(follow_up=full["follow_up"].where(~full["gone"]).round())
    first, second = imputation.impute(seen, 2, seed=5)
    known = seen["follow_up"].notna()
    for copy in (first, second):
        pd.testing.assert_series_equal(copy.loc[known, "follow_up"], seen.loc[known, "follow_up"])
        assert set(copy["follow_up"]) <= set(seen["follow_up"].dropna())
    assert not first.equals(second)
    pd.testing.assert_frame_equal(first, imputation.impute(seen, 2, seed=5)[0])
    with pytest.raises(ValueError, match="too few observed"):
        imputation.impute(seen.assign(empty=np.nan), 2)
