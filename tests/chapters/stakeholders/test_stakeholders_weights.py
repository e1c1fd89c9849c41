"""Whose idea of value ranks whom, the joint display and the checklists: by hand, properties, errors."""

from __future__ import annotations

import shutil
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import DATA
from scipy import stats

from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.differences import blocked_sentence, codes_sentence, split_p, ways
from vbhc.chapters.stakeholders.reranking import scaled
from vbhc.problems import StudyError
from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.either import picked
from vbhc.statistics import presence, profiles
from vbhc.study import Study, load_study
from vbhc.study.declared import outcome_codes
from vbhc.study.declared.outcome_codes import FILE

OUTCOMES = pd.DataFrame(
    {
        "outcome": ["gain", "cost"],
        "label": ["Gain", "Cost"],
        "sign": [1.0, -1.0],
        "codes": [("A",), ("B", "C")],
    }
)
COLUMNS = [
    "kccq_ts_change",
    "kccq_ql_change",
    "eq_vas_change",
    "cost_eur_2011",
    "kccq_pl_change",
    "cost_readmission_eur_2011",
]
PRESENCE = pd.DataFrame(
    {"A": [1, 1, 0, 0], "B": [0, 1, 1, 0], "C": [0, 0, 0, 1]}, index=list("pqrs"), dtype=bool
)
GROUPS = pd.Series({"p": "x", "q": "x", "r": "y", "s": "y"})


@pytest.fixture
def study(tmp_path) -> Study:
    kept = shutil.ignore_patterns("clean", "runs", "raw")
    shutil.copytree(DATA / "heart-failure", tmp_path / "data/hf", ignore=kept)
    return load_study(str(tmp_path / "data/hf"))


# --- weights ---------------------------------------------------------------------------------------------


def test_votes_by_hand():
    """Who raises B or C speaks of cost."""
    votes = stakeholders.votes_from_presence(PRESENCE, OUTCOMES)
    assert votes.to_numpy().tolist() == [[1, 0], [1, 1], [0, 1], [0, 1]]


def test_weights_from_ranks():
    # rank-order centroids of three: 11/18, 5/18, 2/18 (Barron and Barrett 1996)
    ranks = pd.DataFrame([[1, 2, 3], [1, 2, 2]], columns=list("abc"))
    votes = stakeholders.votes_from_ranks(ranks).to_numpy()
    assert votes[0] == pytest.approx([11 / 18, 5 / 18, 2 / 18])
    assert votes[1] == pytest.approx([11 / 18, 3.5 / 18, 3.5 / 18])


def test_weighted_value_by_hand():
    patients = pd.DataFrame({"gain": [0.0, 2.0, 4.0], "cost": [10.0, 20.0, 30.0]})
    values = scaled(patients, OUTCOMES) @ pd.Series({"gain": 0.75, "cost": 0.25})
    assert values.tolist() == pytest.approx([-0.25, 0.25, 0.75])  # SDs are 2 and 10


def test_patients_without_an_outcome_are_left_out():
    patients = pd.DataFrame({"gain": [0.0, 2.0, np.nan], "cost": [1.0, 2.0, 3.0]})
    assert scaled(patients, OUTCOMES).index.tolist() == [0, 1]


def test_an_outcome_that_does_not_vary_is_named():
    patients = pd.DataFrame({"gain": [1.0, 1.0], "cost": [1.0, 2.0]})
    with pytest.raises(ValueError, match="'gain' does not vary"):
        scaled(patients, OUTCOMES)


# --- how much the choice changes -------------------------------------------------------------------------


def test_rank_agreement_by_hand():
    values = np.array([[[5, 4, 3, 2, 1.0], [4, 5, 3, 2, 1.0]]])
    module = sys.modules["vbhc.chapters.stakeholders.reranking"]
    assert module._alike(values, 1)[0, 0].tolist() == pytest.approx([0.9, 0])  # 1 - 6 * 2 / (5 * 24)
    assert module._alike(values, 2)[0, 0, 1] == 1  # the same two come first


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 5))
def test_rankings_do_not_hang_on_the_unit_of_an_outcome(seed, factor):
    rng = np.random.default_rng(seed)
    patients = pd.DataFrame({"gain": rng.normal(size=30), "cost": rng.gamma(2, 500, 30)})
    weights = pd.Series({"gain": 0.3, "cost": 0.7})
    one, other = (
        (scaled(p, OUTCOMES) @ weights).rank()
        for p in (patients, patients.assign(cost=patients["cost"] * factor))
    )
    pd.testing.assert_series_equal(one, other)


