"""How cleaning grows: CPU seconds and peak memory of each step on a look-alike of the NHS pack.

Run: python bench/bench_cleaning.py [rows ... | all], or make bench ROWS=all. Each size is cleaned in a
process of its own. An exponent of 1 is growth in step with the rows; peaks are bytes a row above what an idle
process holds. `resident` is what stays when the cleaned study is held and nothing else, `in tables` what of
it is data.
"""

from __future__ import annotations

import gc
import json
import math
import os
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
SIZES = (41_280, 165_120)
ALL = (*SIZES, 660_480, 2_641_920)
PIECE = 165_120  # records that are made anew
STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Measured:
    """The seconds and the highest memory of each step, of steps within steps too."""

    def __init__(self) -> None:
        """Begin with no step."""
        self.seconds: dict[str, float] = {}
        self.peak: dict[str, int] = {}
        self.running: list[str] = []

    def watch(self, module: ModuleType, name: str) -> None:
        """Measure a function of a module from now on."""
        whole: Callable[..., Any] = getattr(module, name)

        def measured(*given: Any, **options: Any) -> Any:
            self._note_peak()
            self.running.append(name)
            start = time.process_time()
            try:
                return whole(*given, **options)
            finally:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - start
                self._note_peak()
                self.running.pop()

        setattr(module, name, measured)

    def _note_peak(self) -> None:
        """Give every running step the highest memory since the last note, and begin anew."""
        highest = _held("VmHWM")
        for name in self.running:
            self.peak[name] = max(self.peak.get(name, 0), highest)
        if FORGET.exists():
            FORGET.write_text("5")


def write(folder: Path, n: int) -> None:
    """Write the look-alike study of `n` records, in a process whose memory nobody measures.

    Many records are the first ones again, but for the predictions: those have as many values as records.
    """
    from lookalike_records import record_file
    from nhs_packs import study_copy

    study, records = study_copy("hip", folder), record_file("hip", min(n, PIECE))
    predicted = [name for name in records if name.endswith("Predicted")]
    study.raw.mkdir()
    with study.source_file("proms").open("w", encoding="utf-8", newline="") as out:
        for start in range(0, n, PIECE):
            piece = records.head(n - start)
            if start:
                digits = f"{start // PIECE:02}"
                longer = {
                    name: piece[name].mask(piece[name].str.contains(".", regex=False), piece[name] + digits)
                    for name in predicted
                }
                piece = piece.assign(**longer)
            piece.to_csv(out, index=False, header=start == 0, lineterminator="\r\n")


def one(small: str, large: str) -> dict[str, dict[str, float]]:
    """Return of each step of cleaning a study the seconds and the peak, and what is resident, in bytes."""
    from vbhc import cleaning, files
    from vbhc.cleaning import patients_table, rows
    from vbhc.study import load_study

    cleaning.clean(load_study(small))  # imports are no growth
    measured = Measured()
    for module, names in {
        files: ("read_table", "frame"),
        rows: ("read_source", "_cells", "_typed", "failures", "totals_rows", "_set_aside"),
        patients_table: ("sift",),
        cleaning: ("score_instruments", "add_changes", "_add_costs", "questions", "narrow", "clean"),
    }.items():
        for name in names:
            measured.watch(module, name)
    _give_back()
    before = _held("VmRSS")
    cleaned = cleaning.clean(load_study(large))
    tables = (cleaned.patients, cleaned.cost_lines, cleaned.quarantine)
    held = sum(int(table.memory_usage(deep=True).sum()) for table in tables)
    _give_back()
    peaks = {name: peak - before for name, peak in measured.peak.items()}
    return {
        "seconds": measured.seconds,
        "peak": peaks | {"resident": _held("VmRSS") - before, "in tables": held},
    }


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

    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(sizes: list[int]) -> None:
    """Print the tables of seconds and of bytes a row."""
    with tempfile.TemporaryDirectory() as place:
        for n in (300, *sizes):
            _run("write", f"{place}/{n}", str(n))
        studies = [f"{place}/{n}/data/nhs-hip" for n in (300, *sizes)]
        found = [json.loads(_run("one", studies[0], large)) for large in studies[1:]]
    for kind, title, places in (("seconds", "CPU seconds", 2), ("peak", "bytes a row, at most", 0)):
        print(f"{title:<22}" + "".join(f"{n:>12,}" for n in sizes) + f"{'exponent':>10}")
        for name in found[-1][kind]:
            values = [one[kind][name] for one in found]
            per = [1] * len(sizes) if kind == "seconds" else sizes
            cells = "".join(f"{value / rows:>12,.{places}f}" for value, rows in zip(values, per, strict=True))
            print(f"{name:<22}{cells}{_exponent(values, sizes):>10.2f}")


def _exponent(values: list[float], sizes: list[int]) -> float:
    """Return the power of the rows with which the values grow from the first size to the last."""
    known = len(values) > 1 and min(values) > 0
    return math.log(values[-1] / values[0]) / math.log(sizes[-1] / sizes[0]) if known else math.nan


def _run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else sys.exit(done.stderr)


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["one"]:
        print(json.dumps(one(*sys.argv[2:])))
    else:
        said = sys.argv[1:] or os.environ.get("ROWS", "").split()
        main(list(ALL) if said == ["all"] else [int(n) for n in said] or list(SIZES))
