"""Secondary suppression: hide further counts until nothing withheld can be worked out from what is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from vbhc.disclosure.policies import Policy
from vbhc.disclosure.recovery import Counts, Target, bounds, connected, protected

MOST_CHECKS = 1_000  # about ten seconds; a count, not a time, so that the same input hides the same cells


def hide_second(
    counts: Counts,
    policy: Policy,
    targets: Sequence[Target],
    rank: Callable[[int], float] = lambda cell: 0,
    strict: bool = False,
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
    strict : bool
        Whether all cells around a target that no hiding saves stay hidden, not only the most telling.

    Returns
    -------
    array of bool
        Includes what was hidden before. Where every cell that could help is hidden and a target is still
        known, the sum itself gives it away, and nothing more can be done in these tables.
    """
    now = replace(counts, hidden=counts.hidden.copy())
    if not policy.rounds_to:
        _by_lines(now, policy, rank)
    by_lines = now.hidden.copy()
    waiting = list(targets)
    while waiting:
        open_to_attack = []
        for target in waiting:
            low, high = bounds(now, [target], policy)[0]
            if not protected(low, high, policy) and _hide_for(now, target, rank):
                open_to_attack.append(target)
        # What was hidden for one target never helps an outsider against another.
        waiting = open_to_attack
    stay = np.ones_like(by_lines) if strict else by_lines
    _show_again(now, counts.hidden, stay, policy, targets, rank)
    return now.hidden


def _show_again(
    now: Counts,
    first: np.ndarray,
    stay: np.ndarray,
    policy: Policy,
    targets: Sequence[Target],
    rank: Callable[[int], float],
) -> None:
    """Show (in place) every second cell that turned out not to be needed, the dearest first.

    The work grows with cells times targets, so it ends after `MOST_CHECKS`: what is not reached stays hidden.
    """
    ranges = zip(targets, bounds(now, targets, policy), strict=True)
    known = [(target, protected(*found, policy)) for target, found in ranges]
    wanted = [target for target, safe in known if safe]
    beside = {cell for target, safe in known if not safe for cell in _mates(now, target) if stay[cell]}
    second = [int(cell) for cell in np.flatnonzero(now.hidden & ~first) if cell not in beside]
    checks = 0
    for cell in sorted(second, key=lambda cell: (-rank(cell), -now.values[cell], cell)):
        if checks >= MOST_CHECKS:
            return
        around = set(connected(now, [cell]))
        now.hidden[cell] = False
        for number, target in enumerate(wanted):
            if around.isdisjoint(target):
                continue
            checks += 1
            if not protected(*bounds(now, [target], policy)[0], policy):
                now.hidden[cell] = True
                wanted.insert(0, wanted.pop(number))  # what failed last time fails soonest next time
                break


def _by_lines(now: Counts, policy: Policy, rank: Callable[[int], float]) -> None:
    """Hide (in place) until no line has a single hidden count, or hidden ones that add up to too few."""
    changed = True
    while changed:
        changed = False
        for line in now.lines:
            gone = now.hidden[line]
            if not gone.any() or (gone.sum() > 1 and now.values[line][gone].sum() > policy.hides_up_to):
                continue
            changed |= _hide_best(now, [cell for cell in line if not now.hidden[cell]], rank)


def _hide_for(now: Counts, target: Target, rank: Callable[[int], float]) -> bool:
    """Hide (in place) one more cell against the recovery of a target; False where none is left."""
    own = [cell for cell in target if not now.hidden[cell]]
    if own and _hide_best(now, own, rank):
        return True
    around = [cell for cell in connected(now, target) if not now.hidden[cell]]
    groups = [*now.lines, *([whole, *parts] for whole, parts in now.margins)]
    in_lines = {cell for line in groups if now.hidden[line].any() for cell in line}
    return _hide_best(now, [cell for cell in around if cell in in_lines], rank)


def _hide_best(now: Counts, cells: Sequence[int], rank: Callable[[int], float]) -> bool:
    """Hide (in place) the cell that costs least: zeros last, then by touched lines, then the smallest."""
    cells = [cell for cell in cells if np.isfinite(rank(cell))]
    if not cells:
        return False
    touched = {cell: sum(now.hidden[line].any() for line in now.lines if cell in line) for cell in cells}
    now.hidden[
        min(
            cells,
            key=lambda cell: (rank(cell), now.values[cell] == 0, -touched[cell], now.values[cell], cell),
        )
    ] = True
    return True


def _mates(now: Counts, target: Target) -> set[int]:
    """Return the cells that share a line or a margin with a target, and the target's own."""
    groups = [*now.lines, *([whole, *parts] for whole, parts in now.margins)]
    return {cell for group in groups if not set(group).isdisjoint(target) for cell in group} | set(target)
