"""An outsider with paper and pencil: what single tables and figures' data of a published folder give away.

Four kinds of arithmetic that need no solver: scores on a grid of steps, counts that grow from row to row,
groups that do not make the whole, and one group exact here and masked there.
"""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

COUNTS = ("n", "k")
Rows = list[dict[str, str]]


def tables_of(folder: Path) -> dict[str, Rows]:
    """Return every table and every figure's data of a published folder, by name."""
    files = [*(folder / "tables").glob("*.csv"), *(folder / "figures").glob("*.csv")]
    return {path.stem: list(csv.DictReader(path.open(encoding="utf-8"))) for path in sorted(files)}


def count(text: str | None) -> int | None:
    """Return an exact count; None where it is withheld, masked or none."""
    plain = (text or "").replace(",", "")
    return int(float(plain)) if re.fullmatch(r"\d+(\.0+)?", plain) else None


def sizes_that_fit(
    mean: float, sd: float | None, step: float, sizes: Sequence[int], places: int = 2
) -> list[int]:
    """Return the numbers of people of whom scores in whole steps can have this mean and standard deviation.

    Sum and sum of squares of the steps are whole numbers, both odd or both even (Brown and Heathers 2017,
    Soc Psychol Personal Sci 8:363-9; Anaya 2016, PeerJ Preprints 4:e2400v1).
    """
    half = 0.5 * 10.0**-places

    def whole(low: float, high: float) -> range:
        return range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)

    def squares(n: int, total: int) -> range:
        low, high = ((max(sd + end, 0) / step) ** 2 * (n - 1) + total**2 / n for end in (-half, half))
        return whole(low, high)

    def fits(n: int) -> bool:
        totals = whole((mean - half) * n / step, (mean + half) * n / step)
        return any(sd is None or any(q % 2 == total % 2 for q in squares(n, total)) for total in totals)

    return [n for n in sizes if fits(n)]


def grown_by_few(rows: Rows, few: int, line: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield (where, people) of counts that only grow along a line (rows alike in `line`), where by few."""
    lines = defaultdict(list)
    for row in rows:
        lines[tuple(row[name] for name in line)].append(count(row.get("n")))
    for name, counts in lines.items():
        shown = [n for n in counts if n is not None]
        if len(shown) > 2 and all(a <= b for a, b in pairwise(shown)):
            steps = [(a, b) for a, b in pairwise(counts) if a is not None and b is not None]
            yield from ((f"{name}: {a}, {b}", b - a) for a, b in steps if 0 < b - a <= few)


def left_by_groups(rows: Rows, few: int, wholes: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield (where, people) of splits, all groups of which are shown, that leave few people of a whole.

    `wholes` are counts that stand on the same page for all of whom the table tells, by where they stand.
    """
    splits = defaultdict(list)
    for row in rows:
        name = row.get("split") or row.get("label", "").partition(": ")[0]
        splits[name].append(count(row.get("n")))
    for name, counts in splits.items():
        if len(counts) > 1 and None not in counts:
            rest = {where: whole - sum(counts) for where, whole in wholes.items()}
            yield from ((f"{where} - {name}", left) for where, left in rest.items() if 0 < left <= few)


def masked_elsewhere(tables: Mapping[str, Rows]) -> Iterator[str]:
    """Yield groups with an exact count as "split: group" here and a masked one where groups are compared."""
    exact = {}
    for name, rows in tables.items():
        page = name.split("-")[0]
        exact |= {(page, row["label"]): row["n"] for row in rows if count(row.get("n")) and "label" in row}
    for name, rows in tables.items():
        for row in rows:
            for group, shown in _compared(row):
                found = exact.get((name.split("-")[0], f"{row.get('split')}: {group}"))
                if found and shown.startswith(("~", "*")):
                    yield f"{group}: {shown} in {name}, {found} beside it"


def _compared(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """The groups of a row, "one against another" or one alone, each with its count."""
    first, _, second = row.get("group", "").partition(" against ")
    return [(first, row.get("n_first") or row.get("n") or ""), (second, row.get("n_second") or "")]
