"""Every definition at once: the right correlations, honest tiers, a test of the right size."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from axes import new_axes
from report_maker import door_of, make_study
from scipy import stats

from vbhc import cleaning
from vbhc.chapters.perception import multiverse
from vbhc.chapters.perception.multiverse import curve, show
from vbhc.chapters.perception.multiverse.definitions import AXES, Outcome, choices, define
from vbhc.chapters.perception.multiverse.show import by_choice_sentence
from vbhc.chapters.perception.multiverse.studies import multiverse_for_study
from vbhc.publish.findings.show import show_result
from vbhc.statistics import imputation
from vbhc.study import Study, load_study
from vbhc.study.config import Config, Perception


def together(result, test):
    """What is said of all definitions, in one sentence."""
    return multiverse.curve_shown(result, test).says[0]


def study(n=120, related=0.0, seed=1):
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=n)
    follow_up = 50 + 15 * trait + rng.normal(0, 8, n)
    follow_up[rng.random(n) < 0.2] = np.nan
    outcomes = {
        "kccq": Outcome(pd.Series(40 + rng.normal(0, 15, n)), pd.Series(follow_up), 100.0),
        "eq_vas": Outcome(pd.Series(55 + rng.normal(0, 15, n)), pd.Series(60 + 12 * trait)),
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
    return define(*study())


def normal_kendall(x, y):
    return stats.kendalltau(x, y, method="asymptotic")


def alike():
    """Patients of few kinds: eleven of most, as in a large study of scores."""
    outcomes, costs, perceptions = study(30)
    many = np.random.default_rng(5).permutation(np.arange(300) % 28)

    def repeated(column):
        return column.round(-1)[many].reset_index(drop=True)

    outcomes = {
        k: o._replace(**{n: repeated(getattr(o, n)) for n in o._fields[:2]}) for k, o in outcomes.items()
    }
    costs = {name: repeated(cost) for name, cost in costs.items()}
    return define(
        outcomes, costs, {name: seen[many].reset_index(drop=True) for name, seen in perceptions.items()}
    )


@pytest.mark.parametrize(
    ("made", "cells"), [(define(*study()), curve.MOST_CELLS), (alike(), 4_000_000), (alike(), 0)]
)
def test_every_correlation_equals_scipy(made, cells, monkeypatch):
    monkeypatch.setattr(curve, "MOST_CELLS", cells)
    everything, result = made, multiverse.run(made)
    for i, row in everything.table.iterrows():
        v, p = of_patients(everything, row["value_column"]), everything.perceptions[row["perception_column"]]
        known = ~np.isnan(v) & ~np.isnan(p)
        functions = {"spearman": stats.spearmanr, "pearson": stats.pearsonr, "kendall": normal_kendall}
        reference = functions[row["coefficient"]](v[known], p[known])
        r = reference.statistic
        r = np.sin(np.pi / 2 * r) if row["coefficient"] == "kendall" else r
        assert result.loc[i, "estimate"] == pytest.approx(r, abs=1e-12)
        assert result.loc[i, "p"] == pytest.approx(reference.pvalue, abs=1e-9)
        assert result.loc[i, "n"] == known.sum()


def test_no_definition_is_there_twice(everything):
    assert not everything.table[list(AXES)].duplicated().any()
    columns = np.nan_to_num([column() for column in everything.values], nan=-1e99)
    assert len(np.unique(columns, axis=0)) == len(columns)
    # nobody is missing here, so that the other rules would change nothing
    complete = everything.table[everything.table["outcome"] == "eq_vas"]
    assert complete["missing"].unique().tolist() == ["complete"]


def test_one_flawed_choice_makes_a_definition_flawed(everything):
    table = everything.table
    flaws = [table["form"] == "percent", table["missing"] == "no change", table["negatives"] == "drop"]
    assert (table["tier"] == "flawed").equals(flaws[0] | flaws[1] | flaws[2])
    assert sum(flaw.astype(int) for flaw in flaws).max() == 1  # two flaws teach nothing that one does not


def test_the_study_may_judge_otherwise(everything):
    own = {"cost": {"ward": ("flawed", "leaves out the clinic")}}
    judged = define(*study(), tiers=own)
    assert (judged.table.loc[judged.table["cost"] == "ward", "tier"] == "flawed").all()
    assert "leaves out the clinic" in choices(judged)["reason"].tolist()
    with pytest.raises(ValueError, match="did you mean 'cost'"):
        define(*study(), tiers={"costs": {}})
    with pytest.raises(ValueError, match="did you mean 'flawed'"):
        define(*study(), tiers={"cost": {"all": ("flawd", "")}})


def test_every_choice_has_a_reason(everything):
    assert choices(everything)["reason"].str.len().gt(5).all()


def of_patients(made, column):
    """Return a column's value for each patient."""
    return made.values[column]()[made.kinds[column]]


