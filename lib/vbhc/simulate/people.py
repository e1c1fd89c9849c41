"""Checks of what is asked about people: re-ranking, surveys, profiles of codes, who has more of it."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from vbhc.chapters.stakeholders.reranking import reranking_by_votes
from vbhc.simulate.check import LEVEL, SIZE, Check, Hits, asked_of_seeds, inside
from vbhc.statistics.cliff import cliffs_delta
from vbhc.statistics.groups import dunn, kruskal
from vbhc.statistics.inequality import concentration_index, slope_index
from vbhc.statistics.profiles import dispersion, permanova

PATIENTS = 100
ALIKE = ((0.6, 0.5, 0.4, 0.3),) * 2
NEAR = ((0.6, 0.5, 0.4, 0.3), (0.5, 0.5, 0.5, 0.4))
APART = ((0.9, 0.6, 0.2, 0.1), (0.2, 0.3, 0.8, 0.7))
GRADES = (0.05, 0.10, 0.20, 0.35, 0.30)  # of five answers, as surveys of staff give them


def _people(sizes: Sequence[int]) -> pd.Series:
    return pd.Series([f"group {n}" for n, size in enumerate(sizes) for _ in range(size)])


def _reranking(chances: Sequence[Sequence[float]], sizes: Sequence[int] = (11, 8)) -> Callable[[int], Hits]:
    """The patients stay the same; the people asked are drawn from groups that raise outcomes so often."""
    names = [f"outcome {n}" for n in range(len(chances[0]))]
    drawn = np.random.default_rng(5)
    values = 0.5 * drawn.normal(size=(PATIENTS, 1)) + drawn.normal(size=(PATIENTS, len(names)))
    patients = pd.DataFrame(values, columns=names)
    outcomes = pd.DataFrame({"outcome": names, "label": names, "sign": 1.0})
    weights = np.array([np.array(own) / sum(own) for own in chances[:2]])
    seen = pd.DataFrame(values / values.std(axis=0, ddof=1) @ weights.T)
    truth = float(seen.corr(method="spearman").iloc[0, 1])

    def run(seed: int) -> Hits:
        rng = np.random.default_rng([seed, 8])
        votes = np.vstack([rng.random((n, len(own))) < own for n, own in zip(sizes, chances, strict=True)])
        table = pd.DataFrame(votes.astype(float), columns=names)
        found = reranking_by_votes(patients, outcomes, table, _people(sizes), seed=seed)
        return {"re-ranking, people redrawn": inside(found.iloc[0], truth)} if len(found) else {}

    return run


@asked_of_seeds
def _labels(seed: int, chances: Sequence[float], sizes: Sequence[int] = (11, 8)) -> Hits:
    """All groups raise outcomes alike: labels dealt at random should seldom part the rankings less."""
    names = [f"outcome {n}" for n in range(len(chances))]
    rng = np.random.default_rng([seed, 9])
    patients = pd.DataFrame(rng.normal(size=(PATIENTS, len(names))), columns=names)
    outcomes = pd.DataFrame({"outcome": names, "label": names, "sign": 1.0})
    votes = pd.DataFrame((rng.random((sum(sizes), len(names))) < chances).astype(float), columns=names)
    found = reranking_by_votes(patients, outcomes, votes, _people(sizes), n_resamples=2, seed=seed)
    return {"re-ranking, any pair": bool(found["p"].min() <= SIZE)} if len(found) else {}


@asked_of_seeds
def _survey(seed: int, sizes: Sequence[int]) -> Hits:
    """All groups answer alike: one rejection among the pairs counts."""
    rng = np.random.default_rng([seed, 10])
    groups = _people(sizes)
    answers = pd.Series(rng.choice(5, len(groups), p=GRADES) + 1.0)
    whole, pairs = kruskal(answers, groups).iloc[0], dunn(answers, groups)
    any_pair = bool((pairs["p"] <= SIZE).any())
    return {"Kruskal-Wallis": bool(whole["p"] <= SIZE), "Dunn with Holm, any pair": any_pair}


@asked_of_seeds
def _cliff(seed: int, sizes: tuple[int, int]) -> Hits:
    other = GRADES[::-1]
    gaps = np.sign(np.subtract.outer(np.arange(5), np.arange(5)))
    truth = float(np.array(GRADES) @ gaps @ np.array(other))
    rng = np.random.default_rng([seed, 11])
    pair = [pd.Series(rng.choice(5, n, p=p)) for n, p in zip(sizes, (GRADES, other), strict=True)]
    return {"Cliff's delta": inside(cliffs_delta(*pair).iloc[0], truth)}


@asked_of_seeds
def _profiles(seed: int, sizes: tuple[int, int]) -> Hits:
    """Fifteen codes, some rare, some common, some people talking more: both groups alike."""
    shares = np.linspace(-2.5, 1.5, 15)
    rng = np.random.default_rng([seed, 12])
    talk = rng.normal(0, 0.7, (sum(sizes), 1))
    raised = rng.random((sum(sizes), len(shares))) < 1 / (1 + np.exp(-(shares + talk)))
    table, groups = pd.DataFrame(raised), _people(sizes)
    whole = permanova(table, groups, most_exact=0, draws=499, seed=seed)["p"].iloc[0]
    spread = dispersion(table, groups, most_exact=0, draws=499, seed=seed)["p"].iloc[0]
    return {"PERMANOVA": bool(whole <= SIZE), "dispersion": bool(spread <= SIZE)}


@asked_of_seeds
def _inequality(seed: int, n: int) -> Hits:
    """A state from 0 to 1 that rises over six classes of people, so that many share a rank."""
    rng = np.random.default_rng([seed, 13])
    means, ranks = 0.45 + 0.05 * np.arange(6), (np.arange(6) + 0.5) / 6
    by = rng.integers(0, 6, n)
    state = pd.Series(rng.beta(4 * means[by], 4 * (1 - means[by])))
    covariance = (means * (ranks - 0.5)).mean()
    truth = {"Erreygers": 8 * covariance, "concentration": 2 * covariance / means.mean(), "slope": 0.3}
    table = pd.concat(
        [concentration_index(state, pd.Series(by), bounds=(0, 1)), slope_index(state, pd.Series(by))]
    )
    rows = table.set_index("method")
    return {f"inequality, {name}": inside(rows.loc[name], value) for name, value in truth.items()}


PEOPLE = (
    Check("inequality", "six classes", 60, "coverage", LEVEL, _inequality(60)),
    Check("inequality", "six classes", 300, "coverage", LEVEL, _inequality(300)),
    Check("re-ranking", "groups alike", 19, "coverage", LEVEL, _reranking(ALIKE)),
    Check("re-ranking", "groups near", 19, "coverage", LEVEL, _reranking(NEAR)),
    Check("re-ranking", "groups apart", 19, "coverage", LEVEL, _reranking(APART)),
    Check("re-ranking labels", "two groups alike", 19, "size", SIZE, _labels(ALIKE[0])),
    Check("re-ranking labels", "three groups alike", 24, "size", SIZE, _labels(ALIKE[0], (10, 8, 6))),
    Check("survey", "four small groups alike", 40, "size", SIZE, _survey((10, 10, 10, 10))),
    Check("survey", "four unequal groups alike", 140, "size", SIZE, _survey((70, 40, 20, 10))),
    Check("survey", "mirrored answers", 20, "coverage", LEVEL, _cliff((12, 8))),
    Check("survey", "mirrored answers", 80, "coverage", LEVEL, _cliff((50, 30))),
    Check("profiles", "groups alike", 19, "size", SIZE, _profiles((11, 8))),
)
