"""Sound studies spoilt in sixty ways: nothing breaks, no row is lost unseen, every planted fault is told."""

from __future__ import annotations

from collections import Counter

import mutants

N = 60


def test_sixty_spoilt_studies_are_told_rightly(tmp_path):
    studies = mutants.sources(tmp_path)
    turns = mutants.chosen(len(studies), N)
    found = mutants.fuzz(studies, tmp_path / "spoilt", range(N), turns)
    assert [one for one in found if one.wrong] == []


def test_the_sixty_are_of_every_kind_six_of_each_topic_over_three_studies():
    turns = mutants.chosen(3, N)
    names = Counter(name for name, _ in turns)
    assert len(turns) == N
    assert set(names) == set(mutants.KINDS)
    for topic, kinds in mutants.TOPICS.items():
        assert sum(names[name] for name in kinds.split()) >= 6, topic
    assert {which for _, which in turns} == {0, 1, 2}
