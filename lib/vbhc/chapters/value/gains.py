"""How many patients gained enough to matter: responders by an individual MCID."""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.value.quota.declared import Definition
from vbhc.instruments.responders import responders, responders_sentence

RESPONDERS = ["category", "count", "estimate", "low", "high", "n", "n_missing", "threshold", "source"]


def responder_table(
    patients: pd.DataFrame, definition: Definition, ci_level: float = 0.95
) -> tuple[pd.DataFrame, str]:
    """Share of patients who improved, stayed alike or got worse by the outcome's individual MCID.

    Returns
    -------
    (table, sentence)
        `category, count, estimate, low, high, n, n_missing, threshold, source` (shares 0-1, Wilson).
        Where no individual MCID is recorded (a group's or a difference between groups does not judge one
        patient) the table is empty and the sentence is the reason.
    """
    label = definition.outcome_label.split(",")[0]
    try:
        table = responders(patients[f"{definition.outcome}_change"], definition.outcome, ci_level=ci_level)
    except ValueError:
        why = "a difference that matters between groups does not say whether one patient noticed a change"
        said = f"No smallest change that matters to a single patient is recorded for {label}; {why}."
        return pd.DataFrame(columns=RESPONDERS), said
    return table[RESPONDERS], responders_sentence(table, label, ci_level)


def threshold_note(table: pd.DataFrame) -> str:
    """Return the threshold of `responder_table` and its source, said once for all its rows."""
    row = table.iloc[0]
    return f"Improved, worsened: by {row['threshold']:g} or more. {row['source']}."
