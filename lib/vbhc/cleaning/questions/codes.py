"""Numbers that are no measurement: 999 for "not measured" that nobody declared, or a code that is a value."""

from collections.abc import Iterator

import pandas as pd

from vbhc.cleaning.questions.question import Asked, Question, some
from vbhc.study.dictionary import is_number

DIGITS = ("9", "99", "98", "97", "88", "77", "999", "998", "997", "888", "777", "9999", "8888")
CODES = frozenset(
    float(digits) for digits in (*DIGITS, "9998", "7777", "99999", "88888", "999999", "9999999")
)
BELOW = frozenset({-code for code in CODES} | {-1.0})
FEWEST, OTHERS, HEAP = 5, 3, 4


def undeclared_codes(asked: Asked) -> Iterator[Question]:
    """Ask about values such as -9 or 999 that stand apart from all others of their column."""
    for name, values in asked.numbers():
        found = sentinels(values)
        if found:
            shown = some([f"{value:g}" for value in found])
            yield asked.question(
                "undeclared-code", f"{shown} stands apart from all other values: missing", name
            )


def sentinels(values: pd.Series) -> list[float]:
    """Return the values that look like codes: negative where nothing else is, or far above everything else.

    A code also shows by standing at the top more often than any value near it.

    >>> sentinels(pd.Series([1, 2, 3, 5, 4, 2, 9.0])), sentinels(pd.Series([60, 70, 88, 93, 95, 99.0]))
    ([9.0], [])
    """
    counts = values.value_counts()
    doubtful = [value for value in counts.index if value in CODES or value in BELOW]
    if not doubtful:
        return []
    plain = counts.drop(doubtful)
    ends = plain.index.min(), plain.index.max()
    rest = counts.drop([value for value in doubtful if not ends[0] <= value <= ends[1]])
    if len(rest) < OTHERS or rest.sum() < FEWEST:
        return []
    low, high = float(rest.index.min()), float(rest.index.max())
    near = rest[rest.index > high - (high - low) / 5].max()

    def apart(value: float) -> bool:
        if value < low:
            return low >= 0 or value < low - (high - low) / 2
        heap = counts[value] >= max(HEAP, 3 * near)
        return value > high + (high - low) / 2 or (value > high and heap)

    return sorted(value for value in doubtful if apart(value))


def codes_that_are_values(asked: Asked) -> Iterator[Question]:
    """Ask about missing codes that lie among the values that were measured."""
    for name, values in asked.numbers():
        listed = asked.source.columns[name].missing_codes
        codes = [float(code) for code in listed if is_number(code)] if len(values) >= FEWEST else []
        within = [f"{code:g}" for code in codes if values.min() < code < values.max()]
        used = asked.source.text[name].str.strip().isin(listed).sum() if within else 0
        if used:
            found = (
                f"missing code {some(within)} lies among the values ({used:,} cells): a value in some of them"
            )
            yield asked.question("code-among-values", found, name)
