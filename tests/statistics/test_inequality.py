"""Concentration index and slope index: the note that defines them, ties, bounds, and their intervals."""

import numpy as np
import pandas as pd
import pytest

from vbhc.statistics.inequality import concentration_index, middle_ranks, slope_index


def _by_method(table):
    return table.set_index("method")["estimate"]


def test_grouped_data_of_the_world_banks_note():
    # Under-five deaths per 1,000 births in India by fifth of wealth, 1982-92: index -0.1694 (O'Donnell et al.
    # 2008, Analyzing Health Equity Using Household Survey Data, ch. 8).
    births = pd.Series([29_939, 28_776, 26_528, 24_689, 19_739])
    deaths = pd.Series([154.7, 152.9, 119.5, 86.9, 54.3])
    found = concentration_index(deaths, pd.Series(range(5)), births)
    assert found["estimate"].iloc[0] == pytest.approx(-0.1694, abs=5e-5)


def test_by_hand():
    # Ranks 1/8, 3/8, 5/8, 7/8; mean 2.5; 2 cov / mean = 2 * 0.3125 / 2.5.
    found = concentration_index(pd.Series([1.0, 2, 3, 4]), pd.Series([1, 2, 3, 4]), bounds=(0, 10))
    assert _by_method(found)["concentration"] == pytest.approx(0.25)
    assert _by_method(found)["Erreygers"] == pytest.approx(4 * 2.5 / 10 * 0.25)
    assert _by_method(found)["Wagstaff"] == pytest.approx(0.25 * 2.5 * 10 / (7.5 * 2.5))


def test_those_alike_give_one_index_in_whatever_order():
    rng = np.random.default_rng(3)
    by, quantity = pd.Series(rng.integers(0, 4, 300)), pd.Series(rng.random(300))
    first = concentration_index(quantity, by, bounds=(0, 1))
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(300)
        again = concentration_index(quantity.iloc[order], by.iloc[order], bounds=(0, 1))
        pd.testing.assert_frame_equal(first, again)


def test_a_group_counts_as_its_people():
    by, quantity = pd.Series([1, 1, 1, 2, 2, 3]), pd.Series([2.0, 2, 2, 5, 5, 7])
    groups = concentration_index(pd.Series([2.0, 5, 7]), pd.Series([1, 2, 3]), pd.Series([3, 2, 1]))
    assert _by_method(groups)["concentration"] == pytest.approx(
        _by_method(concentration_index(quantity, by))["concentration"]
    )
    assert middle_ranks(pd.Series([1, 2, 3]), pd.Series([3, 2, 1])).tolist() == [1.5 / 6, 4 / 6, 5.5 / 6]


def test_all_alike_in_rank_have_no_index_and_an_even_spread_has_none():
    same = concentration_index(pd.Series([1.0, 2, 3]), pd.Series([1, 1, 1]))
    assert same["estimate"].isna().all()
    even = concentration_index(pd.Series([2.0] * 6), pd.Series(range(6)), bounds=(0, 3))
    assert even["estimate"].to_numpy() == pytest.approx(0)
    assert even["high"].to_numpy() == pytest.approx(0)


@pytest.mark.parametrize("value", [0.1, 0.3, 1 / 3, 7e5 / 3])
def test_what_all_have_alike_shows_no_tie_from_the_last_bits_of_its_mean(value):
    """0.1 for each of 26 people has a mean that is not 0.1: an interval of 1e-17 once left out 0."""
    for n in range(5, 120, 7):
        quantity, by = pd.Series([value] * n), pd.Series(np.arange(n) % 9)
        for found in (concentration_index(quantity, by, bounds=(0, 1e6)), slope_index(quantity, by)):
            rows = found[found["method"] != "relative"]
            assert (rows[["estimate", "low", "high"]] == 0).all(axis=None)


def test_bounds_are_declared_and_not_guessed():
    with pytest.raises(ValueError, match="outside the bounds"):
        concentration_index(pd.Series([1.0, 2, 30]), pd.Series([1, 2, 3]), bounds=(0, 10))
    assert list(concentration_index(pd.Series([1.0, 2, 3]), pd.Series([1, 2, 3]))["method"]) == [
        "concentration"
    ]


