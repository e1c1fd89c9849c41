"""The one-line answers of the notebooks, put together from the results they have just computed."""

from __future__ import annotations

import pandas as pd

from vbhc.publish.sentences import side_by_side_sentence
from vbhc.wording import number, percent

COEFFICIENTS = {"spearman": "Spearman's ρ", "kendall": "Kendall's τ-b", "polychoric": "Polychoric r"}
READ_FIRST = ("coefficient", "with", "estimate", "low", "high")
INTERVALS = {"bonett-wright": "Bonett-Wright", "ml": "likelihood"}


def coefficients_in_words(three: pd.DataFrame) -> pd.DataFrame:
    """Return `correlation.side_by_side` as readers see it: a coefficient named with its kind of interval."""
    kinds = three["method"].replace(INTERVALS)
    names = three["coefficient"].replace(COEFFICIENTS)
    named = three.assign(coefficient=names + kinds.map(lambda kind: f" ({kind} interval)" if kind else ""))
    return named[[*READ_FIRST, "p", "n", "n_missing", "ties_x", "ties_y"]]


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


def plain_answer(three: pd.DataFrame) -> str:
    """Say in plain words whether better outcomes, and more outcome per cost, go with more perceived value."""
    rho = three[three["coefficient"] == "spearman"].set_index("with")
    if rho[["low", "high"]].isna().any(axis=None):
        return ""
    outcome, vq = (_way(rho.loc[name]) for name in ("outcome", "VQ"))
    lead = "These data do not settle whether patients with better outcomes perceived more value"
    if outcome:
        lead = f"Patients with better outcomes perceived {outcome} value"
    if vq == outcome:
        tail = "and so did those with" if vq else "nor whether those with"
        return f"{lead}, {tail} more outcome per cost{'' if vq else ' did'}."
    if vq:
        return f"{lead}, while those with more outcome per cost perceived {vq} value."
    return f"{lead}, while for more outcome per cost that is not settled."


def _way(row: pd.Series) -> str:
    return "more" if row["low"] > 0 else "less" if row["high"] < 0 else ""


def perception_answer(three: pd.DataFrame, equivalence: pd.DataFrame) -> str:
    """In plain words, then the three associations, and whether the one with VQ was shown to be small."""
    numbers = f"{plain_answer(three)} {side_by_side_sentence(three)}".strip()
    row = equivalence.iloc[0]
    if row["reason"]:
        return f"{numbers} {row['reason']}"
    margin = number(row["margin"])
    if row["verdict"] == "larger than the margin" and row["estimate"] > 0:
        return f"{numbers} The association with VQ is shown not to be poor: larger than {margin}."
    if row["verdict"] == "larger than the margin":
        return f"{numbers} The association with VQ goes the other way, beyond minus {margin}."
    if row["verdict"] == "smaller than the margin":
        return f"{numbers} The association with VQ is shown to be poor: smaller than {margin} either way."
    said = f"Whether the association with VQ is poor (smaller than {margin}) is not settled by these data."
    return f"{numbers} {said}"
