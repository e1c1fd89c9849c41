"""Who was interviewed, with what was coded; a study without patients is made of them, or of a survey."""

from typing import Any

import pandas as pd

from vbhc import interviews
from vbhc.cleaning.flow import FLOW_COLUMNS
from vbhc.cleaning.scoring import COLUMN_FIELDS, OF_A_SCALE, describe
from vbhc.interviews.participants import with_one_name
from vbhc.interviews.tables import Interviews
from vbhc.problems import did_you_mean, fault
from vbhc.study import Study

YES = ("yes", "true", "1", "y", "ja")


def read_interviews(study: Study) -> Interviews:
    """Read the interviews that `study.yml` names, joined to its table of interviewees.

    Raises
    ------
    StudyError
        The study has no interviews, or a column that `study.yml` names (group, consent, attributes) is in
        neither file.
    """
    plan = study.config.interviews
    shown = study.shown("study.yml")
    if plan is None:
        raise fault(shown, "no `interviews`", "this study has no coded interviews")
    people = study.folder / plan.participants if plan.participants else None
    read_as: dict[str, Any] = {"key": plan.key, "project": plan.project or None}
    coded = interviews.read(study.folder / plan.file, people, columns=plan.columns or None, **read_as)
    coded = with_one_name(coded, plan.canonical) if plan.canonical else coded
    known = [c for c in coded.participants if c != "participant"]
    for name in (plan.group, plan.consent, *plan.attributes):
        if name and name not in known:
            raise fault(shown, f"no column {name!r} of interviewees", did_you_mean(name, known), "interviews")
    return coded


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
    coded = read_interviews(study)
    people = coded.participants.rename(columns={"participant": study.config.key})
    people = people[[study.config.key, *(c for c in people.columns if c != study.config.key)]]
    n = len(coded.left_out)
    spoke = people[study.config.key].isin(coded.segments["participant"])
    rows = [
        ("assessed", len(people) + n, f"interviewees in {plan.participants or plan.file}", "interviews"),
        *[("excluded", n, "not interviewed: the file holds no document of them", "interviews")] * bool(n),
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
    known = ("name", "label", *OF_A_SCALE)
    described = [describe(kind=one.type, **{name: getattr(one, name) for name in known}) for one in own]
    return pd.DataFrame(described)[list(COLUMN_FIELDS)]
