"""Exports of REDCap and Castor, made after the public descriptions of their formats, read by the recipe.

REDCap (help of "Data Exports"): a row per record and event, `redcap_event_name`, a column per choice
of a check box (`drugs___1`), `<form>_complete`. Castor (helpdesk, "Export data formats"): semicolons, a
file of one row per participant, one per survey with a row per answered survey; "##USER_MISSING_96##".
"""

from __future__ import annotations

from study_maker import load_study

from vbhc.cleaning import clean
from vbhc.run.checking import inspect

HEADER = "name,label,type,unit,min,max,allowed,missing_codes,direction,source\n"
REDCAP = """\
record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,\
redcap_survey_identifier,sex,drugs___1,drugs___2,background_complete,eq5d_timestamp,vas,eq5d_complete
1,baseline_arm_1,,,,1,1,0,2,2024-01-31 10:15:00,40,2
1,month_6_arm_1,,,,,,,,[not completed],70,2
2,baseline_arm_1,,,,2,0,0,2,2024-02-01 08:00:00,55,2
2,month_6_arm_1,,,,,,,,2024-08-02 11:30:00,,0
3,baseline_arm_1,,,,2,1,1,2,2024-02-02 09:00:00,30,2
"""
REDCAP_CONFIG = """\
title: A registry in REDCap
sources:
  patients:
    file: raw/export.csv
    rename: {record_id: patient_id}
    ignore_columns: [redcap_event_name, redcap_repeat_instrument, redcap_repeat_instance,
                     redcap_survey_identifier, background_complete, eq5d_timestamp, eq5d_complete]
  answers:
    file: raw/export.csv
    layout: visits
    rename: {record_id: patient_id, redcap_event_name: visit}
    ignore_columns: [redcap_repeat_instrument, redcap_repeat_instance, redcap_survey_identifier,
                     background_complete, eq5d_timestamp, eq5d_complete]
visits:
  baseline: {label: Before}
  6m: {label: Six months later, months: 6}
instruments:
  vas: {instrument: eq-vas, items: "{item}"}
"""
REDCAP_DICTIONARY = (
    HEADER
    + """\
patient_id,Patient,string,,,,,,,patients
sex,Sex,category,,,,1=male;2=female,,,patients
drugs___1,Takes a beta blocker,boolean,,,,1=yes;0=no,,,patients
drugs___2,Takes a diuretic,boolean,,,,1=yes;0=no,,,patients
visit,Event,category,,,,baseline_arm_1=baseline;month_6_arm_1=6m,,,answers
vas,EQ VAS,integer,,0,100,,,,answers
"""
)
CASTOR = """\
"Participant Id";"Participant Status";"Site Abbreviation";"Participant Creation Date";sex;born
110001;"Not Set";UMC;"31-01-2024 10:15:00";1;17-05-1960
110002;"Not Set";UMC;"01-02-2024 09:00:00";2;##USER_MISSING_96##
"""
CASTOR_SURVEY = """\
"Survey Instance Id";"Castor Participant ID";"Survey Progress";"Survey Completed On";"Survey Package Name";vas
A1;110001;100;"31-01-2024 10:25:00";"PROMs at start";40
A2;110001;100;"31-07-2024 10:25:00";"PROMs after 6 months";70
A3;110002;100;"01-02-2024 09:25:00";"PROMs at start";##USER_MISSING_99##
"""
CASTOR_CONFIG = """\
title: A registry in Castor
sources:
  patients:
    file: raw/export.csv
    date_format: dd-mm-yyyy
    rename: {"Participant Id": patient_id}
    ignore_columns: [Participant Status, Site Abbreviation, Participant Creation Date]
  answers:
    file: raw/survey.csv
    layout: visits
    rename: {"Castor Participant ID": patient_id, "Survey Package Name": visit}
    ignore_columns: [Survey Instance Id, Survey Progress, Survey Completed On]
visits:
  baseline: {label: Before}
  6m: {label: Six months later, months: 6}
instruments:
  vas: {instrument: eq-vas, items: "{item}"}
"""
CASTOR_DICTIONARY = (
    HEADER
    + """\
patient_id,Patient,string,,,,,,,patients
sex,Sex,category,,,,1=male;2=female,,,patients
born,Day of birth,date,,,,,,,patients
visit,Survey,category,,,,PROMs at start=baseline;PROMs after 6 months=6m,,,answers
vas,EQ VAS,integer,,0,100,,,,answers
"""
)


def written(folder, config, dictionary, **raw):
    (folder / "s" / "raw").mkdir(parents=True)
    (folder / "s" / "study.yml").write_text(config)
    (folder / "s" / "dictionary.csv").write_text(dictionary)
    for name, text in raw.items():
        (folder / "s" / "raw" / f"{name}.csv").write_text(text)
    study = load_study(str(folder / "s"))
    looked = inspect(study)
    assert (looked.problems, looked.questions) == ([], [])
    return clean(study)


def test_events_and_check_boxes_of_redcap(tmp_path):
    cleaned = written(tmp_path, REDCAP_CONFIG, REDCAP_DICTIONARY, export=REDCAP)
    patients = cleaned.patients.set_index("patient_id")
    assert patients["vas_baseline"].tolist() == [40, 55, 30]
    assert patients["eq_vas_change"].dropna().to_dict() == {"1": 30}
    assert patients["drugs___1"].tolist() == [True, False, True]
    assert patients["drugs___2"].tolist() == [False, False, True]
    assert patients["sex"].tolist() == ["male", "female", "female"]
    assert cleaned.quarantine.empty


def test_participants_and_surveys_of_castor(tmp_path):
    cleaned = written(tmp_path, CASTOR_CONFIG, CASTOR_DICTIONARY, export=CASTOR, survey=CASTOR_SURVEY)
    patients = cleaned.patients.set_index("patient_id")
    assert patients["eq_vas_change"].dropna().to_dict() == {"110001": 30}
    assert patients["born"].dt.strftime("%Y-%m-%d").tolist()[0] == "1960-05-17"
    assert patients["born"].isna().tolist() == [False, True]
    assert patients["vas_baseline"].isna().tolist() == [False, True]
    assert any("##USER_MISSING_96##" in note and "(by default)" in note for note in cleaned.notes)
