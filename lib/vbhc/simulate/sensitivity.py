"""Checks of sensitivity analyses: polychoric correlations, imputed arms, values adjusted for the start."""

from typing import Any

import numpy as np
import pandas as pd

from vbhc.chapters.value.quota.numerators import Part, Recipe, adjusted_outcome, group_numerator, numerator
from vbhc.chapters.value.two_arms.imputed import MEASURES, completed, fitted, pooled
from vbhc.instruments.qaly import qalys
from vbhc.simulate import models
from vbhc.simulate.check import LEVEL, Hits, inside
from vbhc.statistics.correlation.latent import in_groups, polychoric
from vbhc.statistics.ratios.adjusted import adjusted_ratio_by
from vbhc.statistics.ratios.means import ratio_of_means
from vbhc.statistics.regression.seemingly_unrelated import Design, design

PRICE = 30_000
STEEP = 0.7  # of the line from start to follow-up


def latent(seed: int, n: int, r: float) -> Hits:
    """Five answers with a ceiling and a score cut in fifths; a run without an answer is left out."""
    answer, score = models.answers_and_score(n, r, seed + 1)
    found = polychoric(answer, in_groups(np.exp(2 * score)), LEVEL).iloc[0]  # any skew: only order counts
    return {} if found["reason"] else {"polychoric": inside(found, r)}


def imputed_arms(seed: int, n: int, **trial: Any) -> Hits:
    """Increments of a trial (`models.trial_with_gaps`) whose missing follow-up is imputed."""
    frame, arm, truth = models.trial_with_gaps(n, seed, **trial)
    treated = (arm == "new").astype(float)

    def plan(whole: pd.DataFrame) -> Design:
        before = whole[["before"]].rename(columns={"before": "baseline"})
        area = qalys(whole[["before", "after"]], [0.0, 1.0])
        return design(area, whole["cost"], treated, before, before[[]])

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
    mean = share @ start
    between = start - mean
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