def test_same_weights_change_nothing_and_other_ones_do():
    rng = np.random.default_rng(2)
    patients = pd.DataFrame({"gain": rng.normal(size=100), "cost": rng.gamma(2, 500, 100)})
    both = pd.DataFrame({"A": True, "B": True, "C": False}, index=list("pqrs"))
    same = stakeholders.reranking_by_votes(
        patients, OUTCOMES, stakeholders.votes_from_presence(both, OUTCOMES), GROUPS, n_resamples=20
    ).iloc[0]
    assert (same["estimate"], same["overlap"], same["high"]) == (pytest.approx(1), 1, 1)
    assert same["p"] == 1
    apart = stakeholders.reranking_by_votes(
        patients,
        OUTCOMES,
        stakeholders.votes_from_presence(PRESENCE, OUTCOMES),
        GROUPS,
        n_resamples=50,
        seed=1,
    ).iloc[0]
    assert apart["estimate"] < 0.9
    assert apart["low"] <= apart["estimate"] <= apart["high"]


def test_labels_dealt_at_random_tell_chance_from_more():
    """Ten people of two minds: sorted by mind no deal parts the rankings more, mixed any deal does."""
    rng = np.random.default_rng(4)
    patients = pd.DataFrame({"gain": rng.normal(size=60), "cost": rng.gamma(2, 500, 60)})
    votes = pd.DataFrame({"gain": [1.0] * 5 + [0] * 5, "cost": [0.0] * 5 + [1] * 5})
    sorted_by_mind, mixed = pd.Series(list("xxxxxyyyyy")), pd.Series(list("xyxyxyxyxy"))
    apart = stakeholders.reranking_by_votes(patients, OUTCOMES, votes, sorted_by_mind, n_resamples=20).iloc[0]
    same = stakeholders.reranking_by_votes(patients, OUTCOMES, votes, mixed, n_resamples=20).iloc[0]
    # 2 of the 252 splits of ten into five and five put each mind into one group
    assert apart["p"] < 0.03
    assert same["p"] > 0.5
    assert apart["n_shuffles"] == 999


def test_a_reshuffle_among_equals_gives_small_p_values_no_more_often_than_it_should():
    rng = np.random.default_rng(11)
    patients = pd.DataFrame({"gain": rng.normal(size=40), "cost": rng.gamma(2, 500, 40)})
    p = []
    for seed in range(30):
        votes = pd.DataFrame(rng.integers(0, 2, (14, 2)).astype(float), columns=["gain", "cost"])
        groups = pd.Series(list("xxxxxxxyyyyyyy"))
        table = stakeholders.reranking_by_votes(patients, OUTCOMES, votes, groups, n_resamples=2, seed=seed)
        p.append(table["p"].iloc[0])
    assert np.mean(np.array(p) <= 0.1) <= 0.25


@pytest.mark.parametrize(
    ("groups", "votes", "n"),
    [("xxyy", [1, 1, 0, 0], 30), ("xxxy", [1, 1, 1, 1], 30), ("xxxx", [1] * 4, 30), ("xxyy", [1] * 4, 9)],
)
def test_too_few_voters_groups_or_patients_are_not_compared(groups, votes, n):
    """A group that casts no vote, one of a single person, one group only, nine patients."""
    rng = np.random.default_rng(5)
    patients = pd.DataFrame({"gain": rng.normal(size=n), "cost": rng.gamma(2, 500, n)})
    cast = pd.DataFrame({"gain": votes, "cost": votes}, dtype=float)
    table = stakeholders.reranking_by_votes(patients, OUTCOMES, cast, pd.Series(list(groups)))
    assert table.empty


def test_ranks_of_a_survey_count_like_votes(study):
    """Ranks of a part of the items keep their order; a respondent with a missing rank is left out."""
    ranks = pd.DataFrame({"gain": [1, 5, None], "cost": [4, 2, 1]})
    votes = stakeholders.votes_from_ranks(ranks)
    assert votes.to_numpy().tolist() == [[0.75, 0.25], [0.25, 0.75]]  # (1 + 1/2) / 2 and (1/2) / 2
    codes = ["V3", "V4", "V5", "K3", "P1", "P2"]
    with pytest.raises(StudyError, match=r"ranked_as, row 6: unknown 'rank_daily_life'; known: rank_mood"):
        outcome_codes.read_outcome_codes(study, codes, COLUMNS, ["rank_mood"])


def test_without_declared_outcomes_nobody_is_ranked():
    none = OUTCOMES.iloc[:0]
    table = stakeholders.reranking_by_votes(
        pd.DataFrame(), none, stakeholders.votes_from_presence(PRESENCE, none), GROUPS
    )
    assert table.empty


# --- what a study declares -------------------------------------------------------------------------------


