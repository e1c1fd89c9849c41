"""The outsider with paper and pencil finds what can be found, and nothing where nothing is to be found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from attacks.leftovers import grown_by_few, left_by_groups, masked_elsewhere, sizes_that_fit

from vbhc.publish.findings.made import coarse


def rows(*counts: object, **same: str) -> list[dict[str, str]]:
    return [{"n": str(n), **same} for n in counts]


def test_a_mean_and_a_standard_deviation_of_coarse_scores_give_the_number_of_people():
    """Scores of 0, 25, 50, 75 or 100 of 246 people, of whom a report says ~240."""
    scores = np.repeat([0, 25, 50, 75, 100], [20, 104, 104, 16, 2])
    mean, sd = round(scores.mean(), 2), round(scores.std(ddof=1), 2)
    found = sizes_that_fit(mean, sd, 25, range(230, 251))
    assert 246 in found
    assert len(found) < 4
    assert len(sizes_that_fit(round(mean), None, 25, range(230, 251), places=0)) == 21


def test_mean_costs_beside_prices_give_the_number_of_people_unless_they_have_three_digits():
    """Days and visits of 246 people, of whom a report says ~240, at 340, 720, 2300 and 430 a unit."""
    means = {
        price: units * price / 246 for price, units in {340: 1549, 720: 551, 2300: 111, 430: 205}.items()
    }
    whole, around = {price: round(mean) for price, mean in means.items()}, range(230, 251)
    exact = [set(sizes_that_fit(mean, None, price, around, 0)) for price, mean in whole.items()]
    assert set.intersection(*exact) == {246}
    near = [
        set(sizes_that_fit(mean, None, price, around, 2 - int(np.log10(mean))))
        for price, mean in zip(means, coarse(pd.Series(means.values())), strict=True)
    ]
    assert len(set.intersection(*near)) > 5


@pytest.mark.parametrize("n", [7, 23, 106])
def test_what_is_true_always_fits(n):
    scores = np.random.default_rng(n).integers(0, 21, n) * 5
    assert sizes_that_fit(round(scores.mean(), 2), round(scores.std(ddof=1), 2), 5, [n]) == [n]


def test_counts_that_grow_by_few_tell_of_few():
    line = rows("*", 11, 13, 14, "~20", 40, hospital="1")
    assert list(grown_by_few(line, 5, ["hospital"])) == [("('1',): 11, 13", 2), ("('1',): 13, 14", 1)]
    assert list(grown_by_few(rows(11, 13, 9, hospital="1"), 5, ["hospital"])) == []  # no running counts


def test_groups_that_leave_few_of_the_whole_tell_of_a_group_that_stands_nowhere():
    shown = [{"label": "Clinic: East", "n": "45"}, {"label": "Clinic: West", "n": "40"}]
    assert list(left_by_groups(shown, 5, {"those who answered": 87})) == [("those who answered - Clinic", 2)]
    assert list(left_by_groups(shown, 5, {"those who answered": 85})) == []
    assert list(left_by_groups([*shown, {"label": "Clinic: North", "n": "*"}], 5, {"all": 87})) == []


def test_one_group_is_exact_here_and_masked_there():
    tables = {
        "03c-for-whom-within": [{"label": "Sex: female", "n": "75"}],
        "03c-for-whom-ties": [{"split": "Sex", "group": "male against female", "n_second": "~80"}],
        "03c-for-whom-value": [{"split": "Sex", "group": "female", "n": "*"}],
    }
    assert list(masked_elsewhere(tables)) == [
        "female: ~80 in 03c-for-whom-ties, 75 beside it",
        "female: * in 03c-for-whom-value, 75 beside it",
    ]
    tables["03c-for-whom-within"][0]["n"] = "~80"
    assert list(masked_elsewhere(tables)) == []
