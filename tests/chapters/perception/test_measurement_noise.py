"""Reliabilities for the ceiling: alpha, composites and gains against simulation and their closed forms."""

import numpy as np
import pandas as pd
import pytest

from vbhc import cleaning
from vbhc.chapters.perception import where
from vbhc.chapters.value.quota import declared as definition
from vbhc.study import load_study


def measured(rng, true, reliability):
    """Return a measure of `true` whose noise leaves this reliability."""
    return pd.Series(true + rng.normal(0, true.std() * np.sqrt(1 / reliability - 1), len(true)))


def test_the_reliability_of_a_gain_is_the_share_of_true_gain():
    rng = np.random.default_rng(1)
    start = rng.normal(0, 1, 200_000)
    end = 0.7 * start + rng.normal(0, 0.7, 200_000)
    before, after = measured(rng, start, 0.9), measured(rng, end, 0.8)
    found = where.gain_reliability(before, after, 0.9, 0.8)
    assert found == pytest.approx(np.corrcoef(after - before, end - start)[0, 1] ** 2, abs=0.01)
    # equal spreads, reliability .9 both, correlation .8: (.9 - .8) / (1 - .8)
    z = rng.normal(size=(4, 100_000))
    same = 0.8 * z[0] + 0.6 * z[1]
    by_hand = where.gain_reliability(pd.Series(z[0]), pd.Series(same), 0.9, 0.9)
    assert by_hand == pytest.approx(0.5, abs=0.02)


def test_the_reliability_of_a_mean_of_scores_equals_simulation():
    rng = np.random.default_rng(2)
    trait = rng.normal(size=100_000)
    own = [trait + rng.normal(0, 0.5, 100_000) for _ in range(3)]
    parts = pd.DataFrame(
        {k: measured(rng, true, r) for k, (true, r) in enumerate(zip(own, (0.6, 0.7, 0.8), strict=True))}
    )
    truth = np.corrcoef(parts.mean(axis=1), np.mean(own, axis=0))[0, 1] ** 2
    assert where.composite_reliability(parts, [0.6, 0.7, 0.8]) == pytest.approx(truth, abs=0.01)


def test_parts_that_are_all_alike_have_the_reliability_of_their_sum():
    # Spearman-Brown: k parallel parts of reliability r give k r / (1 + (k - 1) r)
    rng = np.random.default_rng(3)
    trait = rng.normal(size=200_000)
    parts = pd.DataFrame({k: measured(rng, trait, 0.5) for k in range(4)})
    assert where.composite_reliability(parts, [0.5] * 4) == pytest.approx(4 * 0.5 / 2.5, abs=0.01)


def test_a_reliability_that_is_not_known_stays_unknown():
    before, after = pd.Series([1.0, 2, 3]), pd.Series([2.0, 2, 5])
    assert where.gain_reliability(before, after, None, 0.9) is None
    assert where.gain_reliability(before, before, 0.9, 0.9) is None
    for seen, outcome, words in (
        (None, None, "cannot be told from these data (single questions"),
        (0.9, None, "that of perception is 0.90. That of the outcome cannot be told"),
        (None, 0.8, "that of the outcome is 0.80. That of perception cannot be told"),
        (0.9, 0.8, "that of perception is 0.90 and that of the outcome is 0.80."),
    ):
        assert words in where.noise_sentence(seen, outcome)


@pytest.fixture(scope="module")
def shipped(repo):
    this = load_study(str(repo / "data" / "heart-failure"))
    cleaned = cleaning.clean(this)
    return this, cleaned.patients, cleaned.columns


def test_the_shipped_study_has_both_reliabilities(shipped):
    this, patients, columns = shipped
    vq = definition.define_value_quota(this, columns)
    found = where.noise(this, patients, vq)
    # planted: perception with reliability .87; KCCQ summary alpha about .95 in print
    assert found.perception == pytest.approx(0.87, abs=0.05)
    assert where.score_reliability(this, patients, "kccq_os", "3m") > 0.9
    assert found.outcome < where.score_reliability(this, patients, "kccq_os", "3m")


def test_single_questions_and_valued_states_have_none(shipped):
    this, patients, _ = shipped
    for stem in ("eq_vas", "eq5d_index", "eq5d_index_se", "nothing"):
        assert where.score_reliability(this, patients, stem, "3m") is None
    one = where.score_reliability(this, patients, "kccq_pl", "3m")
    assert 0.8 < one < 1


def test_other_forms_of_the_outcome_have_none(shipped):
    this, patients, columns = shipped
    vq = definition.define_value_quota(this, columns, form="follow-up")
    assert where.noise(this, patients, vq).outcome > 0.9
