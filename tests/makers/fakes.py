"""A small project to try the driver on: a study of three patients, four notebooks, a report of one page.

Run as a script it is the command line with the fake report in the place of the real one:
`python tests/makers/fakes.py run fake`.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import types
from pathlib import Path
from typing import Any

STUDY = """\
title: Three patients
synthetic: true
sources:
  patients: {file: raw/patients.csv, key: [patient_id]}
visits:
  baseline: {label: Before}
  3m: {label: After, months: 3}
cost:
  currency: EUR
  price_year: 2020
  perspective: hospital
  unit_costs: unit_costs.csv
  components: {ward: [day]}
  events: [{resource: day, when: {patient_id: p1}}]
instruments: {points: {instrument: eq-vas, items: points}}
value_quota: {outcome: eq_vas}
"""
DICTIONARY = """\
name,label,type,unit,min,max,allowed,missing_codes,direction,source
patient_id,Patient,string,,,,,,,patients
points_baseline,Points before,float,points,0,100,,,higher is better,patients
points_3m,Points after,float,points,0,100,,,higher is better,patients
"""
PATIENTS = "patient_id,points_baseline,points_3m\np1,10,20\np2,30,30\np3,50,45\n"
UNIT_COSTS = "resource,unit,unit_cost,currency,price_year,source\nday,day,100,EUR,2020,assumed\n"

PARAMETERS = 'study: str = "fake"  # folder under data/\n'
NOTE = 'open("../ran.txt", "a").write("{name}\\n")\n'
NOTEBOOKS = {
    "01-cleaning": (
        "# How many patients are there?",
        PARAMETERS + "factor: int = 1  # multiplies the points",
        "from vbhc.study import load_study\n"
        "this = load_study(study)\n"
        "this.clean.mkdir(exist_ok=True)\n"
        'rows = (this.folder / "raw/patients.csv").read_text().splitlines()[1:]\n'
        '(this.clean / "rows.csv").write_text("\\n".join(rows * factor))\n',
        "len(rows) * factor",
    ),
    "02-value-quota": (
        "# What is the value quota?",
        PARAMETERS + "seed: int = 7  # of the bootstrap\nlevel: float = 0.95  # confidence level",
        "(seed, level)",
    ),
    "04-stakeholders": ("# Do the groups agree?", PARAMETERS + "seed: int = 1  # of the test", "seed"),
    "06-summary": (
        "# What did we find?",
        PARAMETERS + "longest: int = 80  # characters of an answer",
        "study",
    ),
}


def cell(kind: str, source: str, *tags: str) -> dict[str, Any]:
    """A notebook cell as it stands in the file."""
    body = {"cell_type": kind, "metadata": {"tags": list(tags)} if tags else {}, "source": source}
    return body | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def write_notebook(path: Path, heading: str, parameters: str, *code: str) -> None:
    """Write a notebook with a title, a parameters cell and some code."""
    cells = [cell("markdown", heading), cell("code", parameters, "parameters")]
    cells += [cell("code", source) for source in code]
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    for number, one in enumerate(cells):
        one["id"] = f"cell-{number}"
    content = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def write_project(root: Path) -> None:
    """Lay out the fake project in an empty folder."""
    folder = root / "data" / "fake"
    (folder / "raw").mkdir(parents=True)
    (folder / "study.yml").write_text(STUDY, encoding="utf-8")
    (folder / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    (folder / "raw/patients.csv").write_text(PATIENTS, encoding="utf-8")
    (folder / "unit_costs.csv").write_text(UNIT_COSTS, encoding="utf-8")
    for name, (heading, parameters, *code) in NOTEBOOKS.items():
        note = NOTE.format(name=name)
        write_notebook(root / "notebooks" / f"{name}.ipynb", heading, parameters, note, *code)


ONE_FOLDER = threading.Lock()  # a process has one working folder, whatever its threads do


def build(study, executed, out, run_info, edition) -> None:
    """Write a report of one page per notebook; `half_built` is called before the last."""
    for name, path in executed.items():
        (out / f"{name}.html").write_text(path.stem, encoding="utf-8")
    half_built()
    (out / "run.json").write_text(json.dumps(run_info, sort_keys=True), encoding="utf-8")
    lines = [edition, *executed, json.dumps(run_info["notebooks"], sort_keys=True)]
    (out / "index.html").write_text("\n".join(lines), encoding="utf-8")


def stand_in_for_the_report() -> None:
    """Let `vbhc`, which this process is about to import, build this report instead of its own."""
    sys.modules["vbhc.run.reporting"] = types.SimpleNamespace(
        build_report=lambda *report, **_: build(*report),
        ReportFailed=RuntimeError,
    )


def half_built() -> None:
    """Do nothing, where a test may end the process."""


def execute(source, target, failed, parameters, bar) -> int:
    """Run a notebook's cells in this process: no kernel, so in milliseconds."""
    content = json.loads(source.read_text(encoding="utf-8"))
    with ONE_FOLDER, contextlib.chdir(source.parent):
        names: dict[str, Any] = {}
        for one in content["cells"]:
            if one["cell_type"] == "code":
                exec(one["source"], names)
                names.update(parameters if one["metadata"].get("tags") else {})
    content["metadata"]["ran_with"] = parameters
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(content), encoding="utf-8")
    return len(content["cells"])


if __name__ == "__main__":
    stand_in_for_the_report()
    from vbhc.cli import main

    main()
