"""The main results: which interval held the truth, which test rejected, in data of one seed."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.perception.multiverse.curve import joint_test
from vbhc.chapters.perception.multiverse.definitions import Outcome, define
from vbhc.chapters.value.artefacts import shuffle_test
from vbhc.simulate import models
from vbhc.simulate.check import LEVEL, SIZE, Hits, inside
from vbhc.statistics.correlation.equivalence import equivalence
from vbhc.statistics.correlation.rank import kendall, spearman
from vbhc.statistics.economics.two_arms import two_arms
from vbhc.statistics.ratios.means import ratio_of_means
from vbhc.statistics.tables2x2 import wilson

RESAMPLES = 1_000


def ratio(seed: int, n: int, log_sd: float, outcome: Sequence[float] = models.GAIN) -> Hits:
    """Every interval of the ratio of means; a region may be the outside of an interval, or everything."""
    gain, cost, truth = models.outcome_and_cost(n, log_sd, seed, outcome)
    table = ratio_of_means(gain, cost, 1.0, LEVEL, RESAMPLES, seed)
    hits = {}
    for row in table.to_dict("records"):
        held = inside(row, truth)
        hits[row["method"]] = {"complement": not held, "whole line": True}.get(row["ci_kind"], held)
    return hits


def ranks(seed: int, n: int, rho: float) -> Hits:
    """Answers in five grades with a ceiling against a continuous score."""
    latent = models.latent_for(rho) if rho else 0.0
    true_rho, true_tau = models.true_ranks(latent) if rho else (0.0, 0.0)
    pair = models.answers_and_score(n, latent, seed + 1)
    found = {"Spearman, bonett-wright": (spearman, true_rho), "Kendall, jackknife": (kendall, true_tau)}
    return {name: inside(measure(*pair, LEVEL).iloc[0], truth) for name, (measure, truth) in found.items()}


def smallness(seed: int, n: int, margin: float) -> Hits:
    """At a true correlation equal to the margin, "smaller" must be said in 5% of samples at most."""
    latent = models.latent_for(margin)
    r = spearman(*models.answers_and_score(n, latent, seed + 1)).iloc[0]["estimate"]
    return {"TOST": equivalence(r, n, margin)["p"].iloc[0] < SIZE}


def shuffle(seed: int, n: int) -> Hits:
    """Perception goes with cost but not with outcome: the shuffle test should seldom see the outcome."""
    outcome, cost, _ = models.outcome_and_cost(n, 0.8, seed)
    noise = np.random.default_rng([seed, 5]).normal(0, 0.8, n)
    perception = (-np.log(cost) + noise).rename("perception")
    return {"shuffle test": shuffle_test(outcome, cost, perception, 199, seed)["p"].iloc[0] <= SIZE}


def joint(seed: int, n: int) -> Hits:
    """No definition of value goes with what patients said: the joint test should seldom see one."""
    rng = np.random.default_rng([seed, 6])
    gone = {"a": 0.3, "b": 0.0}  # definitions with different patients: where such a test goes wrong
    outcomes = {
        name: Outcome(
            pd.Series(rng.normal(40, 15, n)),
            pd.Series(np.where(rng.random(n) < share, np.nan, rng.normal(52, 18, n))),
        )
        for name, share in gone.items()
    }
    cost = pd.Series(np.exp(rng.normal(8, 0.8, n)))
    answers = {"p": pd.Series(rng.integers(1, 6, n).astype(float))}
    made = define(outcomes, {"all": cost}, answers, negatives=("keep",))
    p = joint_test(made, 199, seed).set_index("statistic")["p"]
    return {f"joint test, {name}": bool(value <= SIZE) for name, value in p.items()}


def two_arm(seed: int, n: int) -> Hits:
    """Increments of a trial whose QALYs and costs hang together."""
    trial = models.two_arm_trial(n, seed)
    gain, extra = trial.pop("truth")
    result = two_arms(**trial, reference="old", price=30_000, n_resamples=20, seed=seed)
    return {
        "adjusted QALYs": inside(result.row, gain, "delta_outcome_"),
        "adjusted cost": inside(result.row, extra, "delta_cost_"),
        "net benefit": inside(result.row, 30_000 * gain - extra, "delta_net_benefit_"),
    }


def share(seed: int, n: int, chance: float) -> Hits:
    """The share of patients who did something that each does with the same chance."""
    low, high = wilson(int(np.random.default_rng([seed, 7]).binomial(n, chance)), n, LEVEL)
    return {"Wilson": low <= chance <= high}


def planted(seed: int) -> Hits:
    """The planted heart-failure study, drawn anew: every headline interval against its population value."""
    table, truth = models.heart_failure(seed + 1_000), models.heart_failure_truth()
    vq = (table["outcome"] / table["cost"]).rename("VQ")
    sides = {"outcome": table["outcome"], "cost": table["cost"], "VQ": vq}
    hits = {
        f"Spearman, perception with {name}": inside(spearman(table["perception"], side).iloc[0], truth[name])
        for name, side in sides.items()
    }
    hits["Kendall, perception with VQ"] = inside(kendall(table["perception"], vq).iloc[0], truth["tau VQ"])
    ratio = ratio_of_means(table["outcome"], table["cost"], 1.0, LEVEL, RESAMPLES, seed)
    hits |= {
        f"ratio of means, {row['method']}": inside(row, truth["ratio"]) for row in ratio.to_dict("records")
    }
    new, old = (table.loc[table["arm"] == arm, "cost"].dropna() for arm in ("person-centred", "usual care"))
    ends = stats.ttest_ind(new, old, equal_var=False).confidence_interval(LEVEL)
    hits["cost difference, Welch"] = bool(ends.low <= truth["cost difference"] <= ends.high)
    return hits
