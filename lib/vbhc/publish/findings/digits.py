"""How many digits of a number leave the house: a drawing shows more of them than a reader needs.

The mean of whole answers, times the number of people, is a whole number. With four decimals one of the five
numbers that a rounded "35" leaves open fits (80.2694 is the mean of 33 ten-item scores, and of no 34), the
interval of a correlation with four decimals (0.2876, 0.1365 to 0.4268) fits 162 people and no others, and a
drawing holds as many decimals as its data.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.layout import is_number

DIGITS = 3


def coarse(values: pd.Series) -> pd.Series:
    """Return numbers to three significant digits, those under one to two; never coarser than whole.

    Of a number next to one two digits of what it lacks stay: a level of 0.998 is none of 1.

    Parameters
    ----------
    values : Series
        Numbers; whole ones stay as they are, and missing stays missing.
    """
    numbers = values.astype(float)
    lacking = numbers.abs().where(numbers.abs() >= 1, np.minimum(numbers.abs(), 1 - numbers.abs()))
    size = np.floor(np.log10(lacking.where(lacking != 0, 1.0)))
    scale = 10.0 ** (DIGITS - 1 - size - (size < 0)).clip(lower=0)
    return (numbers * scale).round() / scale


def coarsened(frame: pd.DataFrame, stay: Collection[str]) -> pd.DataFrame:
    """Return a frame whose statistics are coarse; columns that are to stay do."""
    made = frame.copy()
    for column in frame.columns:
        if (
            column not in stay
            and is_number(frame[column])
            and not pd.api.types.is_integer_dtype(frame[column])
        ):
            made[column] = coarse(frame[column])
    return made
