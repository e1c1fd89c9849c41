"""How far the choice of stakeholder re-ranks the same patients, and how much of that chance would bring.

Every group's votes are weights; the weights rank the patients. Three things say how firm a difference is: an
interval over who was asked, the range when any one person is left out, and how often the rankings part as
much when the group labels are dealt at random among the same people.

The interval is a Bayesian bootstrap within each group (Rubin 1981, Ann Stat 9:130-4) with one more person,
whose votes are somebody's votes dealt anew over the outcomes: without that person a group that is of one mind
would seem to have no uncertainty. Redrawn rankings never agree fully, so the upper end is 1 where labels
dealt at random part the rankings as much. Simulated with 11 and 8 people and 100 patients, 93% and 96% of
such 95% intervals held the truth, where the plain bootstrap's held it in 84% to 85%; of groups that are alike
(truth 1), 95% of 500 did, and labels dealt at random gave p <= .05 in 5% (two groups) and 6% (three).
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.stakeholders.weights import scaled
from vbhc.statistics.resampling import resampled_p

RERANKED = (
    "first", "second", "n_first", "n_second", "estimate", "low", "high", "n", "n_top", "n_both",
    "overlap", "overlap_low", "overlap_high", "least", "most", "p", "n_shuffles", "n_resamples",
)  # fmt: skip
SHUFFLES = 999
CELLS_PER_BATCH = 2_000_000
LEAST_PEOPLE, LEAST_PATIENTS = 2, 10  # fewer in a group, or fewer patients, are not ranked anew


def rank_agreement(values: pd.DataFrame, top: float = 0.2) -> pd.DataFrame:
    """Compare the rankings of the same patients by two groups' weights.

    Returns
    -------
    DataFrame
        One row per pair of groups: `first, second, estimate` (Spearman), `n` (patients), `n_top` (the top
        share, rounded up), `n_both` (patients in the top of both), `overlap` (n_both / n_top), `method`. Ties
        at the edge of the top go to the patient who stands first.
    """
    m = int(np.ceil(top * len(values) - 1e-9))
    rows = []
    for a, b in combinations(values, 2):
        ranks = values[[a, b]].rank(ascending=False, method="first")
        both = int(((ranks <= m).all(axis=1)).sum())
        row = {"first": a, "second": b, "estimate": float(values[a].corr(values[b], method="spearman"))}
        row |= {"n": len(values), "n_top": m, "n_both": both, "overlap": both / m if m else np.nan}
        rows.append(row | {"method": f"top {top:.0%}, Spearman"})
    return pd.DataFrame(rows)


def reranking_by_votes(
    patients: pd.DataFrame,
    outcomes: pd.DataFrame,
    votes: pd.DataFrame,
    groups: pd.Series,
    *,
    top: float = 0.2,
    ci_level: float = 0.95,
    n_resamples: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how far the choice of stakeholder re-ranks patients, and how firm that is.

    Parameters
    ----------
    votes : DataFrame
        People x outcomes, 0 or more (`weights.votes_from_...`); a group's weight on an outcome is its share
        of the group's votes.
    groups : Series
        Group by person; who has none is left out.

    Returns
    -------
    DataFrame
        `rank_agreement` of each pair of groups, with `n_first, n_second` (people asked); `low, high` (of
        Spearman) and `overlap_low, overlap_high`: over people drawn anew within their group, the patients
        staying the same, because the question is about these patients; `least, most`: Spearman when any one
        person is left out; `p`: share of `SHUFFLES` random deals of the labels in which any pair parts at
        least as much (so corrected for the number of pairs, as far as all groups are alike: where one group
        differs, the deals mix its votes into the others; `resampling.resampled_p`); `n_shuffles`: deals
        counted. Draws in which a group casts no vote are left out. Empty without outcomes, without two groups
        of `LEAST_PEOPLE` who cast votes, and with fewer than `LEAST_PATIENTS` patients who have all outcomes.
    """
    people = groups.reindex(votes.index).dropna()
    people = people[votes.loc[people.index].sum(axis=1).groupby(people).transform("sum") > 0]
    people = people[people.groupby(people).transform("size") >= LEAST_PEOPLE]
    names = list(dict.fromkeys(people))
    own = outcomes[outcomes["outcome"].isin(votes.columns)]
    enough = len(names) > 1 and len(own) and len(patients[own["outcome"]].dropna()) >= LEAST_PATIENTS
    if not enough:
        return pd.DataFrame(columns=list(RERANKED))
    x = scaled(patients, own).to_numpy()
    cast = votes.loc[people.index, list(own["outcome"])].to_numpy(dtype=float)
    member = people.map(names.index).to_numpy()
    point = rank_agreement(pd.DataFrame(x @ _weights(cast, member, names).T, columns=names), top)
    sizes = people.value_counts()
    for side in ("first", "second"):
        point[f"n_{side}"] = point[side].map(sizes)
    m = int(point["n_top"].iloc[0])
    rng = np.random.default_rng(seed)
    point["p"], point["n_shuffles"] = _chance(x, cast, member, names, point["estimate"].to_numpy(), rng)
    drawn = _agreements(x, _redrawn(cast, member, names, n_resamples, rng), m)
    ends = [(1 - ci_level) / 2, (1 + ci_level) / 2]
    limits = np.quantile(drawn, ends, axis=0) if len(drawn) else np.full((2, len(point), 2), np.nan)
    alike = (point["p"] > 1 - ci_level).to_numpy()[:, None]
    point[["low", "overlap_low"]] = limits[0]
    point[["high", "overlap_high"]] = np.where(alike, 1.0, limits[1])
    left_out = (np.delete(np.arange(len(cast)), i) for i in range(len(cast)))
    without = _agreements(x, (_weights(cast[kept], member[kept], names) for kept in left_out), m)
    for name, end in (("least", np.min), ("most", np.max)):
        point[name] = end(without[:, :, 0], axis=0) if len(without) else np.nan
    return point.assign(n_resamples=len(drawn))[[*RERANKED, "method"]]


