"""Time what a report withholds: tables let out, held together and read again as an outsider does.

    OMP_NUM_THREADS=1 python bench/bench_door.py [tables]

Each table has thirty cells, some of them of a few people, and counts groups of its own, as most tables of a
report do. Read the ratios, not the clock: CPU seconds, and the floor is one bare integer program for each
small count, which an attack on it takes at least. Exits 1 when the work grows faster than the power 1.3 of
the tables, or takes more than `MOST_TIMES` the floor.
"""

from __future__ import annotations

import csv
import io
import math
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from nbformat import NotebookNode, v4
from scipy.optimize import Bounds, LinearConstraint, milp

from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.findings import Door, marks
from vbhc.publish.results import Table
from vbhc.report.audit.tables import together
from vbhc.report.audit.traces import Known
from vbhc.report.whole import protect
from vbhc.study import Study
from vbhc.study.config import Config

PEOPLE, POLICY = 8_000, get_policy("nhs-proms")
GROUPS = [0.3, 0.2, 0.15, 0.1, 0.1, 0.06, 0.05, 0.03, 0.009, 0.001]
WARDS = [0.6, 0.3, 0.1]
FEWEST, MOST = 40, 640
STEEPEST, MOST_TIMES = 1.3, 8


def tables(number: int) -> Iterator[pd.DataFrame]:
    """Yield tables of the same people by ward and by groups of their own."""
    rng = np.random.default_rng(1)
    ward = rng.choice(len(WARDS), PEOPLE, p=WARDS)
    for table in range(number):
        counts = np.zeros((len(GROUPS), len(WARDS)))
        np.add.at(counts, (rng.choice(len(GROUPS), PEOPLE, p=GROUPS), ward), 1)
        names = [f"group {table}-{group}" for group in range(len(GROUPS))]
        yield pd.DataFrame({"group": names} | {f"n_{w}": counts[:, w] for w in range(len(WARDS))})


def publish(frames: list[pd.DataFrame]) -> dict[str, list[list[str]]]:
    """Let tables out, hold them together, and return them as they are published."""
    shown: list[NotebookNode] = []
    marks.show = lambda bundle, mark: shown.append(v4.new_output("display_data", data=bundle, metadata=mark))
    study = Study("bench", Path(tempfile.gettempdir()), Config(title="Tables", key="patient_id"), {})
    door = Door(study, "02-value-quota", POLICY)
    for number, frame in enumerate(frames):
        door.table(f"t-{number}", Table(frame, "People by group and ward"))
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", outputs=shown)])
    protect({"02-value-quota": notebook}, POLICY, PEOPLE)
    found = [one for _, _, one in marks.marked_outputs(notebook) if one["kind"] == "table"]
    return {f"tables/{one['id']}.csv": list(csv.reader(io.StringIO(one["csv"]))) for one in found}


def floor(frames: list[pd.DataFrame]) -> float:
    """Return the CPU seconds of one integer program for each small count."""
    start = time.process_time()
    for values in (frame.iloc[:, 1:].to_numpy() for frame in frames):
        grid = np.arange(values.size).reshape(values.shape)
        sums = np.array([np.isin(np.arange(values.size), line) for line in (*grid, *grid.T)], dtype=float)
        within = LinearConstraint(sums, sums @ values.ravel(), sums @ values.ravel())
        for cell in np.flatnonzero([POLICY.hides(count) for count in values.ravel()]):
            aim = np.eye(values.size)[cell]
            milp(aim, constraints=within, bounds=Bounds(0, PEOPLE), integrality=np.ones(values.size))
    return time.process_time() - start


def main(most: int) -> int:
    """Print the seconds of fewer and of more tables, and how they grow."""
    publish(list(tables(2)))  # what is imported late is in
    seconds = {}
    for number in (FEWEST, most):
        frames, start = list(tables(number)), time.process_time()
        published = publish(frames)
        middle = time.process_time()
        leaks = list(together(published, {}, {}, Known(POLICY, frozenset(), PEOPLE)))
        seconds[number] = time.process_time() - start
        audit = time.process_time() - middle
        print(
            f"{number:4} tables: {seconds[number]:5.1f} CPU s ({audit:.1f} of the audit), {len(leaks)} leaks"
        )
    exponent = math.log(seconds[most] / seconds[FEWEST]) / math.log(most / FEWEST)
    times = seconds[most] / floor(list(tables(most)))
    print(f"exponent {exponent:.2f} (at most {STEEPEST}), {times:.1f} times the floor (at most {MOST_TIMES})")
    return int(exponent > STEEPEST or times > MOST_TIMES or bool(leaks))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else MOST))
