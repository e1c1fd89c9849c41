"""Score the Minnesota Living with Heart Failure Questionnaire: 21 items 0-5, sum 0-105, HIGHER IS WORSE.

Rector 1987, Heart Failure 3:198-209. Physical: items 2-7, 12, 13 (0-40); emotional: 17-21 (0-25). No rule for
missing answers is published, so a score needs all its answers.
"""

import pandas as pd

from vbhc.instruments.described import described, offered

FORM = described("mlhfq")  # answers 0 (no) to 5 (very much)


def score(items: pd.DataFrame) -> pd.DataFrame:
    """Return `mlhfq` (0-105), `mlhfq_physical` (0-40), `mlhfq_emotional` (0-25): lower is better.

    NaN where an item of the scale is missing.

    >>> score(pd.DataFrame([[1] * 21, [1] * 20 + [None]])).T.to_numpy().tolist()
    [[21.0, nan], [8.0, 8.0], [5.0, nan]]
    """
    read = FORM.read(items)
    return pd.DataFrame({one.column: read[list(one.items)].sum(axis=1, skipna=False) for one in FORM.scales})


MLHFQ = offered(FORM, answers=FORM.read, score=score)
