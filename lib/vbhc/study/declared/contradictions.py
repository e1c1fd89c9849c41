"""Where the published source of a study says two things: `contradictions.csv`."""

from __future__ import annotations

import csv

import pandas as pd

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
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    absent = [name for name in FIELDS if name not in (rows[0] if rows else {})]
    if absent:
        raise StudyError([Problem(shown, f"no column {absent[0]!r}", f"columns: {', '.join(FIELDS)}")])
    return pd.DataFrame(rows)[list(FIELDS)]
