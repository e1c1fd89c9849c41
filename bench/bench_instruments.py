"""Time the scoring of EQ-5D and the other instruments: rows per second, and memory over the input's size.

Run: python bench/bench_instruments.py [rows]. Best of three. The last column is the ratio to the fastest R
package (eq5dsuite: 2.0 to 2.5 million rows per second for the index, 100,000 rows, two cores).
"""

from __future__ import annotations

import sys
import time
import tracemalloc

import numpy as np
import pandas as pd

from vbhc.instruments import eq5d, get, score

R_ROWS_PER_SECOND = {"5L": 2.0e6, "3L": 2.5e6}  # eq5dsuite 2.0.0, 100,000 rows


def seconds(work) -> float:
    """Best of three runs."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def peak(work) -> int:
    """Most memory held at once, bytes, the result included."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def bare(levels: pd.DataFrame) -> np.ndarray:
    """What no scoring can do without: number each profile and take its value, nothing checked."""
    values = np.arange(6.0**5)
    code = np.zeros(len(levels), dtype=np.int64)
    for name in levels:
        code = code * 6 + levels[name].to_numpy()
    return values[code]


def cases(n: int):
    """Name, input, work, and version of the EQ-5D (or "" where R has no counterpart)."""
    rng = np.random.default_rng(1)
    five = pd.DataFrame(rng.integers(1, 6, (n, 5)), columns=["mo", "sc", "ua", "pd", "ad"])
    three = pd.DataFrame(rng.integers(1, 4, (n, 5)), columns=five.columns)
    numbers = five @ [10_000, 1_000, 100, 10, 1]
    holes = five.astype(float).mask(rng.random((n, 5)) < 0.05)
    forms = {
        "5L, five int columns": five, "5L, five int8 columns": five.astype("int8"),
        "5L, five float columns, 5% missing": holes, "5L, five Int64 columns": five.astype("Int64"),
        "5L, five category columns": five.astype("category"), "5L, five string columns": five.astype("str"),
        "5L, profile numbers": numbers, "5L, profile strings": numbers.astype("str"),
    }  # fmt: skip
    yield "5L, bare lookup of five int columns", five, lambda: bare(five), ""
    for name, levels in forms.items():
        yield name, levels, lambda levels=levels: eq5d.index(levels, "5l-vt-uk"), "5L"
    yield "3L, five int columns", three, lambda: eq5d.index(three, "3l-tto-uk"), "3L"
    mapped = {"value_set": "3l-tto-uk", "crosswalk": True}
    yield "5L to 3L crosswalk", five, lambda: score("eq5d-5l", five, **mapped), "5L"
    for name in ("kccq23", "ohs", "promis-global-10", "mlhfq"):
        ranges = get(name).ranges
        items = pd.DataFrame(
            {k: rng.integers(low, high + 1, n // 10) for k, (low, high) in enumerate(ranges)}
        )
        yield name, items, lambda name=name, items=items: score(name, items), ""


def main(n: int) -> None:
    """Print the table."""
    print(f"{'case':<36}{'rows':>12}{'million rows/s':>16}{'memory / input':>16}{'x R':>8}")
    for name, levels, work, version in cases(n):
        work()
        rate = len(levels) / seconds(work)
        size = levels.memory_usage(index=False, deep=True)
        memory = peak(work) / (size if isinstance(size, int) else size.sum())
        ratio = f"{rate / R_ROWS_PER_SECOND[version]:.0f}" if version else "-"
        print(f"{name:<36}{len(levels):>12,}{rate / 1e6:>16.1f}{memory:>16.2f}{ratio:>8}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)
