"""EQ-5D index: right for every profile of every reference set, in any form, and wrong answers named."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ORACLES

from vbhc.instruments import eq5d, score
from vbhc.instruments.eq5d_tables import all_sets, grid, table

INSTRUMENTS = ORACLES / "instruments"
DIMENSIONS = ["mo", "sc", "ua", "pd", "ad"]
NOT_MONOTONE = {"3l-tto-argentina", "3l-tto-portugal", "3l-tto-srilanka", "3l-vas-iran"}  # as published
# index of the worst profile (33333 or 55555) as the papers report the range, two or three decimals
WORST = {
    "3l-tto-uk": -0.594, "3l-tto-germany": -0.205, "3l-tto-denmark": -0.624, "3l-tto-spain": -0.654,
    "3l-tto-france": -0.530, "3l-tto-japan": -0.111, "3l-tto-italy": -0.380, "3l-tto-poland": -0.523,
    "3l-tto-netherlands_2006": -0.329, "3l-tto-singapore": -0.769, "3l-tto-thailand": -0.452,
    "3l-tto-usa": -0.109, "5l-vt-england": -0.285, "5l-vt-uk": -0.567, "5l-vt-netherlands": -0.446,
    "5l-vt-germany": -0.661, "5l-vt-usa": -0.573, "5l-vt-canada": -0.148, "5l-vt-china": -0.391,
    "5l-vt-hungary": -0.848, "5l-vt-ireland": -0.974, "5l-vt-italy": -0.571, "5l-vt-malaysia": -0.442,
    "5l-vt-singapore": -0.851, "y3l-ivp-usa": 0.079, "y3l-ivp-germany": -0.283, "y3l-ivp-hungary": -0.485,
    "5l-vt-mexico": -0.596, "5l-vt-poland": -0.590, "5l-vt-taiwan": -1.026, "5l-vt-uruguay": -0.264,
}  # fmt: skip


def reference(version: str) -> pd.DataFrame:
    return pd.read_csv(
        INSTRUMENTS / f"eq5d_{version}_index.csv.gz", dtype={"profile": str}, index_col="profile"
    )


def five(profiles) -> pd.DataFrame:
    return pd.DataFrame([[int(d) for d in p] for p in profiles], columns=DIMENSIONS)


@pytest.mark.parametrize("version", ["3l", "5l"])
def test_every_profile_of_every_reference_set(version):
    expected = reference(version)
    columns = five(expected.index)
    for set_id in expected:
        got = eq5d.index(columns, set_id)
        assert np.abs(got.to_numpy() - expected[set_id].to_numpy()).max() < 1e-9, set_id


def test_published_anchors():
    # Dolan 1997; Rowen 2026; both also in R eq5d 0.16.3
    assert eq5d.index("21232", "3l-tto-uk") == pytest.approx(0.088, abs=1e-12)
    assert eq5d.index(33333, "3l-tto-uk") == pytest.approx(-0.594, abs=1e-12)
    for profile, value in {"21111": 0.968, "12345": 0.114, "33333": 0.604, "55555": -0.567}.items():
        assert eq5d.index(profile, "5l-vt-uk") == pytest.approx(value, abs=1e-12)
    # NICE DSU table for Germany: 0.756, where one R package has 0.776
    assert eq5d.index("11114", "5l-vt-germany") == pytest.approx(0.756, abs=1e-12)
    # abstracts: US Y-3L (Pickard 2026) best but one is 12111, Singapore 3L (Luo 2014) 11121
    assert eq5d.index("12111", "y3l-ivp-usa") == pytest.approx(0.976, abs=1e-12)
    assert eq5d.index("11121", "3l-tto-singapore") == pytest.approx(0.854, abs=5e-4)
    # Sri Lanka 2015: 11331 must not be worse than 11332 (0.163)
    assert eq5d.index("11331", "3l-tto-srilanka") == pytest.approx(0.207, abs=5e-4)


@pytest.mark.parametrize(("set_id", "value"), WORST.items())
def test_worst_profile_is_the_published_one(set_id, value):
    assert table(set_id)[-1] == pytest.approx(value, abs=6e-4)


def test_full_health_is_one_except_where_the_paper_says_so():
    exceptions = {"3l-tto-sweden": 0.9694, "5l-vt-sweden_2020": 0.9755, "5l-vt-canada": 0.9489}
    for set_id in all_sets():
        assert table(set_id)[0] == pytest.approx(exceptions.get(set_id, 1), abs=1e-12), set_id


def test_a_worse_level_never_scores_higher_except_in_four_published_sets():
    broken = set()
    for set_id, one in all_sets().items():
        values = table(set_id).reshape((one.n_levels,) * 5)
        if any((np.diff(values, axis=axis) > 1e-12).any() for axis in range(5)):
            broken.add(set_id)
    assert broken == NOT_MONOTONE


def test_hand_worked_terms():
    # Shaw 2005, 22233: D1 = 4, I2 = 2 so I2square = 4, I3 = 1, I3square = 1
    main = 1 - 0.146016 - 0.1753425 - 0.1397295 - 0.5371011 - 0.4501876
    extra = 4 * 0.1395949 + 4 * -0.0106868 + 0.1215579 + 0.0147963
    assert eq5d.index("22233", "3l-tto-usa") == pytest.approx(main + extra, abs=1e-12)
    # Xie 2016, 44111: two dimensions at 4 or 5, so 0.0085 * (2 - 1) ** 2
    level_1 = 0.0195 + 0.0444 + 0.0376
    expected = 1.1351 - 0.1556 - 0.1832 - level_1 - 0.051 - 0.0584 + 0.0085
    assert eq5d.index("44111", "5l-vt-canada") == pytest.approx(expected, abs=1e-12)
    # Germany VAS: factors are multiplied; Indonesia Y-3L: the loss is raised to 1.9013
    assert eq5d.index("21111", "3l-vas-germany") == pytest.approx(0.9256 * 0.9447, abs=1e-12)
    assert eq5d.index("21111", "y3l-ivp-indonesia") == pytest.approx(1 - 0.1317**1.9013, abs=1e-12)
    # Australia 3L: a published exception instead of the sum
    assert eq5d.index("33333", "3l-tto-australia") == -0.217


FORMS = {
    "int64": lambda f: f.astype("int64"),
    "int8": lambda f: f.astype("int8"),
    "float": lambda f: f.astype(float),
    "Int64": lambda f: f.astype("Int64"),
    "category": lambda f: f.astype("category"),
    "strings": lambda f: f.astype("str"),
    "objects": lambda f: f.astype(object),
    "float strings": lambda f: f.astype(float).astype("str"),
    "category of strings": lambda f: f.astype("str").astype("category"),
    "array": lambda f: f.to_numpy(),
    "columns in another order": lambda f: f[["ad", "mo", "pd", "ua", "sc"]],
    "columns of a study": lambda f: f.add_prefix("eq5d_").add_suffix("_3m")[
        ["eq5d_pd_3m", "eq5d_mo_3m", "eq5d_ad_3m", "eq5d_ua_3m", "eq5d_sc_3m"]
    ],
    "unknown names": lambda f: f.set_axis(list("vwxyz"), axis=1),
    "profiles": lambda f: f.astype("str").agg("".join, axis=1),
    "profile objects": lambda f: f.astype("str").agg("".join, axis=1).astype(object),
    "profile categories": lambda f: f.astype("str").agg("".join, axis=1).astype("category"),
    "profile numbers": lambda f: f.astype("str").agg("".join, axis=1).astype("int64"),
    "profile floats": lambda f: f.astype("str").agg("".join, axis=1).astype(float),
    "one column of profiles": lambda f: f.astype("str").agg("".join, axis=1).to_frame("profile"),
    "list of profiles": lambda f: f.astype("str").agg("".join, axis=1).tolist(),
}


@pytest.mark.parametrize("form", FORMS)
def test_any_form_gives_the_same_numbers(form):
    profiles = pd.DataFrame(grid(5)[::7], columns=DIMENSIONS)
    expected = table("5l-vt-uk")[::7]
    given_form = FORMS[form](profiles)
    before = given_form.copy() if hasattr(given_form, "copy") else list(given_form)
    got = eq5d.index(given_form, "5l-vt-uk")
    assert np.array_equal(got.to_numpy(), expected)
    if isinstance(given_form, pd.DataFrame | pd.Series):
        assert given_form.equals(before)


@pytest.mark.parametrize("dtype", ["float", "Int64", "category", "str", "object"])
def test_a_missing_level_leaves_the_index_missing(dtype):
    frame = five(["11111", "21232", "33333"]).astype(object)
    frame.loc[1, "ua"] = None
    frame = frame.astype(dtype) if dtype != "str" else frame.map(lambda v: "" if v is None else str(v))
    got = eq5d.index(frame.set_axis(["a", "b", "c"], axis=0), "3l-tto-uk")
    assert got.isna().tolist() == [False, True, False]
    assert got.index.tolist() == ["a", "b", "c"]


def test_missing_profiles():
    got = eq5d.index(pd.Series(["21232", None, "", np.nan, " 11111 "]), "3l-tto-uk")
    assert got.isna().tolist() == [False, True, True, True, False]
    assert eq5d.index(pd.Series([21232, np.nan]), "3l-tto-uk").isna().tolist() == [False, True]


def test_no_rows_and_nothing_but_missing():
    assert len(eq5d.index(pd.DataFrame(columns=DIMENSIONS, dtype="int64"), "3l-tto-uk")) == 0
    nothing = pd.DataFrame(np.nan, index=range(3), columns=DIMENSIONS)
    assert eq5d.index(nothing, "3l-tto-uk").isna().all()


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_row_order_and_index_never_matter(data):
    set_id = data.draw(st.sampled_from(sorted(all_sets())))
    n_levels = all_sets()[set_id].n_levels
    level = st.one_of(st.none(), st.integers(1, n_levels))
    rows = data.draw(st.lists(st.lists(level, min_size=5, max_size=5), min_size=1, max_size=20))
    frame = pd.DataFrame(rows, columns=DIMENSIONS, dtype=float)
    frame.index = data.draw(st.permutations(range(len(rows))))
    scored = eq5d.index(frame, set_id)
    shuffled = frame.sample(frac=1, random_state=1)
    assert scored.loc[shuffled.index].equals(eq5d.index(shuffled, set_id))
    assert scored.isna().equals(frame.isna().any(axis=1).rename("eq5d_index"))


ERRORS = [
    (five(["12345"]), "EQ-5D-3L levels must be 1-3; found 4, 5 .*is this EQ-5D-5L"),
    ("12345", "must be 1-3; found 4, 5 .*is this EQ-5D-5L"),
    (pd.Series([12345, 11111]), "must be 1-3; found 4, 5 .*is this EQ-5D-5L"),
    (five(["11911"]), "found 9 .*NHS PROMs code a missing answer"),
    (five(["00110"]), "found 0 .*counted from 0"),
    (five(["11111"]).replace(1, 0.7), r"found 0\.7 .*index values instead of levels"),
    (five(["11111"]).astype(float).replace(1, -9), "found -9 .*missing codes"),
    (five(["11111"]).astype(float).replace(1, 1.5), r"found 1\.5 .*whole numbers"),
    (five(["11111"]).astype(float).replace(1, np.inf), "found inf"),
    (five(["11111"]).astype("str").replace("1", "none"), "found 'none'.*labels"),
    (pd.Series(["1211"]), "five digits such as '21232'; found '1211'"),
    (pd.Series([1, 2, 1, 2, 1]), "five columns, or one profile"),
    (pd.DataFrame([[1, 1, 1, 1]]), r"takes 5 columns \(mo, sc, ua, pd, ad\); found 4"),
]


@pytest.mark.parametrize(("levels", "message"), ERRORS)
def test_wrong_levels_are_named_with_a_guess(levels, message):
    with pytest.raises(ValueError, match=message):
        eq5d.index(levels, "3l-tto-uk")


def test_a_wrong_level_is_found_in_the_last_row_of_many():
    levels = pd.DataFrame(np.ones((100_000, 5), dtype=np.int64), columns=DIMENSIONS)
    levels.iloc[-1, 4] = 6
    with pytest.raises(ValueError, match=r"found 6 \(item ad\)"):
        eq5d.index(levels, "5l-vt-uk")


@pytest.mark.parametrize(
    ("name", "version", "candidates"),
    [
        ("Netherlands", None, ["3l-tto-netherlands_2006", "3l-tto-netherlands_2026", "5l-vt-netherlands"]),
        ("Netherlands", "3L", ["3l-tto-netherlands_2006", "3l-tto-netherlands_2026"]),
        ("sweden", "5L", ["5l-vt-sweden_2020", "5l-vt-sweden_2022"]),
        ("Japan", "5L", ["5l-vt-japan_ctto", "5l-vt-japan_dce"]),
        ("Peru", "5L", ["5l-vt-peru_ctto", "5l-vt-peru_dce"]),
        ("UK", "5L", ["5l-vt-uk", "5l-vt-england"]),
        ("England", "5L", ["5l-vt-uk", "5l-vt-england"]),
        ("United Kingdom", "3L", ["3l-tto-uk", "3l-vas-uk"]),
        ("Germany", "3L", ["3l-tto-germany", "3l-vas-germany"]),
    ],
)
def test_ambiguous_names_are_refused_with_the_candidates(name, version, candidates):
    with pytest.raises(ValueError, match="ambiguous") as caught:
        eq5d.find_value_set(name, version)
    assert all(f"  {candidate} (" in str(caught.value) for candidate in candidates)


@pytest.mark.parametrize(
    ("name", "version", "set_id"),
    [
        ("3L-TTO-UK", None, "3l-tto-uk"), ("Dolan", None, "3l-tto-uk"), ("France", "5L", "5l-vt-france"),
        ("France 5L", None, "5l-vt-france"), ("South Korea", "eq5d-5l", "5l-vt-southkorea"),
        ("Netherlands 2006", "3L", "3l-tto-netherlands_2006"), ("Japan", "Y-3L", "y3l-ivp-japan"),
        ("UK TTO", "3L", "3l-tto-uk"), ("USA", "5L", "5l-vt-usa"),
    ],
)  # fmt: skip
def test_names_that_fit_one_set(name, version, set_id):
    assert eq5d.find_value_set(name, version).id == set_id


def test_unknown_names_and_wrong_versions():
    with pytest.raises(ValueError, match="did you mean '3l-tto-uk'"):
        eq5d.find_value_set("3l-tto-ukk")
    with pytest.raises(ValueError, match="is a set for EQ-5D-3L, not for EQ-5D-5L"):
        eq5d.find_value_set("3l-tto-uk", "5L")
    with pytest.raises(ValueError, match="unknown EQ-5D version '4L'"):
        eq5d.value_sets("4L")
    with pytest.raises(ValueError, match="name a value set"):
        score("eq5d-3l", five(["11111"]))


def test_value_sets_are_listed_with_their_papers():
    listed = eq5d.value_sets()
    assert len(listed) == 106
    assert listed["id"].is_unique
    assert listed["version"].value_counts().to_dict() == {"5L": 49, "3L": 44, "Y-3L": 13}
    assert (listed["citation"].str.len() > 20).all()
    assert listed["year"].between(1995, 2030).all()
    # a book or a ministry's report: no DOI exists
    assert (listed["doi"] == "").sum() == 8
    assert listed.loc[listed["doi"] == "", "url"].str.startswith("https://").all()


def test_the_table_of_a_set_is_built_once_and_cannot_be_changed():
    assert table("3l-tto-uk") is table("3l-tto-uk")
    with pytest.raises(ValueError, match="read-only"):
        table("3l-tto-uk")[0] = 2


def test_score_names_the_set_it_used():
    scored = score("eq5d-3l", five(["21232"]), value_set="3l-tto-uk")
    assert scored.columns.tolist() == ["eq5d_index"]
    assert scored.attrs["doi"] == "10.1097/00005650-199711000-00002"


def test_levels_come_back():
    frame = five(["11111", "21232"]).astype(float)
    frame.loc[1, "ad"] = np.nan
    assert eq5d.levels_of(frame, "3L").iloc[0].tolist() == [1] * 5
    assert eq5d.levels_of(frame, "3L").iloc[1].isna().tolist() == [False] * 4 + [True]
    assert eq5d.levels_of(pd.Series(["21232"]), "3L").iloc[0].tolist() == [2, 1, 2, 3, 2]


def test_an_unknown_value_set_is_answered_with_those_of_the_country_and_where_all_are_listed():
    with pytest.raises(
        ValueError, match=r"perhaps 3l-tto-netherlands_2006 or 3l-tto-netherlands_2026; `eq5d.value"
    ):
        eq5d.find_value_set("nl", "3L")
    with pytest.raises(ValueError, match=r"'nl'; perhaps 5l-vt-netherlands; .*docs/study.md, Value sets"):
        eq5d.find_value_set("nl", "5L")
