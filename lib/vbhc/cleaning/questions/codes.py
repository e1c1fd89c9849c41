"""Numbers that are no measurement: 999 for "not measured" that nobody declared, or a code that is a value."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from vbhc.cleaning.cells import parse_numbers
from vbhc.cleaning.questions.question import Asked, Question, some

DIGITS = ("9", "8", "7", "99", "98", "97", "88", "77", "999", "998", "997", "888", "777", "9999", "8888")
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
    rest = counts.drop(doubtful)
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
        column = asked.source.columns[name]
        codes = parse_numbers(pd.Series(column.missing_codes, dtype="str")).dropna()
        within = (
            codes[(codes > values.min()) & (codes < values.max())] if len(values) >= FEWEST else codes[:0]
        )
        used = asked.source.text[name].str.strip().isin(column.missing_codes).sum()
        if len(within) and used:
            shown = some([f"{code:g}" for code in within])
            found = f"missing code {shown} lies among the values ({used:,} cells): a value in some of them"
            yield asked.question("code-among-values", found, name)
