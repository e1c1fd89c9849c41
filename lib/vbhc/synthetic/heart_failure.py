"""The shipped study `heart-failure`: a synthetic twin of a published before/after trial of 248 patients.

`python -m vbhc.synthetic` writes the raw files anew, byte for byte. The trial whose size, groups and
published results it imitates: Ekman I, et al. Eur Heart J 2012;33:1112-9. Nobody in it is real.
"""

from pathlib import Path

import pandas as pd

from vbhc.synthetic.answers import care_answers, visit_answers
from vbhc.synthetic.latent import draw_people
from vbhc.synthetic.mess import spoil_answers, spoil_patients, spoil_resources
from vbhc.synthetic.raw import write_raw
from vbhc.synthetic.resources import resource_lines

N_PATIENTS = 248
SEED = 10192  # the first from 2008 upwards that meets every row of targets.csv, before and after the mess
#: File -> (separator, encoding), as three different systems would export them.
FILES = {"patients": (";", "latin-1"), "answers": (",", "utf-8"), "resources": (",", "utf-8")}
PATIENT_COLUMNS = (
    "patient_id", "arm", "delivered_as_intended", "ward", "admission_date", "los_days", "age", "sex", "nyha",
    "ejection_fraction", "bmi", "dead_3m",
)  # fmt: skip


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
        "patients": patients[list(PATIENT_COLUMNS)].join(care),
        "answers": answers,
        "resources": lines,
    }


def generate(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return the raw `patients`, `answers` and `resources` as text, with every blemish of real files."""
    clean = draw(seed)
    return {
        "patients": spoil_patients(clean["patients"], seed),
        "answers": spoil_answers(clean["answers"], seed),
        "resources": spoil_resources(clean["resources"], seed),
    }


def write(folder: Path | str, seed: int = SEED) -> list[Path]:
    """Write `raw/patients.csv`, `raw/answers.csv` and `raw/resources.csv` under a study folder."""
    return [write_raw(folder, name, table, *FILES[name]) for name, table in generate(seed).items()]
