"""Counts that hang together, each such part by itself.

What is hidden in one part tells nothing of another, and most tables of a report share no count. Part by part
the work grows with the report, and not with its square.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from vbhc.publish.disclosure.recovery import Counts, Target


def apart(counts: Counts, targets: Sequence[Target]) -> Iterator[tuple[np.ndarray, Counts, list[Target]]]:
    """Yield the parts into which counts fall: their cells, these as counts of their own, and their targets.

    Two cells are in one part if a line, a margin, a nesting, a statistic or a target holds both. In a part
    cells are numbered anew, in their old order; lines and targets keep theirs.
    """
    margins = [[whole, *parts] for whole, parts in counts.margins]
    signs = [one.signs for one in counts.told]
    part = _parts([*counts.lines, *margins, *counts.among, *signs, *targets], len(counts.values))
    order = np.argsort(part, kind="stable")
    ends = np.flatnonzero(np.diff(part[order])) + 1
    number = np.empty(len(part), dtype=int)
    groups = np.split(order, ends) if len(order) else []
    for cells in groups:
        number[cells] = np.arange(len(cells))
    by_part: list[dict[int, list]] = [{} for _ in range(5)]
    lines, sums, among, told, mine = by_part
    for line in counts.lines:
        _add(lines, part, line, [int(number[cell]) for cell in line])
    for whole, parts in counts.margins:
        _add(sums, part, [whole], (int(number[whole]), [int(number[cell]) for cell in parts]))
    for pair in counts.among:
        _add(among, part, pair, (int(number[pair[0]]), int(number[pair[1]])))
    for one in counts.told:
        renumbered = {int(number[cell]): sign for cell, sign in one.signs.items()}
        _add(told, part, list(one.signs), one._replace(signs=renumbered))
    for target in targets:
        _add(mine, part, list(target), {int(number[cell]): sign for cell, sign in target.items()})
    for cells in groups:
        at = int(part[cells[0]])
        here = [found.get(at, []) for found in (lines, among, sums, told)]
        shown: dict[str, Any] = {name: getattr(counts, name)[cells] for name in ("values", "hidden", "near")}
        shown |= {"lines": here[0], "among": here[1], "margins": here[2], "told": here[3]}
        some = Counts(people=counts.people, **shown)
        yield cells, some, mine.get(at, [])


def _add(found: dict[int, list], part: np.ndarray, cells: Sequence[int], one: Any) -> None:
    if len(cells):
        found.setdefault(int(part[cells[0]]), []).append(one)


def _parts(together: Sequence, size: int) -> np.ndarray:
    """Return the part of each cell: cells that stand in one group of `together` are in one part."""
    from scipy.sparse import csr_matrix  # imported late: most tables withhold nothing
    from scipy.sparse.csgraph import connected_components

    groups = [list(group) for group in together]
    first = np.array([group[0] for group in groups for _ in group[1:]], dtype=int)
    other = np.array(list(chain.from_iterable(group[1:] for group in groups)), dtype=int)
    graph = csr_matrix((np.ones(len(first)), (first, other)), shape=(size, size))
    return connected_components(graph, directed=False)[1]
