"""Write small studies for tests: a folder with study.yml, dictionary.csv, unit costs and raw files."""

from __future__ import annotations

from pathlib import Path

import yaml

from vbhc.study import Study, load_study

DICTIONARY = """\
name,label,type,unit,min,max,allowed,missing_codes,direction,source
patient_id,Patient,string,,,,,,,patients
age,Age,integer,years,18,110,,999,,patients
bmi,Body mass index,float,kg/m2,10,70,,,,patients
sex,Sex,category,,,,1=female;2=male,9,,patients
smoker,Smoker,boolean,,,,1=ticked;9=not ticked,,,patients
admitted,Day of admission,date,,,,,,,patients
opinion,Rating of the care,integer,,1,5,,9,lower is better,patients
vas,EQ VAS,integer,points,0,100,,999,higher is better,answers
"""
PATIENTS = """\
patient_id,age,bmi,sex,smoker,admitted,opinion
P1,70,25.5,1,9,2023-01-31,1
P2,81,31,2,1,2023-02-01,5
P3,999,,9,9,2023-02-02,9
"""
ANSWERS = """\
patient_id,visit,vas
P1,baseline,40
P1,6m,70
P2,baseline,9
P2,6m,999
P3,baseline,50
"""
LINES = """\
patient_id,resource,quantity
P1,bed_day,3
P1,visit,2
P2,bed_day,1.5
"""
UNIT_COSTS = """\
resource,unit,unit_cost,currency,price_year,source
bed_day,day,400,EUR,2020,Hospital price list 2020
visit,visit,100,EUR,2020,Assumption: as an outpatient visit
"""
CONFIG = {
    "title": "A small study",
    "sources": {
        "patients": {"file": "raw/patients.csv"},
        "answers": {"file": "raw/answers.csv", "layout": "visits"},
        "lines": {"file": "raw/lines.csv", "layout": "resource-lines"},
    },
    "visits": {"baseline": {"label": "before"}, "6m": {"label": "6 months", "months": 6}},
    "instruments": {"vas": {"instrument": "eq-vas", "items": "{item}"}},
    "cost": {
        "currency": "EUR",
        "price_year": 2020,
        "perspective": "hospital",
        "unit_costs": "unit_costs.csv",
        "components": {"ward": ["bed_day"], "clinic": ["visit"]},
        "lines": "lines",
    },
    "perception": {"column": "opinion", "direction": "lower is better", "label": "Rating of the care"},
    "value_quota": {"outcome": "eq_vas", "form": "gain", "per": 1000},
    "groups": {"sex": {"column": "sex", "label": "Sex"}},
    "equivalence_margin": 0.2,
}
FILES = {
    "dictionary.csv": DICTIONARY,
    "unit_costs.csv": UNIT_COSTS,
    "raw/patients.csv": PATIENTS,
    "raw/answers.csv": ANSWERS,
    "raw/lines.csv": LINES,
}


def write_study(folder: Path, files: dict[str, str | bytes | None] | None = None, **config) -> Path:
    """Write the small study; files and keys of study.yml can be replaced, None leaves them out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**FILES, **(files or {})}.items():
        if content is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    keys = {key: value for key, value in {**CONFIG, **config}.items() if value is not None}
    (folder / "study.yml").write_text(
        yaml.safe_dump(keys, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    return folder


def sources_with(patients: dict) -> dict:
    """Sources of the small study with another description of the patients' file."""
    return {**CONFIG["sources"], "patients": patients}


def small_study(folder: Path, files: dict[str, str | bytes | None] | None = None, **config) -> Study:
    """Write the small study and load it."""
    return load_study(str(write_study(folder, files, **config)))
