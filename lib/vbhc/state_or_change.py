"""Does perception follow where patients end, or how far they came?"""

from __future__ import annotations

import pandas as pd

from vbhc.association import partial_spearman, spearman
from vbhc.wording import number


def compare_states(
    perceived: pd.Series,
    baseline: pd.Series,
    follow_up: pd.Series,
    change: pd.Series,
    ci_level: float = 0.95,
) -> pd.DataFrame:
    """Correlate perception with baseline, follow-up and change of one scale, on the same patients.

    Parameters
    ----------
    perceived, baseline, follow_up, change : Series
        One value per patient on one index; `change` = follow-up minus baseline. Patients without all of
        them are left out of every row.

    Returns
    -------
    DataFrame
        `with, estimate, ci_low, ci_high, n`: Spearman with baseline, follow-up, change, and with the change
        among patients alike at baseline (partial rank correlation).
    """
    together = pd.concat([perceived, baseline, follow_up, change], axis=1).dropna().astype(float)
    together.columns = ["perceived", "baseline", "follow-up", "change"]
    rows = []
    for name in ("baseline", "follow-up", "change"):
        rows.append((name, spearman(together["perceived"], together[name], ci_level).iloc[0]))
    held = partial_spearman(together["perceived"], together["change"], together[["baseline"]], ci_level)
    rows.append(("change, baseline held", held.iloc[0]))
    table = [(name, row["estimate"], row["ci_low"], row["ci_high"], len(together)) for name, row in rows]
    return pd.DataFrame(table, columns=["with", "estimate", "ci_low", "ci_high", "n"])


def states_sentence(states: pd.DataFrame) -> str:
    """Say which of state and change perception follows more closely, by size, with the numbers."""
    rho = states.set_index("with")["estimate"]
    if rho.isna().any():
        return (
            "Perception cannot be set against baseline, follow-up and change: too few patients, or no spread."
        )
    end, way = abs(rho["follow-up"]), abs(rho["change"])
    lead = (
        "Perception follows where patients end more closely than how far they came"
        if end - way > 0.05
        else "Perception follows how far patients came more closely than where they end"
        if way - end > 0.05
        else "Perception follows where patients end and how far they came about equally"
    )
    return (
        f"{lead}: ρ = {number(rho['follow-up'])} with follow-up, {number(rho['change'])} with change and "
        f"{number(rho['baseline'])} with baseline (n = {int(states['n'].iloc[0]):,}). Among patients who "
        f"started alike, ρ with change is {number(rho['change, baseline held'])}."
    )
