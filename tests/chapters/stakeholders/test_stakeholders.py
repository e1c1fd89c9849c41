"""Small groups compared exactly: reference values from R and published tables, hand-worked, properties."""

from __future__ import annotations

import csv
import math
from functools import partial

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from places import ORACLES
from scipy import stats

from vbhc.chapters.stakeholders.code_pages import naive_sentence
from vbhc.chapters.stakeholders.coders import draw_saturation, saturation_sentence
from vbhc.chapters.stakeholders.differences import codes_sentence
from vbhc.chapters.stakeholders.heard import reachability_sentence
from vbhc.chapters.stakeholders.layout import group_counts
from vbhc.chapters.stakeholders.voices import draw_presence, presence_cells
from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.either import picked
from vbhc.statistics import profiles, saturation, tables2x2
from vbhc.statistics.agreement import agreement
from vbhc.statistics.presence import compare_codes, max_t, naive_segment_test
from vbhc.statistics.resampling import all_splits
from vbhc.synthetic.interviews import participants, planted_presence

ORACLE_FILE = ORACLES / "interviews.csv"
TABLE_STATISTICS = {
    "fisher_p_two_sided": tables2x2.fisher_p,
    "fisher_midp_two_sided": tables2x2.mid_p,
    "wilson_low_g1": lambda k, n, *_: tables2x2.wilson(k, n)[0],
    "wilson_high_g1": lambda k, n, *_: tables2x2.wilson(k, n)[1],
    "newcombe_diff_low": lambda *t: tables2x2.newcombe(*t)[0],
    "newcombe_diff_high": lambda *t: tables2x2.newcombe(*t)[1],
}
WIKIPEDIA = [  # 3 coders x 15 units, en.wikipedia.org "Krippendorff's alpha"
    "* * * * * 3 4 1 2 1 1 3 3 * 3",
    "1 * 2 1 3 3 4 3 * * * * * * *",
    "* * 2 1 3 4 4 * 2 1 1 3 3 * 4",
]
FOUR_RATERS = [  # 4 coders x 12 units, the example data of the R package irrCAC
    "1 2 3 3 2 1 4 1 2 * * *",
    "1 2 3 3 2 2 4 1 2 5 * 3",
    "* 3 3 3 2 3 4 2 2 5 1 *",
    "1 2 3 3 2 4 4 1 2 5 1 *",
]
MAIN = ["V1", "V2", "V3", "V4", "V5", "K1", "K2", "K3", "O1", "P1", "P2", "B1", "B2", "B3", "B4"]


def oracle(topic: str) -> list[tuple[str, str, float]]:
    with ORACLE_FILE.open(encoding="utf-8", newline="") as handle:
        rows = [r for r in csv.DictReader(handle) if r["topic"] == topic]
    return [(r["case"], r["stat"], float(r["value"])) for r in rows]


def rating_table(rows: list[str]) -> pd.DataFrame:
    return pd.DataFrame([[np.nan if c == "*" else float(c) for c in row.split()] for row in rows]).T


def two_by_two(a: int, b: int, c: int, d: int) -> pd.DataFrame:
    """Ratings of two coders: a both yes, b first only, c second only, d both no."""
    rows = [(1, 1)] * a + [(1, 0)] * b + [(0, 1)] * c + [(0, 0)] * d
    return pd.DataFrame(rows, dtype=float)


@pytest.fixture(scope="module")
def planted() -> tuple[pd.DataFrame, pd.Series]:
    return planted_presence()[MAIN], participants().set_index("participant")["role"]


@pytest.fixture(scope="module")
def compared(planted) -> pd.DataFrame:
    return compare_codes(*planted).set_index("code")


# --- two small groups ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "statistic", "value"), [row for row in oracle("2x2") if row[1] in TABLE_STATISTICS]
)
def test_two_by_two_statistics_equal_r(case, statistic, value):
    a, b, c, d = map(int, case.split("-"))
    found = TABLE_STATISTICS[statistic](a, a + b, c, c + d)
    if math.isinf(value):
        assert found == value
    else:
        assert found == pytest.approx(value, abs=1e-6)


def test_fisher_by_hand_on_a_table_one_can_count():
    # 2 of 2 against 0 of 2: of C(4,2) = 6 equally likely draws two are as extreme
    assert tables2x2.fisher_p(2, 2, 0, 2) == pytest.approx(1 / 3)
    assert tables2x2.mid_p(2, 2, 0, 2) == pytest.approx(1 / 6)


