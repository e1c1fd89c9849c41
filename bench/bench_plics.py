"""A patient-level costing file of a million lines, from its text to a cost per patient: CPU seconds."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

LINES, PATIENTS, MOST = 1_000_000, 20_000, 20  # CPU seconds
STUDY = """title: A million lines
sources:
  patients: {{file: raw/patients.csv}}
  lines: {{file: raw/lines.csv, layout: plics}}
visits: {{once: {{label: Once}}}}
cost: {{currency: GBP, price_year: 2024, perspective: hospital, lines: lines, declared_total: {total},
       components: {{staff: [nursing, medical], things: [drugs]}}}}
"""
DICTIONARY = """name,label,type,unit,min,max,allowed,missing_codes,direction,source,derived_from,\
reference,collected_at
patient_id,Patient,string,,,,,,,patients,,,
age,Age,integer,years,0,120,,,,patients,,,
"""


def write(folder: Path) -> None:
    """Write the made-up study."""
    rng = np.random.default_rng(1)
    patient = rng.integers(0, PATIENTS, LINES)
    spell = patient * 3 + rng.integers(0, 3, LINES)
    episode, pence = spell * 2 + rng.integers(0, 2, LINES), rng.integers(5, 90_000, LINES)
    table = {"patient_id": patient, "spell": spell, "episode": episode}
    lines = pd.DataFrame({name: [f"{name[0]}{n}" for n in column] for name, column in table.items()})
    lines["complete"] = np.where(episode % 50, "yes", "no")
    lines["activity"] = rng.choice(["ward stay", "theatre"], LINES)
    lines["resource"] = rng.choice(["nursing", "medical", "drugs"], LINES)
    lines["cost"] = [f"{n / 100:.2f}" for n in pence]
    (folder / "raw").mkdir(parents=True)
    lines.to_csv(folder / "raw/lines.csv", index=False)
    people = pd.DataFrame({"patient_id": [f"p{n}" for n in range(PATIENTS)], "age": 70})
    people.to_csv(folder / "raw/patients.csv", index=False)
    (folder / "study.yml").write_text(STUDY.format(total=pence.sum() / 100))
    (folder / "dictionary.csv").write_text(DICTIONARY)


if __name__ == "__main__":
    from vbhc import cleaning
    from vbhc.cleaning.costs.plics import rolled_up
    from vbhc.study import load_study

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "data" / "million"
        write(folder)
        before = time.process_time()
        lines = cleaning.clean(load_study(str(folder))).cost_lines
        rolled_up(lines, "patient_id")
        spent = time.process_time() - before
    print(f"{LINES:,} lines: {spent:.1f} CPU seconds (at most {MOST})")
    raise SystemExit(spent > MOST)
