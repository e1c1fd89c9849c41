"""Intervals of a ratio of means beside Fieller's: bootstrap-t, and lognormal where costs fit it."""

import numpy as np
import pandas as pd
import pytest

from vbhc.statistics.ratios import ratio_of_means
from vbhc.statistics.ratios.intervals import (
    is_lognormal,
    lognormal_interval,
    studentised_interval,
    studentised_replicates,
)

STEADY = np.linspace(0.5, 0.9, 60)


def drawn(n=60, log_sd=1.0, seed=3):
    rng = np.random.default_rng(seed)
    return rng.normal(0.7, 0.2, n), np.exp(rng.normal(8, log_sd, n))


def one_by_one(outcome, cost, times, seed):
    """Each resample on its own; the error from variances and covariance (Cochran 1977, eq. 6.13, no fpc)."""
    rng, n, found = np.random.default_rng(seed), len(outcome), []
    for _ in range(times):
        rows = rng.integers(0, n, n)
        y, x = outcome[rows], cost[rows]
        r = y.mean() / x.mean()
        cov = np.cov(y, x)
        variance = (cov[0, 0] - 2 * r * cov[0, 1] + r**2 * cov[1, 1]) / n / x.mean() ** 2
        found.append((r - outcome.mean() / cost.mean()) / np.sqrt(variance))
    return np.array(found)


def test_replicates_are_those_of_the_ratio_estimators_textbook_variance():
    sample = drawn()
    np.testing.assert_allclose(
        studentised_replicates(*sample, 50, seed=3), one_by_one(*sample, 50, seed=3), rtol=1e-9
    )


def test_the_interval_turns_the_tails_around():
    """Of 39 replicates the outermost two are the 2.5% points: the high one gives the low end."""
    outcome, cost = drawn()
    t = one_by_one(outcome, cost, 39, seed=4)
    ratio, cov = outcome.mean() / cost.mean(), np.cov(outcome, cost)
    variance = (cov[0, 0] - 2 * ratio * cov[0, 1] + ratio**2 * cov[1, 1]) / 60 / cost.mean() ** 2
    expected = ratio - np.array([t.max(), t.min()]) * np.sqrt(variance)
    assert studentised_interval(outcome, cost, 39, seed=4) == pytest.approx(tuple(expected))


def test_replicates_do_not_depend_on_the_batch(monkeypatch):
    sample = drawn()
    whole = studentised_replicates(*sample, 300, seed=3)
    monkeypatch.setattr("vbhc.statistics.ratios.intervals.DRAWS_PER_BATCH", 120)
    assert np.array_equal(studentised_replicates(*sample, 300, seed=3), whole)


def test_a_resample_of_patients_with_one_ratio_has_no_error():
    """The first two share a ratio: 16 resamples hold only them, one each only the third or the fourth."""
    outcome, cost = np.array([2.0, 4, 0, 6]), np.array([500.0, 1000, 500, 1000])
    t = studentised_replicates(outcome, cost, 20_000, seed=1)
    assert np.isnan(t).mean() == pytest.approx(18 / 256, abs=0.006)  # of 256; three standard errors
    assert np.isnan(studentised_interval(outcome, cost, 2_000, seed=1)).all()  # more than a tail


def test_scaling_money_scales_the_interval():
    outcome, cost = drawn()
    euros, cents = (np.array(studentised_interval(outcome, cost * unit, 99, seed=1)) for unit in (1, 100))
    np.testing.assert_allclose(euros, cents * 100)
    np.testing.assert_allclose(
        lognormal_interval(outcome, cost), np.array(lognormal_interval(outcome, cost * 100)) * 100
    )


def test_lognormal_ends_by_hand():
    """40 log costs with mean 8 and variance 1, everybody's outcome 2: log 2 - 8.5, and t(39) = 2.0227.

    Its variance is 1 / 40 + 1 / 78 (Cox; with Student's t: Olsson 2005, J Stat Educ 13(1)).
    """
    logs = 8 + np.sqrt(39 / 40) * np.tile([-1.0, 1.0], 20)
    low, high = lognormal_interval(np.full(40, 2.0), np.exp(logs))
    assert np.log([low, high]) == pytest.approx(
        [np.log(2) - 8.5 - 0.39336, np.log(2) - 8.5 + 0.39336], abs=1e-4
    )


@pytest.mark.parametrize(
    ("outcome", "cost"),
    [
        (STEADY, np.where(np.arange(60) == 0, 0.0, drawn()[1])),  # somebody cost nothing
        (STEADY, np.linspace(100, 9_000, 60)),  # costs of which the logs are not normal
        (STEADY, np.full(60, 500.0)),  # no spread at all
        (STEADY - 0.65, drawn()[1]),  # a mean gain within four standard errors of zero
        (STEADY[:19], drawn()[1][:19]),  # too few to tell a shape
        (-STEADY, drawn()[1]),  # a loss has no log
    ],
)
def test_lognormal_is_not_offered_where_it_does_not_fit(outcome, cost):
    assert not is_lognormal(outcome, cost)
    table = ratio_of_means(pd.Series(outcome), pd.Series(cost), n_resamples=50)
    assert table["method"].tolist() == ["fieller", "bootstrap-t"]


def test_lognormal_stands_last_where_it_fits():
    outcome, cost = map(pd.Series, drawn())
    table = ratio_of_means(outcome, cost, n_resamples=50).set_index("method")
    assert list(table.index) == ["fieller", "bootstrap-t", "lognormal costs"]
    ends = np.array(lognormal_interval(outcome.to_numpy(), cost.to_numpy())) * 1_000
    assert table.loc["lognormal costs", ["low", "high"]].astype(float).to_numpy() == pytest.approx(ends)
    assert table["estimate"].nunique() == 1


def test_clusters_of_one_are_patients_and_copies_of_a_patient_tell_nothing_new():
    """Closed form: k copies of each patient as one cluster give the interval of the patients themselves."""
    rng = np.random.default_rng(5)
    gain, cost = pd.Series(rng.normal(5, 4, 60)), pd.Series(rng.gamma(3, 900, 60))
    own = ratio_of_means(gain, cost, n_resamples=99).iloc[0]
    alone = ratio_of_means(gain, cost, n_resamples=99, cluster=pd.Series(range(60))).iloc[0]
    assert alone[["low", "high"]].tolist() == pytest.approx(own[["low", "high"]].tolist())
    copies = [pd.concat([one] * 4, ignore_index=True) for one in (gain, cost, pd.Series(range(60)))]
    four = ratio_of_means(copies[0], copies[1], n_resamples=99, cluster=copies[2]).iloc[0]
    assert four[["low", "high"]].tolist() == pytest.approx(own[["low", "high"]].tolist())
    assert int(four["n"]) == 240
