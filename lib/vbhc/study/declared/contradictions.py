"""Where the published source of a study says two things: `contradictions.csv`."""

from __future__ import annotations

import pandas as pd

from vbhc import files
from vbhc.problems import Problem, StudyError
from vbhc.study import Study

FILE = "contradictions.csv"


FIELDS = ("about", "one_place", "says", "other_place", "says_there", "taken_here")


def read_contradictions(study: Study) -> pd.DataFrame:
    """Return where the published source of a study says two things; empty without `contradictions.csv`.

    Columns `about` (a few words), `one_place, says, other_place, says_there, taken_here`.
    """
    path, shown = study.folder / FILE, study.shown(FILE)
    if not path.is_file():
        return pd.DataFrame(columns=list(FIELDS))
    table = files.read_whole(path, shown, known=FIELDS)
    absent = [name for name in FIELDS if name not in table.header]
    if absent:
        raise StudyError([Problem(shown, f"no column {absent[0]!r}", f"columns: {', '.join(FIELDS)}")])
    return pd.DataFrame(files.records(table), columns=list(FIELDS))
