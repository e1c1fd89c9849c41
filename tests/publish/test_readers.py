"""Sentences for clinician, manager and patient: said from the results, never against them."""

import numpy as np
import pandas as pd
import pytest

from vbhc.chapters.perception.readers import perception_for_readers
from vbhc.chapters.value.quota.definitions import value_quota
from vbhc.statistics import correlation


def perception_said(with_outcome=0.3, with_cost=0.0, with_vq=0.1, n=400, width=0.08, verdict="undecided"):
    rows = [
        {"with": name, "coefficient": "spearman", "estimate": r, "low": r - width, "high": r + width,
         "ci_level": 0.95, "n": n, "reason": ""}
        for name, r in (("outcome", with_outcome), ("cost", with_cost), ("VQ", with_vq))
    ]  # fmt: skip
    test = pd.DataFrame([{"margin": 0.2, "verdict": verdict, "n": n, "reason": ""}])
    ceiling = pd.DataFrame({"estimate": [0.9, 0.6, 0.5], "reason": ""})
    table = perception_for_readers(pd.DataFrame(rows), test, ceiling)
    return table.set_index("reader")["sentence"]


def test_what_dividing_by_cost_hides_is_said_to_the_clinician():
    said = perception_said()
    assert "Dividing by cost hides part of that: with VQ it is 0.10" in said["clinician"]
    assert "VQ shows it about as well" in perception_said(with_vq=0.28)["clinician"]
    assert "is not clear" in perception_said(with_outcome=0.05)["clinician"]
    assert "judge their care worse" in perception_said(with_outcome=-0.3)["clinician"]


def test_cost_and_ceiling_are_said_to_the_manager():
    assert perception_said()["manager"].startswith("No clear sign that patients whose care cost more")
    assert "a higher VQ by cheaper care may cost that" in perception_said(with_cost=0.2)["manager"]
    assert "cost more judge it worse" in perception_said(with_cost=-0.2)["manager"]
    assert "go with this VQ by 0.50; theirs goes by 0.10" in perception_said()["manager"]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("smaller than the margin", "says next to nothing about how you would judge your care"),
        ("larger than the margin", "goes with how patients judge their care"),
        ("undecided", "may or may not go with how patients judge their care; 400 patients cannot tell"),
    ],
)
def test_the_verdict_decides_what_the_patient_hears(verdict, words):
    assert words in perception_said(verdict=verdict)["patient"]


def test_real_results_feed_the_sentences():
    rng = np.random.default_rng(1)
    outcome = pd.Series(rng.normal(12, 20, 200), name="outcome")
    cost = pd.Series(np.exp(rng.normal(8, 0.9, 200)), name="cost")
    perception = (0.03 * outcome + rng.normal(size=200)).rename("perceived_value")
    vq = value_quota(outcome, cost)
    three = correlation.side_by_side(perception, outcome, cost, vq)
    test = correlation.equivalence(three["estimate"].iloc[2], 200, 0.2)
    limits = correlation.ceiling(perception, outcome, cost, n_shuffles=20)
    assert perception_for_readers(three, test, limits)["n"].tolist() == [200] * 3


def test_without_an_answer_every_reader_hears_why():
    same = pd.Series([3.0] * 20, name="perceived_value")
    other = pd.Series(np.arange(20.0), name="outcome")
    three = correlation.side_by_side(same, other, other, other)
    said = perception_for_readers(three, correlation.equivalence(np.nan, 20, 0.2))
    assert said["sentence"].str.contains("same perceived value").all()
