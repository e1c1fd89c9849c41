"""Everything that a study may hold, of twelve patients, six respondents and five interviewees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from unlike.writing import answers, identifiers, whole, write

CONFIG = """\
title: "MADE UP: twelve patients and five interviews"
synthetic: true
sources:
  patients: {file: raw/patients.csv}
  answers: {file: raw/answers.csv, layout: visits}
  lines: {file: raw/lines.csv, layout: resource-lines}
  survey: {file: raw/survey.csv, layout: respondents, key: [respondent]}
visits:
  baseline: {label: Before treatment}
  6m: {label: Six months later, months: 6}
instruments:
  eq5d: {instrument: eq5d-5l, items: "eq5d_{item}", value_set: 5l-vt-germany}
  vas: {instrument: eq-vas, items: "{item}"}
  care: {instrument: likert, items: [care_1, care_2], once: true, options: {scale: care, low: 1, high: 5}}
cost:
  currency: EUR
  price_year: 2024
  perspective: hospital
  unit_costs: unit_costs.csv
  lines: lines
  components: {ward: [day], clinic: [visit]}
perception: {column: care, direction: higher is better, label: Experience of the care}
value_quota: {outcome: eq_vas}
willingness_to_pay: {amount: 50000, currency: EUR}
groups:
  arm: {column: arm, label: Arm, kind: arm, reference: usual care}
  provider: {column: provider, label: Hospital, kind: provider}
  sex: {column: sex, label: Sex}
covariates: [arm, age]
deaths: died
interviews:
  file: raw/interviews.csv
  participants: raw/participants.csv
  group: role
survey:
  source: survey
  group: role
  statements: [value_outcome, value_cost]
  ranking: [rank_survival, rank_symptoms, rank_cost]
equivalence_margin: 0.2
"""
DICTIONARY = """\
patient_id,Patient,string,,,,,,,patients
arm,Arm,category,,,,usual care;new care,,,patients
provider,Hospital,category,,,,east;west,,,patients
sex,Sex,category,,,,female;male,,,patients
age,Age,integer,years,18,110,,,,patients
died,Died within six months,category,,,,yes;no,,,patients
care_1,Was told what would happen,integer,,1,5,,,higher is better,patients
care_2,Was listened to,integer,,1,5,,,higher is better,patients
eq5d_mo,EQ-5D-5L mobility,integer,level,1,5,,,lower is better,answers
eq5d_sc,EQ-5D-5L self-care,integer,level,1,5,,,lower is better,answers
eq5d_ua,EQ-5D-5L usual activities,integer,level,1,5,,,lower is better,answers
eq5d_pd,EQ-5D-5L pain or discomfort,integer,level,1,5,,,lower is better,answers
eq5d_ad,EQ-5D-5L anxiety or depression,integer,level,1,5,,,lower is better,answers
vas,EQ VAS,integer,points,0,100,,,higher is better,answers
respondent,Respondent,string,,,,,,,survey
role,Respondents,category,,,,patient;clinician;manager,,,survey
value_outcome,Value is first of all what changes for the patient,integer,,1,5,,,,survey
value_cost,Cost belongs in the word value,integer,,1,5,,,,survey
rank_survival,Living longer,integer,rank,1,3,,,lower is better,survey
rank_symptoms,Fewer symptoms,integer,rank,1,3,,,lower is better,survey
rank_cost,Lower cost,integer,rank,1,3,,,lower is better,survey
"""
PRICES = """\
day,day,500,EUR,2024,assumption
visit,visit,120,EUR,2024,assumption
"""
PEOPLE = {"C1": "clinician", "C2": "clinician", "C3": "clinician", "M1": "manager", "M2": "manager"}
SAID = {
    "health gain": "What counts is whether they walk again.",
    "sparing resources": "Every day on the ward that is not needed is a loss.",
    "being heard": "Nobody asks them what they hoped for.",
}
# who raised which code: one everybody, one the managers alone, one some of each
RAISED = {"health gain": "C1 C2 C3 M1 M2", "sparing resources": "M1 M2", "being heard": "C1 C3 M2"}


def twelve(folder: Path, n: int = 12) -> Path:
    """Write the study: six patients an arm, one of them without a follow-up, none dead."""
    rng = np.random.default_rng(16)
    patients = pd.DataFrame(
        {
            "patient_id": identifiers(n),
            "arm": np.where(np.arange(n) % 2, "new care", "usual care"),
            "provider": np.where(np.arange(n) % 3, "east", "west"),
            "sex": rng.choice(["female", "male"], n),
            "age": whole(rng.normal(70, 9, n), 18, 99),
            "died": "no",
            "care_1": rng.integers(2, 6, n),
            "care_2": rng.integers(2, 6, n),
        }
    )
    used = {"day": rng.integers(2, 12, n), "visit": rng.integers(1, 5, n)}
    lines = [
        pd.DataFrame({"patient_id": patients["patient_id"], "resource": name, "quantity": quantity})
        for name, quantity in used.items()
    ]
    raw = {"patients": patients, "answers": _answers(rng, n), "lines": pd.concat(lines)}
    return write(folder, CONFIG, DICTIONARY, raw | {"survey": _survey(rng)} | _interviews(), PRICES)


def _answers(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Both visits; the fifth patient was not seen at the second."""
    before = rng.uniform(0.3, 0.6, n)
    visits = []
    for visit, health in {"baseline": before, "6m": before + rng.normal(0.2, 0.15, n)}.items():
        levels = {
            f"eq5d_{item}": answers(health, 1, 5, rng.normal(0, 0.1, n))
            for item in ("mo", "sc", "ua", "pd", "ad")
        }
        rows = {"patient_id": identifiers(n), "visit": visit, **levels, "vas": whole(100 * health, 0, 100)}
        visits.append(pd.DataFrame(rows))
    return pd.concat([visits[0], visits[1].drop(index=4)])


def _survey(rng: np.random.Generator) -> pd.DataFrame:
    """Two of each group."""
    people = pd.DataFrame({"respondent": [f"R{number}" for number in range(1, 7)]})
    people["role"] = ["patient", "patient", "clinician", "clinician", "manager", "manager"]
    ranks = np.array([rng.permutation(3) + 1 for _ in range(6)]).T
    names = ("rank_survival", "rank_symptoms", "rank_cost")
    graded = {name: rng.integers(1, 6, 6) for name in ("value_outcome", "value_cost")}
    return people.assign(**graded, **dict(zip(names, ranks, strict=True)))


def _interviews() -> dict[str, pd.DataFrame]:
    coded = [
        {"participant": person, "code": code, "text": f"{SAID[code]} ({person})"}
        for code, people in RAISED.items()
        for person in people.split()
    ]
    people = pd.DataFrame({"participant": PEOPLE.keys(), "role": PEOPLE.values()})
    return {"interviews": pd.DataFrame(coded), "participants": people}
