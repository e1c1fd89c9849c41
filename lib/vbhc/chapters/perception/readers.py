"""The same results for three readers: what a clinician, a manager and a patient can take from them."""

from __future__ import annotations

import math

import pandas as pd

from vbhc import wording
from vbhc.chapters.value.artefacts import rho
from vbhc.publish.answer import READERS
from vbhc.publish.sentences import strength

NOTICEABLE = 0.1  # a rank correlation from here on is more than negligible
LOSS = 0.05  # a difference between two correlations from here on is worth a sentence


def perception_for_readers(
    three: pd.DataFrame, equivalence: pd.DataFrame, ceiling: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return what the three associations mean to each reader, from the results themselves.

    Parameters
    ----------
    three : DataFrame
        From `side_by_side` (Spearman's rows are read).
    equivalence : DataFrame
        From `equivalence` of perception with VQ.
    ceiling : DataFrame, optional
        From `ceiling`; says how much of what was possible was reached.

    Returns
    -------
    DataFrame
        `reader, sentence, n`: clinician, manager, patient. Where there is no answer every sentence is the
        reason.
    """
    rows = three[three["coefficient"] == "spearman"].set_index("with")
    reasons = [text for text in (*rows["reason"], equivalence["reason"].iloc[0]) if text]
    n = int(rows["n"].max()) if len(rows) else 0
    if reasons:
        return pd.DataFrame({"reader": READERS, "sentence": reasons[0], "n": n})
    outcome, cost, vq = (rows.loc[name] for name in ("outcome", "cost", "VQ"))
    said = [_clinician(outcome, vq), _manager(cost, vq, ceiling), _patient(outcome, equivalence)]
    return pd.DataFrame({"reader": READERS, "sentence": said, "n": n})


def _clear(row: pd.Series) -> bool:
    return row["low"] > 0 or row["high"] < 0


def _clinician(outcome: pd.Series, vq: pd.Series) -> str:
    size = f"({rho(outcome)}, n = {int(outcome['n']):,})"
    if not _clear(outcome):
        return (
            f"Whether patients' judgement follows the outcome you measure is not clear {size}: ask them why."
        )
    if outcome["estimate"] < 0:
        return f"Patients with better outcomes judge their care worse {size}: find out what they missed."
    word = strength(outcome["estimate"])
    start = f"Patients with better outcomes judge their care better; the link is {word} {size}"
    with_vq = wording.number(vq["estimate"])
    if outcome["estimate"] - vq["estimate"] >= LOSS:
        return f"{start}. Dividing by cost hides part of that: with VQ it is {with_vq}."
    return f"{start}, and VQ shows it about as well ({with_vq})."


def _manager(cost: pd.Series, vq: pd.Series, ceiling: pd.DataFrame | None) -> str:
    size = f"({rho(cost)}, n = {int(cost['n']):,})"
    start = f"Patients whose care cost more judge it worse {size}"
    if not _clear(cost):
        start = f"No clear sign that patients whose care cost more judge it better or worse {size}"
    elif cost["estimate"] > 0:
        start = f"{start.replace('worse', 'better', 1)}: a higher VQ by cheaper care may cost that"
    possible = math.nan if ceiling is None or ceiling["reason"].iloc[0] else ceiling["estimate"].iloc[-1]
    if not possible > 0:
        return f"{start}. Do not read VQ as patients' opinion: with it their judgement goes {rho(vq)}."
    best, seen = wording.number(possible), wording.number(vq["estimate"])
    return (
        f"{start}. Do not read VQ as patients' opinion: even a judgement made wholly by outcome would go "
        f"with this VQ by {best}; theirs goes by {seen}."
    )


def _patient(outcome: pd.Series, equivalence: pd.DataFrame) -> str:
    row = equivalence.iloc[0]
    margin = wording.number(row["margin"])
    text = "A value figure such as VQ "
    if row["verdict"] == "smaller than the margin":
        text += f"says next to nothing about how you would judge your care (less than {margin})"
    elif row["verdict"] == "larger than the margin":
        text += f"goes with how patients judge their care (by more than {margin})"
    else:
        n = int(row["n"])
        text += f"may or may not go with how patients judge their care; {n:,} patients cannot tell"
    if _clear(outcome) and outcome["estimate"] >= NOTICEABLE:
        return f"{text}. What your treatment achieves does show in how you judge it, along with much else."
    return f"{text}. Your judgement holds more than the outcome measured here: it must be asked for itself."
