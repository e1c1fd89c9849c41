"""The coded interviews that a study names, joined to its table of interviewees."""

from vbhc import interviews
from vbhc.interviews.names import with_one_name
from vbhc.interviews.tables import Interviews
from vbhc.problems import did_you_mean, fault
from vbhc.study import Study


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
    coded = interviews.read(
        study.folder / plan.file,
        study.folder / plan.participants if plan.participants else None,
        key=plan.key,
        columns=plan.columns or None,
        project=plan.project or None,
    )
    coded = with_one_name(coded, plan.canonical) if plan.canonical else coded
    known = [c for c in coded.participants if c != "participant"]
    for name in (plan.group, plan.consent, *plan.attributes):
        if name and name not in known:
            raise fault(shown, f"no column {name!r} of interviewees", did_you_mean(name, known), "interviews")
    return coded
