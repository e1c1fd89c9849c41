"""Surveys as survey programs export them: two header rows, questions as headers, labels as values."""

from __future__ import annotations

import re

import pytest
from study_maker import DICTIONARY

from vbhc import cleaning
from vbhc.run import checking
from vbhc.study import load_study

COLUMNS = """\
role,Respondents,category,,,,patient;payer;other,,,survey
cost,Cost belongs in it,integer,answer 1-5,1,5,,,,survey
clear,The word is clear,integer,answer 1-5,1,5,,,,survey
"""
WORDS = "Strongly disagree: 1, Disagree: 2, Neither: 3, Agree: 4, Strongly agree: 5, patient: patient"
RECODE = f"recode: {{{WORDS}, payer: payer, 'Other*': other}}"
LIME = """\
"id","submitdate","lastpage","G1Q1","G2Q1[SQ001]","G2Q1[SQ002]","interviewtime","G2Q1Time"
"1","2026-01-02 10:00:00","3","patient","4","2","31.5","12.2"
"2","2026-01-02 11:00:00","3","payer","5","1","20.1","9.0"
"3","2026-01-02 12:00:00","3","other","1","3","40.0","9.9"
"""
QUALTRICS = """\
StartDate,IPAddress,Finished,ResponseId,Q1,Q2_1,Q2_2,RecipientEmail
Start Date,IP Address,Finished,Response ID,Who are you?,Do you agree? - Cost,Do you agree? - Clear,Mail
"{""ImportId"":""startDate""}","{""ImportId"":""ip""}",x,y,"{""ImportId"":""QID1""}",z,z,m
2026-01-02,10.0.0.1,TRUE,R_1,Patient,Agree,Disagree,
2026-01-02,10.0.0.2,TRUE,R_2,Payer,Strongly agree,Strongly disagree,
2026-01-02,10.0.0.3,TRUE,R_3,Other: a nurse,strongly disagree,Neither,
"""
REDCAP = """\
record_id,who,cost,clear,survey_complete
1,patient,4,2,2
2,payer,5,1,2
3,other,1,3,2
"""
FORMS = """\
ID;Start time;Who are you?;Cost belongs in the word value;The word value is clear to me
1;1/2/2026 10:00;Patient;Agree;Disagree
2;1/2/2026 11:00;Payer;Strongly agree;Strongly disagree
3;1/2/2026 12:00;Other: a nurse;Strongly disagree;Neither
"""
QUESTIONS = "Who are you?", "Cost belongs in the word value", "The word value is clear to me"
EXPORTS = {
    "LimeSurvey": (
        LIME,
        "key: [id], rename: {G1Q1: role, 'G2Q1[SQ001]': cost, 'G2Q1[SQ002]': clear}, "
        "ignore_columns: [submitdate, lastpage, '*time']",
    ),
    "Qualtrics": (
        QUALTRICS,
        "key: [ResponseId], skip_rows: 2, rename: {Q1: role, Q2_1: cost, Q2_2: clear}, "
        f"ignore_columns: ['*'], {RECODE}",
    ),
    "REDCap": (REDCAP, "key: [record_id], rename: {who: role}, ignore_columns: [survey_complete]"),
    "Forms": (
        FORMS,
        f"key: [ID], rename: {{'{QUESTIONS[0]}': role, '{QUESTIONS[1]}': cost, '{QUESTIONS[2]}': clear}}, "
        f"ignore_columns: [Start time], {RECODE}",
    ),
}


@pytest.mark.parametrize("times", [1, 30])
@pytest.mark.parametrize("program", EXPORTS)
def test_every_program_gives_the_same_answers_and_a_study_of_its_own(tmp_path, program, times):
    text, recipe = EXPORTS[program]
    lines, key = text.splitlines(), r"R_\d" if program == "Qualtrics" else r"\d"
    # the same three people many times, each under a key of its own
    more = [re.sub(key, rf"\g<0>{n}", line, count=1) for n in range(1, times) for line in lines[-3:]]
    text = "\n".join([*lines, *more, ""])
    folder = tmp_path / "data/alone"
    (folder / "raw").mkdir(parents=True)
    (folder / "raw/export.csv").write_text(text, encoding="utf-8")
    (folder / "dictionary.csv").write_text(DICTIONARY.splitlines()[0] + "\n" + COLUMNS, encoding="utf-8")
    (folder / "study.yml").write_text(
        "title: Alone\nsynthetic: true\n"
        f"sources: {{survey: {{file: raw/export.csv, layout: respondents, {recipe}}}}}\n"
        "survey: {source: survey, group: role, statements: [cost, clear]}\n",
        encoding="utf-8",
    )
    study = load_study(str(folder))
    assert checking.inspect(study).problems == []
    answers = cleaning.clean(study).respondents
    assert answers["role"].tolist() == ["patient", "payer", "other"] * times
    assert answers["cost"].astype(int).tolist() == [4, 5, 1] * times
    assert answers["clear"].astype(int).tolist() == [2, 1, 3] * times
