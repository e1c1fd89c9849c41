"""How many digits of a number leave the house: a drawing shows more of them than a reader needs.

The mean of whole answers, times the number of people, is a whole number. With four decimals one of the five
numbers that a rounded "35" leaves open fits (80.2694 is the mean of 33 ten-item scores, and of no 34), and a
drawing holds as many decimals as its data.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.layout import is_number

DIGITS = 4


def coarse(values: pd.Series, digits: int = DIGITS) -> pd.Series:
    """Return numbers to some significant digits, never coarser than whole; missing stays missing.

    Parameters
    ----------
    values : Series
        Numbers; whole ones stay as they are.
    """
    numbers = values.astype(float)
    size = np.floor(np.log10(numbers.abs().where(numbers != 0, 1.0)))
    scale = 10.0 ** (digits - 1 - size).clip(lower=0)
    return (numbers * scale).round() / scale


def coarsened(frame: pd.DataFrame, stay: Collection[str]) -> pd.DataFrame:
    """Return a frame whose statistics have four significant digits; columns that are to stay do."""
    made = frame.copy()
    for column in frame.columns:
        if (
            column not in stay
            and is_number(frame[column])
            and not pd.api.types.is_integer_dtype(frame[column])
        ):
            made[column] = coarse(frame[column])
    return made
