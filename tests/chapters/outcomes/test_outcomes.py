"""What changed for patients: hand-worked changes, everybody counted, arms with their start held equal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from study_maker import small_study

from vbhc.chapters.outcomes import courses, everyone_counted
from vbhc.chapters.outcomes import means as found
from vbhc.chapters.outcomes.answer import outcomes_for_readers
from vbhc.cleaning import clean, write_clean
from vbhc.publish.claims import render

ANSWERS = """\
patient_id,visit,vas
P1,baseline,40
P1,3m,60
P1,6m,70
P2,baseline,60
P2,3m,60
P2,6m,50
P3,baseline,50
P3,3m,50
P3,6m,90
P4,baseline,20
"""
PATIENTS = "patient_id,age,bmi,sex,smoker,admitted,opinion\n" + "".join(
    f"P{n},70,25,{1 + n % 2},1,2023-01-31,1\n" for n in range(1, 5)
)
VISITS = {"baseline": {"label": "before"}, "3m": {"label": "3 months", "months": 3}} | {
    "6m": {"label": "6 months", "months": 6}
}


@pytest.fixture
def study(tmp_path):
    files = {"raw/answers.csv": ANSWERS, "raw/patients.csv": PATIENTS, "raw/lines.csv": None}
    sources = {
        "patients": {"file": "raw/patients.csv"},
        "answers": {"file": "raw/answers.csv", "layout": "visits"},
    }
    config = {
        "visits": VISITS,
        "sources": sources,
        "cost": None,
        "value_quota": None,
        "equivalence_margin": None,
    }
    made = small_study(tmp_path / "data" / "s", files, **config)
    write_clean(made, clean(made))
    return made


def test_changes_by_hand(study):
    """30, -10 and 40: mean 20; from 50 to 70; SD of 40, 60 and 50 is 10."""
    what = found.define(study)
    table = found.changes(study, found.load_patients(study, what)).round(3)
    assert table[["outcome", "n", "mean_start", "mean_state", "estimate", "in_sd"]].to_numpy().tolist() == [
        ["EQ VAS", 3, 50, 70, 20, 2]
    ]


def test_everybody_counts_in_the_last_row(study):
    """(30 - 10 + 40 + 0) / 4 = 15."""
    patients = found.load_patients(study, found.define(study))
    ways = everyone_counted(patients)
    assert {label: float(gains.mean()) for label, gains in ways.items()} == {
        "those who answered": 20, "and whoever gave no answer, unchanged": 15,
    }  # fmt: skip
    assert found.answered(patients).left_out() == "Not counted: 1 without a known outcome."


def test_the_dead_have_the_worst_score_before_the_silent_count():
    patients = pd.DataFrame({"gain": [5.0, np.nan, np.nan], "gain_counting_deaths": [5.0, -40.0, np.nan]})
    assert [round(float(gains.mean()), 2) for gains in everyone_counted(patients).values()] == [
        5,
        -17.5,
        -11.67,
    ]


def test_visits_show_the_same_people_at_every_visit(study):
    table = found.by_visit(study, found.load_patients(study, found.define(study)), found.define(study))
    assert table[["visit", "n"]].to_numpy().tolist() == [["before", 3], ["3 months", 3], ["6 months", 3]]
    assert table["estimate"].round(2).tolist() == [50, 56.67, 70]


def test_the_range_of_a_mean_is_students():
    """Student 1908, Biometrika 6:1, sleep with the second drug: 2.33 (0.90 to 3.76)."""
    sleep = pd.Series([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    row = found.mean_with_range(sleep)
    assert [round(row[name], 2) for name in ("estimate", "low", "high")] == [2.33, 0.9, 3.76]


def test_arms_are_compared_with_their_start_held_equal(study):
    """The new arm starts 10 higher and gains 5 more at every start: 5, not what the means show."""
    start = pd.Series(np.tile([30.0, 40, 50, 60], 10))
    arm = pd.Series(["old", "new"]).repeat(20).reset_index(drop=True)
    start = start + 10 * (arm == "new")
    gain = 40 - 0.5 * start + 5 * (arm == "new") + np.tile([0.01, -0.01], 20)
    patients = pd.DataFrame({"sex": arm, "eq_vas_baseline": start, "gain": gain})
    what = found.define(study)
    config = study.config.groups["sex"]
    object.__setattr__(config, "kind", "arm")
    object.__setattr__(config, "reference", "old")
    claim = found._arms(study, what, patients, 0.95)
    assert (round(claim.estimate, 1), claim.first, claim.second) == (5.0, "new", "old")
    assert render(claim).startswith(
        "With the start held equal, the mean change in points was 5.0 higher for new than for old"
    )


def test_what_each_reader_is_told_hangs_on_who_got_worse():
    from vbhc.chapters.value.quota.declared import Definition

    what = Definition("eq_vas", "gain", "x", "EQ VAS", "points", 1, "", "", 0, 1, mcid=7)
    some = pd.Series(["better"] * 3 + ["worse", "died", "not known"])
    lines = [result.says[0] for result in outcomes_for_readers(what, some)]
    assert (
        lines[0]
        == "2 of 5 (40%) whose course is known got worse by 7 points or more or died: a mean hides them."
    )
    assert lines[2].startswith("3 of 5 (60%) whose course is known got better by 7 points or more. ")
    none = [
        result.says[0]
        for result in outcomes_for_readers(what, some.replace({"worse": "better", "died": "better"}))
    ]
    assert none[0] == "Nobody whose course is known got worse by 7 points or more."


def test_who_stays_the_same_is_not_worse_where_any_change_counts(study):
    """No smallest change that matters is known of a made-up score: 0 is neither better nor worse."""
    what = replace(found.define(study), outcome="mood", mcid=0.0)
    patients = pd.DataFrame({"mood_change": [0.0, 1.0, -1.0, np.nan], "died": [False, False, False, True]})
    assert courses(study, patients, what).tolist() == ["about the same", "better", "worse", "died"]
