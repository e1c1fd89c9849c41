"""Which differences of graded answers may be told where few people are protected.

Six deltas of few people, their intervals and H fit one set of answers only; of more people they fit many. A
search from the true answers finds such readings. Each leaves all respondents together as they are, how many
gave no answer with them, so that nothing that is told of these can tell one reading from another.
"""

from collections.abc import Callable
from itertools import combinations, permutations, product
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.stakeholders.asked import Asked, statement_shares
from vbhc.chapters.stakeholders.layout import table
from vbhc.chapters.stakeholders.sentences import say
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.either import either
from vbhc.publish.results import Result
from vbhc.statistics.groups import deltas, holm_of, rank_tests

BANDS = (0.001, 0.01, 0.05)  # what is told of a p-value is between which of these it lies
_BANDS = np.array(["<.001", "<.01", "<.05", "≥.05"])
FEWEST = 20  # beside the interval of a smaller group its answers have hardly a second reading: none is tried
_THREE = np.r_[0.001, np.arange(0.0015, 1, 0.001)]  # between two of these a p-value is printed alike
# Rounds at most, those in vain, readings tried in each, pairs of people who change places, slack of the line.
_ROUNDS, _STALE, _DRAWN, _STEPS, _SLACK = 300, 80, 15_000, 4, 0.1


class Statement(NamedTuple):
    """What is told of the answers to one statement: `counts` by group and grade, those without one last."""

    counts: np.ndarray
    p: np.ndarray  # of all statements, before Holm's correction
    at: int  # which of these is its own
    wide: np.ndarray  # which pairs are told with an interval
    gap: float  # how far two groups lie apart at most on another statement
    drawn: bool  # whether the share of each group that agrees is told
    top: int
    ci_level: float


def pairs_of_groups(asked: Asked, pairs: pd.DataFrame) -> Result | None:
    """Show which pairs of groups differ, on the statements that tell the groups apart; None without any.

    Under a policy that protects those that `pairs_told` lets out.
    """
    told = pairs_told(asked, pairs) if asked.policy.protects and len(pairs) else pairs
    if told.empty:
        return None
    shown = told[["label", "first", "second", "estimate", "low", "high", "p"]]
    notes = [either("", say("pairs-left-out", least=FEWEST))]
    return Result("survey-pairs", table=table("survey-pairs", shown, notes=notes))


