"""What an outsider can work out about withheld counts from the shown ones: bounds by linear programming.

The outsider is taken to know every sum of a line, which counts are among which others, and the policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from vbhc.disclosure.policies import Policy

Target = Mapping[int, int]  # cell -> its sign: one count, or the difference of two


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


def bounds(counts: Counts, targets: Sequence[Target], policy: Policy) -> list[tuple[float, float]]:
    """Return the lowest and highest value that each target can have for an outsider.

    A target without hidden cells is known as it is shown. Where the sums contradict each other (an outsider
    who believes too much), the target counts as known exactly.
    """
    slack = (policy.rounds_to - 1) / 2 if policy.rounds_to else 0.0
    return [_bounds_of(counts, target, policy, slack) for target in targets]


def protected(low: float, high: float, policy: Policy) -> bool:
    """Whether a range says no more about a count than the policy lets out."""
    return high - low >= policy.bound - 1e-6


def connected(counts: Counts, cells: Iterable[int]) -> list[int]:
    """Return the hidden cells that lines and nesting tie to `cells`, with their open neighbours."""
    found, waiting = set(cells), list(cells)
    by_cell: dict[int, list[list[int]]] = {}
    sums = [[whole, *parts] for whole, parts in counts.margins]
    for line in [*counts.lines, *map(list, counts.among), *sums]:
        for cell in line:
            by_cell.setdefault(cell, []).append(line)
    while waiting:
        for line in by_cell.get(waiting.pop(), ()):
            for cell in line:
                if cell not in found:
                    found.add(cell)
                    if counts.hidden[cell]:
                        waiting.append(cell)
    return sorted(found)


def _bounds_of(counts: Counts, target: Target, policy: Policy, slack: float) -> tuple[float, float]:
    from scipy.optimize import linprog  # imported late: most tables withhold nothing

    if not slack and not counts.hidden[list(target)].any():
        value = sum(sign * counts.values[cell] for cell, sign in target.items())
        return value, value
    cells = connected(counts, target)
    if len(cells) == len(target):  # nothing ties them to any other count
        return 0.0, np.inf
    place = {cell: number for number, cell in enumerate(cells)}
    lines = [line for line in counts.lines if all(cell in place for cell in line)]
    lines = [line for line in lines if counts.hidden[line].any()]
    sums = np.zeros((len(lines), len(cells)))
    for number, line in enumerate(lines):
        sums[number, [place[cell] for cell in line]] = 1
    totals = np.array([policy.rounded(counts.values[line].sum()) for line in lines])
    among = [(a, b) for a, b in counts.among if a in place and b in place]
    order = np.zeros((len(among), len(cells)))
    for number, (whole, part) in enumerate(among):
        order[number, place[whole]], order[number, place[part]] = -1, 1
    goal = np.zeros(len(cells))
    for cell, sign in target.items():
        goal[place[cell]] = sign
    none_there = counts.hidden[cells] & (counts.values[cells] == 0)
    least = 0.0 if policy.hides_zero or none_there.any() else 1.0
    limits = [_range(counts, cell, policy, slack, least) for cell in cells]
    rules: dict = {"bounds": limits, "method": "highs"}
    margins = _margins(counts, place)
    if slack:
        rules["A_ub"] = np.vstack([order, sums, -sums])
        rules["b_ub"] = np.concatenate([np.zeros(len(among)), totals + slack, slack - totals])
        rules |= {"A_eq": margins, "b_eq": np.zeros(len(margins))} if len(margins) else {}
    else:
        equal = np.vstack([sums, margins])
        rules |= {"A_eq": equal, "b_eq": np.append(totals, np.zeros(len(margins)))} if len(equal) else {}
        rules |= {"A_ub": order, "b_ub": np.zeros(len(among))} if among else {}
    low, high = linprog(goal, **rules), linprog(-goal, **rules)
    if low.status == 3 or high.status == 3:
        return (0.0 if low.status == 3 else low.fun), np.inf
    if low.status or high.status:
        value = sum(sign * counts.values[cell] for cell, sign in target.items())
        return value, value
    return float(low.fun), float(-high.fun)


def _margins(counts: Counts, place: Mapping[int, int]) -> np.ndarray:
    """Return one row per margin whose cells are all at hand: its parts less the margin make zero."""
    rows = []
    for whole, parts in counts.margins:
        if whole in place and all(cell in place for cell in parts):
            row = np.zeros(len(place))
            row[[place[cell] for cell in parts]] = 1
            row[place[whole]] -= 1
            rows.append(row)
    return np.array(rows).reshape(len(rows), len(place))


def _range(
    counts: Counts, cell: int, policy: Policy, slack: float, least: float
) -> tuple[float, float | None]:
    """What is known of one cell by itself; a policy that rounds hides next to nothing but small counts."""
    if counts.hidden[cell]:
        small = bool(slack) and policy.hides(counts.values[cell])
        return least, (policy.hides_up_to if small else None)
    shown = policy.rounded(counts.values[cell])
    return max(0.0, shown - slack), shown + slack
