"""Secondary suppression: hide further counts until nothing withheld can be worked out from what is shown.

For each count linear programming finds two worlds: cells move at a cost, statistics are contradicted at one,
and what moves or is contradicted is hidden. What turns out not to be needed is shown again.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple

import numpy as np

from vbhc.publish.disclosure.counts import Counts, Target, apart
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.recovery import NEAREST, Free, Rules, Worlds, limits, reach, rules_of, two_worlds


class Choice(NamedTuple):
    """Which counts are hidden, which of these are given nearly instead, and which statistics are withheld."""

    hidden: np.ndarray
    near: np.ndarray
    silent: set[int]
    short: list[Target]  # what no hiding leaves as open as the policy wants it


@dataclass
class _State:
    """What is hidden so far, what an outsider knows, and worlds that he cannot tell from the truth.

    A world is kept as the few moves that lead to it, and under each cell that it moves; `lost` are those
    that what is shown again contradicts.
    """

    now: Counts
    rules: Rules | None  # None where there is nothing to protect
    policy: Policy
    cost: np.ndarray
    prices: np.ndarray
    silent: set[int] = field(default_factory=set)
    short: list[Target] = field(default_factory=list)
    worlds: list[dict[int, float]] = field(default_factory=list)
    moving: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    lost: set[int] = field(default_factory=set)

    def apart(self, target: Target, need: float) -> Worlds:
        """Return two worlds that differ in a target, as far as what is hidden lets them."""
        free = Free(silent=frozenset(self.silent))
        return two_worlds(self.now, self.rules, self.policy, target, need, free)

    def pulled(self, target: Target, need: float) -> Worlds:
        """Return two worlds that differ in a target, with what has to be hidden for it.

        Among the cells around it, else among all; with counts given nearly, else with marks.
        """
        nearly, none = self.now.nearly, np.zeros_like(self.now.near)
        tries = [(NEAREST, nearly), (NEAREST, none), (len(none), none)]
        for most, far in tries if nearly.any() else tries[1:]:
            free = Free(self.cost, frozenset(self.silent), self.prices, far)
            found = two_worlds(self.now, self.rules, self.policy, target, need, free, most)
            if found.width >= need - 1e-6:
                break
        return found

    def keep(self, found: Worlds) -> None:
        for moves in found.moves:
            world = {int(found.cells[at]): moves[at] for at in np.flatnonzero(moves)}
            for cell in world:
                self.moving[cell].add(len(self.worlds))
            self.worlds.append(world)

    def is_open(self, target: Target, need: float) -> bool:
        """Whether a target differs by so much between the truth and the worlds at hand."""
        low = high = 0.0
        for world in chain.from_iterable(self.moving[cell] for cell in target):
            if world not in self.lost:
                moved = sum(sign * self.worlds[world].get(cell, 0) for cell, sign in target.items())
                low, high = min(low, moved), max(high, moved)
            if high - low >= need - 1e-6:
                return True
        return need <= 0

    def beyond(self, cell: int) -> set[int]:
        """Return the worlds that contradict what is shown of a cell."""
        own = self.now.only(np.array([cell]))
        low, high = (float(end[0]) for end in limits(own, self.policy, own.hidden))
        value = self.now.values[cell]
        moved = {n: value + self.worlds[n][cell] for n in self.moving[cell] - self.lost}
        return {n for n, count in moved.items() if not low - 1e-4 <= count <= high + 1e-4}

    def against(self, statistic: int) -> set[int]:
        """Return the worlds that contradict a statistic."""
        rows = np.flatnonzero(self.rules.statistic == statistic)
        matrix, low, high = self.rules.matrix[rows], self.rules.low[rows], self.rules.high[rows]
        met = set().union(*(self.moving[cell] for cell in matrix.indices.tolist())) - self.lost
        told = {n: matrix[:, [*self.worlds[n]]] @ [*self.worlds[n].values()] for n in met}
        return {n for n, sums in told.items() if ((sums < low - 1e-4) | (sums > high + 1e-4)).any()}


def choose(
    counts: Counts,
    policy: Policy,
    targets: Sequence[Target],
    rank: np.ndarray | float = 0,
    prices: Sequence[float] = (),
    touched: set[int] | None = None,
) -> Choice:
    """Return what has to be hidden so that no target can be worked out, with what was hidden before.

    Parameters
    ----------
    counts : Counts
        With the first, too small counts hidden; left as it is.
    targets : sequence
        What must not be recovered: single counts, and differences of counts.
    rank : array of float, optional
        Cells of a lower rank are hidden first; infinity means never.
    prices : sequence of float
        What is lost with each statistic that the counts' `told` name.
    touched : set of int, optional
        The cells that have to go since all was protected last: what hangs on none of them is left alone.

    Notes
    -----
    The guarantee: for every target there are two worlds in whole numbers that agree with all that is known,
    and in which the target differs by the policy's bound at least. It holds against any outsider whose
    beliefs are true. Zeros are hidden last: a hidden zero may be any number from 0 up, a hidden count that is
    not zero any number from 1 up. So of [0, 0, 4], all hidden, with the total 4 known, the 4 may be 1 to 4.
    Where a sum itself is too small, as much room as there can be is kept. No line leaves its hidden cells
    such a sum, as far as other cells are there to be hidden.
    """
    # By rank first, then zeros last, then the smallest first.
    cost = 1 + 20 * rank + 8 * (counts.values == 0) + np.log1p(np.maximum(counts.values, 0)) / 4
    made = Choice(counts.hidden.copy(), counts.near.copy(), set(), [])
    for cells, some, here in apart(counts, targets):
        if touched is not None and touched.isdisjoint(cells.tolist()):
            continue
        if here or some.hidden.any():
            state = _hide_part(some, policy, here, cost[cells], np.asarray(prices, float))
            made.hidden[cells], made.near[cells] = state.now.hidden, state.now.near & state.now.hidden
            made.silent.update(state.silent)
            made.short.extend({int(cells[cell]): sign for cell, sign in one.items()} for one in state.short)
    return made


def _hide_part(
    counts: Counts, policy: Policy, targets: Sequence[Target], cost: np.ndarray, prices: np.ndarray
) -> _State:
    """Return what has to be hidden, of counts that hang together."""
    now = replace(counts, hidden=counts.hidden.copy(), near=counts.near.copy())
    if not policy.rounds_to:
        _fill_lines(now, policy, cost)
    # What hangs on nothing may be any number that the policy hides.
    bound = {cell for line in (*now.lines, *(one.signs for one in now.told)) for cell in line}
    free = set(np.flatnonzero(now.hidden & ~now.near).tolist()) - bound
    targets = [target for target in targets if not any(cell in free for cell in target)]
    state = _State(now, rules_of(counts, policy) if targets else None, policy, cost, prices)
    if not targets:
        return state
    all_gone = replace(now, hidden=now.hidden | np.isfinite(cost), near=np.zeros_like(now.near))
    most = reach(state.rules, all_gone, policy)
    wide = [min(float(policy.bound), most[list(target)].sum()) for target in targets]
    needs = [_protect(state, target, need) for target, need in zip(targets, wide, strict=True)]
    state.short = [target for target, need in zip(targets, needs, strict=True) if need < policy.bound]
    _show_again(state, counts.hidden, targets, needs)
    return state


def _protect(state: _State, target: Target, need: float) -> float:
    """Hide (in place) what it takes to protect a target; return how far its worlds lie apart now."""
    if _still_safe(state, target, need):  # what is hidden already may do, and is quickly asked
        return need
    found = state.pulled(target, need)
    _take(state, found)
    return min(need, found.width)


def _take(state: _State, found: Worlds) -> None:
    """Hide (in place) what two worlds move, and keep them."""
    now, policy, cells = state.now, state.policy, found.cells
    counts = now.values[cells] + found.moves
    for mark in (False, True):
        own = now.only(cells)
        low, high = limits(own, policy, own.hidden)
        beyond = cells[((counts < low - 1e-6) | (counts > high + 1e-6)).any(axis=0)]
        now.near[beyond] = now.nearly[beyond] & ~mark
        now.hidden[beyond] = True
    state.silent.update(found.against)
    state.keep(found)


def _fill_lines(now: Counts, policy: Policy, cost: np.ndarray) -> None:
    """Hide (in place) until no line's hidden counts add up to too few people."""
    changed = True
    while changed:
        changed = False
        for line in now.lines:
            open_cells = [cell for cell in line if not now.hidden[cell] and np.isfinite(cost[cell])]
            if _few_left(now, line, policy) and open_cells:
                cell = min(open_cells, key=lambda cell: (now.values[cell] == 0, cost[cell], cell))
                now.hidden[cell], now.near[cell] = True, now.nearly[cell]
                changed = True


