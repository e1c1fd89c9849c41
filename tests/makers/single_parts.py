"""Sound studies that hold one thing only: outcomes, costs, or a survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from unlike.writing import answers, blank, identifiers, whole, write

VISITS = """\
visits:
  baseline: {label: Before}
  3m: {label: Three months later, months: 3}
  12m: {label: A year later, months: 12}
"""
OUTCOMES = f"""\
title: "MADE UP: knees before and after"
synthetic: true
disclosure: nhs-proms
sources:
  patients: {{file: raw/patients.csv}}
  answers: {{file: raw/answers.csv, layout: visits}}
{VISITS}instruments:
  knee: {{instrument: oks, items: "oks_{{item}}"}}
  pain: {{instrument: score, items: pain, range: [0, 10], direction: lower, label: Worst pain of the week,
         mcid: {{value: 2, source: "Farrar 2001, Pain 94:149-58"}}}}
groups:
  sex: {{column: sex, label: Sex}}
  clinic: {{column: clinic, label: Clinic, kind: site}}
covariates: [age, sex]
"""
COSTS = """\
title: "MADE UP: what a year of care cost"
synthetic: true
sources:
  patients: {file: raw/patients.csv}
visits:
  baseline: {label: In the year}
cost: {currency: EUR, price_year: 2024, perspective: hospital, columns: {ward: ward, clinic: visits}}
groups:
  sex: {column: sex, label: Sex}
"""
SURVEY = """\
title: "MADE UP: what counts as value"
synthetic: true
sources:
  survey: {file: raw/survey.csv, layout: respondents}
survey:
  source: survey
  group: role
  statements: [value_outcome, value_cost]
  ranking: [rank_survival, rank_symptoms, rank_cost]
"""
RATINGS = f"""\
title: "MADE UP: would they recommend the clinic"
synthetic: true
sources:
  patients: {{file: raw/patients.csv}}
  answers: {{file: raw/answers.csv, layout: visits}}
{VISITS}instruments:
  friends: {{instrument: fft, items: [fft]}}
"""
PERSON = """\
patient_id,Patient,string,,,,,,,patients
age,Age,integer,years,18,110,,,,patients
sex,Sex,category,,,,female;male,,,patients
"""
ITEMS = range(1, 13)


def outcomes_only(folder: Path, n: int = 180) -> Path:
    """Knees: about 14 of 48 points better after a year, pain down from 7 to 3, a fifth without an answer."""
    rng = np.random.default_rng(12)
    people = identifiers(n)
    patients = pd.DataFrame({
        "patient_id": people, "age": whole(rng.normal(68, 9, n), 30, 95),
        "sex": rng.choice(["female", "male"], n), "clinic": rng.choice(["East", "West"], n),
    })  # fmt: skip
    parts = []
    for visit, middle in (("baseline", 0.4), ("3m", 0.6), ("12m", 0.7)):
        health = np.clip(rng.normal(middle, 0.12, n), 0, 1)
        items = {f"oks_{item}": answers(health, 4, 0, rng.normal(0, 0.15, n)) for item in ITEMS}
        pain = whole(10 * (1.1 - health) + rng.normal(0, 0.5, n), 0, 10)
        parts.append(pd.DataFrame({"patient_id": people, "visit": visit, **items, "pain": pain}))
    gone = rng.permutation(n)[: n // 5]
    parts[-1] = parts[-1].drop(index=gone)
    dictionary = PERSON + "clinic,Clinic,category,,,,East;West,,,patients\n"
    dictionary += "".join(f"oks_{item},Knee {item},integer,,0,4,,,,answers\n" for item in ITEMS)
    dictionary += "pain,Worst pain,integer,,0,10,,,lower is better,answers\n"
    return write(folder, OUTCOMES, dictionary, {"patients": patients, "answers": pd.concat(parts)})


def costs_only(folder: Path, n: int = 90) -> Path:
    """A year of costs, skewed as costs are, and nothing on how anybody fared."""
    rng = np.random.default_rng(13)
    patients = pd.DataFrame({
        "patient_id": identifiers(n), "age": whole(rng.normal(60, 12, n), 20, 95),
        "sex": rng.choice(["female", "male"], n), "ward": rng.gamma(1.5, 2000, n).round(2),
        "visits": rng.gamma(2, 150, n).round(2),
    })  # fmt: skip
    dictionary = PERSON + "ward,Ward,float,EUR,0,,,,,patients\nvisits,Visits,float,EUR,0,,,,,patients\n"
    return write(folder, COSTS, dictionary, {"patients": patients})


def ratings_only(folder: Path, n: int = 90) -> Path:
    """Friends and Family at every visit, drawn without regard to the visit: nothing changes."""
    rng, people = np.random.default_rng(15), identifiers(n)
    patients = pd.DataFrame({
        "patient_id": people, "age": whole(rng.normal(55, 9, n), 20, 95),
        "sex": rng.choice(["female", "male"], n),
    })  # fmt: skip
    rows = [(one, visit) for visit in ("baseline", "3m", "12m") for one in people]
    table = pd.DataFrame(rows, columns=["patient_id", "visit"]).assign(fft=rng.integers(1, 7, 3 * n))
    dictionary = PERSON + "fft,Would recommend,integer,,1,6,,,,answers\n"
    return write(folder, RATINGS, dictionary, {"patients": patients, "answers": table})


def survey_only(folder: Path, n: int = 120) -> Path:
    """Patients put outcome above cost, managers do not; three outcomes ranked."""
    rng = np.random.default_rng(14)
    role = rng.choice(["patient", "clinician", "manager"], n, p=[0.5, 0.3, 0.2])
    tilt = np.where(role == "manager", -0.5, 0.5)
    ranks = np.argsort(np.argsort(rng.normal([0, 0.3, 1], 1, (n, 3)), axis=1), axis=1) + 1
    table = pd.DataFrame({
        "respondent": [f"R{k:03d}" for k in range(n)], "role": role,
        "value_outcome": whole(3.6 + tilt + rng.normal(0, 0.9, n), 1, 5),
        "value_cost": blank(whole(3 - tilt + rng.normal(0, 0.9, n), 1, 5), rng.random(n) < 0.05),
        **dict(zip(("rank_survival", "rank_symptoms", "rank_cost"), ranks.T, strict=True)),
    })  # fmt: skip
    numbers = [("value_outcome", "Outcomes come first", 5), ("value_cost", "Costs come first", 5)]
    numbers += [(f"rank_{one}", f"Rank of {one}", 3) for one in ("survival", "symptoms", "cost")]
    dictionary = "respondent,Respondent,string,,,,,,,survey\n"
    dictionary += "role,Role,category,,,,patient;clinician;manager,,,survey\n"
    dictionary += "".join(f"{name},{label},integer,,1,{most},,,,survey\n" for name, label, most in numbers)
    return write(folder, SURVEY, dictionary, {"survey": table})


STUDIES = {
    "outcomes-only": outcomes_only,
    "costs-only": costs_only,
    "ratings-only": ratings_only,
    "survey-only": survey_only,
}