def test_mid_p_halves_all_equally_likely_tables():
    # facts: 8/12 against 5/14 gives .1425 when all ties are halved, .1901 when only the observed table is
    assert tables2x2.mid_p(8, 12, 5, 14) == pytest.approx(0.1425, abs=5e-5)


def test_wilson_of_none_and_all_touch_the_ends():
    assert tables2x2.wilson(0, 8)[0] == 0
    assert tables2x2.wilson(8, 8)[1] == 1
    assert all(map(math.isnan, tables2x2.wilson(0, 0)))


@given(st.integers(1, 12), st.integers(1, 12), st.data())
@settings(max_examples=40, deadline=None)
def test_swapping_the_groups_keeps_every_p_and_turns_the_difference(n1, n2, data):
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    assert tables2x2.fisher_p(k1, n1, k2, n2) == pytest.approx(tables2x2.fisher_p(k2, n2, k1, n1))
    assert tables2x2.fisher_p(k1, n1, k2, n2) == pytest.approx(tables2x2.fisher_p(n1 - k1, n1, n2 - k2, n2))
    low, high = tables2x2.newcombe(k1, n1, k2, n2)
    assert (-high, -low) == pytest.approx(tables2x2.newcombe(k2, n2, k1, n1))
    assert low - 1e-9 <= k1 / n1 - k2 / n2 <= high + 1e-9
    assert tables2x2.mid_p(k1, n1, k2, n2) <= tables2x2.fisher_p(k1, n1, k2, n2)


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="found 9 of 8"):
        tables2x2.fisher_p(9, 8, 1, 2)


def test_reachability_equals_the_table_in_the_facts():
    table = tables2x2.reachability(11, 8, 0.05)
    assert table["k_first_fisher"].fillna(-1).tolist() == [5, 8, 9, 10, 11, -1, -1, -1, -1]


def test_reachability_sentence_says_where_nothing_helps():
    text = reachability_sentence(11, 8, "clinician", "non-clinician")
    assert "that 0 of 8 non-clinician interviewees raise must be raised by at least 5 of 11" in text
    assert "no single code can reach" in reachability_sentence(2, 2, "a", "b")


# --- splits, omnibus, max-T --------------------------------------------------------------------------------


def test_all_splits_are_different_and_keep_the_sizes():
    splits = all_splits([True, True, False, False, False])
    assert splits.exact
    assert len({tuple(row) for row in splits.first}) == math.comb(5, 2)
    assert (splits.first.sum(axis=1) == 2).all()
    assert splits.first[0].tolist() == [True, True, False, False, False]


def test_blocks_let_labels_change_places_only_inside_a_site():
    splits = all_splits([True, False, True, False, False], ["A", "A", "B", "B", "B"])
    assert len(splits.first) == 2 * 3
    assert (splits.first[:, :2].sum(axis=1) == 1).all()


def test_too_many_splits_are_sampled_with_the_observed_one_first():
    member = [True] * 12 + [False] * 14
    splits = all_splits(member, seed=1, draws=500)
    assert not splits.exact
    assert splits.first[0].tolist() == member
    assert (splits.first.sum(axis=1) == 12).all()
    again = all_splits(member, seed=1, draws=500)
    assert (again.first == splits.first).all()


def test_permanova_equals_vegan(planted):
    row = profiles.permanova(*planted).iloc[0]
    expected = {stat: value for _, stat, value in oracle("permanova")}
    assert row["statistic"] == pytest.approx(expected["F"], abs=1e-9)
    assert row["p"] == pytest.approx(expected["p_exact_75582"], abs=1e-12)
    assert row["r_squared"] == pytest.approx(0.17697, abs=5e-6)  # vegan::adonis2
    assert row["n_splits"] == math.comb(19, 11)


def test_permanova_sampled_comes_near_the_exact_p(planted):
    presence, groups = planted
    row = profiles.permanova(presence, groups, seed=3, most_exact=0, draws=9_999).iloc[0]
    assert not row["exact"]
    assert row["p"] == pytest.approx(0.00099, abs=0.001)


def test_permanova_does_not_hang_on_names_or_order(planted):
    presence, groups = planted
    swapped = groups.map({"clinician": "non-clinician", "non-clinician": "clinician"})
    mixed = presence.sample(frac=1, random_state=1)
    assert profiles.permanova(mixed, swapped)["p"].iloc[0] == pytest.approx(0.00099229, abs=1e-8)


