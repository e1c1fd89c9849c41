"""Spend and deaths of five programmes of care in 24 areas: made up, with known true differences."""

from pathlib import Path

import numpy as np
import pandas as pd

from vbhc.synthetic.raw import write_raw

SEED = 20
AREAS = 24
# Per head of the population: people in the programme, spend in GBP, deaths; then how far areas truly differ
# in deaths (standard deviation of the log rate), and the first area's true rate and spend over the others'.
PROGRAMMES = {
    "Circulation": (0.11, 118.0, 0.0009, 0.0, 1.35, 0.92),
    "Respiration": (0.08, 79.0, 0.0006, 0.25, 1.0, 1.0),
    "Cancer": (0.03, 102.0, 0.0013, 0.0, 1.0, 1.18),
    "Mental health": (0.12, 214.0, 0.0002, 0.0, 1.0, 1.0),
    "Muscles and bones": (0.18, 85.0, 0.0, 0.0, 1.0, 1.0),
}


def draw(seed: int = SEED) -> pd.DataFrame:
    """Return `area, programme, people, spend, deaths, expected`; expected at the rates of all areas' ages."""
    rng, rows = np.random.default_rng(seed), []
    size = rng.integers(180_000, 420_000, AREAS)
    for programme, (people, spend, deaths, spread, first, first_spend) in PROGRAMMES.items():
        true = np.exp(rng.normal(0, 1, AREAS) * spread)
        true[0] = first
        cost = spend * rng.normal(1, 0.06, AREAS)
        cost[0] = spend * first_spend
        expected = size * deaths * rng.normal(1, 0.08, AREAS)
        died = rng.poisson(expected * true)
        for n in range(AREAS):
            found = (round(size[n] * people), round(size[n] * cost[n], -3), died[n], round(expected[n], 1))
            rows.append((f"Area {n + 1:02d}", programme, size[n], *found))
    names = ["area", "programme", "population", "people", "spend", "deaths", "expected"]
    return pd.DataFrame(rows, columns=names)


# What a benchmark of hospitals publishes, as shares: which end is better, the mean, how far areas truly
# differ (standard deviation), and the first area's true share. Patients a year and area: 200 to 900.
METRICS = {
    "Readmitted within 30 days": ("lower", 0.14, 0.015, 0.14),
    "Took up cardiac rehabilitation": ("higher", 0.60, 0.04, 0.42),
    "Echocardiogram within two weeks": ("higher", 0.75, 0.03, 0.75),
}


def draw_metrics(seed: int = SEED) -> pd.DataFrame:
    """Return a metric by area and year as benchmarks give them, with medians and the quartile from below."""
    rng, rows = np.random.default_rng([seed, 1]), []
    for metric, (better, mean, spread, first) in METRICS.items():
        for period in ("2022/23", "2023/24"):
            n = rng.integers(200, 900, AREAS)
            true = np.clip(rng.normal(mean, spread, AREAS), 0.01, 0.99)
            true[0] = first
            k = rng.binomial(n, true)
            share = k / n
            quartile = np.searchsorted(np.quantile(share, [0.25, 0.5, 0.75]), share) + 1
            middle = round(float(np.median(share)), 4)
            for a in range(AREAS):
                value = round(float(share[a]), 4)
                known = (f"Area {a + 1:02d}", metric, better, period, value, k[a], n[a], middle, middle)
                rows.append((*known, quartile[a]))
    medians = ["value", "numerator", "denominator", "peer_median", "national_median", "quartile"]
    return pd.DataFrame(rows, columns=["org", "metric", "better", "period", *medians])


def write(study: Path | str) -> list[Path]:
    """Write `raw/programmes.csv` and `raw/metrics.csv` under a study folder."""
    return [write_raw(study, "programmes", draw()), write_raw(study, "metrics", draw_metrics())]
