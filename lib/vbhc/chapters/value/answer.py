"""The group's value in words, and the one-line answer put together from the results just computed."""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.chapters.value.soundness import reciprocal_cost_sentence
from vbhc.publish.sentences import row_sentence
from vbhc.statistics.correlation.rank import spearman


def value_answer(ratio: pd.DataFrame, reciprocal: pd.DataFrame, unit: str, currency: str) -> str:
    """The group's value, and whether VQ is here an outcome or a cost turned upside down."""
    said = reciprocal_cost_sentence(reciprocal)
    if not reciprocal["reason"].iloc[0]:
        said = f"{said.partition(' (')[0]}."  # its coefficients stand with the soundness checks
    elif said == ratio["reason"].iloc[0]:
        return said
    return f"{ratio_sentence(ratio, unit, currency)} {said}"


def plane_title(frame: pd.DataFrame, ci_level: float = 0.95) -> str:
    """Say whether patients whose care cost more had the better outcomes (columns `outcome`, `cost`)."""
    return row_sentence(spearman(frame["cost"], frame["outcome"], ci_level).iloc[0], "Cost", "outcome")


def ratio_sentence(result: pd.DataFrame, outcome_unit: str, currency: str) -> str:
    """Return the ratio of means in words, from `ratio_of_means` (or one group's rows of it), by Fieller.

    A "complement" or "whole line" interval is told as what it is: cost so uncertain that limits do not exist.
    """
    row = result[result["method"] == "fieller"].iloc[0]
    if row["reason"]:
        return row["reason"]
    decimals = wording.decimals_for(row["low"], row["high"])
    value, low, high = (wording.number(row[name], decimals) for name in ("estimate", "low", "high"))
    bought = f"Each {currency} {wording.number(row['per'], 0)} bought {value} {outcome_unit} on average"
    n, level = f"n = {int(row['n']):,}", wording.level_name(row["ci_level"])
    if row["ci_kind"] == "bounded":
        return f"{bought} ({wording.interval(row['low'], row['high'], row['ci_level'], decimals)}, {n})."
    rest = f"everything below {low} or above {high}"
    verb = f"is {rest}" if row["ci_kind"] == "complement" else "rules out nothing"
    return f"{bought} ({n}), but mean cost is not clearly above zero: the {level} interval {verb}."
