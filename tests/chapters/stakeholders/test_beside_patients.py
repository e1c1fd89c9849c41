"""Staff beside patients: skipped questionnaires beside the response, and places with enough of both."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from places import DATA

from vbhc import cleaning
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders import beside_patients
from vbhc.publish.claims import render
from vbhc.publish.disclosure.policies import get_policy
from vbhc.study import load_study
from vbhc.study.config import Group
from vbhc.study.survey_plan import Work

PLACES = ["A"] * 12 + ["B"] * 15 + ["C"] * 4
SCALES = pd.DataFrame(
    {
        "motivation": np.repeat([4.0, 3.0, 2.0], [12, 15, 4]),
        "strain": [4.0, 5.0, 4.0, 5.0] * 2 + [2.0, 3.0] * 11 + [2.0],
    }
)


@pytest.fixture
def patients(monkeypatch) -> pd.DataFrame:
    """A: 40, of whom 4 died and 6 were silent; B: 32 and C: 50, who all answered. Gains 10, 2 and 5."""
    change = np.repeat([10.0, np.nan, 2.0, 5.0], [30, 10, 32, 50])
    table = pd.DataFrame(
        {"kccq_os_3m": 50 + change, "kccq_os_change": change, "ward": list("A" * 40 + "B" * 32 + "C" * 50)}
    )
    table["dead_3m"] = ["yes" if 30 <= n < 34 else "no" for n in range(len(table))]
    monkeypatch.setattr(cleaning, "load_patients", lambda study: table)
    return table


def asked(policy: str = "none", **work) -> SimpleNamespace:
    """A survey of 31 staff of three places, in a study with patients that shares their names."""
    study = load_study(str(DATA / "heart-failure"))
    plan = Work(motivation=("m",), strain=("s",), **work)
    survey = SimpleNamespace(work=plan)
    groups = {"ward": Group("ward", "Ward", "provider")}
    config = replace(study.config, survey=survey, groups=groups, variation=None)
    answers = pd.DataFrame({"place": PLACES, "skips": ["yes"] * 8 + ["no"] * 22 + [None]})
    study = SimpleNamespace(config=config, follow_up=study.follow_up, dictionary=study.dictionary)
    return SimpleNamespace(study=study, answers=answers, policy=get_policy(policy), ci_level=0.95)


def test_skipped_questionnaires_stand_beside_the_response_of_patients(patients):
    found = stakeholders.skipped_by_staff(asked(skips_proms="skips"), SCALES)
    share, gap, response, warning = found.says
    assert render(share).startswith("8 of 30 (27%, ")
    assert "hand out questionnaires to patients late or not at all" in render(share)
    assert render(gap).startswith("Mean strain was 2.0")  # 4.5 against 2.5
    assert "higher for those who do than for the others" in render(gap)
    assert response.startswith("Of the patients 112 of 122 (92%) answered three months after discharge, ")
    assert response.endswith("4 had died and 6 gave no answer.")
    assert "neither explains the other" in warning
    assert stakeholders.skipped_by_staff(asked(), SCALES) is None


def test_skipping_that_interviewees_tell_of_is_counted_by_person(patients):
    study = load_study(str(DATA / "heart-failure"))
    heard = stakeholders.hear(study)
    assert stakeholders.skipped_by_interviewees(study, heard) is None
    plan = replace(study.config.interviews, skips_proms=("O1",))
    declared = SimpleNamespace(config=replace(study.config, interviews=plan), follow_up=study.follow_up)
    claim, response, _ = stakeholders.skipped_by_interviewees(declared, heard).says
    assert render(claim).startswith("10 of 19 (53%, ")
    assert response.startswith("Of the patients 112 of 122 ")


def test_places_with_enough_staff_and_patients_stand_side_by_side(patients):
    found = stakeholders.by_place(asked(site="place"), SCALES)
    shown = found.table.frame.set_index("label")
    assert list(shown.index) == ["A", "B"]  # of C four staff answered
    assert shown.loc["A", ["n_staff", "mean_motivation", "n", "mean_gain"]].tolist() == [12, 4, 30, 10]
    assert found.says == [beside_patients.PLACES_NOT_PERSONS]
    assert "10 staff and 30 patients" in found.table.caption
    few = stakeholders.by_place(asked(site="place", fewest=13), SCALES)
    assert few.table is None
    assert few.says[0].startswith("No two places have 13 staff and 30 patients")
    assert stakeholders.by_place(asked(), SCALES) is None


def test_no_small_place_is_told_by_what_the_others_leave(patients):
    """31 staff less 12 and 15 are the 4 of C, whom the policy hides."""
    few = stakeholders.by_place(asked("nhs-proms", site="place"), SCALES)
    assert few.table is None
