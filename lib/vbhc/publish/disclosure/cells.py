"""The count cells of one table: which are too small, and which have to go with them."""

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.recovery import Counts
from vbhc.publish.disclosure.second import hide_second

Line = list[tuple[int, int]]


def hide_cells(values: pd.DataFrame, small: pd.DataFrame, together: list[Line], policy: Policy) -> np.ndarray:
    """Hide further counts until no hidden one can be worked out from the sums of its lines.

    Parameters
    ----------
    values : DataFrame
        The true counts, missing where there is none.
    small : DataFrame of bool
        Which of them may not be shown.
    together : list
        Lines of (row, column) whose sum an outsider may know.
    """
    flat, width = values.to_numpy().ravel(), values.shape[1]
    first = small.to_numpy().ravel()
    if not first.any():
        return small.to_numpy()
    present = ~np.isnan(flat)
    whole = [[row * width + column for row, column in line] for line in together]
    known = [[cell for cell in line if present[cell]] for line in whole]
    counts = Counts(np.where(present, flat, 0), first, [line for line in known if line])
    targets = [{int(cell): 1} for cell in np.flatnonzero(first)]
    return hide_second(counts, policy, targets).reshape(values.shape)


def too_close(values: pd.DataFrame, hidden: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Mark counts that lie within the limit of a larger one that is shown: their difference counts people."""
    close = hidden & False
    for column in values.columns:
        shown: list[float] = []
        for row, count in values.loc[~hidden[column], column].dropna().sort_values(ascending=False).items():
            if any(0 < larger - count <= limit for larger in shown):
                close.loc[row, column] = True
            else:
                shown.append(count)
    return close
