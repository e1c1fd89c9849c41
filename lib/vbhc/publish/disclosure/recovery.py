"""What an outsider can work out about withheld counts, told by worlds that he cannot tell apart.

A world is a whole number of people in every cell that agrees with all that is shown. As long as two worlds
give a withheld count values that differ by the policy's bound, nobody can work it out more closely, by
subtraction, by linear or by integer programming.

The outsider is taken to know every sum of a line, which counts are among which others, the policy, and of
each withheld count that is not zero that it is not.
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
_STEP = 1e-3  # what it costs to move a count that is hidden anyway: worlds stay close to the truth


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
    """

    values: np.ndarray
    hidden: np.ndarray
    lines: list[list[int]]
    among: list[tuple[int, int]] = field(default_factory=list)
    margins: list[tuple[int, list[int]]] = field(default_factory=list)


class Rules(NamedTuple):
    """What holds in every world: `low <= matrix @ world <= high`; the truth fulfils it."""

    matrix: Any  # of scipy.sparse, which is imported late
    low: np.ndarray
    high: np.ndarray
    first: np.ndarray  # one cell of each row
    part: np.ndarray  # which cells hang together at all: one number per group of them


class Worlds(NamedTuple):
    """Two worlds between which a target differs, by how much, and the shown cells that they move."""

    pair: np.ndarray
    width: float
    moved: np.ndarray


def rules_of(counts: Counts, policy: Policy) -> Rules:
    """Return the sums, margins and nestings that an outsider knows, as one sparse system."""
    from scipy.sparse import csr_matrix  # imported late: most tables withhold nothing
    from scipy.sparse.csgraph import connected_components

    values, slack = counts.values, (policy.rounds_to - 1) / 2 if policy.rounds_to else 0.0
    totals = [policy.rounded(values[line].sum()) for line in counts.lines]
    rows = [dict.fromkeys(line, 1.0) for line in counts.lines]
    rows += [{**dict.fromkeys(parts, 1.0), whole: -1.0} for whole, parts in counts.margins]
    rows += [{part: 1.0, whole: -1.0} for whole, part in counts.among]
    ends = np.cumsum([0, *map(len, rows)])
    cells = np.array([cell for row in rows for cell in row], dtype=int)
    signs = np.array([sign for row in rows for sign in row.values()])
    matrix = csr_matrix((signs, cells, ends), shape=(len(rows), len(values)))
    level, loose = np.zeros(len(counts.margins)), np.full(len(counts.among), -np.inf)
    low = np.concatenate([np.array(totals) - slack, level, loose])
    high = np.concatenate([np.array(totals) + slack, level, np.zeros(len(loose))])
    part = connected_components(abs(matrix).T @ abs(matrix), directed=False)[1]
    return Rules(matrix, low, high, cells[ends[:-1]] if rows else cells, part)


