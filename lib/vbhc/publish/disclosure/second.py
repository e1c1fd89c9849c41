"""Secondary suppression: hide further counts until nothing withheld can be worked out from what is shown.

For each count that must not be worked out, linear programming finds the cheapest cells to hide so that two
worlds remain between which an outsider cannot tell: cells move up and down at a cost, and those that move are
hidden. What later turns out not to be needed is shown again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from vbhc.publish.disclosure.parts import apart
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.recovery import Counts, Rules, Target, rules_of, told_by, two_worlds, width

MOST_CHECKS = 2_000  # a count, not a time, so that the same input hides the same cells


@dataclass
class _State:
    """What is hidden so far, what an outsider knows, and worlds that agree with all that is shown."""

    now: Counts
    rules: Rules
    policy: Policy
    cost: np.ndarray
    worlds: np.ndarray
    needs: list[float] = field(default_factory=list)
    told: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))  # the targets in these worlds


def hide_second(
    counts: Counts, policy: Policy, targets: Sequence[Target], rank: Callable[[int], float] = lambda cell: 0
) -> np.ndarray:
    """Return which counts have to be hidden so that no target can be worked out.

    Parameters
    ----------
    counts : Counts
        With the first, too small counts hidden; left as it is.
    targets : sequence
        What must not be recovered: single counts, and differences of counts.
    rank : callable
        Cells of a lower rank are hidden first; infinity means never.

    Returns
    -------
    array of bool
        Includes what was hidden before.

    Notes
    -----
    The guarantee: for every target there are two worlds in whole numbers that agree with all that is shown,
    with every sum of a line, every margin and every nesting, and in which the target differs by the policy's
    bound at least. It holds against any outsider whose beliefs are true. Zeros are hidden last, and no
    outsider is led to believe that they are not zero: a hidden zero may be any number from 0 up, a hidden
    count that is not zero any number from 1 up. So a zero hidden beside a 4 protects it only as far as their
    sum leaves room: of [0, 0, 4], all hidden, with the total 4 known, the 4 may be 1 to 4. Where the sum
    itself is too small, it leaves no more room, however much is hidden; then as much room as there can be is
    kept. Such a total is no count that may be published, so that no outsider should know it. No line leaves
    its hidden cells a sum that is itself too small, as far as other cells are there to be hidden.
    """
    cost, hidden = _costs(counts, rank), counts.hidden.copy()
    for cells, some, here in apart(counts, targets):
        if here or some.hidden.any():
            hidden[cells] = _hide_part(some, policy, here, cost[cells])
    return hidden


def _hide_part(counts: Counts, policy: Policy, targets: Sequence[Target], cost: np.ndarray) -> np.ndarray:
    """Return which counts have to be hidden, of counts that hang together."""
    now = replace(counts, hidden=counts.hidden.copy())
    if not policy.rounds_to:
        _fill_lines(now, policy, cost)
    if not targets:
        return now.hidden
    state = _State(now, rules_of(counts, policy), policy, cost, counts.values[None, :].copy())
    free = _free(now)
    targets = [target for target in targets if not any(cell in free for cell in target)]
    for target in targets:
        state.needs.append(_protect(state, target))
    _show_again(state, counts.hidden, targets)
    return now.hidden


def _costs(counts: Counts, rank: Callable[[int], float]) -> np.ndarray:
    """What it costs to hide each cell: by rank first, then zeros last, then the smallest first."""
    ranks = np.array([float(rank(cell)) for cell in range(len(counts.values))])
    return 1 + 20 * ranks + 8 * (counts.values == 0) + np.log1p(counts.values) / 4


def _free(now: Counts) -> set[int]:
    """Return the hidden cells that hang on nothing: each may be any number that the policy hides."""
    bound = {cell for line in (*now.lines, *now.among) for cell in line}
    bound |= {cell for whole, parts in now.margins for cell in (whole, *parts)}
    return {int(cell) for cell in np.flatnonzero(now.hidden)} - bound


def _protect(state: _State, target: Target) -> float:
    """Hide (in place) what it takes to protect a target; return how far its worlds lie apart now."""
    need = float(state.policy.bound)
    if width(target, state.worlds) >= need:
        return need
    found = two_worlds(state.now, state.rules, state.policy, target, need, state.cost)
    state.now.hidden[found.moved] = True
    state.worlds = np.vstack([state.worlds, found.pair])
    return min(need, found.width)


def _fill_lines(now: Counts, policy: Policy, cost: np.ndarray) -> None:
    """Hide (in place) until no line's hidden counts add up to too few people."""
    changed = True
    while changed:
        changed = False
        for line in now.lines:
            open_cells = [cell for cell in line if not now.hidden[cell] and np.isfinite(cost[cell])]
            if _few_left(now, line, policy) and open_cells:
                now.hidden[min(open_cells, key=lambda cell: (now.values[cell] == 0, cost[cell], cell))] = True
                changed = True


def _few_left(now: Counts, line: Sequence[int], policy: Policy) -> bool:
    """Whether what is left of a line's sum without its shown counts is itself too small a count."""
    gone = now.hidden[line]
    return bool(gone.any()) and policy.hides(now.values[line][gone].sum())


def _show_again(state: _State, first: np.ndarray, targets: Sequence[Target]) -> None:
    """Show (in place) every second cell that turned out not to be needed, the dearest first."""
    lines_of: dict[int, list[list[int]]] = {}
    for line in state.now.lines:
        for cell in line:
            lines_of.setdefault(cell, []).append(line)
    second = np.flatnonzero(state.now.hidden & ~first)
    state.told = told_by(targets, state.worlds)
    checks = 0
    for cell in sorted(second.tolist(), key=lambda cell: (-state.cost[cell], cell)):
        state.now.hidden[cell] = False
        lines = [] if state.policy.rounds_to else lines_of.get(cell, [])
        worse = any(_few_left(state.now, line, state.policy) for line in lines)
        spent = MOST_CHECKS if worse else _still_safe(state, cell, targets, MOST_CHECKS - checks)
        if spent is None or worse:
            state.now.hidden[cell] = True
            checks += 0 if worse else 1
        else:
            checks += spent
        if checks >= MOST_CHECKS:
            return


def _still_safe(state: _State, cell: int, targets: Sequence[Target], most: int) -> int | None:
    """Return how many checks showed that all targets are safe with a cell shown; None if one is not."""
    shown = state.policy.rounded(state.now.values[cell])
    slack = (state.policy.rounds_to - 1) / 2 if state.policy.rounds_to else 0.0
    agree = np.abs(state.worlds[:, cell] - shown) <= slack + 1e-6
    worlds, told = state.worlds[agree], state.told[:, agree]
    spent = 0
    for number in np.flatnonzero(np.ptp(told, axis=1) < np.array(state.needs) - 1e-6).tolist():
        if width(targets[number], worlds) >= state.needs[number] - 1e-6:
            continue
        spent += 1
        found = two_worlds(state.now, state.rules, state.policy, targets[number], state.needs[number])
        if spent > most or found.width < state.needs[number] - 1e-6:
            return None
        worlds = np.vstack([worlds, found.pair])
    state.worlds, state.told = worlds, np.hstack([told, told_by(targets, worlds[told.shape[1] :])])
    return spent
