"""Score the Minnesota Living with Heart Failure Questionnaire: 21 items 0-5, sum 0-105, HIGHER IS WORSE.

Rector 1987, Heart Failure 3:198-209. Physical: items 2-7, 12, 13 (0-40); emotional: 17-21 (0-25). No rule for
missing answers is published, so a score needs all its answers.
"""

from __future__ import annotations

import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.instrument import GROUP, LOWER, Instrument, Mcid, Scale

ITEMS = tuple(str(number) for number in range(1, 22))
SCALES = {
    "mlhfq": ITEMS,
    "mlhfq_physical": ("2", "3", "4", "5", "6", "7", "12", "13"),
    "mlhfq_emotional": ("17", "18", "19", "20", "21"),
}
ZHU = "Zhu 2023, Front Cardiovasc Med, doi 10.3389/fcvm.2023.1242216"


def answers(items: pd.DataFrame) -> pd.DataFrame:
    """Return the 21 answers, 0 (no) to 5 (very much).

    >>> answers(pd.DataFrame([[5] * 21])).shape
    (1, 21)
    """
    return read_answers(items, ITEMS, [(0, 5)] * 21, "MLHFQ")


def score(items: pd.DataFrame) -> pd.DataFrame:
    """Return `mlhfq` (0-105), `mlhfq_physical` (0-40), `mlhfq_emotional` (0-25): lower is better.

    NaN where an item of the scale is missing.

    >>> score(pd.DataFrame([[1] * 21, [1] * 20 + [None]])).T.to_numpy().tolist()
    [[21.0, nan], [8.0, 8.0], [5.0, nan]]
    """
    read = answers(items)
    sums = {name: read[list(codes)].sum(axis=1, skipna=False) for name, codes in SCALES.items()}
    return pd.DataFrame(sums, index=read.index)


MLHFQ = Instrument(
    "mlhfq", "MLHFQ", "21 items", ITEMS, ((0, 5),) * 21,
    tuple(
        Scale(name, f"MLHFQ {name.partition('_')[2] or 'total'}", 0, 5 * len(codes), LOWER,
              f"points (0-{5 * len(codes)})", codes, len(codes))
        for name, codes in SCALES.items()
    ),
    source="Rector 1987, Heart Failure 3:198-209",
    licence="(c) University of Minnesota; licence needed; no item text here",
    answers=answers, score=score,
    mcids=tuple(Mcid(name, value, GROUP, ZHU, note="average of several methods; total 7.4 to 13.0")
                for name, value in (("mlhfq", 10), ("mlhfq_physical", 5.7), ("mlhfq_emotional", 2.2))),
)  # fmt: skip