def linear(made):
    """Return the definitions that can be permuted: no Kendall's tau-b, no imputed copies."""
    table = made.table[(made.table["coefficient"] != "kendall") & (made.table["copies"] == 1)]
    return made._replace(table=table.reset_index(drop=True))


def test_permutations_repeat(everything):
    _, first, n = curve.permute(linear(everything), 20, seed=4)
    again = curve.permute(linear(everything), 40, seed=4).estimates
    np.testing.assert_allclose(first, again[:, :20], atol=1e-12)
    assert n.max() == 120


def test_the_real_curve_beside_the_permuted_ones_is_that_of_the_run(everything):
    found = curve.permute(linear(everything), 3, seed=4)
    result = multiverse.run(linear(everything))
    np.testing.assert_allclose(found.observed, result["estimate"], atol=1e-12)
    np.testing.assert_array_equal(found.n, result["n"])


def test_patients_who_are_alike_are_permuted_one_by_one():
    found = curve.permute(linear(made := alike()), 3, seed=4)
    orders = [np.random.default_rng(4).permuted(np.tile(np.arange(300), (3, 1)), axis=1)[n] for n in range(3)]
    for i, row in linear(made).table.iterrows():
        v, p = of_patients(made, row["value_column"]), made.perceptions[row["perception_column"]]
        known = ~np.isnan(v)
        function = stats.spearmanr if row["coefficient"] == "spearman" else stats.pearsonr
        drawn = [function(v[known], p[order][known]).statistic for order in orders]
        np.testing.assert_allclose(found.estimates[i], drawn, atol=1e-12)


def test_batches_of_permutations_change_nothing(everything, monkeypatch):
    whole = curve.permute(linear(everything), 12, seed=4)
    for cells in (1, 120 * 5):
        monkeypatch.setattr(curve, "CELLS_PER_BATCH", cells)
        again = curve.permute(linear(everything), 12, 4).estimates
        np.testing.assert_allclose(again, whole.estimates, atol=1e-14)  # matrix products round by width


def test_the_joint_test_holds_its_size_and_finds_a_relation():
    small = {"forms": ("gain", "follow-up"), "missing": ("complete",), "coefficients": ("spearman",)}
    p = []
    for seed in range(60):
        quiet = define(*study(60, 0.0, seed), **small)
        p.append(multiverse.joint_test(quiet, 60, seed).set_index("statistic").loc["median", "p"])
    assert np.mean(np.array(p) <= 0.05) < 0.14
    loud = multiverse.joint_test(define(*study(200, 0.8), **small), 99)
    assert (loud["p"] <= 0.02).all()


def test_the_joint_test_leaves_out_outcomes_that_perception_imputed():
    rng = np.random.default_rng(5)
    n = 80
    before, after = pd.Series(rng.normal(50, 10, n)), pd.Series(rng.normal(50, 10, n))
    after[rng.random(n) < 0.5] = np.nan
    answers = pd.Series(rng.integers(1, 6, n).astype(float))
    copies = tuple((before, after.fillna(20 * answers + rng.normal(0, 1, n))) for _ in range(3))
    outcomes = {"score": Outcome(before, after, imputed=copies)}
    costs = {"all": pd.Series(np.exp(rng.normal(8, 0.3, n)))}
    made = define(outcomes, costs, {"prem": answers}, coefficients=("spearman",))
    result, test = multiverse.run(made), multiverse.joint_test(made, 99)
    imputed = (result["missing"] == "imputed") & (result["tier"] != "flawed")
    assert test["n_imputed"].eq(imputed.sum()).all()
    assert test["definitions"].eq(((result["tier"] != "flawed") & ~imputed).sum()).all()
    assert test.set_index("statistic").loc["median", "p"] > 0.05  # nothing is there but what was put in
    said = together(result, test)
    assert f"{imputed.sum()} definitions with imputed outcomes left out" in said
    assert multiverse.joint_test(made._replace(table=made.table[made.table["missing"] == "imputed"]), 9).empty


