"""What an outsider can work out about withheld counts, told by worlds that he cannot tell apart.

A world is a whole number of people in every cell that agrees with all that is shown. As long as two worlds
give a withheld count values that differ by the policy's bound, nobody can work it out more closely, by
subtraction, by linear or by integer programming.

Everything that is published is a linear statement about these unknowns: a count is what it is, or what it is
near to; counts of a line have a sum; a share of 0.55 says that 0.545 n <= k <= 0.555 n, the means of two
groups say which part of all these are (`facts`). The outsider is taken to know every sum of a line, which
counts are among which others, the policy, and of each withheld count that is not zero that it is not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from vbhc.publish.disclosure.counts import Counts, Target, Told, matrix_of
from vbhc.publish.disclosure.policies import Policy

if TYPE_CHECKING:
    from scipy.optimize import Bounds, LinearConstraint

_LOST = 1e5  # costs more than any set of cells that could be hidden instead
_STEP = 1e-3  # what it costs to move a count that is hidden anyway: worlds stay close to the truth


@dataclass(frozen=True)
class Rules:
    """What holds in every world: `low <= matrix @ world <= high`; the truth fulfils it.

    What a statistic tells holds as long as it is shown. `both` keeps what two worlds have to fulfil.
    """

    matrix: Any  # of scipy.sparse
    low: np.ndarray
    high: np.ndarray
    statistic: np.ndarray  # by row the statistic that says it, -1 for none
    both: dict[tuple, LinearConstraint] = field(default_factory=dict)

    def shown(self, silent: Collection[int]) -> np.ndarray:
        """Return which rows hold while some statistics are withheld."""
        return ~np.isin(self.statistic, list(silent))


class Worlds(NamedTuple):
    """Two worlds between which a target differs, by how much, and the statistics that they contradict."""

    pair: np.ndarray
    width: float
    against: list[int]


def rules_of(counts: Counts, policy: Policy) -> Rules:
    """Return all that an outsider knows as one sparse system."""
    totals = [policy.rounded(counts.values[line].sum()) for line in counts.lines]
    every = [
        Told(dict.fromkeys(line, 1.0), total - policy.slack, total + policy.slack)
        for line, total in zip(counts.lines, totals, strict=True)
    ]
    every += counts.told
    # So that a step is about a person.
    scales = np.array([max(map(abs, one.signs.values())) or 1.0 for one in every])
    matrix = matrix_of([one.signs for one in every], len(counts.values)).multiply(1 / scales[:, None])
    low, high = (np.array([one[side] for one in every], dtype=float) / scales for side in (1, 2))
    return Rules(matrix.tocsr(), low, high, np.array([one.statistic for one in every], dtype=int))


def limits(
    counts: Counts, policy: Policy, hidden: np.ndarray, near: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest that each cell can be by itself.

    A shown count is what it is (or what rounds to it). A hidden one is at least one, unless it is zero, or
    the policy hides zeros; a policy that rounds hides next to nothing but small counts. One of `near` (by
    default those of the counts) lies as near to what is given as that leaves open.
    """
    values, near, slack = counts.values, counts.near if near is None else near, policy.slack
    shown = np.array([policy.rounded(value) for value in values])
    least = np.where((values == 0) | policy.hides_zero, 0.0, 1.0)
    small = np.array([bool(slack) and policy.hides(value) for value in values])
    everybody = np.where(values <= (counts.people or 0), counts.people or np.inf, np.inf)
    most = np.where(small, float(policy.hides_up_to), everybody)
    for cell in np.flatnonzero(near):
        around = policy.about(values[cell], counts.people)
        if around:
            least[cell], most[cell] = around
    return np.where(hidden, least, np.maximum(0.0, shown - slack)), np.where(hidden, most, shown + slack)


class Free(NamedTuple):
    """What two worlds may move besides what is hidden; by default nothing.

    Attributes
    ----------
    cost : array, optional
        What it costs to hide each cell that is shown (infinity: never); the cheapest that suffice are moved.
    silent : set of int
        Statistics that are withheld: what they would tell binds nobody.
    prices : array, optional
        What it costs to withhold each other statistic.
    far : array of bool, optional
        Cells that, once hidden, lie near what is given; by default those that do so already.
    """

    cost: np.ndarray | None = None
    silent: frozenset[int] = frozenset()
    prices: np.ndarray | None = None
    far: np.ndarray | None = None


def two_worlds(
    counts: Counts, rules: Rules, policy: Policy, target: Target, need: float, free: Free
) -> Worlds:
    """Return two worlds between which the target differs by `need`, or by as much as it can."""
    truth = np.tile(counts.values, (2, 1))
    found = _solve(counts, rules, policy, target, need, free)
    if found is None:  # no two whole-number worlds were found: nothing is taken to protect the target
        return Worlds(truth, 0.0, [])
    truth += found
    width = float(sum(sign * (truth[0, cell] - truth[1, cell]) for cell, sign in target.items()))
    told = rules.matrix @ truth.T
    off = ((told < rules.low[:, None] - 1e-4) | (told > rules.high[:, None] + 1e-4)).any(axis=1)
    against = {int(one) for one in rules.statistic[off] if one >= 0} - free.silent
    return Worlds(truth, width, sorted(against))


