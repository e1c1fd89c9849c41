"""200 patients whose outcome, cost and rating were drawn apart; nobody died and nobody was interviewed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from unlike.writing import identifiers, whole, write

CONFIG = """\
title: "MADE UP: outcome, cost and rating have nothing to do with each other"
synthetic: true
sources:
  patients: {file: raw/patients.csv}
  lines: {file: raw/lines.csv, layout: resource-lines}
visits:
  baseline: {label: Before treatment}
  6m: {label: Six months later, months: 6}
instruments:
  vas: {instrument: eq-vas, items: "{item}"}
cost:
  currency: EUR
  price_year: 2024
  perspective: hospital
  unit_costs: unit_costs.csv
  lines: lines
  components: {ward: [day], clinic: [visit]}
perception: {column: rating, direction: higher is better, label: Rating of the care}
value_quota: {outcome: eq_vas}
groups:
  site: {column: site, label: Clinic, kind: site}
covariates: [age]
equivalence_margin: 0.2
"""
DICTIONARY = """\
patient_id,Patient,string,,,,,,,patients
age,Age,integer,years,18,110,,,,patients
site,Clinic,category,,,,north;south,,,patients
rating,Rating of the care,integer,,1,5,,,higher is better,patients
vas_baseline,EQ VAS before treatment,integer,points,0,100,,,higher is better,patients
vas_6m,EQ VAS six months later,integer,points,0,100,,,higher is better,patients
"""
PRICES = """\
day,day,600,EUR,2024,assumption
visit,visit,150,EUR,2024,assumption
"""


def no_relation(folder: Path, n: int = 200) -> Path:
    """Write the study: gain about 10 points, cost about EUR 5,000, ratings 1 to 5 equally often."""
    rng = np.random.default_rng(11)
    patients = pd.DataFrame(
        {
            "patient_id": identifiers(n),
            "age": whole(rng.normal(66, 10, n), 18, 95),
            "site": rng.choice(["north", "south"], n),
            "rating": rng.integers(1, 6, n),
            "vas_baseline": whole(rng.normal(50, 15, n), 0, 100),
            "vas_6m": whole(rng.normal(60, 15, n), 0, 100),
        }
    )
    used = {"day": 1 + rng.poisson(6, n), "visit": 1 + rng.poisson(2, n)}
    lines = [
        pd.DataFrame({"patient_id": patients["patient_id"], "resource": name, "quantity": quantity})
        for name, quantity in used.items()
    ]
    return write(folder, CONFIG, DICTIONARY, {"patients": patients, "lines": pd.concat(lines)}, PRICES)
