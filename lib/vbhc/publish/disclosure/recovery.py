"""What an outsider can work out about withheld counts, told by worlds that he cannot tell apart.

A world is a whole number of people in every cell that agrees with all that is shown (docs/publishing.md).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from vbhc.publish.disclosure.counts import Counts, Target, Told, matrix_of
from vbhc.publish.disclosure.policies import Policy

_LOST = 1e5  # costs more than any set of cells that could be hidden instead
_FAR, _ROUNDS = 1e9, 3  # no count is that large; how often sums are gone through
_STEP = 1e-3  # what it costs to move a count that is hidden anyway: worlds stay close to the truth
NEAREST = 60  # worlds are looked for among so many cells around a target first: two tables of thirty


@dataclass(frozen=True)
class Rules:
    """What holds in every world: `low <= matrix @ moves <= high`, by how much cells move from the truth.

    What a statistic tells holds as long as it is shown.
    """

    matrix: Any  # of scipy.sparse
    low: np.ndarray
    high: np.ndarray
    statistic: np.ndarray  # by row the statistic that says it, -1 for none

    @cached_property
    def links(self) -> Any:
        """By row the cells that stand in it."""
        return abs(self.matrix)

    @cached_property
    def links_back(self) -> Any:
        """By cell the rows that it stands in."""
        return self.links.T.tocsr()

    def shown(self, silent: Collection[int]) -> np.ndarray:
        """Return which rows hold while some statistics are withheld."""
        return ~np.isin(self.statistic, list(silent))


class Worlds(NamedTuple):
    """Two worlds between which a target differs."""

    cells: np.ndarray  # all others are there what they are
    moves: np.ndarray  # of these cells from the truth, by world
    width: float  # by how much the target differs
    against: list[int]  # the statistics that they contradict


def rules_of(counts: Counts, policy: Policy) -> Rules:
    """Return all that an outsider knows as one sparse system."""
    totals = [float(counts.values[line].sum()) for line in counts.lines]
    every = [
        Told(dict.fromkeys(line, 1.0), *_sum_known(total, counts.people, policy))
        for line, total in zip(counts.lines, totals, strict=True)
    ]
    every += counts.told
    # So that a step is about a person.
    scales = np.array([max(map(abs, one.signs.values())) or 1.0 for one in every])
    matrix = matrix_of([one.signs for one in every], len(counts.values)).multiply(1 / scales[:, None]).tocsr()
    matrix.eliminate_zeros()
    level = matrix @ counts.values
    low, high = (np.array([one[side] for one in every], dtype=float) / scales - level for side in (1, 2))
    return Rules(matrix, low, high, np.array([one.statistic for one in every], dtype=int))


def _sum_known(total: float, people: float | None, policy: Policy) -> tuple[float, float]:
    """Return between which numbers a sum of counts is known to lie."""
    if policy.rounds_to and policy.hides(total):  # its mark
        return 0.0, float(policy.hides_up_to)
    slack = 0.0 if total == people else policy.slack
    near = policy.rounded(total) if slack else total
    return near - slack, near + slack


def limits(
    counts: Counts, policy: Policy, hidden: np.ndarray, near: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest that each cell can be by itself.

    A hidden one is at least one, unless it is zero, or the policy hides zeros; a policy that rounds hides
    little but small counts. `near` are by default those of the counts.
    """
    values, near, slack = counts.values, counts.near if near is None else near, policy.slack
    shown = np.array([policy.rounded(value) for value in values])
    least = np.where((values == 0) | policy.hides_zero, 0.0, 1.0)
    small = bool(slack) & policy.few_of(values)
    most = np.where(small, float(policy.hides_up_to), counts.most)
    least = np.where(near, np.maximum(counts.around[:, 0], least), least)
    most = np.where(near, counts.around[:, 1], most)
    return np.where(hidden, least, np.maximum(0.0, shown - slack)), np.where(hidden, most, shown + slack)


