"""Two arms of 30; in one of them everybody died before the follow-up. What the care cost is known of all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from unlike.writing import answers, blank, identifiers, whole, write

CONFIG = """\
title: "MADE UP: one arm in which nobody lived to the follow-up"
synthetic: true
sources:
  patients: {file: raw/patients.csv}
visits:
  baseline: {label: At admission}
  6m: {label: Six months later, months: 6}
instruments:
  eq5d: {instrument: eq5d-3l, items: "eq5d_{item}", value_set: 3l-tto-uk}
cost:
  currency: EUR
  price_year: 2024
  perspective: hospital
  columns: {ward: ward_cost, drugs: drug_cost}
perception: {column: rating, direction: higher is better, label: Rating of the care}
value_quota: {outcome: eq5d_index}
groups:
  arm: {column: arm, label: Arm, kind: arm, reference: usual care}
covariates: [arm, age]
deaths: died
equivalence_margin: 0.2
willingness_to_pay: {amount: 50000, currency: EUR}
"""
PATIENTS = """\
patient_id,Patient,string,,,,,,,patients
arm,Arm,category,,,,usual care;new care,,,patients
age,Age,integer,years,18,110,,,,patients
died,Died within six months,category,,,,yes;no,,,patients
rating,Rating of the care,integer,,0,10,,,higher is better,patients
ward_cost,Cost of the ward,float,EUR,0,1000000,,,,patients
drug_cost,Cost of drugs,float,EUR,0,1000000,,,,patients
"""
DIMENSIONS = {
    "mo": "mobility",
    "sc": "self-care",
    "ua": "usual activities",
    "pd": "pain or discomfort",
    "ad": "anxiety or depression",
}


def dead_in_one_arm(folder: Path, n: int = 60) -> Path:
    """Write the study: all under usual care live, all under new care die; it costs about EUR 2,000 more."""
    rng = np.random.default_rng(13)
    new = np.arange(n) % 2 == 1
    before = rng.uniform(0.4, 0.8, n)
    patients = pd.DataFrame(
        {
            "patient_id": identifiers(n),
            "arm": np.where(new, "new care", "usual care"),
            "age": whole(rng.normal(74, 8, n), 18, 99),
            "died": np.where(new, "yes", "no"),
            "rating": whole(rng.normal(7, 2, n), 0, 10),
            "ward_cost": np.round(rng.lognormal(8.3, 0.3, n), 2),
            "drug_cost": np.round(2000 * new + rng.uniform(100, 400, n), 2),
        }
    )
    after = before + 0.1 + rng.normal(0, 0.1, n)
    levels = _levels(rng, "baseline", before, ~np.ones(n, bool)) | _levels(rng, "6m", after, new)
    lines = [
        f"eq5d_{code}_{visit},EQ-5D-3L {name},integer,level,1,3,,,lower is better,patients\n"
        for visit in ("baseline", "6m")
        for code, name in DIMENSIONS.items()
    ]
    return write(folder, CONFIG, PATIENTS + "".join(lines), {"patients": patients.assign(**levels)})


def _levels(
    rng: np.random.Generator, visit: str, health: np.ndarray, absent: np.ndarray
) -> dict[str, np.ndarray]:
    drawn = {code: answers(health, 1, 3, rng.normal(0, 0.2, len(health))) for code in DIMENSIONS}
    return {f"eq5d_{code}_{visit}": blank(level, absent) for code, level in drawn.items()}
