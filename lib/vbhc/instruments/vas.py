"""EQ VAS: the respondent's own rating of health today, a whole number from 0 to 100, taken as it is."""

import pandas as pd

from vbhc.instruments.described import described, offered

FORM = described("eq-vas")


def answers(items: pd.DataFrame) -> pd.DataFrame:
    """Return the rating as a float column `vas`; a number outside 0-100 or not whole is refused.

    >>> answers(pd.DataFrame({"vas": ["75", ""]}))["vas"].tolist()
    [75.0, nan]
    """
    return FORM.read(items, noun="rating")


def score(items: pd.DataFrame) -> pd.DataFrame:
    """Return `eq_vas` (0-100, higher is better); missing stays missing.

    >>> score(pd.DataFrame({"vas": [75]}))["eq_vas"].tolist()
    [75.0]
    """
    return answers(items).set_axis(["eq_vas"], axis=1)


EQ_VAS = offered(FORM, answers=answers, score=score)
