"""Which outcome stands for which codes of the interviews and ranked items: `outcome_codes.csv`."""

from collections.abc import Sequence

import pandas as pd

from vbhc.problems import Problem, did_you_mean, refuse
from vbhc.study import Study
from vbhc.study.declared import declared_rows
from vbhc.study.dictionary import split

FILE = "outcome_codes.csv"
FIELDS = ("outcome", "label", "direction", "codes")
RANKED_AS = "ranked_as"  # optional column: the survey's column with the rank of this outcome
SAID = ("outcome", "label", "sign", "codes", RANKED_AS)
DIRECTIONS = {"higher is better": 1.0, "lower is better": -1.0}


def read_outcome_codes(
    study: Study, codes: Sequence[str], columns: Sequence[str], ranked: Sequence[str] = ()
) -> pd.DataFrame:
    """Return which outcome stands for which codes and ranked items; empty where the study does not say.

    Parameters
    ----------
    codes : sequence of str
        Codes of the interviews. Without any, those of the table are not looked at.
    columns : sequence of str
        Columns of the cleaned patients.
    ranked : sequence of str
        Columns of the survey that hold ranks. Without any, `ranked_as` is not looked at.

    Returns
    -------
    DataFrame
        `outcome` (column of the patients), `label`, `sign` (1 higher is better, -1 lower), `codes` (tuple,
        may be empty), `ranked_as` ("" where the survey did not ask).

    Raises
    ------
    StudyError
        With every unknown column, outcome, code or direction.
    """
    shown, problems, table = study.shown(FILE), [], []
    for n, row in declared_rows(study, FILE, FIELDS):
        own = tuple(split(row["codes"])) if codes else ()
        checks = [("outcome", row["outcome"], columns), ("direction", row["direction"], DIRECTIONS)]
        item = row.get(RANKED_AS, "").strip() if ranked else ""
        checks += [(RANKED_AS, item, ranked)] if item else []
        for field, value, known in (*checks, *(("codes", code, codes) for code in own)):
            if value not in known:
                problems.append(Problem(shown, f"unknown {value!r}", did_you_mean(value, known), field, n))
        table.append((row["outcome"], row["label"], DIRECTIONS.get(row["direction"], 1.0), own, item))
    refuse(problems)
    return pd.DataFrame(table, columns=list(SAID))
