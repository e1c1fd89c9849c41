"""Spend and deaths of five programmes of care in 24 areas: made up, with known true differences.

`data/programmes.csv` holds, per head of the population, people in the programme, spend in GBP and deaths;
then how far areas truly differ in deaths (standard deviation of the log rate), and the first area's true rate
and spend over the others'. `data/metrics.csv` holds what a benchmark of hospitals publishes, as shares: which
end is better, the mean, how far areas truly differ (standard deviation), and the first area's true share.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vbhc.synthetic.tables import entries, write_raw

SEED = 20
AREAS = 24
NAMES = [f"Area {n + 1:02d}" for n in range(AREAS)]


def draw(seed: int = SEED) -> pd.DataFrame:
    """Return `area, programme, people, spend, deaths, expected`; expected at the rates of all areas' ages."""
    rng, tables = np.random.default_rng(seed), []
    size = rng.integers(180_000, 420_000, AREAS)
    for row in entries("programmes"):
        people, spend, deaths, spread, first, first_spend = map(float, list(row.values())[1:])
        true = np.exp(rng.normal(0, 1, AREAS) * spread)
        true[0] = first
        cost = spend * rng.normal(1, 0.06, AREAS)
        cost[0] = spend * first_spend
        expected = size * deaths * rng.normal(1, 0.08, AREAS)
        drawn: dict[str, Any] = {"area": NAMES, "programme": row["programme"], "population": size}
        drawn |= {"people": np.round(size * people).astype(int), "spend": np.round(size * cost, -3)}
        drawn |= {"deaths": rng.poisson(expected * true), "expected": np.round(expected, 1)}
        tables.append(pd.DataFrame(drawn))
    return pd.concat(tables, ignore_index=True)


def draw_metrics(seed: int = SEED) -> pd.DataFrame:
    """Return a metric by area and year as benchmarks give them, with medians and the quartile from below.

    An area has 200 to 900 patients a year.
    """
    rng, tables = np.random.default_rng([seed, 1]), []
    for row in entries("metrics"):
        for period in ("2022/23", "2023/24"):
            n = rng.integers(200, 900, AREAS)
            true = np.clip(rng.normal(float(row["mean"]), float(row["spread"]), AREAS), 0.01, 0.99)
            true[0] = float(row["first"])
            k = rng.binomial(n, true)
            share, middle = k / n, round(float(np.median(k / n)), 4)
            quartile = np.searchsorted(np.quantile(share, [0.25, 0.5, 0.75]), share) + 1
            drawn: dict[str, Any] = {"org": NAMES, "metric": row["metric"], "better": row["better"]}
            drawn |= {"period": period, "value": share.round(4), "numerator": k, "denominator": n}
            drawn |= {"peer_median": middle, "national_median": middle, "quartile": quartile}
            tables.append(pd.DataFrame(drawn))
    return pd.concat(tables, ignore_index=True)


def write(study: Path | str) -> list[Path]:
    """Write `raw/programmes.csv` and `raw/metrics.csv` under a study folder."""
    return [write_raw(study, "programmes", draw()), write_raw(study, "metrics", draw_metrics())]
