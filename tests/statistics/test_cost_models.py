"""Costs done properly: price years, spread, adjusted means, and what makes up the sum."""

import json

import numpy as np
import pandas as pd
import pytest
from places import ORACLES
from study_maker import CONFIG, UNIT_COSTS, small_study

from vbhc.chapters.value import costs
from vbhc.chapters.value.costs.alike import Alike, park_note, variance_family
from vbhc.chapters.value.costs.bill import resources
from vbhc.chapters.value.costs.breakdown import concentration, concentration_sentence, costs_by_resource
from vbhc.chapters.value.costs.perimeter import most_moved
from vbhc.chapters.value.quota.declared import Definition
from vbhc.cleaning.costs.price_index import conversions
from vbhc.cleaning.costs.unit_costs import read_unit_costs
from vbhc.problems import StudyError
from vbhc.publish.claims import render
from vbhc.statistics import regression

ORACLE = json.loads((ORACLES / "statistics/statistics.json").read_text("utf-8"))
DATA60 = pd.DataFrame(ORACLE["data60"])
R = ORACLE["cost_models"]
VQ = Definition("x", "gain", "x_change", "X, gain", "points", 1, "cost", "EUR", 2011, 1000.0)

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
    shown = costs.cost_by_patient(VQ, pd.Series([0.0, 100, 200, 500]), pd.DataFrame([row]))
    mean, nothing, dearest = shown.says
    assert render(mean).startswith("The mean cost per patient in EUR was 200 (")
    assert nothing == "1 of 4 (25%) cost nothing."
    assert dearest.startswith("The dearest 10% of patients (1 of 4) make up")
    assert shown.drawing.title == "The patient in the middle cost EUR 150; the mean was EUR 200"
    alone = pd.Series([5.0])
    said = costs.cost_by_patient(VQ, alone, costs.cost_spread(alone))
    assert said.says == ["Only 1 patient has a cost; a spread needs two."]
    assert said.drawing is None


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
    assert "as a gamma model has it" in park_note(table)


def test_park_test_finds_the_family():
    rng = np.random.default_rng(4)
    x = pd.DataFrame({"constant": np.ones(5_000), "x": rng.normal(size=5_000)})
    mean = np.exp(6 + 0.6 * x["x"])
    for power, noise in ((2, mean * 0.5), (1, np.sqrt(mean))):
        cost = pd.Series(np.maximum(mean + noise * rng.normal(size=5_000), 1e-3))
        table = regression.park_test(regression.gamma_log(cost, x))
        assert table["power"].to_numpy() == pytest.approx(power, abs=0.2)
        assert ("not a gamma" in park_note(table)) == (power == 1)


def alike(table, park=None, held=()):
    """What the chapter makes of a study's arms, from a table of adjusted means."""
    costs_of = [pd.Series([1.0])] * len(table)
    return Alike(table, pd.DataFrame() if park is None else park, list(held), costs_of, "Arm")


def test_the_family_is_gamma_unless_the_park_test_rules_it_out():
    rng = np.random.default_rng(8)
    n = 3000
    x = pd.DataFrame({"x": rng.normal(0, 1, n)})
    mean, arm = np.exp(6 + 0.8 * x["x"]), pd.Series(np.where(np.arange(n) % 2 == 0, "a", "b"))
    gamma = pd.Series(rng.gamma(2, mean / 2))
    table, family = variance_family(gamma, arm, x)
    assert family == "gamma"
    assert "as a gamma model has it" in park_note(table)
    poisson = pd.Series(rng.poisson(mean) + 1.0)
    table, family = variance_family(poisson, arm, x)
    assert family == "poisson"
    assert table["power"].iloc[-1] == pytest.approx(1, abs=0.15)
    means = regression.adjusted_means(poisson, arm, x, "a", also=family)
    assert means["model"].unique().tolist() == ["observed", "gamma-log", "poisson-log"]
    # a Poisson model with a constant and indicators gives the observed sums of the groups (score equations)
    alone = regression.adjusted_means(poisson, arm, None, "a", also="poisson").set_index(["model", "group"])
    assert alone.loc[("poisson-log", "b"), "estimate"] == pytest.approx(poisson[arm == "b"].mean())
    beside = costs.adjusted_costs(VQ, alike(means, table)).says[-1]
    assert beside.startswith("With the poisson-log model it is ")


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
    table, family = variance_family(cost, arm)
    assert (len(table), family) == (0, "")
    said = costs.adjusted_costs(VQ, alike(regression.adjusted_means(cost, arm), table)).says
    assert len(said) == 1
    assert "all costs are the same" in said[0]


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
    claim, observed = costs.adjusted_costs(VQ, alike(table, held=["severity"])).says
    said = render(claim)
    assert said.startswith("Among patients alike in severity, the mean cost per patient in EUR was")
    assert "higher for new than for old" in said
    assert observed.startswith(f"As observed the difference is {rows.at['observed', 'difference']:,.0f} (")


