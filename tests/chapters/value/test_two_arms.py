"""Two arms on outcome and cost at once: the system, its draws, and what is said of them."""

import numpy as np
import pandas as pd
import pytest
from axes import new_axes
from study_maker import small_study

from vbhc.chapters.value import two_arms
from vbhc.chapters.value.figures import economics as economics_figures
from vbhc.chapters.value.two_arms.trial import study_qalys
from vbhc.chapters.value.two_arms.words import two_arms_points
from vbhc.statistics import economics
from vbhc.statistics.regression.seemingly_unrelated import adjusted_draws, design, seemingly_unrelated


def trial(n=200, seed=1, gain=0.02, extra=300.0, imbalance=0.0):
    """Return a trial with planted increments; `imbalance` shifts the new arm's baseline."""
    rng = np.random.default_rng(seed)
    arm = pd.Series(np.where(rng.random(n) < 0.5, "new", "old"))
    new = (arm == "new").to_numpy(dtype=float)
    baseline = pd.Series(0.6 + imbalance * new + rng.normal(0, 0.2, n))
    age = pd.Series(rng.normal(75, 8, n), name="age")
    shared = rng.normal(size=n)
    outcome = 0.1 + gain * new + 0.2 * baseline + 0.03 * shared + rng.normal(0, 0.02, n)
    cost = 4000 + extra * new + 20 * (age - 75) - 400 * shared + rng.normal(0, 500, n)
    return outcome, cost, arm, baseline, age.to_frame()


def plan_of(outcome, cost, arm, baseline, covariates):
    held = pd.concat([baseline.rename("baseline"), covariates], axis=1)
    return design(outcome, cost, (arm == "new").astype(float), held, covariates)


def test_the_system_equals_generalised_least_squares_written_out():
    """Zellner 1962, eq. 2.9: (X'(S^-1 x I)X)^-1 X'(S^-1 x I)y with S from the separate fits."""
    outcome, cost, arm, baseline, age = trial(80)
    new = (arm == "new").to_numpy(dtype=float)
    x1 = np.column_stack([np.ones(80), new, baseline, age])
    x2 = np.column_stack([np.ones(80), new, age])
    left = [y - x @ np.linalg.lstsq(x, y, rcond=None)[0] for x, y in ((x1, outcome), (x2, cost))]
    freedom = (76, 77)
    errors = np.array(
        [[left[a] @ left[b] / np.sqrt(freedom[a] * freedom[b]) for b in (0, 1)] for a in (0, 1)]
    )
    x = np.block([[x1, np.zeros_like(x2)], [np.zeros_like(x1), x2]])
    weight = np.kron(np.linalg.inv(errors), np.eye(80))
    inverse = np.linalg.inv(x.T @ weight @ x)
    coefficients = inverse @ x.T @ weight @ np.concatenate([outcome, cost])
    steps, covariance = seemingly_unrelated(plan_of(outcome, cost, arm, baseline, age))
    assert steps == pytest.approx(coefficients[[1, 5]], rel=1e-7)
    assert covariance == pytest.approx(inverse[np.ix_([1, 5], [1, 5])], rel=1e-7)


def test_without_covariates_the_increments_are_differences_of_means():
    outcome, cost, arm, *_ = trial()
    result = economics.two_arms(outcome, cost, arm, "old", n_resamples=50)
    means = result.means.set_index("arm")
    for measure in ("outcome", "cost"):
        rows = result.increments[result.increments["measure"] == measure]
        assert rows["estimate"].to_numpy() == pytest.approx(
            means.at["new", measure] - means.at["old", measure]
        )


def test_a_chance_imbalance_at_baseline_is_taken_out():
    outcome, cost, arm, baseline, age = trial(2_000, imbalance=0.2)
    rows = economics.two_arms(outcome, cost, arm, "old", baseline, age, n_resamples=20).increments
    rows = rows[rows["measure"] == "outcome"].set_index("method")["estimate"]
    assert rows["unadjusted"] == pytest.approx(0.02 + 0.2 * 0.2, abs=0.008)
    assert rows["adjusted"] == pytest.approx(0.02, abs=0.008)


def test_draws_spread_as_the_system_says():
    data = trial(400)
    plan = plan_of(*data)
    steps, covariance = seemingly_unrelated(plan)
    levels, draws = adjusted_draws(plan, 2_000, seed=3)
    assert draws.mean(axis=0) == pytest.approx(steps, abs=4 * np.sqrt(np.diag(covariance)).max() / 40)
    assert np.cov(draws.T) == pytest.approx(covariance, rel=0.15)
    again = adjusted_draws(plan, 2_000, seed=3)
    np.testing.assert_array_equal(levels, again[0])


