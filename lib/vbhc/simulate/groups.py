"""Groups of people and providers: re-ranking, surveys, profiles of codes, inequality, peers, ranks."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.stakeholders.reranking import reranking_by_votes
from vbhc.simulate.check import SIZE, Hits, inside
from vbhc.statistics.groups import cliffs_delta, dunn, kruskal
from vbhc.statistics.inequality import concentration_index, slope_index
from vbhc.statistics.profiles import dispersion, permanova
from vbhc.statistics.variation.funnel import tau_dersimonian_laird
from vbhc.statistics.variation.reliability import against_peers, nearest, rank_intervals

PATIENTS = 100
ALIKE = (0.6, 0.5, 0.4, 0.3)  # how often each of four outcomes is raised
POINTS = 7.669  # standard deviation between hips in England, 2018/19
GRADES = (0.05, 0.10, 0.20, 0.35, 0.30)  # of five answers, as surveys of staff give them


def _people(sizes: Sequence[int]) -> pd.Series:
    return pd.Series([f"group {n}" for n, size in enumerate(sizes) for _ in range(size)])


def reranking(seed: int, chances: Sequence[Sequence[float]], sizes: Sequence[int] = (11, 8)) -> Hits:
    """The patients stay the same; the people asked are drawn from groups that raise outcomes so often."""
    drawn, names = np.random.default_rng(5), [f"outcome {n}" for n in range(len(chances[0]))]
    values = 0.5 * drawn.normal(size=(PATIENTS, 1)) + drawn.normal(size=(PATIENTS, len(names)))
    weights = np.array([np.array(own) / sum(own) for own in chances[:2]])
    seen = pd.DataFrame(values / values.std(axis=0, ddof=1) @ weights.T)
    truth = float(seen.corr(method="spearman").iloc[0, 1])
    rng = np.random.default_rng([seed, 8])
    votes = np.vstack([rng.random((n, len(own))) < own for n, own in zip(sizes, chances, strict=True)])
    found = _ranked(pd.DataFrame(values, columns=names), votes, sizes, seed=seed)
    return {"re-ranking, people redrawn": inside(found.iloc[0], truth)} if len(found) else {}


def labels(seed: int, sizes: Sequence[int]) -> Hits:
    """All groups raise outcomes alike: labels dealt at random should seldom part the rankings less."""
    names = [f"outcome {n}" for n in range(len(ALIKE))]
    rng = np.random.default_rng([seed, 9])
    patients = pd.DataFrame(rng.normal(size=(PATIENTS, len(names))), columns=names)
    votes = rng.random((sum(sizes), len(names))) < ALIKE
    found = _ranked(patients, votes, sizes, n_resamples=2, seed=seed)
    return {"re-ranking, any pair": bool(found["p"].min() <= SIZE)} if len(found) else {}


def _ranked(patients: pd.DataFrame, votes: np.ndarray, sizes: Sequence[int], **options: int) -> pd.DataFrame:
    outcomes = pd.DataFrame({"outcome": patients.columns, "label": patients.columns, "sign": 1.0})
    table = pd.DataFrame(votes.astype(float), columns=patients.columns)
    return reranking_by_votes(patients, outcomes, table, _people(sizes), **options)


def survey(seed: int, sizes: Sequence[int]) -> Hits:
    """All groups answer alike: one rejection among the pairs counts."""
    rng = np.random.default_rng([seed, 10])
    groups = _people(sizes)
    answers = pd.Series(rng.choice(5, len(groups), p=GRADES) + 1.0)
    whole, pairs = kruskal(answers, groups).iloc[0], dunn(answers, groups)
    any_pair = bool((pairs["p"] <= SIZE).any())
    return {"Kruskal-Wallis": bool(whole["p"] <= SIZE), "Dunn with Holm, any pair": any_pair}


def cliff(seed: int, sizes: tuple[int, int]) -> Hits:
    """Two groups whose answers mirror each other."""
    other = GRADES[::-1]
    gaps = np.sign(np.subtract.outer(np.arange(5), np.arange(5)))
    truth = float(np.array(GRADES) @ gaps @ np.array(other))
    rng = np.random.default_rng([seed, 11])
    pair = [pd.Series(rng.choice(5, n, p=p)) for n, p in zip(sizes, (GRADES, other), strict=True)]
    return {"Cliff's delta": inside(cliffs_delta(*pair).iloc[0], truth)}


def profiles(seed: int, sizes: tuple[int, int]) -> Hits:
    """Fifteen codes, some rare, some common, some people talking more: both groups alike."""
    shares = np.linspace(-2.5, 1.5, 15)
    rng = np.random.default_rng([seed, 12])
    talk = rng.normal(0, 0.7, (sum(sizes), 1))
    raised = rng.random((sum(sizes), len(shares))) < 1 / (1 + np.exp(-(shares + talk)))
    table, groups = pd.DataFrame(raised), _people(sizes)
    whole = permanova(table, groups, most_exact=0, draws=499, seed=seed)["p"].iloc[0]
    spread = dispersion(table, groups, most_exact=0, draws=499, seed=seed)["p"].iloc[0]
    return {"PERMANOVA": bool(whole <= SIZE), "dispersion": bool(spread <= SIZE)}


def inequality(seed: int, n: int) -> Hits:
    """A state from 0 to 1 that rises over six classes of people, so that many share a rank."""
    rng = np.random.default_rng([seed, 13])
    means, ranks = 0.45 + 0.05 * np.arange(6), (np.arange(6) + 0.5) / 6
    by = rng.integers(0, 6, n)
    state = pd.Series(rng.beta(4 * means[by], 4 * (1 - means[by])))
    covariance = (means * (ranks - 0.5)).mean()
    truth = {"Erreygers": 8 * covariance, "concentration": 2 * covariance / means.mean(), "slope": 0.3}
    tables = [concentration_index(state, pd.Series(by), bounds=(0, 1)), slope_index(state, pd.Series(by))]
    rows = pd.concat(tables).set_index("method")
    return {f"inequality, {name}": inside(rows.loc[name], value) for name, value in truth.items()}


def _providers(n: int, tau: float, seed: int) -> pd.DataFrame:
    """Draw providers of 30 to 600 records, normal within and between; `truth` is their true difference."""
    rng = np.random.default_rng([seed, 14])
    error = POINTS / np.sqrt(np.exp(rng.uniform(np.log(30), np.log(600), n)))
    truth = tau * rng.standard_normal(n)
    estimate = truth + error * rng.standard_normal(n)
    drawn = {"estimate": estimate, "standard_error": error, "truth": truth, "case_mix": rng.random(n)}
    return pd.DataFrame(drawn)


def peers(seed: int, n: int, tau: float) -> Hits:
    """The first provider (all are alike in law) beside its ten nearest."""
    drawn = _providers(n, tau, seed)
    found = tau_dersimonian_laird(drawn["estimate"], drawn["standard_error"]) if tau else 0.0
    row = against_peers(drawn, nearest(drawn[["case_mix"]]), found).iloc[0]
    return {"mean of ten peers": bool(row["low"] > 0 or row["high"] < 0)}


def rank(seed: int, n: int, tau: float) -> Hits:
    """The place of the first provider among all."""
    drawn = _providers(n, tau, seed)
    found = tau_dersimonian_laird(drawn["estimate"], drawn["standard_error"])
    row = rank_intervals(drawn["estimate"], drawn["standard_error"], found, 0.9, seed).iloc[0]
    return {"interval of a rank": bool(row["low"] <= stats.rankdata(-drawn["truth"])[0] <= row["high"])}
