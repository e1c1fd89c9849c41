"""Two arms on outcome and cost at once: the system, its draws, and what is said of them."""

import numpy as np
import pandas as pd
import pytest
from arms_maker import two_armed
from axes import new_axes
from study_maker import small_study

from vbhc.chapters.value import two_arms
from vbhc.chapters.value.two_arms.decision import draw_curve, draw_plane, plane_bins
from vbhc.chapters.value.two_arms.imputed import ADJUSTED, observed, study_gaps
from vbhc.chapters.value.two_arms.trial import Trial, most_frequent, study_qalys
from vbhc.chapters.value.two_arms.words import IMPUTED_NOTE
from vbhc.publish.claims import render
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.disclosure.said import may_show
from vbhc.statistics import economics
from vbhc.statistics.economics.two_arms import prices_around
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
    row = economics.two_arms(outcome, cost, arm, "old", n_resamples=50).row
    for measure, values in {"outcome": outcome, "cost": cost}.items():
        gap = values[arm == "new"].mean() - values[arm == "old"].mean()
        assert row[f"delta_{measure}"] == pytest.approx(gap)


def test_a_chance_imbalance_at_baseline_is_taken_out():
    outcome, cost, arm, baseline, age = trial(2_000, imbalance=0.2)
    result = economics.two_arms(outcome, cost, arm, "old", baseline, age, n_resamples=20)
    plain = result.complete.groupby("treated")["outcome"].mean()
    assert plain[1] - plain[0] == pytest.approx(0.02 + 0.2 * 0.2, abs=0.008)
    assert result.row["delta_outcome"] == pytest.approx(0.02, abs=0.008)


def test_draws_spread_as_the_system_says():
    data = trial(400)
    plan = plan_of(*data)
    steps, covariance = seemingly_unrelated(plan)
    levels, draws = adjusted_draws(plan, 2_000, seed=3)
    assert draws.mean(axis=0) == pytest.approx(steps, abs=4 * np.sqrt(np.diag(covariance)).max() / 40)
    assert np.cov(draws.T) == pytest.approx(covariance, rel=0.15)
    again = adjusted_draws(plan, 2_000, seed=3)
    np.testing.assert_array_equal(levels, again[0])


def test_every_frame_is_there():
    result = economics.two_arms(*trial()[:3], "old", *trial()[3:], price=10_000, n_resamples=200)
    row = result.row
    assert result.reason == ""
    assert row[["share_ne", "share_se", "share_nw", "share_sw"]].sum() == pytest.approx(1)
    by_hand = 10_000 * row["delta_outcome"] - row["delta_cost"]
    assert row["delta_net_benefit"] == pytest.approx(by_hand)
    assert result.curve.groupby("willingness_to_pay")["probability"].sum().to_numpy() == pytest.approx(1)


def test_what_cannot_be_compared_gives_a_reason():
    outcome, cost, arm, baseline, age = trial(60)
    alone = economics.two_arms(outcome[arm == "old"], cost[arm == "old"], arm[arm == "old"], "old")
    assert alone.reason == "There is only one arm; nothing to compare."
    third = arm.where(np.arange(60) > 5, "third")
    assert "3 arms" in economics.two_arms(outcome, cost, third, "old").reason
    same = age.assign(copy=(arm == "new").astype(float))
    assert "repeats the arm" in economics.two_arms(outcome, cost, arm, "old", baseline, same).reason
    nobody = economics.two_arms(outcome.where(arm == "old"), cost, arm, "old")
    assert "two complete patients each" in nobody.reason
    assert nobody.curve.empty


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
    assert result.row["n_missing"] == 1


def test_the_dead_count_as_zero_at_the_end(tmp_path):
    instruments = {"eq5d": {"instrument": "eq5d-3l", "items": "eq5d_{item}", "value_set": "3l-tto-uk"}}
    study = small_study(tmp_path, instruments=instruments)
    patients = pd.DataFrame({"eq5d_index_baseline": [0.6, 0.8, 0.5], "eq5d_index_6m": [0.8, np.nan, np.nan],
                             "dead_6m": ["no", "yes", "no"]})  # fmt: skip
    # six months: (0.6 + 0.8) / 2 / 2 = 0.35; (0.8 + 0) / 2 / 2 = 0.2; neither dead nor answered
    assert study_qalys(study, patients, "eq5d_index").to_numpy() == pytest.approx(
        [0.35, 0.2, np.nan], nan_ok=True
    )
    assert two_arms.study_two_arms(study, patients, 20_000).result.reason == "The study declares no arms."


# --- what is said and drawn of them ---