def test_the_shipped_study_declares_outcomes(study):
    columns = COLUMNS
    codes = ["V3", "V4", "V5", "K3", "P1", "P2"]
    table = outcome_codes.read_outcome_codes(study, codes, columns)
    assert table["outcome"].tolist() == columns
    assert table["sign"].tolist() == [1, 1, 1, -1, 1, -1]
    assert table["codes"].map(len).tolist() == [1, 1, 2, 2, 0, 0]
    with pytest.raises(StudyError, match=r"outcome_codes.csv, codes, row 3: unknown 'V5'; known: V3, V4"):
        outcome_codes.read_outcome_codes(study, [c for c in codes if c != "V5"], columns)
    with pytest.raises(StudyError, match=r"outcome, row 5: unknown 'cost_eur_2011'"):
        outcome_codes.read_outcome_codes(study, codes, columns[:3])


def test_a_study_that_declares_none_and_one_with_a_missing_column(study):
    (study.folder / FILE).write_text("outcome,label,codes\nx,y,z\n", encoding="utf-8")
    with pytest.raises(StudyError, match="no column 'direction'"):
        outcome_codes.read_outcome_codes(study, [], [])
    (study.folder / FILE).unlink()
    assert outcome_codes.read_outcome_codes(study, [], []).empty


# --- sites -----------------------------------------------------------------------------------------------


def test_blocks_are_used_only_where_they_can_be():
    people = pd.DataFrame({"participant": list("pqrs"), "site": list("aabb"), "team": ["a", None, "b", "b"]})
    assert profiles.blocks_of(people, "site").to_dict() == dict(zip("pqrs", "aabb", strict=True))
    assert profiles.blocks_of(people, "team") is None
    assert profiles.blocks_of(people, "ward") is None
    assert profiles.blocks_of(people.assign(site="a"), "site") is None


def test_blocked_sentence_says_whether_the_verdict_stays():
    free = profiles.permanova(PRESENCE, GROUPS)
    inside = profiles.permanova(PRESENCE, GROUPS, blocks=pd.Series(list("abab"), index=list("pqrs")))
    text = picked(blocked_sentence(free.iloc[0], inside.iloc[0], "site"), OPEN)
    assert text.startswith("With the site held fixed (all 4 ways")
    assert "the verdict stays" in text


def test_a_sample_of_splits_says_that_none_was_as_extreme_and_no_more():
    """12 people in two groups that share no code: of 99 random splits (seed 1) none parts them as far."""
    groups = pd.Series(list("aaaaaabbbbbb"))
    raised = pd.DataFrame({"x": [1] * 6 + [0] * 6, "y": [0] * 6 + [1] * 6}, dtype=bool)
    drawn = profiles.permanova(raised, groups, most_exact=0, draws=99, seed=1)
    said = f"{split_p(drawn.iloc[0])} from {ways(drawn.iloc[0])}"
    assert picked(said, OPEN) == "p <= .010 from a sample of 100 ways"
    listed = profiles.permanova(raised, groups)
    said = f"{split_p(listed.iloc[0])} from {ways(listed.iloc[0])}"
    assert picked(said, OPEN) == "p = .002 from all 924 ways"
    said = blocked_sentence(listed.iloc[0], drawn.iloc[0], "site")
    assert said.endswith("the verdict stays: p <= .010 after p = .002.")


@pytest.mark.parametrize("policy", ["nhs-proms", "hes", "opensafely", "acro"])
def test_in_how_many_ways_people_could_be_split_is_not_said_of_those_who_are_protected(policy):
    """924 is 12 over 6: of the products of such numbers few are 924."""
    row = pd.Series({"n_splits": 924, "exact": True})
    assert picked(ways(row), get_policy(policy)) == "all ways"


def test_the_corrected_p_of_a_sample_of_splits_is_a_bound():
    groups = pd.Series(list("aaaaaabbbbbb"))
    table = presence.compare_codes(
        pd.DataFrame({"x": [1] * 6 + [0] * 6, "y": [1, 0] * 6}, dtype=bool), groups
    )
    sampled = table.assign(exact=False, n_splits=10, max_t_p=[0.1, 1.0])
    assert "(smallest p <= .100)" in codes_sentence(sampled)
    assert "(smallest p = .100)" in codes_sentence(sampled.assign(exact=True))


def test_rankings_of_many_draws_at_once_are_those_of_scipy_one_by_one():
    rng = np.random.default_rng(3)
    values = rng.integers(0, 6, (4, 3, 25)).astype(float)  # ties
    module = sys.modules["vbhc.chapters.stakeholders.reranking"]
    found = module._alike(values, 5)
    for draw, own in enumerate(values):
        for pair, (a, b) in enumerate(((0, 1), (0, 2), (1, 2))):
            assert found[draw, pair, 0] == pytest.approx(stats.spearmanr(own[a], own[b]).statistic)
            top = [stats.rankdata(-own[side]) <= 5 for side in (a, b)]
            assert found[draw, pair, 1] == (top[0] & top[1]).sum() / 5
