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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from vbhc.publish.disclosure.policies import Policy

if TYPE_CHECKING:
    from scipy.optimize import Bounds, LinearConstraint

Target = Mapping[int, int]  # cell -> its sign: one count, or the difference of two
_LOST = 1e5  # costs more than any set of cells that could be hidden instead
_DENSE = 20_000  # numbers in a matrix up to which a dense one is quicker
_STEP = 1e-3  # what it costs to move a count that is hidden anyway: worlds stay close to the truth


class Told(NamedTuple):
    """What a published statistic says of some cells: `low <= sum of sign * cell <= high`."""

    signs: dict[int, float]
    low: float
    high: float
    statistic: int  # two of them may be the two sides of one statistic, which goes whole


@dataclass
class Counts:
    """Counts of people, which of them are hidden, and how they hang together.

    Attributes
    ----------
    values : array
        The true counts, one per cell.
    hidden : array of bool
        Which of them are withheld.
    lines : list of lists of cells
        Cells whose sum is known.
    margins : list of (cell, cells)
        A count and, in another table, the counts that add up to it.
    among : list of (cell, cell)
        The people of the second cell are among those of the first.
    told : list of Told
        What shares and means say, as long as they are shown.
    near : array of bool
        Hidden counts that are given to the nearest multiple (`Policy.about`) instead of a mark.
    people : number, optional
        How many the study has: no count of them is larger.
    """

    values: np.ndarray
    hidden: np.ndarray
    lines: list[list[int]]
    among: list[tuple[int, int]] = field(default_factory=list)
    margins: list[tuple[int, list[int]]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    near: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    people: float | None = None

    def __post_init__(self) -> None:
        if len(self.near) != len(self.values):
            self.near = np.zeros(len(self.values), dtype=bool)


class Rules(NamedTuple):
    """What holds in every world: `low <= matrix @ world <= high`; the truth fulfils it.

    The last rows are what statistics tell; they hold as long as these are shown.
    """

    matrix: Any  # of scipy.sparse, which is imported late
    low: np.ndarray
    high: np.ndarray
    statistic: np.ndarray  # by row the statistic that says it, -1 for none


class Worlds(NamedTuple):
    """Two worlds between which a target differs, by how much, and the statistics that they contradict."""

    pair: np.ndarray
    width: float
    against: list[int]


def rules_of(counts: Counts, policy: Policy) -> Rules:
    """Return the sums, margins, nestings and statistics that an outsider knows, as one sparse system."""
    from scipy.sparse import csr_matrix  # imported late: most tables withhold nothing

    values, slack = counts.values, (policy.rounds_to - 1) / 2 if policy.rounds_to else 0.0
    totals = np.array([policy.rounded(values[line].sum()) for line in counts.lines])
    rows = [dict.fromkeys(line, 1.0) for line in counts.lines]
    rows += [{**dict.fromkeys(parts, 1.0), whole: -1.0} for whole, parts in counts.margins]
    rows += [{part: 1.0, whole: -1.0} for whole, part in counts.among]
    hard = len(rows)
    scales = [max(map(abs, one.signs.values())) for one in counts.told]  # so that a step is about a person
    rows += [
        {c: s / scale for c, s in one.signs.items()} for one, scale in zip(counts.told, scales, strict=True)
    ]
    ends = np.cumsum([0, *map(len, rows)])
    cells = np.array([cell for row in rows for cell in row], dtype=int)
    signs = np.array([sign for row in rows for sign in row.values()], dtype=float)
    matrix = csr_matrix((signs, cells, ends), shape=(len(rows), len(values)))
    level, loose = np.zeros(len(counts.margins)), np.full(len(counts.among), -np.inf)
    low, high = (np.array([one[side] for one in counts.told], dtype=float) / scales for side in (1, 2))
    statistic = np.array([-1] * hard + [one.statistic for one in counts.told], dtype=int)
    low = np.concatenate([totals - slack, level, loose, low])
    return Rules(matrix, low, np.concatenate([totals + slack, level, np.zeros(len(loose)), high]), statistic)


def limits(
    counts: Counts, policy: Policy, hidden: np.ndarray, near: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest that each cell can be by itself.

    A shown count is what it is (or what rounds to it). A hidden one is at least one, unless it is zero, or
    the policy hides zeros; a policy that rounds hides next to nothing but small counts. One of `near` (by
    default those of the counts) lies as near to what is given as that leaves open.
    """
    values, near = counts.values, counts.near if near is None else near
    slack = (policy.rounds_to - 1) / 2 if policy.rounds_to else 0.0
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


def two_worlds(
    counts: Counts,
    rules: Rules,
    policy: Policy,
    target: Target,
    need: float,
    cost: np.ndarray | None = None,
    silent: frozenset[int] = frozenset(),
    prices: np.ndarray | None = None,
    far: np.ndarray | None = None,
) -> Worlds:
    """Return two worlds between which the target differs by `need`, or by as much as it can.

    Parameters
    ----------
    cost : array, optional
        What it costs to hide each cell that is shown (infinity: never); the cheapest that suffice are
        moved. Without it only what is hidden moves.
    silent : set of int
        Statistics that are withheld: what they would tell binds nobody.
    prices : array, optional
        What it costs to withhold each other statistic.
    far : array of bool, optional
        Cells that, once hidden, lie near what is given; by default those that do so already.
    """
    truth = np.tile(counts.values, (2, 1))
    found = _solve(counts, rules, policy, target, need, (cost, silent, prices, far))
    if found is None:  # no two whole-number worlds were found: nothing is taken to protect the target
        return Worlds(truth, 0.0, [])
    truth += found
    width = float(sum(sign * (truth[0, cell] - truth[1, cell]) for cell, sign in target.items()))
    told = rules.matrix @ truth.T
    off = ((told < rules.low[:, None] - 1e-4) | (told > rules.high[:, None] + 1e-4)).any(axis=1)
    against = {int(one) for one in rules.statistic[off] if one >= 0} - silent
    return Worlds(truth, width, sorted(against))


def _solve(
    counts: Counts, rules: Rules, policy: Policy, target: Target, need: float, free: tuple
) -> np.ndarray | None:
    """Return the moves to two worlds that cost least, people in whole numbers."""
    from scipy.optimize import milp

    cost, silent, prices, far = free
    rows = ~np.isin(rules.statistic, list(silent))
    soft = prices[rules.statistic[rows & (rules.statistic >= 0)]] if prices is not None else None
    box, price = _moves(counts, policy, need, cost, far, soft)
    within = _agreement(counts, rules, target, need, rows, soft is not None)
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
    counts: Counts,
    policy: Policy,
    need: float,
    cost: np.ndarray | None,
    far: np.ndarray | None,
    soft: np.ndarray | None,
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
    deep, top = (side - values for side in limits(counts, policy, every, far))
    price = np.full(len(values), np.inf) if cost is None else cost.astype(float)
    loose = hidden & ~counts.near  # moves at next to no price, close to the truth
    price[loose] = _STEP
    fixed = ~np.isfinite(price)
    open_low, open_high = np.where(loose, 0.0, low), np.where(loose, 0.0, high)
    up = np.where(fixed, 0.0, np.maximum(top - open_high, 0))
    down = np.where(fixed, 0.0, np.maximum(open_low - deep, 0))
    none = np.zeros(len(values))
    over = np.zeros(0) if soft is None else np.tile(soft, 4)
    least = np.concatenate([open_low, none, none])
    most = np.concatenate([open_high, up, down])
    one = np.concatenate([none, np.where(fixed, 0.0, price), np.where(fixed, 0.0, price)])
    box = Bounds(
        np.concatenate([least, least, np.zeros(len(over)), [0]]),
        np.concatenate([most, most, np.full(len(over), np.inf), [need]]),
    )
    return box, np.concatenate([one, one, over, [_LOST]])


def _agreement(
    counts: Counts, rules: Rules, target: Target, need: float, rows: np.ndarray, gives: bool
) -> LinearConstraint:
    """Return what the moves have to fulfil: both worlds agree with what is known, and lie `need` apart."""
    from scipy import sparse
    from scipy.optimize import LinearConstraint

    block, size = rules.matrix[rows], len(counts.values)
    level = block @ counts.values
    few = block.shape[0] * size < _DENSE
    one: Any = np if few else sparse
    block, two = (block.toarray(), np.eye(2)) if few else (block, sparse.eye_array(2))
    parts = [one.kron(two, one.hstack([block, block, -block]))]
    told = np.flatnonzero(rules.statistic[rows] >= 0)
    if gives:  # above and below, in each of the two worlds
        over = np.eye(len(level))[:, told] if few else sparse.eye_array(len(level), format="csc")[:, told]
        parts.append(one.kron(two, one.hstack([over, -over])))
    goal = np.zeros(size)
    goal[list(target)] = list(target.values())
    slack = np.zeros(4 * len(told) if gives else 0)
    apart = np.concatenate([goal, goal, -goal, -goal, -goal, goal, slack, [1.0]])
    short = np.zeros((2 * len(level), 1))
    both = one.hstack([*parts, short if few else sparse.csr_matrix(short)])
    low, high = rules.low[rows] - level, rules.high[rows] - level
    return LinearConstraint(
        one.vstack([both, apart[None, :] if few else sparse.csr_matrix(apart)]),
        np.concatenate([low, low, [need]]),
        np.concatenate([high, high, [np.inf]]),
    )


def told_by(targets: Sequence[Target], worlds: np.ndarray) -> np.ndarray:
    """Return what each target (one per row) is in each of the worlds (one per row of `worlds`)."""
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *map(len, targets)])
    cells = np.array([cell for target in targets for cell in target], dtype=int)
    signs = np.array([sign for target in targets for sign in target.values()], dtype=float)
    return csr_matrix((signs, cells, ends), shape=(len(targets), worlds.shape[1])) @ worlds.T


def width(target: Target, worlds: np.ndarray) -> float:
    """Return by how much a target differs between the worlds at hand (one per row)."""
    told = told_by([target], worlds)[0]
    return float(told.max() - told.min())