def test_permanova_equals_anova_on_one_code():
    # with a single code the Jaccard distance of two rows is 1 where they differ: F is that of an ANOVA on 0/1
    values = [1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0]
    groups = pd.Series(["a"] * 4 + ["b"] * 8)
    row = profiles.permanova(pd.DataFrame({"x": values}) > 0, groups, draws=199).iloc[0]
    assert row["statistic"] == pytest.approx(stats.f_oneway(values[:4], values[4:]).statistic)


def test_jaccard_by_hand_and_of_people_who_raised_nothing():
    table = pd.DataFrame([[1, 1, 0], [1, 0, 0], [0, 0, 0], [0, 0, 0]]).astype(bool)
    distance = profiles.jaccard(table).to_numpy()
    assert distance[0, 1] == 0.5
    assert distance[0, 2] == 1
    assert distance[2, 3] == 0


def test_permanova_without_any_difference_has_no_p():
    presence = pd.DataFrame({"x": [True] * 6})
    row = profiles.permanova(presence, pd.Series(list("aaabbb")))
    assert math.isnan(row["p"].iloc[0])


def test_dispersion_sees_a_mixed_group_that_permanova_could_mistake_for_another_profile():
    same = [[1, 1, 0, 0, 0, 0]] * 8
    mixed = np.eye(6, dtype=int)[[0, 1, 2, 3, 4, 5, 0, 1]].tolist()
    table = profiles.dispersion(pd.DataFrame(same + mixed).astype(bool), pd.Series(["a"] * 8 + ["b"] * 8))
    means = table.set_index("group")["estimate"]
    assert means["a"] == pytest.approx(0, abs=1e-9)
    assert means["b"] > 0.5
    assert table["p"].iloc[0] < 0.01


@pytest.mark.parametrize(("code", "statistic", "value"), oracle("maxT"))
def test_max_t_equals_full_enumeration(planted, compared, code, statistic, value):
    presence, roles = planted
    of_one = compare_codes(presence[[code]], roles).iloc[0]  # of one code nothing is to be allowed for
    found = {"p_raw_perm_exact": of_one, "p_maxT_exact": compared.loc[code]}[statistic]
    assert found["max_t_p"] == pytest.approx(value, abs=1e-9)


def test_permutation_p_of_a_code_is_fishers_p(planted):
    """For one 0/1 column both count the same splits."""
    presence, roles = planted
    for code in presence:
        row = compare_codes(presence[[code]], roles).iloc[0]
        assert row["max_t_p"] == pytest.approx(row["fisher_p"])


def test_two_sided_permutation_of_counts_follows_r_coin():
    """|difference| at least as large; scipy doubles the smaller tail and gets .0275 here."""
    values = np.array([0, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 0, 0, 0, 1, 1, 2, 2, 4], dtype=float)[:, None]
    splits = all_splits([True] * 11 + [False] * 8)
    expected = {stat: value for case, stat, value in oracle("perm") if case.startswith("mean diff")}
    assert max_t(values, splits.first)[0] == pytest.approx(expected["p_two_sided_exact"], abs=1e-9)


def test_all_92378_splits_of_40_codes_are_counted():
    rng = np.random.default_rng(1)
    presence = pd.DataFrame(rng.random((19, 40)) < 0.4)
    table = compare_codes(presence, pd.Series(["a"] * 10 + ["b"] * 9))
    assert table["n_splits"].iloc[0] == 92_378


# --- code by code ------------------------------------------------------------------------------------------

# k of 11, k of 8, Fisher, mid-p: R 4.2, rounded to 6 decimals
EXPECTED_CODES = {
    "V1": (10, 3, 0.040764, 0.029412),
    "V2": (9, 2, 0.023736, 0.013548),
    "V3": (3, 7, 0.019767, 0.012622),
    "K2": (7, 1, 0.058665, 0.041200),
    "B4": (2, 5, 0.073946, 0.043383),
    "B3": (7, 4, 0.657696, 0.504882),
}


@pytest.mark.parametrize("code", EXPECTED_CODES)
def test_compare_codes_equals_reference(compared, code):
    row = compared.loc[code]
    found = row[["k_first", "k_second", "fisher_p", "mid_p"]].astype(float)
    reference = EXPECTED_CODES[code]
    assert found.to_numpy() == pytest.approx(reference, abs=1.5e-6)
    assert (row["n_first"], row["n_second"]) == (11, 8)  # clinicians first


