"""A whole run against the bare execution of its cells, and how each notebook grows with the patients.

Run: python bench/bench_run.py [rows ...]. The first table has ratios, which hold on a busy machine as far as
all of it is equally busy; those of wall clock only on an idle one. The second runs the walk over look-alikes
of the NHS pack, one notebook at a time: seconds of CPU, the most memory that the notebook's process held, and
the exponents between the smallest and the largest size (1 is growth in step with the rows; of memory, what is
above that at the start). It reads /proc, so it needs Linux.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
STUDY = "heart-failure"
SIZES = (41_280, 165_120)
SECONDS_BETWEEN = 0.02  # looks at the process of a notebook
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
        execute(started, folder / "empty.ipynb", folder / "out.ipynb", folder / "failed", {}, False)
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


def write(folder: Path, n: int) -> None:
    """Write the look-alike study of `n` records, in a process whose memory nobody measures."""
    sys.path.insert(0, str(ROOT / "tests" / "makers"))
    from nhs_packs import lookalike_study

    lookalike_study("hip", folder, n)


def walk(study: str) -> dict[str, list[float]]:
    """Return, per notebook and for the report: seconds of CPU, MiB at most, and of these above the start."""
    from vbhc.publish.notebook_files import is_companion
    from vbhc.run import kernels
    from vbhc.run.driver import run_study
    from vbhc.run.plan import make_plan
    from vbhc.run.progress import Progress
    from vbhc.study import load_study

    plan = make_plan(load_study(study))
    found: dict[str, list[float]] = {name: [0.0, 0.0, 0.0] for name in (*plan.running, "report")}
    left, launched = [*sorted(plan.running, key=is_companion), "report"], kernels.Kernels.launched

    def watched(self: kernels.Kernels, process: Any) -> None:
        """Watch the process of the next notebook: they are started in this order."""
        row = found[left.pop(0) if len(left) > 1 else left[0]]
        threading.Thread(target=_watch, args=(process.pid, row), daemon=True).start()
        launched(self, process)

    kernels.Kernels.launched = watched  # type: ignore[method-assign]
    run_study(plan, Progress(lambda said: None), force=True, jobs=1)
    return found


def _watch(pid: int, row: list[float]) -> None:
    """Look at a process until it ends: add its seconds to a row, and keep the most memory of all."""
    before, start, tick = row[0], _status(pid, "VmRSS"), os.sysconf("SC_CLK_TCK")
    try:
        while True:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            peak = _status(pid, "VmHWM")
            row[:] = (
                before + sum(map(int, fields[11:13])) / tick,
                max(row[1], peak),
                max(row[2], peak - start),
            )
            time.sleep(SECONDS_BETWEEN)
    except (OSError, StopIteration):  # it has ended
        return


def _status(pid: int, name: str) -> float:
    """Return a line of a process's status in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def grow(sizes: list[int]) -> None:
    """Print how every notebook grows; each size is walked in a process of its own."""
    found: list[dict[str, list[float]]] = []
    with tempfile.TemporaryDirectory() as place:
        for n in sizes:
            _own("write", f"{place}/{n}", str(n))
            found.append(json.loads(_own("walk", f"{place}/{n}/data/nhs-hip")))
            print(f"{n:,} patients: {found[-1]}", file=sys.stderr)
    heads = "".join(f"{n:>11,}" for n in sizes)
    print(f"{'seconds of CPU, MiB':<22}{heads}{'exponent':>10}{heads}{'exponent':>10}")
    for name in found[-1]:
        seconds, most, above = ([one[name][place] for one in found] for place in range(3))
        cells = "".join(f"{value:>11.1f}" for value in seconds), "".join(f"{value:>11,.0f}" for value in most)
        print(f"{name:<22}{cells[0]}{_power(sizes, seconds)}{cells[1]}{_power(sizes, above)}")
    totals = [sum(row[0] for row in one.values()) for one in found]
    print(f"{'all':<22}" + "".join(f"{total:>11.1f}" for total in totals) + _power(sizes, totals))


def _power(sizes: list[int], values: list[float]) -> str:
    """Return the exponent with which values grow from the first size to the last, or blanks."""
    if len(sizes) < 2 or min(values) <= 0:
        return " " * 10
    return f"{math.log(values[-1] / values[0]) / math.log(sizes[-1] / sizes[0]):>10.2f}"


def _own(*arguments: str) -> str:
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else sys.exit(done.stderr)


def ratios() -> None:
    """Print a whole run, in several ways, against its cells alone."""
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
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["walk"]:
        print(json.dumps(walk(sys.argv[2])))
    else:
        if not sys.argv[1:]:
            ratios()
        grow([int(n) for n in sys.argv[1:]] or list(SIZES))
