"""Imputed values tell how little is known: donors are drawn anew for every value set."""

import numpy as np
import pandas as pd
import pytest

from vbhc.simulate import models
from vbhc.statistics import imputation


def test_imputed_means_vary_as_those_of_another_sample_would():
    """A predictor that tells nothing: imputed means vary by s^2 (1 / observed + 1 / imputed).

    Rubin & Schenker 1986, J Am Stat Assoc 81:366, for the approximate Bayesian bootstrap. From 300 value sets
    such a variance has a standard error of 8%.
    """
    rng = np.random.default_rng(2)
    answers = np.concatenate([rng.normal(50, 10, 60), np.full(600, np.nan)])
    frame = pd.DataFrame({"unrelated": rng.normal(size=660), "answer": answers})
    means = [copy["answer"][60:].mean() for copy in imputation.impute(frame, 300, seed=1)]
    expected = frame["answer"].var() * (1 / 60 + 1 / 600)
    assert np.var(means, ddof=1) / expected == pytest.approx(1, abs=0.24)
    assert np.mean(means) == pytest.approx(frame["answer"].mean(), abs=0.5)


def test_more_predictors_than_answers_still_impute():
    """Ten answers and eleven predictors: five donors are drawn at the least."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(25, 12)), columns=[f"c{k}" for k in range(12)])
    frame.loc[10:, "c0"] = np.nan
    copies = imputation.impute(frame, 3, seed=1)
    assert all(set(copy["c0"]) <= set(frame["c0"].dropna()) for copy in copies)


def test_the_gain_under_a_ceiling_is_that_of_a_large_trial():
    """Four million pairs with and without the new arm, drawn as the model says."""
    rng = np.random.default_rng(3)
    start = np.clip(rng.normal(0.6, 0.27, 4_000_000), -0.5, 1)
    free = 0.5 + 0.45 * start + rng.normal(0, 0.2, len(start))
    gain = (np.minimum(1, free + 0.05) - np.minimum(1, free)).mean()
    line = (0.5, 0.45, 0.05, 0.2)
    truth = models.trial_with_gaps(10, 1, 17, (0.6, 0.27, -0.5), line, top=1, price=2_000, lost=3)[2]
    assert truth == pytest.approx((gain / 2, 300 - 2_000 * gain), rel=1e-3)
