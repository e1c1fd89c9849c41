"""What a provider is told of itself: as the scorecard has it, settled by the policy, stage by stage."""

import dataclasses
import json
import re

import numpy as np
import pandas as pd
import pytest

from vbhc import cleaning
from vbhc.chapters.variation.frames import load_patients, measured
from vbhc.chapters.variation.own_page import _results, settled, tell_each
from vbhc.publish.disclosure.policies import get_policy


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


def test_a_place_has_who_can_be_judged_and_among_these_alone(told):
    """Of the 57 with records enough H08 and H17 are set apart for their data."""
    rows = {name: one["results"] for name, one in told["own"].findings.items()}
    placed = {name: label for name, own in rows.items() for label, *_ in own if label.startswith("Place")}
    assert len(placed) == 55
    assert not {"H08", "H17"} & set(placed)
    assert set(placed.values()) == {"Place among 55 (90% interval)"}


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


def protected(study, policy="nhs-proms"):
    return dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure=policy))


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
    # 3 without an answer, 3 unused records; 80 records with their share give the 100 that stand for both.
    assert kept["answered"].isna().tolist() == [True, True, True]
    assert kept["patients"].isna().tolist() == [True, True, False]  # 100 - 97 records; one more for its total


@pytest.mark.parametrize(
    ("unused", "gone"),
    [
        ([3, 0, 23], [True, False, True]),  # alone it is what the sum leaves: one more
        ([5, 5, 23], [True, True, True]),  # two of ten in all are five and five
        ([2, 4, 23], [True, True, False]),  # of six in all each can be any of one to five
        ([1, 0, 4], [True, True, True]),  # nobody holds enough to stand for them
    ],
)
def test_whose_patients_part_from_their_records_by_few_stay_open(shipped, unused, gone):
    """By hand: what the sum of all that are withheld leaves of each one, the others between 1 and 5."""
    records = [90, 91, 92]
    patients = [n + more for n, more in zip(records, unused, strict=True)]
    found, _ = settled(protected(shipped[0]), scorecards(patients, [1.0] * 3, records))
    assert found["patients"].isna().tolist() == gone


@pytest.fixture
def under(shipped, monkeypatch):
    study, cleaned = shipped
    monkeypatch.setattr(cleaning, "load_patients", lambda _: cleaned.patients)
    monkeypatch.setattr(cleaning, "load_columns", lambda _: cleaned.columns)
    return lambda policy: tell_each(protected(study, policy), "public").findings


def sizes_by_interval(told, sd):
    """The records of each provider as its interval of the known spread `sd` gives them."""
    ends = {name: one["marks"][0] for name, one in told.items() if one["marks"]}
    return {name: (1.96 * sd / ((mark["high"] - mark["low"]) / 2)) ** 2 for name, mark in ends.items()}


def test_under_a_policy_that_rounds_no_number_of_a_page_is_of_exact_records(under, shipped):
    """The pencil takes interval, funnel and limits for what they say of the records."""
    told, own = under("hes"), shipped[1].patients.query("provider == 'H23'")
    sd = measured(shipped[0], load_patients(shipped[0])).providers.attrs["sd"]
    sizes = sizes_by_interval(told, sd)
    assert len(sizes) > 50
    assert all(abs(n - 5 * round(n / 5)) < 0.1 for n in sizes.values())
    funnel = told["H23"]["funnel"]
    assert {n % 5 for n, _ in funnel["points"]} == {0}
    assert {line[-1][0] % 5 for line in funnel["lines"]} == {0}
    rows = {label: here for label, here, _ in told["H23"]["data"]}
    patients, answers = (5 * round(n / 5) for n in (len(own), own["ohs_6m"].notna().sum()))
    assert rows["Patients"] == str(patients)
    assert rows["Share who answered"] == f"{100 * answers / patients:.0f}%"


def test_no_half_of_the_time_is_told_of_that_holds_too_few(under, shipped):
    """With a known spread the interval gives the records of both halves: 5 and 13, say."""
    own = shipped[1].patients.dropna(subset="ohs_6m")
    halves = own.groupby(["provider", own["month"].astype(str) > "2023-12"]).size().unstack(fill_value=0)
    few = set(halves.index[halves.min(axis=1) <= 5])
    told = {
        name: here
        for name, one in under("nhs-proms").items()
        for label, here, _ in one["results"]
        if label.startswith("Second half")
    }
    assert few
    assert told
    assert not few & set(told)
    assert all(re.fullmatch(r"-?\d+\.\d \(-?\d+\.\d to -?\d+\.\d\)", here) for here in told.values())


def test_two_measures_do_not_tell_by_how_few_records_they_differ(shipped):
    """An interval of a known spread gives the records: 43 and 40 in two measures are three people."""
    score = measured(shipped[0], load_patients(shipped[0]))
    units = score.providers.set_index("unit")
    fewer = score.providers.assign(n=score.providers["n"] - 3)
    fewer["standard_error"] *= np.sqrt(score.providers["n"] / fewer["n"])
    other = dataclasses.replace(score, providers=fewer)
    found = [_results(shipped[0], one, units["n"], get_policy("nhs-proms")) for one in (score, other)]
    assert found[0]["high"].to_numpy() == pytest.approx(found[1]["high"].to_numpy())
    apart = _results(shipped[0], other, units["n"], get_policy("none"))
    assert (apart["high"] > found[1]["high"]).all()
