"""The ratio of means in words, whatever kind of interval the data allow."""

from __future__ import annotations

import pandas as pd

from vbhc import wording


def ratio_sentence(
    result: pd.DataFrame,
    outcome_unit: str,
    currency: str,
    method: str = "fieller",
    decimals: int | None = None,
) -> str:
    """Return the ratio of means in words, from `ratio_of_means` (or one group's rows of it).

    A "complement" or "whole line" interval is told as what it is: cost so uncertain that limits do not exist.
    """
    row = result[result["method"] == method].iloc[0]
    if row["reason"]:
        return row["reason"]
    if decimals is None:
        decimals = wording.decimals_for(row["ci_low"], row["ci_high"])
    per = f"{currency} {wording.number(row['per'], 0)}"
    start = f"Each {per} bought {wording.number(row['estimate'], decimals)} {outcome_unit} on average"
    tail = f"n = {int(row['n']):,}"
    level = wording.level_name(row["ci_level"])
    if row["ci_kind"] == "bounded":
        shown = wording.interval(row["ci_low"], row["ci_high"], row["ci_level"], decimals)
        return f"{start} ({shown}, {tail})."
    if row["ci_kind"] == "complement":
        low, high = (wording.number(row[end], decimals) for end in ("ci_low", "ci_high"))
        return (
            f"{start} ({tail}), but mean cost is not clearly above zero: "
            f"the {level} interval is everything below {low} or above {high}."
        )
    if row["ci_kind"] != "whole line":
        return f"{start} ({tail}); the {row['method']} method gives no {level} interval for these data."
    return (
        f"{start} ({tail}), but mean cost is not clearly above zero: the {level} interval rules out nothing."
    )