PRICE = 20_000.0


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The made-up trial: the new arm gains 0.05 QALYs and costs 400 more, a price of 8,000 per QALY."""
    study, patients = two_armed(tmp_path_factory.mktemp("s"))
    return two_arms.study_two_arms(study, patients, PRICE, n_resamples=200)


def with_row(trial: Trial, **values) -> Trial:
    """The same comparison with other numbers in the row of increments and ratio."""
    row = pd.Series({**trial.row, **values})
    return trial._replace(result=trial.result._replace(row=row))


def test_the_declared_price_its_half_and_its_double_are_computed(shown):
    prices = prices_around(33_333.0)
    assert {16_666.5, 33_333.0, 66_666.0} <= set(prices)
    assert prices == sorted(set(prices))
    assert {0, PRICE, 2 * PRICE} <= set(shown.result.curve["willingness_to_pay"])


def test_a_table_knows_how_many_have_qalys_whatever_they_cost(tmp_path, shown):
    study, patients = two_armed(tmp_path)
    lacking = patients.copy()
    lacking.loc[patients.dropna().index[:3], study.cost_column] = np.nan
    fewer = two_arms.study_two_arms(study, lacking, PRICE, n_resamples=20)
    assert fewer.row["n"] + fewer.row["n_reference"] == shown.known - 3
    ways = pd.DataFrame(observed(fewer, 0.95))
    assert two_arms.ways_compared(fewer, ways).table.rules["most"] == {"n": shown.known}


def test_both_differences_are_claims_and_the_ratio_follows(shown):
    gain, cost, ratio = two_arms.extra(shown).says
    assert (gain.first, gain.second) == ("new", "old")
    assert render(gain).startswith("The mean number of QALYs was 0.0")
    assert "higher for new than for old" in render(cost)
    assert "EUR" in ratio
    assert ratio.endswith("per QALY gained.")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"icer": np.nan}, "In 100% of resamples new gains more and costs more; no ratio is given."),
        ({"ci_kind": "whole line"}, "new gains more and costs more; the ratio of the two has no range."),
        ({"quadrant": "SW"}, "saved per QALY given up."),
    ],
)
def test_a_ratio_is_only_given_where_it_has_a_range(shown, values, words):
    assert two_arms.extra(with_row(shown, **values)).says[2].endswith(words)


def test_the_dead_who_are_in_no_comparison_are_counted(shown):
    lost = two_arms.extra(shown._replace(died=24, died_in_all=26)).says[2]
    assert render(lost).startswith("2 of 26 (8%) who died are not among them, for want of the index")
    assert len(two_arms.extra(shown._replace(died=26, died_in_all=26)).says) == 3


@pytest.mark.parametrize(
    ("seen", "held", "words"),
    [
        ((360, -1470, 2189), (-812, -2466, 843), "turns its sign, and either could be chance."),
        ((360, -1470, 2189), (-812, -900, -700), "it is 360 (-1,470 to 2,189): holding the start and the"),
        ((360, -1470, 2189), (12, -20, 43), None),
    ],
)
def test_a_sign_that_hangs_on_what_is_held_equal_is_told(shown, seen, held, words):
    names = ["net_benefit", "net_benefit_low", "net_benefit_high"]
    ways = pd.DataFrame([seen, held], columns=names).assign(handling=["as observed", ADJUSTED])
    said = two_arms.arms_answer(shown, ways).says[1]
    assert words in said if words else said == ""


def test_a_difference_whose_interval_holds_zero_is_told_as_undecided(shown):
    unsure = with_row(shown, delta_outcome=-0.005, delta_outcome_low=-0.016, delta_outcome_high=0.006)
    assert "cannot be told apart between new and old" in render(two_arms.extra(unsure).says[0])


def test_the_most_frequent_quadrant_by_hand(shown):
    row = shown.row.copy()
    row[["share_ne", "share_se", "share_nw", "share_sw"]] = [0.1, 0.2, 0.64, 0.06]
    assert most_frequent(row) == (0.64, "gains less and costs more")


def test_net_benefit_at_the_declared_price_is_price_times_gain_less_cost(shown):
    by_hand = PRICE * shown.row["delta_outcome"] - shown.row["delta_cost"]
    assert shown.at_price[0] == pytest.approx(by_hand)
    claim = shown.benefit(shown.at_price, 10, "At")
    assert render(claim, numbers=False).startswith("At EUR 20,000 per QALY, the net benefit per patient")


def test_one_curve_is_drawn_not_its_mirror(shown):
    data = two_arms.acceptability(shown).drawing.data
    assert data["willingness_to_pay"].is_unique
    curve = shown.result.curve.set_index(["option", "willingness_to_pay"])["probability"]
    assert data.set_index("willingness_to_pay")["probability"][PRICE] == curve["new", PRICE]


def test_certainty_is_told_at_the_declared_price_and_around(shown):
    said = two_arms.certainty(shown).says[0]
    assert said.startswith("At EUR 20,000 per QALY, knowing for certain")
    assert "at EUR 10,000" in said
    assert "at EUR 40,000" in said
    assert "it would be" not in two_arms.certainty(shown._replace(price=0.0)).says[0]  # half and double of 0


def test_each_drawing_takes_what_the_policy_leaves_of_its_data(shown):
    drawings = {
        draw_plane: two_arms.plane(shown),
        draw_curve: two_arms.acceptability(shown),
    }
    assert plane_bins(shown)["draws"].sum() == len(shown.result.draws)
    for result in drawings.values():
        drawing = result.drawing
        ax = new_axes()
        assert drawing.draw(drawing.data, ax) is ax
        numbers = drawing.data.select_dtypes("number").columns
        gone = drawing.data.astype(dict.fromkeys(numbers, float)).assign(**dict.fromkeys(numbers, np.nan))
        assert not drawing.draw(gone, new_axes()).axison


def test_without_a_comparison_there_is_the_reason_and_nothing_else(tmp_path):
    study, patients = two_armed(tmp_path)
    none = two_arms.study_two_arms(study, patients.assign(arm="old"), PRICE)
    assert two_arms.extra(none).says == [none.result.reason]
    assert two_arms.plane(none) is two_arms.acceptability(none) is two_arms.certainty(none) is None
    gaps = study_gaps(study, patients, none)
    answer = two_arms.arms_answer(none, two_arms.arms_if_answered(none, gaps))
    assert answer.says == ["There is only one arm; nothing to compare."]
    nobody = two_arms.study_two_arms(study, patients.assign(arm=None), PRICE)
    assert "No patient's arm is known" in nobody.result.reason


def test_a_note_on_the_method_is_not_taken_for_a_count_of_people():
    """ "94% to 95% of 95% intervals" was read as a share of 95 people, and the note withheld."""
    for policy in ("nhs-proms", "hes", "opensafely", "acro"):
        assert may_show(IMPUTED_NOTE, get_policy(policy)) == IMPUTED_NOTE
