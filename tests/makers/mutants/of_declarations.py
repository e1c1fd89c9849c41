"""Groups, levels, sheets and labels that contradict what the study declares."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from numpy.random import Generator
from small_files import workbook

from mutants.writing import change, config, dictionary, read


def group_in_two_spellings(folder: Path, rng: Generator) -> tuple[str, ...]:
    dictionary(folder, "arm", allowed="")
    other = str(rng.choice(["Usual care", "usual  care", "usual car", "usaul care"]))
    rows = [n for n, row in enumerate(read(folder, "patients")) if row[1] == "usual care"]
    change(folder, "patients", "arm", lambda cell: other, rng.choice(rows, 2, replace=False))
    return ("near-names",)


def levels_of_another_version(folder: Path, rng: Generator) -> tuple[str, ...]:
    def edit(keys):
        keys["instruments"]["eq5d"] |= {"instrument": "eq5d-5l", "value_set": "5l-vt-germany"}

    config(folder, edit)
    if rng.random() < 0.5:
        for item in ("mo", "sc", "ua", "pd", "ad"):
            dictionary(folder, f"eq5d_{item}", max="5")
        return ("unused-levels",)
    return ("EQ-5D-5L has 1-5",)


def narrow_dictionary(folder: Path, rng: Generator) -> tuple[str, ...]:
    column = str(rng.choice(["eq5d_mo", "kccq_3", "vas"]))
    dictionary(folder, column, max="2")
    return (column,)


def hidden_sheet(folder: Path, rng: Generator) -> tuple[str, ...]:
    rows = read(folder, "resources")
    workbook(folder / "raw/resources.xlsx", hidden=("Old",), Old=[["a"], ["1"]], Lines=rows)
    config(folder, lambda keys: keys["sources"]["resources"].update(file="raw/resources.xlsx"))
    return ("hidden-sheet",)


def labels_of_the_file_swapped(folder: Path, rng: Generator) -> tuple[str, ...]:
    import pyreadstat

    table = read(folder, "patients")
    frame = pd.DataFrame(table[1:], columns=table[0])
    frame["sex"] = frame["sex"].map({"female": 1.0, "male": 2.0})
    pyreadstat.write_sav(
        frame, str(folder / "raw/patients.sav"), variable_value_labels={"sex": {1: "Male", 2: "Female"}}
    )
    dictionary(folder, "sex", allowed="1=female;2=male")
    source = {"file": "raw/patients.sav", "decimal": ","}
    config(folder, lambda keys: keys["sources"].update(patients=source))
    return ("the file says 1 = 'Male'",)
