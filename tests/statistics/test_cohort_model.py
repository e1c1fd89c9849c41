"""A cohort in states: the example that Markov models in medicine are taught with, and draws of parameters."""

import numpy as np
import pandas as pd
import pytest

from vbhc.statistics.cohort_model import chance, discount, drawn, time_in_states, trace

# Sonnenberg and Beck 1993, Med Decis Making 13:322: well, disabled, dead; utilities 1, .7 and 0.
MOVES = [[0.6, 0.2, 0.2], [0, 0.6, 0.4], [0, 0, 1]]
UTILITY = np.array([1, 0.7, 0])


def test_example_of_sonnenberg_and_beck():
    path = trace(MOVES, [10_000, 0, 0], 24)
    assert path[1].tolist() == pytest.approx([6000, 2000, 2000])
    assert path[2].tolist() == pytest.approx([3600, 2400, 4000])
    # Printed: 2.3752 quality-adjusted cycles after 24 cycles, 2.875 with half-cycle correction.
    assert (path[1:] @ UTILITY).sum() / 10_000 == pytest.approx(2.3752, abs=5e-4)
    assert (time_in_states(path) @ UTILITY).sum() / 10_000 == pytest.approx(2.875, abs=0.01)


def test_nobody_is_lost_and_draws_run_together():
    many = np.stack([np.array(MOVES), np.eye(3)])
    path = trace(many, [1, 0, 0], 5)
    assert path.shape == (6, 2, 3)
    assert path.sum(axis=-1) == pytest.approx(np.ones((6, 2)))
    assert path[:, 1, 0].tolist() == [1] * 6  # who never moves
    assert path[:, 0] == pytest.approx(trace(MOVES, [1, 0, 0], 5))


def test_chances_that_do_not_sum_to_one_are_refused():
    with pytest.raises(ValueError, match="sum to 1"):
        trace([[0.5, 0.4], [0, 1]], [1, 0], 1)


def test_chance_of_a_rate_and_discount():
    assert float(chance(0.1)) == pytest.approx(1 - np.exp(-0.1))
    assert discount(2, 0.035).tolist() == pytest.approx([1.035**-0.5, 1.035**-1.5])


def test_draws_keep_mean_and_range():
    rows = [("a ratio", 0.36, 0.26, 0.51, "ratio"), ("a share", 0.2, 0.1, 0.3, "share"),
            ("a rate", 0.04, 0.03, 0.06, "rate"), ("known", 5, 4, 6, "fixed"),
            ("no range", 7, np.nan, np.nan, "cost")]  # fmt: skip
    found = drawn(pd.DataFrame(rows, columns=["name", "value", "low", "high", "kind"]), 20_000, 1)
    assert np.median(found["a ratio"]) == pytest.approx(0.36, rel=0.02)
    assert found["a share"].mean() == pytest.approx(0.2, rel=0.02)
    assert found["a rate"].mean() == pytest.approx(0.04, rel=0.02)
    assert np.quantile(found["a ratio"], [0.025, 0.975]) == pytest.approx([0.26, 0.51], rel=0.05)
    assert set(found["known"]) == {5}
    assert set(found["no range"]) == {7}
