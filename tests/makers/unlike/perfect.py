"""120 patients who perceive exactly what they gain for the cost, and three groups who agree on everything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from unlike.writing import identifiers, whole, write

CONFIG = """\
title: "MADE UP: perception follows gain over cost without a slip, and all groups agree"
synthetic: true
sources:
  patients: {file: raw/patients.csv}
  survey: {file: raw/survey.csv, layout: respondents, key: [respondent]}
visits:
  baseline: {label: Before treatment}
  6m: {label: Six months later, months: 6}
instruments:
  vas: {instrument: eq-vas, items: "{item}"}
cost: {currency: EUR, price_year: 2024, perspective: hospital, columns: {total: total}}
perception: {column: worth, direction: higher is better, label: Worth of the care}
value_quota: {outcome: eq_vas}
groups:
  site: {column: site, label: Clinic, kind: site}
covariates: [age]
survey:
  source: survey
  group: role
  statements: [value_outcome, value_cost]
  ranking: [rank_survival, rank_symptoms, rank_cost]
  best_worst:
    bw_1: [survival, symptoms, cost]
    bw_2: [survival, symptoms, waiting]
    bw_3: [survival, cost, waiting]
    bw_4: [symptoms, cost, waiting]
  delphi: {agree_from: 4, share: 0.75, most_iqr: 1}
equivalence_margin: 0.2
"""
DICTIONARY = """\
patient_id,Patient,string,,,,,,,patients
age,Age,integer,years,18,110,,,,patients
site,Clinic,category,,,,north;south,,,patients
vas_baseline,EQ VAS before treatment,integer,points,0,100,,,higher is better,patients
vas_6m,EQ VAS six months later,integer,points,0,100,,,higher is better,patients
total,Cost of the care,float,EUR,0,1000000,,,,patients
worth,Worth of the care,float,points,0,100,,,higher is better,patients
respondent,Respondent,string,,,,,,,survey
role,Respondents,category,,,,patient;clinician;manager,,,survey
value_outcome,Value is first of all what changes for the patient,integer,,1,5,,,,survey
value_cost,Cost belongs in the word value,integer,,1,5,,,,survey
rank_survival,Living longer,integer,rank,1,3,,,lower is better,survey
rank_symptoms,Fewer symptoms,integer,rank,1,3,,,lower is better,survey
rank_cost,Lower cost,integer,rank,1,3,,,lower is better,survey
"""
TASKS = {
    "bw_1": ("survival", "symptoms", "cost"),
    "bw_2": ("survival", "symptoms", "waiting"),
    "bw_3": ("survival", "cost", "waiting"),
    "bw_4": ("symptoms", "cost", "waiting"),
}


def perfect(folder: Path, n: int = 120) -> Path:
    """Write the study: nobody missing, nobody dead; everybody gains 5 to 40 points for EUR 2,000 to 9,000."""
    rng = np.random.default_rng(14)
    before, gain = rng.integers(20, 56, n), rng.integers(5, 41, n)
    total = np.round(rng.uniform(2000, 9000, n), 2)
    patients = pd.DataFrame(
        {
            "patient_id": identifiers(n),
            "age": whole(rng.normal(60, 12, n), 18, 95),
            "site": rng.choice(["north", "south"], n),
            "vas_baseline": before,
            "vas_6m": before + gain,
            "total": total,
            "worth": 100 * np.tanh(100 * gain / total),
        }
    )
    lines = [
        f'{task}_{end},"{task}, {end}",category,,,,{";".join(items)},,,survey\n'
        for task, items in TASKS.items()
        for end in ("best", "worst")
    ]
    return write(folder, CONFIG, DICTIONARY + "".join(lines), {"patients": patients, "survey": _survey()})


def _survey(each: int = 10) -> pd.DataFrame:
    """Ten of each group, with the same answer to everything."""
    roles = [role for role in ("patient", "clinician", "manager") for _ in range(each)]
    graded = {"value_outcome": 5, "value_cost": 5, "rank_survival": 1, "rank_symptoms": 2, "rank_cost": 3}
    chosen = {f"{task}_best": items[0] for task, items in TASKS.items()}
    chosen |= {f"{task}_worst": items[-1] for task, items in TASKS.items()}
    names = [f"R{number:02d}" for number in range(1, len(roles) + 1)]
    return pd.DataFrame({"respondent": names, "role": roles}).assign(**graded, **chosen)
