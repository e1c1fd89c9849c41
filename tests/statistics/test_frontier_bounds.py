"""Intervals of efficiency: what they are made of, where they end, and that they cover."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vbhc import simulate
from vbhc.chapters.value import frontier
from vbhc.simulate.calibration import VERDICTS
from vbhc.statistics import economics
from vbhc.statistics.economics.frontier_bounds import _knots, _quantile


def drawn(units=9, n=40, seed=1):
    rng = np.random.default_rng(seed)
    own = np.repeat(np.arange(units), n)
    outcomes = pd.DataFrame({"a": rng.normal(50, 10, units * n), "b": rng.normal(0.6, 0.1, units * n)})
    cost = pd.Series(1_000 * (1 + own / 4) * rng.lognormal(0, 0.3, units * n))
    return outcomes, cost, pd.Series([f"u{at}" for at in own])


def test_the_efficiency_is_that_of_the_units_means():
    outcomes, cost, unit = drawn()
    found = economics.frontier_intervals(outcomes, cost, unit)
    expected = economics.value_frontier(outcomes.groupby(unit).mean(), cost.groupby(unit).mean())
    assert found["efficiency"].tolist() == pytest.approx(expected["efficiency"].tolist())
    assert found["peers"].tolist() == expected["peers"].tolist()
    assert (found["low"] <= found["efficiency"]).all()
    assert (found["efficiency"] <= found["high"]).all()
    assert (found["high"] <= 1).all()
    assert found.loc["u8", "high"] < 1  # three times as dear as the best, 40 patients each


def test_two_units_in_closed_form():
    """One outcome twice: efficiency is a ratio of two ratios; its log has the delta method's error."""
    outcomes, cost, unit = drawn(units=2, n=200)
    outcomes["b"] = outcomes["a"]
    found = economics.frontier_intervals(outcomes, cost, unit, n_resamples=4_000).loc["u1"]
    parts, errors = [], []
    for name in ("u1", "u0"):
        y, x = outcomes.loc[unit == name, "a"], cost[unit == name]
        parts.append(np.log(y.mean() / x.mean()))
        errors.append((y / y.mean() - x / x.mean()).var() / len(y))
    gap = parts[0] - parts[1]
    df = sum(errors) ** 2 / sum(e**2 / 199 for e in errors)
    reach = stats.t.ppf(0.975, df) * np.sqrt(sum(errors))
    assert np.log(found["efficiency"]) == pytest.approx(gap)
    assert np.log([found["low"], found["high"]]) == pytest.approx([gap - reach, gap + reach], rel=0.02)


def test_without_spread_the_interval_is_the_point():
    outcomes, _, unit = drawn(units=4, n=10)
    flat = pd.DataFrame({"a": 50.0, "b": 0.5}, index=outcomes.index)
    cost = unit.map({"u0": 100.0, "u1": 125.0, "u2": 200.0, "u3": 400.0})
    found = economics.frontier_intervals(flat, cost, unit)
    for name in ("efficiency", "low", "high"):
        assert found[name].tolist() == pytest.approx([1, 0.8, 0.5, 0.25])


def test_units_of_measure_and_order_of_patients_change_nothing():
    outcomes, cost, unit = drawn()
    first = economics.frontier_intervals(outcomes, cost, unit, seed=3)
    scaled = economics.frontier_intervals(outcomes * [0.01, 7], cost / 9, unit, seed=3)
    for name in ("efficiency", "low", "high"):
        assert scaled[name].tolist() == pytest.approx(first[name].tolist())
    gaps = outcomes.copy()
    gaps.iloc[0, 0] = np.nan
    assert economics.frontier_intervals(gaps, cost, unit).loc["u0", "n"] == 39


def test_one_unit_has_no_interval():
    outcomes, cost, unit = drawn(units=1)
    found = economics.frontier_intervals(outcomes, cost, unit)
    assert found["efficiency"].tolist() == [1]
    assert found[["low", "high"]].isna().all(axis=None)


def test_the_quantile_between_its_knots_is_scipys():
    freedom = np.array([1, 3.3, 17.2, 250, np.inf])
    assert _quantile(_knots(0.975), freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-4)


def test_intervals_cover_units_of_known_efficiency():
    """40 studies: a Monte Carlo error of 3 points; percentiles of the resamples cover 55% of equal units."""
    checks = [check for check in simulate.CHECKS if check.name == "value frontier"]
    table = simulate.calibrate(40, seed=6, checks=checks)
    assert len(table) == 3
    assert table["verdict"].isin(VERDICTS[:2]).all(), table.to_string()


UNITS = pd.DataFrame(
    {
        "unit": ["A", "B", "C"],
        "n": [20, 30, 40],
        "efficiency": [1.0, 0.8, 0.5],
        "low": [0.7, 0.6, 0.3],
        "high": [1.0, 1.0, 0.9],
    }
)


def test_the_sentence_says_which_can_be_told_from_the_frontier():
    said = frontier.frontier_sentence(UNITS, "site", ["x", "y"])
    assert "By their 95% intervals 1 of 2 (50%) of the others lie clearly below the frontier" in said
    none = frontier.frontier_sentence(UNITS.assign(high=1.0), "site", ["x", "y"])
    assert "none of the others can be told from the frontier: with so few patients" in none
    shown = frontier.places(frontier.Frontier(UNITS, said)).drawing
    assert shown.title == "1 of 3 (33%) places lie clearly below the frontier"
    alike = frontier.places(frontier.Frontier(UNITS.assign(high=1.0), none)).drawing
    assert alike.title.startswith("No place can be told")
