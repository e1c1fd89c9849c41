"""A whole run with its report against the bare execution of the same cells in one process, as ratios.

Ratios hold on a busy machine as far as all of it is equally busy; those of wall clock only on an idle one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STUDY = "heart-failure"
# The cells of all notebooks one after another, each notebook with names of its own.
BARE = """
import json, os, sys
import IPython.display
os.chdir("notebooks")
shown = []
IPython.display.display = lambda *things, **_: shown.extend(things)
for path in json.loads(sys.argv[1]):
    names = {"display": IPython.display.display}
    for cell in json.load(open(path, encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), path, "exec", dont_inherit=True), names)
"""
# Notebooks without code, one after another.
EMPTY = """
import sys
from pathlib import Path
from nbformat import v4, write
from vbhc.run.execute import execute
from vbhc.run.kernels import kernels
folder = Path(sys.argv[1])
names = {"name": "python3", "display_name": "Python 3", "language": "python"}
notebook = v4.new_notebook(cells=[v4.new_code_cell("1")], metadata={"kernelspec": names})
write(notebook, folder / "empty.ipynb")
with kernels(folder, folder / "kernels") as started:
    for _ in range(int(sys.argv[2])):
        execute(started, folder / "empty.ipynb", folder / "out.ipynb", folder / "failed", {}, str, False)
"""
MANY = 9


def measured(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return seconds of CPU (of the process and all that it started) and of wall clock."""
    import resource

    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def main() -> None:
    """Print the table."""
    from vbhc.run.kernels import KERNEL_ENVIRONMENT
    from vbhc.run.plan import make_plan
    from vbhc.study import load_study

    environment = os.environ | KERNEL_ENVIRONMENT | {"VBHC_HOME": os.getcwd()}
    plan = make_plan(load_study(STUDY))
    paths = json.dumps([str(plan.notebooks[name].resolve()) for name in plan.running])
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        whole = [sys.executable, "-m", "vbhc.cli", "run", STUDY, "--force", "--quiet"]
        cases = {
            "cells alone, one process": [sys.executable, str(bare), paths],
            "whole run with report": whole,
            "the same, one at a time": [*whole, "--jobs", "1"],
            "the same, kernels afresh": [*whole, "--no-fork"],
        }
        found = {name: measured(command, environment) for name, command in cases.items()}
        empty = [sys.executable, "-c", EMPTY, folder]
        one, many = (measured([*empty, str(number)], environment) for number in (1, MANY))
    cpu, wall = next(iter(found.values()))
    print(
        f"{STUDY}, {os.cpu_count()} cores{'seconds of CPU':>31}{'ratio':>8}{'of wall clock':>16}{'ratio':>8}"
    )
    for name, (own_cpu, own_wall) in found.items():
        print(f"  {name:<27}{own_cpu:>21.1f}{own_cpu / cpu:>8.2f}{own_wall:>16.1f}{own_wall / wall:>8.2f}")
    each_cpu, each_wall = ((m - o) / (MANY - 1) for o, m in zip(one, many, strict=True))
    print(f"  {'an empty notebook':<27}{each_cpu:>21.2f}{'':>8}{each_wall:>16.2f}")


if __name__ == "__main__":
    main()