def limits(counts: Counts, policy: Policy, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest that each cell can be by itself.

    A shown count is what it is (or what rounds to it). A hidden one is at least one, unless it is zero, or
    the policy hides zeros; a policy that rounds hides next to nothing but small counts.
    """
    values = counts.values
    slack = (policy.rounds_to - 1) / 2 if policy.rounds_to else 0.0
    shown = np.array([policy.rounded(value) for value in values])
    least = np.where((values == 0) | policy.hides_zero, 0.0, 1.0)
    small = np.array([bool(slack) and policy.hides(value) for value in values])
    most = np.where(small, float(policy.hides_up_to), np.inf)
    low = np.where(hidden, least, np.maximum(0.0, shown - slack))
    return low, np.where(hidden, most, shown + slack)


def two_worlds(
    counts: Counts, rules: Rules, policy: Policy, target: Target, need: float, cost: np.ndarray | None = None
) -> Worlds:
    """Return two worlds between which the target differs by `need`, or by as much as it can.

    Parameters
    ----------
    cost : array, optional
        What it costs to hide each cell that is shown (infinity: never); the cheapest that suffice are
        moved. Without it only what is hidden moves.
    """
    cells = np.flatnonzero(np.isin(rules.part, rules.part[list(target)]))
    found = _solve(counts, rules, policy, target, need, cost, cells)
    truth = np.tile(counts.values, (2, 1))
    if found is None:  # no two whole-number worlds were found: nothing is taken to protect the target
        return Worlds(truth, 0.0, np.zeros(0, dtype=int))
    truth[:, cells] = found
    width = float(sum(sign * (truth[0, cell] - truth[1, cell]) for cell, sign in target.items()))
    low, high = limits(counts, policy, counts.hidden)
    beyond = ((truth < low - 1e-6) | (truth > high + 1e-6)).any(axis=0)
    return Worlds(truth, width, np.flatnonzero(beyond & ~counts.hidden))


def _solve(
    counts: Counts,
    rules: Rules,
    policy: Policy,
    target: Target,
    need: float,
    cost: np.ndarray | None,
    cells: np.ndarray,
) -> np.ndarray | None:
    """Return the two worlds of `cells` that cost least, in whole numbers."""
    from scipy.optimize import milp

    box, prices = _moves(counts, policy, need, cost, cells)
    within = _agreement(counts, rules, target, need, cells)
    for whole in (0, 1):  # most often the corners of the linear problem are whole numbers already
        solved = milp(prices, constraints=within, bounds=box, integrality=np.full(len(prices), whole))
        if solved.x is None:
            return None
        within_open, up, down = solved.x[:-1].reshape(2, 3, len(cells)).transpose(1, 0, 2)
        moves = within_open + up - down
        if abs(moves - moves.round()).max() < 1e-5:
            return counts.values[cells] + moves.round()
    return None


def _moves(
    counts: Counts, policy: Policy, need: float, cost: np.ndarray | None, cells: np.ndarray
) -> tuple[Bounds, np.ndarray]:
    """Return how far each cell may move from the truth, and at what price, in each of two worlds.

    A cell moves by three numbers: within what its rounding leaves open, up and down. The last number is by
    how much the target stays short of `need`.
    """
    from scipy.optimize import Bounds

    values, hidden = counts.values[cells], counts.hidden[cells]
    low, high = (side[cells] - values for side in limits(counts, policy, counts.hidden))
    deep, far = (side[cells] - values for side in limits(counts, policy, np.ones_like(counts.hidden)))
    price = np.full(len(cells), np.inf) if cost is None else cost[cells].astype(float)
    price[hidden] = _STEP
    fixed = ~np.isfinite(price)
    open_low, open_high = np.where(hidden, 0.0, low), np.where(hidden, 0.0, high)
    up = np.where(fixed, 0.0, np.maximum(far - open_high, 0))
    down = np.where(fixed, 0.0, np.maximum(open_low - deep, 0))
    none = np.zeros(len(cells))
    least = np.concatenate([open_low, none, none])
    most = np.concatenate([open_high, up, down])
    one = np.concatenate([none, np.where(fixed, 0.0, price), np.where(fixed, 0.0, price)])
    box = Bounds(np.concatenate([least, least, [0]]), np.concatenate([most, most, [need]]))
    return box, np.concatenate([one, one, [_LOST]])


def _agreement(
    counts: Counts, rules: Rules, target: Target, need: float, cells: np.ndarray
) -> LinearConstraint:
    """Return what the moves have to fulfil: both worlds agree with what is known, and lie `need` apart."""
    from scipy.optimize import LinearConstraint
    from scipy.sparse import block_diag, csr_matrix, hstack, vstack

    kept = np.flatnonzero(np.isin(rules.part[rules.first], rules.part[cells]))
    block = rules.matrix[kept][:, cells]
    level = rules.matrix[kept] @ counts.values
    world = hstack([block, block, -block])
    goal = np.zeros(len(cells))
    goal[np.searchsorted(cells, list(target))] = list(target.values())
    apart = csr_matrix(np.concatenate([goal, goal, -goal, -goal, -goal, goal, [1.0]]))
    both = hstack([block_diag([world, world]), csr_matrix((2 * len(kept), 1))])
    low, high = rules.low[kept] - level, rules.high[kept] - level
    return LinearConstraint(
        vstack([both, apart]).tocsc(),
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
    told = np.zeros(len(worlds))
    for cell, sign in target.items():
        told += sign * worlds[:, cell]
    return float(told.max() - told.min())
