"""Value of groups with the start held equal: the line's own uncertainty is in the interval."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from vbhc.chapters.value import groups
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.quota.numerators import Part, Recipe, group_numerator, numerator
from vbhc.statistics import ratios
from vbhc.study import Study
from vbhc.study.config import Config, Group

RECIPE = Recipe((Part("before", "after"),))


def drawn(seed=3, n=240):
    rng = np.random.default_rng(seed)
    site = rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2])
    before = rng.normal(40, 15, n) + 6 * (site == "b")
    after = 15 + 0.7 * before + rng.normal(0, 10, n)
    after[rng.random(n) < 0.1] = np.nan
    cost = 4_000 * np.exp(rng.normal(0, 0.3, n)) + 500 * (site == "c")
    cost[:5] = np.nan
    return pd.DataFrame({"before": before, "after": after, "cost": cost, "site": site})


def of(table, level=0.95):
    return ratios.adjusted_ratio_by(
        table["before"], table["after"], table["cost"], table["site"], 1_000, level
    )


def errors(found):
    """Standard errors of the ratios, from the width of their intervals."""
    return ((found["high"] - found["low"]) / 2 / stats.t.ppf(0.975, found["n"] - 1)).to_numpy()


def test_the_estimate_is_that_of_the_adjusted_outcomes():
    table = drawn()
    own = numerator(table, "baseline-adjusted", RECIPE)
    for row in of(table).itertuples():
        inside = (table["site"] == row.group) & own.notna() & table["cost"].notna()
        assert row.n == inside.sum()
        ratio = own[inside].mean() / table.loc[inside, "cost"].mean()
        assert row.estimate == pytest.approx(1_000 * ratio)


def test_one_group_of_all_has_the_interval_of_the_whole_value():
    """Closed form: at the average start the adjusted mean is the mean follow-up, with its spread."""
    table = drawn().dropna().assign(site="all")
    found = of(table).iloc[0]
    whole = group_numerator(table, RECIPE)
    expected = ratios.ratio_of_means(whole, table["cost"], n_resamples=2).iloc[0]
    assert found[["estimate", "low", "high"]].tolist() == pytest.approx(
        expected[["estimate", "low", "high"]].tolist(), rel=1e-9
    )


def test_a_flat_cost_leaves_the_error_of_a_predicted_mean():
    """statsmodels' sandwich (HC0) of the line gives the same error of the average start times the slope."""
    table = drawn(n=2_000).dropna().assign(cost=1_000.0, site="all")
    fit = sm.OLS(table["after"], sm.add_constant(table["before"])).fit(cov_type="HC0")
    at = np.array([1.0, table["before"].mean()])
    around = at @ fit.cov_params().to_numpy() @ at
    along = fit.params["before"] ** 2 * table["before"].var(ddof=0) / len(table)
    assert errors(of(table))[0] ** 2 == pytest.approx(around + along, rel=2e-3)


def test_resampling_patients_and_refitting_agrees():
    """The other path: patients drawn anew, the line fitted anew each time, 300 times."""
    table, rng, draws = drawn(), np.random.default_rng(1), []
    for _ in range(300):
        again = table.iloc[rng.integers(0, len(table), len(table))].reset_index(drop=True)
        draws.append(of(again)["estimate"].to_numpy())
    assert errors(of(table)) == pytest.approx(np.std(draws, axis=0), rel=0.15)


def test_groups_of_the_form_take_the_wider_interval(tmp_path):
    table = drawn()
    config = Config("t", groups={"s": Group("site", "Site", "site")})
    own = numerator(table, "baseline-adjusted", RECIPE)
    patients = table.assign(gain=own, gain_counting_deaths=own)
    plain = Definition("after", "gain", "after", "After", "points", 1, "cost", "EUR", 2011, 1_000)
    held = dataclasses.replace(plain, form="baseline-adjusted", recipe=RECIPE)
    study = Study("s", tmp_path, config, {})
    wide, narrow = (groups.by_groups(study, patients, vq) for vq in (held, plain))
    assert wide["estimate"].tolist() == pytest.approx(narrow["estimate"].tolist())
    assert ((wide["high"] - wide["low"]) > 1.005 * (narrow["high"] - narrow["low"])).all()


def test_no_line_no_groups():
    table = drawn().assign(before=40.0)
    assert of(table).empty
    few = drawn().iloc[:3]
    assert of(few).empty
