"""The groups of patients that a study declares, as columns of its patients."""

import math

import pandas as pd

from vbhc.study.folder import Study

Levels = dict[str, pd.Series]  # the level of every patient, by the label of the group


def groups_of(study: Study, patients: pd.DataFrame, *kinds: str, most: float = math.inf) -> Levels:
    """Return, by its label, the column of every declared group of these kinds (of any, where none is named).

    Parameters
    ----------
    patients : DataFrame
        One row each; a group whose column it lacks is left out, and one of more than `most` levels.
    """
    declared = [one for one in study.config.groups.values() if one.column in patients]
    columns = {one.label: patients[one.column] for one in declared if not kinds or one.kind in kinds}
    told = {label: levels for label, levels in columns.items() if levels.nunique() <= most}
    # As the study names them: 1, where a missing one made it 1.0.
    return {label: own.convert_dtypes() if own.dtype == float else own for label, own in told.items()}
