"""Do perception and outcome move together within a patient, from one visit to the next?

Only a perception that was asked at several visits can tell; a correlation between patients cannot.
"""

from __future__ import annotations

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.frames import rating
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Result
from vbhc.statistics.correlation.partial import repeated_measures
from vbhc.study import Study


def asked_at(study: Study, patients: pd.DataFrame) -> list[str]:
    """Return the visits at which perception was asked, in order; empty where it stands without a visit."""
    perception = study.config.perception
    if perception is None:
        return []
    return [visit for visit in study.config.visits if f"{perception.column}_{visit}" in patients]


def perception_over_visits(study: Study, patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Return perception and outcome with a row per patient and visit; both turned so that higher is better.

    Returns
    -------
    DataFrame
        `patient, visit, perception, outcome`; only visits at which both were asked, empty where there are
        fewer than two. Missing answers stay missing.
    """
    visits = [v for v in asked_at(study, patients) if f"{vq.outcome}_{v}" in patients]
    plan, parts = study.config.perception, []
    for visit in visits if len(visits) > 1 else ():
        turn = -1 if plan.direction == "lower is better" else 1
        seen = turn * patients[f"{plan.column}_{visit}"].astype(float)
        both = {"perception": seen, "outcome": vq.sign * patients[f"{vq.outcome}_{visit}"].astype(float)}
        parts.append(pd.DataFrame({"patient": patients.index, "visit": visit, **both}))
    columns = ["patient", "visit", "perception", "outcome"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def within_patients(study: Study, visits: pd.DataFrame, ci_level: float = 0.95) -> Result | None:
    """Say whether perception moves with the outcome within a patient; nothing where it was asked once.

    Cost belongs to the whole episode and not to a visit, so that there is no VQ to correlate over visits.

    Parameters
    ----------
    visits : DataFrame
        From `perception_over_visits`.
    """
    if visits.empty:
        return None
    row = repeated_measures(visits["perception"], visits["outcome"], visits["patient"], ci_level)
    said = within_patients_sentence(row, visits["visit"].nunique(), rating(study))
    return Result("within-patients", says=[said], counts=row["n_patients"].tolist())


def within_patients_sentence(row: pd.DataFrame, visits: int, said: str = "perception") -> str:
    """Return what the repeated-measures correlation says, in words that follow its interval."""
    found = row.iloc[0]
    if found["reason"]:
        return found["reason"]
    reach = wording.interval(found["low"], found["high"], found["ci_level"])
    size = f"r = {wording.number(found['estimate'])}, {reach}"
    numbers = f"{size}, {int(found['n_patients']):,} patients at up to {visits} visits"
    if found["low"] > 0:
        return f"When a patient's outcome improves, so does that patient's {said} ({numbers})."
    if found["high"] < 0:
        return f"When a patient's outcome improves, that patient's {said} falls ({numbers})."
    return f"Whether {said} moves with the outcome within a patient is not settled ({numbers})."
