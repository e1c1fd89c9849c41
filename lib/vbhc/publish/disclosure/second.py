"""Secondary suppression: hide further counts until nothing withheld can be worked out from what is shown.

For each count that must not be worked out, linear programming finds the cheapest cells and statistics to hide
so that two worlds remain between which an outsider cannot tell: cells move up and down at a cost, statistics
are contradicted at one, and what moves or is contradicted is hidden. What later turns out not to be needed is
shown again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from vbhc.publish.disclosure.counts import Counts, Target, apart
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.recovery import Free, Rules, Worlds, limits, rules_of, told_by, two_worlds, width

MOST_CHECKS = 2_000  # a count, not a time, so that the same input hides the same cells


class Choice(NamedTuple):
    """Which counts are hidden, which of these are given nearly instead, and which statistics are withheld."""

    hidden: np.ndarray
    near: np.ndarray
    silent: set[int]


@dataclass
class _State:
    """What is hidden so far, what an outsider knows, and worlds that agree with all that is shown."""

    now: Counts
    rules: Rules
    policy: Policy
    cost: np.ndarray
    prices: np.ndarray
    nearly: np.ndarray  # counts that may be given nearly
    worlds: np.ndarray
    silent: set[int] = field(default_factory=set)
    needs: list[float] = field(default_factory=list)
    told: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))  # the targets in these worlds
    checks: int = 0  # whether all is safe still; see MOST_CHECKS

    def apart(self, target: Target, free: bool, far: np.ndarray | None = None) -> Worlds:
        """Return two worlds that differ in a target; where all is `free` further cells may be hidden."""
        silent = frozenset(self.silent)
        may = Free(self.cost, silent, self.prices, far) if free else Free(silent=silent)
        return two_worlds(self.now, self.rules, self.policy, target, float(self.policy.bound), may)

    def agree(self) -> np.ndarray:
        """Return which of the worlds agree with all that is shown now."""
        low, high = limits(self.now, self.policy, self.now.hidden)
        inside = ((self.worlds >= low - 1e-4) & (self.worlds <= high + 1e-4)).all(axis=1)
        rows = self.rules.shown(self.silent)
        level = self.rules.matrix[rows] @ self.worlds.T
        fits = (level >= self.rules.low[rows, None] - 1e-4) & (level <= self.rules.high[rows, None] + 1e-4)
        return inside & fits.all(axis=0)


def choose(
    counts: Counts,
    policy: Policy,
    targets: Sequence[Target],
    rank: Callable[[int], float] = lambda cell: 0,
    prices: Sequence[float] = (),
    nearly: np.ndarray | None = None,
    touched: set[int] | None = None,
) -> Choice:
    """Return what has to be hidden so that no target can be worked out.

    Parameters
    ----------
    counts : Counts
        With the first, too small counts hidden; left as it is.
    targets : sequence
        What must not be recovered: single counts, and differences of counts.
    rank : callable
        Cells of a lower rank are hidden first; infinity means never.
    prices : sequence of float
        What is lost with each statistic that the counts' `told` name.
    nearly : array of bool, optional
        Counts that, once they have to go, may be given to the nearest multiple; by default none.
    touched : set of int, optional
        The cells that have to go since all was protected last: what hangs on none of them is left alone.

    Returns
    -------
    Choice
        Includes what was hidden before.

    Notes
    -----
    The guarantee: for every target there are two worlds in whole numbers that agree with all that is shown,
    with every sum of a line, every margin, every nesting and every statistic, and in which the target differs
    by the policy's bound at least. It holds against any outsider whose beliefs are true. Zeros are hidden
    last, and no outsider is led to believe that they are not zero: a hidden zero may be any number from 0 up,
    a hidden count that is not zero any number from 1 up. So a zero hidden beside a 4 protects it only as far
    as their sum leaves room: of [0, 0, 4], all hidden, with the total 4 known, the 4 may be 1 to 4. Where the
    sum itself is too small, it leaves no more room, however much is hidden; then as much room as there can be
    is kept. Such a total is no count that may be published, so that no outsider should know it. No line
    leaves its hidden cells a sum that is itself too small, as far as other cells are there to be hidden.
    """
    # By rank first, then zeros last, then the smallest first.
    cost = 1 + 20 * np.array([float(rank(cell)) for cell in range(len(counts.values))])
    cost += 8 * (counts.values == 0) + np.log1p(np.maximum(counts.values, 0)) / 4
    nearly = np.zeros(len(cost), dtype=bool) if nearly is None else nearly
    made = Choice(counts.hidden.copy(), counts.near.copy(), set())
    for cells, some, here in apart(counts, targets):
        if touched is not None and touched.isdisjoint(cells.tolist()):
            continue
        if here or some.hidden.any():
            state = _hide_part(some, policy, here, cost[cells], np.asarray(prices, float), nearly[cells])
            made.hidden[cells], made.near[cells] = state.now.hidden, state.now.near & state.now.hidden
            made.silent.update(state.silent)
    return made


def _hide_part(
    counts: Counts,
    policy: Policy,
    targets: Sequence[Target],
    cost: np.ndarray,
    prices: np.ndarray,
    nearly: np.ndarray,
) -> _State:
    """Return what has to be hidden, of counts that hang together."""
    now = replace(counts, hidden=counts.hidden.copy(), near=counts.near.copy())
    if not policy.rounds_to:
        _fill_lines(now, policy, cost, nearly)
    rules = rules_of(counts, policy)
    state = _State(now, rules, policy, cost, prices, nearly, counts.values[None, :].copy())
    # What hangs on nothing may be any number that the policy hides.
    bound = {cell for line in (*now.lines, *(one.signs for one in now.told)) for cell in line}
    free = set(np.flatnonzero(now.hidden & ~now.near).tolist()) - bound
    targets = [target for target in targets if not any(cell in free for cell in target)]
    for target in targets:
        state.needs.append(_protect(state, target))
    if targets:
        _show_again(state, counts.hidden, targets)
    return state


def _protect(state: _State, target: Target) -> float:
    """Hide (in place) what it takes to protect a target; return how far its worlds lie apart now."""
    need = float(state.policy.bound)
    if width(target, state.worlds) >= need:
        return need
    found = state.apart(target, True, state.nearly)
    if found.width < need - 1e-6 and state.nearly.any():
        found = state.apart(target, True, np.zeros_like(state.nearly))  # a mark leaves more open
    _take(state, found)
    return min(need, found.width)


def _take(state: _State, found: Worlds) -> None:
    """Hide (in place) what two worlds move, and keep them."""
    now, policy = state.now, state.policy
    for mark in (False, True):
        low, high = limits(now, policy, now.hidden)
        beyond = ((found.pair < low - 1e-6) | (found.pair > high + 1e-6)).any(axis=0)
        now.near[beyond] = state.nearly[beyond] & ~mark
        now.hidden[beyond] = True
    state.silent.update(found.against)
    state.worlds = np.vstack([state.worlds, found.pair])


def _fill_lines(now: Counts, policy: Policy, cost: np.ndarray, nearly: np.ndarray) -> None:
    """Hide (in place) until no line's hidden counts add up to too few people."""
    changed = True
    while changed:
        changed = False
        for line in now.lines:
            open_cells = [cell for cell in line if not now.hidden[cell] and np.isfinite(cost[cell])]
            if _few_left(now, line, policy) and open_cells:
                cell = min(open_cells, key=lambda cell: (now.values[cell] == 0, cost[cell], cell))
                now.hidden[cell], now.near[cell] = True, nearly[cell]
                changed = True


