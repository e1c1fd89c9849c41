"""Where the published source of a study says two things: `contradictions.csv`."""

import pandas as pd

from vbhc.study import Study
from vbhc.study.declared import declared_rows

FILE = "contradictions.csv"
FIELDS = ("about", "one_place", "says", "other_place", "says_there", "taken_here")


def read_contradictions(study: Study) -> pd.DataFrame:
    """Return where the published source of a study says two things; empty without `contradictions.csv`.

    Columns `about` (a few words), `one_place, says, other_place, says_there, taken_here`.
    """
    return pd.DataFrame([row for _, row in declared_rows(study, FILE, FIELDS)], columns=list(FIELDS))
