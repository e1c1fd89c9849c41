"""Every check: what is drawn, which interval should hold the truth or which test should seldom reject.

Known shortfalls stand in `known`: when costs are heavily skewed and the outcome varies little (a utility, not
a gain), intervals for a ratio of means that know nothing of the costs' shape cover less than they say with
few patients, since the sample seldom holds the dearest ones. Where the outcome's own spread is large it hides
that.
"""

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.perception.multiverse.columns import Outcome
from vbhc.chapters.perception.multiverse.curve import joint_test
from vbhc.chapters.perception.multiverse.definitions import define
from vbhc.chapters.value.artefacts import shuffle_test
from vbhc.instruments.shares import wilson
from vbhc.simulate import models
from vbhc.simulate.check import LEVEL, SIZE, Check, Hits, asked_of_seeds, inside
from vbhc.simulate.people import PEOPLE
from vbhc.simulate.providers import PROVIDERS
from vbhc.simulate.sensitivity import SENSITIVITY
from vbhc.statistics.correlation.equivalence import equivalence
from vbhc.statistics.correlation.rank import kendall, spearman
from vbhc.statistics.economics.two_arms import two_arms
from vbhc.statistics.ratios.means import ratio_of_means

RESAMPLES = 1_000


@asked_of_seeds
def _ratio(seed: int, n: int, log_sd: float, kind: tuple[float, float] = models.GAIN) -> Hits:
    outcome, cost, truth = models.outcome_and_cost(n, log_sd, seed, kind)
    table = ratio_of_means(outcome, cost, 1.0, LEVEL, RESAMPLES, seed)
    hits = {}
    for row in table.to_dict("records"):
        inside = row["low"] <= truth <= row["high"]
        hits[row["method"]] = {"complement": not inside, "whole line": True}.get(row["ci_kind"], inside)
    return hits


@asked_of_seeds
def _ranks(seed: int, n: int, rho: float) -> Hits:
    latent = models.latent_for(rho) if rho else 0.0
    true_rho, true_tau = models.true_ranks(latent) if rho else (0.0, 0.0)
    pair = models.answers_and_score(n, latent, seed + 1)
    hits = {
        f"Spearman, {method}": inside(spearman(*pair, LEVEL, method, RESAMPLES, seed).iloc[0], true_rho)
        for method in ("bonett-wright", "bootstrap", "bca")
    }
    return hits | {"Kendall, jackknife": inside(kendall(*pair, LEVEL).iloc[0], true_tau)}


@asked_of_seeds
def _equivalence(seed: int, n: int, margin: float) -> Hits:
    """At a true correlation equal to the margin, "smaller" must be said in 5% of samples at most."""
    latent = models.latent_for(margin)
    r = spearman(*models.answers_and_score(n, latent, seed + 1)).iloc[0]["estimate"]
    said = equivalence(r, n, margin)["verdict"].iloc[0]
    return {"TOST": said == "smaller than the margin"}


@asked_of_seeds
def _shuffle(seed: int, n: int) -> Hits:
    """Perception goes with cost but not with outcome: the shuffle test should seldom see the outcome."""
    outcome, cost, _ = models.outcome_and_cost(n, 0.8, seed)
    noise = np.random.default_rng([seed, 5]).normal(0, 0.8, n)
    perception = (-np.log(cost) + noise).rename("perception")
    return {"shuffle test": shuffle_test(outcome, cost, perception, 199, seed)["p"].iloc[0] <= SIZE}


@asked_of_seeds
def _joint(seed: int, n: int) -> Hits:
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


@asked_of_seeds
def _two_arms(seed: int, n: int) -> Hits:
    trial = models.two_arm_trial(n, seed)
    gain, extra = trial.pop("truth")
    result = two_arms(**trial, reference="old", willingness_to_pay=(30_000,), n_resamples=20, seed=seed)
    rows = result.increments[result.increments["method"] == "adjusted"].set_index("measure")
    return {
        "adjusted QALYs": inside(rows.loc["outcome"], gain),
        "adjusted cost": inside(rows.loc["cost"], extra),
        "net benefit": inside(result.net_benefit.iloc[0], 30_000 * gain - extra),
    }


@asked_of_seeds
def _share(seed: int, n: int, share: float) -> Hits:
    found = wilson(int(np.random.default_rng([seed, 7]).binomial(n, share)), n, LEVEL)
    return {"Wilson": inside(found, share)}


def _planted(seed: int) -> Hits:
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


UTILITY = "utility over cost of log sd 1.2"
SKEWED_60 = {"fieller": 0.89, "bootstrap-t": 0.93}
SKEWED_248 = {"fieller": 0.914}
CHECKS = (
    Check("ratio of means", "cost log sd 0.6", 60, "coverage", LEVEL, _ratio(60, 0.6)),
    Check("ratio of means", "cost log sd 0.6", 248, "coverage", LEVEL, _ratio(248, 0.6)),
    Check("ratio of means", "cost log sd 1.2", 60, "coverage", LEVEL, _ratio(60, 1.2)),
    Check("ratio of means", UTILITY, 60, "coverage", LEVEL, _ratio(60, 1.2, models.STATE), SKEWED_60),
    Check("ratio of means", UTILITY, 248, "coverage", LEVEL, _ratio(248, 1.2, models.STATE), SKEWED_248),
    Check("rank correlation", "five answers, rho 0", 60, "coverage", LEVEL, _ranks(60, 0.0)),
    Check("rank correlation", "five answers, rho .2", 248, "coverage", LEVEL, _ranks(248, 0.2)),
    Check("rank correlation", "five answers, rho .45", 248, "coverage", LEVEL, _ranks(248, 0.45)),
    Check("smallness", "true rho at the margin of .2", 248, "size", SIZE, _equivalence(248, 0.2)),
    Check("shuffle", "perception goes with cost only", 120, "size", SIZE, _shuffle(120)),
    Check("multiverse", "perception unrelated, some missing", 100, "size", SIZE, _joint(100)),
    Check("two arms", "gamma costs, correlated", 120, "coverage", LEVEL, _two_arms(120)),
    Check("share", "90% of patients", 60, "coverage", LEVEL, _share(60, 0.9)),
    *SENSITIVITY,
    *PEOPLE,
    *PROVIDERS,
    Check("planted study", "heart failure", 248, "coverage", LEVEL, _planted),
)
