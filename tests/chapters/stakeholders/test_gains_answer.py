"""Gains and pains in one answer, by hand and against the published code tree; the source's own slips."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pandas as pd
import pytest
from places import DATA

from vbhc.chapters.stakeholders.effects import contradictions_sentence, directed_codes, mechanisms_sentence
from vbhc.chapters.stakeholders.felt import gains_by_group, gains_in_words, who_gains
from vbhc.cleaning import coded_interviews
from vbhc.problems import StudyError
from vbhc.publish.disclosure.policies import OPEN
from vbhc.publish.either import picked
from vbhc.study import load_study
from vbhc.study.declared import read_contradictions

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
    assert who_gains(PRESENCE, EFFECTS) == (1, 3, 4)
    assert mechanisms_sentence(EFFECTS) == (
        "Of 3 mechanisms 2 gains and 1 pain; 1 does two things at once (1 motivation down and strain up)."
    )
    said = picked(gains_by_group(PRESENCE, EFFECTS, GROUPS), OPEN)
    assert "do not clearly differ in gains minus pains per interviewee" in said
    assert "(median 1.0 for people of the group x (n = 2)" in said
    assert "No two groups can be compared" in gains_by_group(
        PRESENCE, EFFECTS, pd.Series("x", index=list("pqrs"))
    )
    few = gains_by_group(PRESENCE, EFFECTS, pd.Series(list("xxxy"), index=list("pqrs")))
    assert "Too few interviewees in a group" in few
    assert gains_in_words(PRESENCE & False, EFFECTS).startswith("Nobody raises gains as well as pains")


def test_the_published_code_tree_is_counted():
    """Table 2 of the study imitated: 16 gains, 13 pains, 4 neutral; 4 starred pains and 1 gain do both."""
    coded = coded_interviews.read_interviews(load_study(str(DATA / "professionals")))
    text = mechanisms_sentence(directed_codes(SimpleNamespace(coded=coded)))
    assert text.startswith("Of 33 mechanisms 16 gains, 13 pains and 4 neutral; 5 do two things at once")
    assert text.endswith("(4 motivation down and strain up and 1 motivation up and strain down).")


def test_contradictions_are_read_checked_and_counted(tmp_path):
    shutil.copytree(
        DATA / "professionals", tmp_path / "data/p", ignore=shutil.ignore_patterns("clean", "runs", "raw")
    )
    study = load_study(str(tmp_path / "data/p"))
    table = read_contradictions(study)
    assert len(table) == 3
    assert contradictions_sentence(table.iloc[1:2]) == (
        "The published source is at odds with itself in one place: the name of the second theme."
    )
    (study.folder / "contradictions.csv").write_text("about\nx\n", encoding="utf-8")
    with pytest.raises(StudyError, match="no column 'one_place'"):
        read_contradictions(study)
    (study.folder / "contradictions.csv").unlink()
    assert contradictions_sentence(read_contradictions(study)) == ""
