"""The one-line answers of the notebooks, put together from the results they have just computed."""

from __future__ import annotations

import pandas as pd

from vbhc.association import side_by_side_sentence
from vbhc.stakeholders import codes_sentence, permanova_sentence
from vbhc.value import ratio_sentence, reciprocal_cost_sentence
from vbhc.wording import money, number, percent


def value_answer(ratio: pd.DataFrame, reciprocal: pd.DataFrame, unit: str, currency: str) -> str:
    """The group's value, and whether VQ is here an outcome or a cost turned upside down."""
    return f"{ratio_sentence(ratio, unit, currency)} {reciprocal_cost_sentence(reciprocal)}"


def cost_spread(cost: pd.Series, currency: str) -> str:
    """Say where costs lie: median, mean, and what the dearest tenth of patients carries of the sum."""
    known = cost.dropna()
    if known.empty or known.sum() <= 0:
        return "No patient has a cost above zero."
    dearest = known.nlargest(max(1, len(known) // 10)).sum() / known.sum()
    return (
        f"Half of patients cost at most {money(known.median(), currency)}; the mean is "
        f"{money(known.mean(), currency)}, and the dearest tenth carry {percent(dearest)} of the sum"
    )


def perception_spread(perception: pd.Series, label: str) -> str:
    """Say where the answers lie: median, and the share that chose the most common answer."""
    known = perception.dropna()
    if known.empty:
        return f"Nobody answered: {label}."
    best = percent((known == known.max()).mean())
    return (
        f"{label}: {len(known):,} answers, median {number(known.median(), 1)}; the best that anyone gave, "
        f"{number(known.max(), 1)}, came from {best}."
    )


def perception_title(perception: pd.Series) -> str:
    """Say whether answers crowd at the good end: the share in the upper half of the range that was used."""
    known = perception.dropna()
    if known.nunique() < 2:
        return "All answers are alike: nothing can go with them"
    upper = (known > (known.min() + known.max()) / 2).mean()
    return f"{percent(upper)} of patients answered in the better half of the range that was used"


def perception_answer(three: pd.DataFrame, equivalence: pd.DataFrame) -> str:
    """The three associations, and whether the one with VQ was shown to be small."""
    row = equivalence.iloc[0]
    if row["reason"]:
        return f"{side_by_side_sentence(three)} {row['reason']}"
    margin = number(row["margin"])
    if row["verdict"] == "larger than the margin":
        way = (
            "is shown not to be poor: larger than"
            if row["estimate"] > 0
            else "goes the other way, beyond minus"
        )
        return f"{side_by_side_sentence(three)} The one with VQ {way} {margin}."
    verdict = (
        f"The one with VQ is shown to be poor: smaller than {margin} either way."
        if row["verdict"] == "smaller than the margin"
        else f"Whether the one with VQ is poor (smaller than {margin}) these data do not settle."
    )
    return f"{side_by_side_sentence(three)} {verdict}"


def stakeholder_answer(omnibus: pd.DataFrame, codes: pd.DataFrame, alpha: float = 0.05) -> str:
    """Whether the groups differ as a whole, and whether any single code stands up on its own."""
    first, second = (str(codes[side].iloc[0]) for side in ("first", "second"))
    return f"{permanova_sentence(omnibus, first, second, alpha)} {codes_sentence(codes, alpha)}"
