"""05a on the planted study: shorter stays, one hospital's readmissions, a change that does no harm."""

import dataclasses
import warnings

import numpy as np
import pandas as pd
import pytest
from said import holes, overstated
from shown_maker import all_texts, said_of

from vbhc import cleaning
from vbhc.chapters import variation
from vbhc.chapters.variation import over_time
from vbhc.chapters.variation.over_time.events import _run
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.findings.door import Door
from vbhc.publish.findings.show import show_result


def page(study, patients, columns, monkeypatch) -> dict:
    monkeypatch.setattr(cleaning, "load_patients", lambda _: patients)
    monkeypatch.setattr(cleaning, "load_columns", lambda _: columns)
    people = variation.load_patients(study)
    score = variation.measured(study, people)
    months = over_time.monthly(study, people)
    runs = over_time.event_runs(study, people, 1)
    looks = over_time.change_so_far(study, people, score)
    shown = [
        over_time.chart(study, months),
        over_time.by_rules(study, months, 1),
        over_time.alarms(study, runs),
        over_time.thresholds(study, score),
        over_time.change(study, score, looks),
        over_time.over_time_answer(study, months, runs, looks),
        *over_time.over_time_for_readers(study, runs),
    ]
    found = {result.id: result for result in shown if result is not None}
    for text in (text for result in found.values() for text in all_texts(result)):
        assert text[0].isupper() or text[0].isdigit(), text
        assert not holes(text), text
        assert not overstated(text, {}), text
    return {**found, "looks": looks, "runs": runs}


def with_series(study, **changes):
    plan = study.config.variation
    made = dataclasses.replace(plan, series=dataclasses.replace(plan.series, **changes))
    return dataclasses.replace(study, config=dataclasses.replace(study.config, variation=made))


@pytest.fixture(scope="module")
def planted(shipped):
    with pytest.MonkeyPatch.context() as patch:
        return page(shipped[0], shipped[1].patients, shipped[1].columns, patch)


def test_the_hospital_with_more_readmissions_sounds_an_alarm_after_they_rose(planted):
    runs = planted["runs"]
    first = runs[(runs["provider"] == "H31") & (runs["cusum"] > 1)]["time"].min()
    assert "2024-01" < first <= "2024-12"
    assert runs.groupby("provider")["alarm"].first().sum() <= 3


def test_expected_less_observed_adds_up(planted, shipped):
    patients = shipped[1].patients
    last = planted["runs"].groupby("provider").last()
    own = patients[patients["provider"] == "H31"]
    assert last.loc["H31", "observed"] == own["readmitted"].sum()
    assert last.loc["H31", "vlad"] == pytest.approx(
        own["expected_readmission"].sum() - own["readmitted"].sum()
    )


def test_limits_that_start_anew_leave_no_signal_and_one_set_of_limits_many(planted):
    said = said_of(planted["months"])
    assert "None of 24 months signals" in said
    assert "With one set of limits for all months" in said
    assert "the target of 4 will be met" in said
    assert "comes and goes between 2.85 and 3.67 days from month to month" in said


def test_a_change_that_helps_is_not_stopped(planted):
    """0.8 planted, in fifteen hospitals from month 13."""
    last = planted["looks"].iloc[-1]
    assert last["low"] < 0.8 < last["high"]
    assert set(planted["looks"]["verdict"]) == {"go on"}
    assert last["probability"] < 0.5


def test_a_change_that_harms_is_stopped_and_stays_so(shipped, monkeypatch):
    study, cleaned = shipped
    harmed = cleaned.patients["pathway"] == "enhanced"
    patients = cleaned.patients.assign(ohs_6m=cleaned.patients["ohs_6m"] - 5 * harmed)
    found = page(study, patients, cleaned.columns, monkeypatch)
    assert found["looks"]["verdict"].iloc[-1] == "stop"
    assert "is met at look" in said_of(found["change"])
    assert found["looks"]["loss"].iloc[-1] == pytest.approx(-found["looks"]["estimate"].iloc[-1], abs=0.1)


def test_eleven_months_have_trial_limits_and_five_none(shipped, monkeypatch):
    study, cleaned = shipped
    study, months = with_series(study, rebase=()), cleaned.patients["month"].astype(str)
    few = cleaned.patients[months <= "2023-11"].reset_index(drop=True)
    assert "trial limits" in said_of(page(study, few, cleaned.columns, monkeypatch)["months"])
    fewer = cleaned.patients[months <= "2023-05"].reset_index(drop=True)
    assert "months" not in page(study, fewer, cleaned.columns, monkeypatch)


def test_dates_are_taken_by_their_month(shipped, monkeypatch):
    study, cleaned = shipped
    dated = cleaned.patients.assign(month=pd.to_datetime(cleaned.patients["month"].astype(str) + "-15"))
    monkeypatch.setattr(cleaning, "load_columns", lambda _: cleaned.columns)
    one, other = (over_time.monthly(study, table) for table in (dated, cleaned.patients))
    assert np.array_equal(one["value"], other["value"])


def test_a_study_that_charts_nothing_still_has_an_answer(shipped, monkeypatch):
    study, cleaned = shipped
    bare = with_series(study, measure="", event="", risk="")
    plan = dataclasses.replace(bare.config.variation, change=None)
    bare = dataclasses.replace(bare, config=dataclasses.replace(bare.config, variation=plan))
    found = page(bare, cleaned.patients, cleaned.columns, monkeypatch)
    assert set(found) == {"thresholds", "answer", "looks", "runs"}


@pytest.mark.parametrize(("risk", "events", "alarm"), [(0.0, 0, False), (0.0, 1, True), (1.0, 40, False)])
def test_risks_of_none_and_of_all_divide_by_nothing(risk, events, alarm):
    """An event that nobody was expected to have sounds at once; all of what was certain never does."""
    own = pd.DataFrame({"event": [1.0] * events + [0.0] * (40 - events), "risk": risk, "time": "2024-01"})
    with warnings.catch_warnings(action="error"):
        made = _run(own, 2.0, 0.01, 1)
    assert made["alarm"].tolist() == [alarm]
    assert np.isfinite(made["cusum"]).all()


def test_under_a_policy_no_course_gives_a_few_patients_of_a_hospital(planted, shipped, monkeypatch):
    """Each step is a patient, whatever is rounded: beside a masked CUSUM, VLAD of -3 is three events."""
    study, cleaned = shipped
    monkeypatch.setattr(cleaning, "load_columns", lambda _: cleaned.columns)
    config = dataclasses.replace(study.config, disclosure="nhs-proms")
    guarded = dataclasses.replace(study, config=config)
    result = over_time.alarms(guarded, planted["runs"])
    said, instead = show_result(Door(guarded, "05a-over-time", get_policy("nhs-proms")), result)
    assert "sounded an alarm" in said["text"]
    assert instead["id"] == "alarms-withheld"
    assert not {"csv", "alt"} & set(instead)
