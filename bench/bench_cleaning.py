"""How cleaning grows: seconds and memory per step for a look-alike of the NHS pack, and the exponent.

Run: python bench/bench_cleaning.py [rows ...]. Each size is cleaned in a process of its own. An exponent of 1
is growth in step with the rows. `resident` is what stays when the cleaned study is held and nothing else.
"""

from __future__ import annotations

import gc
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "makers"))
SIZES = (41_280, 165_120, 660_480)


def timed(module: ModuleType, name: str, spent: dict[str, float]) -> None:
    """Let a function of a module add the seconds that it takes to `spent`."""
    whole: Callable[..., Any] = getattr(module, name)

    def measured(*given: Any, **options: Any) -> Any:
        start = time.process_time()
        try:
            return whole(*given, **options)
        finally:
            spent[name] = spent.get(name, 0.0) + time.process_time() - start

    setattr(module, name, measured)


def write(folder: Path, n: int) -> None:
    """Write the look-alike study of `n` records, in a process whose memory nobody measures."""
    from nhs_packs import lookalike_study

    lookalike_study("hip", folder, n)


def one(small: str, large: str) -> dict[str, float]:
    """Return the seconds of each step and the bytes a row, at the peak and resident, of cleaning a study."""
    from vbhc import cleaning
    from vbhc.cleaning import patients_table, rows
    from vbhc.study import load_study

    cleaning.clean(load_study(small))  # imports are no growth
    spent: dict[str, float] = {}
    for name in ("read_source", "_cells", "_typed", "failures", "totals_rows", "_set_aside"):
        timed(rows, name, spent)
    timed(patients_table, "sift", spent)
    for name in ("score_instruments", "add_changes", "questions", "clean"):
        timed(cleaning, name, spent)
    _give_back()
    before = _held("VmRSS")
    cleaned = cleaning.clean(load_study(large))
    n, peak = len(cleaned.patients), _held("VmHWM") - before
    tables = (cleaned.patients, cleaned.cost_lines, cleaned.quarantine)
    held = sum(int(table.memory_usage(deep=True).sum()) for table in tables)
    _give_back()
    resident = _held("VmRSS") - before
    return spent | {"peak bytes a row": peak / n, "resident bytes a row": resident / n, "in tables": held / n}


def _give_back() -> None:
    """Let the allocators return what nothing holds, so that what stays is seen."""
    import ctypes

    import pyarrow

    gc.collect()
    pyarrow.default_memory_pool().release_unused()
    if sys.platform == "linux":
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _held(name: str) -> int:
    """Bytes that this process holds now (VmRSS) or held at most (VmHWM, and on other systems than Linux)."""
    import resource

    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(sizes: list[int]) -> None:
    """Print the table."""
    found = []
    with tempfile.TemporaryDirectory() as place:
        for n in (300, *sizes):
            _run("write", f"{place}/{n}", str(n))
        studies = [f"{place}/{n}/data/nhs-hip" for n in (300, *sizes)]
        found = [json.loads(_run("one", studies[0], large)) for large in studies[1:]]
    print(f"{'':<22}" + "".join(f"{n:>12,}" for n in sizes) + f"{'exponent':>10}")
    for name in found[-1]:
        values = [one.get(name, 0.0) for one in found]
        known = len(values) > 1 and min(values) > 0 and "a row" not in name and name != "in tables"
        power = math.log(values[-1] / values[0]) / math.log(sizes[-1] / sizes[0]) if known else float("nan")
        print(f"{name:<22}" + "".join(f"{value:>12.2f}" for value in values) + f"{power:>10.2f}")


def _run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else sys.exit(done.stderr)


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["one"]:
        print(json.dumps(one(*sys.argv[2:])))
    else:
        main([int(n) for n in sys.argv[1:]] or list(SIZES))