def test_no_single_code_survives_but_the_profile_does(planted, compared):
    assert (compared["max_t_p"] > 0.05).all()
    assert profiles.permanova(*planted)["p"].iloc[0] < 0.001
    said = codes_sentence(compared.reset_index())
    assert said.startswith("Looked at one by one, 6 of 15 codes differ; allowing for having looked")
    assert "none does (smallest p = .1" in said
    assert "V1" not in said  # what does not stand after correction is not named


def test_no_codes_are_said_not_raised(planted, compared):
    presence, roles = planted
    none = compare_codes(presence.iloc[:, :0], roles)
    assert none.empty
    assert set(none.columns) == set(compared.reset_index().columns)


def test_missing_group_leaves_the_interviewee_out(planted):
    presence, groups = planted
    table = compare_codes(presence, groups.drop("C01"))
    assert table["n_first"].unique().tolist() == [10]


def test_inputs_come_back_unchanged(planted):
    presence, groups = planted
    before = presence.copy(), groups.copy()
    compare_codes(presence, groups)
    pd.testing.assert_frame_equal(presence, before[0])
    pd.testing.assert_series_equal(groups, before[1])


def test_group_counts_take_any_number_of_groups():
    table = group_counts(pd.DataFrame({"x": [True, False, True, True]}), pd.Series(list("aabc")))
    assert table[["group", "k", "n"]].to_numpy().tolist() == [["a", 1, 2], ["b", 1, 1], ["c", 1, 1]]


def test_naive_segment_test_is_misled_by_one_talkative_person():
    counts = pd.DataFrame({"T": [0, 0, 0, 0, 30, 0, 0, 0]}, index=list("abcdefgh"))
    totals = pd.Series(60, index=counts.index)
    groups = pd.Series(["x"] * 4 + ["y"] * 4, index=counts.index)
    row = naive_segment_test(counts, totals, groups).iloc[0]
    assert row["naive_p"] < 0.001
    assert row["mid_p"] == pytest.approx(0.5)
    assert row["most_from_one"] == 1
    assert row["misleads"]
    text = naive_sentence(pd.DataFrame([row]).assign(label="T"))
    assert "30 segments come from one interviewee" in text


# --- coder agreement ---------------------------------------------------------------------------------------


def test_cohen_and_ac1_equal_published_values():
    table = agreement(two_by_two(20, 5, 10, 15), n_resamples=10)
    assert table["kappa"] == pytest.approx(0.4)  # R psych::cohen.kappa
    assert table["ac1"] == pytest.approx(0.405940594059406)  # Gwet 2008, closed form


def test_kappa_paradox():
    table = agreement(two_by_two(118, 5, 2, 0), n_resamples=10)
    values = {stat: value for case, stat, value in oracle("ac1") if "paradox" in case}
    assert table["kappa"] == pytest.approx(values["kappa"], abs=1e-9)
    assert table["ac1"] == pytest.approx(values["AC1"], abs=1e-9)
    assert table["percent"] == pytest.approx(118 / 125)


def test_alpha_with_missing_ratings_equals_wikipedia_and_the_library():
    ratings = rating_table(WIKIPEDIA)
    found = agreement(ratings, n_resamples=10)["alpha"]
    (_, _, value), *_ = oracle("krippendorff")
    assert found == pytest.approx(value, abs=1e-9)
    library = krippendorff.alpha(ratings.to_numpy().T, level_of_measurement="nominal")
    assert found == pytest.approx(library, abs=1e-12)


def test_ac1_with_missing_ratings_does_not_take_missing_for_a_category():
    """irrCAC 0.4.4 on pandas 3 does, and returns .78553."""
    found = agreement(rating_table(FOUR_RATERS), n_resamples=10)
    values = {stat: value for case, stat, value in oracle("ac1") if case.startswith("raw4raters")}
    assert found["ac1"] == pytest.approx(values["AC1"], abs=1e-9)
    assert found["percent"] == pytest.approx(values["AC1_pa"], abs=1e-9)


def test_bootstrap_interval_holds_the_estimate_and_repeats():
    ratings = two_by_two(20, 5, 10, 15)
    first, second = (agreement(ratings, seed=4) for _ in range(2))
    pd.testing.assert_series_equal(first, second)
    # R psych's interval of kappa (Fleiss, Cohen and Everitt), which lies within .01 of alpha: .151 to .649
    assert first[["low", "high"]].tolist() == pytest.approx([0.151, 0.649], abs=0.03)


