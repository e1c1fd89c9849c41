"""Generators with a known truth: latent normal answers, skewed costs, and the planted heart-failure study."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.study import project_root
from vbhc.synthetic import heart_failure as planted
from vbhc.synthetic import truth

CEILING_HEAVY = (0.05, 0.10, 0.25, 0.50)  # cumulative shares below the best of five answers
POPULATION = 400_000
EXTRA_QALY, EXTRA_COST = 0.01, 300.0  # of the new arm
HEART_FAILURE_POPULATION = 30_000
GAIN = (12.0, 20.0)  # mean and standard deviation of points gained
Numbers = Sequence[float]


def answers_and_score(n: int, latent_r: float, seed: int) -> tuple[pd.Series, pd.Series]:
    """Return five-level answers with a ceiling and a continuous score with a latent correlation."""
    x, e = np.random.default_rng([seed, n, 1]).normal(size=(2, n))
    y = latent_r * x + np.sqrt(1 - latent_r**2) * e
    cuts = stats.norm.ppf(CEILING_HEAVY)
    return pd.Series(np.searchsorted(cuts, x) + 1.0, name="answer"), pd.Series(y, name="score")


@cache
def true_ranks(latent_r: float) -> tuple[float, float]:
    """Return Spearman's rho and Kendall's tau-b of `answers_and_score` in a very large population."""
    answer, score = answers_and_score(POPULATION, latent_r, seed=0)
    return answer.corr(score, method="spearman"), stats.kendalltau(answer, score).statistic


@cache
def latent_for(rho: float) -> float:
    """Return the latent correlation that gives Spearman's rho in the population, by bisection."""
    low, high = 0.0, 0.99
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if true_ranks(middle)[0] < rho else (low, middle)
    return (low + high) / 2


def outcome_and_cost(
    n: int, log_sd: float, seed: int, outcome: Numbers = GAIN
) -> tuple[pd.Series, pd.Series, float]:
    """Return outcomes, independent lognormal costs (median 4,000), and the true ratio of means."""
    rng = np.random.default_rng([seed, n, 2])
    values = pd.Series(rng.normal(outcome[0], outcome[1], n))
    cost = pd.Series(4_000 * np.exp(rng.normal(0, log_sd, n)))
    return values, cost, outcome[0] / (4_000 * np.exp(log_sd**2 / 2))


def two_arm_trial(n: int, seed: int) -> dict[str, Any]:
    """Return a trial with correlated QALYs and gamma costs, a baseline that matters, and its truth."""
    rng = np.random.default_rng([seed, n, 3])
    new = np.arange(n) % 2
    baseline = rng.normal(0.6, 0.2, n)
    shared = rng.normal(size=n)
    qaly = 0.05 + 0.2 * baseline + EXTRA_QALY * new + 0.02 * shared + rng.normal(0, 0.02, n)
    cost = rng.gamma(2, 1_500, n) + EXTRA_COST * new - 300 * shared
    columns = {"outcome": qaly, "cost": cost, "arm": np.where(new == 1, "new", "old"), "baseline": baseline}
    return {name: pd.Series(values) for name, values in columns.items()} | {"truth": (EXTRA_QALY, EXTRA_COST)}


def trial_with_gaps(
    n: int, seed: int, stream: int, start: Numbers, line: Numbers, top: float, price: float, lost: float
) -> tuple[pd.DataFrame, pd.Series, tuple[float, float]]:
    """Return a trial whose follow-up is missing in about a third: index before and after, cost; arms; truth.

    The truth: what the new arm adds in QALYs over a year and in cost, the start held equal. Who is missing
    depends on the start and the arm, so that complete cases differ from all.

    Parameters
    ----------
    n, seed, stream : int
        Patients, and what the random numbers hang on.
    start : (float, float, float)
        Index before: mean, standard deviation, floor.
    line : (float, float, float, float)
        Index after: level, slope on the start, gain in the new arm, standard deviation around the line.
    top : float
        The best index after: 1, where no normal line fits, or above.
    price : float
        Cost saved per unit of the index after.
    lost : float
        Log odds of an answer per unit of the index before.
    """
    rng = np.random.default_rng([seed, n, stream])
    (middle, spread, floor), (level, slope, gain, noise) = start, line
    new = np.arange(n) % 2
    before = np.clip(rng.normal(middle, spread, n), floor, 1)
    after = np.minimum(top, level + slope * before + gain * new + rng.normal(0, noise, n))
    cost = rng.gamma(2, 1_500, n) + 300 * new - price * (after - 0.6)
    gone = rng.random(n) < 1 / (1 + np.exp(0.6 + lost * (before - middle) - 0.6 * new))
    seen = np.where(gone, np.nan, np.minimum(after, 1))
    frame = pd.DataFrame({"before": before, "after": seen, "cost": cost})
    added = _gain_under_ceiling(*start, *line) if top == 1 else gain
    return frame, pd.Series(np.where(new == 1, "new", "old")), (added / 2, 300 - price * added)


@cache
def _gain_under_ceiling(middle: float, spread: float, floor: float, *line: float) -> float:
    """Return what the new arm adds to the mean of `after` under a ceiling of 1, over a fine grid of starts.

    Of a normal X with mean m and standard deviation s, E min(1, X) = 1 - s (z P(Z < z) + density(z)) with
    z = (1 - m) / s.
    """
    level, slope, gain, noise = line
    start = np.clip(middle + spread * stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000), floor, 1)
    z = (1 - (level + slope * start + gain * np.array([[0], [1]]))) / noise
    old, new = (1 - noise * (z * stats.norm.cdf(z) + stats.norm.pdf(z))).mean(axis=1)
    return float(new - old)


def heart_failure(seed: int, n: int = 248) -> pd.DataFrame:
    """Return a fresh draw of the planted heart-failure study: `perception, outcome, follow_up, cost, arm`."""
    prices = truth.read_unit_costs(project_root() / "data" / "heart-failure")
    table = truth.analysis_table(planted.draw(seed, n), prices)
    names = {"perceived_care": "perception", "kccq_os_change": "outcome", "kccq_os_3m": "follow_up"}
    names[truth.COST] = "cost"
    return table[[*names, "arm"]].astype(dict.fromkeys(names, float)).rename(columns=names)


@cache
def heart_failure_truth() -> dict[str, float]:
    """Return what analyses of the planted study estimate, from one very large draw."""
    table = heart_failure(seed=1, n=HEART_FAILURE_POPULATION)
    vq = table["outcome"] / table["cost"]
    measures = {"outcome": table["outcome"], "cost": table["cost"], "VQ": vq}
    known = {name: table["perception"].corr(side, method="spearman") for name, side in measures.items()}
    known["tau VQ"] = stats.kendalltau(table["perception"], vq, nan_policy="omit").statistic
    complete = table.dropna(subset=["outcome", "cost"])
    known["ratio"] = complete["outcome"].mean() / complete["cost"].mean()
    cost = table.groupby("arm")["cost"].mean()
    known["cost difference"] = cost["person-centred"] - cost["usual care"]
    return known