def pairs_told(asked: Asked, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `statement_pairs` that leave every small count open, with p between two of `BANDS`.

    Without intervals where these leave too little open, as those of a group smaller than `FEWEST` do. Where
    the policy rounds, no row: what it leaves open is not what a search from the true counts shows; nor where
    it hides zeros, since a grade that nobody of a few gave cannot be anything up to nine.
    """
    told, policy = [], asked.policy
    for name, own in (
        pairs.groupby("statement", sort=False) if not (policy.rounds_to or policy.hides_zero) else ()
    ):
        large = (own[["n_first", "n_second"]].min(axis=1) >= FEWEST).to_numpy()
        bare, full = (statement_of(asked, name, wide) for wide in (large & False, large))
        if leaves_open(bare, policy):
            wide = pd.Series(large & leaves_open(full, policy), own.index)
            bands = np.searchsorted(BANDS, own["p"], "right")
            told.append(own.assign(p=_BANDS[bands], **own[["low", "high"]].where(wide, axis=0)))
    return pd.concat(told, ignore_index=True) if told else pairs[:0]


def statement_of(asked: Asked, name: str, wide: np.ndarray) -> Statement:
    """Return what is told of one statement; `wide` marks the pairs that are told with an interval."""
    shares = statement_shares(asked.study, asked.answers)
    own = shares[shares["statement"] == name]
    grades = own.pivot(index="group", columns="answer", values="k").reindex(own["group"].unique())
    counts = np.column_stack([grades, own.groupby("group", sort=False)["n_missing"].first()])
    tests = asked.tests[asked.tests["p"].notna()]
    clear = tests.loc[tests["holm_p"] <= asked.alpha, "statement"]
    others = asked.tops[asked.tops["statement"].isin(clear) & (asked.tops["statement"] != name)]
    gap = np.nan_to_num(others.groupby("statement")["estimate"].agg(np.ptp).max())
    drawn = asked.policy.tells(own[["n", "n_missing"]]).all()
    at = tests["statement"].tolist().index(name)
    p, top = tests["p"].to_numpy(dtype=float), asked.study.config.survey.top
    return Statement(counts, p, at, wide, gap, bool(drawn), top, asked.ci_level)


def told_of(one: Statement, worlds: np.ndarray) -> list[tuple[np.ndarray, int | np.ndarray]]:
    """Return by world the numbers that are told, with their decimals or what they are told to lie between."""
    counts = worlds[..., :-1]
    first, second = np.triu_indices(counts.shape[-2], 1)
    delta, *ends = deltas(counts[:, first], counts[:, second], one.ci_level)
    h, z = rank_tests(counts)
    p = np.tile(one.p, (len(worlds), 1))
    p[:, one.at] = stats.chi2.sf(h, counts.shape[-2] - 1)
    share = counts[..., -one.top :].sum(axis=-1) / counts.sum(axis=-1)
    true = one.counts[:, -1 - one.top : -1].sum(axis=-1) / one.counts[:, :-1].sum(axis=-1)
    most, least = share[:, [true.argmax()]], share[:, [true.argmin()]]
    h = h[:, None]
    return [
        (np.hstack([delta, *(end[:, one.wide] for end in ends)]), 1),
        (h, 0),
        (h / (counts.sum(axis=(1, 2))[:, None] - 1), 1),
        (_log(holm_of(p)), np.log(_THREE)),
        (_log(holm_of(2 * stats.norm.sf(abs(z)))), np.log(BANDS)),
        # which groups lie furthest apart, and that it is on this statement or on another one
        *([(np.hstack([most - share, share - least]), np.array([-1e-6]))] if np.ptp(true) >= one.gap else []),
        (np.ptp(share, axis=1, keepdims=True), np.array([one.gap])),
        *([(share, 6)] if one.drawn else []),
    ]


def _log(p: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(p, 1e-300))


def between(value: float, told: int | np.ndarray) -> tuple[float, float]:
    """Return the ends between which a number is told alike: to so many decimals, or between some cuts."""
    if isinstance(told, int):
        middle, half = round(value, told), 0.5 * 10.0**-told - 1e-9
        return middle - half, middle + half
    cuts = np.r_[-np.inf, told, np.inf]
    at = np.searchsorted(told, value, "right")
    return cuts[at], cuts[at + 1]


def leaves_open(one: Statement, policy: Policy) -> bool:
    """Whether answers that agree with all that is told differ in each small count by the policy's range.

    Or by as much as there is: of three who gave no answer 0 to 3 can be of one group. What is not found in
    the time given counts as not there.
    """
    true = one.counts.astype(float)
    few = np.vectorize(policy.hides)([true, true[:, :-1].sum(axis=1, keepdims=True) - true]).any(axis=0)
    need = np.where(few, np.minimum(policy.bound, true.sum(axis=0)), 0).ravel()
    told = told_of(one, true[None])
    ends = np.array([between(value, how) for values, how in told for value in values[0]]).T

    def numbers(worlds: np.ndarray) -> np.ndarray:
        return np.hstack([values for values, _ in told_of(one, worlds.reshape(-1, *true.shape))])

    with np.errstate(all="ignore"):
        return _search(true.ravel(), numbers, ends, need, _swaps(*true.shape))


def _swaps(groups: int, grades: int) -> np.ndarray:
    """Return what changes where two people of two groups exchange their grades; the last is nothing."""
    moves = [np.zeros((groups, grades))]
    for (a, b), (i, j) in product(combinations(range(groups), 2), permutations(range(grades), 2)):
        moves.append(np.zeros((groups, grades)))
        moves[-1][[a, b], [i, j]], moves[-1][[a, b], [j, i]] = -1, 1
    return np.reshape(moves[::-1], (len(moves), -1))


def _search(
    true: np.ndarray, numbers: Callable, ends: np.ndarray, need: np.ndarray, swaps: np.ndarray
) -> bool:
    """Whether answers are found that lie as far apart as they `need` to, and agree with all `numbers` told.

    From the answers at hand that have most or least of a count some people exchange grades by chance. What
    that changes is first taken to be what it changes of the true answers (a line), and then computed.
    """
    low, high = ends
    rng, worlds, own, stale = np.random.default_rng(0), true[None], numbers(true), 0
    felt = swaps @ ((numbers(true + 1e-4 * np.eye(len(true))) - own) / 1e-4)
    slack = _SLACK * np.where(np.isfinite(high - low), high - low, 1)
    for _ in range(_ROUNDS):
        least, most = worlds.min(axis=0), worlds.max(axis=0)
        left = np.flatnonzero(most - least < need)
        if not len(left) or stale > _STALE:
            break
        furthest = [np.flatnonzero(worlds[:, cell] == end[cell]) for cell in left for end in (least, most)]
        start = rng.choice(np.concatenate([rng.choice(some, 8) for some in furthest]), _DRAWN)
        steps = rng.integers(len(swaps), size=(_DRAWN, _STEPS))
        steps[np.arange(_STEPS) > rng.integers(_STEPS, size=(_DRAWN, 1))] = -1
        near = own[start] + felt[steps].sum(axis=1)
        kept = ((near >= low - slack) & (near <= high + slack)).all(axis=1)
        new = np.unique(worlds[start[kept]] + swaps[steps[kept]].sum(axis=1), axis=0)
        new = new[(new >= 0).all(axis=1)]
        told = numbers(new)
        good = ((told >= low) & (told <= high)).all(axis=1)
        worlds, first = np.unique(np.vstack([worlds, new[good]]), axis=0, return_index=True)
        own = np.vstack([own, told[good]])[first]
        stale = 0 if (np.ptp(worlds, axis=0)[left] >= need[left]).any() else stale + 1
    return bool(((own >= low) & (own <= high)).all() and (np.ptp(worlds, axis=0) >= need).all())
