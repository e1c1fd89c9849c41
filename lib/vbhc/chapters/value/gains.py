"""How many patients gained enough to matter: responders by an individual MCID, and EQ-5D profile changes."""

from __future__ import annotations

import pandas as pd

from vbhc import instruments
from vbhc.chapters.value.quota.declared import Definition
from vbhc.cleaning.scoring import item_columns
from vbhc.instruments.eq5d_change import pchc
from vbhc.instruments.responders import responders, responders_sentence
from vbhc.study import Study

RESPONDERS = ["category", "count", "estimate", "low", "high", "n", "n_missing", "threshold", "source"]
PROFILES = ["change", "count", "share", "n", "n_missing"]
VERSIONS = {"eq5d-3l": "3L", "eq5d-5l": "5L", "eq5d-y-3l": "Y-3L"}


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


def profile_change(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Paretian classification of health change over all EQ-5D dimensions (Devlin 2010, Health Econ 19:886).

    Returns
    -------
    DataFrame
        `change, count, share, n, n_missing`: better on at least one dimension and worse on none, the reverse,
        mixed, or no change, from the first visit to the last; empty where the study has no EQ-5D at both.
    """
    for use in study.config.instruments.values():
        if use.instrument in VERSIONS and not use.once and study.baseline != study.follow_up:
            codes = instruments.get(use.instrument).items
            before, after = (
                patients[item_columns(use, codes, v)].set_axis(list(codes), axis=1)
                for v in (study.baseline, study.follow_up)
            )
            table = pchc(before, after, VERSIONS[use.instrument])
            whole = table[table["scope"] == "profile"]
            return whole.assign(share=whole["pct"] / 100)[PROFILES].reset_index(drop=True)
    return pd.DataFrame(columns=PROFILES)
