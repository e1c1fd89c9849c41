"""Costs done properly: price years, spread, adjusted means, and what makes up the sum."""

import json

import numpy as np
import pandas as pd
import pytest
from places import ORACLES
from study_maker import CONFIG, UNIT_COSTS, small_study
from vbhc.chapters.value.costs.words import park_sentence

from vbhc.chapters.value import costs
from vbhc.cleaning.costs.price_index import conversions
from vbhc.cleaning.costs.unit_costs import read_unit_costs
from vbhc.problems import StudyError
from vbhc.statistics import regression

ORACLE = json.loads((ORACLES / "statistics/statistics.json").read_text("utf-8"))
DATA60 = pd.DataFrame(ORACLE["data60"])
R = ORACLE["cost_models"]

# --- price years and currencies ---

INDEX = """\
currency,year,index,rate,source
EUR,2018,95,,made up
EUR,2020,100,,made up
SEK,2019,320,,made up
SEK,2020,336,0.1,made up
"""
OTHERS = UNIT_COSTS.replace("400,EUR,2020", "400,SEK,2019").replace("100,EUR,2020", "100,EUR,2018")


def study_with(tmp_path, prices=OTHERS, index=INDEX):
    files = {"unit_costs.csv": prices, "price_index.csv": index}
    return small_study(tmp_path, files, cost={**CONFIG["cost"], "price_index": "price_index.csv"})


def test_hand_worked_conversion(tmp_path):
    """SEK 400 of 2019: x 336/320 = 420 of 2020, x 0.1 = EUR 42. EUR 100 of 2018: x 100/95 = 105.26."""
    table = read_unit_costs(study_with(tmp_path))
    assert table["unit_cost"].tolist() == pytest.approx([42, 100 / 0.95])
    assert table["currency"].tolist() == ["EUR", "EUR"]
    assert table["price_year"].tolist() == [2020, 2020]
    told = conversions(table)
    assert told["conversion"].tolist() == [
        "SEK 400 of 2019 x 1.0500 (prices of 2020) x 0.1 (EUR per SEK) = EUR 42.00",
        "EUR 100 of 2018 x 1.0526 (prices of 2020) = EUR 105.26",
    ]
    assert told["given"].tolist() == [400, 100]


def test_what_is_in_the_studys_prices_is_left_alone(tmp_path):
    table = read_unit_costs(study_with(tmp_path, UNIT_COSTS))
    assert table["unit_cost"].tolist() == [400, 100]
    assert conversions(table).empty
    assert conversions(read_unit_costs(small_study(tmp_path / "without"))).empty


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("SEK,2019,320,,made up\n", "", "no index of SEK 2019; add it to price_index.csv"),
        ("SEK,2020,336,0.1", "SEK,2020,336,", "no rate of SEK in 2020; add EUR per SEK to price_index.csv"),
        ("SEK,2020,336,0.1", "SEK,2020,-1,0.1", "index, row 5: '-1'; a number above 0"),
        ("EUR,2020", "EUR,2018", "EUR 2018 stands twice; keep one"),
        ("EUR,2020", "EUR,MMXX", "year, row 3: 'MMXX'; a year"),
        ("currency,year,index", "currency,year,indexx", "unknown column 'indexx'; did you mean 'index'?"),
    ],
)
def test_gap_or_fault_of_the_price_index_is_named(tmp_path, old, new, message):
    with pytest.raises(StudyError) as error:
        read_unit_costs(study_with(tmp_path, index=INDEX.replace(old, new)))
    assert message in str(error.value)


def test_an_absent_price_index_is_named(tmp_path):
    study = small_study(tmp_path, cost={**CONFIG["cost"], "price_index": "prices.csv"})
    with pytest.raises(StudyError, match="no such file"):
        read_unit_costs(study)


# --- spread ---