def test_agreement_that_cannot_be_judged_is_missing_not_one():
    found = agreement(two_by_two(0, 0, 0, 9), categories=[0, 1], n_resamples=10)
    assert found["percent"] == 1
    assert math.isnan(found["kappa"])
    assert math.isnan(found["alpha"])


# --- saturation --------------------------------------------------------------------------------------------


def presence_with(new_codes: list[int]) -> pd.DataFrame:
    """Each interview raises its new codes and all earlier ones."""
    total = np.cumsum(new_codes)
    return pd.DataFrame([np.arange(total[-1]) < t for t in total])


def test_saturation_after_interview_5_is_written_5_plus_2():
    result = saturation.saturation(presence_with([12, 7, 4, 3, 2, 1, 0, 1, 0, 0])).iloc[0]
    assert result["reached_at"] == 5
    assert result["notation"] == "5+2"
    assert result["ratio"] == pytest.approx(1 / 26)


def test_saturation_looks_past_its_first_dry_run():
    """By hand: 26 codes in the first four, 2 more in the fifth; the run of 6 and 7 brings 1 of 26, 4%.

    Of the three interviews after it the eighth brings one new code, so codes had not run dry.
    """
    result = saturation.saturation(presence_with([12, 7, 4, 3, 2, 1, 0, 1, 0, 0]), n_orders=1)
    assert result[["later", "later_codes"]].iloc[0].tolist() == [3, 1]
    said = picked(saturation_sentence(result.assign(share_of_orders=1.0, share_later=0.25)), OPEN)
    assert said == (
        "New codes seemed to have stopped after 5 interviews (5+2; base 4, run 2, at most 5% new), and yet 3 "
        "later interviews brought 1 of all 30 codes; 100% of random orders of the same 10 interviews meet "
        "it, 25% of these with new codes after it."
    )
    hidden = picked(saturation_sentence(result), get_policy("nhs-proms"))
    assert hidden == (
        "New codes seemed to have stopped (base 4, run 2, at most 5% new), and yet later interviews brought "
        "new codes."
    )


def test_saturation_is_reached_where_nothing_new_came_later():
    result = saturation.saturation(presence_with([12, 7, 4, 3, 2, 1, 0, 0, 0, 0]), n_orders=200)
    assert result[["later", "later_codes"]].iloc[0].tolist() == [3, 0]
    said = picked(saturation_sentence(result), OPEN)
    assert said.startswith("New codes had stopped after 5 interviews")
    assert "and none of the 3 later ones brought a new code; " in said
    once = saturation.saturation(presence_with([12, 7, 4, 3, 0, 0, 2]))
    once = picked(saturation_sentence(once), OPEN)
    assert "at most 5% new), and yet the one later interview brought 2 of all 28 codes; " in once
    whole = presence_with([12, 7, 4, 3, 0, 0])
    last = picked(saturation_sentence(saturation.saturation(whole, n_orders=9)), OPEN)
    assert "(4+2; base 4, run 2, at most 5% new), and none came later to test it; " in last


def test_random_orders_with_later_codes_are_counted_one_by_one(monkeypatch):
    monkeypatch.setattr(saturation, "BASE", 2)
    monkeypatch.setattr(saturation, "RUN", 1)
    raised = presence_with([6, 5, 4, 0, 0, 0, 3, 1])
    found = saturation.saturation(raised, n_orders=300, seed=4).iloc[0]
    met = later = 0
    for order in np.random.default_rng(4).random((300, 8)).argsort(axis=1):
        seen, new = set(), []
        for row in raised.to_numpy()[order]:
            own = set(np.flatnonzero(row))
            new.append(len(own - seen))
            seen |= own
        dry = [at for at in range(2, 8) if new[at] <= 0.05 * sum(new[:2])]
        met += bool(dry)
        later += bool(dry) and sum(new[dry[0] + 1 :]) > 0
    assert found["share_of_orders"] == pytest.approx(met / 300)
    assert found["share_later"] == pytest.approx(later / met)
    assert 0 < later < met


@pytest.mark.parametrize("k", [(0, 0), (4, 5)])
def test_a_code_that_nobody_or_everybody_raises_has_nothing_to_compare(k):
    """One table is possible, so its probability is 1 and every test says 1."""
    for test in (tables2x2.fisher_p, tables2x2.mid_p):
        assert test(k[0], 4, k[1], 5) == 1.0


