"""Every definition at once: the right correlations, honest tiers, a test of the right size."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vbhc import figures, multiverse
from vbhc.figures.style import new_axes


def study(n=120, related=0.0, seed=1):
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=n)
    follow_up = 50 + 15 * trait + rng.normal(0, 8, n)
    follow_up[rng.random(n) < 0.2] = np.nan
    outcomes = {
        "kccq": multiverse.Outcome(pd.Series(40 + rng.normal(0, 15, n)), pd.Series(follow_up), 100.0),
        "eq_vas": multiverse.Outcome(pd.Series(55 + rng.normal(0, 15, n)), pd.Series(60 + 12 * trait)),
    }
    total = np.exp(rng.normal(8, 0.6, n))
    costs = {"all": pd.Series(total), "ward": pd.Series(total * rng.uniform(0.5, 0.9, n))}
    perceptions = {
        name: pd.Series(np.clip(np.round(3 + related * trait + rng.normal(size=n)), 1, 5))
        for name in ("satisfaction", "prem")
    }
    return outcomes, costs, perceptions


@pytest.fixture(scope="module")
def everything():
    return multiverse.define(*study())


def test_every_correlation_equals_scipy(everything):
    result = multiverse.run(everything)
    for i, row in everything.table.iterrows():
        v, p = everything.values[row["value_column"]], everything.perceptions[row["perception_column"]]
        known = ~np.isnan(v) & ~np.isnan(p)
        reference = {"spearman": stats.spearmanr, "pearson": stats.pearsonr}[row["coefficient"]](
            v[known], p[known]
        )
        assert result.loc[i, "estimate"] == pytest.approx(reference.statistic, abs=1e-12)
        assert result.loc[i, "p_val"] == pytest.approx(reference.pvalue, abs=1e-9)
        assert result.loc[i, "n"] == known.sum()


def test_no_definition_is_there_twice(everything):
    assert not everything.table[list(multiverse.AXES)].duplicated().any()
    assert len(np.unique(np.nan_to_num(everything.values, nan=-1e99), axis=0)) == len(everything.values)
    # nobody is missing here, so that the other rules would change nothing
    complete = everything.table[everything.table["outcome"] == "eq_vas"]
    assert complete["missing"].unique().tolist() == ["complete"]


def test_one_flawed_choice_makes_a_definition_flawed(everything):
    table = everything.table
    flawed = (table["form"] == "percent") | (table["missing"] == "no change") | (table["negatives"] == "drop")
    assert (table["tier"] == "flawed").equals(flawed)


def test_the_study_may_judge_otherwise(everything):
    own = {"cost": {"ward": ("flawed", "leaves out the clinic")}}
    judged = multiverse.define(*study(), tiers=own)
    assert (judged.table.loc[judged.table["cost"] == "ward", "tier"] == "flawed").all()
    assert "leaves out the clinic" in multiverse.choices(judged, own)["reason"].tolist()
    with pytest.raises(ValueError, match="did you mean 'cost'"):
        multiverse.define(*study(), tiers={"costs": {}})
    with pytest.raises(ValueError, match="did you mean 'flawed'"):
        multiverse.define(*study(), tiers={"cost": {"all": ("flawd", "")}})


def test_every_choice_has_a_reason(everything):
    assert multiverse.choices(everything)["reason"].str.len().gt(5).all()


def test_permutations_repeat_and_stay_within_blocks(everything):
    first, n = multiverse.permuted_estimates(everything, 20, seed=4)
    again, _ = multiverse.permuted_estimates(everything, 40, seed=4)
    np.testing.assert_allclose(first, again[:, :20], atol=1e-12)
    assert n.max() == 120
    alone = pd.Series(np.arange(120))  # one patient a block: nothing can move
    stuck, _ = multiverse.permuted_estimates(everything, 2, seed=4, block=alone)
    np.testing.assert_allclose(stuck[:, 0], multiverse.run(everything)["estimate"], atol=1e-12)


def test_the_joint_test_holds_its_size_and_finds_a_relation():
    small = {"forms": ("gain", "follow-up"), "missing": ("complete",), "coefficients": ("spearman",)}
    p = []
    for seed in range(60):
        quiet = multiverse.define(*study(60, 0.0, seed), **small)
        p.append(multiverse.joint_test(quiet, 60, seed).set_index("statistic").loc["median", "p_val"])
    assert np.mean(np.array(p) <= 0.05) < 0.14
    loud = multiverse.joint_test(multiverse.define(*study(200, 0.8), **small), 99)
    assert (loud["p_val"] <= 0.02).all()


def test_flawed_definitions_never_enter_the_headline(everything):
    result = multiverse.run(everything)
    test = multiverse.joint_test(everything, 30)
    sound = result[result["tier"] != "flawed"]
    assert test["definitions"].eq(len(sound)).all()
    text = multiverse.multiverse_sentence(result, test)
    assert text.startswith(f"Over {len(sound):,} defensible definitions")
    assert f"{(result['tier'] == 'flawed').sum():,} flawed definitions are left out" in text


def test_eta_squared_of_a_single_driver_is_one():
    rows = [
        (f, "common", v, 0.5, 9)
        for f, v in (("gain", 0.1), ("gain", 0.1), ("follow-up", 0.4), ("follow-up", 0.4))
    ]
    result = pd.DataFrame(rows, columns=["form", "tier", "estimate", "p_val", "n"])
    for axis in multiverse.AXES:
        if axis != "form":
            result[axis] = "same"
    assert multiverse.drivers(result)[["choice", "eta_squared"]].values.tolist() == [
        ["form", pytest.approx(1.0)]
    ]


def test_constant_perception_gives_a_sentence():
    outcomes, costs, perceptions = study()
    silent = multiverse.define(outcomes, costs, {"prem": perceptions["prem"] * 0 + 3})
    result = multiverse.run(silent)
    assert result["estimate"].isna().all()
    assert multiverse.joint_test(silent, 10).empty
    assert (
        multiverse.multiverse_sentence(result)
        == "No defensible definition gives a correlation on these data."
    )


def test_the_curve_and_its_drivers_are_drawn_and_described(everything):
    result = multiverse.run(everything)
    shares = multiverse.drivers(result)
    ax = new_axes()
    assert figures.multiverse.plot_specifications(result, ax) is ax
    assert figures.multiverse.plot_shares(shares, new_axes()).get_xlabel()
    assert "definitions in ascending order" in figures.multiverse.alt_specifications(result)
    assert figures.multiverse.alt_shares(shares).startswith("Bars of the share")
