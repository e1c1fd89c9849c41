"""Whose death counts as an outcome.

The value quota with deaths, beside means without them, gives how many died; with that follow their start and
what their care cost. So where a policy withholds that number, they count as people who gave no answer.
"""

import pandas as pd

from vbhc.publish.disclosure.policies import get_policy
from vbhc.study import Study
from vbhc.study.deaths import deaths_column, died

UNTOLD = "Whoever died counts among those who gave no answer, since they are too few to be told apart."


def too_few(study: Study) -> int:
    """Return the largest number of deaths that the study's policy withholds; 0 where it tells all."""
    return get_policy(study.config.disclosure).hides_up_to


def deaths(study: Study, patients: pd.DataFrame) -> pd.Series:
    """Return who had died by the last visit; nobody where the study records no deaths, or of too few."""
    return died(patients, deaths_column(study), too_few(study))


def untold_deaths(study: Study, patients: pd.DataFrame) -> str:
    """Say that deaths are not counted apart, where that is so; else ""."""
    column = deaths_column(study)
    few = get_policy(study.config.disclosure).hides(int(died(patients, column).sum()))
    return UNTOLD if few and column in patients else ""


def index_with_deaths(study: Study, patients: pd.DataFrame, stem: str) -> pd.DataFrame:
    """Return an index at every visit; the dead have 0 at the last one where none was recorded."""
    index = patients[[f"{stem}_{visit}" for visit in study.config.visits]].astype(float)
    last = index.columns[-1]
    return index.assign(**{last: index[last].mask(deaths(study, patients) & index[last].isna(), 0.0)})
