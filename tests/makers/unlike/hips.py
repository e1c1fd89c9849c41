"""2,500 hip operations at 25 providers under a policy that protects: large gains, six prices, half unseen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from unlike.writing import answers, blank, identifiers, whole, write

CONFIG = """\
title: "MADE UP: hip operations paid by tariff"
synthetic: true
disclosure: nhs-proms
sources:
  patients: {file: raw/patients.csv}
visits:
  baseline: {label: Before surgery}
  6m: {label: Six months after surgery, months: 6}
instruments:
  oxford: {instrument: ohs, items: "ohs_{item}"}
cost: {currency: GBP, price_year: 2024, perspective: the commissioner, columns: {tariff: tariff}}
perception:
  column: satisfaction
  direction: lower is better
  label: How the patient rates the results of the operation
  kind: satisfaction with the result, not experience of care
  asked_at: 6m
value_quota: {outcome: ohs}
groups:
  provider: {column: provider, label: Provider, kind: provider}
  sex: {column: sex, label: Sex}
covariates: [age, sex]
equivalence_margin: 0.2
"""
PATIENTS = """\
patient_id,Patient,string,,,,,,,patients
provider,Provider,category,,,,{providers},,,patients
age,Age,integer,years,18,110,,,,patients
sex,Sex,category,,,,female;male,,,patients
tariff,Tariff of the operation,float,GBP,0,100000,,,,patients
satisfaction_6m,Result of the operation,integer,"1 excellent, 5 poor",1,5,,,lower is better,patients
"""
PROVIDERS = [f"ZX{number:02d}" for number in range(1, 26)]
TARIFFS = (5200, 5900, 6400, 7100, 8300, 9900)  # GBP, made up: six levels of complexity
ITEMS = range(1, 13)


def hip_like(folder: Path, n: int = 2500) -> Path:
    """Write the study: a gain of about 20 of 48 points, over nine in ten better, half without a follow-up."""
    rng = np.random.default_rng(15)
    before = np.clip(rng.normal(0.35, 0.15, n), 0.02, 0.8)
    after = np.clip(0.6 + 0.5 * before + rng.normal(0, 0.14, n), 0.1, 1)
    unanswered = rng.permutation(np.arange(n) < n // 2)
    patients = pd.DataFrame(
        {
            "patient_id": identifiers(n),
            "provider": rng.choice(PROVIDERS, n, p=rng.dirichlet(np.full(25, 4))),
            "age": whole(rng.normal(69, 10, n), 18, 99),
            "sex": rng.choice(["female", "male"], n, p=(0.6, 0.4)),
            "tariff": rng.choice(TARIFFS, n, p=(0.35, 0.25, 0.2, 0.1, 0.07, 0.03)),
            "satisfaction_6m": blank(answers(after, 1, 5, rng.normal(0, 0.2, n)), unanswered),
        }
    )
    nobody = np.zeros(n, dtype=bool)
    scores = _oxford(rng, "baseline", before, nobody) | _oxford(rng, "6m", after, unanswered)
    lines = [f"{name},Oxford hip score: {name},integer,,0,4,,,higher is better,patients\n" for name in scores]
    dictionary = PATIENTS.format(providers=";".join(PROVIDERS)) + "".join(lines)
    return write(folder, CONFIG, dictionary, {"patients": patients.assign(**scores)})


def _oxford(
    rng: np.random.Generator, visit: str, health: np.ndarray, absent: np.ndarray
) -> dict[str, np.ndarray]:
    drawn = {item: answers(health, 4, 0, rng.normal(0, 0.15, len(health))) for item in ITEMS}
    return {f"ohs_{item}_{visit}": blank(answer, absent) for item, answer in drawn.items()}
