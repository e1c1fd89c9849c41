"""Gains and pains in one answer, by hand and against the published code tree; the source's own slips."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from places import DATA

from vbhc import interviews
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.gains_answer import NO_DIRECTION
from vbhc.cleaning import coded_interviews
from vbhc.problems import StudyError
from vbhc.study import load_study
from vbhc.study.declared import contradictions

PRESENCE = pd.DataFrame(
    {"G1": [1, 1, 1, 0], "G2": [1, 0, 1, 0], "P1": [1, 0, 0, 1]}, index=list("pqrs"), dtype=bool
)
GROUPS = pd.Series({"p": "x", "q": "x", "r": "y", "s": "y"})
EFFECTS = pd.DataFrame(
    {
        "code": ["G1", "G2", "P1"],
        "effects": [("motivation up",), ("strain down",), ("motivation down", "strain up")],
        "polarity": ["gain", "gain", "pain"],
        "two_effects": [False, False, True],
    }
)


def test_four_interviewees_by_hand():
    """p: 2 gains 1 pain, q: 1 gain, r: 2 gains, s: 1 pain; balances 1, 1 against 2, -1."""
    text = stakeholders.gains_answer(PRESENCE, EFFECTS, GROUPS)
    assert text.startswith(
        "It does both: 1 of 4 interviewees raise gains as well as pains (gains 3, pains 2); "
        "3 of 4 (75%) raise more gains than pains (95% CI 30% to 95%)."  # Wilson 1927: 0.3006 to 0.9544
    )
    assert "Of 3 mechanisms 2 gains and 1 pain; 1 does two things at once" in text
    assert "(1 motivation down and strain up)." in text
    assert (
        "do not clearly differ in gains minus pains per interviewee (median 1.0 for x (n = 2) and 0.5" in text
    )


def test_the_published_code_tree_is_counted():
    """Table 2 of the study imitated: 16 gains, 13 pains, 4 neutral; 4 starred pains and 1 gain do both."""
    study = load_study(str(DATA / "professionals"))
    coded = coded_interviews.read_interviews(study)
    text = stakeholders.gains_answer(
        interviews.presence(coded),
        stakeholders.code_effects(coded),
        interviews.groups(coded, "role"),
        contradictions.read_contradictions(study),
    )
    assert "Of 33 mechanisms 16 gains, 13 pains and 4 neutral; 5 do two things at once" in text
    assert "(4 motivation down and strain up and 1 motivation up and strain down)" in text
    assert "at odds with itself in 3 places: whether interviewee 25" in text


def test_codes_without_direction_and_groups_that_cannot_be_compared_are_said():
    assert stakeholders.gains_answer(PRESENCE, EFFECTS.iloc[:0], GROUPS) == NO_DIRECTION
    alone = stakeholders.gains_answer(PRESENCE, EFFECTS, pd.Series("x", index=list("pqrs")))
    assert "Only one group was interviewed" in alone
    few = stakeholders.gains_answer(PRESENCE, EFFECTS, pd.Series(list("xxxy"), index=list("pqrs")))
    assert "Too few interviewees in a group" in few
    nobody = stakeholders.gains_answer(PRESENCE & False, EFFECTS, GROUPS)
    assert nobody.startswith("Nobody raises gains as well as pains (4 interviewees)")


def test_contradictions_are_read_checked_and_counted(tmp_path):
    shutil.copytree(
        DATA / "professionals", tmp_path / "data/p", ignore=shutil.ignore_patterns("clean", "runs", "raw")
    )
    study = load_study(str(tmp_path / "data/p"))
    table = contradictions.read_contradictions(study)
    assert len(table) == 3
    assert stakeholders.contradictions_sentence(table.iloc[1:2]) == (
        "The published source is at odds with itself in one place: the name of the second theme."
    )
    (study.folder / "contradictions.csv").write_text("about\nx\n", encoding="utf-8")
    with pytest.raises(StudyError, match="no column 'one_place'"):
        contradictions.read_contradictions(study)
    (study.folder / "contradictions.csv").unlink()
    assert stakeholders.contradictions_sentence(contradictions.read_contradictions(study)) == ""