def test_spread_of_hand_worked_costs():
    row = costs.cost_spread(pd.Series([0.0, 100, 200, 500, np.nan])).iloc[0]
    assert row[["n", "n_missing", "n_zero", "mean", "median"]].tolist() == [4, 1, 1, 200, 150]
    assert row["cv"] == pytest.approx(np.std([0, 100, 200, 500], ddof=1) / 200)
    text = costs.cost_spread_sentence(costs.cost_spread(pd.Series([0.0, 100, 200, 500])), "EUR")
    assert text.endswith("1 of 4 (25%) cost nothing: a two-part model keeps them apart.")
    assert "Only 1 patient has a cost" in costs.cost_spread_sentence(
        costs.cost_spread(pd.Series([5.0])), "EUR"
    )


def test_skew_is_said():
    cost = pd.Series(np.exp(np.random.default_rng(1).normal(8, 1.2, 500)))
    assert "very skewed" in costs.cost_spread_sentence(costs.cost_spread(cost), "EUR")


# --- models ---


def design60():
    constant = pd.DataFrame({"constant": np.ones(60)})
    return constant.join(DATA60[["arm", "base"]].astype(float))


def test_gamma_log_equals_r():
    fit = regression.gamma_log(DATA60["cost"], design60())
    assert fit.params.to_numpy() == pytest.approx(R["gamma_log"]["coef"], rel=1e-8)
    assert fit.bse.to_numpy() == pytest.approx(R["gamma_log"]["se"], rel=1e-7)
    assert fit.scale == pytest.approx(R["gamma_log"]["dispersion_pearson"], rel=1e-7)
    assert fit.deviance == pytest.approx(R["gamma_log"]["deviance"], rel=1e-8)


def test_two_part_model_and_its_means_equal_r():
    first, second = regression.two_part(DATA60["cost0"], design60())
    assert first.params.to_numpy() == pytest.approx(R["two_part"]["logit_coef"], rel=1e-6)
    assert second.params.to_numpy() == pytest.approx(R["two_part"]["gamma_coef"], rel=1e-7)
    arm = DATA60["arm"].map({0: "a", 1: "b"})
    table = regression.adjusted_means(DATA60["cost0"], arm, DATA60[["base"]]).set_index(["model", "group"])
    assert table.at[("two-part", "a"), "estimate"] == pytest.approx(R["two_part"]["mean_arm0"], rel=1e-7)
    assert table.at[("two-part", "b"), "estimate"] == pytest.approx(R["two_part"]["mean_arm1"], rel=1e-7)
    assert table.at[("two-part", "b"), "difference"] == pytest.approx(R["two_part"]["incremental"], rel=1e-5)


def test_park_test_equals_r():
    table = regression.park_test(regression.gamma_log(DATA60["cost"], design60()))
    row = table.iloc[0]
    assert [row["intercept"], row["power"]] == pytest.approx(R["modified_park"]["coef"], rel=1e-5)
    assert row["family"] == "gamma"
    assert "as a gamma model has it" in park_sentence(table)


def test_park_test_finds_the_family():
    rng = np.random.default_rng(4)
    x = pd.DataFrame({"constant": np.ones(5_000), "x": rng.normal(size=5_000)})
    mean = np.exp(6 + 0.6 * x["x"])
    for power, noise in ((2, mean * 0.5), (1, np.sqrt(mean))):
        cost = pd.Series(np.maximum(mean + noise * rng.normal(size=5_000), 1e-3))
        table = regression.park_test(regression.gamma_log(cost, x))
        assert table["power"].to_numpy() == pytest.approx(power, abs=0.2)
        assert ("not a gamma" in park_sentence(table)) == (power == 1)