def _few_left(now: Counts, line: Sequence[int], policy: Policy) -> bool:
    """Whether what is left of a line's sum without its shown counts is itself too small a count."""
    gone = now.hidden[line]
    return bool(gone.any()) and policy.hides(now.values[line][gone].sum())


def _show_again(state: _State, first: np.ndarray, targets: Sequence[Target], needs: Sequence[float]) -> None:
    """Show (in place) all that turned out not to be needed, the dearest first, at least nearly."""
    now, on = state.now, defaultdict[int, set[int]](set)
    for number, target in enumerate(targets):
        for cell in target:
            on[cell].add(number)

    def is_safe(off: set[int], lines: Sequence[Sequence[int]] = ()) -> bool:
        """Whether nothing is given away by what contradicts some worlds, and is shown in some lines."""
        if not state.policy.rounds_to and any(_few_left(now, line, state.policy) for line in lines):
            return False
        state.lost |= off
        asked = sorted(set().union(*(on[cell] for world in off for cell in state.worlds[world])))
        if all(_still_safe(state, targets[number], needs[number]) for number in asked):
            return True
        state.lost -= off
        return False

    for one in sorted(state.silent, key=lambda one: (-state.prices[one], one)):
        state.silent.discard(one)
        if not is_safe(state.against(one)):
            state.silent.add(one)
    second = np.flatnonzero(now.hidden & ~first).tolist()
    for cell in sorted(second, key=lambda cell: (-state.cost[cell], cell)):
        own, before = [line for line in now.lines if cell in line], now.near[cell]
        for hidden in (False, True) if now.nearly[cell] and not before else (False,):
            now.hidden[cell], now.near[cell] = hidden, now.nearly[cell]
            if is_safe(state.beyond(cell), own):
                break
            now.hidden[cell], now.near[cell] = True, before


def _still_safe(state: _State, target: Target, need: float) -> bool:
    """Whether a target is safe with what is shown; new worlds that show it are kept."""
    if state.is_open(target, need):
        return True
    found = state.apart(target, need)
    if found.width < need - 1e-6:
        return False
    state.keep(found)
    return True
