"""What stands in a cell of an export: numbers, yes and no, several codes, a code with its levels."""

from collections import Counter
from collections.abc import Sequence

from vbhc.interviews.tables import Report

YES = {"true", "1", "yes", "x", "wahr", "ja", "vrai", "oui", "verdadero", "si", "sí", "waar", "sant"}
NO = {"", "false", "0", "no", "falsch", "nein", "faux", "non", "falso", "nee", "onwaar", "falskt"}
BETWEEN_CODES = {"\n": "a line break", ";": "a semicolon", "|": "a bar", ",": "a comma"}
LARGEST = 1e15  # no position or count is larger, and more digits do not fit into a table


def words(value: object) -> str:
    """Return a value of a database as text: None is "", a blob is no text."""
    return "" if value is None or isinstance(value, bytes) else str(value)


def one_line(value: object, empty: str = "") -> str:
    """Return a name with single blanks, `empty` where nothing is left."""
    return " ".join(words(value).split()) or empty


def number(cell: str) -> float | None:
    """Return a finite number (decimal point or comma, a percent sign is left out), None if it is none."""
    try:
        value = float(cell.strip().removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < LARGEST else None


def whole(value: object) -> int | None:
    """Return a whole number, None for anything else."""
    found = value if isinstance(value, (int, float)) else number(words(value))
    return int(found) if found is not None and abs(found) < LARGEST and found == int(found) else None


def yes(cell: str) -> bool | None:
    """Return a truth value in any of the known languages, None for anything else."""
    word = cell.strip().casefold()
    return True if word in YES else False if word in NO else None


def levels(code: str, separator: str = " > ") -> tuple[str, ...]:
    """Return the path of a code: what stands between separators of levels, topmost first."""
    return tuple(filter(None, map(one_line, code.split(separator)))) or ("(no name)",)


def split_codes(cells: list[str], report: Report, counts: Sequence[int | None] = ()) -> list[tuple[str, ...]]:
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
        taken = next((sign for sign in BETWEEN_CODES if _separates(sign, cells)), "")
    several = sum(taken in cell for cell in cells) if taken else 0
    if several:
        report.add("guessed", "cells with several codes", several, f"parted by {BETWEEN_CODES[taken]}")
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
