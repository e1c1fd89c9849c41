"""Survey statistics against outside truth: R's polr, closed forms, brute force, the libraries."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from vbhc.statistics import groups, rankings, regression
from vbhc.statistics.agreement import agreement
from vbhc.statistics.delphi import delphi_stability, dispersion_consensus
from vbhc.statistics.groups import dunn, kruskal

GRADES = st.lists(st.integers(1, 5), min_size=2, max_size=12)

# Madsen 1976: satisfaction with housing in Copenhagen (data set `housing` of the R package MASS).
# Rows: contact low, high; dwelling tower, apartment, atrium, terrace; influence low, medium, high.
# In a row: how many answered low, medium, high.
HOUSING = """\
21 21 28|34 22 36|10 11 36|61 23 17|43 35 40|26 18 54|13 9 10|8 8 12|6 7 9|18 6 7|15 13 13|7 5 11
14 19 37|17 23 40|3 5 23|78 46 43|48 45 86|15 25 62|20 23 20|10 22 24|7 10 21|57 23 13|31 21 13|5 6 13"""
# R 4 `MASS::polr(Sat ~ Infl + Type + Cont, weights = Freq)`, as printed in its help page's example
POLR = {
    "influence: medium": 0.5663937,
    "influence: high": 1.2888191,
    "dwelling: apartment": -0.5723501,
    "dwelling: atrium": -0.3661866,
    "dwelling: terrace": -1.0910149,
    "contact: high": 0.3602841,
    "1|2": -0.4961353,
    "2|3": 0.6907083,
}


def housing() -> pd.DataFrame:
    rows = []
    for contact, line in zip(("a low", "high"), HOUSING.splitlines(), strict=True):
        cells = itertools.product(
            ("a tower", "apartment", "atrium", "terrace"), ("a low", "medium", "high")
        )  # the first by name is that with which the others are compared
        for (dwelling, influence), cell in zip(cells, line.split("|"), strict=True):
            for answer, times in enumerate(map(int, cell.split()), start=1):
                rows += [(answer, influence, dwelling, contact)] * times
    return pd.DataFrame(rows, columns=["answer", "influence", "dwelling", "contact"])


def test_ordinal_regression_equals_polr_of_r():
    data = housing()
    assert len(data) == 1681
    found = regression.ordinal_regression(data, "answer", ["influence", "dwelling", "contact"])
    assert found.terms.loc[list(POLR), "estimate"].to_dict() == pytest.approx(POLR, abs=2e-5)
    assert -2 * found.log_likelihood == pytest.approx(3479.149, abs=5e-4)  # residual deviance


def test_a_cut_without_a_slope_is_left_out_of_brants_test_and_named():
    """Nobody in one group answers below 2: the first cut is left out, the others are still compared."""
    rng = np.random.default_rng(8)
    group = np.repeat(["a", "b"], 150)
    above = stats.logistic.cdf(np.array([[9.0, 1.0, -1.0]]) + (group == "b")[:, None] * 0.4)
    answer = 1 + (above > rng.random((300, 1))).sum(axis=1)
    answer[:5] = 1
    data = pd.DataFrame({"answer": np.where((group == "b") & (answer == 1), 2, answer), "group": group})
    found = regression.proportional_odds(data, "answer", ["group"])
    told = "above 1 the predictors tell the answers apart without error; checked at the other cuts"
    assert found.reason == told
    upper = data.assign(answer=data["answer"].clip(lower=2))  # the scale without that cut
    alone = regression.proportional_odds(upper, "answer", ["group"])
    assert found.statistic == pytest.approx(alone.statistic, rel=1e-9)
    assert found.df == alone.df == 1


# --- Cliff's delta and Dunn's test


@settings(max_examples=60, deadline=None)
@given(GRADES, GRADES)
def test_cliffs_delta_is_the_count_over_all_pairs(x, y):
    higher = sum(a > b for a in x for b in y) - sum(a < b for a in x for b in y)
    found = groups.cliffs_delta(pd.Series(x), pd.Series(y))["estimate"].iloc[0]
    assert found == pytest.approx(higher / (len(x) * len(y)))
    u = stats.mannwhitneyu(x, y).statistic
    assert found == pytest.approx(2 * u / (len(x) * len(y)) - 1)


@settings(max_examples=15, deadline=None)
@given(GRADES, GRADES)
def test_dunn_of_two_groups_is_kruskal_wallis(x, y):
    """With two groups z squared is H, ties and all."""
    answers = pd.Series([*x, *y], dtype=float)
    groups = pd.Series(["a"] * len(x) + ["b"] * len(y))
    if answers.nunique() < 2:
        return
    pair = dunn(answers, groups).iloc[0]
    test = kruskal(answers, groups).iloc[0]
    assert pair["statistic"] ** 2 == pytest.approx(test["statistic"])
    assert pair["p_unc"] == pytest.approx(test["p"])


# --- consensus and stability


def test_consensus_index_by_hand_for_an_even_spread():
    """Five equal shares of 1 to 5: mean 3, distances 2, 1, 0, 1, 2 over a width of 4."""
    by_hand = 1 + 0.2 * (2 * np.log2(0.5) + 2 * np.log2(0.75))
    assert by_hand == pytest.approx(0.433985, abs=1e-6)
    assert dispersion_consensus(pd.Series([1, 2, 3, 4, 5]), 1, 5) == pytest.approx(by_hand, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(GRADES, st.integers(0, 10))
def test_consensus_index_keeps_its_bounds_mirror_and_scale(grades, shift):
    """Tastle and Wierman 2007, section 3: 0 to 1; the same turned round, shifted or repeated."""
    found = dispersion_consensus(pd.Series(grades), 1, 5)
    assert -1e-12 <= found <= 1 + 1e-12
    assert dispersion_consensus(6 - pd.Series(grades), 1, 5) == pytest.approx(found)
    assert dispersion_consensus(pd.Series(grades) + shift, 1 + shift, 5 + shift) == pytest.approx(found)
    assert dispersion_consensus(pd.Series(grades * 3), 1, 5) == pytest.approx(found)


def test_consensus_falls_as_the_two_camps_move_apart():
    camps = [[3] * 6, [2, 2, 2, 4, 4, 4], [1, 1, 1, 5, 5, 5]]
    found = [dispersion_consensus(pd.Series(camp), 1, 5) for camp in camps]
    assert found == pytest.approx([1, 1 + np.log2(0.75), 0])


def test_stability_by_hand():
    first = pd.DataFrame({"pain": [4, 5, 2, 3, np.nan, 1]})
    second = pd.DataFrame({"pain": [4, 4, 3, np.nan, 2, 1]})
    row = delphi_stability(first, second).iloc[0]
    assert (row["n"], row["k_same"], row["estimate"]) == (4, 2, 0.5)  # pairs (4,4) (5,4) (2,3) (1,1)


# --- agreement


FOUR_RATERS = ["1 2 3 3 2 1 4 1 2 * * *", "1 2 3 3 2 2 4 1 2 5 * 3", "* 3 3 3 2 3 4 2 2 5 1 *",
               "1 2 3 3 2 4 4 1 2 5 1 *"]  # fmt: skip


def ratings(rows: list[str]) -> pd.DataFrame:
    return pd.DataFrame([[np.nan if c == "*" else float(c) for c in row.split()] for row in rows]).T


def test_ac1_with_missing_ratings_equals_irrcac():
    """irrCAC 0.4.4, cac.raw4raters, where missing ratings are not taken for a category."""
    found = agreement(ratings(FOUR_RATERS), n_resamples=10)
    assert found["ac1"] == pytest.approx(0.77544, abs=5e-6)


# --- best-worst intervals


def choices_of(*people: tuple[str, str]) -> pd.DataFrame:
    """One task of three items for each person: (best, worst)."""
    rows = []
    for who, (best, worst) in enumerate(people):
        marks = {best: "best", worst: "worst"}
        rows += [{"respondent": who, "task": "t", "item": i, "choice": marks.get(i, "")} for i in "abc"]
    return pd.DataFrame(rows)


def test_interval_of_a_best_worst_score_is_that_of_a_resampled_mean():
    """One task each: an item's score is the mean of +1, 0 and -1 over people, so that its percentile interval
    lies about 1.96 standard errors to either side (standard error: standard deviation over root n)."""
    rng = np.random.default_rng(3)
    people = [tuple(rng.permutation(list("abc"))[:2]) for _ in range(200)]
    choices = choices_of(*people)
    groups = pd.Series("all", index=range(200))
    found = rankings.best_worst(choices, groups, seed=1, n_resamples=4000).set_index("item")
    points = pd.Series([1 if best == "a" else -1 if worst == "a" else 0 for best, worst in people])
    half = 1.96 * points.std(ddof=0) / np.sqrt(200)
    assert found.loc["a", "low"] == pytest.approx(points.mean() - half, abs=0.015)
    assert found.loc["a", "high"] == pytest.approx(points.mean() + half, abs=0.015)


def test_people_who_all_choose_alike_leave_no_room_and_one_alone_no_interval():
    choices, groups = choices_of(*[("a", "b")] * 5, ("c", "a")), pd.Series(["x"] * 5 + ["y"], index=range(6))
    found = rankings.best_worst(choices, groups).set_index(["group", "item"])
    ends = found[["low", "high"]]
    assert ends.loc[("x", "a")].tolist() == [1, 1]
    assert ends.loc[("x", "b")].tolist() == [-1, -1]
    assert ends.loc["y"].isna().all(axis=None)


def test_tasks_of_one_person_are_drawn_together():
    """Two tasks with the same choice are one opinion: the interval is as wide as with one task."""
    once = choices_of(("a", "b"), ("b", "a"), ("a", "c"), ("c", "b"), ("b", "c"), ("a", "b"))
    twice = pd.concat([once, once.assign(task="u")])
    groups = pd.Series("all", index=range(6))
    one, two = (rankings.best_worst(c, groups, seed=7) for c in (once, twice))
    pd.testing.assert_frame_equal(one[["score", "low", "high"]], two[["score", "low", "high"]])
    again = rankings.best_worst(once, groups, seed=7)
    pd.testing.assert_frame_equal(one, again)
