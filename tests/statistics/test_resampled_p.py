"""P-values from permutations: what was observed is one of them, so that p is 1 / (B + 1) or more."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vbhc.statistics.presence import compare_codes, max_t
from vbhc.statistics.profiles import dispersion, permanova
from vbhc.statistics.resampling import all_splits, least_p, resampled_p

GROUPS = pd.Series(list("aaaaaabbbbbb"))
APART = pd.DataFrame({"x": [1] * 6 + [0] * 6, "y": [0] * 6 + [1] * 6, "z": [1, 0] * 6}, dtype=bool)


def test_as_scipys_permutation_test():
    """scipy's `permutation_test`: (b + 1) / (B + 1) for random draws, b / B where all are listed."""
    one, other = np.array([3.0, 5, 8, 9]), np.array([1.0, 2, 4, 4.5])

    def gap(x, y, axis):
        return x.mean(axis=axis) - y.mean(axis=axis)

    drawn = stats.permutation_test(
        (one, other), gap, n_resamples=60, vectorized=True, rng=1, alternative="greater"
    )
    others = (drawn.null_distribution >= drawn.statistic - 1e-12).sum()
    assert drawn.pvalue == pytest.approx(float(resampled_p(others, 60)))
    listed = stats.permutation_test((one, other), gap, vectorized=True, alternative="greater")
    both = np.concatenate([one, other])
    gaps = [both[list(c)].sum() for c in itertools.combinations(range(8), 4)]
    as_extreme = sum(total >= one.sum() - 1e-12 for total in gaps) - 1
    assert listed.pvalue == pytest.approx(float(resampled_p(as_extreme, len(gaps) - 1)))


@pytest.mark.parametrize("draws", [19, 99])
def test_no_draw_as_extreme_gives_one_over_all(draws):
    """Of 924 ways to split 12 people in two, 2 part these groups so: seed 1 draws neither."""
    row = permanova(APART, GROUPS, most_exact=0, draws=draws, seed=1).iloc[0]
    assert row["p"] == least_p(int(row["n_splits"]), bool(row["exact"])) == 1 / (draws + 1)


def test_all_splits_give_the_exact_share():
    row = permanova(APART, GROUPS).iloc[0]
    assert row["exact"]
    assert row["p"] == 2 / 924
    assert np.isnan(least_p(int(row["n_splits"]), True))
    codes = compare_codes(APART[["x"]], GROUPS).iloc[0]
    found = codes[["max_t_p", "fisher_p"]].astype(float)
    assert found.to_numpy() == pytest.approx(2 / 924)


def test_random_splits_never_give_less_than_one_over_all():
    first = all_splits(GROUPS == "a", seed=1, most_exact=0, draws=49).first
    adjusted = max_t(APART.to_numpy(), first)
    assert adjusted[:2].tolist() == [1 / 50] * 2
    assert adjusted[2] == 1.0  # raised by three of each group: every split is as extreme
    p = dispersion(APART, GROUPS, most_exact=0, draws=49, seed=1)["p"]
    assert p.isna().all() or p.min() >= 1 / 50
