"""Several codes in one cell, and levels in one code: find out what stands between them."""

from collections import Counter
from collections.abc import Sequence

from vbhc.interviews.tables import Report

BETWEEN_CODES = ("\n", ";", "|", ",")
NAMES = {"\n": "a line break", ";": "a semicolon", "|": "a bar", ",": "a comma"}


def split_codes(
    cells: Sequence[str], report: Report, counts: Sequence[int | None] = ()
) -> list[tuple[str, ...]]:
    """Return the codes of each cell.

    Parameters
    ----------
    cells : sequence of str
    report : Report
        Says which separator was taken and why.
    counts : sequence of int, optional
        How many codes the tool says each cell has; the separator that agrees best is taken.

    Notes
    -----
    A line break always separates. Another sign does if the parts are codes of their own: at least half of the
    different parts stand in more than one cell.
    """
    taken = _by_counts(cells, counts) if counts else None
    if taken is None:
        taken = next((s for s in BETWEEN_CODES if _separates(s, cells)), "")
    several = sum(taken in cell for cell in cells) if taken else 0
    if several:
        report.add("guessed", "cells with several codes", several, f"parted by {NAMES[taken]}")
    return [_parts(cell, taken) for cell in cells]


def _parts(cell: str, separator: str) -> tuple[str, ...]:
    parts = cell.split(separator) if separator else [cell]
    return tuple(dict.fromkeys(p.strip() for p in parts if p.strip()))


def _by_counts(cells: Sequence[str], counts: Sequence[int | None]) -> str | None:
    """The separator under which most cells have as many parts as the tool says; None if none is better."""

    def agree(separator: str) -> int:
        return sum(len(_parts(c, separator)) == n for c, n in zip(cells, counts, strict=True) if n)

    best = max(("", *BETWEEN_CODES), key=agree)
    return best if best and agree(best) > max(agree(""), 0.8 * sum(bool(n) for n in counts)) else None


def _separates(separator: str, cells: Sequence[str]) -> bool:
    inside = [cell for cell in cells if separator in cell]
    if not inside or separator == "\n":
        return bool(inside)
    if any("(" in part and ")" not in part for cell in inside for part in cell.split(separator)):
        return False  # the sign stands inside a name
    seen = Counter(part for cell in cells for part in _parts(cell, separator))
    parts = {part for cell in inside for part in _parts(cell, separator)}
    return sum(seen[p] > 1 for p in parts) * 2 >= len(parts)


def levels(code: str, separator: str = " > ") -> tuple[str, ...]:
    """Return the path of a code: what stands between separators of levels, topmost first."""
    path = tuple(" ".join(part.split()) for part in code.split(separator))
    return tuple(part for part in path if part) or ("(no name)",)
