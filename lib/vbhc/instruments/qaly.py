"""Quality-adjusted life years: area under the curve of the index, and the difference between groups."""

from collections.abc import Sequence

import numpy as np
import pandas as pd


def qalys(utilities: pd.DataFrame, years: Sequence[float], discount: float = 0.0) -> pd.Series:
    """Return QALYs per patient: the area under straight lines between the visits (trapezia).

    Manca 2005, Health Econ 14:487-96, doi 10.1002/hec.944, equation 1.

    Parameters
    ----------
    utilities : DataFrame
        Index values (1 = full health, 0 = dead), one column per visit in order of time. A patient who died
        has 0 from the visit after death on: enter it, missing is not 0.
    years : sequence of float
        Time of each visit in years, rising.
    discount : float
        Rate per year: the utility at t years counts 1 / (1 + rate) ** t. 0 for a horizon of a year.

    Returns
    -------
    Series
        Named "qaly", on the caller's index; NaN where any visit is missing.

    Raises
    ------
    ValueError
        If times and columns differ in number, times do not rise, or a utility is over 1.

    Examples
    --------
    >>> qalys(pd.DataFrame({"start": [0.5], "year": [0.7]}), [0, 1]).round(2).tolist()
    [0.6]
    """
    times = np.asarray(years, dtype=float)
    if len(times) != utilities.shape[1] or len(times) < 2:
        found = f"{len(times)} and {utilities.shape[1]} columns"
        raise ValueError(f"one time per visit, at least two; found {found}")
    if not (np.diff(times) > 0).all():
        raise ValueError(f"times must rise; found {', '.join(f'{t:g}' for t in times)} (years)")
    values = utilities.to_numpy(dtype=float, na_value=np.nan)
    if (values > 1).any():
        raise ValueError("a utility is at most 1; are these EQ VAS scores or per cent?")
    area = np.trapezoid(values * (1 + discount) ** -times, times, axis=1)
    return pd.Series(area, index=utilities.index, name="qaly")
