"""A study without patients: who was interviewed, with what was coded and who may be quoted, or surveyed."""

import pandas as pd

from vbhc.cleaning import coded_interviews
from vbhc.cleaning.flow import FLOW_COLUMNS
from vbhc.cleaning.scoring import COLUMN_FIELDS, describe
from vbhc.study import Study


def interviewees(study: Study) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the interviewees' table, what its columns are, and their flow.

    Returns
    -------
    (people, columns, flow)
        One row per interviewee; the dictionary of the table; and `step, n, detail, source`: interviewees in
        the table (`assessed`, all `kept`), `with interview` (at least one coded passage) and, where the study
        names a consent column, `with consent to be quoted`.

    Raises
    ------
    StudyError
        If the coded interviews or the table of participants cannot be read.
    """
    plan = study.config.interviews
    coded = coded_interviews.read_interviews(study)
    people = coded.participants.rename(columns={"participant": study.config.key})
    people = people[[study.config.key, *(c for c in people.columns if c != study.config.key)]]
    n = len(coded.left_out)
    spoke = people[study.config.key].isin(coded.segments["participant"])
    rows = [
        ("assessed", len(people) + n, f"interviewees in {plan.participants or plan.file}", "interviews"),
        *(
            [("excluded", n, "not interviewed: the file holds no document of them", "interviews")]
            if n
            else []
        ),
        ("kept", len(people), "interviewees", "interviews"),
        ("with interview", int(spoke.sum()), "at least one coded passage", ""),
    ]
    if plan.consent and plan.consent in people:
        agreed = people[plan.consent].astype(str).str.strip().str.lower().isin(YES)
        rows.append(("with consent", int(agreed.sum()), "may be quoted", ""))
    columns = pd.DataFrame([describe(name, name.replace("_", " "), "string") for name in people.columns])
    return people, columns[list(COLUMN_FIELDS)], pd.DataFrame(rows, columns=list(FLOW_COLUMNS))


def surveyed_columns(study: Study) -> pd.DataFrame:
    """Return what the columns of a survey are, of a study in which nobody was interviewed."""
    own = [spec for spec in study.dictionary.values() if spec.source == study.config.survey.source]
    fields = ("unit", "min", "max", "direction")
    described = [
        describe(one.name, one.label, one.type, **{name: getattr(one, name) for name in fields})
        for one in own
    ]
    return pd.DataFrame(described)[list(COLUMN_FIELDS)]


YES = ("yes", "true", "1", "y", "ja")
