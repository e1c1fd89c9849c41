"""Generators with a known truth: latent normal answers, skewed costs, and the planted heart-failure study."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.perception.multiverse.coefficients import kendall_tau, ranked
from vbhc.synthetic import heart_failure as planted
from vbhc.synthetic import targets

CEILING_HEAVY = (0.05, 0.10, 0.25, 0.50)  # cumulative shares below the best of five answers
POPULATION = 400_000
EXTRA_QALY, EXTRA_COST = 0.01, 300.0  # of the new arm
HEART_FAILURE_POPULATION = 30_000
UNIT_COSTS = {
    "emergency_visit": 150, "ward_day": 340, "intermediate_care_day": 720, "icu_day": 2300,
    "echocardiogram": 120, "chest_xray": 45, "lab_panel": 25, "drug_day": 12, "planning_hour": 45,
    "outpatient_visit": 160, "nurse_visit": 80, "primary_care_visit": 90, "readmission_day": 430,
}  # fmt: skip


def answers_and_score(n: int, latent_r: float, seed: int) -> tuple[pd.Series, pd.Series]:
    """Return five-level answers with a ceiling and a continuous score with a latent correlation."""
    rng = np.random.default_rng([seed, n, 1])
    x, e = rng.normal(size=(2, n))
    y = latent_r * x + np.sqrt(1 - latent_r**2) * e
    cuts = stats.norm.ppf(CEILING_HEAVY)
    return pd.Series(np.searchsorted(cuts, x) + 1.0, name="answer"), pd.Series(y, name="score")


@cache
def true_ranks(latent_r: float) -> tuple[float, float]:
    """Return Spearman's rho and Kendall's tau-b of `answers_and_score` in a very large population."""
    answer, score = answers_and_score(POPULATION, latent_r, seed=0)
    ranks = [stats.rankdata(side) for side in (answer, score)]
    return float(np.corrcoef(*ranks)[0, 1]), _tau(answer, score)


def _tau(one: pd.Series, other: pd.Series) -> float:
    codes = [ranked(side.to_numpy())[1] for side in (one, other)]
    return kendall_tau(codes[1], codes[0])[0]


@cache
def latent_for(rho: float) -> float:
    """Return the latent correlation that gives Spearman's rho in the population, by bisection."""
    low, high = 0.0, 0.99
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if true_ranks(middle)[0] < rho else (low, middle)
    return (low + high) / 2


GAIN, STATE = (12.0, 20.0), (0.7, 0.2)  # mean and sd: points gained; a utility, which varies far less


def outcome_and_cost(
    n: int, log_sd: float, seed: int, outcome: tuple[float, float] = GAIN
) -> tuple[pd.Series, pd.Series, float]:
    """Return outcomes, independent lognormal costs (median 4,000), and the true ratio of means."""
    rng = np.random.default_rng([seed, n, 2])
    values = pd.Series(rng.normal(*outcome, n))
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
    return {
        "outcome": pd.Series(qaly),
        "cost": pd.Series(cost),
        "arm": pd.Series(np.where(new == 1, "new", "old")),
        "baseline": pd.Series(baseline),
        "truth": (EXTRA_QALY, EXTRA_COST),
    }


def trial_with_gaps(n: int, seed: int) -> tuple[pd.DataFrame, pd.Series, tuple[float, float]]:
    """Return index before and after (missing at random in about a third) and cost, arms, the true increments.

    Increments are of QALYs over a year and of cost, the start held equal. Who is missing depends on the start
    and the arm, so that complete cases differ from all.
    """
    rng = np.random.default_rng([seed, n, 14])
    new = np.arange(n) % 2
    before = np.clip(rng.normal(0.55, 0.18, n), -0.2, 1)
    after = before * 0.6 + 0.25 + 0.06 * new + rng.normal(0, 0.08, n)
    cost = rng.gamma(2, 1_500, n) + 300 * new - 4_000 * (after - 0.6)
    lost = rng.random(n) < 1 / (1 + np.exp(0.6 + 4 * (before - 0.55) - 0.6 * new))
    frame = pd.DataFrame(
        {"before": before, "after": np.where(lost, np.nan, np.minimum(after, 1)), "cost": cost}
    )
    return frame, pd.Series(np.where(new == 1, "new", "old")), (0.03, 300 - 4_000 * 0.06)


def ceiling_trial_with_gaps(n: int, seed: int) -> tuple[pd.DataFrame, pd.Series, tuple[float, float]]:
    """Return the same for a utility of which a quarter ends at its best value, where no normal line fits."""
    rng = np.random.default_rng([seed, n, 17])
    new = np.arange(n) % 2
    before = np.clip(rng.normal(0.6, 0.27, n), -0.5, 1)
    after = np.minimum(1, 0.5 + 0.45 * before + 0.05 * new + rng.normal(0, 0.2, n))
    cost = rng.gamma(2, 1_500, n) + 300 * new - 2_000 * (after - 0.7)
    lost = rng.random(n) < 1 / (1 + np.exp(0.6 + 3 * (before - 0.6) - 0.6 * new))
    frame = pd.DataFrame({"before": before, "after": np.where(lost, np.nan, after), "cost": cost})
    gain = _ceiling_gain()
    return frame, pd.Series(np.where(new == 1, "new", "old")), (gain / 2, 300 - 2_000 * gain)


@cache
def _ceiling_gain() -> float:
    """Return what the new arm adds to the mean of `after` under its ceiling, over a fine grid of starts.

    Of a normal X with mean m and standard deviation s, E min(1, X) = 1 - s (z P(Z < z) + density(z)) with
    z = (1 - m) / s.
    """
    start = np.clip(0.6 + 0.27 * stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000), -0.5, 1)
    means = []
    for new in (0, 1):
        z = (1 - (0.5 + 0.45 * start + 0.05 * new)) / 0.2
        means.append((1 - 0.2 * (z * stats.norm.cdf(z) + stats.norm.pdf(z))).mean())
    return float(means[1] - means[0])


def heart_failure(seed: int, n: int = 248) -> pd.DataFrame:
    """Return a fresh draw of the planted heart-failure study: `perception, outcome, follow_up, cost, arm`."""
    table = targets.analysis_table(planted.draw(seed, n), pd.Series(UNIT_COSTS, dtype=float))
    names = {"perceived_care": "perception", "kccq_os_change": "outcome", "kccq_os_3m": "follow_up"}
    names[targets.COST] = "cost"
    return table[[*names, "arm"]].astype(dict.fromkeys(names, float)).rename(columns=names)


@cache
def heart_failure_truth() -> dict[str, float]:
    """Return what analyses of the planted study estimate, from one very large draw."""
    table = heart_failure(seed=1, n=HEART_FAILURE_POPULATION)
    vq = table["outcome"] / table["cost"]
    measures = {"outcome": table["outcome"], "cost": table["cost"], "VQ": vq}
    truth = {name: table["perception"].corr(side, method="spearman") for name, side in measures.items()}
    both = table["perception"].notna() & vq.notna()
    truth["tau VQ"] = _tau(table.loc[both, "perception"], vq[both])
    complete = table.dropna(subset=["outcome", "cost"])
    truth["ratio"] = complete["outcome"].mean() / complete["cost"].mean()
    cost = table.groupby("arm")["cost"].mean()
    truth["cost difference"] = cost["person-centred"] - cost["usual care"]
    return truth
