"""Distances to spatial medians, the test on them, and the interval of Cliff's delta in small groups."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from vbhc import simulate
from vbhc.simulate.check import VERDICTS
from vbhc.statistics import groups, profiles
from vbhc.statistics.profiles import distances_to_medians, principal_coordinates, spatial_median


def apart(points):
    return np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))


def test_spatial_median_is_the_minimum_that_scipy_finds():
    points = np.random.default_rng(4).normal(size=(9, 3)) ** 3

    def total(place):
        return np.sqrt(((points - place) ** 2).sum(axis=1)).sum()

    found = optimize.minimize(total, points.mean(axis=0), method="Nelder-Mead", options={"xatol": 1e-9})
    assert spatial_median(points) == pytest.approx(found.x, abs=1e-4)
    assert total(spatial_median(points)) <= found.fun + 1e-9


def test_spatial_median_in_closed_form():
    line = np.array([[0.0], [1.0], [100.0]])  # on a line it is the median
    assert spatial_median(line)[0] == pytest.approx(1, abs=1e-6)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1.0]])
    assert spatial_median(square) == pytest.approx([0.5, 0.5])
    # triangle with an angle over 120 degrees: its corner (Fermat)
    wide = np.array([[-1, 0], [1, 0], [0, 0.2]])
    assert spatial_median(wide) == pytest.approx([0, 0.2], abs=1e-6)
    assert spatial_median(np.ones((3, 2))).tolist() == [1, 1]


def test_principal_coordinates_give_the_distances_back():
    distance = profiles.jaccard(pd.DataFrame(np.random.default_rng(2).random((12, 8)) < 0.4)).to_numpy()
    real, imaginary = principal_coordinates(distance)
    assert imaginary.shape[1] > 0  # Jaccard distances are not Euclidean
    again = apart(real) ** 2 - apart(imaginary) ** 2
    assert again == pytest.approx(distance**2, abs=1e-9)


def test_distances_are_from_the_own_median_and_corrected_for_size():
    points = np.array([[0.0], [1.0], [5.0], [10.0], [12.0]])
    groups = np.array(["a", "a", "a", "b", "b"])
    found = distances_to_medians(apart(points), groups)
    by_hand = np.array([1, 0, 4]) * np.sqrt(3 / 2)
    assert found[:3] == pytest.approx(by_hand, abs=1e-5)
    assert found[3:] == pytest.approx(np.ones(2) * np.sqrt(2))
    assert distances_to_medians(apart(points[:1]), groups[:1]).tolist() == [0]


def test_f_is_that_of_an_analysis_of_variance_of_the_distances():
    rng = np.random.default_rng(6)
    presence = pd.DataFrame(rng.random((20, 10)) < np.repeat([[0.2], [0.5]], 10, axis=0))
    groups = pd.Series(["a"] * 10 + ["b"] * 10)
    away = distances_to_medians(profiles.jaccard(presence).to_numpy(), groups.to_numpy())
    found = profiles.dispersion(presence, groups, draws=999).iloc[0]
    assert found["statistic"] == pytest.approx(stats.f_oneway(away[:10], away[10:]).statistic)
    assert found["estimate"] == pytest.approx(away[:10].mean())


@pytest.mark.parametrize("name", ["profiles", "survey"])
def test_small_groups_keep_size_and_coverage(name):
    """200 samples of each: a Monte Carlo error of 1.5 points; distances to centroids were at 10%."""
    checks = [check for check in simulate.CHECKS if check.name == name and check.n in (19, 20)]
    table = simulate.calibrate(200, seed=4, checks=checks)
    assert table["verdict"].isin(VERDICTS[:2]).all(), table.to_string()


X, Y = [1, 2, 3, 3, 5, 5, 4], [1, 1, 2, 3, 4]


def test_cliffs_error_is_that_of_brunner_and_munzel():
    """scipy.stats.brunnermunzel: its statistic is delta / 2 over its error, and its t has the same df."""
    row = groups.cliffs_delta(pd.Series(X), pd.Series(Y)).iloc[0]
    test = stats.brunnermunzel(Y, X)
    d = row["estimate"]
    half = np.arctanh(row["high"]) - np.arctanh(d)
    error = d / test.statistic
    quantile = half * (1 - d**2) / error
    # the df that gives this quantile gives scipy's p as well
    df = optimize.brentq(lambda f: stats.t.ppf(0.975, f) - quantile, 1, 100)
    assert 2 * stats.t.sf(abs(test.statistic), df) == pytest.approx(test.pvalue)
    assert np.arctanh(d) - np.arctanh(row["low"]) == pytest.approx(half)


def test_the_interval_by_hand_on_the_logit_scale():
    """theta = (1 + delta) / 2; DeLong: variance of each side's placements over its size."""
    above = np.sign(np.subtract.outer(X, Y)) / 2 + 0.5
    theta = above.mean()
    parts = above.mean(axis=1).var(ddof=1) / len(X), above.mean(axis=0).var(ddof=1) / len(Y)
    df = sum(parts) ** 2 / (parts[0] ** 2 / (len(X) - 1) + parts[1] ** 2 / (len(Y) - 1))
    step = stats.t.ppf(0.95, df) * np.sqrt(sum(parts)) / (theta * (1 - theta))
    logits = np.log(theta / (1 - theta)) + np.array([-step, step])
    row = groups.cliffs_delta(pd.Series(X), pd.Series(Y), ci_level=0.9).iloc[0]
    assert row[["low", "high"]].tolist() == pytest.approx((2 / (1 + np.exp(-logits)) - 1).tolist())


def test_all_tied_still_has_width():
    row = groups.cliffs_delta(pd.Series([3, 3, 3]), pd.Series([3, 3])).iloc[0]
    assert row["estimate"] == 0
    assert row["low"] < -0.3
    assert row["high"] > 0.3


def test_a_small_varied_group_against_a_large_even_one_is_covered():
    """Where Newcombe's method 5, which takes both spreads to be alike, covers 81%: 400 samples."""
    rng, hits = np.random.default_rng(8), 0
    even, varied = [0, 0.05, 0.9, 0.05, 0], [0.3, 0.1, 0.1, 0.1, 0.4]
    truth = np.array(even) @ np.sign(np.subtract.outer(np.arange(5), np.arange(5))) @ np.array(varied)
    for _ in range(400):
        pair = (pd.Series(rng.choice(5, n, p=p)) for n, p in ((40, even), (10, varied)))
        row = groups.cliffs_delta(*pair).iloc[0]
        hits += row["low"] <= truth <= row["high"]
    assert hits / 400 > 0.93