def _solve(
    counts: Counts, rules: Rules, policy: Policy, target: Target, need: float, free: Free
) -> np.ndarray | None:
    """Return the moves to two worlds that cost least, people in whole numbers."""
    from scipy.optimize import milp

    told = rules.statistic[rules.shown(free.silent) & (rules.statistic >= 0)]
    soft = np.zeros(0) if free.prices is None else free.prices[told]
    box, price = _moves(counts, policy, need, free, soft)
    within = [_agreement(counts, rules, free), _distance(target, len(counts.values), len(price), need)]
    size = len(counts.values)
    whole = np.zeros(len(price))
    for attempt in (0, 1):  # most often the corners of the linear problem are whole numbers already
        whole[: 6 * size] = attempt
        solved = milp(price, constraints=within, bounds=box, integrality=whole)
        if solved.x is None:
            return None
        inside, up, down = solved.x[: 6 * size].reshape(2, 3, size).transpose(1, 0, 2)
        moves = inside + up - down
        if abs(moves - moves.round()).max() < 1e-5:
            return moves.round()
    return None


def _moves(
    counts: Counts, policy: Policy, need: float, free: Free, soft: np.ndarray
) -> tuple[Bounds, np.ndarray]:
    """Return how far each cell may move from the truth, and at what price, in each of two worlds.

    A cell moves by three numbers: within what is left open, up and down. Then follows by how much each
    statistic is contradicted, above and below; the last number is by how much the target stays short of
    `need`.
    """
    from scipy.optimize import Bounds

    values, hidden = counts.values, counts.hidden
    low, high = (side - values for side in limits(counts, policy, hidden))
    every = np.ones_like(hidden)
    deep, top = (side - values for side in limits(counts, policy, every, free.far))
    price = np.full(len(values), np.inf) if free.cost is None else free.cost.astype(float)
    loose = hidden & ~counts.near  # moves at next to no price, close to the truth
    price[loose] = _STEP
    fixed = ~np.isfinite(price)
    open_low, open_high = np.where(loose, 0.0, low), np.where(loose, 0.0, high)
    up = np.where(fixed, 0.0, np.maximum(top - open_high, 0))
    down = np.where(fixed, 0.0, np.maximum(open_low - deep, 0))
    none = np.zeros(len(values))
    over = np.tile(soft, 4)
    least = np.concatenate([open_low, none, none])
    most = np.concatenate([open_high, up, down])
    one = np.concatenate([none, np.where(fixed, 0.0, price), np.where(fixed, 0.0, price)])
    box = Bounds(
        np.concatenate([least, least, np.zeros(len(over)), [0]]),
        np.concatenate([most, most, np.full(len(over), np.inf), [need]]),
    )
    return box, np.concatenate([one, one, over, [_LOST]])


def _agreement(counts: Counts, rules: Rules, free: Free) -> LinearConstraint:
    """Return what the moves have to fulfil so that both worlds agree with what is known."""
    from scipy import sparse
    from scipy.optimize import LinearConstraint

    key = (free.silent, free.prices is None)
    if key not in rules.both:
        rows = rules.shown(free.silent)
        block, two = rules.matrix[rows], sparse.eye(2)
        level = block @ counts.values
        told = [] if free.prices is None else np.flatnonzero(rules.statistic[rows] >= 0).tolist()
        over = matrix_of([{row: 1.0} for row in told], len(level)).T
        moves = sparse.kron(two, sparse.hstack([block, block, -block]))
        contradicted = sparse.kron(two, sparse.hstack([over, -over]))
        matrix = sparse.hstack([moves, contradicted, sparse.csr_matrix((2 * len(level), 1))])
        ends = (np.tile(side[rows] - level, 2) for side in (rules.low, rules.high))
        rules.both[key] = LinearConstraint(matrix.tocsc(), *ends)
    return rules.both[key]


def _distance(target: Target, size: int, moves: int, need: float) -> LinearConstraint:
    """Return that the target differs by `need` between the two worlds, or falls short by the last move."""
    from scipy.optimize import LinearConstraint

    row = np.zeros(moves)
    row[-1] = 1
    for cell, sign in target.items():
        for place, way in enumerate((1, 1, -1, -1, -1, 1)):
            row[place * size + cell] = way * sign
    return LinearConstraint(row[None, :], need, np.inf)


def told_by(targets: Sequence[Target], worlds: np.ndarray) -> np.ndarray:
    """Return what each target (one per row) is in each of the worlds (one per row of `worlds`)."""
    return matrix_of(targets, worlds.shape[1]) @ worlds.T


def width(target: Target, worlds: np.ndarray) -> float:
    """Return by how much a target differs between the worlds at hand (one per row)."""
    return float(np.ptp(sum(sign * worlds[:, cell] for cell, sign in target.items())))
