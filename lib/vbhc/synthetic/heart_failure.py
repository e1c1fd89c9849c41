"""The shipped study `heart-failure`: a synthetic twin of a published before/after trial of 248 patients.

`python -m vbhc.synthetic` writes the raw files anew, byte for byte. The trial whose size, groups and
published results it imitates: Ekman I, et al. Eur Heart J 2012;33:1112-9. Nobody in it is real.

The clean tables are spoilt the way real files come: gaps, missing codes, duplicates, slips of the keyboard.
Every blemish is there for a reader to find; `data/heart-failure/README.md` lists them and the flow table of
the cleaning notebook must account for each.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from vbhc.synthetic.answers import care_answers, visit_answers
from vbhc.synthetic.latent import FIGURES, draw_people, resource_lines
from vbhc.synthetic.tables import entries, stream, write_raw

SEED, N_PATIENTS = FIGURES["seed"], FIGURES["patients"]
NOT_ANSWERED, NOT_MEASURED = "-9", "999"
SHARE_OF_NOTES = 0.12
NOTES, NOTES_WITH_MARKUP = (
    [row["text"] for row in entries("mess_notes") if row["kind"] == kind] for kind in ("plain", "markup")
)


def draw(seed: int = SEED, n: int = N_PATIENTS) -> dict[str, pd.DataFrame]:
    """Draw a cohort without any blemish.

    Parameters
    ----------
    seed : int
        The committed files use `SEED`.
    n : int
        Number of patients; arms and delivery keep their shares.

    Returns
    -------
    dict of DataFrame
        `people` (true states, see `latent.draw_people`), `patients` (one row each), `answers` (one row per
        patient and visit) and `resources` (one row per line). Patients who died or did not answer have no
        row for `3m`; the perception items of those who skipped them are missing.
    """
    people = draw_people(seed, n)
    los, lines = resource_lines(people, seed)
    ids = pd.Series([f"HF-{number:0{max(3, len(str(n)))}d}" for number in range(1, n + 1)])
    patients = people.assign(patient_id=ids, los_days=los)
    delivered = people["delivered"].map({True: "yes", False: "no"})
    patients["delivered_as_intended"] = delivered.where(people["arm"] == "person-centred")
    patients["dead_3m"] = people["dead_3m"].map({True: "yes", False: "no"})
    patients["admission_date"] = people["admission_date"].dt.strftime("%Y-%m-%d")
    care = care_answers(people, seed).astype("Int64").where(people["answers_care"])
    answers = visit_answers(people, seed)
    answers.insert(0, "patient_id", ids.loc[answers.pop("patient")].to_numpy())
    lines.insert(0, "patient_id", ids.loc[lines.pop("patient")].to_numpy())
    lines["date"] = lines["date"].dt.strftime("%Y-%m-%d")
    return {
        "people": people,
        "patients": patients[FIGURES["columns"]].join(care),
        "answers": answers,
        "resources": lines,
    }


def spoil_patients(patients: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the patients as text: notes, missing codes, two rows twice and two people who are none."""
    rng = stream(seed, "mess of patients")
    n = len(patients)
    text = patients.astype(object).where(patients.notna(), "")
    text["bmi"] = [f"{value:.1f}".replace(".", ",") for value in patients["bmi"]]
    text.loc[rng.random(n) < 0.02, "bmi"] = NOT_MEASURED
    text.loc[rng.random(n) < 0.03, "ejection_fraction"] = NOT_MEASURED
    for column in [name for name in text if name.startswith("care_")]:
        text.loc[(text[column] != "") & (rng.random(n) < 0.012), column] = NOT_ANSWERED
    text["note"] = np.where(rng.random(n) < SHARE_OF_NOTES, rng.choice(NOTES, n), "")
    text.loc[rng.choice(n, len(NOTES_WITH_MARKUP), replace=False), "note"] = NOTES_WITH_MARKUP
    text = text.astype(str)
    first, second, child, elder = np.sort(rng.choice(n, 4, replace=False))
    nobody = text.loc[[child, elder]].assign(patient_id="", age=["7", "203"])
    parts = [text.loc[:first], text.loc[[first]], text.loc[first + 1 : second], nobody]
    return pd.concat([*parts, text.loc[second + 1 :], text.loc[[second]]], ignore_index=True)


def spoil_answers(answers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the answers as text: items left out (1-3 % in KCCQ), two ways of saying so, a visit misspelt."""
    rng = stream(seed, "mess of answers")
    text, n = answers.astype(str), len(answers)
    items = [name for name in answers if name not in ("patient_id", "visit")]
    for number, column in enumerate(items):
        share = 0.01 + 0.02 * number / len(items) if column.startswith("kccq") else 0.008
        gap = np.where(rng.random(n) < 0.6, "", NOT_MEASURED if column == "vas" else NOT_ANSWERED)
        text[column] = text[column].mask(rng.random(n) < share, gap)
    later = np.flatnonzero(text["visit"] == "3m")
    text.loc[later[rng.integers(len(later))], "visit"] = "3 mo"
    return text


def spoil_resources(lines: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the lines as text: two patients have none, one is a stranger's, one resource is misspelt."""
    rng = stream(seed, "mess of resources")
    without = rng.choice(lines["patient_id"].unique(), 2, replace=False)
    text = lines[~lines["patient_id"].isin(without)].reset_index(drop=True)
    text["quantity"] = [f"{quantity:g}" for quantity in text["quantity"]]
    visits = np.flatnonzero(text["resource"] == "outpatient_visit")
    text.loc[visits[rng.integers(len(visits))], "resource"] = "outpatient_vist"
    stranger = text.iloc[[rng.integers(len(text))]].assign(patient_id="HF-999")
    return pd.concat([text, stranger], ignore_index=True).astype(str)


def generate(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return the raw `patients`, `answers` and `resources` as text, with every blemish of real files."""
    clean = draw(seed)
    spoil = {"patients": spoil_patients, "answers": spoil_answers, "resources": spoil_resources}
    return {name: spoiled(clean[name], seed) for name, spoiled in spoil.items()}


def write(folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write `raw/patients.csv`, `raw/answers.csv` and `raw/resources.csv` under a study folder."""
    return [write_raw(folder, name, table, *FIGURES["files"][name]) for name, table in generate(seed).items()]
