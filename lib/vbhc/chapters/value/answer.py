"""The one-line answer on value, put together from the results just computed."""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.value.ratio_words import ratio_sentence
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
