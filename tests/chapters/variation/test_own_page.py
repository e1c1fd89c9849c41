"""What a provider is told of itself: as the scorecard has it, settled by the policy, stage by stage."""

import dataclasses
import json

import pandas as pd
import pytest

from vbhc import cleaning
from vbhc.chapters.variation.own_page import settled, tell_each


@pytest.fixture(scope="module")
def told(shipped):
    study, cleaned = shipped
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cleaning, "load_patients", lambda _: cleaned.patients)
        patch.setattr(cleaning, "load_columns", lambda _: cleaned.columns)
        return {release: tell_each(study, release) for release in ("own", "peers", "public")}


def test_every_hospital_is_told_the_truth_that_was_planted(told):
    found = told["own"].findings
    assert len(found) == 60
    assert "far below" in found["H23"]["answer"]
    assert found["H08"]["answer"].startswith("First the data")
    assert found["H08"]["warned"] == "fewer than 50% of patients answered"
    assert found["H03"]["answer"].startswith("There are too few records")
    assert found["H03"]["marks"] == []


def test_data_come_first_and_stand_beside_the_middle_of_all(told, shipped):
    own = shipped[1].patients.query("provider == 'H23'")
    rows = {label: here for label, here, _ in told["own"].findings["H23"]["data"]}
    assert rows["Patients"] == str(len(own))
    assert rows["Share who answered"] == f"{100 * own['ohs_6m'].notna().mean():.0f}%"


def test_nothing_of_a_later_stage_is_told_in_an_earlier_one(told):
    own, peers, public = (told[release].findings["H23"] for release in ("own", "peers", "public"))
    assert not {"funnel"} & set(own)
    assert not any("peers" in label for label, *_ in own["results"])
    assert any("peers" in label for label, *_ in peers["results"])
    for stage in (own, peers, public):
        text = json.dumps(stage)
        assert not any(f'"H{place:02}' in text for place in range(1, 61) if place != 23)
    assert {**peers, "release": "public"} == public


def test_what_is_told_holds_no_row_of_a_patient(told, shipped):
    text = json.dumps(told["peers"].findings["H23"])
    assert not any(key in text for key in shipped[1].patients["patient_id"].astype(str))


def scorecards(patients, answered, records):
    names = [f"P{place}" for place in range(len(patients))]
    return pd.DataFrame({"provider": names, "patients": patients, "answered": answered, "records": records})


def protected(study):
    return dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure="nhs-proms"))


def test_one_too_small_takes_a_second_one_with_it(shipped):
    """All add up to a whole that the report gives: what is left of it would be the one of four."""
    card = scorecards([4, 30, 50, 90], [1.0, 1.0, 1.0, 1.0], [4, 30, 50, 90])
    kept, gone = settled(protected(shipped[0]), card)
    assert "P0" in gone
    assert len(gone) == 2
    assert sorted([*kept["provider"], *gone]) == ["P0", "P1", "P2", "P3"]
    assert settled(shipped[0], card)[1] == {}  # made-up patients need no protection


def test_a_share_that_gives_a_few_who_did_not_answer_is_not_told(shipped):
    card = scorecards([100, 100, 100], [0.97, 0.80, 0.80], [97, 80, 77])
    kept, gone = settled(protected(shipped[0]), card)
    assert gone == {}
    assert kept["answered"].isna().tolist() == [True, False, True]  # 3 without an answer; 3 unused records
    assert kept["patients"].isna().tolist() == [True, True, False]  # 100 - 97 records; one more for its total