def test_saturation_never_reached_says_so():
    result = saturation.saturation(pd.DataFrame(np.eye(8, dtype=bool)))
    assert pd.isna(result["reached_at"].iloc[0])
    assert result["share_of_orders"].iloc[0] == 0
    assert "New codes had not stopped coming" in saturation_sentence(result)


def test_saturation_needs_enough_interviews():
    result = saturation.saturation(pd.DataFrame(np.ones((5, 2), dtype=bool)))
    assert saturation_sentence(result) == (
        "Whether new codes had stopped coming cannot be judged: 5 interviews are fewer than a base of 4 and "
        "a run of 2."
    )


def test_saturation_curve_ends_at_all_codes_in_every_order():
    curve = saturation.saturation_curve(presence_with([3, 2, 1, 0]), n_orders=50)
    assert curve["codes"].tolist() == [3, 5, 6, 6]
    assert curve[["median", "low", "high"]].iloc[-1].tolist() == [6, 6, 6]


# --- figures -----------------------------------------------------------------------------------------------


def drawn(name: str, presence, groups) -> tuple:
    """Data, and how to draw it."""
    cells = presence_cells(presence, groups)
    curve = saturation.saturation_curve(presence)
    return {"presence": (cells, partial(draw_presence, labels={})), "saturation": (curve, draw_saturation)}[
        name
    ]


@pytest.mark.parametrize("name", ["presence", "saturation"])
def test_every_figure_is_drawn_for_page_and_phone_without_a_title(planted, name):
    data, draw = drawn(name, *planted)
    for width in (7, 3.6):
        ax = Figure(figsize=(width, 5), layout="constrained").subplots()
        assert draw(data, ax) is ax
        assert not ax.get_title(loc="left")
        assert ax.get_xlabel()


def test_a_withheld_map_says_so_in_place_of_failing(planted):
    data, draw = drawn("presence", *planted)
    withheld = data.assign(raised=np.nan)
    assert draw(withheld, Figure().subplots()) is not None


def test_presence_cells_hold_no_names_and_stand_by_number_of_codes(planted):
    presence, groups = planted
    cells = presence_cells(presence, groups)
    assert list(cells.columns) == ["code", "group", "position", "raised"]
    raised = cells.groupby("position")["raised"].sum()
    assert raised.iloc[:11].is_monotonic_decreasing
    assert cells["raised"].sum() == presence.to_numpy().sum()


def test_a_site_with_nobody_of_one_group_is_no_obstacle():
    """Two sites of two: only the first can swap its labels, so there are two splits."""
    presence = pd.DataFrame(
        {"A": [True, False, True, False], "B": [True, True, False, False]}, index=list("wxyz")
    )
    groups = pd.Series(["a", "b", "b", "b"], index=presence.index)
    sites = pd.Series(["S1", "S1", "S2", "S2"], index=presence.index)
    assert profiles.permanova(presence, groups, blocks=sites)["n_splits"].iloc[0] == 2


def test_groups_that_share_nothing_have_the_smallest_p_there_is_and_not_zero():
    # F is infinite; of 70 splits 4 v 4 the observed one and its mirror part as fully, of 56 splits 5 v 3 one
    for sizes, p in (((4, 4), 2 / 70), ((5, 3), 1 / 56)):
        presence = pd.DataFrame([[1, 0, 1]] * sizes[0] + [[0, 1, 0]] * sizes[1]).astype(bool)
        groups = pd.Series(["x"] * sizes[0] + ["y"] * sizes[1])
        row = profiles.permanova(presence, groups).iloc[0]
        assert math.isinf(row["statistic"])
        assert row["p"] == pytest.approx(p)


def test_dispersion_without_residuals_has_no_p():
    # x: all alike (0 from their median); y: all as far from each other, so all as far from theirs: the middle
    # of an equilateral triangle lies side / sqrt(3) from its corners, times sqrt(3 / 2) for three people
    presence = pd.DataFrame([[1, 0, 0, 0]] * 4 + np.eye(4, dtype=int)[1:].tolist()).astype(bool)
    table = profiles.dispersion(presence, pd.Series(["x"] * 4 + ["y"] * 3))
    assert table["estimate"].to_list() == pytest.approx([0, math.sqrt(1 / 2)])
    assert table[["statistic", "p"]].isna().all(axis=None)