class Free(NamedTuple):
    """What two worlds may move besides what is hidden; by default nothing."""

    cost: np.ndarray | None = None  # of hiding each cell that is shown (infinity: never)
    silent: frozenset[int] = frozenset()  # statistics that are withheld: what they would tell binds nobody
    prices: np.ndarray | None = None  # of withholding each other statistic
    far: np.ndarray | None = None  # cells that, once hidden, are given nearly; by default those that are now

    def only(self, cells: np.ndarray) -> Free:
        """Return the same of some cells."""
        cost, far = (None if one is None else one[cells] for one in (self.cost, self.far))
        return self._replace(cost=cost, far=far)


def two_worlds(
    counts: Counts, rules: Rules, policy: Policy, target: Target, need: float, free: Free, most: int = NEAREST
) -> Worlds:
    """Return worlds between which a target differs by `need` if it can; `most` cells around it move."""
    movable = counts.hidden | bool(policy.slack)
    if free.cost is not None:
        movable = movable | np.isfinite(free.cost)
    cells = _around(rules, target, movable, most)
    own = rules.matrix[:, cells]
    rows = np.flatnonzero(rules.shown(free.silent) & (own.getnnz(axis=1) > 0))
    near = Rules(own[rows], rules.low[rows], rules.high[rows], rules.statistic[rows])
    place = {cell: number for number, cell in enumerate(cells.tolist())}
    goal = {place[cell]: sign for cell, sign in target.items()}
    part = counts.only(cells)
    none = Worlds(cells, np.zeros((2, len(cells))), 0.0, [])
    if free.cost is None and reach(near, part, policy)[list(goal)].sum() < need - 1e-6:
        return none
    moves = _solve(part, near, policy, goal, need, free.only(cells))
    if moves is None:  # no two whole-number worlds were found: nothing is taken to protect the target
        return none
    width = float(sum(sign * (moves[0, cell] - moves[1, cell]) for cell, sign in goal.items()))
    told = near.matrix @ moves.T
    off = ((told < near.low[:, None] - 1e-4) | (told > near.high[:, None] + 1e-4)).any(axis=1)
    return Worlds(cells, moves, width, sorted({int(one) for one in near.statistic[off] if one >= 0}))


def reach(rules: Rules, counts: Counts, policy: Policy) -> np.ndarray:
    """Return by how much each cell can differ at most: wider than a solver's bound, but of all at once."""
    low, high = (np.clip(side - counts.values, -_FAR, _FAR) for side in limits(counts, policy, counts.hidden))
    entries = rules.matrix.tocoo()
    row, cell, sign = entries.row, entries.col, entries.data
    for _ in range(_ROUNDS):
        before = high - low
        ends = np.sort([sign * low[cell], sign * high[cell]], axis=0)
        others = [np.bincount(row, end, len(rules.low))[row] - end for end in ends]
        own = np.sort([(rules.low[row] - others[1]) / sign, (rules.high[row] - others[0]) / sign], axis=0)
        np.maximum.at(low, cell, own[0])
        np.minimum.at(high, cell, own[1])
        if (high - low == before).all():
            break
    return high - low


def _around(rules: Rules, target: Target, movable: np.ndarray, most: int) -> np.ndarray:
    """Return the cells that may move; of more than so many those nearest to a target."""
    reached = np.zeros(len(movable), dtype=bool)
    reached[list(target)] = True
    if np.count_nonzero(movable | reached) <= most:
        return np.flatnonzero(movable | reached)
    while True:
        ties = rules.links_back @ (rules.links @ reached.astype(float))
        further = np.flatnonzero(movable & ~reached & (ties > 0))
        room = most - int(reached.sum())
        reached[further[np.argsort(-ties[further], kind="stable")[: max(room, 0)]]] = True
        if len(further) == 0 or len(further) >= room:
            return np.flatnonzero(reached)