def _few_left(now: Counts, line: Sequence[int], policy: Policy) -> bool:
    """Whether what is left of a line's sum without its shown counts is itself too small a count."""
    gone = now.hidden[line]
    return bool(gone.any()) and policy.hides(now.values[line][gone].sum())


def _show_again(state: _State, first: np.ndarray, targets: Sequence[Target]) -> None:
    """Show (in place) all that turned out not to be needed, the dearest first, at least nearly."""
    lines_of: dict[int, list[list[int]]] = {}
    for line in state.now.lines:
        for cell in line:
            lines_of.setdefault(cell, []).append(line)
    state.told = told_by(targets, state.worlds)
    for lines, undo in _tries(state, first, lines_of):
        worse = not state.policy.rounds_to and any(_few_left(state.now, one, state.policy) for one in lines)
        if worse or not _still_safe(state, targets):
            undo()
        if state.checks >= MOST_CHECKS:
            return


def _tries(
    state: _State, first: np.ndarray, lines_of: dict[int, list[list[int]]]
) -> Iterator[tuple[list[list[int]], Callable[[], None]]]:
    """Show one thing after another (in place); yield the lines that it stands in, and how to undo it."""
    now = state.now
    for one in sorted(state.silent, key=lambda one: (-state.prices[one], one)):
        state.silent.discard(one)
        yield [], partial(state.silent.add, one)
    second = np.flatnonzero(now.hidden & ~first)
    for cell in sorted(second.tolist(), key=lambda cell: (-state.cost[cell], cell)):
        before = now.near[cell]
        for hidden in (False, True):
            if now.hidden[cell] and not (hidden and (before or not state.nearly[cell])):
                now.hidden[cell], now.near[cell] = hidden, state.nearly[cell]

                def undo(cell: int = cell, near: bool = before) -> None:
                    now.hidden[cell], now.near[cell] = True, near

                yield lines_of.get(cell, []), undo


def _still_safe(state: _State, targets: Sequence[Target]) -> bool:
    """Whether all targets are safe with what is shown; new worlds that show it are kept."""
    agree = state.agree()
    worlds, told = state.worlds[agree], state.told[:, agree]
    for number in np.flatnonzero(np.ptp(told, axis=1) < np.array(state.needs) - 1e-6).tolist():
        if width(targets[number], worlds) >= state.needs[number] - 1e-6:
            continue
        state.checks += 1
        found = state.apart(targets[number], False)
        if found.width < state.needs[number] - 1e-6:
            return False
        worlds = np.vstack([worlds, found.pair])
    state.worlds, state.told = worlds, np.hstack([told, told_by(targets, worlds[told.shape[1] :])])
    return True
