"""Raw files as newcomers have them: SPSS with labels, a long CSV, interviews with a survey."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from places import DATA


def _levels(rng: np.random.Generator, health: np.ndarray, top: int) -> np.ndarray:
    """Answers of 1 (no problem) to `top`: the better the health, the lower."""
    return np.clip(np.round(top / 2 + 0.5 - health + rng.normal(0, 0.8, len(health))), 1, top).astype(int)


def spss_with_labels(folder: Path, n: int = 120, seed: int = 3) -> list[Path]:
    """A wide SPSS file: EQ-5D-5L and EQ VAS at two visits, marks with labels, costs in two columns."""
    import pyreadstat

    rng = np.random.default_rng(seed)
    before, table = rng.normal(-0.4, 1, n), pd.DataFrame({"PatientID": [f"P{1000 + k}" for k in range(n)]})
    table["sex"], table["age"] = rng.choice([1.0, 2.0], n), rng.integers(35, 90, n).astype(float)
    table["arm"] = rng.choice([0.0, 1.0], n)
    for visit, health in (("t0", before), ("t1", before + 0.5 + 0.4 * table["arm"] + rng.normal(0, 0.5, n))):
        for item in ("mo", "sc", "ua", "pd", "ad"):
            table[f"eq5d_{item}_{visit}"] = _levels(
                rng, health.to_numpy() if visit == "t1" else health, 5
            ).astype(float)
        table[f"vas_{visit}"] = np.clip(np.round(60 + 15 * health + rng.normal(0, 8, n)), 0, 100)
    table.loc[rng.choice(n, 6, replace=False), "vas_t1"] = 999.0
    table["satisfaction"] = _levels(rng, -rng.normal(0, 1, n), 5).astype(float)
    table["cost_hospital"] = np.round(rng.lognormal(8, 0.6, n), 2)
    table["cost_outpatient"] = np.round(rng.lognormal(6, 0.5, n), 2)
    path = folder / "knee clinic.sav"
    pyreadstat.write_sav(
        table, str(path), 
        column_labels={"sex": "Sex of the patient", "satisfaction": "Satisfaction with the result"},
        variable_value_labels={
            "sex": {1.0: "Male", 2.0: "Female"}, "arm": {0.0: "Usual care", 1.0: "New pathway"},
            "satisfaction": {1.0: "very poor", 2.0: "poor", 3.0: "fair", 4.0: "good", 5.0: "excellent"},
        },
        missing_ranges={"vas_t1": [999.0]},
    )  # fmt: skip
    return [path]


def long_with_totals(folder: Path, n: int = 90, seed: int = 5) -> list[Path]:
    """A long CSV of a Dutch spreadsheet: three visits a patient, costs, sex and arm in every row."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(n):
        health, sex, arm = rng.normal(), rng.choice(["m", "v"]), rng.choice(["interventie", "controle"])
        for number, visit in enumerate(("nulmeting", "3 maanden", "12 maanden")):
            items = [
                max(0, min(3, round(1.6 - health - 0.3 * number + rng.normal(0, 0.6)))) for _ in range(9)
            ]
            cost = f"{rng.lognormal(6 + 0.2 * (number == 1), 0.5):.2f}".replace(".", ",")
            rows.append([f"NL{k:03d}", visit, sex, arm, *items, cost])
    header = ["patient", "meetmoment", "geslacht", "arm", *(f"phq{k}" for k in range(1, 10)), "kosten_totaal"]
    path = folder / "depressie.csv"
    text = "\n".join(";".join(map(str, row)) for row in [header, *rows])
    path.write_text(text, encoding="cp1252")
    return [path]


def interviews_with_survey(folder: Path) -> list[Path]:
    """Coded interviews, their participants, and what more people answered in a survey, in Excel."""
    raw = DATA / "professionals/raw"
    paths = [folder / "interviews.qdpx", folder / "participants.csv", folder / "survey.xlsx"]
    shutil.copy(raw / "interviews.qdpx", paths[0])
    shutil.copy(raw / "participants.csv", paths[1])
    survey = pd.read_csv(DATA / "heart-failure/raw/survey.csv").dropna(subset=["respondent"])
    survey = survey.drop_duplicates("respondent").query("respondent_role != 'patiet'")
    survey.filter(regex="respond|^value_[a-z]+$|rank").to_excel(paths[2], index=False)
    return paths