def _weights(cast: np.ndarray, member: np.ndarray, names: list) -> np.ndarray:
    """Groups x outcomes; a group without a vote has a row of NaN."""
    sums = np.array([cast[member == g].sum(axis=0) for g in range(len(names))])
    total = sums.sum(axis=1, keepdims=True)
    return np.divide(sums, total, out=np.full_like(sums, np.nan), where=total > 0)


def _redrawn(cast, member, names, times: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield weights of the groups with people drawn anew, and one more whose votes are dealt at random."""
    for _ in range(times):
        drawn = cast * rng.gamma(1, size=(len(cast), 1))
        more = rng.permuted(cast[rng.integers(0, len(cast), len(names))], axis=1)
        more *= rng.gamma(1, size=(len(names), 1))
        yield _weights(np.vstack([drawn, more]), np.append(member, range(len(names))), names)


def _agreements(x: np.ndarray, weights: Iterable[np.ndarray], n_top: int) -> np.ndarray:
    """Draws x pairs x (Spearman, share of the top in common); where a group casts no vote: left out."""
    kept = [one for one in weights if not np.isnan(one).any()]
    if not kept:
        return np.empty((0, 0, 2))
    size = max(1, CELLS_PER_BATCH // (len(x) * len(kept[0])))
    parts = [np.stack(kept[start : start + size]) for start in range(0, len(kept), size)]
    return np.concatenate([_alike(part @ x.T, n_top) for part in parts])


def _chance(x, cast, member, names, observed: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Return p per pair, from deals in which the pair that parts most parts as much, and how many deals."""
    dealt = (_weights(cast, rng.permutation(member), names) for _ in range(SHUFFLES))
    lowest = _agreements(x, dealt, 1)[:, :, 0]
    lowest = lowest.min(axis=1) if len(lowest) else np.empty(0)
    hits = (lowest[:, None] <= observed[None, :] + 1e-9).sum(axis=0)
    return resampled_p(hits, len(lowest)), len(lowest)


def _alike(values: np.ndarray, n_top: int) -> np.ndarray:
    """Spearman's correlation of two rankings and the share of the top that both have, per draw and pair.

    `values` is draws x groups x patients.
    """
    ranks = stats.rankdata(-values, axis=2)
    away = ranks - ranks.mean(axis=2, keepdims=True)
    length, top = np.sqrt((away**2).sum(axis=2)), ranks <= n_top
    found = []
    with np.errstate(invalid="ignore"):
        for a, b in combinations(range(values.shape[1]), 2):
            rho = (away[:, a] * away[:, b]).sum(axis=1) / (length[:, a] * length[:, b])
            found.append(np.column_stack([rho, (top[:, a] & top[:, b]).sum(axis=1) / n_top]))
    return np.stack(found, axis=1)
