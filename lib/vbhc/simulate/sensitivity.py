"""Checks of sensitivity analyses: polychoric correlations, imputed arms, values adjusted for the start."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from vbhc.chapters.value.quota.numerators import Part, Recipe, adjusted_outcome, group_numerator, numerator
from vbhc.chapters.value.two_arms.imputed import pooled_differences
from vbhc.chapters.value.two_arms.words import MEASURES
from vbhc.instruments.qaly import qalys
from vbhc.simulate import models
from vbhc.simulate.check import LEVEL, Check, Hits, asked_of_seeds, inside
from vbhc.statistics.correlation.latent import in_groups, polychoric
from vbhc.statistics.economics.frontier import value_frontier
from vbhc.statistics.economics.frontier_bounds import frontier_intervals
from vbhc.statistics.ratios.adjusted import adjusted_ratio_by
from vbhc.statistics.ratios.means import ratio_of_means
from vbhc.statistics.regression.seemingly_unrelated import Design, design

PRICE = 30_000
STEEP = 0.7  # of the line from start to follow-up


@asked_of_seeds
def _polychoric(seed: int, n: int, latent_r: float) -> Hits:
    """Five answers with a ceiling and a score cut in fifths; a run without an answer is left out."""
    answer, score = models.answers_and_score(n, latent_r, seed + 1)
    found = polychoric(answer, in_groups(np.exp(2 * score)), LEVEL).iloc[0]  # any skew: only order counts
    return {} if found["reason"] else {"polychoric": inside(found, latent_r)}


@asked_of_seeds
def _imputed_arms(seed: int, n: int, trial: Callable = models.trial_with_gaps) -> Hits:
    """Follow-up missing in a third, more often where the start was low and in one arm."""
    frame, arm, truth = trial(n, seed)
    treated = (arm == "new").astype(float)

    def plan(whole: pd.DataFrame) -> Design:
        before = whole[["before"]].rename(columns={"before": "baseline"})
        area = qalys(whole[["before", "after"]], [0.0, 1.0])
        return design(area, whole["cost"], treated, before, before[[]])

    row = pooled_differences(frame, arm, plan, PRICE, LEVEL, 20, seed)
    ends = {name: {"low": row[f"{name}_low"], "high": row[f"{name}_high"]} for name in MEASURES}
    truths = dict(zip(MEASURES, (*truth, PRICE * truth[0] - truth[1]), strict=True))
    return {f"arms imputed, {name}": inside(ends[name], truths[name]) for name in MEASURES}


@asked_of_seeds
def _adjusted_value(seed: int, n: int) -> Hits:
    recipe = Recipe((Part("before", "after"),))
    rng = np.random.default_rng([seed, n, 13])
    before = rng.normal(40, 17, n)
    table = pd.DataFrame({"before": before, "after": 50 + STEEP * (before - 40) + rng.normal(0, 12, n)})
    cost = pd.Series(4_000 * np.exp(rng.normal(0, 0.25, n)))
    truth = 50 / (4_000 * np.exp(0.25**2 / 2))
    made = {"the follow-up's spread": group_numerator, "the spread around the line": numerator}
    return {
        f"adjusted value, {name}": inside(
            ratio_of_means(make(table, "baseline-adjusted", recipe), cost, 1.0, LEVEL, 2).iloc[0], truth
        )
        for name, make in made.items()
    }


@asked_of_seeds
def _value_by_group(seed: int, n: int) -> Hits:
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
    found = adjusted_ratio_by(
        table["before"], table["after"], table["cost"], table["group"], 1.0, LEVEL
    ).table
    own = table["group"] == 0
    line = adjusted_outcome(table["before"], table["after"])
    narrow = ratio_of_means(line[own], table.loc[own, "cost"], 1.0, LEVEL, 2).iloc[0]
    rows = {f"value by group, share {share[k]:g}": inside(found.iloc[k], truth[k]) for k in range(3)}
    return rows | {"value by group, the spread around the line": inside(narrow, truth[0])}


def _frontier(spread: float, sizes: tuple[int, int], units: int = 12) -> Callable[[int], Hits]:
    """Units of known efficiency, each a group of patients: the first on the frontier and the first below."""
    drawn = np.random.default_rng(5)
    n = drawn.integers(sizes[0], sizes[1] + 1, units)
    dear, mixed = np.exp(spread * drawn.normal(size=units)), np.exp(spread / 2 * drawn.normal(size=units))
    means = np.column_stack([55 * mixed, 0.65 / mixed])
    cost = 6_000 * dear
    truth = value_frontier(pd.DataFrame(means), pd.Series(cost))["efficiency"].to_numpy()
    own = np.repeat(np.arange(units), n)
    unit = pd.Series([f"unit {at:02}" for at in own])

    def run(seed: int) -> Hits:
        rng = np.random.default_rng([seed, 16])
        health, other = rng.normal(size=(2, len(own)))
        outcomes = pd.DataFrame(
            {"a": means[own, 0] + 20 * health, "b": means[own, 1] + 0.2 * (0.7 * health + 0.71 * other)}
        )
        paid = pd.Series(cost[own] * np.exp(0.8 * rng.normal(size=len(own)) - 0.32))
        found = frontier_intervals(outcomes, paid, unit, LEVEL, 200, seed)
        held = (found["low"] <= truth + 1e-9) & (truth <= found["high"] + 1e-9)
        return {"efficiency, a unit on the frontier": bool(held.to_numpy()[truth > 1 - 1e-9][0])} | (
            {"efficiency, a unit below it": bool(held.to_numpy()[truth < 1 - 1e-9][0])} if spread else {}
        )

    return run


CEILING = "a third missing, a quarter at the best"
AROUND = {"adjusted value, the spread around the line": 0.87}
BY_GROUP = {"value by group, the spread around the line": 0.91}
SENSITIVITY = (
    Check("polychoric", "five answers by fifths, r 0", 60, "coverage", LEVEL, _polychoric(60, 0.0)),
    Check("polychoric", "five answers by fifths, r .45", 60, "coverage", LEVEL, _polychoric(60, 0.45)),
    Check("polychoric", "five answers by fifths, r .45", 248, "coverage", LEVEL, _polychoric(248, 0.45)),
    Check("imputed arms", "a third missing", 200, "coverage", LEVEL, _imputed_arms(200)),
    Check(
        "imputed arms", CEILING, 200, "coverage", LEVEL, _imputed_arms(200, models.ceiling_trial_with_gaps)
    ),
    Check("group value", "start held equal", 248, "coverage", LEVEL, _adjusted_value(248), AROUND),
    Check("value frontier", "12 units, all equal", 38, "coverage", LEVEL, _frontier(0.0, (15, 60))),
    Check("value frontier", "12 units, unequal", 38, "coverage", LEVEL, _frontier(0.15, (15, 60))),
    Check("value by group", "start held equal", 248, "coverage", LEVEL, _value_by_group(248), BY_GROUP),
)