def test_every_frame_is_there_and_drawn():
    result = economics.two_arms(
        *trial()[:3], "old", *trial()[3:], willingness_to_pay=[0, 10_000, 50_000], n_resamples=200
    )
    assert result.reason == ""
    row = result.icer.iloc[0]
    assert row[["share_ne", "share_se", "share_nw", "share_sw"]].sum() == pytest.approx(1)
    benefit = result.net_benefit.set_index("willingness_to_pay")["estimate"]
    assert benefit[10_000.0] == pytest.approx(10_000 * row["delta_outcome"] - row["delta_cost"])
    assert result.curve.groupby("willingness_to_pay")["probability"].sum().to_numpy() == pytest.approx(1)
    cloud = economics_figures.plane_bins(result.draws)
    economics_figures.plot_plane(cloud, new_axes())
    economics_figures.plot_acceptability(result.curve, new_axes())
    economics_figures.plot_net_benefit(result.net_benefit, new_axes())
    assert economics_figures.plot_evpi(result.curve, new_axes()).get_ylabel()
    assert "at most EUR" in economics_figures.alt_evpi(result.curve, "EUR")
    text = " ".join(two_arms_points(result, "QALY", "EUR", 45_000).values())
    assert "At EUR 50,000 per QALY, new has the highest expected net benefit" in text
    assert "per QALY gained" in text


def test_what_cannot_be_compared_gives_a_reason():
    outcome, cost, arm, baseline, age = trial(60)
    alone = economics.two_arms(outcome[arm == "old"], cost[arm == "old"], arm[arm == "old"], "old")
    assert two_arms_points(alone, "QALY", "EUR", 1) == {
        "two-arms": "There is only one arm; nothing to compare."
    }
    third = arm.where(np.arange(60) > 5, "third")
    assert "3 arms" in economics.two_arms(outcome, cost, third, "old").reason
    assert economics.two_arms(outcome, cost, third, "old", treatment="new", n_resamples=10).reason == ""
    same = age.assign(copy=(arm == "new").astype(float))
    assert "repeats the arm" in economics.two_arms(outcome, cost, arm, "old", baseline, same).reason
    nobody = economics.two_arms(outcome.where(arm == "old"), cost, arm, "old")
    assert "two complete patients each" in nobody.reason
    assert nobody.curve.empty
    with pytest.raises(ValueError, match="no arm 'placebo'"):
        economics.two_arms(outcome, cost, arm, "placebo")


def test_outcomes_and_costs_that_do_not_vary_give_a_reason():
    outcome, cost, arm, _, age = trial(60)
    flat = {
        "All 60 complete patients have the same outcome": (outcome * 0 + 0.5, cost),
        "All 60 complete patients have the same cost": (outcome, cost * 0 + 100),
        "Within the arms the outcome does not vary": ((arm == "new") * 0.2 + 0.1, cost),
        "Cost is a fixed multiple of the outcome": (outcome, outcome * 1000),
    }
    for words, (y, x) in flat.items():
        for held in (None, age):
            result = economics.two_arms(y, x, arm, "old", covariates=held, n_resamples=20)
            assert result.reason.startswith(words)
            assert two_arms_points(result, "QALY", "EUR", 0) == {"two-arms": result.reason}
    # one patient of each arm differs: one resample in eight is without both
    odd = pd.Series(np.where(arm.groupby(arm).cumcount() == 4, 0.9, 0.5))
    result = economics.two_arms(odd, cost, arm, "old", n_resamples=2000)
    assert result.draws["delta_outcome"].notna().sum() == 2000
    variances = odd.groupby(arm).var(ddof=0) / odd.groupby(arm).size()
    assert result.draws["delta_outcome"].std() == pytest.approx(np.sqrt(variances.sum()), rel=0.06)


def test_covariates_in_words_and_patients_without_them():
    outcome, cost, arm, baseline, age = trial()
    held = age.assign(nyha=pd.Series(np.where(np.arange(200) % 3, "III", "IV")).where(np.arange(200) != 7))
    result = economics.two_arms(outcome, cost, arm, "old", baseline, held, n_resamples=20)
    assert result.icer["n_missing"].iloc[0] == 1
    assert "1 patient without every value left out" in two_arms_points(result, "QALY", "EUR", 0)["two-arms"]


def test_the_dead_count_as_zero_at_the_end(tmp_path):
    instruments = {"eq5d": {"instrument": "eq5d-3l", "items": "eq5d_{item}", "value_set": "3l-tto-uk"}}
    study = small_study(tmp_path, instruments=instruments)
    patients = pd.DataFrame({"eq5d_index_baseline": [0.6, 0.8, 0.5], "eq5d_index_6m": [0.8, np.nan, np.nan],
                             "dead_6m": ["no", "yes", "no"]})  # fmt: skip
    # six months: (0.6 + 0.8) / 2 / 2 = 0.35; (0.8 + 0) / 2 / 2 = 0.2; neither dead nor answered
    assert study_qalys(study, patients).to_numpy() == pytest.approx([0.35, 0.2, np.nan], nan_ok=True)
    assert two_arms.study_two_arms(study, patients).result.reason == "The study declares no arms."
