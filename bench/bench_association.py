"""Time the bootstrap of Spearman's rho and the multiverse beside the usual library, in one run.

    python bench/bench_association.py

Read the ratios, not the clock: CPU seconds over all threads, and the other library is scaled up from a part
of the work. Exits 1 when a task is less than ten times faster than the library, or a replicate is wrong.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pingouin
from scipy import stats

from vbhc.chapters.perception import multiverse
from vbhc.chapters.perception.multiverse.definitions import Outcome, define
from vbhc.statistics.correlation.replicates import spearman_replicates
from vbhc.statistics.resampling import resample_counts

RESAMPLES = 10_000
FEWEST_TIMES = 10


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def bootstrap_rows(n: int, theirs: int, ordinal: bool) -> dict[str, object]:
    """Return our time for 10,000 resamples and the library's, scaled up from `theirs` resamples."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=n)
    y = 0.3 * x + rng.normal(size=n)
    if ordinal:
        x, y = np.clip(np.round(x + 3), 1, 5), np.round(10 * y)
    ours = seconds(lambda: spearman_replicates(x, [y], RESAMPLES, seed=1))
    part = seconds(
        lambda: pingouin.compute_bootci(
            x, y, func="spearman", paired=True, n_boot=theirs, seed=1, method="per"
        )
    )
    other = part * RESAMPLES / theirs
    kind = "5 answers by score" if ordinal else "no ties"
    return {
        "task": f"Spearman, 10,000 resamples, n = {n:,}, {kind}",
        "ours": ours,
        "pingouin": other,
        "times": other / ours,
    }


def multiverse_rows(n: int = 248, permutations: int = 500, theirs: int = 200) -> dict[str, object]:
    """Return our time for every definition under every permutation, and the library's, scaled up."""
    rng = np.random.default_rng(2)
    outcomes = {
        name: Outcome(
            pd.Series(rng.normal(40, 15, n)),
            pd.Series(np.where(rng.random(n) < 0.2, np.nan, rng.normal(52, 18, n))),
            100.0,
        )
        for name in ("a", "b", "c")
    }
    cost = np.exp(rng.normal(8, 0.8, n))
    costs = {name: pd.Series(cost * rng.uniform(0.4, 1, n)) for name in ("all", "ward", "drugs")}
    perceptions = {name: pd.Series(rng.integers(1, 6, n).astype(float)) for name in ("p", "q")}
    every = define(outcomes, costs, perceptions)
    ours = seconds(lambda: multiverse.joint_test(every, permutations))
    v, p = every.values[0](), every.perceptions[0]
    known = ~np.isnan(v) & ~np.isnan(p)
    part = seconds(lambda: [pingouin.corr(v[known], p[known], method="spearman") for _ in range(theirs)])
    other = part / theirs * len(every.table) * permutations
    task = f"{len(every.table):,} definitions x {permutations} permutations, n = {n}"
    return {"task": task, "ours": ours, "pingouin": other, "times": other / ours}


def largest_error(n: int = 248, resamples: int = 200) -> float:
    """Return the largest difference from scipy recomputing the correlation on the very same resamples."""
    rng = np.random.default_rng(3)
    x, y = rng.integers(1, 6, n), rng.normal(size=n)
    counts = np.concatenate(list(resample_counts(n, resamples, seed=1)))
    again = [stats.spearmanr(np.repeat(x, c), np.repeat(y, c)).statistic for c in counts]
    return float(np.abs(spearman_replicates(x, [y], resamples, seed=1)[0] - again).max())


def same_bits(n: int = 248, resamples: int = 1_000, batches: tuple[int, ...] = (1, 7, 256)) -> bool:
    """Return whether replicates are the same to the last bit in batches of any size."""
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=n), rng.normal(size=n)
    whole = spearman_replicates(x, [y], resamples, seed=1)
    return all(np.array_equal(spearman_replicates(x, [y], resamples, 1, batch), whole) for batch in batches)


def main() -> int:
    """Print the table and what was checked; return 1 where a promise is not kept."""
    rows = [
        bootstrap_rows(248, 500, ordinal=False),
        bootstrap_rows(40_000, 20, ordinal=False),
        bootstrap_rows(40_000, 20, ordinal=True),
        multiverse_rows(),
    ]
    print(
        pd.DataFrame(rows).to_string(
            index=False,
            formatters={"ours": "{:.3f}".format, "pingouin": "{:.1f}".format, "times": "{:.0f}".format},
        )
    )
    print("CPU seconds; pingouin is scaled up from a part of the work.")
    error, same = largest_error(), same_bits()
    print(f"Largest difference from scipy on the same resamples: {error:.1e}")
    print(f"Same bits whatever the batch: {'yes' if same else 'NO'}")
    return int(min(row["times"] for row in rows) < FEWEST_TIMES or error > 1e-12 or not same)


if __name__ == "__main__":
    raise SystemExit(main())
