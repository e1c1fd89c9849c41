"""The joint display as a result: statement by statement, the number, what was said, and what follows."""

from __future__ import annotations

import pandas as pd

from vbhc.publish.results import Result, Table
from vbhc.wording import percent


def numbers_beside_words(display: pd.DataFrame) -> Result | None:
    """Show the joint display; nothing where there is nothing to set side by side.

    Parameters
    ----------
    display : DataFrame
        From `joined.side_by_side`.
    """
    if display.empty:
        return None
    frame = display.assign(fit=[_firm(row) for row in display.to_dict("records")])
    table = Table(
        frame[["statement", "fit", "numbers", "said", "inference"]],
        "Numbers, what interviewees said, how they fit, and what follows",
        by="statement",
    )
    return Result("joint-display", table=table)


def _firm(row: dict) -> str:
    """A fit, with the share of resamples of the interviewees that give it."""
    if pd.isna(row["resamples"]):
        return row["fit"]
    return f"{row['fit']}, the same in {percent(row['resamples'])} of resamples"