def test_erreygers_mirrors_when_good_is_counted_as_bad():
    rng = np.random.default_rng(5)
    by, quantity = pd.Series(rng.random(80)), pd.Series(rng.random(80))
    good = concentration_index(quantity, by, bounds=(0, 1)).set_index("method")
    bad = concentration_index(1 - quantity, by, bounds=(0, 1)).set_index("method")
    for kind in ("Wagstaff", "Erreygers"):
        assert bad.loc[kind, "estimate"] == pytest.approx(-good.loc[kind, "estimate"])
        assert bad.loc[kind, "low"] == pytest.approx(-good.loc[kind, "high"])


def test_negative_values_have_no_plain_index():
    found = concentration_index(pd.Series([-1.0, 2, 3, 4]), pd.Series([1, 2, 3, 4]), bounds=(-5, 5))
    assert np.isnan(_by_method(found)["concentration"])
    assert np.isfinite(_by_method(found)["Erreygers"])


def test_intervals_are_those_of_the_bootstrap():
    rng = np.random.default_rng(1)
    by = pd.Series(rng.integers(0, 6, 300))
    quantity = pd.Series(np.clip(rng.normal(0.6 + 0.03 * by, 0.2), 0, 1))
    found = concentration_index(quantity, by, bounds=(0, 1))
    draws = [rng.integers(0, 300, 300) for _ in range(400)]
    again = np.array([
        concentration_index(quantity.iloc[d].reset_index(drop=True), by.iloc[d].reset_index(drop=True),
                            bounds=(0, 1))["estimate"] for d in draws
    ])  # fmt: skip
    own = (found["high"] - found["low"]) / (2 * 1.959964)
    assert own.to_numpy() == pytest.approx(again.std(axis=0), rel=0.12)


def test_slope_is_that_of_least_squares_on_ranks():
    import statsmodels.api as sm

    rng = np.random.default_rng(2)
    by = pd.Series(rng.integers(0, 5, 120))
    quantity = pd.Series(rng.normal(10 + by, 2))
    fitted = sm.OLS(quantity, sm.add_constant(middle_ranks(by))).fit(cov_type="HC1")
    found = slope_index(quantity, by).set_index("method")
    assert found.loc["slope", "estimate"] == pytest.approx(fitted.params.iloc[1])
    assert found.loc["slope", ["low", "high"]].to_numpy(float) == pytest.approx(
        fitted.conf_int().to_numpy()[1]
    )
    start = fitted.params.iloc[0]
    assert found.loc["relative", "estimate"] == pytest.approx((start + fitted.params.iloc[1]) / start)


@pytest.mark.parametrize(
    ("people", "values", "slope", "relative"),
    [
        (
            [7291, 7997, 6105, 7666, 5790, 6934, 5918, 5974, 7147, 7534],
            [75.9334590103081, 78.3442382727843, 83.8360631041654, 83.6375399664931, 80.4655031529559,
             81.1156759857022, 81.6930835718562, 84.1900062060987, 80.5955641081472, 86.2894349578624],
            6.934616473668819, 1.0888180804446217,
        ),
        (
            [13837, 14519, 14940, 14599, 12311, 21675, 20065, 19750, 24713, 20112],
            [4.89675, 4.5678, 4.67666, 4.35666, 3.9, 3.8, 3.5, 3.2, 3.21, 2.8],
            -2.287678902778742, 0.5352517697987614,
        ),
    ],
    ids=["life expectancy", "infant deaths"],
)  # fmt: skip
def test_slopes_as_published_for_public_health(people, values, slope, relative):
    """PHEindicatormethods @093fd28, testdata_SII.xlsx, records 1-10 and 81-90: tenths by deprivation."""
    by, quantity = (pd.Series(np.repeat(one, people)) for one in (np.arange(10), values))
    found = slope_index(quantity, by)["estimate"]
    assert found.tolist() == pytest.approx([slope, relative], rel=1e-9)
