"""Graded answers, rankings and panels: reference values from R, hand-worked examples, properties, errors."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ORACLES
from scipy import stats

from vbhc.statistics import delphi, groups, regression
from vbhc.statistics.delphi import dispersion_consensus
from vbhc.statistics.groups import answer_shares, dunn, kruskal, top_shares
from vbhc.statistics.rankings import best_worst, concordance
from vbhc.statistics.regression.ordinal import FAR

ORACLE_FILE = ORACLES / "survey.csv"
LEVELS = [1, 2, 3, 4, 5]


def oracle(topic: str, case: str = "") -> dict[str, float]:
    with ORACLE_FILE.open(encoding="utf-8", newline="") as handle:
        rows = [r for r in csv.DictReader(handle) if r["topic"] == topic and r["case"].startswith(case)]
    return {r["stat"]: float(r["value"]) for r in rows}


@pytest.fixture(scope="module")
def likert() -> pd.DataFrame:
    """The four groups that the R values were computed on."""
    with ORACLE_FILE.open(encoding="utf-8", newline="") as handle:
        text = next(r["input"] for r in csv.DictReader(handle) if r["topic"] == "kw")
    rows = [
        (part.split("=")[0].strip(), float(value))
        for part in text.split(";")
        for value in part.split("=")[1].split(",")
    ]
    return pd.DataFrame(rows, columns=["group", "answer"])


@pytest.fixture(scope="module")
def counts() -> tuple[pd.Series, pd.Series]:
    first, second = [0, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9], [0, 0, 0, 1, 1, 2, 2, 4]
    return pd.Series(first + second), pd.Series(["x"] * 11 + ["y"] * 8)


# --- several groups -------------------------------------------------------------------------------------


def test_kruskal_and_its_effect_sizes_equal_r(likert):
    row = kruskal(likert["answer"], likert["group"]).iloc[0]
    values = oracle("kw")
    assert row["statistic"] == pytest.approx(values["H"], abs=1e-9)
    assert row["p"] == pytest.approx(values["p"], abs=1e-9)
    assert row["epsilon_squared"] == pytest.approx(values["epsilon2 = H/(N-1)"], abs=1e-9)


@pytest.mark.parametrize(
    "pair", ["patient vs clinician", "patient vs payer", "clinician vs manager", "clinician vs payer"]
)
def test_dunn_with_ties_and_holm_equals_r(likert, pair):
    table = dunn(likert["answer"], likert["group"]).set_index(["first", "second"])
    row = table.loc[tuple(pair.split(" vs "))]
    for statistic, value in oracle("dunn", pair).items():
        column = {"z": "statistic", "p_unadj": "p_unc", "p_holm": "p"}[statistic]
        assert row[column] == pytest.approx(value, abs=1e-9)


def test_everybody_alike_has_no_p(likert):
    same = pd.Series(3.0, index=likert.index)
    assert np.isnan(kruskal(same, likert["group"])["p"].iloc[0])
    assert dunn(same, likert["group"])["p"].isna().all()


# --- shares ---------------------------------------------------------------------------------------------


def test_top_two_by_hand(likert):
    row = top_shares(likert["answer"], likert["group"], LEVELS).set_index("group").loc["patient"]
    assert (row["k"], row["n"]) == (6, 7)
    assert [row["low"], row["high"]] == pytest.approx([0.4869, 0.9743], abs=1e-4)  # R prop.test(6, 7)


def test_shares_add_up_and_missing_answers_are_counted():
    table = answer_shares(pd.Series([1, 5, np.nan, 5]), pd.Series(list("aaab")), LEVELS)
    assert table.groupby("group")["share"].sum().tolist() == [1, 1]
    assert table.groupby("group")["n_missing"].first().to_dict() == {"a": 1, "b": 0}
    assert len(table) == 10


def test_an_answer_that_could_not_be_given_is_named():
    with pytest.raises(ValueError, match="answer 9 is none of the levels 1, 2, 3, 4, 5"):
        top_shares(pd.Series([1, 9]), pd.Series(list("ab")), LEVELS)


# --- two groups -----------------------------------------------------------------------------------------


def test_cliffs_delta_by_hand():
    row = groups.cliffs_delta(pd.Series([1, 2, 3]), pd.Series([1, 1, 4])).iloc[0]
    assert row["estimate"] == pytest.approx((4 - 3) / 9)  # 4 pairs higher, 3 lower, 2 tied


def test_cliffs_interval_covers():
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(300):
        x, y = rng.normal(0.5, 1, 20), rng.normal(size=20)
        row = groups.cliffs_delta(pd.Series(x), pd.Series(y)).iloc[0]
        hits += row["low"] <= 2 * stats.norm.cdf(0.5 / np.sqrt(2)) - 1 <= row["high"]
    assert 0.92 <= hits / 300 <= 0.98


def test_full_separation_keeps_an_interval_with_width():
    row = groups.cliffs_delta(pd.Series([4, 5, 5]), pd.Series([1, 2, 2, 1])).iloc[0]
    assert (row["estimate"], row["high"]) == (1, 1)
    assert row["low"] < 0.7


ANSWERS = st.lists(st.integers(1, 5), min_size=2, max_size=9)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=9), st.lists(st.integers(1, 5), min_size=2, max_size=9)
)
def test_cliffs_delta_is_antisymmetric_and_bounded(x, y):
    one, other = (groups.cliffs_delta(pd.Series(a), pd.Series(b)).iloc[0] for a, b in ((x, y), (y, x)))
    assert one["estimate"] == pytest.approx(-other["estimate"])
    assert -1 <= one["low"] <= one["estimate"] + 1e-12
    assert one["estimate"] - 1e-12 <= one["high"] <= 1
    assert one["low"] == pytest.approx(-other["high"])


# --- ordinal regression ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fitted(likert):
    first = likert.replace({"group": {"patient": "a patient"}})  # whom the others are compared with
    return regression.ordinal_regression(first, "answer", ["group"])


@pytest.mark.parametrize(("statistic", "value"), oracle("ordinal").items())
def test_ordinal_regression_equals_clm(fitted, statistic, value):
    if statistic == "logLik":
        found = fitted.log_likelihood
    elif statistic == "LR_chi2_group":
        found = stats.chi2.isf(fitted.p, 3)
    else:
        found = fitted.terms.loc[statistic if "|" in statistic else f"group: {statistic[1:]}", "estimate"]
    assert found == pytest.approx(value, abs=1e-6)


def test_the_likelihood_ratio_still_stands_where_groups_are_separated():
    data = pd.DataFrame({"answer": [1, 1, 2, 2, 4, 4, 5, 5], "group": list("aaaabbbb")})
    found = regression.ordinal_regression(data, "answer", ["group"])
    assert found.terms.loc["group: b", "estimate"] > FAR
    assert found.p < 0.01


def test_ordinal_regression_needs_two_answers_and_free_predictors():
    data = pd.DataFrame({"answer": [3, 3], "group": ["a", "b"]})
    with pytest.raises(ValueError, match="one answer only"):
        regression.ordinal_regression(data, "answer", ["group"])
    data = pd.DataFrame({"answer": [1, 2, 3, 4], "x": [0, 1, 0, 1], "y": [0, 2, 0, 2]})
    with pytest.raises(ValueError, match="overlap completely"):
        regression.ordinal_regression(data, "answer", ["x", "y"])


def simulated(shift: list[float], seed: int = 1, n: int = 900) -> pd.DataFrame:
    """Two groups whose log odds of exceeding each cut differ by `shift`."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, n)
    above = np.array([[1.2, 0.0, -1.2]]) + group[:, None] * np.array([shift])
    answer = 1 + (stats.logistic.cdf(above) > rng.random((n, 1))).sum(axis=1)
    return pd.DataFrame({"answer": answer, "group": np.where(group, "b", "a")})


