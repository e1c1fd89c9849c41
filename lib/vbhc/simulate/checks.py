"""Which interval held the truth, which test rejected, in data of one seed: main results, then sensitivity."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.perception.multiverse.curve import joint_test
from vbhc.chapters.perception.multiverse.definitions import Outcome, define
from vbhc.chapters.value.artefacts import shuffle_test
from vbhc.chapters.value.quota.numerators import Part, Recipe, adjusted_outcome, group_numerator, numerator
from vbhc.chapters.value.two_arms.imputed import MEASURES, completed, fitted, pooled
from vbhc.instruments.qaly import qalys
from vbhc.simulate import models
from vbhc.simulate.check import LEVEL, SIZE, Hits, inside
from vbhc.statistics.correlation.equivalence import equivalence
from vbhc.statistics.correlation.latent import in_groups, polychoric
from vbhc.statistics.correlation.rank import kendall, spearman
from vbhc.statistics.economics.two_arms import two_arms
from vbhc.statistics.ratios.adjusted import adjusted_ratio_by
from vbhc.statistics.ratios.means import ratio_of_means
from vbhc.statistics.regression.seemingly_unrelated import Design, design
from vbhc.statistics.tables2x2 import wilson

RESAMPLES = 1_000
PRICE = 30_000
STEEP = 0.7  # of the line from start to follow-up


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
    r = spearman(*models.answers_and_score(n, models.latent_for(margin), seed + 1)).iloc[0]["estimate"]
    return {"TOST": equivalence(r, n, margin)["p"].iloc[0] < SIZE}


def shuffle(seed: int, n: int) -> Hits:
    """Perception goes with cost but not with outcome: the shuffle test should seldom see the outcome."""
    outcome, cost, _ = models.outcome_and_cost(n, 0.8, seed)
    perception = -np.log(cost) + np.random.default_rng([seed, 5]).normal(0, 0.8, n)
    return {"shuffle test": shuffle_test(outcome, cost, perception, 199, seed)["p"].iloc[0] <= SIZE}


def joint(seed: int, n: int) -> Hits:
    """No definition of value goes with what patients said: the joint test should seldom see one."""
    rng = np.random.default_rng([seed, 6])
    gone = {"a": 0.3, "b": 0.0}  # definitions with different patients: where such a test goes wrong
    outcomes = {}
    for name, share in gone.items():
        before = pd.Series(rng.normal(40, 15, n))
        after = pd.Series(np.where(rng.random(n) < share, np.nan, rng.normal(52, 18, n)))
        outcomes[name] = Outcome(before, after)
    cost = pd.Series(np.exp(rng.normal(8, 0.8, n)))
    answers = {"p": pd.Series(rng.integers(1, 6, n).astype(float))}
    made = define(outcomes, {"all": cost}, answers, negatives=("keep",))
    p = joint_test(made, 199, seed).set_index("statistic")["p"]
    return {f"joint test, {name}": bool(value <= SIZE) for name, value in p.items()}


def two_arm(seed: int, n: int) -> Hits:
    """Increments of a trial whose QALYs and costs hang together."""
    trial = models.two_arm_trial(n, seed)
    gain, extra = trial.pop("truth")
    row = two_arms(**trial, reference="old", price=PRICE, n_resamples=20, seed=seed).row
    return {
        "adjusted QALYs": inside(row, gain, "delta_outcome_"),
        "adjusted cost": inside(row, extra, "delta_cost_"),
        "net benefit": inside(row, PRICE * gain - extra, "delta_net_benefit_"),
    }


def share(seed: int, n: int, chance: float) -> Hits:
    """The share of patients who did something that each does with the same chance."""
    low, high = wilson(int(np.random.default_rng([seed, 7]).binomial(n, chance)), n, LEVEL)
    return {"Wilson": low <= chance <= high}


def planted(seed: int) -> Hits:
    """The planted heart-failure study, drawn anew: every headline interval against its population value."""
    table, truth = models.heart_failure(seed + 1_000), models.heart_failure_truth()
    table = table.assign(VQ=table["outcome"] / table["cost"])
    felt, hits = table["perception"], {}
    for name in ("outcome", "cost", "VQ"):
        hits[f"Spearman, perception with {name}"] = inside(spearman(felt, table[name]).iloc[0], truth[name])
    hits["Kendall, perception with VQ"] = inside(kendall(felt, table["VQ"]).iloc[0], truth["tau VQ"])
    ratio = ratio_of_means(table["outcome"], table["cost"], 1.0, LEVEL, RESAMPLES, seed)
    for row in ratio.to_dict("records"):
        hits[f"ratio of means, {row['method']}"] = inside(row, truth["ratio"])
    new, old = (table.loc[table["arm"] == arm, "cost"].dropna() for arm in ("person-centred", "usual care"))
    ends = stats.ttest_ind(new, old, equal_var=False).confidence_interval(LEVEL)
    hits["cost difference, Welch"] = bool(ends.low <= truth["cost difference"] <= ends.high)
    return hits


def latent(seed: int, n: int, r: float) -> Hits:
    """Five answers with a ceiling and a score cut in fifths; a run without an answer is left out."""
    answer, score = models.answers_and_score(n, r, seed + 1)
    found = polychoric(answer, in_groups(np.exp(2 * score)), LEVEL).iloc[0]  # any skew: only order counts
    return {} if found["reason"] else {"polychoric": inside(found, r)}


def imputed_arms(seed: int, n: int, **trial: Any) -> Hits:
    """Increments of a trial (`models.trial_with_gaps`) whose missing follow-up is imputed."""
    frame, arm, truth = models.trial_with_gaps(n, seed, **trial)

    def plan(whole: pd.DataFrame) -> Design:
        before = whole[["before"]].rename(columns={"before": "baseline"})
        area = qalys(whole[["before", "after"]], [0.0, 1.0])
        return design(area, whole["cost"], (arm == "new").astype(float), before, before[[]])

    row = pooled(fitted(completed(frame, arm, 20, seed), plan), PRICE, LEVEL)
    truths = dict(zip(MEASURES, (*truth, PRICE * truth[0] - truth[1]), strict=True))
    return {f"arms imputed, {name}": inside(row, truths[name], f"{name}_") for name in MEASURES}


def adjusted_value(seed: int, n: int) -> Hits:
    """Value of what patients reached, their start held equal: two ways to count its spread."""
    recipe = Recipe((Part("before", "after"),))
    rng = np.random.default_rng([seed, n, 13])
    before = rng.normal(40, 17, n)
    table = pd.DataFrame({"before": before, "after": 50 + STEEP * (before - 40) + rng.normal(0, 12, n)})
    cost = pd.Series(4_000 * np.exp(rng.normal(0, 0.25, n)))
    truth = 50 / (4_000 * np.exp(0.25**2 / 2))
    made = {
        "the follow-up's spread": group_numerator(table, recipe),
        "the spread around the line": numerator(table, "baseline-adjusted", recipe),
    }
    return {
        f"adjusted value, {name}": inside(ratio_of_means(values, cost, 1.0, LEVEL).iloc[0], truth)
        for name, values in made.items()
    }


def value_by_group(seed: int, n: int) -> Hits:
    """Three groups that start and fare differently; the line is that of all patients together."""
    share, start, extra = np.array([0.5, 0.33, 0.17]), np.array([40.0, 46, 33]), np.array([0.0, 3, -2])
    between = start - share @ start
    slope = STEEP + share @ (between * extra) / (17**2 + share @ between**2)
    level = 50 + STEEP * (start - 40) + extra - slope * between
    truth = level / (4_000 * np.exp(0.1 * np.arange(3) + 0.25**2 / 2))
    rng = np.random.default_rng([seed, n, 15])
    group = rng.choice(3, n, p=share)
    before = rng.normal(start[group], 17)
    after = 50 + STEEP * (before - 40) + extra[group] + rng.normal(0, 12, n)
    cost = 4_000 * np.exp(0.1 * group + rng.normal(0, 0.25, n))
    table = pd.DataFrame({"before": before, "after": after, "cost": cost, "group": group})
    found = adjusted_ratio_by(table["before"], table["after"], table["cost"], table["group"], 1.0, LEVEL)
    own = table["group"] == 0
    line = adjusted_outcome(table["before"], table["after"])
    narrow = ratio_of_means(line[own], table.loc[own, "cost"], 1.0, LEVEL).iloc[0]
    rows = {f"value by group, share {share[k]:g}": inside(found.iloc[k], truth[k]) for k in range(3)}
    return rows | {"value by group, the spread around the line": inside(narrow, truth[0])}