def test_the_family_is_gamma_unless_the_park_test_rules_it_out():
    rng = np.random.default_rng(8)
    n = 3000
    x = pd.DataFrame({"x": rng.normal(0, 1, n)})
    mean, arm = np.exp(6 + 0.8 * x["x"]), pd.Series(np.where(np.arange(n) % 2 == 0, "a", "b"))
    gamma = pd.Series(rng.gamma(2, mean / 2))
    table, family, said = costs.variance_family(gamma, arm, x)
    assert family == "gamma"
    assert "as a gamma model has it" in said
    poisson = pd.Series(rng.poisson(mean) + 1.0)
    table, family, said = costs.variance_family(poisson, arm, x)
    assert family == "poisson"
    assert table["power"].iloc[-1] == pytest.approx(1, abs=0.15)
    means = regression.adjusted_means(poisson, arm, x, "a", also=family)
    assert means["model"].unique().tolist() == ["observed", "gamma-log", "poisson-log"]
    # a Poisson model with a constant and indicators gives the observed sums of the groups (score equations)
    alone = regression.adjusted_means(poisson, arm, None, "a", also="poisson").set_index(["model", "group"])
    assert alone.loc[("poisson-log", "b"), "estimate"] == pytest.approx(poisson[arm == "b"].mean())
    assert "With the poisson family the difference is EUR" in costs.families_sentence(means, family, "EUR")


def test_robust_errors_of_another_family_are_statsmodels_own():
    import statsmodels.api as sm

    from vbhc.statistics.regression.adjusted_means import _parts, group_design

    cost, arm = DATA60["cost"] + 1.0, DATA60["arm"].map({0: "a", 1: "b"})
    design = group_design(arm, ["a", "b"], pd.DataFrame(index=arm.index))
    part = _parts(cost, design, "poisson-log")[0]
    family = sm.families.Poisson(sm.families.links.Log())
    fit = sm.GLM(cost.to_numpy(float), design, family=family).fit(scale="X2", cov_type="HC0")
    small_sample = np.sqrt(60 / 58)  # HC1 is HC0 with n / (n - k)
    assert np.sqrt(np.diag(part.covariance)) == pytest.approx(fit.bse.to_numpy() * small_sample, rel=1e-6)


def test_costs_that_cannot_be_modelled_have_no_family():
    cost, arm = pd.Series([5.0] * 20), pd.Series(["a", "b"] * 10)
    table, family, said = costs.variance_family(cost, arm)
    assert (len(table), family) == (0, "")
    assert "all costs are the same" in said
    assert costs.families_sentence(regression.adjusted_means(cost, arm), family, "EUR") == ""


def test_robust_errors_equal_rs_hc1():
    from vbhc.statistics.regression.adjusted_means import _parts

    part = _parts(DATA60["cost"], design60(), "gamma-log")[0]
    assert np.sqrt(np.diag(part.covariance)) == pytest.approx(R["gamma_log"]["hc1_se"], rel=1e-6)


def test_without_covariates_the_model_gives_the_observed_means():
    arm = DATA60["arm"].map({0: "a", 1: "b"})
    for cost in (DATA60["cost"], DATA60["cost0"]):
        table = regression.adjusted_means(cost, arm)
        means = table.pivot(index="group", columns="model", values="estimate")
        assert means.iloc[:, 0].to_numpy() == pytest.approx(means.iloc[:, 1].to_numpy(), rel=1e-7)


def test_adjustment_takes_out_a_planted_imbalance():
    rng = np.random.default_rng(5)
    severity = rng.normal(size=4_000)
    arm = pd.Series(np.where(rng.random(4_000) < 1 / (1 + np.exp(-severity)), "new", "old"))
    mean = 3_000 * np.exp(0.5 * severity + 0.1 * (arm == "new"))
    cost = pd.Series(mean * rng.gamma(2, 0.5, 4_000))
    table = regression.adjusted_means(cost, arm, pd.DataFrame({"severity": severity}), "old")
    rows = table[table["group"] == "new"].set_index("model")
    truth = (3_000 * np.exp(0.5 * severity)).mean() * (np.exp(0.1) - 1)
    assert rows.at["observed", "difference"] > 3 * truth
    assert rows.at["gamma-log", "difference_low"] < truth < rows.at["gamma-log", "difference_high"]
    text = costs.adjusted_means_sentence(table, "EUR", "severity")
    assert text.startswith("Mean cost among patients alike in severity: old EUR")
    assert "new differs by EUR" in text


