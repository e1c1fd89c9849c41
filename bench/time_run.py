"""Time a study: a full run, notebook by notebook, then runs with nothing changed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

REPEATS = 5
WIDTH = 20  # of the longest name


def run(*arguments: str) -> tuple[float, str]:
    """Run the command line in a process of its own; return seconds and what it said."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "vbhc.cli", "run", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return time.perf_counter() - started, done.stdout


def peak_memory() -> str:
    """Return the largest memory that one process of the runs so far held (driver or kernel), where known."""
    if sys.platform == "win32":
        return "not known on Windows"
    import resource

    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return f"{largest / (1024**2 if sys.platform == 'darwin' else 1024):,.0f} MiB"


def main(study: str) -> None:
    """Print the table."""
    whole, said = run(study, "--force", "--quiet")
    print(f"{study}, {os.cpu_count()} cores, seconds of wall clock; notebooks run side by side")
    for name, seconds in re.findall(r"^(\S+) .*?([\d.]+) s\b", said, re.MULTILINE):
        print(f"  {name.ljust(WIDTH)} {seconds:>7}")
    print(f"  {'whole run'.ljust(WIDTH)} {whole:7.1f}   largest process {peak_memory()}")
    again = sorted(run(study)[0] for _ in range(REPEATS))
    print(f"  {'nothing changed'.ljust(WIDTH)} {again[REPEATS // 2]:7.2f}   median of {REPEATS}")


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["heart-failure"]))