def _solve(
    counts: Counts, rules: Rules, policy: Policy, target: Target, need: float, free: Free
) -> np.ndarray | None:
    """Return the moves to two worlds that cost least, people in whole numbers."""
    from scipy.optimize import Bounds, milp

    told = np.flatnonzero(rules.statistic >= 0) if free.prices is not None else np.zeros(0, dtype=int)
    soft = np.zeros(0) if free.prices is None else free.prices[rules.statistic[told]]
    low, high, price = _moves(counts, policy, need, free, soft)
    people = np.append(np.tile(np.arange(len(price) // 2) < 3 * len(counts.values), 2), False)
    moving, moves = low < high, np.zeros(len(price))
    within, box = _agreement(rules, told, target, need, moving), Bounds(low[moving], high[moving])
    for whole in (False, people):  # most often the corners of the linear problem are whole numbers already
        integral = (people & whole)[moving].astype(int)
        solved = milp(price[moving], constraints=within, bounds=box, integrality=integral)
        if solved.x is None:
            return None
        moves[moving] = solved.x
        inside, up, down = moves[people].reshape(2, 3, -1).transpose(1, 0, 2)
        found = inside + up - down
        if abs(found - found.round()).max() < 1e-5:
            return found.round()
    return None


def _moves(counts: Counts, policy: Policy, need: float, free: Free, soft: np.ndarray) -> list[np.ndarray]:
    """Return by how much each cell may move from the truth at least and at most, and its price, twice.

    A cell moves by three numbers: within what is left open, up and down. Behind them stands by how much each
    statistic is contradicted, above and below, and last of all by how much the target stays short of `need`.
    """
    values, hidden = counts.values, counts.hidden
    low, high = (side - values for side in limits(counts, policy, hidden))
    deep, top = (side - values for side in limits(counts, policy, np.ones_like(hidden), free.far))
    price = np.full(len(values), np.inf) if free.cost is None else free.cost.astype(float)
    loose = hidden & ~counts.near  # moves at next to no price, close to the truth
    price[loose] = _STEP
    fixed = ~np.isfinite(price)
    price[fixed] = 0
    open_low, open_high = np.where(loose, 0.0, low), np.where(loose, 0.0, high)
    up = np.where(fixed, 0.0, np.maximum(top - open_high, 0))
    down = np.where(fixed, 0.0, np.maximum(open_low - deep, 0))
    none, over = np.zeros(len(values)), np.tile(soft, 2)
    least = np.concatenate([open_low, none, none, 0 * over])
    most = np.concatenate([open_high, up, down, np.full(len(over), np.inf)])
    lost = np.concatenate([none, price, price, over])
    twice = ((least, 0.0), (most, need), (lost, _LOST))
    return [np.append(np.tile(one, 2), last) for one, last in twice]


def _agreement(rules: Rules, told: np.ndarray, target: Target, need: float, moving: np.ndarray) -> Any:
    """Return what all that is `moving` has to fulfil; rows `told` by a statistic may be contradicted.

    The last row says that the target differs by `need` between the two worlds, or falls short by the last
    move.
    """
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csc_matrix

    block, (count, size), soft = rules.matrix.tocoo(), rules.matrix.shape, len(told)
    shift, way, width = size * np.arange(3)[:, None], np.array([[1], [1], [-1]]), len(moving) // 2
    row = np.concatenate([np.tile(block.row, 3), told, told])
    column = np.concatenate([(block.col + shift).ravel(), 3 * size + np.arange(2 * soft)])
    sign = np.concatenate([(way * block.data).ravel(), np.repeat([1, -1], soft)])
    aimed, aim = ((np.array([*target]) + shift).ravel(), (way * [*target.values()]).ravel())
    last = np.full(2 * len(aim) + 1, 2 * count)
    rows, signs = np.concatenate([row, row + count, last]), np.concatenate([sign, sign, aim, -aim, [1]])
    columns = np.concatenate([column, column + width, aimed, aimed + width, [2 * width]])
    kept, number = moving[columns], np.cumsum(moving) - 1
    shape = (2 * count + 1, int(moving.sum()))
    matrix = csc_matrix((signs[kept], (rows[kept], number[columns[kept]])), shape=shape)
    low, high = np.tile(rules.low, 2), np.tile(rules.high, 2)
    return LinearConstraint(matrix, np.append(low, need), np.append(high, np.inf))
