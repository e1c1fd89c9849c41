"""Check what a study declares of its interviews: files, columns, codes named in tables, quotations."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from vbhc import interviews
from vbhc.cleaning import read_interviews
from vbhc.cleaning.coded_interviews import YES
from vbhc.cleaning.questions import Question
from vbhc.cleaning.questions.names import interview_questions
from vbhc.interviews.tables import Interviews
from vbhc.problems import Problem, StudyError, problems_of
from vbhc.study import Study
from vbhc.study.declared import joint_display, outcome_codes, read_contradictions

NO = ("no", "false", "0", "n", "nein")


def look_at_interviews(study: Study, columns: Collection[str]) -> tuple[list[Problem], list[Question]]:
    """Return what is wrong with the interviews and the tables that name their codes, and what is to be asked.

    Parameters
    ----------
    columns : collection of str
        Columns of the cleaned patients, for `outcome_codes.csv`; empty where they cannot be known, and then
        that table is not judged.

    Returns
    -------
    problems : list of Problem
        Files that are not there, else files that cannot be read, columns of interviewees that nothing holds,
        rows of `joint_display.csv`, `outcome_codes.csv`, `contradictions.csv` and `quotations.yml` that name
        unknown things.
    questions : list of Question
        What a person must look at; none where the interviews cannot be read.
    """
    plan = study.config.interviews
    if plan is None:
        return _outcomes(study, [], columns) if study.config.survey else [], []
    absent = [
        Problem(study.shown(file), "no such file", f"`interviews.{key}` in study.yml names it")
        for key, file in (("file", plan.file), ("participants", plan.participants))
        if file and not (study.folder / file).exists()
    ]
    return (absent, []) if absent else _contents(study, columns)


def _contents(study: Study, columns: Collection[str]) -> tuple[list[Problem], list[Question]]:
    from vbhc.publish import quotations

    plan = study.config.interviews
    try:
        coded = read_interviews(study)
    except StudyError as error:
        files = {Path(file).name: study.shown(file) for file in (plan.file, plan.participants)}
        return [replace(one, file=files.get(one.file, one.file)) for one in error.problems], []
    file = study.shown(plan.participants)
    codes = list(coded.codes["code"])
    problems = [
        *_two_spellings(coded.report, file),
        *_consent(coded.participants, plan.consent, file),
        *_lost(coded, study.shown(plan.file)),
        *problems_of(lambda: joint_display.read_rows(study, codes)),
        *problems_of(lambda: read_contradictions(study)),
        *problems_of(lambda: interviews.presence(coded, plan.skips_proms)),
        *_outcomes(study, codes, columns),
        *problems_of(lambda: quotations.check(study, coded)),
    ]
    return problems, interview_questions(study, coded)


def _outcomes(study: Study, codes: Sequence[str], columns: Collection[str]) -> list[Problem]:
    """Name what is wrong with `outcome_codes.csv`, which a survey alone can rank by, too."""
    survey = study.config.survey
    known = sorted(columns), list(survey.ranking) if survey else []
    return problems_of(lambda: outcome_codes.read_outcome_codes(study, codes, *known)) if columns else []


def _lost(coded: Interviews, file: str) -> list[Problem]:
    """Name codings that are lost, and a project without any: its counts would be wrong in silence."""
    lost = interviews.lost_codings(coded)
    if not lost and len(coded.codings):
        return []
    found = " and ".join(lost) or "no coding in the whole file"
    return [Problem(file, found, "a project with its code book and sources: export it again, whole")]


def _two_spellings(report: pd.DataFrame, file: str) -> list[Problem]:
    """Name interviewees of the coded passages and of the table that have no counterpart, where both occur.

    One alone is an interview that was not coded, or a table that leaves somebody out.
    """
    named = report[report["n"] > 0].drop_duplicates("item").set_index("item")["detail"]
    coded = named.get("interviewees that the table does not name", "")
    listed = named.get("interviewees without an interview", "")
    if not coded or not listed:
        return []
    found = f"coded passages name {coded}, the table {listed}"
    return [Problem(file, found, "one name in both; who is not in the table has no group and is left out")]


def _consent(people: pd.DataFrame, column: str, file: str) -> list[Problem]:
    """Name values of the column of consent that are neither yes nor no: nobody is quoted on such a word."""
    if not column or column not in people:
        return []
    words = people[column].dropna().astype(str).str.strip()
    unread = [word for word in dict.fromkeys(words) if word.lower() not in (*YES, *NO, "")]
    found = f"{', '.join(map(repr, unread[:3]))}: neither yes nor no"
    return [Problem(file, found, "yes where the person may be quoted, else no", column)] if unread else []
