"""EQ VAS: the respondent's own rating of health today, a whole number from 0 to 100, taken as it is."""

from __future__ import annotations

import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.instrument import INDIVIDUAL, Instrument, Mcid, Scale

SCALE = Scale("eq_vas", "EQ VAS", 0, 100, unit="points (0-100)", items=("vas",), needs=1)

SWEDEHF = "as used with the SwedeHF register, eClinicalMedicine 2023, 102217"


def answers(items: pd.DataFrame) -> pd.DataFrame:
    """Return the rating as a float column `vas`; a number outside 0-100 or not whole is refused.

    >>> answers(pd.DataFrame({"vas": ["75", ""]}))["vas"].tolist()
    [75.0, nan]
    """
    return read_answers(items, ("vas",), ((0, 100),), "EQ VAS", noun="rating")


def score(items: pd.DataFrame) -> pd.DataFrame:
    """Return `eq_vas` (0-100, higher is better); missing stays missing.

    >>> score(pd.DataFrame({"vas": [75]}))["eq_vas"].tolist()
    [75.0]
    """
    return answers(items).set_axis(["eq_vas"], axis=1)


EQ_VAS = Instrument(
    "eq-vas", "EQ VAS", "3L, 5L and Y-3L", ("vas",), ((0, 100),), (SCALE,),
    source="EuroQol user guides: recorded as marked, no imputation",
    licence="part of EQ-5D, (c) EuroQol",
    answers=answers, score=score,
    mcids=(
        Mcid("eq_vas", 5, INDIVIDUAL, SWEDEHF, label="some change"),
        Mcid("eq_vas", 10, INDIVIDUAL, SWEDEHF, label="considerable change"),
    ),
)  # fmt: skip
