"""The bins of a histogram where people are protected."""

import numpy as np
import pandas as pd


def joined_bins(bins: pd.DataFrame, gone: pd.Series) -> tuple[pd.DataFrame, np.ndarray]:
    """Return a histogram whose neighbours that go are one, with empty ones beside them, and which these are.

    Each by itself would be pinned by mean, spread and median. One at an end has no outer edge, which would
    say about what the largest or the smallest is.
    """
    quiet = gone | (bins["n"] == 0)
    goes = quiet & gone.groupby((quiet != quiet.shift()).cumsum()).transform("any")
    runs = bins.assign(goes=goes).groupby((~(goes & goes.shift(fill_value=False))).cumsum())
    made = runs.agg({"left": "first", "right": "last", "n": "sum", "open": "first", "goes": "any"})
    for end, side in ((made.index[0], "left"), (made.index[-1], "right")):
        made[side] = made[side].mask(made["goes"] & (made.index == end))
    return made.drop(columns="goes").reset_index(drop=True), made["goes"].to_numpy()
