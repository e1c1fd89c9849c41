"""Names of groups, places and people that differ by capitals, blanks or one letter: one, or two?"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from vbhc.cleaning.questions.question import Asked, Question

MOST = 60  # different names: more are no groups but texts
LONG = 5  # letters of a name of which one may be a slip
RARE = 0.1


def near_names(asked: Asked) -> Iterator[Question]:
    """Ask about names in columns whose codes the dictionary does not list."""
    for name, column in asked.source.columns.items():
        free = column.type in ("category", "string") and not column.allowed and name != asked.person
        if not free or name not in asked.source.kept:
            continue
        counts = asked.source.kept[name].value_counts()
        if 1 < len(counts) <= MOST:
            for one, other in pairs(counts):
                yield asked.question("near-names", f"{one!r} and {other!r}: one name", name)


def pairs(counts: pd.Series) -> list[tuple[str, str]]:
    """Return the names that may be one, the more frequent first.

    >>> pairs(pd.Series({"Ward North": 40, "ward north": 3, "Wards North": 1, "Ward 1": 9, "Ward 2": 8}))
    [('Ward North', 'ward north'), ('Ward North', 'Wards North')]
    """
    found: list[tuple[str, str]] = []
    for one, other in combinations(map(str, counts.index), 2):
        if {one, other} & {name for _, name in found}:
            continue  # told beside a more frequent one
        same = _plain(one) == _plain(other)
        rare = counts[other] <= max(1, RARE * counts[one])
        if same or (rare and counts[one] > 1 and _one_slip(one, other)):
            found.append((one, other))
    return found


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]+", "", letters)


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter was changed, left out or added; digits tell names apart."""
    if min(len(one), len(other)) < LONG or abs(len(one) - len(other)) > 1 or re.search(r"\d", one + other):
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    rest = {(one[start + a :], other[start + b :]) for a, b in ((1, 1), (1, 0), (0, 1))}
    swapped = one[start + 2 :] == other[start + 2 :] and sorted(one[start:][:2]) == sorted(other[start:][:2])
    return any(a == b for a, b in rest) or swapped
