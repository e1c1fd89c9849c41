"""Score PHQ-9: nine items 0-3, sum 0-27, higher is worse. Kroenke 2001, J Gen Intern Med 16:606-13.

Up to two missing answers are replaced by the mean of the others (instruction manual); with more there is no
score. Item 9 (thoughts of death or self-harm) is always shown apart: it needs a person, not a sum.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from vbhc.instruments.described import described, offered
from vbhc.instruments.instrument import Scale
from vbhc.instruments.means import mean_of_answered

FORM = described("phq9")
BANDS = {"none or minimal": 0, "mild": 5, "moderate": 10, "moderately severe": 15, "severe": 20}


def answers(items: pd.DataFrame, max_missing: int = 2) -> pd.DataFrame:
    """Return the nine answers, 0 (not at all) to 3.

    >>> answers(pd.DataFrame([[0, 3] + [1] * 7])).iloc[0, :2].tolist()
    [0.0, 3.0]
    """
    return FORM.read(items)


def score(items: pd.DataFrame, max_missing: int = 2) -> pd.DataFrame:
    """Score PHQ-9.

    Parameters
    ----------
    items : DataFrame
        Nine columns, answers 0-3.
    max_missing : int
        Missing answers that are replaced by the mean of the others.

    Returns
    -------
    DataFrame
        `phq9` (0-27, unrounded), `phq9_severity` (ordered category; a total between two bands belongs to the
        lower one) and `phq9_item9` (0-3, whether or not there is a total).

    Raises
    ------
    ValueError
        If `max_missing` is not 0-8, or an answer is not 0-3.

    Examples
    --------
    >>> score(pd.DataFrame([[1] * 9, [1] * 7 + [None] * 2])).iloc[:, :2].to_numpy().tolist()
    [[9.0, 'mild'], [9.0, 'mild']]
    """
    if not 0 <= max_missing <= 8:
        raise ValueError(f"max_missing must be 0-8; found {max_missing}")
    read = answers(items)
    total = 9 * mean_of_answered(read, FORM.items, 9 - max_missing)
    frame = {"phq9": total, "phq9_severity": severity(total), "phq9_item9": read["9"].to_numpy()}
    return pd.DataFrame(frame, index=read.index)


def severity(total: np.ndarray) -> pd.Categorical:
    """Band of a total (Kroenke 2001, table 3): 5 mild, 10 moderate, 15 moderately severe, 20 severe.

    >>> severity(np.array([4, 5, 20])).tolist()
    ['none or minimal', 'mild', 'severe']
    """
    total = np.asarray(total, dtype=float).round(9)
    codes = np.searchsorted(list(BANDS.values()), total, side="right") - 1
    return pd.Categorical.from_codes(np.where(np.isnan(total), -1, codes), list(BANDS), ordered=True)


def scales(max_missing: int = 2) -> tuple[Scale, ...]:
    """Scales under the chosen rule for missing answers.

    >>> [scale.needs for scale in scales(max_missing=0)]
    [9, 9, 1]
    """
    return tuple(
        one if one.column == "phq9_item9" else replace(one, needs=9 - max_missing) for one in FORM.scales
    )


PHQ_9 = offered(FORM, answers=answers, score=score, options=("max_missing",), scales_for=scales)
