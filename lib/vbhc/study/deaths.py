"""Who had died by the last visit, as the study records it."""

import pandas as pd

from vbhc.problems import Problem, did_you_mean
from vbhc.study import Study

DEATH = ("yes", "true", "1", "1.0", "dead", "died")


def deaths_column(study: Study) -> str:
    """Return the column that records deaths: `deaths` of study.yml, else `dead_<last visit>`."""
    return study.config.deaths or (f"dead_{study.follow_up}" if study.config.visits else "")


def died(patients: pd.DataFrame, column: str, too_few: int = 0) -> pd.Series:
    """Return who had died: the column says yes, true, 1, dead or died; nobody where there is no such column.

    A missing answer counts as alive, since a study that records deaths records them all. Nobody either where
    no more than `too_few` had died.
    """
    if column not in patients:
        return pd.Series(False, index=patients.index, name="dead")
    known = patients[column].astype(str).str.strip().str.lower().isin(DEATH).rename("dead")
    return known & (known.sum() > too_few)


def deaths_problems(study: Study, known: set[str]) -> list[Problem]:
    """Name what is wrong with the declared column of deaths: absent, or no value of it reads as a death."""
    column, shown = study.config.deaths, study.shown("study.yml")
    if not column:
        return []
    if column not in known:
        return [Problem(shown, f"no column {column!r}", did_you_mean(column, sorted(known)), "deaths")]
    spec = study.dictionary.get(column)
    if spec is None or spec.type in ("boolean", "integer"):
        return []
    words = {str(word).strip().lower() for word in (*spec.allowed, *spec.meaning.values())}
    if words & set(DEATH):
        return []
    fix = "a value yes, true, 1, dead or died, so that it is plain who died"
    return [Problem(shown, f"no value of {column!r} reads as a death", fix, "deaths")]
