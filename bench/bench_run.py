"""A whole run with its report against the bare execution of the same cells in one process, as ratios."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STUDY = "heart-failure"
NOTEBOOKS = sorted(Path("notebooks").glob("[0-9][0-9]-*.ipynb"))
# The cells of all notebooks one after another, each notebook with names of its own.
BARE = """
import ast, json, os, sys
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

    environment = os.environ | KERNEL_ENVIRONMENT | {"VBHC_HOME": os.getcwd()}
    paths = json.dumps([path.name for path in NOTEBOOKS])
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
    cpu, wall = next(iter(found.values()))
    print(
        f"{STUDY}, {os.cpu_count()} cores{'seconds of CPU':>31}{'ratio':>8}{'of wall clock':>16}{'ratio':>8}"
    )
    for name, (own_cpu, own_wall) in found.items():
        print(f"  {name:<27}{own_cpu:>21.1f}{own_cpu / cpu:>8.2f}{own_wall:>16.1f}{own_wall / wall:>8.2f}")


if __name__ == "__main__":
    main()
