"""`vbhc check` of interviews: columns, codes that tables name, and names that stay out of the report."""

from __future__ import annotations

from dataclasses import replace

import pytest
from places import DATA
from study_maker import small_study, write_study

from vbhc import interviews
from vbhc.cleaning import coded_interviews
from vbhc.run.checking import inspect
from vbhc.run.interview_checks import look_at_interviews
from vbhc.study import load_study

PEOPLE = "person,job,may_quote\nAnn,nurse,yes\nBo,manager,no\nCy,nurse,yes\n"
CODED = "participant,code,text\nAnn,time,Too little time for talk\nBo,money,Money decides it all\n"
PLAN = {"file": "raw/coded.csv", "participants": "raw/people.csv", "key": "person", "group": "job"}
FILES = {"raw/people.csv": PEOPLE, "raw/coded.csv": CODED}


def found(folder, files: dict | None = None, **plan) -> list[str]:
    study = small_study(folder, {**FILES, **(files or {})}, interviews={**PLAN, **plan})
    return [str(problem) for problem in inspect(study).problems]


def test_sound_interviews_have_no_problem(tmp_path):
    assert found(tmp_path / "s", consent="may_quote") == []


def test_one_person_under_two_names_is_told(tmp_path):
    people = PEOPLE.replace("Bo,", "Bob,")
    [line] = found(tmp_path / "s", {"raw/people.csv": people})
    assert line.startswith(
        "data/s/raw/people.csv: coded passages name Bo, the table Bob, Cy; one name in both"
    )


def test_a_word_of_consent_that_is_neither_yes_nor_no_is_told(tmp_path):
    people = PEOPLE.replace("yes", "ja").replace("no\n", "vielleicht\n")
    [line] = found(tmp_path / "s", {"raw/people.csv": people}, consent="may_quote")
    assert line.startswith("data/s/raw/people.csv, may_quote: 'vielleicht': neither yes nor no; yes where")


def test_a_yes_in_german_counts_as_consent_in_the_flow_as_it_does_for_quoting(tmp_path):
    from vbhc.cleaning.coded_interviews import interviewees

    people = PEOPLE.replace("yes", "ja").replace(",no", ",nein")
    write_study(
        tmp_path / "s", {**FILES, "raw/people.csv": people}, interviews={**PLAN, "consent": "may_quote"}
    )
    _, _, flow = interviewees(load_study(str(tmp_path / "s")))
    assert flow.set_index("step").loc["with consent", "n"] == 2


@pytest.mark.parametrize(
    ("plan", "message"),
    [({"group": "jobs"}, "data/s/study.yml, interviews: no column 'jobs' of interviewees; "
      "did you mean 'job'?"),
     ({"key": "persn"}, "data/s/raw/people.csv, row 1: no column 'persn'; did you mean 'person'?"),
     ({"consent": "quote"}, "data/s/study.yml, interviews: no column 'quote' of interviewees; "
      "did you mean 'may_quote'?")],
)  # fmt: skip
def test_columns_of_interviewees_are_checked_before_a_run(tmp_path, plan, message):
    assert found(tmp_path / "s", **plan) == [message]


def test_tables_that_name_codes_are_checked_before_a_run(tmp_path):
    outcomes = "outcome,label,direction,codes\neq_vas_chnge,Health,higher is better,tme\n"
    outcomes += "cost_ward_eur_2020,Ward,lower is better,money\n"
    files = {"outcome_codes.csv": outcomes, "joint_display.csv": "theme\nx\n", "contradictions.csv": "a\nb\n"}
    lines = found(tmp_path / "s", files)
    joint = [line for line in lines if line.startswith("data/s/joint_display.csv")]
    told = [line for line in lines if line.startswith("data/s/contradictions.csv")]
    assert "data/s/joint_display.csv, row 1: no column 'statement'; add it" in joint
    assert "data/s/contradictions.csv, row 1: no column 'about'; add it" in told
    assert lines[len(joint) + len(told) :] == [
        "data/s/outcome_codes.csv, outcome, row 2: unknown 'eq_vas_chnge'; did you mean 'eq_vas_change'?",
        "data/s/outcome_codes.csv, codes, row 2: unknown 'tme'; did you mean 'time'?",
    ]


def test_outcomes_of_a_survey_alone_are_checked_without_the_codes_of_interviews():
    study = load_study(str(DATA / "heart-failure"))
    alone = replace(study, config=replace(study.config, interviews=None))
    table = (DATA / "heart-failure/outcome_codes.csv").read_text(encoding="utf-8")
    outcomes = [row.partition(",")[0] for row in table.splitlines()]
    assert look_at_interviews(alone, outcomes) == ([], [])
    [problem], _ = look_at_interviews(alone, [one for one in outcomes if one != "kccq_ts_change"])
    assert str(problem).startswith(
        "data/heart-failure/outcome_codes.csv, outcome, row 2: unknown 'kccq_ts_ch"
    )


def test_the_import_report_for_readers_names_nobody(tmp_path):
    write_study(tmp_path / "s", FILES, interviews=PLAN)
    coded = coded_interviews.read_interviews(load_study(str(tmp_path / "s")))
    absent = coded.report.set_index("item").loc["interviewees without an interview"]
    assert absent["detail"] == "Cy"  # the analyst is told who it is
    shown = interviews.report_without_names(coded)
    assert shown.set_index("item").loc["interviewees without an interview", "detail"].startswith("not shown")
    assert shown["n"].tolist() == coded.report["n"].tolist()
    assert not shown["detail"].str.contains("Cy").any()