def test_definitions_that_share_patients_go_together_in_permutations():
    rng = np.random.default_rng(6)
    n = 100
    gain = pd.Series(rng.normal(size=n))
    half = gain.where(pd.Series(rng.permutation(n) < n // 2))
    nobody = pd.Series(0.0, index=gain.index)
    outcomes = {"all": Outcome(nobody, gain), "half": Outcome(nobody, half)}
    answers = {"prem": pd.Series(rng.normal(size=n))}
    made = define(
        outcomes, {"cost": nobody + 1}, answers, forms=("follow-up",), missing=("complete",),
        negatives=("keep",), coefficients=("spearman", "pearson"),
    )  # fmt: skip
    drawn = curve.permute(made, 2000, seed=1).estimates
    whole, part = ((v - v.mean()).fillna(0) for v in (gain, half))
    expected = whole @ part / np.sqrt((whole @ whole) * (part @ part))
    for coefficient in ("spearman", "pearson"):
        both = drawn[(made.table["coefficient"] == coefficient) & (made.table["value"] == "value quota")]
        # permuted sums of products correlate as the vectors do, about sqrt(1/2) here; apart it was 0.05
        assert np.corrcoef(both)[0, 1] == pytest.approx(expected, abs=0.05)


def test_the_joint_test_holds_its_size_where_follow_ups_are_missing():
    p = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        before = pd.Series(rng.normal(40, 15, 50))
        after = (0.5 * before + 30 + rng.normal(0, 12, 50)).where(rng.random(50) > 0.4)
        made = define(
            {"score": Outcome(before, after)}, {"all": pd.Series(np.exp(rng.normal(8, 0.6, 50)))},
            {"prem": pd.Series(rng.integers(1, 6, 50))}, missing=("complete", "worst"),
            negatives=("keep",), coefficients=("spearman",),
        )  # fmt: skip
        p.append(multiverse.joint_test(made, 39, seed).set_index("statistic")["p"])
    # nominal .05: of 150 tests 13 or fewer in 98 of 100 tries; permuted apart, they gave some 9 in 100
    assert (pd.DataFrame(p) <= 0.05).sum().max() <= 13


def test_flawed_definitions_never_enter_the_headline(everything):
    result = multiverse.run(everything)
    test = multiverse.joint_test(everything, 30)
    sound = result[result["tier"] != "flawed"]
    assert test["definitions"].eq((sound["coefficient"] != "kendall").sum()).all()
    assert together(result, test).startswith(f"Half of the {len(sound):,} correlations lie above ")
    apart = multiverse.flawed_apart(result).says[0]
    assert apart.startswith(f"The {(result['tier'] == 'flawed').sum():,} definitions with a flawed choice")
    none = test.assign(p=1 / 31)  # of 30 permutations none gave such a median: .0323, rounded up
    assert "All together: p <= .033 (30 shuffles" in together(result, none)


def test_constant_perception_gives_a_sentence():
    outcomes, costs, perceptions = study()
    silent = define(outcomes, costs, {"prem": perceptions["prem"] * 0 + 3})
    result = multiverse.run(silent)
    assert result["estimate"].isna().all()
    assert multiverse.joint_test(silent, 10).empty
    assert multiverse.curve_shown(result, multiverse.joint_test(silent, 10)) is None
    assert multiverse.flawed_apart(result) is None


def test_the_curve_is_drawn(everything):
    rows = show.specification_rows(multiverse.run(everything))
    ax = new_axes()
    assert show.plot_specifications(rows, ax) is ax


# --- imputation, a study's own multiverse ---


def test_imputed_outcomes_are_pooled_by_rubins_rules():
    outcomes, costs, perceptions = study(120, 0.5)
    before, after = outcomes["kccq"].baseline, outcomes["kccq"].follow_up
    rng = np.random.default_rng(8)
    copies = tuple((before, after.fillna(pd.Series(rng.normal(50, 10, 120)))) for _ in range(4))
    made = define(
        {"kccq": Outcome(before, after, imputed=copies)}, {"all": costs["all"]},
        {"prem": perceptions["prem"]}, forms=("gain",), missing=("imputed",), negatives=("keep",),
        coefficients=("pearson",),
    )  # fmt: skip
    row = multiverse.run(made).set_index("value").loc["value quota"]
    r = [stats.pearsonr((end - start) / costs["all"], perceptions["prem"]).statistic for start, end in copies]
    pooled = imputation.rubin(r, [(1 - one**2) / 118 for one in r], n=120, k=2, ci_level=1 - row["p"])
    assert row["estimate"] == pytest.approx(np.mean(r), abs=1e-12)
    assert min(abs(pooled.low), abs(pooled.high)) == pytest.approx(0, abs=1e-9)  # p is where 0 is at an end


def test_what_is_beyond_cost_has_no_relation_to_log_cost(everything):
    rows = everything.table[everything.table["value"] == "beyond cost"].drop_duplicates("value_column")
    for row in rows.itertuples():
        left = of_patients(everything, row.value_column)
        cost = study()[1][row.cost]
        known = ~np.isnan(left)
        assert np.corrcoef(left[known], np.log(cost[known]))[0, 1] == pytest.approx(0, abs=1e-9)


@pytest.fixture(scope="module")
def heart_failure(repo):
    this = load_study(str(repo / "data" / "heart-failure"))
    cleaned = cleaning.clean(this)
    return this, cleaned.patients, cleaned.columns


def test_the_shipped_study_has_its_multiverse_with_reasons(heart_failure):
    made = multiverse_for_study(*heart_failure)
    result = multiverse.run(made)
    table = choices(made)
    assert table["reason"].str.len().gt(10).all()
    assert set(table["choice"]) == set(AXES)
    assert table.set_index("option").loc["KCCQ overall summary", "reason"].endswith("study declared")
    assert set(table.loc[table["choice"] == "missing", "option"]) == {
        "complete",
        "imputed",
        "worst",
        "no change",
    }
    assert result["estimate"].notna().all()
    again = multiverse.run(multiverse_for_study(*heart_failure))
    pd.testing.assert_frame_equal(result, again)


def test_the_dead_are_never_imputed_as_living(heart_failure):
    this, patients, columns = heart_failure
    made = multiverse_for_study(this, patients, columns, n_imputations=2)
    rows = made.table.query("outcome == 'EQ-5D-3L index' and form == 'follow-up' and missing == 'imputed'")
    rows = rows.query("value == 'value quota' and cost == 'all components' and negatives == 'keep'")
    dead = (patients["dead_3m"] == "yes").to_numpy() & patients[this.cost_column].notna().to_numpy()
    for copy in range(2):
        assert (of_patients(made, rows["value_column"].iloc[0] + copy)[dead] == 0).all()


def test_a_study_without_perception_has_no_multiverse(heart_failure):
    this, patients, columns = heart_failure
    with pytest.raises(ValueError, match="needs costs and a perception"):
        multiverse_for_study(this, patients.drop(columns="perceived_value"), columns)


def test_by_choice_holds_every_value_of_every_choice(everything):
    table = multiverse.by_choice(multiverse.run(everything))
    assert table.groupby("choice")["value"].nunique().min() > 1
    assert table["low"].le(table["median"]).all()
    widest = table.groupby("choice")["median"].agg(lambda m: m.max() - m.min()).idxmax()
    assert by_choice_sentence(table).startswith(f"By {widest} the median correlation runs from ")
    assert "No choice" in by_choice_sentence(table.head(0))
    shown = multiverse.by_choice_shown(table)
    assert shown.drawing.draw(shown.drawing.data, new_axes()).get_xlabel()
    assert multiverse.by_choice_shown(table.head(0)) is None


def test_the_headline_tier_is_drawn_on_top(everything):
    result = multiverse.run(everything)
    result.loc[::9, "tier"] = "principled"
    rows = show.specification_rows(result)
    ax = show.plot_specifications(rows, new_axes())
    order = {line.get_label().split(" (")[0]: line.get_zorder() for line in ax.get_lines()}
    assert order["principled"] > max(order["common"], order["flawed"])


def test_a_long_curve_is_drawn_with_few_points_but_every_tier_by_its_own_ends(everything):
    result = multiverse.run(everything)
    result["tier"] = ["principled" if at % 97 == 5 else tier for at, tier in enumerate(result["tier"])]
    thin = show.specification_rows(result, most=60)
    assert len(thin) <= 60
    assert thin["definitions"].eq(len(result)).all()
    assert thin["rank"].is_monotonic_increasing
    for tier, rows in result.groupby("tier"):
        drawn = thin[thin["tier"] == tier]
        assert (drawn["estimate"].min(), drawn["estimate"].max()) == (
            rows["estimate"].min(),
            rows["estimate"].max(),
        )
        assert drawn["in_tier"].eq(len(rows)).all()
    few = result["tier"].eq("principled").sum()
    assert thin["tier"].eq("principled").sum() == min(few, 20)
    ax = show.plot_specifications(thin, new_axes())
    assert f"principled ({few})" in [line.get_label() for line in ax.get_lines()]


def test_no_number_of_the_headline_moves_when_flawed_definitions_say_something_else(everything):
    """Flawed rows are given any estimate and p: only how many were left out may still be said of them."""
    result = multiverse.run(everything)
    bad = result["tier"] == "flawed"
    other = result.assign(estimate=result["estimate"].mask(bad, 0.99), p=result["p"].mask(bad, 0.0))
    test = multiverse.joint_test(everything, 30)
    assert together(result, test) == together(other, test)
    pd.testing.assert_frame_equal(multiverse.by_choice(result), multiverse.by_choice(other))
    columns = [column() for column in everything.values]
    used = everything.table.groupby("value_column")["tier"].agg(lambda tiers: (tiers == "flawed").all())
    rng = np.random.default_rng(1)
    for column in used.index[used]:  # values that only flawed definitions use
        known = np.flatnonzero(~np.isnan(columns[column]))
        columns[column] = columns[column].copy()
        columns[column][known] = rng.permutation(columns[column][known])
    assert used.any()
    shifted = everything._replace(values=[partial(np.asarray, column) for column in columns])
    pd.testing.assert_frame_equal(test, multiverse.joint_test(shifted, 30))


def test_the_principled_definitions_are_also_told_by_themselves(everything):
    result = multiverse.run(everything)
    test = multiverse.joint_test(everything, 9)
    assert "principled ones alone" not in together(result[result["tier"] != "principled"], test)
    best = result.index[result["tier"] == "common"][:9]
    result.loc[best, "tier"] = "principled"
    ends = result.loc[result["tier"] == "principled", "estimate"]
    said = f"The {len(ends)} principled ones alone run from {ends.min():.2f} to {ends.max():.2f}."
    assert said in together(result, test)


def test_the_answer_counts_the_definitions_on_either_side_of_the_margin(everything):
    this = Study("s", Path(), Config("t", perception=Perception("p", "higher is better", "Trust")), {})
    rows = [(0.5, "common")] * 3 + [(0.1, "common")] + [(0.9, "flawed")] * 6
    result = pd.DataFrame(rows, columns=["estimate", "tier"]).assign(p=0.5)
    joint = multiverse.joint_test(everything, 9).assign(p=0.5)
    answer = multiverse.multiverse_answer(this, result, joint, 0.2)
    assert answer.says[0].startswith(
        "Of 4 defensible definitions of value, 75% give a correlation with trust above 0.2 and 25% one within"
    )
    assert answer.says[1] == "Chance alone could give such a curve (p = .500)."
    said = multiverse.other_definitions(this, result, 0.2).says[0]
    assert said.endswith("runs from 0.10 to 0.50, half of them above 0.50; 75% lie above 0.2.")
    nothing = multiverse.multiverse_answer(this, result.assign(estimate=np.nan), joint, 0.2)
    assert nothing.says == ["No defensible definition gives a correlation on these data."]


def test_who_counts_the_answers_of_three_questions_learns_no_fourth(everything, tmp_path):
    """Of a score before and after care and a rating, all pairs and all three give how many lack all."""
    curve_of = multiverse.curve_shown(multiverse.run(everything), multiverse.joint_test(everything, 9))
    for policy in ("none", "nhs-proms"):
        door = door_of(make_study(tmp_path / policy, disclosure=policy), "03b-every-definition")
        header, *rows = show_result(door, curve_of)[-1]["csv"].splitlines()
        assert {"n", "p"} & {*header.split(",")} == ({"n", "p"} if policy == "none" else set())
        assert len(rows) == len(curve_of.drawing.data)
