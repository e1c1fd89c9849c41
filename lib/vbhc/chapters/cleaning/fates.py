"""What became of each patient by the last visit: answered, did not answer, or died without an answer."""

from __future__ import annotations

import pandas as pd

from vbhc.cleaning.scoring import score_label
from vbhc.study import Study
from vbhc.study.deaths import deaths

ANSWERED, SILENT, DIED = "answered", "did not answer", "died"
ORDER = (ANSWERED, SILENT, DIED)


def outcome_stem(study: Study, patients: pd.DataFrame) -> str:
    """Return the score that is followed: the value quota's, else the first with a change; "" for none."""
    if not study.config.visits:
        return ""
    quota = study.config.value_quota
    stems = [quota.outcome] if quota else []
    stems += [str(name).removesuffix("_change") for name in patients if str(name).endswith("_change")]
    return next((stem for stem in stems if f"{stem}_{study.follow_up}" in patients), "")


def fates(study: Study, patients: pd.DataFrame) -> pd.Series | None:
    """Return what became of each patient, one of `ORDER`; None where no score is followed.

    Who gave an answer at the last visit has answered, whatever became of them later; a study that records
    no deaths has none.
    """
    stem = outcome_stem(study, patients)
    if not stem:
        return None
    answered = patients[f"{stem}_{study.follow_up}"].notna()
    found = pd.Series(SILENT, index=patients.index, name="fate", dtype=object)
    return found.mask(deaths(study, patients), DIED).mask(answered, ANSWERED)


def outcome_name(study: Study, patients: pd.DataFrame) -> str:
    """Return what the followed score is called."""
    return score_label(study, outcome_stem(study, patients))


def last_visit(study: Study) -> str:
    """Return the label of the last visit as it stands within a sentence."""
    return within(study.config.visits[study.follow_up].label)


def within(label: str) -> str:
    """Return a label as it stands within a sentence: "T1" stays what it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