def test_brant_by_the_delta_method():
    """With one two-valued predictor each cut's slope is a difference of log odds, its covariance known."""
    data = simulated([0.9, 0.3, -0.2])
    slopes, covariance = np.zeros(3), np.zeros((3, 3))
    for name, sign in (("b", 1), ("a", -1)):
        own = data.loc[data["group"] == name, "answer"]
        above = np.array([(own > cut).mean() for cut in (1, 2, 3)])
        slopes += sign * np.log(above / (1 - above))
        for i in range(3):
            for j in range(3):
                joint = above[max(i, j)] - above[i] * above[j]
                covariance[i, j] += joint / len(own) / (above[i] * (1 - above[i]) * above[j] * (1 - above[j]))
    contrast = np.array([[1, -1, 0], [1, 0, -1]])
    gap = contrast @ slopes
    by_hand = gap @ np.linalg.solve(contrast @ covariance @ contrast.T, gap)
    found = regression.proportional_odds(data, "answer", ["group"])
    assert found.statistic == pytest.approx(by_hand, rel=1e-8)
    assert found.df == 2
    assert found.p < 0.001


def test_proportional_odds_are_accepted_where_they_hold():
    p = [regression.proportional_odds(simulated([0.7] * 3, s), "answer", ["group"]).p for s in range(60)]
    assert np.mean(np.array(p) < 0.05) <= 0.12
    assert 0.35 < np.mean(p) < 0.65


