"""The made-up tables: what is committed is what the seeds give, and holds the truth that it was made with."""

import numpy as np
import pytest
from places import NOTEBOOKS

from vbhc.statistics import ratios
from vbhc.teaching import planted
from vbhc.teaching.__main__ import make_tables

DATA = NOTEBOOKS / "teaching" / "data"
TRUE = planted.TRUE


@pytest.mark.parametrize("name", planted.TABLES)
def test_committed_tables_are_those_of_the_seeds(name, tmp_path):
    make_tables(tmp_path)
    assert (tmp_path / f"{name}.csv").read_bytes() == (DATA / f"{name}.csv").read_bytes()


def test_intervals_of_the_quotient_hold_the_truth():
    table = planted.patients()
    alive = table[table["died"] == "no"]
    for gain, cost, truth in (
        (alive["gain"], alive["cost"], TRUE["value_survivors"]),
        (table["gain"].fillna(-table["before"]), table["cost"], TRUE["value_everyone"]),
    ):
        row = ratios.ratio_of_means(gain, cost).iloc[0]
        assert row["low"] < truth < row["high"]


def test_the_relation_of_gain_and_rating_is_what_the_three_correlations_make_it():
    """Rating with gain: cov .35 x 13 - .10 x 12, variance 12^2 + 13^2 - 2 x .45 x 12 x 13; then ranks."""
    r = (0.35 * 13 - 0.10 * 12) / np.sqrt(144 + 169 - 2 * 0.45 * 156)
    assert 6 / np.pi * np.arcsin(r / 2) == pytest.approx(TRUE["rho_gain_rating"], abs=0.001)


def test_what_was_planted_is_there():
    assert planted.staff()["balance"].mean() == pytest.approx(TRUE["balance_everyone"])
    assert (planted.hospitals()["true_mean"] != 20).sum() == TRUE["hospitals_that_differ"]
    assert TRUE["mean_cost"] == 2_380 + 240 + 440 + 540  # 7 days, 4 tests, 4 visits, theatre for 3 of 10
    people = planted.passages().groupby("role")["person"].nunique()
    assert people.to_dict() == {"clinician": 11, "manager": 8}
    assert planted.mentions()["person"].nunique() == 26
