"""150 patients of whom nearly all get worse; a fifth is not seen again; 1 is the best mark of the rating."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from unlike.writing import answers, blank, identifiers, whole, write

CONFIG = """\
title: "MADE UP: nearly everybody gets worse"
synthetic: true
sources:
  patients: {file: raw/patients.csv}
  answers: {file: raw/answers.csv, layout: visits}
visits:
  baseline: {label: Before treatment}
  6m: {label: Six months later, months: 6}
instruments:
  kccq: {instrument: kccq12, items: "q{item}"}
cost: {currency: EUR, price_year: 2024, perspective: hospital, columns: {total: total}}
perception: {column: rating, direction: lower is better, label: Rating of the care}
value_quota: {outcome: kccq12_os}
groups:
  site: {column: site, label: Clinic, kind: site}
covariates: [age]
equivalence_margin: 0.2
"""
PATIENTS = """\
patient_id,Patient,string,,,,,,,patients
age,Age,integer,years,18,110,,,,patients
site,Clinic,category,,,,north;south,,,patients
total,Cost of the care,float,EUR,0,1000000,,,,patients
rating,Rating of the care,integer,,1,5,,,lower is better,patients
"""
# item code -> number of its highest answer, which is the best
HIGHEST = {
    **dict.fromkeys(("1a", "1b", "1c", "2"), 5),
    **dict.fromkeys(("3", "4"), 7),
    **dict.fromkeys(("5", "6", "7", "8a", "8b", "8c"), 5),
}


def negative_gain(folder: Path, n: int = 150) -> Path:
    """Write the study: a loss of about 25 of 100 points among those who are seen again."""
    rng = np.random.default_rng(12)
    before = rng.uniform(0.55, 0.95, n)
    after = before - 0.25 + rng.normal(0, 0.1, n)
    unseen = rng.permutation(np.arange(n) < n // 5)
    patients = pd.DataFrame(
        {
            "patient_id": identifiers(n),
            "age": whole(rng.normal(78, 7, n), 18, 99),
            "site": rng.choice(["north", "south"], n, p=(0.35, 0.65)),
            "total": np.round(rng.lognormal(8.5, 0.5, n), 2),
            "rating": blank(answers(after, 1, 5, rng.normal(0.2, 0.15, n)), unseen),
        }
    )
    first, last = _kccq12(rng, "baseline", before), _kccq12(rng, "6m", after)[~unseen]
    items = [f"q{item},KCCQ-12 item {item},integer,,1,{top},,,,answers\n" for item, top in HIGHEST.items()]
    raw = {"patients": patients, "answers": pd.concat([first, last])}
    return write(folder, CONFIG, PATIENTS + "".join(items), raw)


def _kccq12(rng: np.random.Generator, visit: str, health: np.ndarray) -> pd.DataFrame:
    n = len(health)
    noise = {item: rng.normal(0, 0.08, n) for item in HIGHEST}
    items = {f"q{item}": answers(health, top, 1, noise[item]) for item, top in HIGHEST.items()}
    return pd.DataFrame({"patient_id": identifiers(n), "visit": visit, **items})