def test_a_cut_that_separates_is_named(likert):
    found = regression.proportional_odds(likert, "answer", ["group"])
    assert np.isnan(found.p)
    assert found.reason.startswith("above 1, 2, 3 or 4 the predictors tell the answers apart")


# --- rankings and panels --------------------------------------------------------------------------------


def rankings() -> pd.DataFrame:
    rows = ["1234", "2134", "1324", "1243", "2143", "1234"]
    return pd.DataFrame([list(map(int, row)) for row in rows], columns=["pain", "walking", "sleep", "cost"])


def test_kendalls_w_equals_r():
    row = concordance(rankings()).iloc[0]
    values = oracle("delphi")
    assert row["estimate"] == pytest.approx(values["W"], abs=1e-9)
    assert row["statistic"] == pytest.approx(values["friedman_chi2"], abs=1e-9)
    assert row["p"] == pytest.approx(values["p"], abs=1e-9)


def test_kendalls_w_with_ties_is_friedmans():
    tied = pd.DataFrame([[1, 2, 2, 4], [1, 1, 3, 4], [2, 1, 3, 3], [1, 2, 3, 4]])
    row = concordance(tied).iloc[0]
    assert row["statistic"] == pytest.approx(stats.friedmanchisquare(*tied.to_numpy().T).statistic, abs=1e-12)


def test_raters_with_a_missing_item_are_left_out():
    table = rankings().astype(float)
    table.iloc[0, 0] = np.nan
    pd.testing.assert_frame_equal(concordance(table), concordance(rankings().iloc[1:]))


def choices(rows: str) -> pd.DataFrame:
    """Respondent, task and items in order, the first best and the last worst."""
    table = []
    for line in rows.split(";"):
        who, task, *items = line.split()
        marks = ["best", *[""] * (len(items) - 2), "worst"]
        table += [
            {"respondent": who, "task": task, "item": item, "choice": mark}
            for item, mark in zip(items, marks, strict=True)
        ]
    return pd.DataFrame(table)


def test_best_worst_by_hand():
    made = choices("p 1 pain walking cost;p 2 pain sleep walking;q 1 walking pain cost")
    table = best_worst(made, pd.Series("all", index=["p", "q"])).set_index("item")
    assert table["score"].to_dict() == pytest.approx({"pain": 2 / 3, "walking": 0, "sleep": 0, "cost": -1})
    assert table.index[0] == "pain"
    by_group = best_worst(made, pd.Series({"p": "patient", "q": "payer"}))
    assert by_group.set_index(["group", "item"]).loc[("payer", "walking"), "score"] == 1


def test_tastle_wierman_consensus():
    """1 when all agree, 0 when the panel splits into the two ends, by hand in between."""
    assert dispersion_consensus(pd.Series([4, 4, 4]), 1, 5) == 1
    assert dispersion_consensus(pd.Series([1, 1, 5, 5]), 1, 5) == pytest.approx(0)
    # reference values 0, 1 and .5395; the input of the last is not known, ten answers that give it stand here
    ten = pd.Series([1, 1, 2, 2, 2, 2, 3, 3, 4, 5])
    assert dispersion_consensus(ten, 1, 5) == pytest.approx(0.5395, abs=5e-5)
    by_hand = 1 + 0.5 * np.log2(1 - 0.5 / 4) + 0.5 * np.log2(1 - 0.5 / 4)  # half 3, half 4: mean 3.5
    assert dispersion_consensus(pd.Series([3, 4]), 1, 5) == pytest.approx(by_hand)


def test_delphi_rule_decides_and_is_written_out():
    rated = pd.DataFrame({"pain": [8, 9, 7, 9], "cost": [3, 9, 8, 7], "sleep": [7, 7, 9, np.nan]})
    strict, loose = (delphi.delphi(rated, low=1, high=9, agree_from=7, share=share) for share in (0.8, 0.75))
    assert strict.set_index("item")["consensus"].to_dict() == {"pain": True, "cost": False, "sleep": True}
    assert loose["consensus"].all()
    assert strict["n_missing"].tolist() == [0, 0, 1]
    assert strict["rule"].iloc[0] == "80% rate 7 or higher of 1 to 9"
    narrow = delphi.delphi(rated, low=1, high=9, agree_from=7, share=0.75, most_iqr=1.5)
    assert narrow.set_index("item")["consensus"].to_dict() == {"pain": True, "cost": False, "sleep": True}
