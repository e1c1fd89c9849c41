"""Does perception follow where patients end, or how far they came?"""

from __future__ import annotations

import pandas as pd

from vbhc.association import difference_sentence, partial_spearman, spearman
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


def states_sentence(states: pd.DataFrame, gap: pd.DataFrame) -> str:
    """Say whether perception follows the state or the change more closely, and what each correlation is.

    Parameters
    ----------
    states : DataFrame
        From `compare_states`.
    gap : DataFrame
        `association.difference` of perception with follow-up and with change: its interval decides.
    """
    rho = states.set_index("with")["estimate"]
    if rho.isna().any():
        why = "too few patients, or no spread"
        return f"Perception cannot be set against baseline, follow-up and change: {why}."
    lead = difference_sentence(gap, "state at follow-up", "change since baseline")
    return (
        f"{lead} ρ = {number(rho['follow-up'])} with follow-up, {number(rho['change'])} with change and "
        f"{number(rho['baseline'])} with baseline (n = {int(states['n'].iloc[0]):,}). Among patients who "
        f"started alike, ρ with change is {number(rho['change, baseline held'])}."
    )