def test_what_cannot_be_adjusted_gives_a_reason():
    cost, arm = DATA60["cost"], DATA60["arm"].map({0: "a", 1: "b"})
    one = regression.adjusted_means(cost, pd.Series("a", index=cost.index))
    assert "only one group" in costs.adjusted_means_sentence(one, "EUR")
    free = regression.adjusted_means(cost.where(arm == "a", 0), arm)
    assert "Fewer than two patients of b" in costs.adjusted_means_sentence(free, "EUR")
    same = regression.adjusted_means(cost, arm, pd.DataFrame({"again": (arm == "b").astype(float)}))
    assert "repeats the groups" in costs.adjusted_means_sentence(same, "EUR")
    few = regression.adjusted_means(cost.head(4), arm.head(4).where(cost.head(4) > cost[0], "b"))
    assert "too few" in few.iloc[-1]["reason"]
    below = regression.adjusted_means(-cost, arm)
    assert "60 of 60 (100%) costs are negative" in costs.adjusted_means_sentence(below, "EUR")
    assert below["estimate"].isna().all()
    with pytest.raises(ValueError, match="no group 'c'"):
        regression.adjusted_means(cost, arm, reference="c")


# --- what makes up the sum ---

LINES = pd.DataFrame(
    [("P1", "day", "ward", 2, 800), ("P2", "day", "ward", 1, 400), ("P1", "visit", "clinic", 3, 300)],
    columns=["patient_id", "resource", "component", "quantity", "cost"],
)


def test_resources_that_make_up_the_sum():
    table = costs.resource_shares(LINES, "patient_id")
    assert table["resource"].tolist() == ["day", "visit"]
    assert table["share"].tolist() == [0.8, 0.2]
    assert table["n_users"].tolist() == [2, 1]
    behind = costs.costs_by_resource(LINES, "patient_id")
    assert {name: own.sum() for name, own in behind.items()} == dict(
        zip(table["resource"], table["cost"], strict=True)
    )
    text = costs.resource_shares_sentence(table)
    assert text == "1 resource makes up 80% of all costs, first day (80%); 2 resources were priced."


def test_hand_worked_concentration():
    """The dearest of 10, 20, 30, 40 makes up 40%; Gini = 2 (10 + 40 + 90 + 160) / (4 * 100) - 5/4 = 0.25."""
    table = costs.concentration(pd.Series([40.0, 10, 30, 20]))
    assert table["cost_share"].tolist() == [0.4] * 4 + [0.7]
    assert table["gini"].iloc[0] == pytest.approx(0.25)
    assert "dearest 10% of patients (1 of 4) make up 40%" in costs.concentration_sentence(table)
    assert costs.concentration(pd.Series([5.0, 5, 5]))["gini"].iloc[0] == 0
    assert "No patient has a cost" in costs.concentration_sentence(costs.concentration(pd.Series([0.0])))


def test_leaving_a_component_out_moves_the_value_by_its_share():
    rng = np.random.default_rng(2)
    outcome = pd.Series(rng.normal(12, 5, 50))
    ward = pd.Series(np.exp(rng.normal(8, 0.5, 50)))
    table = costs.perimeter_sensitivity(outcome, pd.DataFrame({"ward": ward, "drugs": ward / 4}))
    assert table["share_of_cost"].tolist() == pytest.approx([0, 0.8, 0.2])
    assert table["relative_change"].tolist() == pytest.approx([0, 4, 0.25])
    assert table["rank_agreement"].tolist() == pytest.approx([1, 1, 1])
    text = costs.perimeter_sentence(table, "points per EUR 1,000")
    assert text.startswith("Without ward (80% of costs) the group's value changes most: +400%, from")
    assert text.endswith("the order of patients by VQ hardly changes (ρ = 1.00).")


def test_one_component_cannot_be_left_out():
    cost = pd.DataFrame({"ward": [100.0, 200, 300, 400, 500]})
    table = costs.perimeter_sensitivity(pd.Series([1.0, 2, 3, 4, 5]), cost)
    assert "only one component" in costs.perimeter_sentence(table, "points")