def test_what_cannot_be_adjusted_gives_a_reason():
    cost, arm = DATA60["cost"], DATA60["arm"].map({0: "a", 1: "b"})
    one = regression.adjusted_means(cost, pd.Series("a", index=cost.index))
    assert "only one group" in costs.adjusted_costs(VQ, alike(one)).says[0]
    free = regression.adjusted_means(cost.where(arm == "a", 0), arm)
    assert "Fewer than two patients of b" in costs.adjusted_costs(VQ, alike(free)).says[0]
    same = regression.adjusted_means(cost, arm, pd.DataFrame({"again": (arm == "b").astype(float)}))
    assert "repeats the groups" in costs.adjusted_costs(VQ, alike(same)).says[0]
    few = regression.adjusted_means(cost.head(4), arm.head(4).where(cost.head(4) > cost[0], "b"))
    assert "too few" in few.iloc[-1]["reason"]
    below = regression.adjusted_means(-cost, arm)
    assert "60 of 60 (100%) costs are negative" in costs.adjusted_costs(VQ, alike(below)).says[0]
    assert below["estimate"].isna().all()
    with pytest.raises(ValueError, match="no group 'c'"):
        regression.adjusted_means(cost, arm, reference="c")


# --- what makes up the sum ---

LINES = pd.DataFrame(
    [("P1", "day", "ward", 2, 800), ("P2", "day", "ward", 1, 400), ("P1", "visit", "clinic", 3, 300)],
    columns=["patient_id", "resource", "component", "quantity", "cost"],
)


def test_resources_that_make_up_the_sum():
    """Day: 800 and 400, visit: 300 and none; of 1,500 that is 80% and 20%, a mean of 600 and 150."""
    behind = costs_by_resource(LINES, "patient_id")
    assert {name: own.sum() for name, own in behind.items()} == {"day": 1200, "visit": 300}
    items = pd.DataFrame({"visit": [300.0, 0.0, np.nan], "day": [800.0, 400.0, np.nan]})
    shown = resources(VQ, items, pd.DataFrame({"ward": [1100.0, 400.0, np.nan]}))
    assert shown.says == ["Of the bill, 80% was for day."]
    table = shown.table.frame.set_index("resource")
    assert table.loc["day"].tolist() == [2, 600, 0.8, 0.8]
    assert table.loc["visit"].tolist() == [1, 150, 0.2, 1.0]
    assert [len(own) for own in shown.table.rules["contributions"]["cost"]] == [2, 2]
    assert resources(VQ, items, items) is None  # components alone are known


def test_hand_worked_concentration():
    """The dearest of 10, 20, 30, 40 makes up 40%; Gini = 2 (10 + 40 + 90 + 160) / (4 * 100) - 5/4 = 0.25."""
    table = concentration(pd.Series([40.0, 10, 30, 20]))
    assert table["cost_share"].tolist() == [0.4] * 4 + [0.7]
    assert table["gini"].iloc[0] == pytest.approx(0.25)
    assert "dearest 10% of patients (1 of 4) make up 40%" in concentration_sentence(table)
    assert concentration(pd.Series([5.0, 5, 5]))["gini"].iloc[0] == 0
    assert "No patient has a cost" in concentration_sentence(concentration(pd.Series([0.0])))


def test_leaving_a_component_out_moves_the_value_by_its_share():
    rng = np.random.default_rng(2)
    outcome = pd.Series(rng.normal(12, 5, 50))
    ward = pd.Series(np.exp(rng.normal(8, 0.5, 50)))
    table = costs.without_each_part(outcome, pd.DataFrame({"ward": ward, "drugs": ward / 4}))
    assert table["share_of_cost"].tolist() == pytest.approx([0, 0.8, 0.2])
    assert table["relative_change"].tolist() == pytest.approx([0, 4, 0.25])
    assert table["rank_agreement"].tolist() == pytest.approx([1, 1, 1])
    claim, ends, order = most_moved(VQ, table)
    assert render(claim) == (
        "The mean gain on the X per EUR 1,000 is 400% higher without ward (80% of the bill) than with every "
        "component."
    )
    whole = 1000 * outcome.mean() / (ward * 1.25).mean()
    assert ends.startswith(f"It goes from {whole:.2f} to ")
    assert order == "Patients' order with and without it agrees to ρ = 1.00."


def test_one_component_cannot_be_left_out():
    cost = pd.DataFrame({"ward": [100.0, 200, 300, 400, 500]})
    table = costs.without_each_part(pd.Series([1.0, 2, 3, 4, 5]), cost)
    assert costs.perimeters(VQ, pd.DataFrame(), table) is None
    assert most_moved(VQ, table) == []
